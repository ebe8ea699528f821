"""Folding in, recomputing, freezing and restating."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from ledger.models import OutboxJob
from reporting import actions, tasks
from reporting.models import Reading, Run, TouchedMonth
from tests import make

NOW = datetime(2026, 4, 10, 9, 0, tzinfo=UTC)
MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)


def reading(measure, month, name=""):
    return Reading.objects.get(measure=measure, month=month, slice=name)


def stored():
    return set(Reading.objects.values_list("measure", "month", "slice", "numerator", "denominator"))


@pytest.fixture
def folded(system):
    """Six contacts in March, folded in."""
    for number in range(6):
        make.contact(make.resident(), needs=["rent_arrears"], received_at=make.NOON + timedelta(hours=number))
    actions.fold_in(at=NOW)


def test_new_work_is_folded_in_and_its_marks_go(folded):
    assert reading("contacts", MARCH).numerator == 6
    assert reading("contacts", APRIL).numerator == 0
    assert not TouchedMonth.objects.exists()
    run = Run.objects.get()
    assert (run.kind, run.state, run.steps, run.steps_done) == ("fold_in", "done", run.steps, run.steps)
    assert run.changed == Reading.objects.count()


def test_with_nothing_new_there_is_no_run(folded):
    assert actions.fold_in(at=NOW) is None
    assert Run.objects.count() == 1


def test_a_month_that_begins_gets_its_figures_without_new_work(folded):
    actions.fold_in(at=NOW + timedelta(days=40))
    assert reading("contacts", date(2026, 5, 1)).numerator == 0


def test_folding_in_equals_recomputing_everything(folded):
    make.contact(make.resident(), received_at=make.NOON - timedelta(days=70))
    actions.fold_in(at=NOW)
    before = stored()
    assert min(month for _, month, *_ in before) == date(2025, 12, 1)
    assert actions.recompute(at=NOW).changed == 0
    assert stored() == before


def test_a_recomputation_counts_what_was_wrong(folded):
    actions.recompute(at=NOW)
    Reading.objects.filter(measure="contacts", month=MARCH, slice="").update(numerator=99)
    assert actions.recompute(at=NOW).changed == 1
    assert reading("contacts", MARCH).numerator == 6


def test_late_work_restates_a_published_figure_with_a_mark(folded, dev):
    frozen = actions.freeze_month(MARCH, by=dev, at=NOW)
    assert frozen
    assert reading("first-contact-resolution", MARCH).frozen_at is None, "not settled until 28 days have passed"
    late = make.contact(make.resident(), received_at=make.NOON, channel="letter")
    actions.fold_in(at=NOW)
    now = reading("contacts", MARCH)
    assert (now.numerator, now.frozen_numerator, bool(now.restated_at)) == (7, 6, True)
    letter = reading("contacts", MARCH, "letter")
    assert (letter.numerator, letter.frozen_numerator, bool(letter.restated_at)) == (1, 0, True)
    type(late).objects.filter(pk=late.pk).update(received_at=datetime(2026, 4, 2, 9, tzinfo=UTC), logged_at=NOW)
    actions.fold_in(at=NOW)
    now = reading("contacts", MARCH)
    assert (now.numerator, now.frozen_numerator, now.restated_at) == (6, 6, None), "back at what was published"
    assert reading("contacts", MARCH, "letter").numerator == 0


def test_a_month_that_is_not_over_is_not_published(folded, dev):
    with pytest.raises(ValidationError, match="not over"):
        actions.freeze_month(APRIL, by=dev, at=NOW)
    with pytest.raises(ValidationError, match="no figures"):
        actions.freeze_month(date(2020, 1, 1), by=dev, at=NOW)


def test_a_failure_is_kept_by_its_type_and_nothing_is_lost(system, monkeypatch):
    make.contact(make.resident())
    monkeypatch.setattr(actions, "store", lambda *args, **named: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        actions.fold_in(at=NOW)
    run = Run.objects.get()
    assert (run.state, run.error, run.steps_done) == ("failed", "ZeroDivisionError", 0)
    assert TouchedMonth.objects.exists(), "the marks stay for the next run"
    monkeypatch.undo()
    assert actions.fold_in(at=NOW).state == "done"


def test_one_run_of_a_kind_at_a_time_and_a_dead_one_is_replaced(folded):
    busy = Run.objects.create(kind="full", started_at=datetime.now(UTC) - timedelta(minutes=2))
    assert actions.recompute(at=NOW) is None
    Run.objects.filter(pk=busy.pk).update(started_at=datetime.now(UTC) - timedelta(minutes=11))
    assert actions.recompute(at=NOW).state == "done"
    busy.refresh_from_db()
    assert (busy.state, busy.error) == ("failed", "Stopped without finishing")


def test_asking_for_a_recomputation_goes_through_the_outbox_and_is_done_once(folded, dev):
    actions.ask_for_recompute(by=dev, key="once")
    actions.ask_for_recompute(by=dev, key="once")
    job = OutboxJob.objects.get(job="reporting.recompute_now")
    tasks.recompute_now(job.key)
    assert OutboxJob.objects.get(pk=job.pk).done_at
    tasks.recompute_now(job.key)
    assert Run.objects.filter(kind="full").count() == 1


def test_a_wrong_year_does_not_make_a_century_of_months(system):
    make.contact(make.resident(), received_at=datetime(1901, 5, 1, tzinfo=UTC))
    actions.recompute(at=NOW)
    assert Reading.objects.filter(measure="contacts", slice="").count() == 15 * 12
