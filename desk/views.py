"""The home page of each role, and my work."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.access import StaffRequest, roles
from accounts.models import Role
from desk import home, work

FIRST = {
    Role.FRONT_DOOR: ("triage:log", "Log a contact"),
    Role.CASEWORKER: ("triage:log", "Log a contact"),
    Role.MANAGER: ("cases:awaiting", "Allocate work"),
    Role.PARTNER: ("referrals:inbox", "Open the inbox"),
    Role.GOVERNANCE: ("accounts:trail", "Look into the trail"),
    Role.ADMINISTRATOR: ("accounts:add_user", "Add a person"),
}


@roles(*Role, methods=("GET",))
def start(request: StaffRequest) -> HttpResponse:
    """The day's work: one clear first step, what cannot wait, what was begun. Runs about ten queries."""
    now = timezone.now()
    user = request.user
    page, words = FIRST[Role(user.role)]
    context = {
        "first": {"page": page, "words": words},
        "tiles": home.tiles_for(user, now),
        "drafts": home.unfinished(user, now),
        "items": work.in_words(work.work_for(user, now)[:8], now),
        "finds": user.role in work.WORKS_WITH_RESIDENTS,
    }
    return render(request, "desk/home.html", context)


@roles(Role.FRONT_DOOR, Role.CASEWORKER, Role.MANAGER, methods=("GET",))
def my_work(request: StaffRequest) -> HttpResponse:
    """What I must do, in order, from the facts themselves. Runs about ten queries."""
    now = timezone.now()
    found = work.work_for(request.user, now)
    return render(request, "desk/work.html", {"groups": work.by_day(found, now), "count": len(found)})
