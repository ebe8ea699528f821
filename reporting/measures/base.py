"""What a measure is: its definition in words beside the one query that takes it for any months at once."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from django.db import connection

from accounts.working_time import bank_holidays
from reporting.models import TouchedMonth
from reporting.months import begins, next_month

Work = TouchedMonth.Kind


class Unit(StrEnum):
    """What the numerator counts. Where it is not people, the denominator says how many records are behind it."""

    COUNT = "count"
    SHARE = "share"
    PENCE = "pence"
    MINUTES = "minutes"
    DAYS = "days"


class Good(StrEnum):
    """Which way is better."""

    UP = "up"
    DOWN = "down"
    CONTEXT = "context"

    @property
    def words(self) -> str:
        """As the definitions page says it."""
        return {"up": "Higher is better", "down": "Lower is better"}.get(
            self.value, "Neither way is better by itself: read it in context"
        )


class Parts(StrEnum):
    """How slices make the whole, which is what suppression must know."""

    NONE = "none"  # other views of the same records
    SUM = "sum"  # numerators add up to the whole; a denominator is shared
    BOTH = "both"  # numerators add up, and so do denominators
    NET = "net"  # the whole is the slice "up" less the slice "down"


class Row(NamedTuple):
    """One reading as it is taken."""

    month: date
    slice: str
    numerator: int
    denominator: int | None


Take = Callable[[Sequence[date]], list[Row]]


@dataclass(frozen=True)
class Measure:
    """One figure for each month, with everything that a reader must know of it."""

    key: str
    label: str
    meaning: str
    unit: Unit
    good: Good
    source: str
    caveat: str
    numerator: str
    denominator: str
    population: str
    period: str
    take: Take
    touched_by: Collection[Work]
    """Kinds of work that can change its figures: only for their months is it taken again."""
    slices: Mapping[str, str] = field(default_factory=dict)
    """Key of each slice and its name. Empty where slices are people (see `of_staff`) or there are none."""
    parts: Parts = Parts.NONE
    of_staff: bool = False
    """Slices are ids of users, who are named only when a manager reads them."""
    settles_after: timedelta = timedelta(0)
    """How long after the end of a month its figure may still change by itself."""
    target: int | None = None
    """A local aim, in the unit (per cent for a share)."""
    headline: bool = False
    """Drawn on the dashboard."""

    def readings(self, months: Sequence[date]) -> list[Row]:
        """Take the measure. An empty month has a whole of nought, so that nothing is left from before. Runs one query."""
        if not months:
            return []
        rows = self.take(months)
        taken = {row.month for row in rows if not row.slice}
        nothing = None if self.unit is Unit.COUNT else 0
        return rows + [Row(month, "", 0, nothing) for month in months if month not in taken]

    def settled(self, month: date, now: datetime) -> bool:
        """Whether a month is over and nothing that comes later can change its figure, late records apart."""
        return begins(next_month(month)) + self.settles_after <= now


def ask(sql: str, months: Sequence[date], **parameters: Any) -> list[Row]:
    """Run one query over all the months. It may name months, starts and ends beside its own parameters."""
    bounds = {"months": list(months), "starts": begins(min(months)), "ends": begins(next_month(max(months)))}
    with connection.cursor() as cursor:
        cursor.execute(sql, {**bounds, **parameters})
        return [Row(month, name, int(top), None if of is None else int(of)) for month, name, top, of in cursor]


def number(month: date) -> int:
    """A month as figures.number() counts it, so that the next one is one more."""
    return month.year * 12 + month.month


def holidays_around(months: Sequence[date]) -> list[date]:
    """England's bank holidays of those years and of the two years before, in which their clocks may have begun."""
    return sorted(day for year in range(min(months).year - 2, max(months).year + 2) for day in bank_holidays(year))
