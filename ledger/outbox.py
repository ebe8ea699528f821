"""The outbox: outward effects and jobs are rows of the same transaction, relayed afterwards, done once by their key.

A dead broker loses nothing and a rollback sends nothing. Nothing else in the house dispatches work.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from celery import current_app, shared_task
from django.db import connection, transaction
from django.utils import timezone

from ledger.acting import acting_as_system
from ledger.models import OutboxJob

SEND_AGAIN_AFTER = timedelta(seconds=30)
MOST_TRIES = 8
log = logging.getLogger("community_solutions.outbox")


def enqueue(job: str, *, key: str, ready_at: datetime | None = None, **arguments: Any) -> None:
    """Write a job into the open transaction. The key says what is to be done once: a second one is ignored.

    Arguments are ids and references only. Raises RuntimeError outside a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("A job belongs to the transaction that wants it.")
    from_json = connection.ops.adapt_json_value(arguments, None)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_outboxjob (key, job, arguments, ready_at) VALUES (%s, %s, %s, coalesce(%s, now())) "
            "ON CONFLICT DO NOTHING",
            [key, job, from_json, ready_at],
        )


def job(name: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register the function that does a job. It runs as a system principal in one transaction with the mark that it is done."""

    def register(work: Callable[..., Any]) -> Callable[..., Any]:
        @shared_task(name=name, acks_late=True)
        @wraps(work)
        def run(key: str) -> bool:
            return _do_once(name, key, work)

        return run

    return register


def _do_once(name: str, key: str, work: Callable[..., Any]) -> bool:
    """Do the work unless it is done; the mark commits with the effect. Returns whether it was done now."""
    try:
        with acting_as_system(f"system:{name}"):
            row = OutboxJob.objects.select_for_update().filter(key=key, done_at=None, parked_at=None).first()
            if row is None:
                return False
            work(**row.arguments)
            OutboxJob.objects.filter(pk=row.pk).update(done_at=timezone.now(), error="")
            return True
    except Exception as failure:
        _note_failure(key, failure)
        raise


def _note_failure(key: str, failure: Exception) -> None:
    """Remember that it failed (the type only: messages can hold personal data); park it after the last try."""
    with acting_as_system("system:outbox"):
        row = OutboxJob.objects.filter(key=key).first()
        if row is None:
            return
        parked = timezone.now() if row.tries >= MOST_TRIES else None
        OutboxJob.objects.filter(pk=row.pk).update(error=type(failure).__name__, parked_at=parked)
        log.warning("job failed", extra={"job": row.job, "tries": row.tries, "parked": bool(parked)})


def relay_once(*, most: int = 100, again_after: timedelta = SEND_AGAIN_AFTER) -> int:
    """Send the jobs that wait, and again those that were sent and not done. Returns how many were sent.

    Several relays may run: each row is locked by one of them.
    """
    now = timezone.now()
    with acting_as_system("system:relay"):
        waiting = OutboxJob.objects.filter(done_at=None, parked_at=None, ready_at__lte=now)
        waiting = waiting.exclude(sent_at__gt=now - again_after)
        rows = list(waiting.select_for_update(skip_locked=True)[:most])
        for row in rows:
            current_app.send_task(row.job, args=[row.key])
            OutboxJob.objects.filter(pk=row.pk).update(sent_at=now, tries=row.tries + 1)
    return len(rows)


@transaction.atomic
def sweep(*, older_than: timedelta = timedelta(days=30)) -> int:
    """Delete jobs that were done long ago. Returns how many."""
    return OutboxJob.objects.filter(done_at__lt=timezone.now() - older_than).delete()[0]
