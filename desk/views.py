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
    Role.MANAGER: ("cases:awaiting", "Choose leads"),
    Role.PARTNER: ("referrals:inbox", "Open the inbox"),
    Role.GOVERNANCE: ("accounts:trail", "Look into the trail"),
    Role.ADMINISTRATOR: ("accounts:add_user", "Add a person"),
}
ON_HOME = 8


@roles(*Role, methods=("GET",))
def start(request: StaffRequest) -> HttpResponse:
    """The day's work: one clear first step, what cannot wait, what was begun. Runs at most twelve queries."""
    now, user = timezone.now(), request.user
    page, words = FIRST[Role(user.role)]
    items = work.work_for(user, now, briefly=True)
    rows = [row for group in work.by_day(items, now) for row in group["rows"]]
    context = {
        "first": {"page": page, "words": words},
        "tiles": home.tiles_for(user, now, items),
        "drafts": home.unfinished(user, now),
        "rows": rows[:ON_HOME],
        "more": len(rows) > ON_HOME,
        "finds": user.role in work.WORKS_WITH_RESIDENTS,
    }
    return render(request, "desk/home.html", context)


@roles(Role.FRONT_DOOR, Role.CASEWORKER, Role.MANAGER, methods=("GET",))
def my_work(request: StaffRequest) -> HttpResponse:
    """What I must do, in order, from the facts themselves; or all of one kind. Runs at most twelve queries."""
    now = timezone.now()
    found = work.work_for(request.user, now)
    kind = request.GET.get("show", "")
    if kind in work.KINDS:
        items = work.of_kind(found, kind)
        context = {"kind": work.KINDS[kind].many.capitalize(), "more": len(items) > work.A_PAGE}
        return render(request, "desk/work_kind.html", {**context, "rows": work.in_words(items[: work.A_PAGE], now)})
    context = {"groups": work.by_day(found, now), "much": work.how_much(found)}
    return render(request, "desk/work.html", context)
