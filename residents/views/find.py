"""The search box. What is typed is posted, so that names reach no address, no history and no log."""

from django.http import HttpResponse
from django.shortcuts import render

from accounts.access import StaffRequest, roles
from accounts.models import Role
from residents import search
from residents.filters import FEWEST_LETTERS, FindForm
from residents.identity import row_of
from residents.views.parts import PEOPLE, posted

SUGGESTED = 6


@roles(*PEOPLE)
def find_resident(request: StaffRequest) -> HttpResponse:
    """Find a person, or begin their record with what was typed. Works by Enter."""
    form = FindForm(posted(request))
    searched = form.is_valid()
    seen = search.look(form.cleaned_data["words"], by=request.user) if searched else search.Search()
    context = {
        "form": form,
        "searched": searched,
        "results": [row_of(one) for one in seen.found],
        "restricted": seen.restricted,
        "ask_more": seen.ask_more,
        "most": search.MOST_SHOWN,
        "files": request.user.role == Role.MANAGER,
    }
    return render(request, "residents/resident_find.html", context)


@roles(*PEOPLE, methods=("POST",))
def suggest_residents(request: StaffRequest) -> HttpResponse:
    """The first who fit while somebody types: a part of the page, posted like the search itself, so that no address holds a name."""
    form = FindForm(request.POST)
    words = form.cleaned_data["words"] if form.is_valid() else ""
    long_enough = len(words.strip()) >= FEWEST_LETTERS
    seen = search.look(words, by=request.user, most=SUGGESTED) if long_enough else search.Search()
    rows = [row_of(one) for one in seen.found]
    context = {"results": rows, "restricted": seen.restricted, "ask_more": seen.ask_more, "looked": long_enough}
    return render(request, "residents/_suggestions.html", context)
