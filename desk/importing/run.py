"""The import of a folder: each file in one transaction, with a verdict for each row, taken up again where it was broken off."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from django.db import connection, transaction
from django.utils import timezone

from desk.importing.contacts import CONTACTS
from desk.importing.job import Candidate, Job, Kind, judge, same
from desk.importing.people import PEOPLE, PROFESSIONALS
from desk.importing.places import PLACES
from desk.importing.work import WORK
from intake.extract import files, tables
from intake.extract.files import Extract, Row, Unusable
from intake.extract.rows import READERS, Professional
from intake.extract.tables import TABLES, Table
from intake.extract.values import Refused
from intake.models import ImportedRecord, ImportRun
from ledger.acting import acting_as_system, apply_context

KINDS: dict[str, Kind] = {
    tables.PROFESSIONALS.name: PROFESSIONALS,
    tables.PERSON.name: PEOPLE,
    tables.ADDRESS.name: PLACES,
    tables.INVOLVEMENTS.name: WORK,
    tables.EARLY_HELP.name: WORK,
    tables.CONTACTS.name: CONTACTS,
}
AT_ONCE = 2000
ONE_AT_A_TIME = 7_310_025  # the number of the lock that imports hold
Tick = Callable[[str, int, int], None]


class Busy(Exception):
    """Another import is running."""


@dataclass(slots=True)
class Report:
    """What became of one file. Counts in are counts out and counts refused."""

    file: str
    rows: int = 0
    taken: int = 0
    unchanged: int = 0
    refused: list[tuple[Row, str]] = field(default_factory=list)
    unusable: str = ""
    done_before: bool = False
    refusals_at: Path | None = None


def import_folder(
    folder: Path,
    *,
    source: str,
    check: bool = False,
    reviewed: bool = False,
    encoding: str = "utf-8",
    tick: Tick = lambda *_: None,
) -> Iterator[Report]:
    """Take (or with `check` only judge) each file in turn. Raises Unusable without a person file, Busy beside another import."""
    now = timezone.now()
    job = Job(source, now, timezone.localdate(now), check, reviewed)
    with _alone():
        found = {table.name: files.find_file(folder, table) for table in TABLES}
        if found[tables.PERSON.name] is None:
            raise Unusable(f"there is no {tables.PERSON.name}.csv in the folder")
        before = set() if check else _done_before(job, found)
        for table in TABLES:
            path = found[table.name]
            if path is None:
                continue
            report = _one_file(job, table, path, folder, encoding, table.name in before, tick)
            yield report
            if report.unusable and table is tables.PERSON:
                raise Unusable(f"{path.name} cannot be used, so nothing that depends on it was read")


@contextmanager
def _alone() -> Iterator[None]:
    """Hold the lock of imports on this connection; it goes with the process, however that ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [ONE_AT_A_TIME])
        if not cursor.fetchone()[0]:
            raise Busy("Another import is running. Wait until it has ended.")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [ONE_AT_A_TIME])


def _done_before(job: Job, found: dict[str, Path | None]) -> set[str]:
    """The files that an import which was broken off had done: the first ones, unchanged since. None after a whole import."""
    present = [(table.name, path) for table in TABLES if (path := found[table.name])]
    done: set[str] = set()
    with acting_as_system("system:import"):
        for name, path in present:
            last = ImportRun.objects.filter(source=job.source, file=path.name).first()
            if last is None or last.state != ImportRun.State.DONE or last.checksum != files.checksum_of(path):
                return done
            done.add(name)
    return set()


def _one_file(job: Job, table: Table, path: Path, folder: Path, encoding: str, done_before: bool, tick: Tick) -> Report:
    report = Report(path.name, done_before=done_before)
    run = None
    try:
        if done_before:
            _learn(job, table, path, encoding)
            return report
        run = None if job.check else _begin(job, path)
        extract = files.read_file(path, table, encoding)
        _take(job, table, extract, run, report, folder, tick)
    except (Unusable, OSError) as wrong:
        report.unusable = str(wrong) if isinstance(wrong, Unusable) else f"it cannot be read: {wrong.strerror}"
        report.rows = report.taken = report.unchanged = 0
        report.refused = []
        if run:
            _end(run, state=ImportRun.State.REFUSED, reason=report.unusable[:300])
    return report


def _begin(job: Job, path: Path) -> ImportRun:
    """A row for this file, or the one of an import that was broken off in it."""
    checksum = files.checksum_of(path)
    with acting_as_system("system:import"):
        broken = ImportRun.objects.filter(source=job.source, file=path.name, state=ImportRun.State.RUNNING).first()
        if broken:
            ImportRun.objects.filter(pk=broken.pk).update(checksum=checksum, started_at=timezone.now())
            broken.refresh_from_db()
            return broken
        return ImportRun.objects.create(source=job.source, file=path.name, checksum=checksum, started_at=timezone.now())


def _end(run: ImportRun, **changes: object) -> None:
    with acting_as_system("system:import"):
        ImportRun.objects.filter(pk=run.pk).update(ended_at=timezone.now(), **changes)


