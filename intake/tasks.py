"""What the outbox asks of intake: a piece of a long file each time, and the piece after it by the next job."""

from intake.changesets import actions
from intake.models import Changeset
from ledger.outbox import job
from residents.actions import look_for_pairs


@job("intake.read_changeset")
def read_changeset(changeset_id: int) -> None:
    """Read and judge some rows of a file."""
    actions.read_on(Changeset.objects.get(pk=changeset_id))


@job("intake.take_changeset")
def take_changeset(changeset_id: int) -> None:
    """Take in some of the rows that somebody said to take."""
    actions.take_on(Changeset.objects.get(pk=changeset_id))


@job("intake.undo_changeset")
def undo_changeset(changeset_id: int) -> None:
    """Undo an import of many rows."""
    actions.undo_on(Changeset.objects.get(pk=changeset_id))


@job("intake.compare_people")
def compare_people(residents: list[int]) -> None:
    """Compare the people whom a piece of an import began with everybody."""
    look_for_pairs(residents)
