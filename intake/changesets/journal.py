"""Every row of ours that taking in makes or changes, before and after; what builds on it since; and all of it put back. Acts as the system."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain, groupby, islice
from typing import Any

from django.apps import apps
from django.db import connection, models
from django.db.models import Max

from accounts.models import User
from intake.models import CarriedOut, Changeset, ImportedRecord, ProposedChange
from ledger.said import counted
from residents.models import (
    Address,
    Characteristics,
    ChronologyEntry,
    EmailAddress,
    Phone,
    Resident,
    ResidentAddress,
)

OF_RESIDENT = (Phone, EmailAddress, ResidentAddress, Characteristics, ChronologyEntry)
Rows = dict[tuple[str, int], dict[str, Any]]
State = ProposedChange.State


def digest(facts: Mapping[str, str]) -> str:
    """A mark by which a row that says something else is noticed; it says nothing of the values."""
    return hashlib.sha256(json.dumps(dict(facts), sort_keys=True).encode()).hexdigest()


@dataclass
class Kept:
    """What is being carried out: the block says for whom."""

    resident: Resident | None


@contextmanager
def kept(change: ProposedChange, into: Resident | None) -> Iterator[Kept]:
    """Write down what the block does to one resident's rows."""
    last = Address.objects.aggregate(last=Max("pk"))["last"] or 0
    before = _rows(change, into.pk) if into else _links(change)
    doing = Kept(into)
    yield doing
    if doing.resident is None:
        raise AssertionError("The block did not say whose record it was")
    after = _rows(change, doing.resident.pk)
    places = {row["address_id"] for (label, _), row in after.items() if label == ResidentAddress._meta.label}
    new = Address.objects.filter(pk__in=[pk for pk in places if pk], pk__gt=last)
    after |= {(Address._meta.label, row["id"]): row for row in map(_plain, new.values())}
    CarriedOut.objects.bulk_create(
        CarriedOut(change=change, model=label, row=pk, **_changed(before.get((label, pk)), now))
        for (label, pk), now in after.items()
        if before.get((label, pk)) != now
    )


def _changed(before: dict[str, Any] | None, after: dict[str, Any]) -> dict[str, Any]:
    """Of a row that was changed the columns that differ; of one that was made all."""
    if before is None:
        return {"before": None, "after": after}
    columns = [name for name, value in after.items() if before[name] != value]
    return {"before": {name: before[name] for name in columns}, "after": {name: after[name] for name in columns}}


def _rows(change: ProposedChange, pk: int) -> Rows:
    found: Rows = {(Resident._meta.label, pk): _plain(Resident.objects.filter(pk=pk).values().get())}
    for model in OF_RESIDENT:
        found |= {(model._meta.label, row["id"]): _plain(row) for row in model.objects.filter(resident=pk).values()}
    return found | _links(change)


def _links(change: ProposedChange) -> Rows:
    rows = ImportedRecord.objects.filter(
        source=change.changeset.source, table=change.changeset.table, their_id=change.their_id
    )
    return {(ImportedRecord._meta.label, row["id"]): _plain(row) for row in rows.values()}


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value if isinstance(value, bool | int | str | None) else _text(value) for name, value in row.items()}


