"""Rows of several tables asked for at once: a page about one record needs one question instead of one for each of its lists."""

from collections.abc import Callable, Hashable, Iterable
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Exists, F
from django.db.models.functions import JSONObject

from ledger.composed import Composed

SEPARATOR = "__"


def gather(record: models.Model, **asked: models.QuerySet[Any] | Exists) -> dict[str, Any]:
    """The rows of each queryset, in its order, as instances; whether each `Exists` holds. Runs one query.

    Of the rows a queryset says by `.only()` which fields it wants, those of other tables (`user__name`) included; without
    it all of its own come. A field that was not asked for is fetched when it is read, as Django does it.
    """
    columns = {name: one if isinstance(one, Exists) else gathered(one) for name, one in asked.items()}
    row = record._meta.model._base_manager.filter(pk=record.pk).values_list(*columns.values()).first()
    found = row or [False if isinstance(one, Exists) else [] for one in asked.values()]
    return {
        name: value if isinstance(one, Exists) else built(one.model, value)
        for (name, one), value in zip(asked.items(), found, strict=True)
    }


class GatheredOnce:
    """The same as `gather` of a record, in a question that was composed once (see `Composed`): where a page is opened all day.

    `asked(user, at, key)` gives what is asked for; which it is may depend on the user's role only.
    """

    def __init__(
        self,
        record: type[models.Model],
        asked: Callable[[Any, datetime, int], dict[str, models.QuerySet[Any] | Exists]],
        *,
        days: Callable[[datetime], Hashable],
    ) -> None:
        self._record, self._asked, self._models = record, asked, dict[str, type[models.Model] | None]()
        self.question = Composed(self.make, days=days)

    def make(self, user: Any, at: datetime, key: int) -> models.QuerySet[Any]:
        """What is composed: the record, with the rows of each queryset as a column of its own."""
        asked = self._asked(user, at, key)
        self._models |= {name: None if isinstance(one, Exists) else one.model for name, one in asked.items()}
        columns = {f"of_{name}": one if isinstance(one, Exists) else gathered(one) for name, one in asked.items()}
        return self._record._base_manager.filter(pk=key).only("pk").order_by().annotate(**columns)

    def rows(self, key: int, user: Any, at: datetime) -> dict[str, Any]:
        """The rows of each queryset, in its order, as instances, and whether each `Exists` holds; none of what this role is not
        asked for. Runs one query.
        """
        found = next(iter(self.question.rows(user, at, key)), None)
        had = {name: getattr(found, f"of_{name}", None) for name in self._models}
        return {
            name: bool(had[name]) if model is None else built(model, had[name] or [])
            for name, model in self._models.items()
        }


def gathered(queryset: models.QuerySet[Any]) -> ArraySubquery:
    """The rows of a queryset as one column of another; `built` makes instances of what comes."""
    return ArraySubquery(queryset.values(gathered=JSONObject(**{one: F(one) for one in _wanted(queryset)})))


def built(model: type[models.Model], rows: Iterable[dict[str, Any]]) -> list[Any]:
    """The instances of a column that was gathered."""
    return [_build(model, values) for values in rows]


def keep_fetched(record: models.Model, **rows: list[Any]) -> None:
    """Let `record.<name>.all()` give these rows without asking, as if they had been fetched ahead; further filters ask."""
    kept = record.__dict__.setdefault("_prefetched_objects_cache", {})
    for name, found in rows.items():
        whole = getattr(record, name).all()
        whole._result_cache, whole._prefetch_done = found, True
        kept[name] = whole


def _wanted(queryset: models.QuerySet[Any]) -> list[str]:
    """Names of columns, with the keys by which tables hang together."""
    names, all_but = queryset.query.deferred_loading
    own = [field.attname for field in queryset.model._meta.concrete_fields]
    if all_but:
        return own
    paths = {queryset.model._meta.pk.attname}
    for name in names:
        model, before = queryset.model, ""
        for part in name.split(SEPARATOR):
            field = model._meta.get_field(part)
            paths.add(before + field.attname)
            if SEPARATOR in name and field.is_relation:
                model, before = field.related_model, f"{before}{part}{SEPARATOR}"
                paths.add(before + model._meta.pk.attname)
    return sorted(paths)


def _build(model: type[models.Model], values: dict[str, Any]) -> Any:
    """One instance, with those of other tables that came along."""
    own = {name: value for name, value in values.items() if SEPARATOR not in name}
    fields = [field for field in model._meta.concrete_fields if field.attname in own]
    instance = model.from_db(None, [one.attname for one in fields], [one.to_python(own[one.attname]) for one in fields])
    for name in _relations(values):
        before = name + SEPARATOR
        inside = {key.removeprefix(before): value for key, value in values.items() if key.startswith(before)}
        related: Any = model._meta.get_field(name).related_model
        known = inside.get(related._meta.pk.attname) is not None
        setattr(instance, name, _build(related, inside) if known else None)
    return instance


def _relations(names: Iterable[str]) -> list[str]:
    return sorted({name.partition(SEPARATOR)[0] for name in names if SEPARATOR in name})
