"""A contact as it was recorded, and what we promised to whom by when."""

from datetime import datetime
from itertools import groupby
from operator import itemgetter

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from accounts.access import StaffRequest, open_record, roles
from accounts.models import STAFF, Role
from accounts.working_time import local_day
from intake import actions
from intake.call_back import how_to_reach, how_to_reach_all
from intake.models import Contact, ImportRun
from ledger.templatetags.govuk import clock, day

PAGE = 25
IMPORTS_SHOWN = 200


@roles(*STAFF, methods=("GET",))
def contact(request: StaffRequest, reference: str) -> HttpResponse:
    """Everything that was recorded of one contact."""
    contacts = Contact.objects.visible_to(request.user)
    found = open_record(
        contacts.select_related("resident", "household", "team", "logged_by"), request, reference=reference.upper()
    )
    needs = [row.need for row in found.contact_needs.select_related("need")]
    owed = found.next_step and not found.next_step_done_at
    context = {"contact": found, "needs": needs, "back": how_to_reach(found) if owed else None}
    return render(request, "intake/contact.html", context)


@roles(*STAFF, methods=("GET",))
def promised(request: StaffRequest) -> HttpResponse:
    """Contacts whose next step is not done yet, the soonest promise first."""
    mine = request.GET.get("show") == "mine"
    rows = Contact.objects.visible_to(request.user).filter(next_step_done_at=None, next_step_by__isnull=False)
    if mine:
        rows = rows.filter(logged_by=request.user)
    rows = _after(rows, request).select_related("resident", "logged_by").order_by("next_step_by", "id")
    found = list(rows[: PAGE + 1])
    last, show = found[PAGE - 1] if len(found) > PAGE else None, "mine" if mine else "all"
    now, back = timezone.now(), how_to_reach_all(found[:PAGE])
    shown = [
        {"contact": one, "when": _when(one.next_step_by, now), "group": _group(one, now), "back": back[one.pk]}
        for one in found[:PAGE]
    ]
    context = {
        "groups": [{"title": title, "rows": list(some)} for title, some in groupby(shown, itemgetter("group"))],
        "mine": mine,
        "tabs": [
            {"text": "Everybody’s", "href": "?show=all", "active": not mine},
            {"text": "Mine", "href": "?show=mine", "active": mine},
        ],
        "older": f"?show={show}&after={last.next_step_by.isoformat().replace('+', '%2B')}_{last.pk}" if last else "",
        "newer": f"?show={show}" if "after" in request.GET else "",
    }
    return render(request, "intake/promised.html", context)


@roles(*STAFF, methods=("POST",))
def keep_promise(request: StaffRequest, reference: str) -> HttpResponse:
    """What we promised is done."""
    found = open_record(Contact.objects.visible_to(request.user), request, reference=reference.upper())
    try:
        actions.keep_promise(found, by=request.user, at=timezone.now())
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, f"Done: what we promised on {found.reference}.")
    return redirect("intake:contact", reference=found.reference)


@roles(Role.ADMINISTRATOR, methods=("GET",))
def imports(request: StaffRequest) -> HttpResponse:
    """Files of other systems that were taken in or refused, the last one first. Counts only, nobody's name."""
    return render(request, "intake/import_list.html", {"runs": ImportRun.objects.all()[:IMPORTS_SHOWN]})


def _group(contact: Contact, now: datetime) -> str:
    """Under which heading a promise stands."""
    if contact.next_step_by < now:
        return "Late"
    days = (local_day(contact.next_step_by) - local_day(now)).days
    return {0: "Today", 1: "Tomorrow"}.get(days, "Later")


def _when(at: datetime, now: datetime) -> str:
    """Today by 5pm, tomorrow by 10am, 23 November by 4:03pm."""
    days = (local_day(at) - local_day(now)).days
    near = {-1: "Yesterday", 0: "Today", 1: "Tomorrow"}.get(days)
    return f"{near or day(at)} by {clock(at)}"


def _after(rows, request: StaffRequest):  # type: ignore[no-untyped-def]
    """The rows after the last one of the page before; nonsense in the address gives the first page."""
    due, _, pk = request.GET.get("after", "").rpartition("_")
    try:
        moment = parse_datetime(due) if due else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None or not pk.isdigit() or len(pk) > 18:
        return rows
    return rows.filter(Q(next_step_by__gt=moment) | Q(next_step_by=moment, pk__gt=int(pk)))
