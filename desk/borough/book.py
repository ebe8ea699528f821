"""Rows in the making: keys, references and old values; handed on as lines, so that a borough of any size fits into memory."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import partial
from random import Random
from typing import Any, TypeVar

from django.apps import apps
from django.db import models

from accounts.models import User
from desk.borough.numbers import Keys, References
from desk.borough.pages import NOTHING, Pages, line_writer, text, writers
from desk.borough.plain import plain
from ledger.bulk import continue_keys
from ledger.models import AuditEvent
from ledger.references import ReferenceField
from residents.models import ChronologyEntry, Household, Involvement, Resident, RestrictedKey, SearchDocument, SearchKey
from residents.search_rows import Line

Row = TypeVar("Row", bound=models.Model)
TRAIL = ("id", "at", "person_id", "role", "organisation_id", "principal", "verb", "kind", "reference", "subject_id", "about", "fields", "why", "outcome", "request_id")  # fmt: skip
STORY = ("id", "event", "resident_id", "household_id", "at", "written_at", "by_id", "verb", "heading", "detail", "kind", "reference", "significant")  # fmt: skip


class Book:
    """Everything that is to be written, with keys as the database would give them.

    `now` is the moment at which the story stands. What belongs to a record is found by its key in the indexes.
    """

    def __init__(self, random: Random, now: datetime, *, keys: Keys | None = None, pages: Pages | None = None) -> None:
        self.random, self.now = random, now
        self.pages, self._numbers = pages or Pages(), keys or Keys()
        self._references = References(self._numbers)
        self._shapes: dict[type[models.Model], _Shape] = {}
        self._trail = self.pages.open(AuditEvent._meta.db_table, TRAIL)
        self._story = self.pages.open(ChronologyEntry._meta.db_table, STORY)
        self._key = self.pages.open(SearchKey._meta.db_table, ("key", "resident_id"))
        self._restricted_key = self.pages.open(RestrictedKey._meta.db_table, ("key", "resident_id", "told"))
        self._document = self.pages.open(SearchDocument._meta.db_table, ("resident_id", "said", "keys"))
        self._trail_number = self._numbers.of(AuditEvent._meta.db_table)
        self._story_number = self._numbers.of(ChronologyEntry._meta.db_table)
        self._moment: tuple[datetime | None, str] = (None, "")
        self._written: tuple[datetime | None, str] = (None, "")
        self.of: dict[tuple[str, int], list[Any]] = defaultdict(list)
        self.involved: dict[str, list[Involvement]] = defaultdict(list)
        self.stirred: dict[int, int] = defaultdict(int)
        self.truth: list[tuple] = []
        self._people: dict[User | None, str] = {}
        self._labels: dict[type[models.Model], str] = {}

    # --- making and changing rows ---------------------------------------------------------------------------------

    def add(self, model: type[Row], **fields: Any) -> Row:
        """A new row with its key and its reference. It has the fields and words of its model without Django's machinery."""
        shape = self._shapes.get(model) or self._shape(model)
        values = {**shape.fresh, **fields}
        for name, column in shape.links:
            if name in fields and (value := fields[name]) is not None:
                values[column] = value.__dict__["id"]
        values["id"] = shape.number()
        if shape.referenced and not values["reference"]:
            values["reference"] = self.reference()
        row = shape.make()
        row.__dict__ = values
        shape.rows.append(row)
        return row

    def put(self, model: type[Row], **values: Any) -> None:
        """A new row that nothing changes or looks up any more. `values` name columns: a link by its key."""
        shape = self._shape(model)
        if shape.put is None:
            shape.put = self.pages.open(model._meta.db_table, shape.columns)
        shape.put(shape.line(shape.defaults | values | {"id": shape.number()}))

    def reference(self) -> str:
        """A reference that nothing else in the borough has."""
        return self._references.next()

    def stir(self, resident: Resident | None) -> None:
        """Something happened to somebody that the rules may look at: what they said of the household holds no longer."""
        if resident is not None:
            for row in self.of["homes", resident.id]:
                self.stirred[row.household_id] += 1

    def change(self, row: Any, *, at: datetime, **fields: Any) -> None:
        """Change fields of a row and keep its old values, as the trigger does. A version is the caller's to raise."""
        shape, values = self._shapes[type(row)], row.__dict__
        if shape.keep:
            if texts := values.get(TEXTS):
                line = "\t".join(texts)
            else:
                line = shape.line(values)
                values[TEXTS] = line.split("\t")
            shape.keep(f"{shape.kept()}\t{self._at(at)}\tchanged\t{values['id']}\t{line}")
        self.amend(row, fields)

    def amend(self, row: Any, fields: dict[str, Any]) -> None:
        """Change fields of a row and keep nothing: as if it had been written like that. Nobody else assigns to a row."""
        shape, values = self._shapes[type(row)], row.__dict__
        values.update(fields)
        for name, column in shape.links:
            if name in fields:
                value = fields[name]
                values[column] = None if value is None else value.__dict__["id"]
        if texts := values.get(TEXTS):
            for name in fields:
                column, place, write = shape.places[name]
                texts[place] = write(values[column])

    def save(self, row: Any, *, at: datetime, verb: str, by: User | None, about: Iterable[str], principal: str = "", **fields: Any) -> None:  # fmt: skip
        """As `save_changes`: named fields, a version more, and an entry in the trail."""
        self.change(row, at=at, version=row.version + 1, **fields)
        self.record(verb, row, by=by, about=about, fields=fields, at=at, principal=principal)

    def advance(self, row: Any, verb: str, *, by: User | None, about: Iterable[str], at: datetime, principal: str = "", **fields: Any) -> None:  # fmt: skip
        """As `advance`: a move that its table permits, or an error in the story."""
        move = row.MOVES[verb]
        assert row.status in move.sources, f"{row._meta.label} {row.status} cannot {verb}"
        names = ["status", *fields]
        fields["status"] = move.target
        if "version" in row.__dict__:
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
        number: int | str = NOTHING
        if subject is not None:
            kind = kind or self._labels.get(type(subject)) or self._label(subject)
            reference = reference or getattr(subject, "reference", "") or ""
            number = subject.__dict__["id"]
        told = ",".join(about)
        named = ",".join(sorted(fields)) if fields else ""
        self._trail(
            f"{self._trail_number()}\t{self._at(at)}\t{self._people.get(by) or self._who(by)}\t{principal}\t{verb}\t{kind}\t{reference}"
            f"\t{number}\t{{{told}}}\t{{{named}}}\t{text(why) if why else ''}\tdone\t"
        )

    def tell(
        self,
        residents: Resident | list[Resident],
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
        people = residents if isinstance(residents, list) else [residents]
        event = f"{self.random.getrandbits(128) & _NOT | _FOUR:032x}"
        home = household.__dict__["id"] if household else NOTHING
        person = by.__dict__["id"] if by else NOTHING
        words = text(detail[:500]) if detail else ""
        reference = getattr(subject, "reference", "") or ""
        when = f"{self._at(at)}\t{self._now()}\t{person}\t{verb}\t{text(heading[:200])}\t{words}"
        label = self._labels.get(type(subject)) or self._label(subject)
        what = f"{label}\t{reference}\t{'t' if significant else 'f'}"
        for one in people:
            self._story(f"{self._story_number()}\t{event}\t{one.__dict__['id']}\t{home}\t{when}\t{what}")

    def _who(self, by: User | None) -> str:
        """How the trail names somebody; no two objects stand for one person."""
        known = self._people[by] = f"{by.id}\t{by.role}\t{by.organisation_id}" if by else _NOBODY
        return known

    def _label(self, subject: models.Model) -> str:
        """How the trail names a kind of record; Django puts that together each time."""
        known = self._labels[type(subject)] = subject._meta.label
        return known

    def _at(self, at: datetime) -> str:
        """A moment as text; most of what happens happens now, or at one and the same moment."""
        if at is self.now:
            return self._now()
        if self._moment[0] is not at:
            self._moment = (at, at.isoformat())
        return self._moment[1]

    def _now(self) -> str:
        if self._written[0] is not self.now:
            self._written = (self.now, self.now.isoformat())
        return self._written[1]

    # --- writing --------------------------------------------------------------------------------------------------

    def find_by(self, line: Line) -> None:
        """The keys and the document by which somebody is found, as `acting.write_search` would write them."""
        keys = ",".join(map(str, () if line.restricted else line.keys))
        self._document(f"{line.pk}\t{text(line.said)}\t{{{keys}}}")
        for key in line.keys:
            if line.restricted:
                self._restricted_key(f"{key}\t{line.pk}\t{'t' if key in line.told else 'f'}")
            else:
                self._key(f"{key}\t{line.pk}")

    def rows(self, model: type[Row]) -> list[Row]:
        """The rows of a model so far."""
        return self._shape(model).rows

    def write(self) -> None:
        """Hand on every row that could still change, and all that is left. Afterwards nothing may be added."""
        for model, shape in self._models():
            add, line = self.pages.open(model._meta.db_table, shape.columns), shape.line
            for row in shape.rows:
                values = row.__dict__
                add("\t".join(values[TEXTS]) if TEXTS in values else line(values))
            self.pages.turn()
        self.pages.close()

    def continue_keys(self) -> None:
        """Let the tables' own numbering go on after the highest keys. For the one book of a small borough."""
        for model, shape in self._models():
            continue_keys(model._meta.db_table)
            if shape.history:
                continue_keys(shape.history, "pgh_id")
        continue_keys(AuditEvent._meta.db_table)
        continue_keys(ChronologyEntry._meta.db_table)

    def _shape(self, model: type[models.Model]) -> "_Shape":
        """The shape of a model, found by the plain class of its rows, too."""
        if model not in self._shapes:
            shape = _Shape(model, self._numbers, self.pages)
            self._shapes[model] = self._shapes[plain(model)] = shape
        return self._shapes[model]

    def _models(self) -> list[tuple[type[models.Model], "_Shape"]]:
        return [(model, shape) for model, shape in self._shapes.items() if issubclass(model, models.Model)]


class _Shape:
    """What is known of a model: its columns, what a fresh row holds, its history; and its rows in the making."""

    def __init__(self, model: type[models.Model], numbers: Keys, pages: Pages) -> None:
        fields = model._meta.concrete_fields
        self.columns = tuple(field.column for field in fields)
        self.line = line_writer(fields)
        self.links = [(field.name, field.attname) for field in fields if field.remote_field]
        self.places = _places(fields)
        self.referenced = any(isinstance(field, ReferenceField) for field in fields)
        fixed = [field for field in fields if not isinstance(field, ReferenceField)]
        self.defaults = {field.attname: _default(field) for field in fixed} | (
            {"reference": ""} if self.referenced else {}
        )
        self.fresh = dict.fromkeys(name for name, _ in self.links) | self.defaults
        self.make = partial(object.__new__, plain(model))
        self.number = numbers.of(model._meta.db_table)
        self.history = history_of(model)
        self.put: Callable[[str], None] | None = None
        self.keep: Callable[[str], None] | None = None
        if self.history:
            self.kept = numbers.of(self.history, "pgh_id")
            self.keep = pages.open(self.history, (*_KEPT, *self.columns))
        self.rows: list[Any] = []


def history_of(model: type[models.Model]) -> str:
    """The table that keeps the old values of a model, or nothing."""
    try:
        return apps.get_model(model._meta.app_label, f"{model.__name__}History")._meta.db_table
    except LookupError:
        return ""


def _places(fields: Sequence[models.Field]) -> dict[str, tuple[str, int, Callable[[Any], str]]]:
    """By the name of a field, as it is given: where its value is held, where it stands in a line, how it is written."""
    found = {}
    for place, (field, write) in enumerate(zip(fields, writers(fields), strict=True)):
        found[field.name] = found[field.attname] = (field.attname, place, write)
    return found


def _default(field: models.Field) -> Any:
    """What a new row holds where nothing is said; a moment is always said."""
    return None if isinstance(field, models.DateTimeField) else field.get_default()


TEXTS = "the texts of its line"
"""Where a row that has changed once holds what its line is made of: the next line is written anew only where it differs."""
_NOBODY = f"{NOTHING}\tsystem\t{NOTHING}"
_KEPT = ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id")
_FOUR = (4 << 76) | (2 << 62)  # what makes a random number a UUID of version 4
_NOT = ~((15 << 76) | (3 << 62))
