"""Phones and e-mail addresses: adding, saying what is safe, ending."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render

from accounts.access import StaffRequest, roles
from ledger.versions import StaleVersion
from residents import actions
from residents.forms import EmailForm, PhoneForm
from residents.models import EmailAddress, Phone, Resident, kept_back
from residents.views.parts import PEOPLE, one_of, posted, refuse, resident_of, stale

SAFE = ("safe_to_call", "safe_to_text", "safe_to_leave_message", "note")


def _page(request: StaffRequest, resident: Resident, form: Any, heading: str, **more: Any) -> HttpResponse:
    context = {"resident": resident, "form": form, "heading": heading, **more}
    return render(request, "residents/resident_contact_point.html", context)


def _phones(resident: Resident) -> QuerySet[Phone]:
    return resident.phones.exclude(pk__in=kept_back("phone", [resident.pk]))


def _emails(resident: Resident) -> QuerySet[EmailAddress]:
    return resident.emails.exclude(pk__in=kept_back("email", [resident.pk]))


@roles(*PEOPLE)
def add_phone(request: StaffRequest, reference: str) -> HttpResponse:
    """Add a phone number, with what is safe to do with it."""
    resident = resident_of(request, reference)
    form = PhoneForm(posted(request))
    if form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("number", *SAFE)}
        try:
            actions.add_phone(resident, **given, by=request.user)
        except ValidationError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, "Phone number added.")
            return redirect("residents:resident", reference)
    return _page(request, resident, form, "Add a phone number")


@roles(*PEOPLE)
def change_phone(request: StaffRequest, reference: str, number: int) -> HttpResponse:
    """Say anew what is safe with a number; a stale form shows both texts."""
    resident = resident_of(request, reference)
    phone = one_of(_phones(resident).filter(until=None), number)
    now = {name: getattr(phone, name) for name in SAFE} | {"seen": resident.version}
    form = PhoneForm(posted(request), initial=now, changing=True)
    both: list[dict[str, str]] = []
    if form.is_valid():
        given = dict(form.cleaned_data)
        try:
            actions.change_phone(phone, seen=given.pop("seen") or 0, **given, by=request.user)
        except StaleVersion as refusal:
            form, both = stale(form, refusal, now, resident.version, changing=True)
        except ValidationError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, "Changed what is safe with this number.")
            return redirect("residents:resident", reference)
    return _page(request, resident, form, "Change what is safe with a phone number", phone=phone, both=both)


@roles(*PEOPLE)
def end_phone(request: StaffRequest, reference: str, number: int) -> HttpResponse:
    """Say that a number is theirs no longer, after a page that asks."""
    resident = resident_of(request, reference)
    phone = one_of(_phones(resident), number)
    return _end(request, resident, "phone", phone)


@roles(*PEOPLE)
def add_email(request: StaffRequest, reference: str) -> HttpResponse:
    """Add an e-mail address, and whether it is safe to write to."""
    resident = resident_of(request, reference)
    form = EmailForm(posted(request))
    if form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("address", "safe_to_write", "note")}
        try:
            actions.add_email(resident, **given, by=request.user)
        except ValidationError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, "Email address added.")
            return redirect("residents:resident", reference)
    return _page(request, resident, form, "Add an email address")


@roles(*PEOPLE)
def change_email(request: StaffRequest, reference: str, number: int) -> HttpResponse:
    """Say anew whether it is safe to write; a stale form shows both texts."""
    resident = resident_of(request, reference)
    email = one_of(_emails(resident).filter(until=None), number)
    now = {"safe_to_write": email.safe_to_write, "note": email.note, "seen": resident.version}
    form = EmailForm(posted(request), initial=now, changing=True)
    both: list[dict[str, str]] = []
    if form.is_valid():
        given = dict(form.cleaned_data)
        try:
            actions.change_email(email, seen=given.pop("seen") or 0, **given, by=request.user)
        except StaleVersion as refusal:
            form, both = stale(form, refusal, now, resident.version, changing=True)
        except ValidationError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, "Changed what is safe with this email address.")
            return redirect("residents:resident", reference)
    return _page(request, resident, form, "Change what is safe with an email address", email=email, both=both)


@roles(*PEOPLE)
def end_email(request: StaffRequest, reference: str, number: int) -> HttpResponse:
    """Say that an address is theirs no longer, after a page that asks."""
    resident = resident_of(request, reference)
    email = one_of(_emails(resident), number)
    return _end(request, resident, "email", email)


def _end(request: StaffRequest, resident: Resident, kind: str, row: Phone | EmailAddress) -> HttpResponse:
    if request.method == "POST":
        try:
            actions.end_phone(row, by=request.user) if isinstance(row, Phone) else actions.end_email(
                row, by=request.user
            )
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        else:
            messages.success(request, "Ended. It is kept as a former one.")
        return redirect("residents:resident", resident.reference)
    return render(request, "residents/resident_end_contact_point.html", {"resident": resident, kind: row})
