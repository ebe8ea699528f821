"""Where someone lives: moving, no fixed abode, care of someone, putting right, ending, and who else is known there."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from accounts.access import StaffRequest, roles
from ledger import trail
from ledger.versions import StaleVersion
from residents import actions
from residents.identity import said_place, works_with
from residents.models import Address, Resident, ResidentAddress, behind_the_wall, kept_back
from residents.place_forms import CareOfForm, CorrectForm, EndForm, HomeForm, NoFixedAbodeForm, PlaceForm
from residents.places import addresses_at
from residents.views.parts import PEOPLE, one_of, posted, refuse, resident_of, stale

A_PAGE = 25
NOT_ANSWERED = "The address look-up does not answer just now. Enter the house number and street."
NOT_ALL = "The address look-up does not answer just now, so these are only the addresses on our own records. Type yours if it is not here"
NOT_KNOWN = "No address of this postcode is known. Enter the house number and street."


def _record(
    request: StaffRequest, reference: str, build: type[forms.Form], act: Callable[..., Any], page: str
) -> HttpResponse:
    """One page for the three kinds: the form, and where they have lived so far."""
    resident = resident_of(request, reference)
    form, choosing = build(posted(request)), False
    if isinstance(form, PlaceForm) and request.method == "POST":
        form, choosing = _with_addresses(request, form)
    if not choosing and form.is_valid():
        try:
            act(resident, **form.cleaned_data, by=request.user)
        except ValidationError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, "Address changed.")
            return redirect("residents:resident", reference)
    context = {"resident": resident, "form": form, "places": _so_far(request, resident), "page": page}
    return render(request, "residents/resident_address.html", context)


def _with_addresses(request: StaffRequest, form: PlaceForm) -> tuple[PlaceForm, bool]:
    """The form with the addresses of its postcode, and whether they are now to choose from: none is typed or chosen yet."""
    if not form.wants_the_list() or not (postcode := form.asked_postcode()):
        return form, False
    found, answered = addresses_at(postcode, by=request.user)
    again = type(form)(request.POST, found=found)
    again.full_clean()
    again.errors.clear()  # a question was asked; nothing is wrong yet
    if not found:
        again.add_error("lines", NOT_KNOWN if answered else NOT_ANSWERED)
    elif not answered:
        again.say_what_is_missing(NOT_ALL)
    return again, bool(found)


def _so_far(request: StaffRequest, resident: Resident) -> list[dict[str, Any]]:
    """Where they live and lived, each with its row; a confidential one in full only for those who have reason to know it."""
    rows = list(resident.addresses.select_related("address__ward"))
    knows = any(row.confidential for row in rows) and _knows(request, resident)
    shown = set(resident.addresses.exclude(pk__in=kept_back("place", [resident.pk])).values_list("pk", flat=True))
    return [
        {
            "row": row,
            "said": said_place(row, open_to_reader=knows, kept_back=row.pk not in shown),
            "hidden": row.pk not in shown or (row.confidential and not knows),
        }
        for row in rows
    ]


def _knows(request: StaffRequest, resident: Resident) -> bool:
    return works_with(request.user, resident, list(resident.involvements.filter(until=None)))


def _place(request: StaffRequest, resident: Resident, number: int) -> ResidentAddress:
    """One address of the resident that the reader may know, or 404."""
    rows = resident.addresses.exclude(pk__in=kept_back("place", [resident.pk]))
    row: ResidentAddress = one_of(rows.select_related("address__ward", "resident"), number)
    if row.confidential and not _knows(request, resident):
        raise Http404
    return row


@roles(*PEOPLE)
def move(request: StaffRequest, reference: str) -> HttpResponse:
    """Record a new home; the former one ends."""
    return _record(request, reference, HomeForm, actions.move_to, "home")


@roles(*PEOPLE)
def no_fixed_abode(request: StaffRequest, reference: str) -> HttpResponse:
    """Record that someone has no fixed abode."""
    return _record(request, reference, NoFixedAbodeForm, actions.record_no_fixed_abode, "nfa")


@roles(*PEOPLE)
def care_of(request: StaffRequest, reference: str) -> HttpResponse:
    """Record where someone can be reached without living there."""
    return _record(request, reference, CareOfForm, actions.record_care_of, "care_of")


@roles(*PEOPLE)
def correct(request: StaffRequest, reference: str, number: int) -> HttpResponse:
    """Put right what was written of an address; a stale form shows both texts."""
    resident = resident_of(request, reference)
    row = _place(request, resident, number)
    now = CorrectForm.of(row)
    form, both = CorrectForm(posted(request), initial=now, row=row), []
    if form.is_valid():
        given = dict(form.cleaned_data)
        try:
            actions.correct_address(row, seen=given.pop("seen") or 0, **given, by=request.user)
        except StaleVersion as refusal:
            form, both = stale(form, refusal, now, resident.version, row=row)
        except ValidationError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, "Address corrected.")
            return redirect("residents:address", reference)
    context = {"resident": resident, "form": form, "both": both, "heading": "Correct an address"}
    return render(request, "residents/resident_place.html", context)


@roles(*PEOPLE)
def end(request: StaffRequest, reference: str, number: int) -> HttpResponse:
    """Say that someone lives there no longer, where nothing new is known."""
    resident = resident_of(request, reference)
    row = _place(request, resident, number)
    form = EndForm(posted(request))
    if form.is_valid():
        try:
            actions.end_address(row, on=form.cleaned_data["on"], by=request.user)
        except ValidationError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, "Address ended. It stays among the former ones.")
            return redirect("residents:resident", reference)
    said = said_place(row, open_to_reader=True)
    context = {"resident": resident, "form": form, "said": said, "heading": "They live there no longer"}
    return render(request, "residents/resident_place.html", context)


@roles(*PEOPLE, methods=("GET",))
def others(request: StaffRequest, reference: str, number: int) -> HttpResponse:
    """Everyone known at an address, with dates; who is hidden, lives there in confidence or is behind the wall is not in the question."""
    resident = resident_of(request, reference)
    row = _place(request, resident, number)
    if row.address is None:
        raise Http404
    found = list(_after(_everyone(request, resident, row.address), request)[: A_PAGE + 1])
    more, shown = len(found) > A_PAGE, found[:A_PAGE]
    people = {resident.reference, *(one.resident.reference for one in shown)}
    trail.record("open_address", row, by=request.user, about=sorted(people))
    context = {
        "resident": resident,
        "row": row,
        "said": said_place(row, open_to_reader=True),
        "people": shown,
        "older": f"?after={shown[-1].since.toordinal()}-{shown[-1].pk}" if more else "",
        "newest": "?" if "after" in request.GET else "",
    }
    return render(request, "residents/resident_others.html", context)


def _everyone(request: StaffRequest, resident: Resident, place: Address) -> QuerySet[ResidentAddress]:
    """Who lives, lived or takes post there: the same place, or another writing of it with the same UPRN."""
    same = Q(address=place)
    if place.uprn:
        same |= Q(address__in=Address.objects.visible_to(request.user).filter(uprn=place.uprn).values("pk"))
    rows = ResidentAddress.objects.visible_to(request.user).filter(same, confidential=False)
    rows = rows.exclude(resident__in=behind_the_wall(resident.pk))
    return rows.select_related("resident").order_by("-since", "-pk")


def _after(rows: QuerySet[ResidentAddress], request: StaffRequest) -> QuerySet[ResidentAddress]:
    """The rows after the last one of the page before; nonsense in the address gives the first page."""
    day, _, key = request.GET.get("after", "").partition("-")
    if not (
        day.isdecimal() and key.isdecimal() and len(day) < 8 and 0 < int(day) <= date.max.toordinal() and len(key) < 19
    ):
        return rows
    since = date.fromordinal(int(day[:8]))
    return rows.filter(Q(since__lt=since) | Q(since=since, pk__lt=int(key)))
