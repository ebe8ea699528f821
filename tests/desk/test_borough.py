"""The demonstration borough as a whole: a small one, written by the owner, then looked at as the people who work in it."""

import hashlib
import re
from dataclasses import replace
from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from accounts.models import Organisation, Role, Team, User
from cases.models import Case, IncomeGain, Placement, PlanAction
from desk.borough.book import TEXTS
from desk.borough.building import build_here, keys_in_use
from desk.borough.make import Plan, invent
from desk.borough.pages import Pages, line_writer
from desk.borough.staff import CAST, DOMAIN
from desk.borough.verbs import judging
from intake.models import Answer, Contact
from ledger.acting import acting_as
from ledger.models import Marker
from ledger.references import read_reference
from referrals.models import Referral
from residents.models import ChronologyEntry, Membership, Phone, Resident, Restriction, Warning
from residents.search import find
from tests import make
from tests.desk.owned import owned
from triage.models import Decision, TriageItem
from triage.rules import assess

END = datetime(2026, 11, 18, 16, 30, tzinfo=UTC)
SMALL = Plan(residents=150, months=12, seed=7, end=END)


def silent(what, share):
    """Nobody listens to how far it is."""


def digest(plan, districts) -> str:
    """Every row of every table of the first neighbourhood, as one short text."""
    whole = hashlib.sha256()

    def write(table, columns, lines):
        whole.update(f"{table} {columns} {lines}".encode())

    invent(plan, 0, districts, silent, used=keys_in_use(), pages=Pages(write))
    return whole.hexdigest()


@pytest.fixture(scope="module")
def borough(django_db_setup, django_db_blocker):
    """One small borough for all tests of this module; every constraint of the database is asked at the end."""
    with owned(django_db_blocker):
        book = build_here(SMALL, "", silent)
        Marker.objects.create(name=Marker.DEMONSTRATION, value="a-random-word")
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        yield book


def test_it_refuses_a_database_that_holds_people(system, settings):
    # Before the others: it needs a database without the borough.
    make.resident()
    with pytest.raises(CommandError, match="may be real"):
        call_command("make_borough")
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="production"):
        call_command("make_borough")


def test_the_quick_way_to_the_rules_says_what_the_rules_say(whole, monkeypatch):
    asked, quick = [], judging.quick

    def heard(facts, received_at):
        found = quick(facts, received_at)
        asked.append((facts, received_at, found))
        return found

    for known in ("_asked", "_said"):
        monkeypatch.setattr(judging, known, {})
    monkeypatch.setattr("desk.borough.verbs.triage.quick", heard)
    invent(replace(SMALL, seed=9), 0, whole.districts, silent, used=keys_in_use(), pages=Pages(lambda *page: None))
    assert len(asked) > len(judging._asked) * 1.5 > 60
    assert all(found == assess(facts, received_at) for facts, received_at, found in asked)


def test_a_line_that_is_held_says_what_its_row_says(whole):
    book = invent(
        replace(SMALL, seed=9), 0, whole.districts, silent, used=keys_in_use(), pages=Pages(lambda *page: None)
    )
    for model in (
        Answer,
        Case,
        Contact,
        IncomeGain,
        Membership,
        Phone,
        PlanAction,
        Referral,
        Restriction,
        TriageItem,
        Warning,
    ):
        line = line_writer(model._meta.concrete_fields)
        held = [row.__dict__ for row in book.rows(model) if TEXTS in row.__dict__]
        assert all("\t".join(values[TEXTS]) == line(values) for values in held), model
        assert held or model in (Membership, Phone, Restriction, Warning), model


@pytest.fixture
def whole(borough, db):
    """The borough, asked as its owner."""
    return borough


def as_application():
    """From here on as the web server asks."""
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE cs_app")


def test_the_same_seed_makes_the_same_rows(whole):
    assert digest(SMALL, whole.districts) == digest(SMALL, whole.districts)
    assert digest(SMALL, whole.districts) != digest(replace(SMALL, seed=8), whole.districts)


def test_there_are_as_many_people_as_were_asked_for_and_all_sorts_of_stories(whole):
    people = Resident.objects.count()
    assert 140 <= people <= 150
    for model in (Contact, Decision, Case, Placement, IncomeGain, Referral, TriageItem, ChronologyEntry):
        assert model.objects.exists(), model
    assert set(Case.objects.values_list("status", flat=True)) == {"open", "closed"}
    assert TriageItem.objects.filter(status="waiting").exists()
    assert not Contact.objects.filter(received_at__gt=END).exists()


def test_every_reference_can_be_read_aloud(whole):
    for model in (Resident, Contact, Decision, Case, Referral, Placement):
        for reference in model.objects.values_list("reference", flat=True):
            assert read_reference(reference) == reference


def test_the_trail_holds_no_names(whole):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT verb, kind, reference, about::text, fields::text, why, principal FROM ledger_auditevent"
        )
        text = " ".join(str(part) for row in cursor.fetchall() for part in row)
    for name in Resident.objects.values_list("name", flat=True):
        assert not re.search(rf"\b{re.escape(name.split()[-1])}\b", text), name
    assert "@" not in text and "+44" not in text


def test_contact_details_are_of_the_ranges_that_nobody_has(whole):
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM residents_phone")
        assert all(re.fullmatch(r"\+44(7700900|2079460)\d{3}", number) for (number,) in cursor.fetchall())
        cursor.execute("SELECT address FROM residents_emailaddress")
        assert all(address.endswith((".example", "@example.org")) for (address,) in cursor.fetchall())
        cursor.execute("SELECT postcode FROM residents_address")
        assert all(re.fullmatch(r"(IG11|RM\d+) \d[A-Z][CIKMOV]", postcode) for (postcode,) in cursor.fetchall())


def test_what_is_protected_stays_hidden_from_the_front_door(whole):
    finn = User.objects.get(email=f"finn@{DOMAIN}")
    hidden = list(Resident.objects.filter(restricted=True))
    assert hidden
    as_application()
    try:
        with acting_as(finn):
            assert not Resident.objects.visible_to(finn).filter(pk__in=[one.pk for one in hidden]).exists()
            assert not Contact.objects.visible_to(finn).filter(resident__in=[one.pk for one in hidden]).exists()
            assert not find(hidden[0].reference, by=finn)
            somebody = Resident.objects.visible_to(finn).first()
            assert find(somebody.name, by=finn)[0].resident.name == somebody.name
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")


def test_a_sign_in_for_each_role_is_printed_only_where_people_are_invented(whole):
    said = StringIO()
    call_command("demo_signins", stdout=said)
    lines = said.getvalue().splitlines()
    assert [line.partition(":")[0] for line in lines] == [role.label for _, _, role in CAST]
    assert all("a-random-word" in line for line in lines)
    Marker.objects.all().delete()
    silent = StringIO()
    call_command("demo_signins", stdout=silent)
    assert silent.getvalue() == ""


def test_a_second_borough_is_refused(whole):
    with pytest.raises(CommandError, match="here already"):
        call_command("make_borough")
    with pytest.raises(CommandError, match="anew"):
        call_command("make_borough", again=True)


def test_nobody_can_sign_in_by_a_password_that_is_written_anywhere(whole):
    assert not User.objects.exclude(password="!").exists()  # no password was given, so there is none
    assert User.objects.filter(role=Role.PARTNER).count() == 8
    assert Team.objects.filter(organisation__kind=Organisation.Kind.COUNCIL).count() == 6
    assert timezone.is_aware(END)
