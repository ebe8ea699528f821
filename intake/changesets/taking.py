"""How a row becomes a record of ours, or part of one: by the verbs that a person would use, and never past the restriction. Acts as the system."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Count
from django.utils import timezone

from accounts.models import User
from intake.changesets import journal
from intake.changesets.differing import differences, held, taken, to_compare
from intake.changesets.facts import BY_HAND, Said, birth_in, compared
from intake.changesets.judging import SURE, Met, candidates, quarantined, refuse, who_fits
from intake.models import Changeset, ImportedRecord, ImportRun, ProposedChange, QuarantinedMatch
from ledger import trail
from ledger.said import counted
from residents import chronology
from residents.actions import (
    add_email,
    add_phone,
    change_details,
    move_to,
    register_resident,
    register_residents,
)
from residents.actions.many import Newcomer
from residents.models import Characteristics, ChronologyEntry, Resident

Verdict, State = ProposedChange.Verdict, ProposedChange.State
ASK_FIRST = "From an import: ask what is safe"


@dataclass(frozen=True, slots=True)
class Taking:
    """One row that is being taken in, by whom and when; `many`: with others, which are compared with everybody together."""

    change: ProposedChange
    by: User
    at: datetime
    many: bool = False


def meet_again(changes: Sequence[ProposedChange]) -> list[Met]:
    """Whom each of these rows may be about, as the records stand now."""
    return who_fits([compared(one.facts) for one in changes])


def look_again(change: ProposedChange, into: Resident | None, met: Met) -> bool:
    """Whether the row may still be taken in: somebody may have been restricted, or recorded, since it was read.

    Otherwise the row is saved as refused, or as one to be decided.
    """
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
    said = taking.change.facts
    resident = into and to_compare([into.pk]).get()
    if resident is None:
        resident = register_resident(**_who(said), compare=not taking.many, by=taking.by, at=taking.at)
        fields = {"phone", "email", "home", "died"} & {_FIELD_OF.get(key, key) for key in said}
    else:
        fields = taken(differences(said, held(resident)), take)
    _details(taking, resident, fields)
    _reach(taking, resident, fields)
    if "home" in fields:
        move_to(resident, **_home(said, taking.at), by=taking.by)
    _traits(resident, said)
    chronology.add(resident, **_story(taking))
    _link(taking, resident)
    return Resident.objects.get(pk=resident.pk)


_FIELD_OF = {"lines": "home"}


def _who(said: Said) -> dict[str, Any]:
    return {"name": said["name"], "born": birth_in(said), "nhs_number": said.get("nhs_number", "")}


def _phone(said: Said, at: datetime) -> dict[str, Any]:
    return {"number": said["phone"], "note": ASK_FIRST, "since": timezone.localdate(at)}


def _email(said: Said, at: datetime) -> dict[str, Any]:
    return {"address": said["email"], "note": ASK_FIRST, "since": timezone.localdate(at)}


def _home(said: Said, at: datetime) -> dict[str, Any]:
    known = {name: said.get(name, "") for name in ("lines", "postcode", "uprn")}
    return known | {"since": timezone.localdate(at)}


def _story(taking: Taking) -> dict[str, Any]:
    file, expected = taking.change.changeset, taking.change.facts.get("expected", "")
    detail = f"Birth expected on {date.fromisoformat(expected):%d/%m/%Y}" if expected else ""
    heading = f"Taken in from {file.source}"
    return {"verb": "take_in", "heading": heading, "subject": file, "by": taking.by, "at": taking.at, "detail": detail}


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
    if "phone" in fields:
        add_phone(resident, **_phone(taking.change.facts, taking.at), by=taking.by)
    if "email" in fields:
        add_email(resident, **_email(taking.change.facts, taking.at), by=taking.by)


def _traits(resident: Resident, said: dict[str, str]) -> None:
    if said.get("gender") or said.get("ethnicity"):
        traits, _ = Characteristics.objects.get_or_create(resident=resident)
        traits.gender = traits.gender or said.get("gender", "")
        traits.ethnicity = traits.ethnicity or said.get("ethnicity", "")
        traits.save(update_fields=["gender", "ethnicity"])


def _link(taking: Taking, resident: Resident) -> None:
    """Remember which record their number means, so that the next file of the source finds it."""
    change = taking.change
    if not _own_number(change):
        return
    found = journal.links_of([change]).first()
    if found is None:
        _link_to(change, resident, run_of(change.changeset)).save(force_insert=True)
        return
    if found.our_id != resident.pk:
        raise ValidationError("Their number means another record here already.")
    found.checksum = change.checksum
    found.save(update_fields=["checksum"])


def _own_number(change: ProposedChange) -> bool:
    """Whether the file has a number of its own for the person; a mark made of what the row says is none."""
    return bool(change.their_id) and not change.their_id.startswith("#")


def _link_to(change: ProposedChange, resident: Resident, run: ImportRun) -> ImportedRecord:
    return ImportedRecord(
        source=change.changeset.source, table=change.changeset.table, their_id=change.their_id,
        checksum=change.checksum, kind=Resident._meta.label, our_id=resident.pk, run=run,
    )  # fmt: skip


# --- many ---------------------------------------------------------------------------------------------------------


def beginning(changes: Sequence[ProposedChange]) -> list[ProposedChange]:
    """Those of the rows of one file that begin a record and ask for nothing else: they can be taken in together.

    A death is a change of a record. A number that means somebody here already is for a person to look at.
    """
    used = {one.their_id for one in journal.links_of(changes)} if changes else set()
    found = []
    for one in changes:
        by_itself = one.resident_id or one.repeats_id or one.facts.get("died") or one.their_id in used
        if not by_itself:
            found.append(one)
            used |= {one.their_id} if _own_number(one) else set()
    return found


def take_in_all(changes: Sequence[ProposedChange], *, by: User, at: datetime) -> list[int]:
    """Begin the records of these rows: what `take_in` and accepting write of each, in a few statements for all. The residents."""
    last = journal.last_place()
    people = register_residents([_newcomer(one.facts, at) for one in changes], by=by, at=at)
    pairs = list(zip(changes, people, strict=True))
    Characteristics.objects.bulk_create(
        Characteristics(resident=person, gender=said.get("gender", ""), ethnicity=said.get("ethnicity", ""))
        for person, said in ((person, change.facts) for change, person in pairs)
        if said.get("gender") or said.get("ethnicity")
    )
    ChronologyEntry.objects.bulk_create(
        chronology.line(person, **_story(Taking(change, by, at))) for change, person in pairs
    )
    run = run_of(changes[0].changeset)
    ImportedRecord.objects.bulk_create(_link_to(change, person, run) for change, person in pairs if _own_number(change))
    for change, person in pairs:
        change.resident = person
    ProposedChange.objects.bulk_update(changes, ["resident"])
    accepted = ProposedChange.objects.filter(pk__in=[one.pk for one in changes])
    accepted.update(state=State.ACCEPTED, decided_by=by, decided_at=at)
    trail.record_many((("accept_change", change, [person.reference]) for change, person in pairs), by=by)
    journal.write_down({person.pk: change for change, person in pairs}, {}, last)
    return [person.pk for person in people]


def _newcomer(said: Said, at: datetime) -> Newcomer:
    return Newcomer(
        _who(said),
        phone=_phone(said, at) if said.get("phone") else {},
        email=_email(said, at) if said.get("email") else {},
        place=_home(said, at) if said.get("lines") else {},
    )


def run_of(file: Changeset) -> ImportRun:
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
    ImportRun.objects.filter(pk=run_of(file).pk).update(
        state=ImportRun.State.RUNNING if waits else ImportRun.State.DONE,
        reason="undone" if undone else f"{counted(waits, 'row')} for a manager to decide" if waits else "",
        rows=sum(many.values()),
        taken=many.get("accepted", 0),
        unchanged=many.get("unchanged", 0),
        refused=many.get("refused", 0) + many.get("rejected", 0),
        ended_at=None if waits else timezone.now(),
    )
