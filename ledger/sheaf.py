"""A sheaf: rows of several tables, and a change of one of them, that go to the database together in one round trip.

For the few verbs that write much while somebody waits: each statement alone costs more than what it writes. They run in
the order in which they were added, each under the policies and triggers of its table, as if they had come one by one. The
connection keeps their plans: to make those anew, policies and all, took longer than to follow them.
"""

from collections.abc import Callable, Iterable
from functools import lru_cache
from operator import attrgetter
from typing import Any

from django.db import connection, models

from ledger import trail
from ledger.acting import Person

Row = models.Model


AT_ONCE = 8
"""Rows of one insert at most: each number of rows is a statement of its own, and a connection keeps them all."""


class Sheaf:
    """Collects what is to be written; nothing is, until `write`. Entries of the trail come last, in their own order."""

    def __init__(self) -> None:
        self._statements: list[tuple[str, list[Any]]] = []
        self._rows: list[Row] = []
        self._entries: list[list[Any]] = []

    def add(self, *rows: Row) -> None:
        """Insert rows of one model. A row without a key gets one that is not read back."""
        for start in range(0, len(rows), AT_ONCE):
            batch = rows[start : start + AT_ONCE]
            statement, columns = _insert_of(type(batch[0]), batch[0].pk is not None, len(batch))
            values = [prepare(take(row), connection) for row in batch for take, prepare in columns]
            self._statements.append((statement, values))
        self._rows += rows

    def change(self, row: Row, names: Iterable[str]) -> None:
        """Save the named fields of a row that this sheaf has added."""
        statement, columns = _update_of(type(row), tuple(names))
        self._statements.append((statement, [prepare(take(row), connection) for take, prepare in columns]))

    def record(self, verb: str, subject: Row, *, by: Person | None, **more: Any) -> None:
        """Write an entry of the trail, as `trail.record` does."""
        self._entries.append(trail.entry(verb, subject, by=by, **more))

    def write(self) -> None:
        """Send it all. Whoever calls is in a transaction, so that all of it stands or none."""
        for start in range(0, len(self._entries), AT_ONCE):
            batch = self._entries[start : start + AT_ONCE]
            self._statements.append((trail.insert_of(len(batch)), [value for entry in batch for value in entry]))
        if self._statements:
            lines = [
                f"EXECUTE {connection.kept(statement)} ({', '.join(['%s'] * len(values))})"
                for statement, values in self._statements
            ]
            with connection.cursor() as cursor:
                cursor.execute(";\n".join(lines), [value for _, values in self._statements for value in values])
        for row in self._rows:
            row._state.adding, row._state.db = False, connection.alias
        for done in (self._statements, self._rows, self._entries):
            done.clear()  # type: ignore[attr-defined]


Column = tuple[Callable[[Row], Any], Callable[[Any, Any], Any]]


@lru_cache(maxsize=256)
def _insert_of(model: type[Row], keyed: bool, count: int) -> tuple[str, tuple[Column, ...]]:
    """An insert of so many rows into the model's table, and how each column of a row gets its value."""
    fields = [one for one in model._meta.concrete_fields if keyed or not one.primary_key]
    names = ", ".join(f'"{one.column}"' for one in fields)
    rows = ", ".join([f"({', '.join(['%s'] * len(fields))})"] * count)
    return f'INSERT INTO "{model._meta.db_table}" ({names}) VALUES {rows}', _columns(fields)


@lru_cache(maxsize=64)
def _update_of(model: type[Row], names: tuple[str, ...]) -> tuple[str, tuple[Column, ...]]:
    """A change of the named fields in one row of the model's table, found by its key, which is the last value."""
    fields, key = [model._meta.get_field(name) for name in names], model._meta.pk
    changes = ", ".join(f'"{one.column}" = %s' for one in fields)  # type: ignore[union-attr]
    return f'UPDATE "{model._meta.db_table}" SET {changes} WHERE "{key.column}" = %s', _columns([*fields, key])


def _columns(fields: Iterable[Any]) -> tuple[Column, ...]:
    return tuple((attrgetter(one.attname), one.get_db_prep_save) for one in fields)
