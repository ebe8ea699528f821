"""Rows in the making: keys, references and old values; written by COPY, so that a borough is there in seconds."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from random import Random
from typing import Any, TypeVar

from django.apps import apps
from django.db import models
from django.db.models.base import ModelState

from accounts.models import User
from ledger.bulk import continue_keys, copy_rows
from ledger.models import AuditEvent
from ledger.moves import Moving
from ledger.references import ReferenceField, new_reference
from residents.models import ChronologyEntry, Household, Involvement, Resident, SearchKey

Row = TypeVar("Row", bound=models.Model)
TRAIL = ("at", "person_id", "role", "organisation_id", "principal", "verb", "kind", "reference", "subject_id", "about", "fields", "why", "outcome", "request_id")  # fmt: skip
STORY = ("event", "resident_id", "household_id", "at", "written_at", "by_id", "verb", "heading", "detail", "kind", "reference", "significant")  # fmt: skip


class Book:
    """Everything that is to be written, with keys as the database would give them.

    `now` is the moment at which the story stands. What belongs to a record is found by its key in the indexes.
    """

    def __init__(self, random: Random, now: datetime) -> None:
        self.random, self.now = random, now
        self.trail: list[tuple] = []
        self.story: list[tuple] = []
        self.keys: list[tuple[str, int]] = []
        self._references: set[str] = set()
        self._shapes: dict[type[models.Model], _Shape] = {}
        self.of: dict[tuple[str, int], list[Any]] = defaultdict(list)
        self.involved: dict[str, list[Involvement]] = defaultdict(list)

    # --- making and changing rows ---------------------------------------------------------------------------------

    def add(self, model: type[Row], **fields: Any) -> Row:
        """A new row with its key and its reference. Made without the model's own constructor, which costs five times as much."""
        shape = self._shape(model)
        values = dict(shape.defaults)
        row = model.__new__(model)
        row._state = ModelState()  # type: ignore[attr-defined]
        for name, value in fields.items():
            if name in shape.links:
                row._state.fields_cache[name] = value
                values[shape.links[name]] = None if value is None else value.pk
            else:
                values[name] = value
        shape.last += 1
        values["id"] = shape.last
        if shape.referenced and not values["reference"]:
            values["reference"] = self.reference()
        row.__dict__.update(values)
        shape.rows.append(row)
        return row

    def reference(self) -> str:
        """A reference that nothing else in the borough has."""
        while (found := new_reference(self.random)) in self._references:
            pass
        self._references.add(found)
        return found

    def change(self, row: models.Model, *, at: datetime, **fields: Any) -> None:
        """Change fields of a row and keep its old values, as the trigger does. A version is the caller's to raise."""
        shape = self._shape(type(row))
        if shape.history:
            shape.kept += 1
            old = row.__dict__
            shape.before.append((shape.kept, at, "changed", row.pk, *[old[name] for name in shape.names]))
        for name, value in fields.items():
            if name in shape.links:
                row._state.fields_cache[name] = value
                row.__dict__[shape.links[name]] = None if value is None else value.pk
            else:
                row.__dict__[name] = value

    def save(self, row: Any, *, at: datetime, verb: str, by: User | None, about: Iterable[str], principal: str = "", **fields: Any) -> None:  # fmt: skip
        """As `save_changes`: named fields, a version more, and an entry in the trail."""
        self.change(row, at=at, version=row.version + 1, **fields)
        self.record(verb, row, by=by, about=about, fields=fields, at=at, principal=principal)

    def advance(self, row: Any, verb: str, *, by: User | None, about: Iterable[str], at: datetime, principal: str = "", **fields: Any) -> None:  # fmt: skip
        """As `advance`: a move that its table permits, or an error in the story."""
        assert isinstance(row, Moving) and row.can(verb), f"{row._meta.label} {row.status} cannot {verb}"
        names = ["status", *fields]
        fields["status"] = row.MOVES[verb].target
        if hasattr(row, "version"):
            fields["version"] = row.version + 1
            names.append("version")
        self.change(row, at=at, **fields)
        self.record(verb, row, by=by, about=about, fields=names, at=at, principal=principal)

    # --- trail and chronology -------------------------------------------------------------------------------------

    def record(
        self,
        verb: str,
        subject: models.Model | None = None,
        *,
        by: User | None,
        at: datetime,
        about: Iterable[str] = (),
        fields: Iterable[str] = (),
        why: str = "",
        kind: str = "",
        reference: str = "",
        principal: str = "",
    ) -> None:
        """One entry of the trail, as `trail.record` would write it."""
        who = (by.pk, str(by.role), by.organisation_id) if by else (None, "system", None)
        if subject is not None:
            kind = kind or subject._meta.label
            reference = reference or getattr(subject, "reference", "") or ""
        number = subject.pk if subject is not None else None
        told = (verb, kind, reference, number, list(about), sorted(fields), why, "done", "")
        self.trail.append((at, *who, principal, *told))

    def tell(
        self,
        residents: Resident | Iterable[Resident],
        verb: str,
        heading: str,
        *,
        subject: models.Model,
        by: User | None,
        at: datetime,
        household: Household | None = None,
        detail: str = "",
        significant: bool = False,
    ) -> None:
        """One event in the story of each resident, as `chronology.add` would write it."""
        people = [residents] if isinstance(residents, Resident) else residents
        event = uuid.UUID(int=self.random.getrandbits(128), version=4)
        home, person, kind = household and household.pk, by and by.pk, subject._meta.label
        reference = getattr(subject, "reference", "") or ""
        for one in people:
            told = (verb, heading[:200], detail[:500], kind, reference, significant)
            self.story.append((event, one.pk, home, at, self.now, person, *told))

    # --- writing --------------------------------------------------------------------------------------------------

    def tables(self) -> Iterator[tuple[str, tuple[str, ...], Iterable[tuple]]]:
        """Each table with its columns and its rows."""
        for model, shape in self._shapes.items():
            names = shape.names
            rows = (tuple([row.__dict__[name] for name in names]) for row in shape.rows)
            yield model._meta.db_table, shape.columns, rows
            if shape.history:
                yield (
                    shape.history,
                    ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", *shape.columns),
                    shape.before,
                )
        yield ChronologyEntry._meta.db_table, STORY, self.story
        yield AuditEvent._meta.db_table, TRAIL, self.trail
        yield SearchKey._meta.db_table, ("key", "resident_id"), self.keys

    def count(self) -> int:
        """How many rows there are to write."""
        made = sum(len(shape.rows) + len(shape.before) for shape in self._shapes.values())
        return made + len(self.story) + len(self.trail) + len(self.keys)

    def rows(self, model: type[Row]) -> list[Row]:
        """The rows of a model so far."""
        return self._shape(model).rows

    def write(self) -> Iterator[int]:
        """Write table after table and yield how many rows each took. Runs as the owner, in the open transaction."""
        for table, columns, rows in self.tables():
            yield copy_rows(table, columns, rows)
        for model, shape in self._shapes.items():
            continue_keys(model._meta.db_table)
            if shape.history:
                continue_keys(shape.history, "pgh_id")

    def _shape(self, model: type[models.Model]) -> "_Shape":
        if model not in self._shapes:
            self._shapes[model] = _Shape(model)
        return self._shapes[model]


class _Shape:
    """What is known of a model: its columns, what a fresh row holds, its history; and its rows in the making."""

    def __init__(self, model: type[models.Model]) -> None:
        fields = model._meta.concrete_fields
        self.names = [field.attname for field in fields]
        self.columns = tuple(field.column for field in fields)
        self.links = {field.name: field.attname for field in fields if field.remote_field}
        self.referenced = any(isinstance(field, ReferenceField) for field in fields)
        fixed = [field for field in fields if not isinstance(field, ReferenceField)]
        self.defaults = {field.attname: _default(field) for field in fixed} | (
            {"reference": ""} if self.referenced else {}
        )
        try:
            history = apps.get_model(model._meta.app_label, f"{model.__name__}History")
        except LookupError:
            history = None
        self.history = history._meta.db_table if history else ""
        self.last = model._base_manager.aggregate(last=models.Max("pk"))["last"] or 0
        self.kept = (history._base_manager.aggregate(last=models.Max("pk"))["last"] or 0) if history else 0
        self.rows: list[Any] = []
        self.before: list[tuple] = []


def _default(field: models.Field) -> Any:
    """What a new row holds where nothing is said; a moment is always said."""
    return None if isinstance(field, models.DateTimeField) else field.get_default()
