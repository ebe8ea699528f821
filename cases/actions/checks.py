"""What has to be settled before a case closes. Rooms above append their own checks when they start."""

from collections.abc import Callable

from cases.models import Case, IncomeGain, PlanAction, PlanNeed

Check = Callable[[Case], str]


def counted(number: int, one: str, many: str) -> str:
    """One thing, or how many of them, in words."""
    return one if number == 1 else many.format(number)


def open_actions(case: Case) -> str:
    """Actions that nobody has finished or dropped."""
    number = case.plan_actions.filter(status=PlanAction.Status.OPEN).count()
    return (
        ""
        if not number
        else counted(
            number, "1 action is still to do: finish it or drop it", "{} actions are still to do: finish or drop them"
        )
    )


def open_needs(case: Case) -> str:
    """Needs without a word on how far they were met."""
    number = case.plan_needs.filter(status=PlanNeed.Status.OPEN).count()
    return (
        ""
        if not number
        else counted(
            number,
            "1 need is still being worked on: say how far it was met",
            "{} needs are still being worked on: say how far each was met",
        )
    )


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


CLOSURE_CHECKS: list[Check] = [open_actions, open_needs, open_placement, unconfirmed_gains]


def remaining_work(case: Case) -> list[str]:
    """What must be settled before the case can close, in words. Runs one query for each check."""
    return [why for check in CLOSURE_CHECKS if (why := check(case))]