def _text(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


# --- what builds on it --------------------------------------------------------------------------------------------

# Worked out from the record, or about the import itself: nothing that anybody did.
DERIVED = {"searchkey", "searchdocument", "restrictedkey", "pairkey", "carriedout", "quarantinedmatch", "shownbefore"}
MOST_SAID, AT_ONCE = 20, 500
Built = tuple[int, str]
"""The row of the file, and what somebody did since with what became of it."""


def builds_on(changeset: Changeset) -> list[Built]:
    """What people have done since with the records that the import made or changed; nothing where it may be undone.

    Looks at some hundreds of rows at a time, and no further than it takes to say no.
    """
    found = dict.fromkeys(islice(chain(_changed_since(changeset), _added_since(changeset)), MOST_SAID))
    return sorted(found)


def in_words(changeset: Changeset, built: Iterable[Sequence[Any]], *, by: User) -> list[str]:
    """The same for a reader. Of records that they may not open nothing is said by which those could be told from others."""
    built = [(number, what) for number, what in built]
    numbers = [number for number, _ in built]
    seen = ProposedChange.objects.visible_to(by).filter(changeset=changeset, number__in=numbers)
    whose = dict(seen.values_list("number", "resident__reference")) if built else {}
    shown = [f"Row {number} ({whose[number]}): {what}" if number in whose else "A record has been worked with since" for number, what in built]  # fmt: skip
    return list(dict.fromkeys(shown)) + (["… and perhaps more"] if len(built) == MOST_SAID else [])


def _done(changeset: Changeset) -> models.QuerySet[CarriedOut]:
    return CarriedOut.objects.filter(change__changeset=changeset, change__state=State.ACCEPTED)


def _changed_since(changeset: Changeset) -> Iterator[Built]:
    """Rows that no longer say what the import left: its last word on each column counts."""
    rows = _done(changeset).select_related("change").order_by("model", "row", "pk")
    by_row = groupby(rows.iterator(AT_ONCE), key=lambda row: (row.model, row.row))
    for label, some in groupby(by_row, key=lambda pair: pair[0][0]):
        left = ((key[1], *_last_word(done)) for key, done in some)
        while batch := list(islice(left, AT_ONCE)):
            yield from _no_longer(apps.get_model(label), batch)


def _last_word(done: Iterable[CarriedOut]) -> tuple[dict[str, Any], int]:
    """How the import left one row of ours, and the row of the file that said so last."""
    left: dict[str, Any] = {}
    number = 0
    for row in done:
        left |= row.after
        number = row.change.number
    return left, number


def _no_longer(model: type[models.Model], batch: list[tuple[int, dict[str, Any], int]]) -> Iterator[Built]:
    rows = model._base_manager.filter(pk__in=[pk for pk, _, _ in batch])
    now = {row["id"]: _plain(row) for row in rows.values()}
    for pk, left, number in batch:
        stands = now.get(pk)
        if stands is None or any(stands[name] != value for name, value in left.items()):
            yield number, f"{model._meta.verbose_name} changed since"


def _added_since(changeset: Changeset) -> Iterator[Built]:
    """Rows of any model that point at a record which the import began, and are not the import's own. One query a relation."""
    begun = _done(changeset).filter(model=Resident._meta.label, before__isnull=True).order_by("pk")
    rows = begun.values_list("row", "change__number").iterator(AT_ONCE)
    while whose := dict(islice(rows, AT_ONCE)):
        made = set(_done(changeset).filter(change__resident__in=whose, before__isnull=True).values_list("model", "row"))
        for model, name in _relations():
            yield from _pointing(changeset, model, name, whose, made)


def _relations() -> Iterator[tuple[type[models.Model], str]]:
    """Every model that points at residents, but those that are worked out from them."""
    for relation in Resident._meta.get_fields(include_hidden=True):
        if not (relation.auto_created and (relation.one_to_many or relation.one_to_one)):
            continue
        model = relation.related_model
        kind = model._meta.model_name
        if kind not in DERIVED and not kind.endswith("history") and not relation.field.model._meta.proxy:
            yield model, relation.field.name


def _pointing(
    changeset: Changeset,
    model: type[models.Model],
    name: str,
    whose: Mapping[int, int],
    made: set[tuple[str, int]],
) -> Iterator[Built]:
    rows = model._base_manager.filter(**{f"{name}__in": list(whose)})
    if model is ProposedChange:  # a later file that said the same builds on nothing
        rows = rows.exclude(changeset=changeset).exclude(state=State.LEFT)
    if model._meta.model_name == "likelypair":
        rows = rows.exclude(status__in=["open", "faded"])
    many: dict[int, int] = defaultdict(int)
    for pk, resident in rows.order_by("pk").values_list("pk", name):
        if (model._meta.label, pk) not in made:
            many[resident] += 1
    for resident, number in many.items():
        noun = counted(number, str(model._meta.verbose_name), str(model._meta.verbose_name_plural))
        yield whose[resident], f"{noun} since"


# --- back ---------------------------------------------------------------------------------------------------------


def put_back(changeset: Changeset) -> list[int]:
    """Every row as it was, from the last to the first; what was made goes. The residents who stay, for their keys."""
    for row in _done(changeset).filter(before__isnull=False).order_by("-pk").iterator(AT_ONCE):
        model = apps.get_model(row.model)
        fields: Any = {name: model._meta.get_field(name).to_python(value) for name, value in row.before.items()}
        model._base_manager.filter(pk=row.row).update(**fields)
    rows = ProposedChange.objects.filter(changeset=changeset)
    touched = set(rows.filter(state=State.ACCEPTED).values_list("resident", flat=True))
    rows.filter(state=State.ACCEPTED).update(state=State.UNDONE, resident=None)
    rows.filter(state=State.WAITING).update(state=State.LEFT, reason="The import was undone")
    rows.update(resident=None)
    begun = CarriedOut.objects.filter(change__changeset=changeset, model=Resident._meta.label, before__isnull=True)
    ProposedChange.objects.filter(resident__in=begun.values("row")).update(resident=None)
    with connection.cursor() as cursor:
        cursor.execute("SELECT acting.unmake_imported(%s)", [changeset.pk])
    return sorted(touched)
