"""Months as measures count them: named by their first day, half-open, in London's local time."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time

from accounts.working_time import add_months, at_local, local_day

LONGEST = 15 * 12
"""How many months back figures are kept: an impossible date in one record does not make a century of empty months."""


def month_of(moment: date | datetime) -> date:
    """The local month in which a day or an aware moment falls."""
    day = local_day(moment) if isinstance(moment, datetime) else moment
    return day.replace(day=1)


def next_month(month: date) -> date:
    """The month after."""
    return add_months(month, 1)


def begins(month: date) -> datetime:
    """The moment at which a month begins, in UTC: 23:00 of the day before in summer."""
    return at_local(month, time(0))


def months_between(first: date, last: date) -> list[date]:
    """Every month from `first` to `last`, both included."""
    months = []
    while first <= last:
        months.append(first)
        first = next_month(first)
    return months


def ending_at(last: date, count: int) -> list[date]:
    """The `count` months that end with `last`."""
    return months_between(add_months(last, 1 - count), last)


APART = 12


def stretches(months: Sequence[date]) -> list[list[date]]:
    """Months that lie together, for measures read all that lies between the first and the last that they are asked for.

    A gap of up to a year is read across: movement between tiers looks a year back for each stretch.
    """
    found: list[list[date]] = []
    for month in sorted(months):
        if found and month <= add_months(found[-1][-1], APART + 1):
            found[-1].append(month)
        else:
            found.append([month])
    return found


def kept(months: Iterable[date], now: datetime) -> list[date]:
    """Those for which figures are kept: not in the future, not older than LONGEST; in order, once each."""
    last = month_of(now)
    first = add_months(last, 1 - LONGEST)
    return sorted({month for month in months if first <= month <= last})


def read_month(text: str, choices: Sequence[date]) -> date | None:
    """A month written 2026-03, if it is one of the choices."""
    return next((month for month in choices if f"{month:%Y-%m}" == text), None)


def words(month: date) -> str:
    """Mar 2026."""
    return f"{month:%b %Y}"
