"""What stories share: the place in one where the next page begins, and events under their months."""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

from accounts.working_time import local_day

A_PAGE = 15
ALL = 500  # for paper
_ZERO = datetime(1970, 1, 1, tzinfo=UTC)


def month_of(at: datetime) -> date:
    """The first day of its month, in London."""
    return local_day(at).replace(day=1)


def write_place(at: datetime, key: int) -> str:
    """A moment to the microsecond, and the row: where the next page begins."""
    return f"{(at - _ZERO) // timedelta(microseconds=1)}-{key}"


def read_place(text: str) -> tuple[datetime, int] | None:
    """The place that an address names; None for nonsense."""
    moment, _, key = text.partition("-")
    if moment.isdecimal() and key.isdecimal() and len(moment) < 18 and len(key) < 19:
        with suppress(OverflowError):
            return _ZERO + timedelta(microseconds=int(moment)), int(key)
    return None
