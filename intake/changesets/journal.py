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
from residents.actions.people import lock
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
    """Write down what the block does to one resident's rows; others wait, or what they write would count as its own."""
    last = last_place()
    before = standing({lock(into).pk: change}) if into else {}
    doing = Kept(into)
    yield doing
    if doing.resident is None:
        raise AssertionError("The block did not say whose record it was")
    write_down({doing.resident.pk: change}, before, last)


def last_place() -> int:
    """The last address so far: those after it are new."""
    return Address.objects.aggregate(last=Max("pk"))["last"] or 0


def standing(whose: Mapping[int, ProposedChange]) -> dict[int, Rows]:
    """Every row of ours of these residents as it stands now, and what the numbers of their rows in the file mean. Runs seven queries."""
    found: dict[int, Rows] = {pk: {} for pk in whose}
    for row in Resident.objects.filter(pk__in=list(whose)).values():
        found[row["id"]][Resident._meta.label, row["id"]] = _plain(row)
    for model in OF_RESIDENT:
        for row in model.objects.filter(resident__in=list(whose)).order_by("pk").values():
            found[row["resident_id"]][model._meta.label, row["id"]] = _plain(row)
    number_of = {change.their_id: pk for pk, change in whose.items()}
    for row in links_of(list(whose.values())).values():
        found[number_of[row["their_id"]]][ImportedRecord._meta.label, row["id"]] = _plain(row)
    return found


def write_down(whose: Mapping[int, ProposedChange], before: Mapping[int, Rows], last: int) -> None:
    """Keep what these rows of the file, each about a resident of its own, have done. `last`: the last address before."""
    after = standing(whose)
    lived_in: dict[int, int] = {}
    for pk, rows in after.items():
        for (label, _), row in rows.items():
            if label == ResidentAddress._meta.label and row["address_id"]:
                lived_in.setdefault(row["address_id"], pk)
    for place in Address.objects.filter(pk__in=list(lived_in), pk__gt=last).values():
        after[lived_in[place["id"]]][Address._meta.label, place["id"]] = _plain(place)
    CarriedOut.objects.bulk_create(
        [
            CarriedOut(change=whose[pk], model=label, row=row, **_changed(was, now))
            for pk, rows in after.items()
            for (label, row), now in rows.items()
            if (was := before.get(pk, {}).get((label, row))) != now
        ],
        batch_size=1000,
    )


def links_of(changes: Sequence[ProposedChange]) -> models.QuerySet[ImportedRecord]:
    """Which records the numbers of these rows of one file mean so far."""
    file = changes[0].changeset
    numbers = {one.their_id for one in changes}
    return ImportedRecord.objects.filter(source=file.source, table=file.table, their_id__in=numbers)


def _changed(before: dict[str, Any] | None, after: dict[str, Any]) -> dict[str, Any]:
    """Of a row that was changed the columns that differ; of one that was made all."""
    if before is None:
        return {"before": None, "after": after}
    columns = [name for name, value in after.items() if before[name] != value]
    return {"before": {name: before[name] for name in columns}, "after": {name: after[name] for name in columns}}


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value if isinstance(value, bool | int | str | None) else _text(value) for name, value in row.items()}


def _text(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


# --- what builds on it --------------------------------------------------------------------------------------------

# Worked out from the record, or about the import itself: nothing that anybody did.
DERIVED = {"searchkey", "searchdocument", "restrictedkey", "pairkey", "carriedout", "quarantinedmatch", "shownbefore"}
MOST_SAID, AT_ONCE = 20, 500
SINCE = " since"
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
    by_row: dict[int, list[str]] = defaultdict(list)
    for number, what in built:
        by_row[number].append(what)
    seen = ProposedChange.objects.visible_to(by).filter(changeset=changeset, number__in=list(by_row))
    whose = dict(seen.values_list("number", "resident__reference")) if built else {}
    shown = [
        f"Row {number} ({whose[number]}): {_in_one(what)}" if number in whose else "A record has been worked with since"
        for number, what in by_row.items()
    ]
    return list(dict.fromkeys(shown)) + (["… and perhaps more"] if len(built) == MOST_SAID else [])


def _in_one(what: Sequence[str]) -> str:
    """All that was done with one record; what else was written is in its story anyway."""
    story = str(ChronologyEntry._meta.verbose_name).split()[0]
    told = [one for one in what if story not in one] or what
    return ", ".join(one.removesuffix(SINCE) for one in told) + SINCE


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
            yield number, f"{model._meta.verbose_name} changed{SINCE}"


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
        yield whose[resident], f"{noun}{SINCE}"


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
