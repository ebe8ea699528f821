"""Whether the parts of an installation work: numbers and words for those who watch it, nothing about people."""

from collections.abc import Callable

from celery import current_app
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Min
from django.utils import timezone

from ledger.acting import acting_as_system
from ledger.models import Marker, OutboxJob

LONGEST_WAIT = 300  # seconds that a job may wait in the outbox
LONGEST_SILENCE = 90  # seconds since the clock's last word, which comes through queue and worker every ten
Answer = tuple[bool, str | int]


def database() -> Answer:
    """Whether the database answers and has every migration of this code. Runs two queries."""
    executor = MigrationExecutor(connection)
    waiting = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    return not waiting, f"{waiting} migrations wait" if waiting else "ok"


def queue() -> Answer:
    """Whether the queue answers."""
    try:
        with current_app.connection_for_write() as line:
            line.channel().client.ping()
    except Exception as fault:  # whatever keeps it from answering
        return False, type(fault).__name__
    return True, "ok"


def outbox() -> Answer:
    """For how many seconds the oldest job has waited that is neither done nor parked. Runs one query."""
    now = timezone.now()
    with acting_as_system("system:health"):
        waiting = OutboxJob.objects.filter(done_at=None, parked_at=None, ready_at__lte=now)
        oldest = waiting.aggregate(oldest=Min("ready_at"))["oldest"]
    seconds = int((now - oldest).total_seconds()) if oldest else 0
    return seconds <= LONGEST_WAIT, seconds


def clock() -> Answer:
    """For how many seconds the clock has said nothing: beat, queue and worker together. Runs one query."""
    said = Marker.objects.filter(name=Marker.CLOCK).values_list("set_at", flat=True).first()
    if said is None:
        return False, "has not run yet"
    seconds = max(0, int((timezone.now() - said).total_seconds()))
    return seconds <= LONGEST_SILENCE, seconds


PARTS: dict[str, Callable[[], Answer]] = {"database": database, "queue": queue, "outbox": outbox, "clock": clock}


def report(*parts: str) -> tuple[bool, dict[str, str | int]]:
    """Whether the named parts (or all) are well, and what each of them says."""
    well, said = True, {}
    for name in parts or PARTS:
        try:
            fine, said[name] = PARTS[name]()
        except DatabaseError as fault:
            fine, said[name] = False, type(fault).__name__
        well = well and fine
    return well, said
