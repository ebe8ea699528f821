"""Rows of involvements and of early help episodes: who works, or worked, with a resident."""

from collections.abc import Sequence
from datetime import date, datetime, time

from accounts.working_time import at_local
from desk.importing.job import Candidate, Job, Kind, digest, same_person
from intake.extract.rows import Work
from intake.extract.values import Refused
from ledger import trail
from residents import chronology
from residents.models import ChronologyEntry, Involvement

BEGAN, ENDED = "Early help episode began", "Early help episode ended"


def make_work(job: Job, fresh: Sequence[Candidate]) -> list[int]:
    """An involvement for each; an episode also tells its beginning and its end in the chronology."""
    people = job.residents(one.value.person for one in fresh)
    rows = [
        Involvement(
            resident=people[one.value.person],
            kind=Involvement.Kind.IMPORTED,
            who=one.value.who,
            what=_what(one.value),
            since=one.value.since,
            until=one.value.until,
        )
        for one in fresh
    ]
    Involvement.objects.bulk_create(rows, batch_size=1000)
    lines = [line for row, one in zip(rows, fresh, strict=True) for line in _story(job, row, one.value)]
    ChronologyEntry.objects.bulk_create(lines, batch_size=1000)
    trail.record_many(("record_involvement", row, [row.resident.reference]) for row in rows)
    return [row.pk for row in rows]


def _what(work: Work) -> str:
    return work.what or "Works with them"


def _story(job: Job, row: Involvement, work: Work) -> list[ChronologyEntry]:
    if not work.episode:
        return []
    lines = [_line(job, row, "begin_episode", BEGAN, row.since, row.what)]
    if row.until and row.until <= job.today:
        lines.append(_line(job, row, "end_episode", ENDED, row.until, work.ended))
    return lines


def _line(job: Job, row: Involvement, verb: str, heading: str, on: date, detail: str) -> ChronologyEntry:
    return chronology.line(
        row.resident, verb, heading, subject=row, at=_at(job, on), written_at=job.now, detail=detail, significant=True
    )


def _at(job: Job, on: date) -> datetime:
    return min(at_local(on, time(0)), job.now)


def work_now(ids: Sequence[int]) -> dict[int, str]:
    """What the import wrote of each involvement, as it stands."""
    return {row.pk: _digest(row) for row in Involvement.objects.filter(pk__in=ids)}


def _digest(row: Involvement) -> str:
    return digest(row.resident_id, row.kind, row.who, row.what, row.since, row.until)


def may_change_work(job: Job, one: Candidate) -> None:
    """An involvement stays with its person."""
    same_person(_found(one).resident_id, job, one.value.person)


def change_work(job: Job, one: Candidate) -> None:
    """Bring an involvement up to date; the end of an episode is told once."""
    row, work = _found(one), one.value
    had_ended = row.until is not None
    new = {"who": work.who, "what": _what(work), "since": work.since, "until": work.until}
    for name, value in new.items():
        setattr(row, name, value)
    row.save(update_fields=list(new))
    trail.record("change_involvement", row, about=[row.resident.reference], fields=new)
    if work.episode and work.until and not had_ended and work.until <= job.today:
        _line(job, row, "end_episode", ENDED, work.until, work.ended).save(force_insert=True)


def _found(one: Candidate) -> Involvement:
    row = Involvement.objects.select_related("resident").filter(pk=one.known.our_id).first()  # type: ignore[union-attr]
    if row is None:
        raise Refused("what it became here is not there any more")
    return row


WORK = Kind(Involvement._meta.label, make_work, work_now, may_change_work, change_work)
