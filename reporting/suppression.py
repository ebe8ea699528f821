"""The one filter for small numbers, on every way out: pages, charts and exports.

A small count is hidden, and so is whatever else would let somebody work it out. Nought is shown: it tells of nobody.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from reporting.measures import Measure, Parts, Unit
from reporting.models import Reading

SMALLEST_BASE = 20
"""No percentage of fewer than this."""


class Way(IntEnum):
    """A way out, and the smallest count that may be seen there. An export also hides whatever the screen hides."""

    SCREEN = 5
    EXPORT = 10


@dataclass(frozen=True)
class Figure:
    """A reading as it may be shown. Hidden: neither numerator nor denominator leaves."""

    month: date
    slice: str
    numerator: int | None
    denominator: int | None
    hidden: bool = False
    restated: bool = False


def figures(measure: Measure, readings: Iterable[Reading], way: Way = Way.SCREEN) -> list[Figure]:
    """All the readings of one measure as they may be shown there. Give every slice of a month at once."""
    by_month: dict[date, list[Reading]] = {}
    for reading in readings:
        by_month.setdefault(reading.month, []).append(reading)
    shown = []
    for group in by_month.values():
        hidden: set[str] = set()
        for limit in sorted(one for one in Way if one <= way):
            hidden = _hide(measure, group, int(limit), hidden)
        shown += [_show(one, one.slice in hidden) for one in group]
    return shown


def _show(reading: Reading, hidden: bool) -> Figure:
    restated = reading.restated_at is not None
    if hidden:
        return Figure(reading.month, reading.slice, None, None, hidden=True, restated=restated)
    return Figure(reading.month, reading.slice, reading.numerator, reading.denominator, restated=restated)


def _hide(measure: Measure, group: Sequence[Reading], limit: int, hidden: set[str]) -> set[str]:
    """Names of the slices (the whole is "") that may not be seen, beginning with those that are hidden already."""
    hidden = hidden | {one.slice for one in group if _small(measure, one, limit)}
    whole = next((one for one in group if not one.slice), None)
    parts = sorted((one for one in group if one.slice), key=lambda one: (_size(one), one.slice))
    if whole is None or not parts or measure.parts is Parts.NONE:
        return hidden
    if measure.parts is Parts.NET:
        return _hide_net(parts, hidden)
    while True:
        secret = [one for one in parts if one.slice in hidden]
        if not secret or whole.slice in hidden or _safe(measure, secret, limit):
            break
        # Next the smallest part that is shown and is not nought; failing that the whole.
        more = next((one.slice for one in parts if one.slice not in hidden and _size(one)), "")
        hidden = hidden | {more}
    if "" in hidden and not any(one.slice in hidden for one in parts):
        # The whole is hidden and its parts are not: they would add up to it.
        hidden = hidden | {one.slice for one in parts if _size(one)}
    return hidden


def _small(measure: Measure, one: Reading, limit: int) -> bool:
    if measure.unit is Unit.COUNT:
        return 0 < abs(one.numerator) < limit and not (measure.parts is Parts.NET and not one.slice)
    behind = one.denominator or 0
    if measure.unit is not Unit.SHARE:
        return 0 < behind < limit
    rest = behind - one.numerator
    return 0 < behind < max(SMALLEST_BASE, limit) or 0 < one.numerator < limit or 0 < rest < limit


def _size(one: Reading) -> int:
    return one.numerator or one.denominator or 0


def _safe(measure: Measure, secret: Sequence[Reading], limit: int) -> bool:
    """Whether what is hidden cannot be worked out although its sum can: each part might still be large."""
    if len(secret) < 2:
        return False
    if measure.unit is Unit.PENCE:
        return True
    tops = sum(one.numerator for one in secret)
    if measure.unit is Unit.COUNT:
        return tops >= limit + len(secret) - 1
    rests = sum((one.denominator or 0) - one.numerator for one in secret)
    return (not tops or tops >= limit) and (not rests or rests >= limit)


def _hide_net(parts: Sequence[Reading], hidden: set[str]) -> set[str]:
    """Steps up less steps down: with one of them hidden the other or the difference must be hidden, too."""
    secret = [one for one in parts if one.slice in hidden]
    if not secret:
        return hidden
    others = {one.slice for one in parts if one.slice not in hidden and one.numerator}
    if len(secret) + len(others) < 2:
        return hidden | {""}
    return hidden | others
