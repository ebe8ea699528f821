"""Warnings, and restricted records: a manager's pages, but for reading the warnings."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.access import StaffRequest, roles
from accounts.models import Role, User
from ledger.drafts import typed_before
from ledger.versions import StaleVersion
from residents import actions
from residents.forms import GrantForm, RestrictForm, WarningForm
from residents.models import Resident
from residents.views.parts import PEOPLE, one_of, posted, refuse, resident_of, stale


@roles(*PEOPLE, methods=("GET",))
def warnings(request: StaffRequest, reference: str) -> HttpResponse:
    """Every warning about someone, those that have ended too."""
    resident = resident_of(request, reference)
    rows = resident.warnings.select_related("added_by")
    manages = request.user.role == Role.MANAGER
    return render(
        request, "residents/resident_warnings.html", {"resident": resident, "warnings": rows, "manages": manages}
    )


@roles(Role.MANAGER)
def add_warning(request: StaffRequest, reference: str) -> HttpResponse:
    """Put a warning at the top of every page about someone."""
    resident = resident_of(request, reference)
    draft = f"warning/{reference}"
    form = WarningForm(request.POST) if request.method == "POST" else typed_before(WarningForm, draft, by=request.user)
    form = form or WarningForm()
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("kind", "text", "review_on")}
        try:
            actions.add_warning(resident, **given, by=request.user, at=timezone.now())
        except ValidationError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, "Warning added. It stands at the top of every page about this person.")
            return redirect("residents:warnings", reference)
    context = {"resident": resident, "form": form, "draft": draft, "heading": "Add a warning"}
    return render(request, "residents/resident_warning.html", context)


@roles(Role.MANAGER)
def review_warning(request: StaffRequest, reference: str, number: int) -> HttpResponse:
    """Keep a warning, with its words and its next review as they are now; a stale form shows both texts."""
    resident = resident_of(request, reference)
    warning = one_of(resident.warnings.filter(ended_on=None), number)
    now = {"text": warning.text, "review_on": warning.review_on, "seen": warning.version}
    first = {"text": warning.text, "seen": warning.version}
    form, both = WarningForm(posted(request), initial=first, changing=True), []
    if form.is_valid():
        given = dict(form.cleaned_data)
        try:
            actions.review_warning(warning, seen=given.pop("seen") or 0, **given, by=request.user, at=timezone.now())
        except StaleVersion as refusal:
            form, both = stale(form, refusal, now, warning.version, changing=True)
        except ValidationError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, "Warning reviewed.")
            return redirect("residents:warnings", reference)
    context = {"resident": resident, "form": form, "warning": warning, "both": both, "heading": "Review a warning"}
    return render(request, "residents/resident_warning.html", context)


@roles(Role.MANAGER)
def end_warning(request: StaffRequest, reference: str, number: int) -> HttpResponse:
    """Take a warning away, after a page that asks."""
    resident = resident_of(request, reference)
    warning = one_of(resident.warnings.filter(ended_on=None), number)
    if request.method == "POST":
        seen = int(version) if (version := request.POST.get("version", "")).isdecimal() else 0
        try:
            actions.end_warning(warning, seen=seen, by=request.user, at=timezone.now())
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        else:
            messages.success(request, "Warning ended.")
        return redirect("residents:warnings", reference)
    return render(request, "residents/resident_end_warning.html", {"resident": resident, "warning": warning})


@roles(Role.MANAGER)
def restriction(request: StaffRequest, reference: str) -> HttpResponse:
    """Restrict a record, or see and add to who may open it."""
    resident = resident_of(request, reference)
    if resident.restricted:
        return _named(request, resident)
    working = User.objects.filter(involvements__resident=resident, involvements__until=None)
    form = RestrictForm(posted(request), without=request.user, initial={"named": working})
    if form.is_valid():
        try:
            actions.restrict_resident(resident, **form.cleaned_data, by=request.user, at=timezone.now())
        except ValidationError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, "Record restricted. Only the people named below may open it.")
            return redirect("residents:restriction", reference)
    return render(request, "residents/resident_restrict.html", {"resident": resident, "form": form})


def _named(request: StaffRequest, resident: Resident) -> HttpResponse:
    """Who may open a restricted record, and a form to name one more."""
    form = GrantForm(posted(request))
    if form.is_valid():
        try:
            actions.grant_access(resident, **form.cleaned_data, by=request.user, at=timezone.now())
        except ValidationError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, "They may open this record now.")
            return redirect("residents:restriction", resident.reference)
    grants = resident.access_grants.live().select_related("user", "granted_by").order_by("user__name")
    return render(request, "residents/resident_named.html", {"resident": resident, "form": form, "grants": grants})


@roles(Role.MANAGER)
def lift_restriction(request: StaffRequest, reference: str) -> HttpResponse:
    """Open the record again to all staff, after a page that asks."""
    resident = resident_of(request, reference)
    if request.method == "POST":
        try:
            actions.lift_restriction(resident, by=request.user, at=timezone.now())
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        else:
            messages.success(request, "Restriction lifted: all staff may open this record.")
        return redirect("residents:resident", reference)
    return render(request, "residents/resident_lift.html", {"resident": resident})


@roles(Role.MANAGER)
def end_access(request: StaffRequest, reference: str, number: int) -> HttpResponse:
    """End one person's access, after a page that asks."""
    resident = resident_of(request, reference)
    grant = one_of(resident.access_grants.live().select_related("user"), number)
    if request.method == "POST":
        try:
            actions.end_access(grant, by=request.user, at=timezone.now())
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        else:
            messages.success(request, "Their access has ended.")
        if grant.user_id == request.user.pk:
            return redirect("residents:find")
        return redirect("residents:restriction", reference)
    return render(request, "residents/resident_end_access.html", {"resident": resident, "grant": grant})
