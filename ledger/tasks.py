"""What the clock asks of the ledger."""

from celery import shared_task
from django.utils import timezone

from ledger import drafts, outbox, sealing
from ledger.acting import acting_as_system


@shared_task(name="ledger.seal")
def seal() -> int:
    """Seal the entries since the last seal. Returns how many."""
    with acting_as_system("system:seal"):
        return sealing.seal()


@shared_task(name="ledger.sweep")
def sweep() -> int:
    """Clear old drafts and done jobs, and make next month's partition of the trail. Returns how many rows went."""
    with acting_as_system("system:sweep"):
        sealing.make_partitions()
        return drafts.sweep(at=timezone.now()) + outbox.sweep()
