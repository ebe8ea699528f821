"""The period that an address asks for: ?to=2026-03&months=12. Nonsense gives the usual one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.http import QueryDict

from reporting.models import Reading
from reporting.months import ending_at, next_month, read_month, words

LENGTHS = (6, 12, 24)
USUAL = 12
MARCH = 3


@dataclass(frozen=True)
class Period:
    """Some months in a row, and how to ask for others."""

    last: date
    length: int
    known: Sequence[date]
    allowed: Sequence[int] = LENGTHS

    @property
    def months(self) -> list[date]:
        """The months, oldest first."""
        return ending_at(self.last, self.length)

    @property
    def query(self) -> str:
        """The period as it stands in an address."""
        return urlencode({"to": f"{self.last:%Y-%m}", "months": self.length})

    @property
    def words(self) -> str:
        """Apr 2025 to Mar 2026."""
        return f"{words(self.months[0])} to {words(self.last)}"

    @property
    def lengths(self) -> list[dict[str, object]]:
        """Choices for a select."""
        return [{"value": one, "text": f"{one} months", "selected": one == self.length} for one in self.allowed]

    @property
    def ends(self) -> list[dict[str, object]]:
        """Choices for a select, newest first: two years of months, and before them the last month of each financial year."""
        near = self.known[-24:]
        offered = [one for one in self.known if one in near or one.month == MARCH or one == self.last]
        return [
            {"value": f"{one:%Y-%m}", "text": words(one), "selected": one == self.last} for one in reversed(offered)
        ]


def known_months() -> list[date]:
    """Months with stored figures, oldest first. Runs one query."""
    ends = Reading.objects.filter(measure="contacts", slice="").order_by("month")
    return list(ends.values_list("month", flat=True))


def read_period(
    asked: QueryDict, today: date, *, known: Sequence[date] | None = None, longest: int = LENGTHS[-1]
) -> Period:
    """The period of an address, ending with the present month if it does not say. Runs one query unless months are `known`."""
    this = today.replace(day=1)
    stored = [one for one in (known_months() if known is None else known) if one <= this]
    known = stored or [this]
    last = read_month(asked.get("to", ""), known) or known[-1]
    allowed = [one for one in LENGTHS if one <= longest]
    length = next((one for one in allowed if str(one) == asked.get("months")), USUAL)
    return Period(last, length, known, allowed)


def months_over(known: Sequence[date], today: date) -> list[date]:
    """Those that have ended, newest first."""
    return [one for one in reversed(known) if next_month(one) <= today]
