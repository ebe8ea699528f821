"""What has happened to two merged records since: rows that were added, rows that were changed, and merges on top."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.db.models import OuterRef, Q, Subquery

from ledger.gathered import gather
from ledger.merges import Moves, NamesByKind, OneOnly, Paired
from residents.merging.journal import model_of, real
from residents.merging.relations import Relation, relations
from residents.models import ChronologyEntry, Merge, MergedRow, Resident

OWN = ("residents.Merge", "residents.Resident")
SAYS_ITSELF = ("version", "restricted", "merged_into_id")  # never asked about: see undoing.py


@dataclass
class Added:
    """A row that was written about the record after the merge. `follows`: it belongs to one that goes back, and goes with it."""

    relation: Relation
    row: models.Model
    follows: bool = False

    @property
    def key(self) -> str:
        """What a choice calls it."""
        return f"{self.relation.label}:{self.row.pk}"


@dataclass
class Changed:
    """A row that the merge changed and that somebody changed again: column -> (before the merge, now)."""

    model: type[models.Model]
    pk: int
    columns: dict[str, tuple[Any, Any]]

    @property
    def key(self) -> str:
        """What a choice calls it."""
        return f"{self.model._meta.label}:{self.pk}"


@dataclass
class Happened:
    """Everything of that kind."""

    added: list[Added] = field(default_factory=list)
    changed: list[Changed] = field(default_factory=list)

    def going(self, chosen: set[str]) -> list[Added]:
        """The added rows that go to the other record: the chosen ones, and what belongs to a row that goes."""
        gone = {one.key for one in self.added if one.follows or one.key in chosen}
        while more := {one.key for one in self.added if one.key not in gone and _leans_on(one.row, gone)}:
            gone |= more
        named = {getattr(one.row, "reference", "") for one in self.added if one.key in gone} - {""}
        told = {one.key for one in self.added if isinstance(one.row, ChronologyEntry) and one.row.reference in named}
        return [one for one in self.added if one.key in gone | told]


def is_followed(relation: Relation) -> bool:
    """Whether rows that are added to it later are asked about when the merge is undone."""
    if relation.label in OWN or isinstance(relation.rule, NamesByKind) or not relation.rule.asked:
        return False
    return isinstance(relation.rule, Moves | OneOnly | Paired)


def merge_of(resident: Resident, reference: str) -> tuple[Merge, Happened, str] | None:
    """One merge into a record that somebody has opened, what happened since, and why it cannot be undone yet. Runs two queries.

    Ask as the system; None where there is no such merge.
    """
    stays, went = OuterRef("merge__survivor"), OuterRef("merge__other")
    theirs = Q(survivor=stays) | Q(survivor=went) | Q(other=stays) | Q(other=went)
    later = Merge.objects.standing().filter(theirs, pk__gt=OuterRef("merge")).order_by("-pk")
    journal = MergedRow.objects.filter(merge__reference=reference, merge__stands_in=resident)
    rows = list(
        journal.select_related("merge__survivor", "merge__other")
        .annotate(
            later_other=Subquery(later.values("other__reference")[:1]),
            later_into=Subquery(later.values("survivor__reference")[:1]),
        )
        .order_by("pk")
    )
    if not rows:
        return None
    merge = rows[0].merge
    refusal = _in_words(merge, rows[0].later_other, rows[0].later_into)
    return merge, Happened() if refusal else what_happened(merge, rows), refusal


def why_not_yet(merge: Merge) -> str:
    """Why a merge cannot be undone now, in words; nothing where it can. Merges are undone from the last one back. Runs one query."""
    people = (merge.survivor_id, merge.other_id)
    later = Merge.objects.standing().filter(pk__gt=merge.pk).filter(Q(survivor__in=people) | Q(other__in=people))
    last = later.select_related("other", "survivor").order_by("-pk").first()
    return _in_words(merge, last and last.other.reference, last and last.survivor.reference)


def _in_words(merge: Merge, later_other: str | None, later_into: str | None) -> str:
    if merge.undone_at:
        return "This merge has been undone already."
    if not later_other:
        return ""
    third = later_into if later_other in (merge.survivor.reference, merge.other.reference) else later_other
    return f"Undo the merge with {third} first: it was made later and builds on this one."


def what_happened(merge: Merge, journal: list[MergedRow] | None = None) -> Happened:
    """Rows added and rows changed since. Ask as the system. Runs two queries, or one with the journal at hand."""
    journal = list(merge.rows.order_by("pk")) if journal is None else journal
    moved = moved_rows(journal)
    followed = [one for one in relations() if is_followed(one)]
    asked: dict[str, models.QuerySet[Any]] = {}
    for number, one in enumerate(followed):
        known = {*merge.held.get(f"{one.label}.{one.name}", ()), *moved.get(one.label, ())}
        asked[f"added_{number}"] = one.rows(merge.survivor_id).exclude(pk__in=known)
    left = _as_left(journal)
    for number, (model, rows) in enumerate(left.items()):
        asked[f"changed_{number}"] = model._base_manager.filter(pk__in=rows)
    found = gather(merge, **asked)
    happened = Happened()
    for number, one in enumerate(followed):
        for row in found[f"added_{number}"]:
            if not _of_the_merge_itself(row):
                happened.added.append(Added(one, row, follows=_leans_on_moved(row, moved)))
    for number, (model, rows) in enumerate(left.items()):
        happened.changed += _changed(model, rows, found[f"changed_{number}"])
    return happened


def moved_rows(rows: list[MergedRow]) -> dict[str, set[int]]:
    """The keys of the rows that a merge changed, by model."""
    found: dict[str, set[int]] = defaultdict(set)
    for row in rows:
        if row.model not in OWN:
            found[row.model].add(row.row)
    return found


def _of_the_merge_itself(row: models.Model) -> bool:
    return isinstance(row, ChronologyEntry) and row.kind == Merge._meta.label


def _keys_of(row: models.Model) -> list[tuple[str, Any]]:
    """Every row that this one points at, but for people."""
    return [
        (one.related_model._meta.label, getattr(row, one.attname))
        for one in row._meta.concrete_fields
        if one.is_relation and one.related_model is not Resident and getattr(row, one.attname) is not None
    ]


def _leans_on_moved(row: models.Model, moved: dict[str, set[int]]) -> bool:
    return any(key in moved.get(label, ()) for label, key in _keys_of(row))


def _leans_on(row: models.Model, gone: set[str]) -> bool:
    return any(f"{label}:{key}" in gone for label, key in _keys_of(row))


def _as_left(journal: list[MergedRow]) -> dict[type[models.Model], dict[int, dict[str, tuple[Any, Any]]]]:
    """What the merge made of rows, but for whose they are: by model and key, column -> (before, after)."""
    left: dict[type[models.Model], dict[int, dict[str, tuple[Any, Any]]]] = defaultdict(lambda: defaultdict(dict))
    for entry in journal:
        model = model_of(entry)
        for name, after in entry.after.items():
            if name in SAYS_ITSELF or _is_person(model, name):
                continue
            known = left[model][entry.row].get(name)
            first = known[0] if known else real(model, name, entry.before[name])
            left[model][entry.row][name] = (first, real(model, name, after))
    return left


def _changed(
    model: type[models.Model], left: dict[int, dict[str, tuple[Any, Any]]], rows: list[models.Model]
) -> list[Changed]:
    """Columns that are no longer as the merge left them."""
    found = []
    for row in rows:
        columns = {
            name: (before, getattr(row, name))
            for name, (before, after) in left[row.pk].items()
            if getattr(row, name) != after
        }
        if columns:
            found.append(Changed(model, row.pk, columns))
    return found


def _is_person(model: type[models.Model], column: str) -> bool:
    field: Any = model._meta.get_field(column)
    return field.is_relation and field.related_model is Resident
