"""What the clock asks of residents."""

from celery import shared_task

from ledger.acting import acting_as_system
from residents import search_rebuild


@shared_task(name="residents.catch_up")
def catch_up() -> int:
    """See to it that nobody is missing from the search. Returns how many people were looked at."""
    with acting_as_system("system:residents.catch_up"):
        return search_rebuild.catch_up()
