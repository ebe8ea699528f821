"""What two records say of one person, made one: chosen values, the present address, and the safer of two answers everywhere."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, Literal

from django.db.models import F

from ledger.merges import OneOpen
from residents.merging.journal import Journal, real
from residents.merging.relations import Relation
from residents.models import Agreement, Birth, Membership, Merge, MergedRow, Resident, ResidentAddress

Side = Literal["survivor", "other", "both"]  # both: of households
Keep = Mapping[str, Side]
# What is chosen field by field: the name of the choice, what the page calls it, and the columns that go together.
FIELDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "name": ("Name", ("name",)),
    "preferred_name": ("Preferred name", ("preferred_name",)),
    "birth": ("Date of birth", ("born_on", "birth")),
    "died_on": ("Date of death", ("died_on",)),
    "language": ("Language", ("language",)),
    "needs_interpreter": ("Interpreter", ("needs_interpreter",)),
    "communication_needs": ("Communication needs", ("communication_needs",)),
    "nhs_number": ("NHS number", ("nhs_number",)),
}
HOME, NFA, CARE_OF = ResidentAddress.Kind.HOME, ResidentAddress.Kind.NO_FIXED_ABODE, ResidentAddress.Kind.CARE_OF
PLACES: dict[str, tuple[str, tuple[str, ...]]] = {"home": ("Home", (HOME, NFA)), "care_of": ("Care of", (CARE_OF,))}
HOUSEHOLD = "household"  # the choice with whom they live now; who is not asked lives in the households of both records
NOTHING: tuple[Any, ...] = ("", None, False, Birth.UNKNOWN)


def values(resident: Resident, columns: Iterable[str]) -> tuple[Any, ...]:
    """What a record says."""
    return tuple(getattr(resident, column) for column in columns)


def usual_choice(survivor: Resident, other: Resident, columns: Iterable[str]) -> Side:
    """The record that stays, unless it says nothing."""
    says_nothing = all(value in NOTHING for value in values(survivor, columns))
    return "other" if says_nothing and any(value not in NOTHING for value in values(other, columns)) else "survivor"


def chosen(survivor: Resident, other: Resident, keep: Keep) -> dict[str, Any]:
    """The columns of the record that stays, as they are from now on."""
    wanted: dict[str, Any] = {}
    for name, (_, columns) in FIELDS.items():
        side = keep.get(name) or usual_choice(survivor, other, columns)
        wanted |= dict(zip(columns, values(other if side == "other" else survivor, columns), strict=True))
    if wanted["died_on"] and wanted["born_on"] and wanted["died_on"] < wanted["born_on"]:
        raise ValueError("died before born")
    return wanted | {"restricted": survivor.restricted or other.restricted}


def end_former_homes(mine: list[dict[str, Any]], theirs: list[dict[str, Any]], keep: Keep, on: date) -> dict[int, dict]:
    """The open places of the record whose home was not chosen, each with the day on which it ends."""
    ended: dict[int, dict] = {}
    for name, (_, kinds) in PLACES.items():
        here = [row for row in mine if row["kind"] in kinds and row["until"] is None]
        there = [row for row in theirs if row["kind"] in kinds and row["until"] is None]
        if not here or not there:
            continue
        left, kept = (here, there) if keep.get(name) == "other" else (there, here)
        same = {(row["kind"], row["address_id"], row["care_of"]) for row in kept}
        ended |= {
            row["pk"]: {"until": max(row["since"], on)}
            for row in left
            if (row["kind"], row["address_id"], row["care_of"]) not in same
        }
    return ended


def end_former_households(survivor: int, other: int, keep: Keep, on: date) -> dict[int, dict]:
    """The open memberships of the record whose household was not chosen, each with the day on which it ends."""
    rows = list(Membership.objects.filter(resident__in=[survivor, other], until=None))
    stays = {"survivor": survivor, "other": other}.get(keep.get(HOUSEHOLD, "both"))
    homes = {row.household_id for row in rows if row.resident_id == stays}
    if not homes:
        return {}
    return {row.pk: {"until": max(row.since, on)} for row in rows if row.household_id not in homes}


def safer_places(mine: list[dict[str, Any]], theirs: list[dict[str, Any]]) -> dict[int, dict]:
    """A place that one record calls confidential is, and post is safe where both say so."""
    by_place: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in (*mine, *theirs):
        if row["address_id"]:
            by_place["".join(f"{row['address__lines']}{row['address__postcode']}".casefold().split())].append(row)
    own, others = {row["pk"] for row in mine}, {row["pk"] for row in theirs}
    safer: dict[int, dict] = {}
    for rows in by_place.values():
        keys = {row["pk"] for row in rows}
        if keys & own and keys & others:
            hidden, safe = any(row["confidential"] for row in rows), all(row["safe_to_post"] for row in rows)
            safer |= {key: {"confidential": hidden, "safe_to_post": safe} for key in keys}
    return safer


def places_of(resident: int) -> list[dict[str, Any]]:
    """The addresses of one record as plain rows."""
    rows = ResidentAddress.objects.filter(resident=resident)
    return list(
        rows.values("kind", "since", "until", "confidential", "safe_to_post", "care_of", "address_id", "address__lines", "address__postcode", pk=F("id"))
    )  # fmt: skip


def keep_last_word(survivor: int, journal: Journal) -> None:
    """An agreement of one record that the other one withdrew later, for the same organisation, is withdrawn from then on.

    Works from what each record said before any merge, so that the order of merges does not matter.
    """
    rows = list(
        Agreement.objects.filter(resident=survivor).values(
            "pk", "organisation_id", "recorded_at", "withdrawn_at", "version"
        )
    )
    said = _as_recorded([row["pk"] for row in rows])
    withdrawn: dict[int, list[tuple[int, datetime]]] = defaultdict(list)
    for row in rows:
        was = said.get(row["pk"], {})
        row["origin"] = was.get("resident_id", survivor)
        row["own"] = was["withdrawn_at"] if "withdrawn_at" in was else row["withdrawn_at"]
        if row["own"]:
            withdrawn[row["organisation_id"]].append((row["origin"], row["own"]))
    changes = {}
    for row in rows:
        later = [
            at
            for origin, at in withdrawn[row["organisation_id"]]
            if origin != row["origin"] and at >= row["recorded_at"]
        ]
        if row["own"] is None and later and row["withdrawn_at"] != min(later):
            changes[row["pk"]] = {"withdrawn_at": min(later)}
    journal.change(Agreement, changes)


def _as_recorded(keys: list[int]) -> dict[int, dict[str, Any]]:
    """What merges that stand have changed of these agreements, as it was before the first of them."""
    first: dict[int, dict[str, Any]] = defaultdict(dict)
    journal = MergedRow.objects.filter(model=Agreement._meta.label, row__in=keys, merge__in=Merge.objects.standing())
    for row in journal.order_by("pk"):
        for column, value in row.before.items():
            first[row.row].setdefault(column, real(Agreement, column, value))
    return first


def restrict_with(relations: Iterable[Relation], survivor: int, journal: Journal) -> None:
    """Records that a restricted person belongs to become restricted too: their open cases."""
    for relation in relations:
        rule = relation.rule
        if not isinstance(rule, OneOpen):
            continue
        for name in rule.restricts:
            field: Any = relation.model._meta.get_field(name)
            model = field.related_model
            keys = relation.rows(survivor).filter(**{rule.ends: None}).values(field.attname)
            open_ones = model._base_manager.filter(pk__in=keys, restricted=False).values("pk", "version")
            journal.change(model, {row["pk"]: {"restricted": True, "version": row["version"] + 1} for row in open_ones})
