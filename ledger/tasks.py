"""What the clock asks of the ledger."""

from celery import shared_task
from django.utils import timezone

from ledger import drafts, outbox, sealing
from ledger.acting import acting_as_system
from ledger.models import Marker


@shared_task(name="ledger.seal")
def seal() -> int:
    """Seal the entries since the last seal. Returns how many."""
    with acting_as_system("system:seal"):
        return sealing.seal()


@shared_task(name="ledger.tick", expires=60)
def tick() -> None:
    """Note that the clock runs: beat asked, the queue carried it, a worker did it."""
    Marker.objects.update_or_create(name=Marker.CLOCK, defaults={"set_at": timezone.now()})


@shared_task(name="ledger.sweep")
def sweep() -> int:
    """Clear old drafts and done jobs, and make next month's partition of the trail. Returns how many rows went."""
    with acting_as_system("system:sweep"):
        sealing.make_partitions()
        return drafts.sweep(at=timezone.now()) + outbox.sweep()
