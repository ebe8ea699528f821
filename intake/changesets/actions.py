"""What may happen to a file of people: begun, read, each row taken in or turned down, all of them together, undone, thrown away."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import nullcontext
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.utils import timezone

from accounts.models import User
from intake.changesets import journal
from intake.changesets.columns import wrong_with
from intake.changesets.facts import ReadRow, read_row
from intake.changesets.judging import Met, judge_alone, judge_rows
from intake.changesets.reading import Sheet
from intake.changesets.taking import Taking, beginning, count_run, look_again, meet_again, take_in, take_in_all
from intake.extract.values import Refused
from intake.models import Changeset, ProposedChange, QuarantinedMatch
from ledger import trail
from ledger.acting import acting_as_system, reading_as_system
from ledger.moves import advance
from ledger.outbox import enqueue
from ledger.references import afresh
from residents.models import Resident
from residents.search import rebuild_keys

AT_ONCE, TAKEN_AT_ONCE = 200, 50
IN_THE_REQUEST, TAKEN_IN_THE_REQUEST = 100, 20
"""As many rows are read, or taken in, while somebody waits; more are done by jobs, a piece each, so that others get their turn."""
SYSTEM = "system:import"
NOT_NOW = "It could not be taken in with the others: decide it by itself"
Verdict, State, Status = ProposedChange.Verdict, ProposedChange.State, Changeset.Status
BULK = (Verdict.NEW, Verdict.MATCHED)


@transaction.atomic
def begin_changeset(
    sheet: Sheet, *, source: str, file: str, table: str = "people", mapping: Sequence[str] = (), by: User | None
) -> Changeset:
    """Keep the rows of a file. Nothing is compared before somebody has said what the columns hold."""
    changeset = Changeset.objects.create(
        source=source, file=file[:100], table=table, checksum=sheet.checksum, columns=sheet.headings,
        mapping=list(mapping), to_do=len(sheet.rows), made_by=by,
    )  # fmt: skip
    rows = [ProposedChange(changeset=changeset, number=number, cells=cells) for number, cells in sheet.rows]
    ProposedChange.objects.bulk_create(rows, batch_size=1000)
    trail.record("begin_changeset", changeset, by=by)
    return changeset


@transaction.atomic
def begin_review(
    rows: Sequence[ReadRow], *, source: str, file: str, checksum: str, table: str, by: User | None
) -> Changeset:
    """The same of rows that another reader has read: there are no columns to choose, so they are compared."""
    changeset = Changeset.objects.create(
        source=source, file=file[:100], table=table, checksum=checksum, status=Status.READING, to_do=len(rows), made_by=by
    )  # fmt: skip
    made = [
        ProposedChange(
            changeset=changeset,
            number=row.number,
            facts=row.facts,
            checksum=row.checksum,
            their_id=row.facts.get("their_id", ""),
            reason=row.refused,
        )
        for row in rows
    ]
    ProposedChange.objects.bulk_create(made, batch_size=1000)
    trail.record("begin_changeset", changeset, by=by)
    return _read_soon(changeset)


@transaction.atomic
def choose_columns(changeset: Changeset, *, mapping: Sequence[str], by: User | None) -> Changeset:
    """Say what each column holds, and have the file read: at once if it is short. Raises ValidationError in words."""
    if wrong := wrong_with(mapping):
        raise ValidationError(wrong)
    fresh = advance(changeset, "choose_columns", by=by, mapping=list(mapping))
    return _read_soon(fresh)


def _read_soon(changeset: Changeset) -> Changeset:
    if changeset.to_do > IN_THE_REQUEST:
        _go_on("read", changeset)
        return changeset
    with acting_as_system(SYSTEM):
        while read_some(changeset):
            pass
    return Changeset.objects.get(pk=changeset.pk)


def _go_on(verb: str, changeset: Changeset) -> None:
    """Have a job do the next piece of a long file."""
    key = f"{verb}-{changeset.reference}-{timezone.now().isoformat()}"
    enqueue(f"intake.{verb}_changeset", key=key, changeset_id=changeset.pk)


def read_on(changeset: Changeset) -> int:
    """Read the next rows of a long file, and have a job read those after them. Returns how many. Acts as the system."""
    some = read_some(changeset)
    if some:
        _go_on("read", changeset)
    return some


def take_on(changeset: Changeset) -> int:
    """Take in the next rows of many, and have a job take in those after them. Returns how many. Acts as the system."""
    some = take_some(changeset)
    if some:
        _go_on("take", changeset)
    return some


def read_some(changeset: Changeset) -> int:
    """Read and judge the next rows. Returns how many, or 0 where there are no more to read. Inside a transaction of the system."""
    locked = Changeset.objects.select_for_update().get(pk=changeset.pk)
    if locked.status != Status.READING:
        return 0
    rows = list(locked.changes.filter(verdict=Verdict.UNREAD).order_by("number")[:AT_ONCE])
    today = timezone.localdate()
    for change in rows:
        _read(change, locked, today)
    judge_rows(locked, rows)
    Changeset.objects.filter(pk=locked.pk).update(done=locked.done + len(rows))
    if not locked.changes.filter(verdict=Verdict.UNREAD).exists():
        locked.changes.exclude(keys=[]).update(keys=[])
        count_run(advance(locked, "finish_reading", by=None))
        return 0
    return len(rows)


def _read(change: ProposedChange, changeset: Changeset, today: date) -> None:
    """Facts in place of cells; another reader may have been here."""
    if change.reason:
        _unreadable(change, change.reason)
    elif not change.facts:
        try:
            change.facts = read_row(change.cells, changeset.mapping, today)
        except Refused as why:
            _unreadable(change, str(why))
        else:
            change.checksum = journal.digest(change.facts)
            change.their_id = change.facts.get("their_id") or f"#{change.checksum[:16]}"
    change.cells = []


def _unreadable(change: ProposedChange, why: str) -> None:
    change.verdict, change.state = Verdict.REFUSED, State.LEFT
    change.reason = f"{why[:1].upper()}{why[1:]}"[:300]


# --- one row ------------------------------------------------------------------------------------------------------


@transaction.atomic
def accept_change(
    change: ProposedChange, *, into: Resident | None = None, take: Collection[str] = (), by: User, at: datetime
) -> ProposedChange:
    """Take in one row: as a new record, or into that of `into`, with the file's word for the fields in `take`.

    Where a look at today's records says that it must not be, the row is refused or put back for a decision instead: read its
    state. Raises ValidationError in words.
    """
    with acting_as_system(SYSTEM):
        done = _accept(change, into, take, by, at)
        count_run(done.changeset)
    return done


def _accept(
    change: ProposedChange,
    into: Resident | None,
    take: Collection[str],
    by: User,
    at: datetime,
    *,
    met: Met | None = None,
    journalled: bool = False,
) -> ProposedChange:
    """`met`: of a row that is one of many, whom it may be about as was just looked up for all of them. `journalled`: whoever calls
    writes down what is done."""
    fresh = ProposedChange.objects.select_for_update(of=("self",)).get(pk=change.pk)
    _must_wait(fresh)
    if fresh.repeats_id:
        into = _first_of(fresh)
        take = ()
    if not look_again(fresh, into, met or meet_again([fresh])[0]):
        return fresh
    with nullcontext(journal.Kept(into)) if journalled else journal.kept(fresh, into) as kept:
        resident = take_in(Taking(fresh, by, at, many=met is not None), into=into, take=take)
        kept.resident = resident
    fresh.state, fresh.resident, fresh.decided_by, fresh.decided_at = State.ACCEPTED, resident, by, at
    fresh.save(update_fields=["state", "resident", "decided_by", "decided_at"])
    trail.record("accept_change", fresh, by=by, about=[resident.reference])
    return fresh


def _must_wait(change: ProposedChange) -> None:
    if change.state != State.WAITING:
        raise ValidationError(
            f"This row is {change.get_state_display().lower()} already, so that can no longer be done."
        )
    if change.changeset.status not in (Status.READY, Status.TAKING):
        raise ValidationError("This import is not open for decisions.")


def _first_of(change: ProposedChange) -> Resident:
    first = change.repeats
    if first is None or first.resident is None or first.state not in (State.ACCEPTED, State.LEFT):
        raise ValidationError(
            f"This row is about the same person as row {first.number if first else ''}: decide that one first."
        )
    return first.resident


@transaction.atomic
def reject_change(change: ProposedChange, *, reason: str, by: User, at: datetime) -> ProposedChange:
    """Turn a row down; the same row of a later file is not asked about again."""
    if not reason.strip():
        raise ValidationError({"reason": "Enter why the row is turned down"})
    with acting_as_system(SYSTEM):
        fresh = ProposedChange.objects.select_for_update(of=("self",)).get(pk=change.pk)
        _must_wait(fresh)
        fresh.state, fresh.reason, fresh.decided_by, fresh.decided_at = State.REJECTED, reason.strip()[:300], by, at
        fresh.save(update_fields=["state", "reason", "decided_by", "decided_at"])
        trail.record("reject_change", fresh, by=by)
        count_run(fresh.changeset)
    return fresh


@transaction.atomic
def part_rows(change: ProposedChange, *, by: User) -> ProposedChange:
    """Say that a row is not about the same person as an earlier one: it is judged by itself."""
    with acting_as_system(SYSTEM):
        fresh = ProposedChange.objects.select_for_update(of=("self",)).get(pk=change.pk)
        _must_wait(fresh)
        QuarantinedMatch.objects.bulk_create(judge_alone(fresh))
        fresh.save(update_fields=["repeats", "resident", "candidates", "verdict", "state", "reason"])
        trail.record("part_rows", fresh, by=by)
    return fresh


# --- many ---------------------------------------------------------------------------------------------------------


def in_bulk(changeset: Changeset) -> int:
    """How many rows would be taken in together: those that wait and are new or matched. Runs one query."""
    return ProposedChange.objects.filter(changeset=changeset, state=State.WAITING, verdict__in=BULK).count()


@transaction.atomic
def accept_waiting(changeset: Changeset, *, by: User, at: datetime) -> Changeset:
    """Take in all rows that are new or matched; many of them by a job. What must be decided stays."""
    with reading_as_system(SYSTEM):
        many = in_bulk(changeset)
    if not many:
        raise ValidationError("No row is waiting that can be taken in without a decision.")
    fresh = advance(changeset, "begin_taking", by=by, to_do=many, done=0, taking_by=by)
    if many > TAKEN_IN_THE_REQUEST:
        _go_on("take", fresh)
        return fresh
    with acting_as_system(SYSTEM):
        while take_some(fresh):
            pass
    return Changeset.objects.get(pk=fresh.pk)


def take_some(changeset: Changeset) -> int:
    """Take in the next rows. Returns how many were looked at, or 0 where there are no more. Inside a transaction of the system."""
    locked = Changeset.objects.select_for_update(of=("self",)).select_related("taking_by").get(pk=changeset.pk)
    if locked.status != Status.TAKING:
        return 0
    waiting = locked.changes.filter(state=State.WAITING, verdict__in=BULK)
    some = waiting.select_related("changeset", "resident", "repeats__resident").select_for_update(of=("self",))
    rows = list(some.order_by("number")[:TAKEN_AT_ONCE])
    if begun := _take_rows(rows, locked.taking_by):
        enqueue("intake.compare_people", key=f"compare-{locked.reference}-{begun[0]}", residents=begun)
    Changeset.objects.filter(pk=locked.pk).update(done=locked.done + len(rows))
    if not waiting.exists():
        count_run(advance(locked, "finish_taking", by=locked.taking_by))
        return 0
    return len(rows)


def _take_rows(rows: Sequence[ProposedChange], by: User) -> list[int]:
    """Those that begin records together, the others one by one. The residents whose records were begun."""
    met = dict(zip(rows, meet_again(rows), strict=True))
    new = set(beginning(rows))
    together = [row for row in rows if row in new and look_again(row, None, met[row])]
    try:
        begun = afresh(lambda: take_in_all(together, by=by, at=timezone.now())) if together else []
    except (ValidationError, DatabaseError):  # one of them; which one is found by taking each by itself
        begun, new = [], new - set(together)
        for row in together:
            row.resident = None
    rest = [row for row in rows if row not in new]
    added = _take_into(rest, by, met)
    one_by_one = (_take_one(row, by, met[row]) for row in rest if row not in added)
    return begun + [resident for resident in one_by_one if resident]


def _take_into(rows: Sequence[ProposedChange], by: User, met: Mapping[ProposedChange, Met]) -> set[ProposedChange]:
    """Those that add to records of ours, each to another: what is done to them is looked up for all together. Which ones they are."""
    earlier = ProposedChange.objects.filter(pk__in=[row.repeats_id for row in rows if row.repeats_id])
    became = dict(earlier.filter(state=State.ACCEPTED).values_list("pk", "resident"))
    whose: dict[int, ProposedChange] = {}
    for row in rows:
        if into := became.get(row.repeats_id) if row.repeats_id else row.resident_id:
            whose.setdefault(into, row)
    # Others wait meanwhile, or what they write would count as the import's own; a record that somebody holds now has its own turn.
    free = Resident.objects.filter(pk__in=list(whose)).order_by("pk").select_for_update(of=("self",), skip_locked=True)
    free_now = {one.pk for one in free} if whose else set()
    whose = {pk: row for pk, row in whose.items() if pk in free_now}
    if whose:
        last, before = journal.last_place(), journal.standing(whose)
        for row in whose.values():
            _take_one(row, by, met[row], journalled=True)
        journal.write_down(whose, before, last)
    return set(whose.values())


def _take_one(change: ProposedChange, by: User, met: Met, *, journalled: bool = False) -> int | None:
    """One row of many; what cannot be taken in is put back for a decision. The resident, where a record was begun."""
    try:
        done = afresh(lambda: _accept(change, change.resident, (), by, timezone.now(), met=met, journalled=journalled))
    except ValidationError as why:
        reason = " ".join(why.messages)[:300]
    except DatabaseError:  # somebody holds the record, or what nobody thought of: one row does not stop a file
        reason = NOT_NOW
    else:
        return done.resident_id if change.resident is None and change.repeats is None else None
    ProposedChange.objects.filter(pk=change.pk).update(verdict=Verdict.CONFLICTING, reason=reason)
    return None


# --- back again ---------------------------------------------------------------------------------------------------


@transaction.atomic
def undo_changeset(changeset: Changeset, *, by: User, at: datetime) -> Changeset:
    """Put every row of ours back as it was before the import; a long one by a job. Raises ValidationError that says what builds on it."""
    with reading_as_system(SYSTEM):
        many = ProposedChange.objects.filter(changeset=changeset, state=State.ACCEPTED).count()
    if many > IN_THE_REQUEST:
        fresh = advance(changeset, "begin_undoing", by=by, taking_by=by, building=[])
        _go_on("undo", fresh)
        return fresh
    with acting_as_system(SYSTEM):
        locked = Changeset.objects.select_for_update(of=("self",)).get(pk=changeset.pk)
        if building := journal.builds_on(locked):
            raise ValidationError(journal.in_words(locked, building, by=by))
        return _undo(locked, by)


def undo_on(changeset: Changeset) -> Changeset:
    """Undo a long import, all of it or nothing: where somebody builds on it, that is kept to be read. Acts as the system."""
    locked = Changeset.objects.select_for_update(of=("self",)).select_related("taking_by").get(pk=changeset.pk)
    if locked.status != Status.UNDOING:
        return locked
    if building := journal.builds_on(locked):
        return advance(locked, "stop_undoing", by=locked.taking_by, building=building)
    return _undo(locked, locked.taking_by)


def _undo(locked: Changeset, by: User) -> Changeset:
    touched = journal.put_back(locked)
    fresh = advance(locked, "undo_changeset", by=by, building=[])
    there = Resident.objects.filter(pk__in=touched)
    rebuild_keys(there)
    for resident in there.iterator():
        trail.record("undo_changeset", resident, by=by, about=[resident.reference])
    count_run(fresh)
    return fresh


@transaction.atomic
def discard_changeset(changeset: Changeset, *, by: User, at: datetime) -> Changeset:
    """Throw away what waits, and what the file said of those people; what was taken in stays."""
    with acting_as_system(SYSTEM):
        fresh = advance(changeset, "discard_changeset", by=by)
        rest = ProposedChange.objects.filter(changeset=fresh).exclude(state=State.ACCEPTED)
        QuarantinedMatch.objects.filter(change__in=rest).update(said={})
        rest.update(cells=[], facts={}, candidates=[], their_id="", keys=[])
        rest.filter(state=State.WAITING).update(state=State.LEFT, reason="Thrown away", decided_by=by, decided_at=at)
        if fresh.mapping:
            count_run(fresh)
    return fresh
