"""Where someone lives: moving, no fixed abode, care of someone."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render

from accounts.access import StaffRequest, roles
from residents import actions
from residents.forms import CareOfForm, HomeForm, NoFixedAbodeForm
from residents.identity import said_place, works_with
from residents.views.parts import PEOPLE, posted, refuse, resident_of


def _record(
    request: StaffRequest, reference: str, form: forms.Form, act: Callable[..., Any], page: str
) -> HttpResponse:
    """One page for the three kinds: the form, and where they have lived so far."""
    resident = resident_of(request, reference)
    if form.is_valid():
        try:
            act(resident, **form.cleaned_data, by=request.user)
        except ValidationError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, "Address changed.")
            return redirect("residents:resident", reference)
    rows = list(resident.addresses.select_related("address__ward"))
    knows = any(row.confidential for row in rows) and works_with(
        request.user, resident, list(resident.involvements.filter(until=None))
    )
    places = [{"said": said_place(row, open_to_reader=knows), "row": row} for row in rows]
    return render(
        request, "residents/resident_address.html", {"resident": resident, "form": form, "places": places, "page": page}
    )


@roles(*PEOPLE)
def move(request: StaffRequest, reference: str) -> HttpResponse:
    """Record a new home; the former one ends."""
    return _record(request, reference, HomeForm(posted(request)), actions.move_to, "home")


@roles(*PEOPLE)
def no_fixed_abode(request: StaffRequest, reference: str) -> HttpResponse:
    """Record that someone has no fixed abode."""
    return _record(request, reference, NoFixedAbodeForm(posted(request)), actions.record_no_fixed_abode, "nfa")


@roles(*PEOPLE)
def care_of(request: StaffRequest, reference: str) -> HttpResponse:
    """Record where someone can be reached without living there."""
    return _record(request, reference, CareOfForm(posted(request)), actions.record_care_of, "care_of")