def _take(
    job: Job, table: Table, extract: Extract, run: ImportRun | None, report: Report, folder: Path, tick: Tick
) -> None:
    """All or nothing of one file. The list of refused rows is on disk before the commit, so that none is ever lost."""
    report.rows = len(extract.rows)
    with acting_as_system("system:import"):
        if job.check:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION READ ONLY")
        _verdicts(job, table, extract, run, report, tick)
        if report.rows != report.taken + report.unchanged + len(report.refused):
            raise AssertionError(f"{report.file}: the rows do not add up")
        if files.checksum_of(extract.path) != extract.checksum:
            raise Unusable("it changed while it was read: let the extract finish, then import it again")
        if job.check:
            transaction.set_rollback(True)
            return
        report.refusals_at = files.write_refused(folder, report.file, extract.columns, report.refused)
        _end(
            run,  # type: ignore[arg-type]
            state=ImportRun.State.DONE,
            rows=report.rows,
            taken=report.taken,
            unchanged=report.unchanged,
            refused=len(report.refused),
            checksum=extract.checksum,
            reason="",
        )


def _verdicts(job: Job, table: Table, extract: Extract, run: ImportRun | None, report: Report, tick: Tick) -> None:
    known = {row.their_id: row for row in _records(job, table, lock=not job.check)}
    kind = KINDS[table.name]
    seen: dict[str, int] = {}
    fresh: list[Candidate] = []
    changed: list[Candidate] = []
    refused: list[tuple[Row, str]] = report.refused
    for number, row in enumerate(extract.rows, 1):
        try:
            one = judge(job, table, row, seen, known)
            if job.reviewed and table is tables.PERSON and not same(one):
                raise Refused("nobody has taken it in under Files of people, as it stands")
        except Refused as why:
            refused.append((row, str(why)))
        else:
            if same(one):
                report.unchanged += 1
            else:
                (changed if one.known else fresh).append(one)
        if number % 200 == 0:
            tick(report.file, number // 2, report.rows)
    _change(job, kind, changed, report)
    refused.sort(key=lambda pair: pair[0].number)
    _make(job, table, kind, fresh, run, report, tick)
    tick(report.file, report.rows, report.rows)
    if table is tables.PERSON:
        _remember_people(job, table, known, fresh)
    if table is tables.PROFESSIONALS:
        _read_workers(job, extract)


def _records(job: Job, table: Table, *, lock: bool):  # type: ignore[no-untyped-def]
    rows = ImportedRecord.objects.filter(source=job.source, table=table.name)
    return rows.select_for_update(of=("self",)) if lock else rows


def _change(job: Job, kind: Kind, changed: Sequence[Candidate], report: Report) -> None:
    """Rows that say something else than the last time, where nobody here has changed the record since."""
    now = kind.present([one.known.our_id for one in changed if one.known]) if changed else {}
    done: list[Candidate] = []
    for one in changed:
        record: ImportedRecord = one.known  # type: ignore[assignment]
        try:
            if now.get(record.our_id) != record.as_written:
                raise Refused("the record was changed here since the import, so this row does not overwrite it")
            kind.may_change(job, one)
        except Refused as why:
            report.refused.append((one.row, str(why)))
            continue
        report.taken += 1
        if not job.check:
            kind.change(job, one)
            record.checksum = one.checksum
            done.append(one)
    if done:
        stands = kind.present([one.known.our_id for one in done if one.known])
        for one in done:
            one.known.as_written = stands[one.known.our_id]  # type: ignore[union-attr]
        ImportedRecord.objects.bulk_update(
            [one.known for one in done if one.known], ["checksum", "as_written"], batch_size=500
        )


def _make(
    job: Job, table: Table, kind: Kind, fresh: Sequence[Candidate], run: ImportRun | None, report: Report, tick: Tick
) -> None:
    report.taken += len(fresh)
    if job.check:
        return
    for start in range(0, len(fresh), AT_ONCE):
        batch = fresh[start : start + AT_ONCE]
        apply_context()  # the context lives a quarter of an hour; a large file takes longer
        ids = kind.make(job, batch)
        stands = kind.present(ids)
        ImportedRecord.objects.bulk_create(
            [
                ImportedRecord(
                    source=job.source,
                    table=table.name,
                    their_id=one.key,
                    checksum=one.checksum,
                    kind=kind.label,
                    our_id=pk,
                    as_written=stands[pk],
                    run=run,
                )
                for one, pk in zip(batch, ids, strict=True)
            ],
            batch_size=1000,
        )
        tick(report.file, report.rows // 2 + (start + len(batch)) // 2, report.rows)


def _remember_people(job: Job, table: Table, known: dict[str, ImportedRecord], fresh: Sequence[Candidate]) -> None:
    """Who is known, for the files after this one."""
    job.people = {key: row.our_id for key, row in known.items()}
    if job.check:
        job.people |= {one.key: 0 for one in fresh}
    else:
        job.people |= {row.their_id: row.our_id for row in _records(job, table, lock=False)}


def _learn(job: Job, table: Table, path: Path, encoding: str) -> None:
    """The same of a file that was done before."""
    with acting_as_system("system:import"):
        if table is tables.PERSON:
            job.people = {row.their_id: row.our_id for row in _records(job, table, lock=False)}
    if table is tables.PROFESSIONALS:
        _read_workers(job, files.read_file(path, table, encoding))


def _read_workers(job: Job, extract: Extract) -> None:
    job.workers = {}
    for row in extract.rows:
        try:
            cells = row.by_column()
            said = READERS[tables.PROFESSIONALS.name](cells, job.today)
        except Refused:
            continue
        if isinstance(said, Professional) and not row.ragged:
            job.workers.setdefault(cells[tables.PROFESSIONALS.id].strip(), said)
