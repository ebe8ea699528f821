"""The database's backend: a line that was used just now is trusted, until something comes on it."""

from contextlib import closing

import pytest
from django.db import connection

from ledger.postgres import base


@pytest.fixture
def line(as_owner):
    """A connection beside that of the test, with the checks that production has."""
    own = connection.copy()
    own.settings_dict["CONN_HEALTH_CHECKS"] = True
    with closing(own):
        yield own


def ask(line) -> int:
    """What a request does before its first question, and a question: which process of the server answers."""
    line.close_if_unusable_or_obsolete()
    with line.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cursor.fetchone()[0]


def test_a_request_finds_a_fresh_line_where_the_server_has_gone(line, as_owner):
    first = ask(line)
    assert ask(line) == ask(line) == first

    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [first])

    assert ask(line) != first


def test_the_server_is_asked_only_after_silence(line, monkeypatch):
    asked = []
    monkeypatch.setattr(base.base.DatabaseWrapper, "is_usable", lambda self: asked.append(1) or True)
    for _ in range(4):
        ask(line)
    assert len(asked) <= 1

    asked.clear()
    line._checked_at -= base.TRUSTED_SECONDS
    ask(line)
    ask(line)
    assert len(asked) == 1


def test_a_connection_forgets_the_statement_that_was_not_asked_for_the_longest(line, monkeypatch):
    monkeypatch.setattr(base, "MOST_KEPT", 2)
    first, second, again, third = (line.kept(f"SELECT %s || ' 100%%{word}'") for word in ("one", "two", "one", "three"))

    with line.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_prepared_statements ORDER BY prepare_time")
        assert [name for (name,) in cursor.fetchall()] == [first, third] and again == first != second
        cursor.execute(f"EXECUTE {third} (%s)", ["All"])
        assert cursor.fetchone() == ("All 100%three",)
