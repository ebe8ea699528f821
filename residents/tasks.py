"""What the outbox and the clock ask of residents."""

from celery import shared_task

from ledger.acting import acting_as_system
from ledger.outbox import job
from residents import actions, search_rebuild


@job("residents.look_for_pairs")
def look_for_pairs(resident_id: int) -> None:
    """Compare a new record with all others, now that it is committed."""
    actions.look_for_pairs([resident_id])


@shared_task(name="residents.find_pairs")
def find_pairs(whole: bool = False) -> int:
    """Compare whoever changed since last night with everybody, each night. Returns how many likely pairs there are."""
    with acting_as_system("system:residents.find_pairs"):
        return actions.find_pairs(whole=whole).found


@shared_task(name="residents.catch_up")
def catch_up() -> int:
    """See to it that nobody is missing from the search. Returns how many people were looked at."""
    with acting_as_system("system:residents.catch_up"):
        return search_rebuild.catch_up()
