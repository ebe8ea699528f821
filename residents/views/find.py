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

SUGGESTED, FEWEST_LETTERS = 6, 3


@roles(*PEOPLE)
def find_resident(request: StaffRequest) -> HttpResponse:
    """Find a person, or begin their record with what was typed. Works by Enter."""
    form = FindForm(posted(request))
    searched = form.is_valid()
    seen = search.look(form.cleaned_data["words"], by=request.user) if searched else search.Search()
    context = {
        "form": form,
        "searched": searched,
        "results": [as_row(one) for one in seen.found],
        "restricted": seen.restricted,
        "ask_more": seen.ask_more,
        "most": search.MOST_SHOWN,
    }
    return render(request, "residents/resident_find.html", context)


@roles(*PEOPLE, methods=("POST",))
def suggest_residents(request: StaffRequest) -> HttpResponse:
    """The first who fit while somebody types: a part of the page, posted like the search itself, so that no address holds a name."""
    form = FindForm(request.POST)
    words = form.cleaned_data["words"] if form.is_valid() else ""
    long_enough = len(words.strip()) >= FEWEST_LETTERS
    seen = search.look(words, by=request.user, most=SUGGESTED) if long_enough else search.Search()
    rows = [as_row(one) for one in seen.found]
    context = {"results": rows, "restricted": seen.restricted, "ask_more": seen.ask_more, "looked": long_enough}
    return render(request, "residents/_suggestions.html", context)


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
