"""What residents are to each other, and people who matter and live elsewhere. An alleged perpetrator's own record tells nothing of it."""

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from ledger import trail
from ledger.acting import acting_as_system
from ledger.versions import save_changes
from residents import chronology
from residents.actions.pairs import are_two
from residents.actions.people import first_day, lock
from residents.actions.warnings import only_manager
from residents.models import PersonWhoMatters, Relationship, Resident
from residents.written import read_phone

Kind = Relationship.Kind
YEAR = timedelta(days=365)
# A first person who is less than so many years older than the second is doubted, never refused.
YEARS_OLDER = {Kind.PARENT: 12, Kind.GRANDPARENT: 24}
SYSTEM = "system:residents"


def doubts(resident: Resident, other: Resident, side: str) -> list[str]:
    """What is hard to believe in a relationship, in words; nothing where a date of birth is not known."""
    kind, other_first, _ = Relationship.SIDES[side]
    older, younger = (other, resident) if other_first else (resident, other)
    if kind not in YEARS_OLDER or not older.born_on or not younger.born_on:
        return []
    if younger.born_on - older.born_on >= YEARS_OLDER[kind] * YEAR:
        return []
    if older.born_on >= younger.born_on:
        return [f"{older} is not older than {younger}."]
    years = (younger.born_on - older.born_on) // YEAR
    return [f"{older} is only {years} years older than {younger}."]


def _told(verb: str, row: Relationship, heading: str, by: User | None) -> None:
    """In both stories, without names; of a restricted person and of an alleged perpetrator nobody else's story tells."""
    trail.record(verb, row, by=by, about=row.about(), fields=["relationship"])
    now = timezone.now()
    if row.sensitive:
        chronology.add(row.second, verb, heading, subject=row, by=by, at=now, significant=True)
        return
    pair = (row.first, row.second)
    told = [one for one, other in (pair, pair[::-1]) if one.restricted or not other.restricted]
    chronology.add(told, verb, heading, subject=row, by=by, at=now)


@transaction.atomic
def add_relationship(
    resident: Resident, *, other: Resident, side: str, note: str = "", since: date | None = None, by: User | None
) -> Relationship | None:
    """Say what another resident is to this one (`side`: a key of Relationship.SIDES). Raises ValidationError if it is said already.

    None where an alleged perpetrator was named before by somebody whose word the writer may not read.
    """
    if resident.pk == other.pk:
        raise ValidationError({"other": "Choose somebody else: nobody is related to themselves"})
    pair = {one.pk: lock(one) for one in sorted((resident, other), key=lambda one: one.pk)}
    kind, other_first, _ = Relationship.SIDES[side]
    first, second = (pair[other.pk], pair[resident.pk]) if other_first else (pair[resident.pk], pair[other.pk])
    if since and since > timezone.localdate():
        raise ValidationError({"since": "The day must be today or in the past"})
    if _said_already(kind, first, second):
        if kind != Kind.ALLEGED:
            raise ValidationError({"side": "This relationship is on record already"})
        trail.record("add_relationship", second, by=by, about=[second.reference], fields=["relationship"])
        return Relationship.objects.filter(kind=kind, first=first, second=second, until=None).first()
    row = Relationship.objects.create(
        first=first,
        second=second,
        kind=kind,
        note=note.strip(),
        since=since,
        recorded_by=by,
        recorded_at=timezone.now(),
    )
    heading = "Alleged perpetrator recorded" if row.sensitive else f"Relationship recorded: {row.get_kind_display()}"
    _told("add_relationship", row, heading, by)
    are_two(first, other=second, by=by)
    return row


def _said_already(kind: str, first: Resident, second: Resident) -> bool:
    """Whether it holds, whichever way round, also where the writer may not know of it."""
    pair = [first.pk, second.pk]
    with acting_as_system(SYSTEM):
        return Relationship.objects.open().filter(kind=kind, first__in=pair, second__in=pair).exists()


@transaction.atomic
def correct_relationship(
    relationship: Relationship, *, seen: int, note: str, since: date | None, by: User | None
) -> Relationship:
    """Say anew since when, and what is to be known of it. Raises StaleVersion."""
    row = _present(relationship)
    if since and since > timezone.localdate():
        raise ValidationError({"since": "The day must be today or in the past"})
    about = row.about()
    fresh = save_changes(
        row, seen=seen, by=by, verb="correct_relationship", about=about, note=note.strip(), since=since
    )
    return Relationship.objects.select_related("first", "second").get(pk=fresh.pk)


