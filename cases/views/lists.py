"""The list of cases, of a person or a team."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from accounts.access import StaffRequest, roles
from accounts.models import Role, User
from accounts.working_time import local_day
from cases.forms.cases import CaseFilterForm
from cases.models import Case, PlanAction
from cases.views.frame import TIER_COLOURS, WORKERS
from cases.work_due import AHEAD, SILENT_DAYS, with_facts
from ledger.said import said_ago, said_day, said_due, said_span
from triage.tiers import Tier

PAGE = 25


@roles(*WORKERS, methods=("GET",))
def cases(request: StaffRequest) -> HttpResponse:
    """My cases, or my teams', soonest review first. Runs one query for the list."""
    form = CaseFilterForm(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    rows = list(_after(_filtered(request.user, chosen), request.GET.get("after", ""))[: PAGE + 1])
    today, whose = timezone.localdate(), _whose(request.user, chosen)
    asked = {"whose": whose, "status": "open", "tier": "", **request.GET.dict()}
    query = urlencode({"list": request.GET.urlencode()}) if request.GET else ""
    context = {
        "filters": CaseFilterForm(initial=asked),
        "tabs": [
            {"text": text, "href": _link(request, whose=key), "active": key == whose}
            for key, text in form.fields["whose"].choices
        ],
        "whose": whose,
        "rows": [_row(case, today) for case in rows[:PAGE]],
        "came": f"?{query}" if query else "",
        "older": _link(request, rows[PAGE - 1]) if len(rows) > PAGE else "",
        "newer": _link(request) if request.GET.get("after") else "",
        "chosen": [one for one in _chosen(request, form) if one["heading"] != "Whose cases"],
    }
    return render(request, "cases/case_list.html", context)


def _whose(user: User, chosen: dict[str, Any]) -> str:
    return chosen.get("whose") or ("team" if user.role == Role.MANAGER else "mine")


def _filtered(user: User, chosen: dict[str, Any]) -> QuerySet[Case]:
    found = Case.objects.visible_to(user).filter(status=chosen.get("status") or Case.Status.OPEN)
    whose = _whose(user, chosen)
    if whose == "mine":
        found = found.filter(lead=user)
    elif whose == "team":
        found = found.filter(Q(team__in=user.teams.values("pk")))
    if chosen.get("tier"):
        found = found.filter(tier=chosen["tier"])
    if chosen.get("lead"):
        found = found.filter(lead__reference=chosen["lead"])
    if chosen.get("late"):
        found = found.filter(review_due_on__lt=timezone.localdate())
    late = PlanAction.objects.filter(
        case=OuterRef("pk"), status=PlanAction.Status.OPEN, due_on__lt=timezone.localdate()
    )
    return with_facts(found).annotate(late_action=Exists(late)).order_by("review_due_on", "pk")


def _after(found: QuerySet[Case], cursor: str) -> QuerySet[Case]:
    """The page after a case: its review day and number. A cursor that is none begins at the beginning."""
    day, _, number = cursor.partition("_")
    try:
        on, pk = date.fromisoformat(day), int(number)
    except ValueError:
        return found
    if pk > 2**63 - 1:
        return found
    return found.filter(Q(review_due_on__gt=on) | Q(review_due_on=on, pk__gt=pk))


def _row(case: Case, today: date) -> dict[str, Any]:
    open_ = case.can("close")
    return {
        "case": case,
        "called": case.called or "Restricted household",
        "colour": TIER_COLOURS.get(Tier(case.tier), "grey"),
        "when": said_due(case.review_due_on, today)
        if open_
        else f"Closed {said_day(local_day(case.closed_at), today)}",
        "late": open_ and case.review_due_on < today,
        "next": _next(case, today) if open_ else _after_closing(case, today),
        "news": open_ and _is_news(case),
    }


def _is_news(case: Case) -> bool:
    return bool(case.contact_at and case.contact_at > (case.last_note_at or case.opened_at))


def _next(case: Case, today: date) -> str:
    """What the case asks for first, in a few words."""
    silent = (today - local_day(case.last_note_at or case.opened_at)).days
    if _is_news(case):
        return f"New contact {said_ago(local_day(case.contact_at), today)}: read it"
    if case.review_due_on < today:
        return "Hold the review"
    if case.late_action:
        return "An action on the plan is overdue"
    if silent >= SILENT_DAYS:
        return f"Write a note: nothing for {said_span(silent)}"
    if case.last_note_at is None:
        return "Write the first note"
    if (case.review_due_on - today).days <= AHEAD.days:
        return "Prepare the review"
    return f"Last note {said_ago(local_day(case.last_note_at), today)}"


def _after_closing(case: Case, today: date) -> str:
    if case.checked_at:
        return {True: "Checked: it has lasted", False: "Checked: it has not lasted"}.get(
            case.sustained, "Checked: they could not be reached"
        )
    if case.check_on is None:
        return "No check is needed"
    words = said_due(case.check_on, today)
    return f"Check after closing: {words[:1].lower()}{words[1:]}"


def _link(request: StaffRequest, last: Case | None = None, *, without: str = "", whose: str = "") -> str:
    query = request.GET.copy()
    for name in ("after", without):
        query.pop(name, None)
    if whose:
        query["whose"] = whose
    if last:
        query["after"] = f"{last.review_due_on.isoformat()}_{last.pk}"
    return f"{reverse('cases:cases')}?{query.urlencode()}" if query else reverse("cases:cases")


def _chosen(request: StaffRequest, form: CaseFilterForm) -> list[dict[str, Any]]:
    groups = []
    for name, field in form.fields.items():
        value = form.cleaned_data.get(name) if form.is_valid() else None
        if value:
            choices = dict(getattr(field, "choices", []))
            text = choices.get(value, "One colleague’s" if name == "lead" else "Review overdue")
            groups.append({"heading": field.label, "items": [{"text": text, "href": _link(request, without=name)}]})
    return groups
