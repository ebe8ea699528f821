"""What the overview of a case tells besides the case itself: the plan at a glance, what is due, who else is on it. Asked in one question."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.urls import reverse

from accounts.models import User
from accounts.working_time import local_day
from cases.households import child_on, child_was_told_of
from cases.models import Case, CaseAgency, CasePerson, Placement, PlanAction, PlanNeed
from cases.nights import MOST_NIGHTS, WARN_NIGHTS, bed_and_breakfast_since, leave_by, nights_between
from cases.work_due import AHEAD, days_of, last_note, newest_contact
from ledger.composed import Composed
from ledger.gathered import built, gathered
from ledger.said import said_day, said_due

ACTIONS = 5


@dataclass(frozen=True)
class Overview:
    """What the overview tells: needs that are worked on, actions due within a week, nights in temporary accommodation, news."""

    needs: list[PlanNeed]
    due: list[PlanAction]
    stays: list[Placement]
    agencies: list[str]
    colleagues: list[str]
    child_told: bool
    contact_at: datetime | None
    last_note_at: datetime | None


def overview_of(case: Case, user: User, at: datetime) -> Overview:
    """The overview of a case that the person has opened. Runs one query."""
    row: Any = FACTS.rows(user, at, case.pk)[0]
    return Overview(
        built(PlanNeed, row.open_needs),
        built(PlanAction, row.due_soon),
        built(Placement, row.stays),
        row.agency_names,
        row.colleague_names,
        row.child_told,
        row.contact_at,
        row.last_note_at,
    )


def next_steps(case: Case, told: Overview, members: list[Any], at: datetime) -> list[dict[str, Any]]:
    """What the case itself asks for, soonest first."""
    if not case.can("close"):
        return _after_closing(case, at)
    today = local_day(at)
    steps = [_step(case.review_due_on, "Review the plan", "reviews", case, today, "Every six weeks at the latest")]
    for one in told.due:
        who = one.owner or one.owner_organisation
        steps.append(_step(one.due_on, one.what, "plan", case, today, who.name if who else one.owner_name))
    if limit := bed_and_breakfast_limit(told, members, today):
        steps.append(_step(limit[0], "Move on from bed and breakfast", "housing", case, today, limit[1]))
    if told.contact_at and told.contact_at > (told.last_note_at or case.opened_at):
        came, words = local_day(told.contact_at), "Write a note once you have dealt with it"
        steps.append(
            _step(came, "They came to the front door", "notes", case, today, words, f"{said_day(came, today)}")
        )
    return [step for _, step in sorted(steps, key=lambda pair: pair[0])]


def bed_and_breakfast_limit(told: Overview, members: list[Any], today: date) -> tuple[date, str] | None:
    """By when a household with a child or a pregnancy must leave bed and breakfast, once four weeks have passed."""
    first = bed_and_breakfast_since(told.stays)
    if first is None or (nights := nights_between(first, today)) < WARN_NIGHTS:
        return None
    if not (told.child_told or child_on([one.resident for one in members], today)):
        return None
    return leave_by(first), f"{nights} nights with a child or pregnancy; the limit is {MOST_NIGHTS}"


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


def _facts(user: User, at: datetime, key: int) -> QuerySet[Case]:
    of_case = {"case": OuterRef("pk")}
    needs = PlanNeed.objects.filter(**of_case, status=PlanNeed.Status.OPEN).order_by("added_at", "pk")
    due = PlanAction.objects.filter(**of_case, status=PlanAction.Status.OPEN, due_on__lte=local_day(at + AHEAD))
    due = due.filter(plan_need__status=PlanNeed.Status.OPEN).order_by("due_on", "pk")[:ACTIONS]
    stays = Placement.objects.filter(household=OuterRef("household")).order_by("starts_on")
    agencies = CaseAgency.objects.filter(**of_case, until=None).order_by("organisation__name")
    named = CasePerson.objects.filter(**of_case, until=None).order_by("user__name")
    own_name = ("owner__name", "owner_organisation__name", "owner_name")
    return (
        Case.objects.filter(pk=key)
        .only("pk")
        .order_by()
        .annotate(
            open_needs=gathered(needs.only("reference", "goal", "baseline", "latest", "need__label", "resident__name")),
            due_soon=gathered(due.only("what", "due_on", *own_name)),
            stays=gathered(stays.only("kind", "starts_on", "ends_on")),
            agency_names=ArraySubquery(agencies.values("organisation__name")),
            colleague_names=ArraySubquery(named.values("user__name")),
            child_told=child_was_told_of(),
            contact_at=newest_contact(),
            last_note_at=last_note(),
        )
    )


FACTS = Composed(_facts, days=days_of)
