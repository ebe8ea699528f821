"""What one import knows while it runs, and what each kind of row must be able to do."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from intake.extract.files import Row
from intake.extract.rows import READERS, Approach, Place, Professional, Work
from intake.extract.tables import PERSON, PROFESSIONALS, Table
from intake.extract.values import Refused, needed_id
from intake.models import ImportedRecord
from residents.models import Resident


@dataclass(slots=True)
class Job:
    """One import of one folder from one source."""

    source: str
    now: datetime
    today: date
    check: bool
    reviewed: bool = False
    """People come only by a changeset that somebody has looked at."""
    people: dict[str, int] = field(default_factory=dict)
    """Their id -> our resident, 0 for one whom a real import would make."""
    workers: dict[str, Professional] | None = None
    """Their id -> who that is; None where the extract has no professionals."""

    def residents(self, theirs: Iterable[str]) -> dict[str, Resident]:
        """Our residents by their id. Runs one query for 1,000."""
        ids = {one: self.people[one] for one in theirs}
        wanted, found = sorted(set(ids.values())), {}
        for start in range(0, len(wanted), 1000):
            found.update(Resident.objects.in_bulk(wanted[start : start + 1000]))
        return {one: found[pk] for one, pk in ids.items()}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A row that can be taken: what it says, and what it was the last time."""

    row: Row
    key: str
    value: Any
    checksum: str
    known: ImportedRecord | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """What a table's rows become: how to make many, how they stand now, and how one is changed."""

    label: str
    make: Callable[[Job, Sequence[Candidate]], list[int]]
    present: Callable[[Sequence[int]], dict[int, str]]
    """Digest of each record as it stands."""
    may_change: Callable[[Job, Candidate], None]
    """Raises Refused where a change of theirs cannot become one of ours."""
    change: Callable[[Job, Candidate], None]


def digest(*parts: object) -> str:
    """A fixed-length mark by which a change is noticed; it says nothing of the values."""
    return hashlib.sha256("\x1f".join(map(repr, parts)).encode()).hexdigest()


def judge(job: Job, table: Table, row: Row, seen: dict[str, int], known: dict[str, ImportedRecord]) -> Candidate:
    """The verdict on one row, short of what our own record says. Raises Refused with the reason."""
    if row.ragged:
        raise Refused(f"it has {len(row.cells)} columns where the heading has {len(row.columns)}")
    cells = row.by_column()
    key = needed_id(cells, table.id, table.what)
    if (first := seen.setdefault(key, row.number)) != row.number:
        raise Refused(f"its {table.what} was used on row {first} already")
    value = READERS[table.name](cells, job.today)
    if isinstance(value, Place | Work | Approach) and value.person not in job.people:
        raise Refused(f"person “{value.person}” is not known: not in {PERSON.name}.csv, or refused there")
    if isinstance(value, Work):
        value, checksum = _with_worker(job, value)
    else:
        checksum = digest(value)
    return Candidate(row, key, value, checksum, known.get(key))


def _with_worker(job: Job, work: Work) -> tuple[Work, str]:
    """Name the worker. Half of the checksum is the row's and half the worker's, so that either may be compared alone."""
    own = digest(work)[:32]
    if not work.worker:
        return work, own + digest("")[:32]
    if job.workers is None:
        who = ", ".join(filter(None, (f"Worker {work.worker}", work.who)))
        return replace(work, who=who), own + " " * 32
    found = job.workers.get(work.worker)
    if found is None:
        raise Refused(f"professional “{work.worker}” is not known: not in {PROFESSIONALS.name}.csv, or refused there")
    named = replace(work, who=", ".join(filter(None, (found.name, work.who)))[:200], what=work.what or found.role)
    return named, own + digest(found)[:32]


def same(candidate: Candidate) -> bool:
    """Whether the row says what it said the last time; without professionals a worker's name is not compared."""
    if candidate.known is None:
        return False
    before, now = candidate.known.checksum, candidate.checksum
    return before == now or (now[32:].isspace() and before[:32] == now[:32])


def same_person(resident_id: int, job: Job, theirs: str) -> None:
    """Raises Refused where the row is about another person than it was."""
    if job.people.get(theirs) != resident_id:
        raise Refused("it is about another person than in the earlier import")
