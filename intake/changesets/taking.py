"""How a row becomes a record of ours, or part of one: by the verbs that a person would use, and never past the restriction. Acts as the system."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Count
from django.utils import timezone

from accounts.models import User
from intake.changesets.differing import differences, held, taken
from intake.changesets.facts import BY_HAND, birth_in, compared
from intake.changesets.judging import SURE, candidates, quarantined, refuse, who_fits
from intake.models import Changeset, ImportedRecord, ImportRun, ProposedChange, QuarantinedMatch
from ledger.said import counted
from residents import chronology
from residents.actions import add_email, add_phone, change_details, move_to, register_resident
from residents.models import Characteristics, Resident

Verdict = ProposedChange.Verdict


@dataclass(frozen=True, slots=True)
class Taking:
    """One row that is being taken in, by whom and when; `many`: with others, which are compared with everybody together."""

    change: ProposedChange
    by: User
    at: datetime
    many: bool = False


def look_again(change: ProposedChange, into: Resident | None) -> bool:
    """Whether the row may still be taken in: somebody may have been restricted, or recorded, since it was read.

    Otherwise the row is saved as refused, or as one to be decided.
    """
    (met,) = who_fits([compared(change.facts)])
    if met.closed:
        refuse(change, BY_HAND)
        QuarantinedMatch.objects.bulk_create(quarantined(change, met))
    elif into is not None and Resident.objects.get(pk=into.pk).restricted:
        refuse(change, BY_HAND)
    elif into is None and _new_since(change, met.open):
        change.verdict, change.reason = Verdict.CONFLICTING, "Somebody like this person was recorded since"
        change.candidates = candidates(met)
    else:
        return True
    change.save(update_fields=["verdict", "state", "reason", "candidates", "resident", "repeats"])
    return False


def _new_since(change: ProposedChange, met: list[Any]) -> bool:
    shown = {one["id"] for one in change.candidates}
    return any(found.chance >= SURE / 2 and one.pk not in shown for one, found in met)


def take_in(taking: Taking, *, into: Resident | None, take: Collection[str]) -> Resident:
    """Write the row into a record by the verbs of the residents; the record as it stands then."""
    said, source = taking.change.facts, taking.change.changeset.source
    resident = into and Resident.objects.prefetch_related("phones", "emails", "addresses__address").get(pk=into.pk)
    if resident is None:
        resident = register_resident(
            name=said["name"],
            born=birth_in(said),
            nhs_number=said.get("nhs_number", ""),
            compare=not taking.many,
            by=taking.by,
            at=taking.at,
        )
        fields = {"phone", "email", "home", "died"} & {_FIELD_OF.get(key, key) for key in said}
    else:
        fields = taken(differences(said, held(resident)), take)
    _details(taking, resident, fields)
    _reach(taking, resident, fields)
    if "home" in fields:
        move_to(resident, lines=said["lines"], postcode=said.get("postcode", ""), uprn=said.get("uprn", ""), since=timezone.localdate(taking.at), by=taking.by)  # fmt: skip
    _traits(resident, said)
    expected = said.get("expected", "")
    chronology.add(
        resident, "take_in", f"Taken in from {source}", subject=taking.change.changeset, by=taking.by, at=taking.at,
        detail=f"Birth expected on {date.fromisoformat(expected):%d/%m/%Y}" if expected else "",
    )  # fmt: skip
    _link(taking, resident)
    return Resident.objects.get(pk=resident.pk)


_FIELD_OF = {"lines": "home"}


def _details(taking: Taking, resident: Resident, fields: set[str]) -> None:
    said = taking.change.facts
    details: dict[str, Any] = {}
    if "name" in fields:
        details["name"] = said["name"]
    if "born" in fields:
        details["born"] = birth_in(said)
    if "nhs_number" in fields:
        details["nhs_number"] = said["nhs_number"]
    if "died" in fields:
        details["died_on"] = date.fromisoformat(said["died"])
    if details:
        now = Resident.objects.get(pk=resident.pk)
        change_details(now, seen=now.version, by=taking.by, at=taking.at, **details)


def _reach(taking: Taking, resident: Resident, fields: set[str]) -> None:
    """Numbers come without a word on what is safe, so nothing is: somebody asks first."""
    said, since, note = taking.change.facts, timezone.localdate(taking.at), "From an import: ask what is safe"
    if "phone" in fields:
        add_phone(resident, number=said["phone"], note=note, since=since, by=taking.by)
    if "email" in fields:
        add_email(resident, address=said["email"], note=note, since=since, by=taking.by)


def _traits(resident: Resident, said: dict[str, str]) -> None:
    if said.get("gender") or said.get("ethnicity"):
        traits, _ = Characteristics.objects.get_or_create(resident=resident)
        traits.gender = traits.gender or said.get("gender", "")
        traits.ethnicity = traits.ethnicity or said.get("ethnicity", "")
        traits.save(update_fields=["gender", "ethnicity"])


def _link(taking: Taking, resident: Resident) -> None:
    """Remember which record their number means, so that the next file of the source finds it."""
    change = taking.change
    if not change.their_id or change.their_id.startswith("#"):
        return
    found = ImportedRecord.objects.filter(
        source=change.changeset.source, table=change.changeset.table, their_id=change.their_id
    ).first()
    if found is None:
        ImportedRecord.objects.create(
            source=change.changeset.source, table=change.changeset.table, their_id=change.their_id,
            checksum=change.checksum, kind=Resident._meta.label, our_id=resident.pk, run=_run_of(change.changeset),
        )  # fmt: skip
        return
    if found.our_id != resident.pk:
        raise ValidationError("Their number means another record here already.")
    found.checksum = change.checksum
    found.save(update_fields=["checksum"])


def _run_of(file: Changeset) -> ImportRun:
    """The line of this file in the administrator's list: counts, nobody's name."""
    return ImportRun.objects.get_or_create(
        source=file.source,
        file=f"{file.file[:80]} ({file.reference})",
        checksum=file.checksum,
        defaults={"started_at": file.made_at},
    )[0]


def count_run(file: Changeset) -> None:
    """Bring the administrator's line up to date. Runs three queries."""
    rows = file.changes.order_by().values_list("state", "verdict").annotate(many=Count("pk"))
    many: dict[str, int] = {}
    for state, verdict, number in rows:
        key = verdict if state == ProposedChange.State.LEFT else state
        many[key] = many.get(key, 0) + number
    waits, undone = many.get("waiting", 0), file.status == Changeset.Status.UNDONE
    ImportRun.objects.filter(pk=_run_of(file).pk).update(
        state=ImportRun.State.RUNNING if waits else ImportRun.State.DONE,
        reason="undone" if undone else f"{counted(waits, 'row')} for a manager to decide" if waits else "",
        rows=sum(many.values()),
        taken=many.get("accepted", 0),
        unchanged=many.get("unchanged", 0),
        refused=many.get("refused", 0) + many.get("rejected", 0),
        ended_at=None if waits else timezone.now(),
    )
