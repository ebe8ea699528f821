"""Moments of the working day: when staff write things down, in London's office hours."""

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from random import Random

from accounts.working_time import LONDON, at_local, is_working_day, local_day

OPENS, CLOSES = 9 * 60 + 5, 16 * 60 + 50
ONE_DAY = timedelta(days=1)


def office(
    random: Random, at: datetime, *, days: tuple[int, int] = (0, 0), soonest: datetime | None = None
) -> datetime:
    """A moment in office hours so many days after `at`, later than `soonest` (else than `at`)."""
    began = local_day(at)
    day = began + timedelta(days=random.randint(*days)) if days != (0, 0) else began
    after, today = (at, began) if soonest is None else (soonest, local_day(soonest))
    while True:
        if day >= today and is_working_day(day):
            first = OPENS
            if day == today:
                local = after.astimezone(LONDON)
                first = max(OPENS, local.hour * 60 + local.minute + 2)
            if first < CLOSES:
                return moment(day, random.randint(first, CLOSES))
        day += ONE_DAY


def soon(random: Random, at: datetime, minutes: tuple[int, int]) -> datetime:
    """So many minutes later, or the next morning when the office has closed."""
    then = at + timedelta(minutes=random.randint(*minutes))
    return then if is_open(then) else office(random, then)


def is_open(at: datetime) -> bool:
    """Whether the office is at work."""
    local = at.astimezone(LONDON)
    return is_working_day(local.date()) and OPENS <= local.hour * 60 + local.minute <= CLOSES


def moment(day: date, minute: int) -> datetime:
    """A minute of a London day, from one in the morning on, as in office hours."""
    return _noon(day) + timedelta(minutes=minute - 12 * 60)


@lru_cache(maxsize=8192)
def _noon(day: date) -> datetime:
    return at_local(day, time(12))
