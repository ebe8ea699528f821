"""A database as its owner sees it, for tests that look at one borough all together."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management import call_command
from django.db import connection, transaction


@contextmanager
def owned(blocker) -> Iterator[None]:
    """As the owner, with reference data and nothing else; all that is written inside is gone afterwards."""
    with blocker.unblock():
        outer = transaction.atomic()
        outer.__enter__()
        try:
            with connection.cursor() as cursor:
                cursor.execute("RESET ROLE")
            call_command("seed", verbosity=0)
            yield
        finally:
            transaction.set_rollback(True)
            outer.__exit__(None, None, None)
