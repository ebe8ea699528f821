"""The database knows who asks: signed, local to the transaction, refused when forged or late."""

import time

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from ledger import acting
from residents.models import Resident
from tests import make


@pytest.fixture
def resident(system):
    return make.resident()


def ask_with(token):
    with acting.acting(None), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('cs.acting', %s, true)", [token])
        try:
            cursor.execute("SELECT count(*) FROM residents_resident")
            return cursor.fetchone()[0]
        finally:
            transaction.set_rollback(True)


def test_nobody_sees_anything_without_a_context(resident):
    with acting.acting(None):
        assert Resident.objects.count() == 0


def test_a_front_door_officer_sees_residents(resident, finn):
    with acting.acting_as(finn):
        assert list(Resident.objects.all()) == [resident]


def test_a_forged_context_is_refused(resident, finn):
    genuine = acting.as_person(finn).token()
    person, _role, organisation, expires, mac = genuine.split(":")
    assert ask_with(genuine) == 1
    with pytest.raises(ProgrammingError, match="bad acting context"):
        ask_with(f"{person}:system:{organisation}:{expires}:{mac}")


def test_an_expired_context_is_refused(resident, finn, monkeypatch):
    monkeypatch.setattr(time, "time", lambda: 1_700_000_000)
    late = acting.as_person(finn).token()
    with pytest.raises(ProgrammingError, match="expired acting context"):
        ask_with(late)


@pytest.mark.parametrize("nonsense", ["x", "1:system:0:9999999999", "a:b:c:d:e", "1:system:0:9999999999:" + "0" * 64])
def test_nonsense_is_refused(resident, nonsense):
    with pytest.raises(ProgrammingError):
        ask_with(nonsense)


def test_the_context_ends_with_the_block(resident, finn):
    with acting.acting_as(finn):
        pass
    with acting.acting(None):
        assert Resident.objects.count() == 0


@pytest.mark.parametrize(
    "attack",
    [
        "SELECT * FROM acting.signing_key",
        "ALTER TABLE residents_resident DISABLE ROW LEVEL SECURITY",
        "DELETE FROM residents_resident",
        "TRUNCATE residents_resident",
        "CREATE FUNCTION public.f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "DROP POLICY may_read ON residents_resident",
        "COPY residents_resident TO PROGRAM 'cat'",
    ],
)
def test_the_application_cannot_lift_the_lock(resident, finn, attack):
    with acting.acting_as(finn), pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(attack)


def test_the_applications_role_is_nobody_special(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = current_user"
        )
        assert cursor.fetchone() == (False, False, False, False)
        cursor.execute("SELECT count(*) FROM pg_class WHERE pg_get_userbyid(relowner) IN ('cs_app', 'cs_job')")
        assert cursor.fetchone() == (0,)
