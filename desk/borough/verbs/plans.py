"""What a case works on: needs with their goals, actions, reviews. See `cases.actions`."""

from datetime import date, datetime, timedelta
from typing import Any

from accounts.models import Organisation, User
from accounts.working_time import local_day
from cases.models import Case, PlanAction, PlanNeed, Review
from desk.borough.book import Book
from desk.borough.verbs.cases import REVIEW_DAYS, references, write_down
from desk.borough.verbs.labels import label
from intake.models import Need
from residents.models import Resident

CLOSING = {PlanNeed.Status.MET: "meet", PlanNeed.Status.PARTLY_MET: "part_meet", PlanNeed.Status.NOT_MET: "miss"}


def add_need(
    book: Book, case: Case, *, need: Need, goal: str, baseline: int, resident: Resident | None, by: User, at: datetime
) -> PlanNeed:
    """Put a need on the plan with the goal for it and where things stand."""
    row = book.add(
        PlanNeed, case=case, need=need, resident=resident, goal=goal, baseline=baseline, latest=baseline, added_at=at
    )
    book.of["plan", case.id].append(row)
    heading = f"Need added to the plan: {need.label}"
    write_down(book, case, "add_need", heading, by=by, at=at, subject=row, only=resident)
    return row


def record_progress(book: Book, plan_need: PlanNeed, *, latest: int, by: User, at: datetime) -> None:
    """Say how far the household has come towards a goal."""
    before, about = plan_need.latest, references(book, plan_need.case)
    book.save(plan_need, at=at, verb="record_progress", by=by, about=about, latest=latest)
    heading = f"Progress on {plan_need.need.label}: from {before} to {latest} of 5"
    _of_need(book, plan_need, "record_progress", heading, by=by, at=at)


def close_need(
    book: Book, plan_need: PlanNeed, *, result: PlanNeed.Status, outcome: str, latest: int, by: User, at: datetime
) -> None:
    """Say how far a need was met."""
    about = references(book, plan_need.case)
    changes = {"closed_at": at, "outcome": outcome, "latest": latest}
    book.advance(plan_need, CLOSING[result], by=by, about=about, at=at, **changes)
    heading = f"{plan_need.need.label}: {label(plan_need, 'status').lower()}"
    _of_need(book, plan_need, "close_need", heading, by=by, at=at, significant=True)


def add_action(
    book: Book,
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
    """Agree one thing that somebody does by a day."""
    action = book.add(
        PlanAction,
        case=plan_need.case,
        plan_need=plan_need,
        what=what,
        owner=owner,
        owner_organisation=owner_organisation,
        owner_name=owner_name,
        due_on=due_on,
        added_at=at,
    )
    book.of["todo", plan_need.case_id].append(action)
    heading = f"Action agreed for {plan_need.need.label}"
    _of_need(book, plan_need, "add_action", heading, by=by, at=at, subject=action, trailed=False)
    return action


def finish_action(book: Book, action: PlanAction, *, result: str = "", by: User, at: datetime) -> None:
    """Say that an action is done, and what came of it."""
    _end_action(book, action, "finish", "finish_action", "Action done", result, by=by, at=at)


def drop_action(book: Book, action: PlanAction, *, result: str, by: User, at: datetime) -> None:
    """Say that an action is not needed any more, and why."""
    _end_action(book, action, "drop", "drop_action", "Action dropped", result, by=by, at=at)


def hold_review(
    book: Book,
    case: Case,
    *,
    outcome: str,
    progress: bool,
    summary: str,
    household_view: str = "",
    by: User,
    at: datetime,
    **more: Any,
) -> Review:
    """Record a held review and when the next is due."""
    due = local_day(at) + timedelta(days=REVIEW_DAYS)
    review = book.add(
        Review,
        case=case,
        was_due_on=case.review_due_on,
        held_at=at,
        by=by,
        outcome=outcome,
        progress=progress,
        summary=summary,
        household_view=household_view,
        next_due_on=due,
        **more,
    )
    book.of["reviews", case.id].append(review)
    book.change(case, at=at, review_due_on=due, version=case.version + 1)
    heading = f"Review held: {label(review, 'outcome').lower()}{'' if progress else ', no progress'}"
    fields = ("review_due_on",)
    write_down(book, case, "hold_review", heading, by=by, at=at, subject=review, significant=True, fields=fields)
    return review


def _end_action(book: Book, action: PlanAction, move: str, verb: str, words: str, result: str, *, by: User, at: datetime) -> None:  # fmt: skip
    about = references(book, action.case)
    book.advance(action, move, by=by, about=about, at=at, ended_at=at, result=result)
    heading = f"{words} for {action.plan_need.need.label}"
    _of_need(book, action.plan_need, verb, heading, by=by, at=at, subject=action)


def _of_need(book: Book, need: PlanNeed, verb: str, heading: str, *, by: User, at: datetime, **more: Any) -> None:
    more = {"subject": need, "trailed": True, **more}
    write_down(book, need.case, verb, heading, by=by, at=at, only=need.resident, **more)
