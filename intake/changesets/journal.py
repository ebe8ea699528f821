"""Every row of ours that taking in makes or changes, before and after; what builds on it since; and all of it put back. Acts as the system."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.db import connection, models
from django.db.models import Max

from intake.models import CarriedOut, Changeset, ImportedRecord, ProposedChange
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
MOST_SAID = 20


def builds_on(changeset: Changeset) -> list[str]:
    """What people have done since with the records that the import made or changed, in words; nothing where it may be undone."""
    rows = list(_done(changeset).select_related("change__resident"))
    made: dict[str, set[int]] = defaultdict(set)
    whose: dict[int, ProposedChange] = {}
    for row in rows:
        if row.before is None:
            made[row.model].add(row.row)
            if row.model == Resident._meta.label:
                whose[row.row] = row.change
    said = _changed_since(rows) + _added_since(changeset, made, whose)
    more = len(said) - MOST_SAID
    return said[:MOST_SAID] + ([f"… and {more:,} more"] if more > 0 else [])


def _done(changeset: Changeset) -> models.QuerySet[CarriedOut]:
    return CarriedOut.objects.filter(change__changeset=changeset, change__state=State.ACCEPTED).order_by("pk")


def _changed_since(rows: list[CarriedOut]) -> list[str]:
    """Rows that no longer say what the import left: the last word of the import on each column counts."""
    left: dict[tuple[str, int], dict[str, Any]] = defaultdict(dict)
    change: dict[tuple[str, int], ProposedChange] = {}
    for row in rows:
        left[row.model, row.row] |= row.after
        change[row.model, row.row] = row.change
    said = []
    for label in {label for label, _ in left}:
        model = apps.get_model(label)
        keys = [pk for name, pk in left if name == label]
        now = {row["id"]: _plain(row) for row in model._base_manager.filter(pk__in=keys).values()}
        for pk in keys:
            stands = now.get(pk)
            if stands is None or any(stands[name] != value for name, value in left[label, pk].items()):
                said.append(_words(change[label, pk], f"{model._meta.verbose_name} changed since"))
    return sorted(set(said))


def _added_since(changeset: Changeset, made: Mapping[str, set[int]], whose: Mapping[int, ProposedChange]) -> list[str]:
    """Rows of any model that point at a record which the import made, and are not the import's own. One query a relation."""
    found: dict[tuple[str, int], int] = defaultdict(int)
    for relation in Resident._meta.get_fields(include_hidden=True):
        if not (relation.auto_created and (relation.one_to_many or relation.one_to_one)) or not whose:
            continue
        model, name = relation.related_model, relation.field.name
        kind = model._meta.model_name
        if kind in DERIVED or kind.endswith("history") or relation.field.model._meta.proxy:
            continue
        rows = model._base_manager.filter(**{f"{name}__in": list(whose)}).exclude(
            pk__in=made.get(model._meta.label, ())
        )
        if model is ProposedChange:
            rows = rows.exclude(changeset=changeset)
        if kind == "likelypair":
            rows = rows.exclude(status__in=["open", "faded"])
        for resident in rows.values_list(name, flat=True):
            found[str(model._meta.verbose_name_plural), resident] += 1
    return sorted(_words(whose[resident], f"{many} {noun} since") for (noun, resident), many in found.items())


def _words(change: ProposedChange, what: str) -> str:
    about = f" ({change.resident.reference})" if change.resident else ""
    return f"Row {change.number}{about}: {what}"


# --- back ---------------------------------------------------------------------------------------------------------


def put_back(changeset: Changeset) -> list[int]:
    """Every row as it was, from the last to the first; what was made goes. The residents who stay, for their keys."""
    for row in _done(changeset).filter(before__isnull=False).order_by("-pk"):
        model = apps.get_model(row.model)
        fields: Any = {name: model._meta.get_field(name).to_python(value) for name, value in row.before.items()}
        model._base_manager.filter(pk=row.row).update(**fields)
    rows = ProposedChange.objects.filter(changeset=changeset)
    touched = set(rows.filter(state=State.ACCEPTED).values_list("resident", flat=True))
    rows.filter(state=State.ACCEPTED).update(state=State.UNDONE, resident=None)
    rows.filter(state=State.WAITING).update(state=State.LEFT, reason="The import was undone")
    rows.update(resident=None)
    with connection.cursor() as cursor:
        cursor.execute("SELECT acting.unmake_imported(%s)", [changeset.pk])
    return sorted(touched)
