"""Questions composed once: the pages of the day's work ask the same few for everybody, and composing took most of their time.

A queryset is composed for somebody who stands in for the person, about something that stands for the record, or for a list of them, and its
SQL kept; asked again, the person, the records and the moment are put in their places. What the database is asked is what the queryset would have asked. The connection keeps each
question as a statement with its plan, too: to plan one, with the policies of its tables, took longer than to answer it.
Only the person, the record and the moments are its values, so that indexes of a part of a table still serve.
"""

from collections.abc import Callable, Hashable, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import QuerySet
from django.db.models.query import ModelIterable

STANDS_IN = -7_777_777_777_777
"""The key of nobody, in the place of the person's own."""
STANDS_FOR = STANDS_IN - 1
"""The key of nothing, in the place of that of the record which a question is about, or alone in a list in the place of many."""
MOST_KEPT = 64

Make = Callable[..., QuerySet[Any]]
About = int | list[int] | None


@dataclass(frozen=True, slots=True)
class _Question:
    """A question as it was composed, and as a statement with places for what differs: those values stand at `places`."""

    compiler: Any
    sql: str
    params: tuple[Any, ...]
    at: datetime
    statement: str
    places: tuple[int, ...]


class Composed:
    """The rows of `make(user, at)`, or `make(user, at, key)` of a record or a list of them, composed once for each role, organisation,
    whether on duty as manager, and the days that `days(at)` names.

    `make` may use of the user nothing but these and the key (of nobody, nothing); of the moment, the days that are named, and moments
    that lie a fixed time before or after it; of the record its key, and that as a value by itself; of several
    the list of their keys, and that as one value (see `Among`).
    """

    def __init__(self, make: Make, *, days: Callable[[datetime], Hashable]) -> None:
        self._make, self._days = make, days
        self._kept: dict[Hashable, _Question | None] = {}

    def rows(self, user: Any, at: datetime, about: About = None) -> list[Any]:
        """The rows, as instances with what was selected and annotated. Runs one query."""
        question = self._question(user, at, about)
        if question is None:
            return []
        line = connections[DEFAULT_DB_ALIAS]
        compiler, _, params = self._in_place(question, user, at, about)
        values = [params[place] for place in question.places]
        given = f" ({', '.join(['%s'] * len(values))})" if values else ""
        execute = f"EXECUTE {line.kept(question.statement, 'asked')}{given}"
        compiler.as_sql = lambda *_, **__: (execute, values)
        query = SimpleNamespace(get_compiler=lambda using: compiler)
        return list(ModelIterable(SimpleNamespace(db=DEFAULT_DB_ALIAS, query=query, _known_related_objects={})))

    def asked(self, user: Any, at: datetime, about: About = None) -> tuple[Any, str, tuple[Any, ...]] | None:
        """What the database will be asked: a compiler, the SQL and its values; None where the answer is empty in advance."""
        question = self._question(user, at, about)
        return question and self._in_place(question, user, at, about)

    def _question(self, user: Any, at: datetime, about: About) -> _Question | None:
        key = (user and (str(user.role), user.organisation_id, user.duty_manager), self._days(at))
        if key not in self._kept:
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            self._kept[key] = self._compose(user, at, about)
        return self._kept[key]

    @staticmethod
    def _in_place(question: _Question, user: Any, at: datetime, about: About) -> tuple[Any, str, tuple[Any, ...]]:
        compiler, keys = copy(question.compiler), {STANDS_IN: user and user.pk, STANDS_FOR: about}
        compiler.connection = connections[DEFAULT_DB_ALIAS]
        return compiler, question.sql, tuple(_today(value, keys, at - question.at) for value in question.params)

    def _compose(self, user: Any, at: datetime, about: About) -> _Question | None:
        nobody = copy(user)
        if nobody is not None:
            nobody.pk = STANDS_IN
        stands = [] if about is None else [[STANDS_FOR] if isinstance(about, list) else STANDS_FOR]
        compiler = self._make(nobody, at, *stands).query.get_compiler(DEFAULT_DB_ALIAS)
        try:
            sql, params = compiler.as_sql()
        except EmptyResultSet:
            return None
        places = tuple(place for place, value in enumerate(params) if _differs(value))
        return _Question(compiler, sql, tuple(params), at, _statement(sql, params), places)


def _statement(sql: str, params: Sequence[Any]) -> str:
    """The SQL with what is always the same written out, and %s where the person or a moment goes."""
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        words = [
            "%s" if _differs(one) else cursor.cursor.mogrify("%s", [one]).decode().replace("%", "%%") for one in params
        ]
    return sql.replace("%%", "%%%%") % tuple(words)


def _differs(value: Any) -> bool:
    return isinstance(value, date) or value == [STANDS_FOR] or (type(value) is int and value in (STANDS_IN, STANDS_FOR))


def _today(value: Any, keys: dict[int, Any], later: timedelta) -> Any:
    """A value in the place of the one that it was composed with."""
    if isinstance(value, datetime):
        return value + later
    if value == [STANDS_FOR]:
        return keys[STANDS_FOR]
    return keys.get(value, value) if type(value) is int else value
