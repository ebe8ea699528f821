"""The plan: needs with goals that the household agreed to, and what somebody does by a day."""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import Organisation, User
from cases.actions.checks import counted
from cases.actions.story import SYSTEM, day_of, lock_open, need_words, references, write_down
from cases.models import Case, PlanAction, PlanNeed
from intake.models import Need
from ledger.acting import acting_as_system
from ledger.moves import InvalidMove, advance
from ledger.versions import save_changes
from residents.models import Resident

CLOSING = {
    PlanNeed.Status.MET: "meet",
    PlanNeed.Status.PARTLY_MET: "part_meet",
    PlanNeed.Status.NOT_MET: "miss",
}


@transaction.atomic
def add_need(
    case: Case, *, need: Need, goal: str, baseline: int, resident: Resident | None = None, by: User, at: datetime
) -> PlanNeed:
    """Put a need on the plan with the goal for it and where things stand, 1 (stuck) to 5 (sustained)."""
    case = lock_open(case)
    goal = need_words(goal, "Say what the household wants to reach")
    _check_scale(baseline)
    if resident and not case.members.filter(resident=resident, until=None).exists():
        raise ValidationError("Choose somebody who is on the case.")
    plan_need = PlanNeed.objects.create(
        case=case, need=need, resident=resident, goal=goal, baseline=baseline, latest=baseline, added_at=at
    )
    write_down(
        case, "add_need", f"Need added to the plan: {need.label}", by=by, at=at, subject=plan_need, only=resident
    )
    return plan_need


@transaction.atomic
def revise_goal(plan_need: PlanNeed, *, goal: str, seen: int, by: User, at: datetime) -> PlanNeed:
    """Put the goal in other words. Raises StaleVersion if somebody else was faster."""
    case = lock_open(plan_need.case)
    goal = need_words(goal, "Say what the household wants to reach")
    fresh = save_changes(plan_need, seen=seen, by=by, verb="revise_goal", about=references(case), goal=goal)
    _told(fresh, "revise_goal", f"Goal revised: {fresh.need.label}", by=by, at=at)
    return fresh


@transaction.atomic
def record_progress(plan_need: PlanNeed, *, latest: int, by: User, at: datetime) -> PlanNeed:
    """Say how far the household has come towards a goal, 1 to 5."""
    case = lock_open(plan_need.case)
    fresh = PlanNeed.objects.select_for_update(of=("self",)).get(pk=plan_need.pk)
    _check_scale(latest)
    if fresh.status != PlanNeed.Status.OPEN:
        raise InvalidMove("This need is no longer being worked on. Reopen it first.")
    before = fresh.latest
    about = references(case)
    fresh = save_changes(fresh, seen=fresh.version, by=by, verb="record_progress", about=about, latest=latest)
    heading = f"Progress on {fresh.need.label}: from {before} to {latest} of 5"
    _told(fresh, "record_progress", heading, by=by, at=at)
    return fresh


@transaction.atomic
def close_need(
    plan_need: PlanNeed, *, result: PlanNeed.Status, outcome: str, latest: int, by: User, at: datetime
) -> PlanNeed:
    """Say how far a need was met. Raises ValidationError while actions for it are open."""
    case = lock_open(plan_need.case)
    outcome = need_words(outcome, "Say what came of it")
    _check_scale(latest)
    if result not in CLOSING:
        raise ValidationError("Choose met, partly met or not met.")
    if number := plan_need.actions.filter(status=PlanAction.Status.OPEN).count():
        todo = counted(number, "1 action for this need is still to do.", "{} actions for this need are still to do.")
        raise ValidationError(f"{todo} Finish or drop them first.")
    changes = {"closed_at": at, "outcome": outcome, "latest": latest}
    fresh = advance(plan_need, CLOSING[result], by=by, about=references(case), **changes)
    _told(
        fresh, "close_need", f"{fresh.need.label}: {fresh.get_status_display().lower()}", by=by, at=at, significant=True
    )
    return fresh


@transaction.atomic
def reopen_need(plan_need: PlanNeed, *, by: User, at: datetime) -> PlanNeed:
    """Work on a need again."""
    case = lock_open(plan_need.case)
    fresh = advance(plan_need, "reopen", by=by, about=references(case), closed_at=None, outcome="")
    _told(fresh, "reopen_need", f"{fresh.need.label}: work goes on", by=by, at=at)
    return fresh


