"""Dates of birth as people write them in one line with other words: 17/05/84, 17th of May 1984, 1984-05-17, 170584. Pure functions."""

import re
from contextlib import suppress
from datetime import date
from typing import NamedTuple

from django.utils import timezone

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
_YEAR = r"((?:18|19|20)\d\d|\d\d)"
_END = r"(?![\w/])"
_APART = r"[\s\-/.,]*"
_SHAPES = (
    (re.compile(rf"(?<![\w/])((?:18|19|20)\d\d)[-/. ](\d{{1,2}})[-/. ](\d{{1,2}}){_END}"), "ymd"),
    (re.compile(rf"(?<![\w/+])(3[2-9]|[4-9]\d)[-/.](\d{{1,2}})[-/.](\d{{1,2}}){_END}"), "ymd"),
    (re.compile(rf"(?<![\w/+])(\d{{1,2}})\s*[-/.]\s*(\d{{1,2}})\s*[-/.]\s*{_YEAR}{_END}"), "dmy"),
    (re.compile(rf"(?<!\w)(\d{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?{_APART}{_MONTH}{_APART}{_YEAR}{_END}", re.IGNORECASE), "dMy"),
    (re.compile(rf"(?<!\w){_MONTH}[\s-]+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+{_YEAR}{_END}", re.IGNORECASE), "Mdy"),
    (re.compile(rf"(?<![\w+])(\d\d)(\d\d)((?:19|20)\d\d){_END}"), "dmy"),
    (re.compile(rf"(?<![\w+])((?:19|20)\d\d)(\d\d)(\d\d){_END}"), "ymd"),
    (re.compile(rf"(?<![\w+])(\d\d)(\d\d)(\d\d){_END}"), "dmy"),
    (re.compile(rf"(?<![\w+])(\d{{1,2}}) (\d{{1,2}}) {_YEAR}{_END}"), "dmy"),
)  # fmt: skip
_MONTHS_ALONE = (
    re.compile(rf"(?<!\w){_MONTH}{_APART}((?:19|20)\d\d){_END}", re.IGNORECASE),
    re.compile(rf"(?<![\w/.-])(0?[1-9]|1[0-2])[-/.]((?:19|20)\d\d){_END}"),
)
_YEAR_ALONE = re.compile(r"(?<![\w/+-])((?:19|20)\d\d)(?![\w/-])")


class Taken(NamedTuple):
    """What a line says of a birth: the days that may be meant, or a year alone, perhaps with its month; and the line without it."""

    days: list[date]
    year: int | None
    month: int | None
    rest: str


def _years(text: str) -> list[int]:
    """The years that a written year may mean, the likelier first; none in the future."""
    if len(text) == 4:
        return [int(text)]
    return [year for year in (2000 + int(text), 1900 + int(text)) if year <= timezone.localdate().year]


def _days(parts: dict[str, str]) -> list[date]:
    month = MONTHS.index(parts["M"][:3].lower()) + 1 if "M" in parts else int(parts["m"])
    found = []
    for year in _years(parts["y"]):
        with suppress(ValueError):
            found.append(date(year, month, int(parts["d"])))
    return [day for day in found if day <= timezone.localdate()]


def swapped(day: date) -> date | None:
    """The same figures with day and month exchanged, where that is another date."""
    if day.day > 12 or day.day == day.month:
        return None
    return date(day.year, day.day, day.month)


def _read(shape: str, found: re.Match[str]) -> list[date]:
    parts = dict(zip(shape, found.groups(), strict=True))
    days = _days(parts)
    if not days and "m" in parts:  # 05/17/1984 can only be the other way round
        days = _days(parts | {"d": parts["m"], "m": parts["d"]})
    return days


def take_birth(text: str) -> Taken:
    """Take the day of birth that is written in a line, or a month with its year, or a year alone."""
    for pattern, shape in _SHAPES:
        for found in pattern.finditer(text):
            if days := _read(shape, found):
                return Taken(days, None, None, _without(text, found))
    today = timezone.localdate()
    for pattern in _MONTHS_ALONE:
        if (partly := pattern.search(text)) and int(partly[2]) <= today.year:
            month = int(partly[1]) if partly[1].isdigit() else MONTHS.index(partly[1][:3].lower()) + 1
            return Taken([], int(partly[2]), month, _without(text, partly))
    if (year := _YEAR_ALONE.search(text)) and int(year[1]) <= today.year:
        return Taken([], int(year[1]), None, _without(text, year))
    return Taken([], None, None, text)


def _without(text: str, found: re.Match[str]) -> str:
    return f"{text[: found.start()]} {text[found.end() :]}"


def near(day: date) -> list[date]:
    """The days with one digit different, as ddmmyyyy is typed: none before 1890 or in the future."""
    digits, today, found = f"{day:%d%m%Y}", timezone.localdate(), []
    for place in range(8):
        for digit in "0123456789":
            typed = digits[:place] + digit + digits[place + 1 :]
            if typed != digits and 1890 <= int(typed[4:]) <= today.year:
                with suppress(ValueError):
                    found.append(date(int(typed[4:]), int(typed[2:4]), int(typed[:2])))
    return [one for one in found if one <= today]
