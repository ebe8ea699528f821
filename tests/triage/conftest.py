"""Invented cases are the same on every run, and a busy machine is no failure."""

import pytest
from django.db import connection
from hypothesis import settings

settings.register_profile("house", deadline=None, derandomize=True)
settings.load_profile("house")


@pytest.fixture
def committed(transactional_db):
    """Rows are committed, so that other connections see them; afterwards the owner empties the tables."""
    yield
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
