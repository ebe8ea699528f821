"""What one cell of an extract says: text, dates, moments, codes, JSON. Refusals are sentences. Pure functions."""

from __future__ import annotations

import json
import re
import unicodedata
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from intake.extract.codes import Ours, find

LONDON = ZoneInfo("Europe/London")
EARLIEST = date(1900, 1, 1)
MOST_ID = 60
# Extracts write these where there is nothing.
NOTHING = frozenset({"", "null", "none", "nan", "n/a", "ssd_ph", "placeholder_data"})
_ISO = re.compile(r"^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$")
_UK = re.compile(r"^(\d{1,2})/(\d{1,2})/(\d{4})(?: (\d{1,2}):(\d{2})(?::(\d{2}))?)?$")


class Refused(Exception):
    """The row cannot be taken; the message says why, to whoever can mend it."""


def text(row: dict[str, str], column: str, *, most: int, name: str = "") -> str:
    """A line of text as written, or nothing. Raises Refused for hidden characters and for too much."""
    name = name or column
    written = row.get(column) or ""
    if "\0" in written:
        raise Refused(f"{name} contains a null character")
    written = " ".join(written.split())
    if any(unicodedata.category(one) in ("Cc", "Cs") for one in written):
        raise Refused(f"{name} contains hidden control characters")
    if written.casefold() in NOTHING:
        return ""
    if len(written) > most:
        raise Refused(f"{name} has {len(written):,} characters: the most is {most:,}")
    return written


def needed_id(row: dict[str, str], column: str, what: str) -> str:
    """The id in a column that must have one."""
    found = text(row, column, most=MOST_ID, name=what)
    if not found:
        raise Refused(f"there is no {what} ({column} is empty)")
    return found


def moment(row: dict[str, str], column: str, name: str) -> datetime | None:
    """A moment in local time, or nothing; a day alone is its first minute. An hour that the clocks skip counts as the next."""
    written = text(row, column, most=40, name=name)
    if not written:
        return None
    parts = _parts(written)
    if parts is None:
        raise Refused(f"{name} “{written}” is not a date: write 2026-03-04 or 04/03/2026")
    (year, month, day), clock, zone = parts
    try:
        found = datetime.combine(date(year, month, day), time(clock[0], clock[1], clock[2]), tzinfo=LONDON)
    except ValueError:
        raise Refused(f"{name} “{written}” is a date or time that does not exist") from None
    if zone:
        return datetime.fromisoformat(found.replace(tzinfo=None).isoformat() + _zone(zone)).astimezone(UTC)
    return found.astimezone(UTC)


def day(row: dict[str, str], column: str, name: str) -> date | None:
    """A day, or nothing. Raises Refused for one that cannot be, or that lies before 1900 or after 2199."""
    found = moment(row, column, name)
    if found is None:
        return None
    on = found.astimezone(LONDON).date()
    if not EARLIEST <= on <= date(2199, 12, 31):
        raise Refused(f"{name} {on:%d/%m/%Y} lies too far away")
    return on


def _parts(written: str) -> tuple[tuple[int, int, int], tuple[int, ...], str] | None:
    if found := _ISO.match(written):
        zone = found[7] or ""
        return (int(found[1]), int(found[2]), int(found[3])), _clock(found, 4), zone
    if found := _UK.match(written):
        return (int(found[3]), int(found[2]), int(found[1])), _clock(found, 4), ""
    return None


def _clock(found: re.Match[str], first: int) -> tuple[int, ...]:
    return tuple(int(found[place] or 0) for place in range(first, first + 3))


def _zone(zone: str) -> str:
    return "+00:00" if zone == "Z" else f"{zone[:3]}:{zone[-2:]}"


def code(row: dict[str, str], column: str, codes: dict[str, Ours], name: str) -> Ours | None:
    """What a code is here; None where there is none. Raises Refused for a code that is not published."""
    written = text(row, column, most=100, name=name)
    if not written:
        return None
    ours = find(codes, written)
    if ours is None:
        raise Refused(f"{name} “{written[:40]}” is not a code of the published list")
    return ours


def parts_of(row: dict[str, str], column: str, name: str) -> dict[str, str]:
    """The parts of a JSON field, by upper-case key; nothing for nothing. Raises Refused for anything but plain parts."""
    written = row.get(column) or ""
    if "\0" in written:
        raise Refused(f"{name} contains a null character")
    if written.strip().casefold() in NOTHING:
        return {}
    if len(written) > 4000:
        raise Refused(f"{name} has {len(written):,} characters: the most is 4,000")
    try:
        found: Any = json.loads(written)
    except (ValueError, RecursionError):
        raise Refused(f"{name} is not JSON that can be read") from None
    if not isinstance(found, dict) or any(isinstance(one, dict | list) for one in found.values()):
        raise Refused(f"{name} is not a list of named parts")
    said = {str(key).upper(): "" if one is None else str(one) for key, one in found.items()}
    return {key: text(said, key, most=300, name=f"{key.lower()} in {name}") for key in said}