@transaction.atomic
def add_action(
    plan_need: PlanNeed,
    *,
    what: str,
    due_on: date,
    owner: User | None = None,
    owner_organisation: Organisation | None = None,
    owner_name: str = "",
    by: User,
    at: datetime,
) -> PlanAction:
    """Say who does what by when for a need: one owner, who is a colleague, an agency, or someone of the household."""
    case = lock_open(plan_need.case)
    need = PlanNeed.objects.select_for_update(of=("self",)).get(pk=plan_need.pk)
    if need.status != PlanNeed.Status.OPEN:
        raise InvalidMove("This need is no longer being worked on. Reopen it first.")
    what, owner_name = need_words(what, "Say what is to be done"), owner_name.strip()
    if sum(map(bool, (owner, owner_organisation, owner_name))) != 1:
        raise ValidationError("Choose one owner: a colleague, an agency, or someone of the household.")
    _check_due(due_on, at)
    action = PlanAction.objects.create(
        case=case,
        plan_need=need,
        what=what,
        owner=owner,
        owner_organisation=owner_organisation,
        owner_name=owner_name,
        due_on=due_on,
        added_at=at,
    )
    _told(need, "add_action", f"Action agreed for {need.need.label}", by=by, at=at, subject=action, trailed=False)
    return action


@transaction.atomic
def revise_action(action: PlanAction, *, what: str, due_on: date, seen: int, by: User, at: datetime) -> PlanAction:
    """Put an action in other words, or give it another day. Raises StaleVersion if somebody else was faster."""
    case = lock_open(action.case)
    what = need_words(what, "Say what is to be done")
    if not action.can("finish"):
        raise InvalidMove("This action is no longer to do. Reopen it first.")
    if due_on != action.due_on:
        _check_due(due_on, at)
    about = references(case)
    return save_changes(action, seen=seen, by=by, verb="revise_action", about=about, what=what, due_on=due_on)


@transaction.atomic
def finish_action(action: PlanAction, *, result: str = "", by: User, at: datetime) -> PlanAction:
    """Say that an action is done, and what came of it."""
    case = lock_open(action.case)
    changes = {"ended_at": at, "result": result.strip()}
    fresh = advance(action, "finish", by=by, about=references(case), **changes)
    _of_action(fresh, "finish_action", "Action done", by=by, at=at)
    return fresh


@transaction.atomic
def drop_action(action: PlanAction, *, result: str, by: User, at: datetime) -> PlanAction:
    """Say that an action is not needed any more, and why."""
    case = lock_open(action.case)
    changes = {"ended_at": at, "result": need_words(result, "Say why it is not needed any more")}
    fresh = advance(action, "drop", by=by, about=references(case), **changes)
    _of_action(fresh, "drop_action", "Action dropped", by=by, at=at)
    return fresh


@transaction.atomic
def reopen_action(action: PlanAction, *, by: User, at: datetime) -> PlanAction:
    """Put an action back to do. Raises InvalidMove if its need is closed."""
    case = lock_open(action.case)
    if action.plan_need.status != PlanNeed.Status.OPEN:
        raise InvalidMove("The need of this action is closed. Reopen the need first.")
    fresh = advance(action, "reopen", by=by, about=references(case), ended_at=None, result="")
    _of_action(fresh, "reopen_action", "Action reopened", by=by, at=at)
    return fresh


def _told(need: PlanNeed, verb: str, heading: str, *, by: User, at: datetime, **more: Any) -> None:
    """Into the story of the person whom the need is about, or of the whole household."""
    more = {"subject": need, "trailed": True, **more}
    with acting_as_system(SYSTEM):  # the writer may see the case and not this member's own record
        write_down(need.case, verb, heading, by=by, at=at, only=need.resident, **more)


def _of_action(action: PlanAction, verb: str, words: str, *, by: User, at: datetime) -> None:
    heading = f"{words} for {action.plan_need.need.label}"
    _told(action.plan_need, verb, heading, by=by, at=at, subject=action)


def _check_scale(value: int) -> None:
    if not 1 <= value <= 5:
        raise ValidationError("Choose a number from 1 (stuck) to 5 (sustained).")


def _check_due(due_on: date, at: datetime) -> None:
    if due_on < day_of(at):
        raise ValidationError("The day by which it is done must be today or later.")
