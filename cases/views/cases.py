"""The overview of a case, and the steps in its life: passing on, stepping, closing, checking."""

from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, FilteredRelation, OuterRef, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from accounts.access import StaffRequest, roles
from accounts.models import Role
from accounts.working_time import local_day
from cases import actions
from cases.forms.cases import CheckForm, CloseForm, ReallocateForm, StepDownForm, StepForm
from cases.households import child_on, child_was_told_of
from cases.models import Case, CaseAgency, CasePerson, Placement, PlanAction, PlanNeed
from cases.nights import MOST_NIGHTS, WARN_NIGHTS, bed_and_breakfast_since, leave_by, nights_between
from cases.views import story
from cases.views.frame import WORKERS, done, find_case, list_of, members_of_case, page, sent
from cases.work_due import with_facts
from intake.models import Answer
from ledger.said import said_day, said_due

EVENTS = 5
ACTIONS = 5
SOON = timedelta(days=7)


@roles(*WORKERS, methods=("GET",))
def case(request: StaffRequest, reference: str) -> HttpResponse:
    """What to do next, the plan at a glance, who is on it, and the latest of the story. Runs at most twelve queries."""
    found, now = find_case(request, reference, _facts), timezone.now()
    members = members_of_case(found)
    needs = plan_at_a_glance(found, local_day(now))
    told = story.latest(request.user, found, [one.resident for one in members], EVENTS)
    context = {
        "members": members,
        "needs": needs,
        "steps": next_steps(found, members, needs, now),
        "entries": told,
    }
    return page(request, found, "cases/case_view.html", "case", **context)


def _facts(cases: QuerySet[Case]) -> QuerySet[Case]:
    """What the overview tells of a case besides the case itself, in the same query."""
    agencies = CaseAgency.objects.filter(case=OuterRef("pk"), until=None).order_by("organisation__name")
    named = CasePerson.objects.filter(case=OuterRef("pk"), until=None).order_by("user__name")
    placed = Placement.objects.filter(household=OuterRef("household"), ends_on=None)
    return with_facts(cases).annotate(
        agency_names=ArraySubquery(agencies.values("organisation__name")),
        colleague_names=ArraySubquery(named.values("user__name")),
        placed=Exists(placed),
        child_told=child_was_told_of(),
    )


def plan_at_a_glance(case: Case, today: date) -> list[dict[str, Any]]:
    """Each need that is worked on, how far they have come, and what is to do, soonest first. Runs one query."""
    todo = FilteredRelation("actions", condition=Q(actions__status=PlanAction.Status.OPEN))
    rows = case.plan_needs.filter(status=PlanNeed.Status.OPEN).annotate(todo=todo)
    names = ("reference", "need__label", "resident__name", "goal", "baseline", "latest")
    of_action = ("what", "due_on", "owner__name", "owner_organisation__name", "owner_name")
    needs: dict[str, dict[str, Any]] = {}
    for row in rows.order_by("added_at", "pk", "todo__due_on").values(*names, *(f"todo__{name}" for name in of_action)):
        need = needs.setdefault(row["reference"], {name: row[name] for name in names} | {"todo": []})
        need["label"], need["who"] = row["need__label"], row["resident__name"]
        if due := row["todo__due_on"]:
            who = row["todo__owner__name"] or row["todo__owner_organisation__name"] or row["todo__owner_name"]
            said = {"what": row["todo__what"], "due_on": due, "who": who}
            need["todo"].append(said | {"when": said_due(due, today), "late": due < today})
    return list(needs.values())


def next_steps(case: Case, members: list[Any], needs: list[dict[str, Any]], at: datetime) -> list[dict[str, Any]]:
    """What the case itself asks for, soonest first. Runs one query where the household is placed, else none."""
    if not case.can("close"):
        return _after_closing(case, at)
    today = local_day(at)
    steps = [_step(case.review_due_on, "Review the plan", "reviews", case, today, "Every six weeks at the latest")]
    todo = [action for need in needs for action in need["todo"] if action["due_on"] <= today + SOON]
    for action in sorted(todo, key=lambda one: one["due_on"])[:ACTIONS]:
        steps.append(_step(action["due_on"], action["what"], "plan", case, today, action["who"]))
    if case.placed and (limit := bed_and_breakfast_limit(case, members, today)):
        steps.append(_step(limit[0], "Move on from bed and breakfast", "housing", case, today, limit[1]))
    if case.contact_at and case.contact_at > (case.last_note_at or case.opened_at):
        came, words = local_day(case.contact_at), "Write a note once you have dealt with it"
        steps.append(
            _step(came, "They came to the front door", "notes", case, today, words, f"{said_day(came, today)}")
        )
    return [step for _, step in sorted(steps, key=lambda pair: pair[0])]


