"""The search box. What is typed is posted, so that names reach no address, no history and no log."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.access import StaffRequest, roles
from residents import search
from residents.filters import FindForm
from residents.identity import said_age, said_birth, said_place
from residents.matching import Found, home_of
from residents.views.parts import PEOPLE, posted


@roles(*PEOPLE)
def find_resident(request: StaffRequest) -> HttpResponse:
    """Find a person, or begin their record with what was typed. Works by Enter."""
    form = FindForm(posted(request))
    results, searched = [], form.is_valid()
    if searched:
        results = [as_row(one) for one in search.find(form.cleaned_data["words"], by=request.user)]
    return render(
        request,
        "residents/resident_find.html",
        {"form": form, "results": results, "searched": searched, "most": search.MOST_SHOWN},
    )


def as_row(found: Found) -> dict[str, Any]:
    """One result as the page shows it. A confidential address is never shown in a list."""
    resident, today = found.resident, timezone.localdate()
    home = home_of(resident)
    place = home.address if home and home.address and not home.confidential else None
    return {
        "resident": resident,
        "born": said_birth(resident),
        "age": said_age(resident, today),
        "place": said_place(home),
        "ward": place.ward.name if place and place.ward else "",
        "others": max(found.household_size - 1, 0),
        "why": found.why,
    }
