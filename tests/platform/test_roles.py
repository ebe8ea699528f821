"""The tests themselves work as the application does: no owner, no superuser, under every policy."""

import pytest
from django.db import ProgrammingError, connection


def ask(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()


def test_tests_run_as_the_application(db):
    assert ask("SELECT current_user::text") == ("cs_app",)
    assert ask("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user") == (False, False)
    assert ask("SELECT count(*) FROM pg_class WHERE relowner = current_user::regrole") == (0,)


def test_the_application_cannot_read_the_key_that_signs_who_acts(db):
    with pytest.raises(ProgrammingError, match="permission denied"):
        ask("SELECT * FROM acting.signing_key")


def test_tables_belong_to_the_owner(db):
    owners = "SELECT string_agg(DISTINCT tableowner, ',') FROM pg_tables WHERE schemaname IN ('public', 'acting')"
    assert ask(owners) == ("cs_owner",)
