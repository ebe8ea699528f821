"""Invented cases are the same on every run, and a busy machine is no failure."""

from contextlib import closing

import psycopg2
import pytest
from django.db import connection
from hypothesis import settings

settings.register_profile("house", deadline=None, derandomize=True)
settings.load_profile("house")


KEPT = {"django_migrations", "django_content_type", "auth_permission"}


@pytest.fixture
def committed(django_db_setup, django_db_blocker):
    """Rows are committed, so that other connections see them; afterwards the owner empties the tables."""
    with django_db_blocker.unblock():
        connection.close()
        yield
        tables = set(connection.introspection.django_table_names(only_existing=True, include_views=False)) - KEPT
        connection.close()
        _empty(sorted(tables))


def _empty(tables: list[str]) -> None:
    """On a connection of its own, as the owner; the trail lets itself be emptied for that moment only."""
    names = ", ".join(f'"{table}"' for table in tables)
    with closing(psycopg2.connect(**connection.get_connection_params())) as owner, owner, owner.cursor() as cursor:
        cursor.execute("ALTER TABLE ledger_auditevent DISABLE TRIGGER no_truncate")
        cursor.execute(f"TRUNCATE {names}")
        cursor.execute("ALTER TABLE ledger_auditevent ENABLE TRIGGER no_truncate")
