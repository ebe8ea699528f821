"""How soon: each kind of clock that a triage rule may start, and the local times behind MASH Red, Amber and Green."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import IntegerChoices, TextChoices

from accounts.working_time import (
    OFFICE_HOURS,
    OpeningHours,
    add_calendar_days,
    add_hours,
    add_working_days,
    add_working_hours,
    as_utc,
    local_day,
    working_day_before,
)

LATE_HOURS = 2
"""Work due today that arrives late in the day, or out of hours, has at least this long."""


class Rag(IntegerChoices):
    """How urgent, most urgent last: Red is today, Amber by the next working day, Green after that."""

    GREEN = 1, "Green"
    AMBER = 2, "Amber"
    RED = 3, "Red"


class Kind(TextChoices):
    """The ways in which a clock may run."""

    NOW = "now", "now"
    RED = "red", "MASH Red"
    AMBER = "amber", "MASH Amber"
    GREEN = "green", "MASH Green"
    HOURS = "hours", "hours"
    WORKING_HOURS = "working_hours", "working hours"
    SAME_DAY = "same_day", "today"
    WORKING_DAYS = "working_days", "working days"
    DAYS = "days", "days"
    BEFORE = "before", "by the working day before the date"


@dataclass(frozen=True, slots=True)
class Clock:
    """One clock. It starts when the contact was received, whoever looked at it when."""

    kind: Kind
    amount: int = 0

    @classmethod
    def hours(cls, amount: int) -> Clock:
        """Calendar hours: they run at night, at weekends and across daylight saving."""
        return cls(Kind.HOURS, amount)

    @classmethod
    def working_hours(cls, amount: int) -> Clock:
        """Hours of the team's opening time."""
        return cls(Kind.WORKING_HOURS, amount)

    @classmethod
    def working_days(cls, amount: int) -> Clock:
        """Closing time on the nth working day after the day of receipt."""
        return cls(Kind.WORKING_DAYS, amount)

    @classmethod
    def days(cls, amount: int) -> Clock:
        """Closing time on the nth calendar day after the day of receipt."""
        return cls(Kind.DAYS, amount)

    @property
    def words(self) -> str:
        """The clock as staff say it."""
        if self.kind in (Kind.HOURS, Kind.WORKING_HOURS, Kind.WORKING_DAYS, Kind.DAYS):
            return f"within {self.amount} {self.kind.label.removesuffix('s') if self.amount == 1 else self.kind.label}"
        return str(self.kind.label)

    @property
    def rag(self) -> Rag:
        """Red for now and today, Amber for the next working day or two calendar days, else Green."""
        if self.kind in (Kind.NOW, Kind.RED, Kind.SAME_DAY):
            return Rag.RED
        if self.kind == Kind.AMBER or (self.kind == Kind.HOURS and self.amount <= 48):
            return Rag.AMBER
        if self.kind == Kind.WORKING_DAYS and self.amount <= 1:
            return Rag.AMBER
        return Rag.GREEN


NOW = Clock(Kind.NOW)
MASH_RED = Clock(Kind.RED)
MASH_AMBER = Clock(Kind.AMBER)
MASH_GREEN = Clock(Kind.GREEN)
SAME_DAY = Clock(Kind.SAME_DAY)
BEFORE = Clock(Kind.BEFORE)

RED_TIME = Clock.hours(4)
AMBER_TIME = Clock.working_hours(8)
GREEN_TIME = Clock.working_hours(24)


@dataclass(frozen=True, slots=True)
class Clocks:
    """The local MASH times, for each council to set: 4, 24 and 72 hours unless it says otherwise.

    Red runs out of hours. Amber and Green run in opening hours, where 24 hours are one working day of eight
    hours and 72 hours are three."""

    red: Clock = RED_TIME
    amber: Clock = AMBER_TIME
    green: Clock = GREEN_TIME

    def due(
        self, clock: Clock, received_at: datetime, opening: OpeningHours = OFFICE_HOURS, on: date | None = None
    ) -> datetime:
        """When a clock that started at `received_at` runs out, in UTC. `on` is the date that BEFORE looks at."""
        local = {Kind.RED: self.red, Kind.AMBER: self.amber, Kind.GREEN: self.green}.get(clock.kind)
        if local is not None:
            return self.due(local, received_at, opening)
        match clock.kind:
            case Kind.NOW:
                return as_utc(received_at)
            case Kind.HOURS:
                return add_hours(received_at, clock.amount)
            case Kind.WORKING_HOURS:
                return add_working_hours(received_at, clock.amount, opening)
            case Kind.WORKING_DAYS:
                return add_working_days(received_at, clock.amount, opening)
            case Kind.DAYS:
                return add_calendar_days(received_at, clock.amount, opening)
            case Kind.BEFORE:
                if on is None:
                    raise ValueError("A clock that looks at a date needs one.")
                last = opening.closing(working_day_before(on))
                return max(last, self._today(received_at, opening))
        return self._today(received_at, opening)

    @staticmethod
    def _today(received_at: datetime, opening: OpeningHours) -> datetime:
        """Closing time today (17:00 where the team is shut), or two hours after receipt if that is later."""
        return max(opening.closing(local_day(received_at)), add_hours(received_at, LATE_HOURS))
