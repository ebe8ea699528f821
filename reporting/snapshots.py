"""Taking measures and storing them as readings: the reckoning behind the actions. Every caller holds a transaction."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db import connection

from reporting.measures import MEASURES, Measure, Row
from reporting.models import Reading
from reporting.months import begins, kept, month_of, months_between, next_month, stretches

_FIRST = """
    SELECT min(day) FROM (
        SELECT min(received_at)::date AS day FROM figures.contacts
        UNION ALL SELECT min(made_at)::date FROM figures.decisions
        UNION ALL SELECT min(completed_at)::date FROM figures.episodes
        UNION ALL SELECT min(starts_on) FROM figures.placements
        UNION ALL SELECT min(confirmed_on) FROM figures.gains
        UNION ALL SELECT min(opened_at)::date FROM figures.cases
        UNION ALL SELECT min(sent_at)::date FROM figures.referrals
    ) firsts
"""
_ALONE = "SELECT set_config('work_mem', %s, true), pg_advisory_xact_lock(hashtext('reporting'), hashtext(%s))"
WORK_MEM = "32MB"
"""What a sort or a hash of one measure may take before it goes to disk, for its transaction only."""


def every_month(now: datetime) -> list[date]:
    """From the first month in which anything happened to the present one. Runs one query."""
    with connection.cursor() as cursor:
        cursor.execute(_FIRST)
        (first,) = cursor.fetchone()
    last = month_of(now)
    return kept(months_between(min(month_of(first), last) if first else last, last), now)


def waiting_months(marks: Iterable[tuple[date, str]], now: datetime) -> dict[str, list[date]]:
    """Months to take again, by measure: those that its kinds of work touched (an empty kind: any work), and those for
    which it has no figure, because a new month's stocks go on although nothing was written. Runs two queries."""
    touched, stored = defaultdict(set), defaultdict(set)
    for month, kind in marks:
        touched[kind].add(month)
    for key, month in Reading.objects.filter(slice="").values_list("measure", "month"):
        stored[key].add(month)
    months, waiting = every_month(now), {}
    for measure in MEASURES:
        own = touched[""].union(*(touched[kind] for kind in measure.touched_by))
        if wanted := [month for month in months if month in own or month not in stored[measure.key]]:
            waiting[measure.key] = wanted
    return waiting


def store(measure: Measure, months: Sequence[date], *, at: datetime) -> int:
    """Take a measure and keep what differs from what is stored. Returns how many readings differed.

    A frozen reading that changes keeps its published figure beside the new one, and the moment of restating. One
    computation of a measure at a time: whoever comes second sees what the first one saw, or more.
    """
    with connection.cursor() as cursor:
        cursor.execute(_ALONE, [WORK_MEM, measure.key])
    stored = Reading.objects.filter(measure=measure.key, month__in=months)
    before = {(one.month, one.slice): one for one in stored}
    published = {one.month: one.frozen_at for one in before.values() if one.frozen_at and not one.slice}
    changed = []
    for row in (row for stretch in stretches(months) for row in measure.readings(stretch)):
        old = before.pop((row.month, row.slice), None)
        if old is None:
            old = _nothing(measure, row, published.get(row.month))
        elif (old.numerator, old.denominator) == (row.numerator, row.denominator):
            continue
        changed.append(_change(old, row.numerator, row.denominator, at=at))
    for old in before.values():  # slices that have emptied; a published one stays, restated as nought
        if old.frozen_at and (old.numerator or old.denominator):
            changed.append(_change(old, 0, None if old.denominator is None else 0, at=at))
    emptied = [one.pk for one in before.values() if one.frozen_at is None]
    Reading.objects.filter(pk__in=emptied).delete()
    Reading.objects.bulk_create(
        changed,
        update_conflicts=True,
        unique_fields=["measure", "month", "slice"],
        update_fields=["numerator", "denominator", "restated_at"],
        batch_size=2_000,
    )
    stored.update(computed_at=at)
    return len(changed) + len(emptied)


def _nothing(measure: Measure, row: Row, frozen_at: datetime | None) -> Reading:
    """What stood where nothing was stored: in a published month, a published nought."""
    of = None if row.denominator is None else 0
    published = {"frozen_at": frozen_at, "frozen_numerator": 0, "frozen_denominator": of} if frozen_at else {}
    return Reading(measure=measure.key, month=row.month, slice=row.slice, **published)


def _change(reading: Reading, numerator: int, denominator: int | None, *, at: datetime) -> Reading:
    """The new figure. Of a published one: restated, unless it is back at what was published."""
    same = (numerator, denominator) == (reading.frozen_numerator, reading.frozen_denominator)
    return Reading(
        measure=reading.measure,
        month=reading.month,
        slice=reading.slice,
        numerator=numerator,
        denominator=denominator,
        computed_at=at,
        frozen_at=reading.frozen_at,
        frozen_numerator=reading.frozen_numerator,
        frozen_denominator=reading.frozen_denominator,
        restated_at=at if reading.frozen_at and not same else None,
    )


def is_over(month: date, now: datetime) -> bool:
    """Whether the month has ended."""
    return begins(next_month(month)) <= now
