"""Giving work to people: decisions that wait for a lead, one or several at once, and the cases of somebody who is away."""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import ValidationError
from django.db.models import Count, F, OuterRef, Q, QuerySet
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.access import StaffRequest, open_record, roles
from accounts.models import Role, Team, User
from accounts.working_time import local_day
from cases import actions
from cases.actions.cases import open_case_of
from cases.forms.cases import LeadForm, ReallocateForm, colleagues
from cases.models import Case
from cases.views.frame import ALLOCATING, TIER_COLOURS, done, sent
from cases.work_due import ALLOCATE_DAYS, awaiting_allocation, longest_waiting, with_facts
from intake.models import Need
from ledger.said import counted, said_ago, said_due
from residents.models import Resident, walled
from triage.models import Decision
from triage.tiers import Tier

AT_ONCE = 25
MOST_CASES = 100


@roles(Role.MANAGER, methods=("GET",))
def awaiting(request: StaffRequest) -> HttpResponse:
    """The 25 decisions that have waited longest for a lead, beside what each colleague carries. Runs two queries."""
    today = timezone.localdate()
    found = list(longest_waiting(request.user, AT_ONCE + 1).select_related("resident"))
    waiting = [_row(decision, today) for decision in found[:AT_ONCE]]
    context = {"waiting": waiting, "more": len(found) > AT_ONCE, "loads": caseloads(request.user, today)}
    return render(request, "cases/decision_list.html", context)


def _row(decision: Decision, today: date) -> dict[str, Any]:
    decided = local_day(decision.made_at)
    due = decided + timedelta(days=ALLOCATE_DAYS)
    return {
        "decision": decision,
        "name": str(decision.resident or "Nobody named"),
        "colour": TIER_COLOURS.get(Tier(decision.chosen_tier), "grey"),
        "decided": said_ago(decided, today).capitalize(),
        "when": said_due(due, today),
        "late": due < today,
    }


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
    """Give a decision a lead; where the household has an open case, join it to that. Runs at most twelve queries."""
    today = timezone.localdate()
    found = _with_whom(awaiting_allocation(request.user), today)
    decision = open_record(
        found.select_related("contact", "resident", "made_by", "household"), request, reference=reference
    )
    earlier = open_case_of(decision.household)
    if earlier and request.method == "POST":
        return _join(request, decision)
    form, loads = _lead_form(request, LeadForm)

    def act(**fields: Any) -> None:
        actions.open_case(decision, **fields)

    if done(request, form, act, "Case opened"):
        return redirect(f"{reverse('cases:case', args=[decision.case.reference])}?list={ALLOCATING}")
    context = {"decision": decision, "form": form, "earlier": earlier, "loads": loads}
    return render(request, "cases/decision_allocate.html", context)


def _with_whom(decisions: QuerySet[Decision], today: date) -> QuerySet[Decision]:
    """Decisions with the names of who lives in the household now, and what they came with, in the same query."""
    living = Q(memberships__until=None) | Q(memberships__until__gte=today)
    people = Resident.objects.filter(
        living, memberships__household=OuterRef("household"), memberships__since__lte=today
    ).exclude(walled(OuterRef("resident"), F("pk")))
    needs = Need.objects.filter(contacts=OuterRef("contact")).order_by("label")
    return decisions.annotate(
        living_there=ArraySubquery(people.order_by("name").values("name").distinct()),
        came_with=ArraySubquery(needs.values("label")),
    )


def _lead_form(request: StaffRequest, kind: type[LeadForm]) -> tuple[LeadForm, list[User]]:
    """The form that asks who leads, among colleagues with what each carries. Runs two queries."""
    loads = caseloads(request.user, timezone.localdate())
    teams: list[Team] = list(request.user.teams.filter(active=True))
    return kind(sent(request), teams=teams, people=loads, initial={"team": teams[0] if teams else None}), loads


