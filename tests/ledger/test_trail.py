"""The trail is append-only, holds no personal data, is sealed, and shows when someone has touched it."""

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from ledger import acting, sealing, trail
from ledger.models import AuditEvent, AuditSeal
from tests import make


@pytest.fixture(autouse=True)
def seals_of_its_own(settings, tmp_path):
    settings.SEAL_FILE = tmp_path / "seals.log"


def test_an_entry_says_who_did_what_to_which_record(finn, gus):
    person = make.resident()
    with acting.acting_as(finn):
        trail.opened(person, about=[person.reference], by=finn)
    with acting.acting_as(gus):
        entry = AuditEvent.objects.get(verb="open")
    assert (entry.person_id, entry.role, entry.reference, entry.about) == (
        finn.pk,
        "front_door",
        person.reference,
        [person.reference],
    )
    assert person.name not in str(AuditEvent.objects.filter(pk=entry.pk).values())


def test_front_door_cannot_read_the_trail(finn):
    with acting.acting_as(finn):
        trail.record("look")
        assert AuditEvent.objects.count() == 0


def test_nobody_writes_in_another_name(finn, ben):
    with acting.acting_as(finn), pytest.raises(ProgrammingError), transaction.atomic():
        trail.record("close", by=ben)


ATTACKS = [
    "UPDATE ledger_auditevent SET verb = 'x'",
    "DELETE FROM ledger_auditevent",
    "TRUNCATE ledger_auditevent",
]


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("role", ["cs_app", "NONE"])
def test_the_trail_cannot_be_edited_even_by_its_owner(system, attack, role):
    trail.record("open")
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {role}")
        with pytest.raises(Exception, match=r"permission denied|append-only"), transaction.atomic():
            cursor.execute(attack)
        cursor.execute("SET ROLE cs_app")


def _sealable(rows):
    """Entries as if committed by earlier transactions (a test has only one of its own)."""
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        for number in range(rows):
            cursor.execute(
                "INSERT INTO ledger_auditevent (role, principal, verb, kind, reference, about, fields, why, outcome, request_id, xid) "
                "VALUES ('system', '', 'open', 'x', %s, '{}', '{}', '', 'done', '', '3'::xid8)",
                [f"R{number}"],
            )
        cursor.execute("SET ROLE cs_app")


def tamper(sql):
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute("ALTER TABLE ledger_auditevent DISABLE TRIGGER USER")
        cursor.execute(sql)
        cursor.execute("ALTER TABLE ledger_auditevent ENABLE TRIGGER USER")
        cursor.execute("SET ROLE cs_app")


def test_a_sealed_trail_is_whole(system):
    _sealable(5)
    assert sealing.seal() == 5
    assert sealing.verify() == []
    assert sealing.seal() == 0


@pytest.mark.parametrize(
    ("attack", "said"),
    [
        ("UPDATE ledger_auditevent SET verb = 'other' WHERE reference = 'R2'", "content of block 1"),
        ("UPDATE ledger_auditevent SET person_id = 99 WHERE reference = 'R2'", "content of block 1"),
        ("UPDATE ledger_auditevent SET at = at + interval '1 second' WHERE reference = 'R2'", "content of block 1"),
        ("DELETE FROM ledger_auditevent WHERE reference = 'R2'", "4 entries; 5 were sealed"),
        ("UPDATE ledger_auditseal SET root = repeat('0', 64)", "content of block 1"),
        ("UPDATE ledger_auditseal SET signature = repeat('0', 64)", "bad signature"),
        ("DELETE FROM ledger_auditevent; DELETE FROM ledger_auditseal", "outside the database"),
    ],
)
def test_tampering_shows(system, attack, said):
    _sealable(5)
    sealing.seal()
    tamper(attack)
    assert any(said in line for line in sealing.verify())


def test_a_seal_without_the_key_shows(system, settings):
    _sealable(3)
    sealing.seal()
    genuine = AuditSeal.objects.get()
    settings.SECRET_KEY = "another key, as an attacker without ours would use it"
    wrong = sealing.verify()
    assert wrong and genuine.signature


def test_a_page_that_was_refused_stands_in_the_trail(finn, gus, sign_in):
    assert sign_in(finn).get("/people").status_code == 403
    with acting.acting_as(gus):
        entry = AuditEvent.objects.get(outcome="refused")
    assert (entry.person_id, entry.kind) == (finn.pk, "accounts:people")
