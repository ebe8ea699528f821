"""What may happen to figures: folded in, recomputed, frozen, explained."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from functools import partial

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from ledger import outbox, trail
from ledger.acting import acting_as_system
from reporting.measures import MEASURES, Measure
from reporting.models import Annotation, Reading, Run, TouchedMonth
from reporting.snapshots import every_month, is_over, store, waiting_months

DEAD_AFTER = timedelta(minutes=10)
RUNS_KEPT = timedelta(days=30)
Waiting = Mapping[str, Sequence[date]]
AT_ONCE = 2
"""Measures that a full recomputation takes at a time, each on a connection of its own: a small machine has two cores."""


def fold_in(*, at: datetime | None = None) -> Run | None:
    """Recompute what new work has touched: each measure for the months that its kinds of work touched.

    None where there is nothing to do, or another run is busy.

    Marks are read before the figures are taken and go only when all are stored: what commits meanwhile stays marked.
    Several transactions, so that people see how far it is.
    """
    now = at or timezone.now()
    with acting_as_system("system:reporting"):
        marks = {pk: (month, kind) for pk, month, kind in TouchedMonth.objects.values_list("pk", "month", "kind")}
        waiting = waiting_months(marks.values(), now)
        if not waiting:
            TouchedMonth.objects.filter(pk__in=marks).delete()
            return None
    run = _compute(Run.Kind.FOLD_IN, waiting, at=now)
    if run and run.state == Run.State.DONE:
        with acting_as_system("system:reporting"):
            TouchedMonth.objects.filter(pk__in=marks).delete()
    return run


def recompute(*, at: datetime | None = None) -> Run | None:
    """Recompute every month and count what differs from what is stored. None while another full run is busy."""
    now = at or timezone.now()
    with acting_as_system("system:reporting"):
        Run.objects.filter(started_at__lt=now - RUNS_KEPT).delete()
        months = every_month(now)
    return _compute(Run.Kind.FULL, {measure.key: months for measure in MEASURES}, at=now)


@transaction.atomic
def ask_for_recompute(*, by: User, key: str) -> None:
    """Ask for a full recomputation soon; the same key asks once."""
    outbox.enqueue("reporting.recompute_now", key=f"recompute:{key}")
    trail.record("ask_for_recompute", by=by, kind="reporting.Run")


@transaction.atomic
def freeze_month(month: date, *, by: User, at: datetime) -> int:
    """Freeze a month's figures as published. Returns how many. What changes later is restated, with a mark.

    Raises ValidationError where the month is not over or no figure of it is stored. Measures that are not settled yet
    are left, to be frozen by doing this again.
    """
    if not is_over(month, at):
        raise ValidationError("This month is not over. Publish it when it has ended.")
    settled = [measure.key for measure in MEASURES if measure.settled(month, at)]
    readings = Reading.objects.filter(month=month, measure__in=settled)
    if not readings.exists():
        raise ValidationError("There are no figures for this month.")
    frozen = readings.filter(frozen_at=None).update(
        frozen_at=at, frozen_numerator=F("numerator"), frozen_denominator=F("denominator")
    )
    trail.record("freeze", by=by, kind="reporting.Reading", reference=f"{month:%Y-%m}")
    return frozen


@transaction.atomic
def add_annotation(*, on: date, text: str, by: User, measures: Sequence[str] = (), source: str = "") -> Annotation:
    """Write a dated note that charts show."""
    row = Annotation.objects.create(on=on, text=text, measures=" ".join(measures), source=source)
    trail.record("annotate", row, by=by)
    return row


def _compute(kind: Run.Kind, waiting: Waiting, *, at: datetime) -> Run | None:
    """One run: a transaction for each measure. A failure is kept by its type only: messages can hold personal data."""
    run = _begin(kind, waiting)
    if run is None:
        return None
    step = partial(_step, run, waiting=waiting, at=at)
    try:
        if kind == Run.Kind.FULL and not connection.in_atomic_block:
            _side_by_side(step)
        else:
            for measure in MEASURES:
                if measure.key in waiting:
                    step(measure)
    except Exception as failure:
        _end(run, Run.State.FAILED, error=type(failure).__name__)
        raise
    _end(run, Run.State.DONE)
    return run


def _side_by_side(step: Callable[[Measure], None]) -> None:
    """Two measures at a time, each on a connection of its own, until none is left or one has failed."""
    waiting = iter(MEASURES)

    def work() -> None:
        try:
            for measure in waiting:
                step(measure)
        except Exception:
            list(waiting)  # nobody begins another
            raise
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        for done in [pool.submit(work) for _ in range(AT_ONCE)]:
            done.result()


def _begin(kind: Run.Kind, waiting: Waiting) -> Run | None:
    """Start a run unless one of its kind is busy; one that has died is marked as failed and replaced."""
    with acting_as_system("system:reporting"):
        now = timezone.now()
        Run.objects.filter(kind=kind, state=Run.State.RUNNING, started_at__lt=now - DEAD_AFTER).update(
            state=Run.State.FAILED, ended_at=now, error="Stopped without finishing"
        )
        try:
            with transaction.atomic():
                months = len(set().union(*waiting.values()))
                return Run.objects.create(kind=kind, started_at=now, steps=len(waiting), months=months)
        except IntegrityError:
            return None


def _step(run: Run, measure: Measure, *, waiting: Waiting, at: datetime) -> None:
    with acting_as_system("system:reporting"):
        changed = store(measure, waiting[measure.key], at=at)
        Run.objects.filter(pk=run.pk).update(changed=F("changed") + changed, steps_done=F("steps_done") + 1)


def _end(run: Run, state: Run.State, *, error: str = "") -> None:
    with acting_as_system("system:reporting"):
        run.state, run.ended_at, run.error = state, timezone.now(), error
        run.save(update_fields=["state", "ended_at", "error"])
        run.refresh_from_db()
