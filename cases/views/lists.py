"""Lists: the cases of a person or a team, and the decisions that wait for a lead."""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.access import StaffRequest, open_record, roles
from accounts.models import Role, User
from cases import actions
from cases.actions.cases import open_case_of
from cases.forms.cases import CaseFilterForm, LeadForm, colleagues
from cases.models import Case
from cases.views.frame import TIER_COLOURS, WORKERS, done, sent
from cases.work_due import ALLOCATE_DAYS, awaiting_allocation, with_facts
from residents.chronology import members_of
from triage.tiers import Tier

PAGE = 25
AT_ONCE = 25


@roles(*WORKERS, methods=("GET",))
def cases(request: StaffRequest) -> HttpResponse:
    """My cases, or my teams', soonest review first. Runs one query for the list."""
    form = CaseFilterForm(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    rows = list(_after(_filtered(request.user, chosen), request.GET.get("after", ""))[: PAGE + 1])
    today = timezone.localdate()
    context = {
        "filters": CaseFilterForm(
            initial={"whose": _whose(request.user, chosen), "status": "open", "tier": "", **request.GET.dict()}
        ),
        "rows": [_row(case, today) for case in rows[:PAGE]],
        "older": _link(request, rows[PAGE - 1]) if len(rows) > PAGE else "",
        "newer": _link(request) if request.GET.get("after") else "",
        "chosen": _chosen(request, form),
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
    if chosen.get("late"):
        found = found.filter(review_due_on__lt=timezone.localdate())
    return with_facts(found).order_by("review_due_on", "pk")


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
    silent = (today - timezone.localtime(case.last_note_at or case.opened_at).date()).days
    return {
        "case": case,
        "called": case.called or "Restricted household",
        "colour": TIER_COLOURS.get(Tier(case.tier), "grey"),
        "silent": "Today" if silent < 1 else "Yesterday" if silent == 1 else f"{silent} days ago",
        "never": case.last_note_at is None,
        "late": case.can("close") and case.review_due_on < today,
        "news": bool(case.contact_at and case.contact_at > (case.last_note_at or case.opened_at)),
    }


def _link(request: StaffRequest, last: Case | None = None, *, without: str = "") -> str:
    query = request.GET.copy()
    for name in ("after", without):
        query.pop(name, None)
    if last:
        query["after"] = f"{last.review_due_on.isoformat()}_{last.pk}"
    return f"{reverse('cases:cases')}?{query.urlencode()}" if query else reverse("cases:cases")


def _chosen(request: StaffRequest, form: CaseFilterForm) -> list[dict[str, Any]]:
    groups = []
    for name, field in form.fields.items():
        value = form.cleaned_data.get(name) if form.is_valid() else None
        if value:
            choices = dict(getattr(field, "choices", []))
            text = choices.get(value, "Review overdue")
            groups.append({"heading": field.label, "items": [{"text": text, "href": _link(request, without=name)}]})
    return groups


@roles(Role.MANAGER, methods=("GET",))
def awaiting(request: StaffRequest) -> HttpResponse:
    """The 25 decisions that have waited longest for a lead, beside what each colleague carries. Runs two queries."""
    now, today = timezone.now(), timezone.localdate()
    found = list(awaiting_allocation(request.user).select_related("resident")[: AT_ONCE + 1])
    waiting = [
        {
            "decision": decision,
            "name": str(decision.resident or "Nobody named"),
            "colour": TIER_COLOURS.get(Tier(decision.chosen_tier), "grey"),
            "days": (today - timezone.localtime(decision.made_at).date()).days,
            "late": now - decision.made_at > timedelta(days=ALLOCATE_DAYS),
        }
        for decision in found[:AT_ONCE]
    ]
    context = {"waiting": waiting, "more": len(found) > AT_ONCE, "loads": caseloads(request.user, today)}
    return render(request, "cases/decision_list.html", context)


def caseloads(manager: User, today: date) -> list[User]:
    """What each colleague of the manager's teams carries: open cases, those at Intervention, reviews overdue. One query."""
    led = Q(cases_led__status=Case.Status.OPEN)
    people = colleagues().filter(pk__in=User.objects.filter(teams__in=manager.teams.values("pk")).values("pk"))
    return list(
        people.annotate(
            carried=Count("cases_led", filter=led),
            intense=Count("cases_led", filter=led & Q(cases_led__tier=Tier.INTERVENTION)),
            overdue=Count("cases_led", filter=led & Q(cases_led__review_due_on__lt=today)),
        ).order_by("carried", "name")
    )


@roles(Role.MANAGER)
def allocate_one(request: StaffRequest, reference: str) -> HttpResponse:
    """Give a decision a lead; where the household has an open case, join it to that."""
    found = awaiting_allocation(request.user).select_related("contact", "resident", "household", "made_by")
    decision = open_record(found.prefetch_related("contact__needs"), request, reference=reference)
    present = members_of(decision.household, timezone.localdate())
    teams = request.user.teams.filter(active=True)
    earlier = open_case_of(decision.household)
    form = LeadForm(sent(request), teams=teams, initial={"team": teams.first()})
    if earlier and request.method == "POST":
        return _join(request, decision)

    def act(**fields: Any) -> None:
        actions.open_case(decision, **fields)

    if done(request, form, act, "Case opened"):
        return redirect("cases:case", decision.case.reference)
    context = {"decision": decision, "form": form, "present": present, "earlier": earlier}
    context["loads"] = caseloads(request.user, timezone.localdate())
    return render(request, "cases/decision_allocate.html", context)


def _join(request: StaffRequest, decision: Any) -> HttpResponse:
    try:
        case = actions.join_case(decision, by=request.user, at=timezone.now())
    except ValidationError as refusal:
        messages.warning(request, " ".join(refusal.messages))
        return redirect("cases:awaiting")
    messages.success(request, f"Joined to case {case.reference}")
    seen = Case.objects.visible_to(request.user).filter(pk=case.pk).exists()
    return redirect("cases:case", case.reference) if seen else redirect("cases:awaiting")
