"""Working days and opening hours with England's bank holidays, and calendar clocks that survive daylight saving.

Every function takes an aware moment and answers in UTC. Local means Europe/London."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

LONDON = ZoneInfo("Europe/London")
ONE_DAY = timedelta(days=1)

Span = tuple[time, time]


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """When a team is open: one (opens, closes) pair or None for each weekday from Monday; shut on bank holidays.

    A closing time of 00:00 means midnight at the end of that day."""

    week: tuple[Span | None, ...] = ((time(9), time(17)),) * 5 + (None, None)

    def __post_init__(self) -> None:
        if len(self.week) != 7:
            raise ValueError("Opening hours need seven days, from Monday to Sunday.")
        if not any(self.week):
            raise ValueError("A team must open on at least one day.")
        for span in filter(None, self.week):
            if span[1] != time(0) and span[0] >= span[1]:
                raise ValueError("A team must open before it closes.")

    @classmethod
    def weekly(cls, opens: time, closes: time, weekdays: tuple[int, ...] = (0, 1, 2, 3, 4)) -> OpeningHours:
        """The same hours on each of the weekdays (Monday is 0), shut on the others."""
        return cls(tuple((opens, closes) if weekday in weekdays else None for weekday in range(7)))

    @classmethod
    def from_days(cls, days: Mapping[int, Span]) -> OpeningHours:
        """Hours by weekday (Monday is 0), other days shut. No days at all means office hours."""
        return cls(tuple(days.get(weekday) for weekday in range(7))) if days else cls()

    def on(self, day: date) -> tuple[datetime, datetime] | None:
        """The moments of opening and closing on a day, in UTC; None if shut."""
        span = self.week[day.weekday()]
        if span is None or is_bank_holiday(day):
            return None
        last = day + ONE_DAY if span[1] == time(0) else day
        return at_local(day, span[0]), at_local(last, span[1])

    def closing(self, day: date) -> datetime:
        """Closing time on a day, in UTC; 17:00 where the team is shut, so that every day has an end."""
        span = self.on(day)
        return span[1] if span else at_local(day, OFFICE_CLOSES)


OFFICE_CLOSES = time(17)
OFFICE_HOURS = OpeningHours()


def as_utc(moment: datetime) -> datetime:
    """The moment in UTC. Raises ValueError if it has no time zone."""
    if moment.tzinfo is None:
        raise ValueError("A moment needs a time zone.")
    return moment.astimezone(UTC)


def local_day(moment: datetime) -> date:
    """The London date of a moment."""
    return _local_day(moment)


@lru_cache(maxsize=4096)
def _local_day(moment: datetime) -> date:
    return as_utc(moment).astimezone(LONDON).date()


def at_local(day: date, at: time) -> datetime:
    """A London wall-clock time as a moment in UTC. A repeated hour means its first pass."""
    return datetime.combine(day, at, tzinfo=LONDON).astimezone(UTC)


@lru_cache(maxsize=64)
def bank_holidays(year: int) -> frozenset[date]:
    """England's bank holidays of a year, substitute days included."""
    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))


def is_bank_holiday(day: date) -> bool:
    """Whether England has a bank holiday on this day."""
    return day in bank_holidays(day.year)


@lru_cache(maxsize=8192)
def is_working_day(day: date) -> bool:
    """Monday to Friday and not a bank holiday in England."""
    return day.weekday() < 5 and not is_bank_holiday(day)


def working_day_after(day: date, days: int) -> date:
    """The nth working day after a day, which itself never counts. Zero gives that day, or the next working day."""
    if days < 0:
        raise ValueError("Count working days forwards.")
    if days == 0:
        while not is_working_day(day):
            day += ONE_DAY
        return day
    while days:
        day += ONE_DAY
        days -= is_working_day(day)
    return day


def working_day_before(day: date) -> date:
    """The last working day before a day."""
    day -= ONE_DAY
    while not is_working_day(day):
        day -= ONE_DAY
    return day


def working_days_between(start: date, end: date) -> int:
    """Working days after `start` up to and including `end`; negative if `end` comes first."""
    if end < start:
        return -working_days_between(end, start)
    return sum(is_working_day(start + ONE_DAY * n) for n in range(1, (end - start).days + 1))


def add_working_days(start: datetime, days: int, opening: OpeningHours = OFFICE_HOURS) -> datetime:
    """Closing time on the nth working day after the day of `start`.

    The day itself is day 0, whatever the hour: the clock runs from receipt, not from when somebody looked."""
    return opening.closing(working_day_after(local_day(start), days))


def next_open(moment: datetime, opening: OpeningHours = OFFICE_HOURS) -> datetime:
    """The moment itself if the team is open then, else when it next opens."""
    return add_working_minutes(moment, 0, opening)


def is_open(moment: datetime, opening: OpeningHours = OFFICE_HOURS) -> bool:
    """Whether a team is open at a moment; closing time itself is still open."""
    return next_open(moment, opening) == moment


def add_working_minutes(start: datetime, minutes: int, opening: OpeningHours = OFFICE_HOURS) -> datetime:
    """The moment by which so many minutes of opening time have passed. Runs over the days between."""
    if minutes < 0:
        raise ValueError("Count working minutes forwards.")
    moment, left = as_utc(start), timedelta(minutes=minutes)
    for opens, closes in _spans_from(moment, opening):
        begins = max(opens, moment)
        if begins > closes:
            continue
        if left <= closes - begins:
            return begins + left
        left -= closes - begins
    raise AssertionError("A team that opens every week has a next opening.")


def add_working_hours(start: datetime, hours: int, opening: OpeningHours = OFFICE_HOURS) -> datetime:
    """The moment by which so many hours of opening time have passed."""
    return add_working_minutes(start, hours * 60, opening)


def working_minutes_between(start: datetime, end: datetime, opening: OpeningHours = OFFICE_HOURS) -> int:
    """Whole minutes of opening time between two moments; negative if `end` comes first."""
    first, last = as_utc(start), as_utc(end)
    if last < first:
        return -working_minutes_between(end, start, opening)
    total = timedelta()
    for opens, closes in _spans_from(first, opening):
        if opens >= last:
            break
        total += max(timedelta(), min(closes, last) - max(opens, first))
    return total // timedelta(minutes=1)


def add_hours(start: datetime, hours: int) -> datetime:
    """Calendar hours: 24 hours are 24 hours on the days when the clocks change, too."""
    return as_utc(start) + timedelta(hours=hours)


def add_calendar_days(start: datetime, days: int, opening: OpeningHours = OFFICE_HOURS) -> datetime:
    """Closing time on the nth calendar day after the day of `start`, weekends and holidays included."""
    return opening.closing(local_day(start) + ONE_DAY * days)


def add_months(day: date, months: int) -> date:
    """The same day of a later month, or its last day where that month is shorter."""
    whole = day.year * 12 + day.month - 1 + months
    first = date(whole // 12, whole % 12 + 1, 1)
    longest = (date(first.year + first.month // 12, first.month % 12 + 1, 1) - ONE_DAY).day
    return first.replace(day=min(day.day, longest))


def _spans_from(moment: datetime, opening: OpeningHours) -> Iterator[tuple[datetime, datetime]]:
    """Opening spans in order, from the day before the moment's: a span that ends at midnight still counts at midnight."""
    day = local_day(moment) - ONE_DAY
    while True:
        if span := opening.on(day):
            yield span
        day += ONE_DAY
