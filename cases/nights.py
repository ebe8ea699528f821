"""Counting nights: how long a household has been in bed and breakfast without a break, and when six weeks are up."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Protocol

from cases.models import Placement

WARN_NIGHTS = 28
MOST_NIGHTS = (
    42  # Homelessness (Suitability of Accommodation) (England) Order 2003: six weeks with a child or pregnancy
)


class Stay(Protocol):
    """What is counted: a placement."""

    kind: str
    starts_on: date
    ends_on: date | None


def bed_and_breakfast_since(stays: Iterable[Stay]) -> date | None:
    """The first night of the present run in bed and breakfast; a move from one to another does not begin it anew."""
    ordered = sorted(stays, key=lambda stay: stay.starts_on, reverse=True)
    if not ordered or ordered[0].ends_on:
        return None
    first: date | None = None
    for stay in ordered:
        together = first is None or stay.ends_on == first
        if stay.kind != Placement.Kind.BED_AND_BREAKFAST or not together:
            break
        first = stay.starts_on
    return first


def nights_between(first: date, today: date) -> int:
    """Nights spent from the first one up to this morning: days of the calendar, whatever the clocks do."""
    return max((today - first).days, 0)


def leave_by(first: date) -> date:
    """The morning after the last night that the six weeks allow."""
    return first + timedelta(days=MOST_NIGHTS)
