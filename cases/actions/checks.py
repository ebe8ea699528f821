"""What has to be settled before a case closes. Rooms above append their own checks when they start."""

from collections.abc import Callable

from django.db.models import Count, Q

from cases.models import Case, IncomeGain, PlanAction, PlanNeed

Check = Callable[[Case], str | list[str]]  # a reason, several, or nothing


def counted(number: int, one: str, many: str) -> str:
    """One thing, or how many of them, in words."""
    return one if number == 1 else many.format(number)


def open_plan(case: Case) -> list[str]:
    """Actions that nobody has finished or dropped, and needs without a word on how far they were met. Runs one query."""
    open_needs, open_actions = Q(status=PlanNeed.Status.OPEN), Q(actions__status=PlanAction.Status.OPEN)
    found = case.plan_needs.aggregate(
        needs=Count("pk", filter=open_needs, distinct=True),
        actions=Count("actions", filter=open_actions, distinct=True),
    )
    remaining = []
    if number := found["actions"]:
        one, many = "1 action is still to do: finish it or drop it", "{} actions are still to do: finish or drop them"
        remaining.append(counted(number, one, many))
    if number := found["needs"]:
        one = "1 need is still being worked on: say how far it was met"
        remaining.append(counted(number, one, "{} needs are still being worked on: say how far each was met"))
    return remaining


def open_placement(case: Case) -> str:
    """Nights in temporary accommodation that go on."""
    if case.placements.filter(ends_on=None).exists():
        return "The household is still in temporary accommodation: record when they leave it"
    return ""


def unconfirmed_gains(case: Case) -> str:
    """Claims of which nobody knows the answer."""
    number = case.income_gains.filter(status=IncomeGain.Status.CLAIMED).count()
    return (
        ""
        if not number
        else counted(
            number,
            "1 income gain is claimed only: confirm it or record that it was refused",
            "{} income gains are claimed only: confirm each or record that it was refused",
        )
    )


CLOSURE_CHECKS: list[Check] = [open_plan, open_placement, unconfirmed_gains]


def remaining_work(case: Case) -> list[str]:
    """What must be settled before the case can close, in words. Runs one query for each check."""
    found = [check(case) for check in CLOSURE_CHECKS]
    return [why for said in found for why in ([said] if isinstance(said, str) else said) if why]