@transaction.atomic
def end_relationship(
    relationship: Relationship, *, on: date | None = None, mistaken: bool = False, by: User
) -> Relationship:
    """Say that a relationship holds no longer, or (`mistaken`) never did. Only a manager takes away an alleged perpetrator."""
    row = _present(relationship)
    if row.sensitive:
        only_manager(by, "take away an alleged perpetrator")
    day = first_day(on)
    if row.since and day < row.since:
        if not mistaken:
            raise ValidationError({"on": f"Enter {row.since.day} {row.since:%B %Y} or later: it began then"})
        day = row.since
    row.until, row.mistaken, row.version = day, mistaken, row.version + 1
    row.save(update_fields=["until", "mistaken", "version"])
    what = "Alleged perpetrator" if row.sensitive else f"Relationship: {row.get_kind_display()}"
    said = "recorded by mistake" if mistaken else "no longer recorded" if row.sensitive else "ended"
    _told("end_relationship", row, f"{what} {said}", by)
    return row


def _present(relationship: Relationship) -> Relationship:
    """The row as it stands now, locked; refused when it has ended."""
    rows = Relationship.objects.select_for_update(of=("self",)).select_related("first", "second")
    row = rows.get(pk=relationship.pk)
    if row.until is not None:
        raise ValidationError("This relationship has ended already.")
    return row


@transaction.atomic
def add_person_who_matters(
    resident: Resident,
    *,
    name: str,
    relation: str,
    phone: str = "",
    may_be_called: bool = False,
    lives: str = "",
    note: str = "",
    by: User | None,
) -> PersonWhoMatters:
    """Write down somebody who matters, lives elsewhere and has no record. Raises ValidationError if they stand there already."""
    resident, name = lock(resident), " ".join(name.split())
    if resident.people_who_matter.filter(name__iexact=name, relation=relation, until=None).exists():
        raise ValidationError({"name": "This person is on the record already"})
    row = PersonWhoMatters.objects.create(
        resident=resident,
        name=name,
        relation=relation,
        phone=_number(phone),
        may_be_called=may_be_called,
        lives=lives.strip(),
        note=note.strip(),
        since=timezone.localdate(),
    )
    _elsewhere("add_person_who_matters", "Somebody who matters elsewhere recorded", row, by)
    return row


@transaction.atomic
def change_person_who_matters(
    person: PersonWhoMatters,
    *,
    seen: int,
    name: str,
    relation: str,
    phone: str = "",
    may_be_called: bool = False,
    lives: str = "",
    note: str = "",
    by: User | None,
) -> PersonWhoMatters:
    """Say anew who they are and where they live. Raises StaleVersion."""
    if person.until is not None:
        raise ValidationError("This person is no longer on the record.")
    name = " ".join(name.split())
    others = PersonWhoMatters.objects.filter(resident=person.resident_id, relation=relation, until=None)
    if others.filter(name__iexact=name).exclude(pk=person.pk).exists():
        raise ValidationError({"name": "This person is on the record already"})
    return save_changes(
        person,
        seen=seen,
        by=by,
        verb="change_person_who_matters",
        about=[person.resident.reference],
        name=name,
        relation=relation,
        phone=_number(phone),
        may_be_called=may_be_called,
        lives=lives.strip(),
        note=note.strip(),
    )


@transaction.atomic
def end_person_who_matters(person: PersonWhoMatters, *, on: date | None = None, by: User | None) -> PersonWhoMatters:
    """Take somebody off the list of those who matter; they stay as a former one."""
    row = PersonWhoMatters.objects.select_for_update(of=("self",)).select_related("resident").get(pk=person.pk)
    if row.until is not None:
        raise ValidationError("This person is no longer on the record.")
    row.until, row.version = max(first_day(on), row.since), row.version + 1
    row.save(update_fields=["until", "version"])
    _elsewhere("end_person_who_matters", "Somebody who mattered elsewhere taken off", row, by)
    return row


def _number(text: str) -> str:
    if not text.strip():
        return ""
    try:
        return read_phone(text)
    except ValidationError as refusal:
        raise ValidationError({"phone": refusal.messages}) from refusal


def _elsewhere(verb: str, heading: str, row: PersonWhoMatters, by: User | None) -> None:
    trail.record(verb, row, by=by, about=[row.resident.reference], fields=["people_who_matter"])
    chronology.add(row.resident, verb, heading, subject=row, by=by, at=timezone.now())