def _step(
    due: date, text: str, tab: str, case: Case, today: date, why: str, when: str = ""
) -> tuple[date, dict[str, Any]]:
    href = reverse(f"cases:{tab}", args=[case.reference])
    when = when or said_due(due, today)
    return due, {"what": text, "href": href, "why": why, "when": when, "late": due < today}


def _after_closing(case: Case, at: datetime) -> list[dict[str, Any]]:
    if case.check_on is None or case.checked_at:
        return []
    words = "Six months after closing: has what was reached lasted?"
    return [_step(case.check_on, "Check after closing", "check", case, local_day(at), words)[1]]


def bed_and_breakfast_limit(case: Case, members: list[Any], today: date) -> tuple[date, str] | None:
    """By when a household with a child or a pregnancy must leave bed and breakfast, once four weeks have passed."""
    chain = list(Placement.objects.filter(household=case.household_id).order_by("starts_on"))
    first = bed_and_breakfast_since(chain)
    if (
        first is None
        or (nights := nights_between(first, today)) < WARN_NIGHTS
        or not child_or_pregnancy(case, members, today)
    ):
        return None
    return leave_by(first), f"{nights} nights with a child or pregnancy; the limit is {MOST_NIGHTS}"


def child_or_pregnancy(case: Case, members: list[Any], today: date) -> bool:
    """Whether a child is on the case, or the contact behind it told of a child or a pregnancy. At most one query."""
    if child_on([one.resident for one in members], today) or getattr(case, "child_told", False):
        return True
    if hasattr(case, "child_told"):
        return False
    told = Answer.objects.filter(question="child_at_home", said=Answer.Said.YES)
    return told.filter(contact__decisions__case=case).exists()


@roles(Role.MANAGER)
def reallocate(request: StaffRequest, reference: str) -> HttpResponse:
    """Give the case to another lead."""
    found = find_case(request, reference)
    form = ReallocateForm(sent(request), initial={"team": found.team})
    if done(request, form, partial(actions.reallocate, found), f"Case {reference} passed on"):
        still = Case.objects.visible_to(request.user).filter(pk=found.pk).exists()
        return redirect("cases:case", reference) if still else redirect(f"{reverse('cases:cases')}{list_of(request)}")
    words = {"heading": "Give this case to another lead", "submit": "Pass the case on"}
    return page(request, found, "cases/case_form.html", "case", form=form, words=words)


@roles(*WORKERS)
def step_up(request: StaffRequest, reference: str) -> HttpResponse:
    """Raise the tier."""
    found = find_case(request, reference)
    form = StepForm(sent(request), case=found)
    if done(request, form, partial(actions.step_up, found), "Stepped up"):
        return redirect("cases:case", reference)
    text = f"The case is at {found.get_tier_display()} now. Stepping up needs no permission: say what has changed."
    words = {"heading": "Step up", "submit": "Step up", "text": text}
    return page(request, found, "cases/case_form.html", "case", form=form, words=words)


@roles(Role.MANAGER)
def step_down(request: StaffRequest, reference: str) -> HttpResponse:
    """Lower the tier, to a named receiver; below Support this closes the case."""
    found = find_case(request, reference)
    form = StepDownForm(sent(request), case=found)
    if done(request, form, partial(actions.step_down, found), "Stepped down"):
        return redirect("cases:case", reference)
    words = {
        "heading": "Step down",
        "submit": "Step down",
        "text": f"The case is at {found.get_tier_display()} now. Below Support it closes, once all work is settled.",
    }
    return page(request, found, "cases/case_form.html", "case", form=form, words=words)


@roles(*WORKERS)
def close(request: StaffRequest, reference: str) -> HttpResponse:
    """Close the case, or read what remains to be settled first."""
    found = find_case(request, reference)
    form = CloseForm(sent(request))
    if done(request, form, partial(actions.close_case, found), "Case closed"):
        return redirect("cases:case", reference)
    remaining = actions.remaining_work(found) if found.can("close") else []
    return page(request, found, "cases/case_close.html", "case", form=form, remaining=remaining)


@roles(*WORKERS)
def check(request: StaffRequest, reference: str) -> HttpResponse:
    """Record what the check after closing found."""
    found = find_case(request, reference)
    form = CheckForm(sent(request))
    if done(request, form, partial(actions.record_check, found), "Check recorded"):
        return redirect("cases:case", reference)
    words = {"heading": "Check after closing", "submit": "Save the check"}
    return page(request, found, "cases/case_form.html", "case", form=form, words=words)
