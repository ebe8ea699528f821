"""What has to be settled before a case closes. Rooms above append their own checks when they start."""

from collections.abc import Callable
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from cases.models import Case, IncomeGain, Placement, PlanAction, PlanNeed

Check = Callable[[Case], str | list[str]]  # a reason, several, or nothing


def counted(number: int, one: str, many: str) -> str:
    """One thing, or how many of them, in words; nothing for none."""
    return (one if number == 1 else many.format(number)) if number else ""


def work_of_case(case: Case) -> list[str]:
    """Actions to do, needs without a word on how far they were met, nights that go on, claims not answered. Runs one query."""
    todo = _number(PlanAction.objects.filter(status=PlanAction.Status.OPEN))
    needs = _number(PlanNeed.objects.filter(status=PlanNeed.Status.OPEN))
    claims = _number(IncomeGain.objects.filter(status=IncomeGain.Status.CLAIMED))
    placed = Exists(Placement.objects.filter(case=OuterRef("pk"), ends_on=None))
    found = Case.objects.filter(pk=case.pk).values_list(todo, needs, placed, claims).get()
    said = [
        counted(
            found[0], "1 action is still to do: finish it or drop it", "{} actions are still to do: finish or drop them"
        ),
        counted(
            found[1],
            "1 need is still being worked on: say how far it was met",
            "{} needs are still being worked on: say how far each was met",
        ),
        "The household is still in temporary accommodation: record when they leave it" if found[2] else "",
        counted(
            found[3],
            "1 income gain is claimed only: confirm it or record that it was refused",
            "{} income gains are claimed only: confirm each or record that it was refused",
        ),
    ]
    return [words for words in said if words]


def _number(rows: QuerySet[Any]) -> Coalesce:
    """How many of these rows a case has."""
    of_case = rows.filter(case=OuterRef("pk")).order_by().values("case").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(of_case), 0)


CLOSURE_CHECKS: list[Check] = [work_of_case]


def remaining_work(case: Case) -> list[str]:
    """What must be settled before the case can close, in words. Runs one query for each check."""
    found = [check(case) for check in CLOSURE_CHECKS]
    return [why for said in found for why in ([said] if isinstance(said, str) else said) if why]
