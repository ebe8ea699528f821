"""What the outbox asks of intake: long files, some rows at a time, so that people see how far it is; done twice it does no harm."""

from collections.abc import Callable

from celery import shared_task
from django.utils import timezone

from intake.changesets import actions
from intake.models import Changeset
from ledger.acting import acting_as_system
from ledger.models import OutboxJob


@shared_task(name="intake.read_changeset", acks_late=True)
def read_changeset(key: str) -> int:
    """Read and judge the rows of a file. Returns how many."""
    return _bit_by_bit(key, actions.read_some)


@shared_task(name="intake.take_changeset", acks_late=True)
def take_changeset(key: str) -> int:
    """Take in the rows that somebody said to take. Returns how many."""
    return _bit_by_bit(key, actions.take_some)


def _bit_by_bit(key: str, work: Callable[[Changeset], int]) -> int:
    total = 0
    with acting_as_system("system:import"):
        job = OutboxJob.objects.filter(key=key, done_at=None, parked_at=None).first()
        changeset = Changeset.objects.filter(pk=job.arguments["changeset_id"]).first() if job else None
    while changeset is not None:
        with acting_as_system("system:import"):
            some = work(changeset)
        total += some
        if not some:
            break
    with acting_as_system("system:import"):
        OutboxJob.objects.filter(key=key).update(done_at=timezone.now())
    return total
