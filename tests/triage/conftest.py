"""Invented cases are the same on every run, and a busy machine is no failure."""

import pytest
from django.db import connection
from django.db.backends.signals import connection_created
from hypothesis import settings

settings.register_profile("house", deadline=None, derandomize=True)
settings.load_profile("house")


TRAIL_KEPT = "ALTER TABLE ledger_auditevent {} TRIGGER no_truncate"


@pytest.fixture
def _application_again(django_db_setup, django_db_blocker):
    """After everything else: the trail refuses to be emptied, and connections are the application's, as before."""
    receivers = list(connection_created.receivers)
    yield
    with django_db_blocker.unblock():
        _run(TRAIL_KEPT.format("ENABLE"))
        connection_created.receivers = receivers
        connection.close()


@pytest.fixture
def committed(_application_again, transactional_db):
    """Rows are committed, so that other connections see them; afterwards the owner empties the tables."""
    yield
    connection_created.receivers = []
    connection.close()
    _run(TRAIL_KEPT.format("DISABLE"))


def _run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
