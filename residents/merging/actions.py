"""Making one record of two, and two of one again. Nothing merges by itself: a manager decides, and may undo it at any time."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import OperationalError, connection, transaction
from django.db.models import Q

from accounts.models import Role, User
from accounts.working_time import local_day
from ledger import trail
from ledger.acting import acting_as_system
from ledger.moves import advance
from ledger.versions import StaleVersion
from residents import chronology
from residents.actions.pairs import keep_apart, look_soon
from residents.actions.restriction import give_access
from residents.actions.warnings import only_manager
from residents.merging import safer, since
from residents.merging.journal import Journal
from residents.merging.moving import move_rows
from residents.merging.relations import Relation, relations
from residents.merging.undoing import put_back
from residents.merging.why_not import ASK_UNDO, hidden_since, known_of, why_not
from residents.models import REVIEW_AFTER, LikelyPair, Membership, Merge, Resident, Restriction
from residents.search import write_keys
from residents.weights import BOROUGH

SYSTEM = "system:merge"
# Shorter than the second after which the database breaks a deadlock at the cost of either side.
WAIT, TRIES = "600ms", 3


@transaction.atomic
def merge_residents(
    survivor: Resident,
    *,
    other: Resident,
    seen: int,
    other_seen: int,
    keep: safer.Keep | None = None,
    named: Iterable[User] = (),
    why: str,
    by: User,
    at: datetime,
) -> Merge:
    """Let two records of one person stand as one. `keep` says for each field of `safer.FIELDS`, `PLACES` and `HOUSEHOLD` whose value stays.

    `named`: who may go on opening the record where it becomes restricted. Raises StaleVersion, or ValidationError in words.
    """
    only_manager(by, "merge records")
    if not why.strip():
        raise ValidationError({"why": "Enter how you know that they are the same person"})
    for person in (survivor, other):
        if not Resident.objects.visible_to(by).filter(pk=person.pk).exists():
            raise ValidationError("One of these records is no longer there for you. It may have been merged already.")
    if survivor.pk == other.pk:
        raise ValidationError("This is one record. Choose two.")

    def work() -> Merge:
        people = _locked(survivor.pk, other.pk)
        for person, version in ((people[survivor.pk], seen), (people[other.pk], other_seen)):
            if person.merged_into_id:
                raise ValidationError("One of these records has been merged already.")
            if person.version != version:
                raise StaleVersion(person)
        if refusal := why_not(known_of(survivor, other), survivor, other, by):
            raise ValidationError(refusal)
        return _merge(people[survivor.pk], people[other.pk], keep or {}, list(named), why.strip(), by, at)

    return _patiently(work)


def _merge(
    survivor: Resident, other: Resident, keep: safer.Keep, named: list[User], why: str, by: User, at: datetime
) -> Merge:
    found = relations()
    merge = Merge.objects.create(
        survivor=survivor,
        other=other,
        stands_in=survivor,
        kept=dict(keep),
        held={f"{one.label}.{one.name}": _keys(one, survivor.pk) for one in found if since.is_followed(one)},
        was_restricted=survivor.restricted,
        why=why,
        by=by,
        at=at,
    )
    journal = Journal(merge)
    try:
        wanted = safer.chosen(survivor, other, keep)
    except ValueError as refusal:
        raise ValidationError("Choose a date of death that is after the date of birth.") from refusal
    mine, theirs = safer.places_of(survivor.pk), safer.places_of(other.pk)
    journal.change(Resident, {survivor.pk: wanted | {"version": survivor.version + 1}})
    journal.change(safer.ResidentAddress, safer.safer_places(mine, theirs))
    journal.change(safer.ResidentAddress, safer.end_former_homes(mine, theirs, keep, local_day(at)))
    journal.change(Membership, safer.end_former_households(survivor.pk, other.pk, keep, local_day(at)))
    merge.counts = {}
    for relation in found:
        if number := move_rows(relation, other.pk, survivor.pk, journal):
            merge.counts[relation.label] = merge.counts.get(relation.label, 0) + number
    safer.keep_last_word(survivor.pk, journal)
    # The record that was merged away is a pointer: closed to everybody, and never gone.
    journal.change(
        Resident, {other.pk: {"merged_into_id": survivor.pk, "restricted": True, "version": other.version + 1}}
    )
    merge.save(update_fields=["counts"])
    fresh = Resident.objects.get(pk=survivor.pk)
    if fresh.restricted:
        safer.restrict_with(found, survivor.pk, journal)
        _name(fresh, named, by=by, at=at)
    _write_down("merge_residents", merge, fresh, f"Record {other.reference} merged into this one", by=by, at=at)
    _be_found(merge, fresh, Resident.objects.get(pk=other.pk))
    return merge


def _be_found(merge: Merge, *people: Resident) -> None:
    """Bring the search up to date, and have them compared with everybody else anew."""
    for person in people:
        write_keys(person)
        look_soon(person, f"{merge.reference}-{'undone' if merge.undone_at else 'merged'}")


def _keys(relation: Relation, resident: int) -> list[int]:
    return list(relation.rows(resident).values_list("pk", flat=True))


def _name(resident: Resident, people: Iterable[User], *, by: User, at: datetime) -> None:
    """Let these, and whoever decides, open a restricted record, unless they may already."""
    known = set(resident.access_grants.live().values_list("user_id", flat=True))
    for user in {one.pk: one for one in (*people, by)}.values():
        if user.pk not in known:
            give_access(resident, user, reason="Named when two records were merged", by=by, at=at, until=None)


@transaction.atomic
def undo_merge(merge: Merge, *, choices: Mapping[str, str] | None = None, why: str, by: User, at: datetime) -> Merge:
    """Let the two records stand apart again, every row as it was before.

    `choices` says what becomes of what happened since: for a row that was added "survivor" (the usual) or "other", for one that
    was changed "keep" (the usual) or "restore"; keys as `since.what_happened` gives them. Raises ValidationError in words.
    """
    only_manager(by, "undo a merge")
    if not why.strip():
        raise ValidationError({"why": "Enter how you know that they are two people"})
    if not Merge.objects.visible_to(by).filter(pk=merge.pk).exists():
        raise ValidationError("This merge is no longer there for you.")

    def work() -> Merge:
        people = _locked(merge.survivor_id, merge.other_id)
        fresh = Merge.objects.select_for_update(of=("self",)).get(pk=merge.pk)
        if refusal := since.why_not_yet(fresh):
            raise ValidationError(refusal)
        survivor, other = people[fresh.survivor_id], people[fresh.other_id]
        happened = since.what_happened(fresh)
        if hidden_since(happened, by):
            raise ValidationError(ASK_UNDO)
        put_back(fresh, happened, choices or {})
        survivor.refresh_from_db()
        other.refresh_from_db()
        _stay_safe(fresh, survivor, other, by=by, at=at)
        fresh.undone_at, fresh.undone_by, fresh.undone_why = at, by, why.strip()
        fresh.save(update_fields=["undone_at", "undone_by", "undone_why"])
        _write_down("undo_merge", fresh, survivor, f"Merge with {other.reference} undone", by=by, at=at)
        _write_down("undo_merge", fresh, other, f"Merge with {survivor.reference} undone", by=by, at=at, once=False)
        _neither_is(fresh, survivor, other, by=by)
        _tell_apart(survivor, other, note=why.strip()[:300], by=by, at=at)
        _be_found(fresh, survivor, other)
        return fresh

    return _patiently(work)


def _stay_safe(merge: Merge, survivor: Resident, other: Resident, *, by: User, at: datetime) -> None:
    """Whoever restricted the record meanwhile meant all that was in it; and no record is left that nobody may open."""
    if survivor.restricted and not merge.was_restricted and not other.restricted:
        Resident.objects.filter(pk=other.pk).update(restricted=True)
        other.refresh_from_db()
        for grant in survivor.access_grants.live().select_related("user"):
            _name(other, [grant.user], by=by, at=at)
    for person in (survivor, other):
        if person.restricted and not person.access_grants.live().filter(user__role=Role.MANAGER).exists():
            _name(person, [], by=by, at=at)
        _restrict_as_it_says(person, by=by, at=at)


def _restrict_as_it_says(resident: Resident, *, by: User, at: datetime) -> None:
    """A restricted record is reviewed, and one that is not restricted is not."""
    in_force = resident.restrictions.in_force()
    if resident.restricted and not in_force.exists():
        Restriction.objects.create(
            resident=resident, reason="Restricted when a merge was undone", restricted_by=by, since=at, review_on=at.date() + REVIEW_AFTER,
        )  # fmt: skip
    elif not resident.restricted:
        in_force.update(until=at)


def _tell_apart(survivor: Resident, other: Resident, *, note: str, by: User, at: datetime) -> None:
    """Whoever undoes a merge has said that they are two people: nothing suggests them again."""
    pair = _pair(survivor, other)
    if pair.can("keep_apart"):
        keep_apart(pair, note=note, by=by, at=at)


def _pair(one: Resident, other: Resident) -> LikelyPair:
    """The row about these two; a new one where nothing is known of them together."""
    first, second = sorted((one, other), key=lambda person: person.pk)
    new = {"per_mille": 0, "levels": "", "weights": BOROUGH.version}
    return LikelyPair.objects.get_or_create(one=first, other=second, defaults=new)[0]


def _neither_is(merge: Merge, survivor: Resident, other: Resident, *, by: User) -> None:
    """Whom somebody told apart from the one record since is told apart from both."""
    told = LikelyPair.objects.filter(status=LikelyPair.Status.APART, decided_at__gte=merge.at)
    people = [survivor, other]
    for row in told.filter(Q(one__in=people) | Q(other__in=people)).select_related("one", "other"):
        third = row.other if row.one in people else row.one
        for person in people:
            if third not in people and (pair := _pair(person, third)).can("keep_apart"):
                said = {"decided_by": row.decided_by, "decided_at": row.decided_at, "note": row.note}
                advance(pair, "keep_apart", by=by, about=pair.about(), **said)


def _write_down(
    verb: str, merge: Merge, resident: Resident, heading: str, *, by: User, at: datetime, once: bool = True
) -> None:
    """In the trail of both records (once), and in the story."""
    if once:
        trail.record(verb, merge, by=by, about=[merge.survivor.reference, merge.other.reference])
    chronology.add(resident, verb, heading, subject=merge, by=by, at=at, significant=True)


def _locked(*keys: int) -> dict[int, Resident]:
    """The residents as they stand, locked in the order of their keys, so that two merges wait and never block each other.

    Nobody can write a row about them meanwhile: its key would wait for this lock.
    """
    people = Resident.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk")
    return {one.pk: one for one in people}


def _patiently(work: Callable[[], Merge]) -> Merge:
    """Do it as the system, which may move rows of every room. Where someone else holds a row, step back and try again."""
    for _ in range(TRIES):
        try:
            with acting_as_system(SYSTEM):
                _wait(f"'{WAIT}'")
                done = work()
                _wait("DEFAULT")
                return done
        except OperationalError as held:
            if "lock timeout" not in str(held) and "deadlock" not in str(held):
                raise
    raise ValidationError("Somebody is working on one of these records at this moment. Try again.")


def _wait(at_most: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout TO {at_most}")
