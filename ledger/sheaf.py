"""A sheaf: rows of several tables, and a change of one of them, that go to the database together in one round trip.

For the few verbs that write much while somebody waits: each statement alone costs more than what it writes. They run in
the order in which they were added, each under the policies and triggers of its table, as if they had come one by one.
"""

from collections.abc import Callable, Iterable
from functools import lru_cache
from operator import attrgetter
from typing import Any

from django.db import connection, models

from ledger import trail
from ledger.acting import Person

Row = models.Model


class Sheaf:
    """Collects what is to be written; nothing is, until `write`. Entries of the trail come last, in their own order."""

    def __init__(self) -> None:
        self._statements: list[str] = []
        self._values: list[Any] = []
        self._rows: list[Row] = []
        self._entries: list[list[Any]] = []

    def add(self, *rows: Row) -> None:
        """Insert rows of one model. A row without a key gets one that is not read back."""
        if not rows:
            return
        keyed = rows[0].pk is not None
        into, one, columns = _insert_of(type(rows[0]), keyed)
        self._statements.append(into + ", ".join([one] * len(rows)))
        for row in rows:
            self._values += [prepare(take(row), connection) for take, prepare in columns]
        self._rows += rows

    def change(self, row: Row, names: Iterable[str]) -> None:
        """Save the named fields of a row that this sheaf has added."""
        fields = [row._meta.get_field(name) for name in names]
        changes = ", ".join(f'"{field.column}" = %s' for field in fields)  # type: ignore[union-attr]
        key = row._meta.pk
        self._statements.append(f'UPDATE "{row._meta.db_table}" SET {changes} WHERE "{key.column}" = %s')
        self._values += [
            field.get_db_prep_save(getattr(row, field.attname), connection)  # type: ignore[union-attr]
            for field in (*fields, key)
        ]

    def record(self, verb: str, subject: Row, *, by: Person | None, **more: Any) -> None:
        """Write an entry of the trail, as `trail.record` does."""
        self._entries.append(trail.entry(verb, subject, by=by, **more))

    def write(self) -> None:
        """Send it all. Whoever calls is in a transaction, so that all of it stands or none."""
        if self._entries:
            self._statements.append(trail.insert_of(len(self._entries)))
            self._values += [value for entry in self._entries for value in entry]
        if self._statements:
            with connection.cursor() as cursor:
                cursor.execute(";\n".join(self._statements), self._values)
        for row in self._rows:
            row._state.adding, row._state.db = False, connection.alias
        for done in (self._statements, self._values, self._rows, self._entries):
            done.clear()  # type: ignore[attr-defined]


Column = tuple[Callable[[Row], Any], Callable[[Any, Any], Any]]


@lru_cache(maxsize=64)
def _insert_of(model: type[Row], keyed: bool) -> tuple[str, str, tuple[Column, ...]]:
    """The beginning of an insert into the model's table, one row of it, and how each column gets its value."""
    fields = [one for one in model._meta.concrete_fields if keyed or not one.primary_key]
    names = ", ".join(f'"{one.column}"' for one in fields)
    columns = tuple((attrgetter(one.attname), one.get_db_prep_save) for one in fields)
    return (
        f'INSERT INTO "{model._meta.db_table}" ({names}) VALUES ',
        f"({', '.join(['%s'] * len(fields))})",
        columns,
    )