def _join(request: StaffRequest, decision: Decision) -> HttpResponse:
    try:
        case = actions.join_case(decision, by=request.user, at=timezone.now())
    except ValidationError as refusal:
        messages.warning(request, " ".join(refusal.messages))
        return redirect("cases:awaiting")
    messages.success(request, f"Joined to case {case.reference}")
    seen = Case.objects.visible_to(request.user).filter(pk=case.pk).exists()
    back = f"{reverse('cases:case', args=[case.reference])}?list={ALLOCATING}"
    return redirect(back if seen else "cases:awaiting")


@roles(Role.MANAGER)
def allocate_several(request: StaffRequest) -> HttpResponse:
    """Give the decisions that were ticked to one lead: names each, then does all of them or none."""
    today = timezone.localdate()
    picked = _picked(request)
    found = list(awaiting_allocation(request.user).filter(reference__in=picked).select_related("resident", "household"))
    form, _ = _lead_form(request, LeadForm)

    def act(**fields: Any) -> None:
        actions.open_cases(_all_there(found, picked), **fields)

    if done(request, form, act, counted(len(found), "case") + " opened"):
        return redirect("cases:awaiting")
    rows = [
        {"reference": one.reference, "name": str(one.resident or "Nobody named"), **_row(one, today)} for one in found
    ]
    words = {
        "heading": f"Give {counted(len(found), 'decision')} to one lead",
        "submit": f"Open {counted(len(found), 'case')}",
        "text": "Each becomes a case of the lead that you choose. If one cannot be opened, none is.",
        "none": "Tick the decisions that one person is to lead.",
    }
    return _confirm(request, rows, words, reverse("cases:awaiting"), form)


@roles(Role.MANAGER)
def hand_over(request: StaffRequest) -> HttpResponse:
    """Give a colleague's cases to somebody else, as when they are away: names each, all are ticked, one may be left out."""
    away = colleagues().filter(reference=request.GET.get("from", "")).first()
    mine = Case.objects.visible_to(request.user).open().filter(team__in=request.user.teams.values("pk"))
    picked = _picked(request)
    cases = mine.filter(reference__in=picked) if picked else mine.filter(lead=away) if away else mine.none()
    found = list(with_facts(cases).order_by("review_due_on", "pk")[:MOST_CASES])
    form = ReallocateForm(sent(request), initial={"team": found[0].team_id if found else None})

    def act(**fields: Any) -> None:
        actions.reallocate_several(_all_there(found, picked), **fields)

    if done(request, form, act, counted(len(found), "case") + " passed on"):
        return redirect("cases:awaiting")
    today = timezone.localdate()
    rows = [
        {
            "reference": one.reference,
            "name": one.called or "Restricted household",
            "when": f"review {said_due(one.review_due_on, today)}",
        }
        for one in found
    ]
    words = {
        "heading": f"Give the cases of {away.name} to somebody else" if away else "Give cases to somebody else",
        "submit": "Pass them on",
        "text": "Leave out those that stay. If one cannot be passed on, none is.",
        "none": "Nobody’s cases were chosen, or they lead none in your teams.",
    }
    return _confirm(request, rows, words, reverse("cases:awaiting"), form)


def _picked(request: StaffRequest) -> list[str]:
    """The references that were ticked, in the address or in the form."""
    ticked = request.POST.getlist("pick") or request.GET.getlist("pick")
    return list(dict.fromkeys(ticked))[:MOST_CASES]


def _all_there(found: list[Any], picked: list[str]) -> list[Any]:
    """What was ticked, or a refusal where somebody else was quicker with one of them."""
    if not picked or len(found) != len(picked):
        raise ValidationError("One of these has changed meanwhile, or none was ticked. Look at the list again.")
    return found


def _confirm(
    request: StaffRequest, rows: list[dict[str, Any]], words: dict[str, str], back: str, form: Form
) -> HttpResponse:
    context = {"rows": rows, "words": words, "back": back, "form": form}
    return render(request, "cases/several_confirm.html", context)
