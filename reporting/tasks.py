"""What the clock and the outbox ask of reporting."""

from celery import shared_task
from django.utils import timezone

from ledger.acting import acting_as_system
from ledger.models import OutboxJob
from reporting import actions


@shared_task(name="reporting.fold_in")
def fold_in() -> int:
    """Fold in new work. Returns how many readings changed."""
    run = actions.fold_in()
    return run.changed if run else 0


@shared_task(name="reporting.recompute")
def recompute() -> int:
    """Recompute everything, each night. Returns how many readings differed."""
    run = actions.recompute()
    return run.changed if run else 0


@shared_task(name="reporting.recompute_now", acks_late=True)
def recompute_now(key: str) -> int:
    """A job of the outbox that commits as it goes, so that people see its progress; done twice it does no harm."""
    with acting_as_system("system:reporting"):
        wanted = OutboxJob.objects.filter(key=key, done_at=None, parked_at=None).exists()
    run = actions.recompute() if wanted else None
    if run is None:
        return 0
    with acting_as_system("system:reporting"):
        OutboxJob.objects.filter(key=key).update(done_at=timezone.now())
    return run.changed
