"""Questions composed once: the pages of the day's work ask the same ten for everybody, and composing took most of their time.

A queryset is composed for somebody who stands in for the person, and its SQL kept; asked again, the person and the moment
are put in their places. What the database is asked is what the queryset would have asked.
"""

from collections.abc import Callable, Hashable
from copy import copy
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import QuerySet
from django.db.models.query import ModelIterable

STANDS_IN = -7_777_777_777_777
"""The key of nobody, in the place of the person's own."""
MOST_KEPT = 64

Make = Callable[[Any, datetime], QuerySet[Any]]


class Composed:
    """The rows of `make(user, at)`, composed once for each role and organisation, and the days that `days(at)` names.

    `make` may use of the user nothing but these and the key; of the moment, the days that are named, and moments that lie a
    fixed time before or after it.
    """

    def __init__(self, make: Make, *, days: Callable[[datetime], Hashable]) -> None:
        self._make, self._days = make, days
        self._kept: dict[Hashable, tuple[Any, str, tuple[Any, ...], datetime] | None] = {}

    def rows(self, user: Any, at: datetime) -> list[Any]:
        """The rows, as instances with what was selected and annotated. Runs one query."""
        found = self.asked(user, at)
        if found is None:
            return []
        compiler, sql, params = found
        compiler.as_sql = lambda *_, **__: (sql, params)
        query = SimpleNamespace(get_compiler=lambda using: compiler)
        return list(ModelIterable(SimpleNamespace(db=DEFAULT_DB_ALIAS, query=query, _known_related_objects={})))

    def asked(self, user: Any, at: datetime) -> tuple[Any, str, tuple[Any, ...]] | None:
        """What the database will be asked: a compiler, the SQL and its values; None where the answer is empty in advance."""
        key = (str(user.role), user.organisation_id, self._days(at))
        if key not in self._kept:
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            self._kept[key] = self._compose(user, at)
        kept = self._kept[key]
        if kept is None:
            return None
        compiler, sql, params, then = copy(kept[0]), *kept[1:]
        compiler.connection = connections[DEFAULT_DB_ALIAS]
        return compiler, sql, tuple(_today(value, user, at - then) for value in params)

    def _compose(self, user: Any, at: datetime) -> tuple[Any, str, tuple[Any, ...], datetime] | None:
        nobody = copy(user)
        nobody.pk = STANDS_IN
        compiler = self._make(nobody, at).query.get_compiler(DEFAULT_DB_ALIAS)
        try:
            sql, params = compiler.as_sql()
        except EmptyResultSet:
            return None
        return compiler, sql, tuple(params), at


def _today(value: Any, user: Any, later: timedelta) -> Any:
    """A value in the place of the one that it was composed with."""
    if isinstance(value, datetime):
        return value + later
    return user.pk if type(value) is int and value == STANDS_IN else value
