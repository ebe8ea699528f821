"""The outbox: one effect for one key, nothing after a rollback, again what was lost, and an end to what always fails."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from ledger import outbox
from ledger.acting import acting_as, acting_as_system
from ledger.models import OutboxJob
from residents.models import Resident
from tests import make


@pytest.fixture
def sent(monkeypatch):
    """What reached the queue, in place of a queue."""
    found = []
    monkeypatch.setattr(outbox.current_app, "send_task", lambda name, args: found.append((name, args[0])))
    return found


def make_resident(name: str) -> None:
    """An effect that can be counted."""
    make.resident(name)


def jobs() -> list[OutboxJob]:
    """The outbox."""
    with acting_as_system("system:test"):
        return list(OutboxJob.objects.order_by("id"))


def test_twin_keys_make_one_job(system):
    outbox.enqueue("test.note", key="one", number=1)
    outbox.enqueue("test.note", key="one", number=2)

    assert [job.arguments for job in jobs()] == [{"number": 1}]


def test_a_job_belongs_to_a_transaction(db, monkeypatch):
    monkeypatch.setattr(outbox, "connection", SimpleNamespace(in_atomic_block=False))

    with pytest.raises(RuntimeError, match="transaction"):
        outbox.enqueue("test.note", key="alone")


def test_a_rollback_sends_nothing(system, sent):
    mark = transaction.savepoint()
    outbox.enqueue("test.note", key="undone")
    transaction.savepoint_rollback(mark)

    assert outbox.relay_once() == 0
    assert sent == []


def test_the_relay_sends_each_job_once_while_it_is_fresh(system, sent):
    outbox.enqueue("test.note", key="one")

    assert (outbox.relay_once(), outbox.relay_once()) == (1, 0)
    assert sent == [("test.note", "one")]


def test_the_relay_waits_until_a_job_is_ready(system, sent):
    outbox.enqueue("test.note", key="later", ready_at=timezone.now() + timedelta(minutes=5))

    assert outbox.relay_once() == 0


def test_the_relay_sends_again_what_was_sent_and_not_done(system, sent):
    outbox.enqueue("test.note", key="one")
    outbox.relay_once()
    OutboxJob.objects.update(sent_at=timezone.now() - timedelta(seconds=31))

    assert outbox.relay_once() == 1
    assert sent == [("test.note", "one")] * 2
    assert jobs()[0].tries == 2


def test_the_relay_sends_no_more_what_is_done(system, sent):
    outbox.enqueue("test.note", key="one", name="Once Only")
    outbox._do_once("test.note", "one", make_resident)
    OutboxJob.objects.update(sent_at=None)

    assert outbox.relay_once() == 0


def test_the_relay_takes_at_most_so_many(system, sent):
    for number in range(5):
        outbox.enqueue("test.note", key=f"n{number}")

    assert [outbox.relay_once(most=2), outbox.relay_once(most=2), outbox.relay_once(most=2)] == [2, 2, 1]
    assert [key for _, key in sent] == ["n0", "n1", "n2", "n3", "n4"]


def test_a_dead_queue_marks_nothing_as_sent(system, monkeypatch):
    outbox.enqueue("test.note", key="one")

    def refuse(name, args):
        raise ConnectionError

    monkeypatch.setattr(outbox.current_app, "send_task", refuse)
    with pytest.raises(ConnectionError), transaction.atomic():
        outbox.relay_once()

    assert (jobs()[0].sent_at, jobs()[0].tries) == (None, 0)


def test_a_job_is_done_once_however_often_it_arrives(system):
    outbox.enqueue("test.note", key="one", name="Once Only")

    done = [outbox._do_once("test.note", "one", make_resident) for _ in range(3)]

    assert done == [True, False, False]
    assert Resident.objects.filter(name="Once Only").count() == 1


def test_a_job_that_nobody_wrote_is_not_done(system):
    assert outbox._do_once("test.note", "unknown", make_resident) is False


def test_what_fails_leaves_nothing_behind_and_says_only_of_what_kind(system):
    outbox.enqueue("test.note", key="one", name="Half Done")

    def fail(name: str) -> None:
        make.resident(name)
        raise ValueError(f"{name} lives at 3 Quiet Row")

    with pytest.raises(ValueError):
        outbox._do_once("test.note", "one", fail)

    row = jobs()[0]
    assert (row.error, row.done_at, row.parked_at) == ("ValueError", None, None)
    assert not Resident.objects.filter(name="Half Done").exists()


def test_a_poisoned_job_is_parked_after_the_last_try(system, sent):
    outbox.enqueue("test.note", key="poison")

    def fail() -> None:
        raise ValueError

    for _ in range(outbox.MOST_TRIES):
        OutboxJob.objects.update(sent_at=None)
        assert outbox.relay_once() == 1
        with pytest.raises(ValueError):
            outbox._do_once("test.note", "poison", fail)

    OutboxJob.objects.update(sent_at=None)
    assert jobs()[0].parked_at is not None
    assert outbox.relay_once() == 0
    assert outbox._do_once("test.note", "poison", fail) is False
    assert len(sent) == outbox.MOST_TRIES


def test_a_failed_job_is_done_when_it_succeeds_later(system):
    outbox.enqueue("test.note", key="one", name="In The End")

    def fail(name: str) -> None:
        raise ValueError

    with pytest.raises(ValueError):
        outbox._do_once("test.note", "one", fail)

    assert outbox._do_once("test.note", "one", make_resident) is True
    assert (jobs()[0].error, jobs()[0].done_at is not None) == ("", True)


def test_people_write_jobs_and_do_not_read_them(ben):
    with acting_as(ben):
        outbox.enqueue("test.note", key="by ben")
        assert not OutboxJob.objects.exists()

    assert [job.key for job in jobs()] == ["by ben"]


def test_sweep_deletes_what_was_done_long_ago(system):
    for key, days in (("old", 31), ("new", 1)):
        outbox.enqueue("test.note", key=key)
        OutboxJob.objects.filter(key=key).update(done_at=timezone.now() - timedelta(days=days))
    outbox.enqueue("test.note", key="waiting")

    assert outbox.sweep() == 1
    assert {job.key for job in jobs()} == {"new", "waiting"}


def test_the_relay_goes_on_when_the_queue_is_dead(db, monkeypatch):
    """The command waits and tries again; here its second try ends it."""
    calls = []

    def relay(**options):
        calls.append(options)
        if len(calls) == 1:
            raise ConnectionError
        raise KeyboardInterrupt

    monkeypatch.setattr("ledger.management.commands.relay.relay_once", relay)
    monkeypatch.setattr("ledger.management.commands.relay.connection", SimpleNamespace(close=lambda: None))
    monkeypatch.setattr("threading.Event.wait", lambda self, timeout=None: False)
    with pytest.raises(KeyboardInterrupt):
        call_command("relay")

    assert [call["again_after"] for call in calls] == [outbox.SEND_AGAIN_AFTER] * 2
