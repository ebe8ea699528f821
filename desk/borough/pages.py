"""Lines on their way into the tables: kept for a while, then copied, so that a borough of any size needs little memory."""

import json
from collections.abc import Callable, Iterable, Sequence
from operator import itemgetter
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models

from ledger.bulk import as_text, copy_lines

FULL = 10_000
"""From so many lines on, those of a table are copied."""
Writer = Callable[[str, Sequence[str], list[str]], None]
NOTHING = "\\N"
_BETWEEN, _MISSING = "\x1f", "\x1e"  # stand in no text: a form refuses them


class Pages:
    """Lines by table. `turn` hands full tables to `write` (COPY, unless something else is wanted), `close` the rest."""

    def __init__(self, write: Writer = copy_lines) -> None:
        self._write = write
        self._lines: dict[str, list[str]] = {}
        self._columns: dict[str, Sequence[str]] = {}
        self.written: dict[str, int] = {}

    def open(self, table: str, columns: Sequence[str]) -> Callable[[str], None]:
        """A function that takes the lines of a table. It only keeps them: `turn` and `close` hand them on."""
        self._columns[table] = columns
        return self._lines.setdefault(table, []).append

    def turn(self) -> None:
        """Write what has become full. To be called now and then."""
        for table, lines in self._lines.items():
            if len(lines) >= FULL:
                self._hand_over(table)

    def close(self) -> None:
        """Write what is left."""
        for table in self._lines:
            self._hand_over(table)

    def _hand_over(self, table: str) -> None:
        lines = self._lines[table]
        if lines:
            self._write(table, self._columns[table], lines)
            self.written[table] = self.written.get(table, 0) + len(lines)
            lines.clear()


class Written(str):
    """JSON that is text already."""


_encode = json.JSONEncoder(ensure_ascii=False).encode


def line_writer(fields: Sequence[models.Field]) -> Callable[[dict[str, Any]], str]:
    """How a row is written for COPY. One template for all of its values; only what needs it is looked at one by one."""
    names, one_by_one = [field.attname for field in fields], writers(fields)
    take, template = itemgetter(*names), _BETWEEN.join(["%s"] * len(names))

    unplain = [
        field.attname for field in fields if isinstance(field, models.JSONField | ArrayField | models.BinaryField)
    ]

    def slowly(values: dict[str, Any]) -> str:
        return "\t".join([write(values[name]) for name, write in zip(names, one_by_one, strict=True)])

    def quickly(values: dict[str, Any]) -> str:
        line = template % tuple([_MISSING if value is None else value for value in take(values)])
        if "\\" in line or "\n" in line or "\t" in line or "\r" in line:
            return slowly(values)
        return line.replace(_BETWEEN, "\t").replace(_MISSING, NOTHING)

    def either(values: dict[str, Any]) -> str:
        return quickly(values) if all(type(values[name]) is Written for name in unplain) else slowly(values)

    return either if unplain else quickly


def writers(fields: Iterable[models.Field]) -> list[Callable[[Any], str]]:
    """How the value of each field is written for COPY: five times as quick as asking each value what it is."""
    return [_writer(field) for field in fields]


def _writer(field: models.Field) -> Callable[[Any], str]:
    if isinstance(field, models.ForeignKey | models.IntegerField):
        return _whole
    if isinstance(field, models.DateField | models.BooleanField):
        return _as_python_says
    if isinstance(field, models.CharField | models.TextField):
        return text
    if isinstance(field, models.JSONField) and not isinstance(field, ArrayField):
        return _json
    return as_text


def text(value: str | None) -> str:
    """Words, with what COPY would read otherwise put in another way."""
    if value is None:
        return NOTHING
    if "\\" in value or "\n" in value or "\t" in value or "\r" in value:
        return as_text(value)
    return str(value)


def _whole(value: int | None) -> str:
    return NOTHING if value is None else str(int(value))


def _as_python_says(value: Any) -> str:
    return NOTHING if value is None else str(value)


def _json(value: Any) -> str:
    if value is None:
        return NOTHING
    return text(value if type(value) is Written else _encode(value))
