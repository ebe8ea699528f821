"""The borough at two sizes: equal in kind; the truth beside it can be found in its rows; bare tables are as they were."""

import hashlib
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from math import sqrt
from random import Random

import pytest
from django.db import connection, transaction

from accounts.working_time import local_day
from cases.models import Case, Placement
from desk.borough import make, truth, twice
from desk.borough.book import Book
from desk.borough.building import keys_in_use, tables
from desk.borough.make import Plan, hire_staff, invent
from desk.borough.names import ORIGINS
from desk.borough.numbers import Keys, References
from desk.borough.pages import Pages
from desk.borough.people import Family
from desk.borough.staff import A_DISTRICT, hire
from desk.borough.ways import Ways
from desk.borough.world import World
from intake.models import Contact
from ledger import bare_tables
from ledger.references import read_reference
from referrals.models import Referral
from residents.models import Resident
from tests.desk.owned import owned
from triage.models import Decision, SafeguardingEpisode

END = datetime(2026, 11, 18, 16, 30, tzinfo=UTC)
LITTLE, LARGER = Plan(800, 18, 11, END), Plan(3_700, 18, 11, END)


def nowhere(table, columns, lines):
    """Rows that nobody needs."""


def silent(what, share):
    """Nobody listens."""


def lived(plan, districts):
    """The neighbourhoods of a borough, lived through and written nowhere."""
    used = keys_in_use()
    numbers = range(plan.neighbourhoods)
    return [invent(plan, number, districts, silent, used=used, pages=Pages(nowhere)) for number in numbers]


@pytest.fixture(scope="module")
def staff(django_db_setup, django_db_blocker):
    """Staff in a database with its reference data, and nothing else."""
    with owned(django_db_blocker):
        yield hire_staff(LARGER, "")


@pytest.fixture
def districts(staff, db):
    """The staff by district, and the right to ask the database."""
    return staff


def test_a_case_can_be_passed_on_in_every_district(districts):
    council, front_door = districts[0].council, districts[0].teams["Front door"]
    book = Book(Random(4), END, pages=Pages(nowhere))
    for staff in hire(book, council, front_door, "", residents=2 * A_DISTRICT):
        here = staff.of_neighbourhood(3)
        world = World(book, here, [], None, start=END, end=END)
        for kind, people in here.workers.items():
            other = world.colleague(people[0], here.teams[kind])
            assert other.id != people[0].id and other in people


# --- equal in kind ------------------------------------------------------------------------------------------------


def shares(values):
    """How much of the whole each value is."""
    counted = Counter(str(value) for value in values)
    return {value: count / counted.total() for value, count in counted.items()}


def kind_of(books, residents):
    """What a borough is like, whatever its size."""

    def rows(model):
        return [row for book in books for row in book.rows(model)]

    contacts, decisions, referrals = rows(Contact), rows(Decision), rows(Referral)
    by_resident = Counter(row.resident_id for row in contacts if row.resident_id)
    mixes = {
        "tiers": shares(row.chosen_tier for row in decisions),
        "channels": shares(row.channel for row in contacts),
        "outcomes": shares(row.outcome for row in contacts),
        "referrals": shares(row.status for row in referrals),
        "demand": shares(row.demand for row in contacts),
    }
    rates = {
        "contacts": len(contacts) / residents,
        "cases": len(rows(Case)) / residents,
        "referrals": len(referrals) / residents,
        "episodes": len(rows(SafeguardingEpisode)) / residents,
        "placements": len(rows(Placement)) / residents,
        "repeats": sum(count - 1 for count in by_resident.values()) / len(contacts),
    }
    sizes = {"tiers": len(decisions), "referrals": len(referrals)}
    return mixes, rates, {name: sizes.get(name, len(contacts)) for name in mixes}


def test_a_larger_borough_is_equal_in_kind(districts):
    little, larger = lived(LITTLE, districts), lived(LARGER, districts)
    assert (len(little), len(larger)) == (1, 2)
    mixes, rates, sizes = kind_of(little, LITTLE.residents)
    others, more, _ = kind_of(larger, LARGER.residents)
    for name, mix in mixes.items():
        apart = sum(abs(mix.get(one, 0) - others[name].get(one, 0)) for one in {*mix, *others[name]}) / 2
        assert apart < 0.04 + 0.6 * sqrt(len(mix) / sizes[name]), (name, mix, others[name])  # chance, and a little
    for name, rate in rates.items():
        # What is rare is uncertain in the little one: three standard deviations, and a tenth.
        room = 0.1 * rate + 3 * sqrt(max(rate, 1e-4) / LITTLE.residents)
        assert abs(rate - more[name]) < room, (name, rate, more[name])


def test_a_neighbourhood_does_not_depend_on_when_and_where_it_is_made(districts, monkeypatch):
    monkeypatch.setattr(make, "A_NEIGHBOURHOOD", 60)
    plan, used = Plan(120, 4, 5, END), keys_in_use()

    def digest(number):
        whole = hashlib.sha256()
        pages = Pages(lambda table, columns, lines: whole.update(f"{table} {columns} {lines}".encode()))
        book = invent(plan, number, districts, silent, used=used, pages=pages)
        return whole.hexdigest(), book

    assert plan.neighbourhoods == 2
    alone, _ = digest(1)
    first, mine = digest(0)
    again, other = digest(1)
    assert alone == again != first
    references = [{row.reference for row in book.rows(Contact)} for book in (mine, other)]
    keys = [{row.id for row in book.rows(Contact)} for book in (mine, other)]
    assert not references[0] & references[1] and not keys[0] & keys[1]


def test_references_of_neighbourhoods_never_meet():
    given = [list(islice(iter(References(Keys(number, 3, {})).next, None), 2_000)) for number in range(3)]
    every = [one for mine in given for one in mine]
    assert len(set(every)) == 6_000
    assert all(read_reference(one) == one for one in every[:300])


# --- the truth ----------------------------------------------------------------------------------------------------


def day(text):
    return date.fromisoformat(text)


def lines_of(book):
    """Each household that slid to its end, as the file says it."""
    lines = [dict(zip(truth.COLUMNS, line, strict=True)) for line in book.truth]
    return [line for line in lines if line["tipped"]]


def seen_in_rows(book, line):
    """Whether the rows alone show that a household was helped in the time, and that it tipped over on the day."""
    since, until = day(line["first_sign_on"]), day(line["tips_on"])
    cases = [row for row in book.rows(Case) if row.household_id == line["household"]]
    worked = any(
        local_day(one.opened_at) < until and (one.closed_at is None or local_day(one.closed_at) > since)
        for one in cases
    )
    homes = {row.resident_id for row in book.of["memberships", line["household"]]}
    served = any(
        row.resident_id in homes and row.started_at and since <= local_day(row.started_at) <= until
        and row.organisation.name == truth.RIGHT[line["root"]][1]
        for row in book.rows(Referral)
    )  # fmt: skip
    needs = {"home_at_risk", "homeless", "child_abuse_or_neglect", "adult_mental_health", "da_victim"}
    crisis = [
        row for row in book.rows(Contact)
        if row.household_id == line["household"] and until <= local_day(row.received_at) <= until + timedelta(days=7)
        and book.of["needs", row.id] and book.of["needs", row.id][0].code in needs
    ]  # fmt: skip
    return worked or served, bool(crisis)


def test_what_was_planted_can_be_found_in_the_rows(districts, monkeypatch):
    monkeypatch.setattr(truth, "BEGIN_A_YEAR", 1.5)  # so that nearly every household of a small borough slides
    (book,) = lived(Plan(900, 27, 3, END), districts)
    lines = lines_of(book)
    assert len(lines) > 120
    rates = {}
    for burden in ("light", "heavy"):
        told = [seen_in_rows(book, line) for line in lines if line["burden"] == burden]
        for helped in (True, False):
            group = [tipped for mine, tipped in told if mine is helped]
            rates[burden, helped] = (sum(group), len(group))
    helped = sum(rates[burden, True][0] for burden in ("light", "heavy"))
    # Had those who were helped tipped over as often as the others of their burden, it would have been so many:
    expected = sum(
        rates[burden, True][1] * rates[burden, False][0] / rates[burden, False][1] for burden in ("light", "heavy")
    )
    weakest, strongest = truth.HELP["right_service"], truth.HELP["case"] * truth.HELP["right_service"]
    assert strongest - 0.2 < helped / expected < weakest + 0.2, rates


def test_the_truth_is_what_the_constants_say(districts, monkeypatch):
    monkeypatch.setattr(truth, "BEGIN_A_YEAR", 1.5)
    (book,) = lived(Plan(400, 24, 4, END), districts)
    risks = 0.0
    for line in lines_of(book):
        risk = truth.RISK_UNHELPED[line["burden"] == "heavy"]
        for kind in line["help"].split():
            risk *= truth.HELP[kind]
        assert line["risk"] == pytest.approx(risk, abs=1e-4)
        assert bool(line["crisis_contact"]) == (line["tipped"] == "yes") or day(line["tips_on"]) > local_day(
            END
        ) - timedelta(days=5)
        risks += risk
    tipped = sum(line["tipped"] == "yes" for line in lines_of(book))
    assert abs(tipped - risks) < 3 * sqrt(risks)


# --- bare tables --------------------------------------------------------------------------------------------------


def test_bare_tables_are_built_up_as_they_were(districts):
    some = ["intake_contact", "residents_membership", "cases_placement", "triage_triageitem", "ledger_auditevent"]
    assert set(some) < set(tables())
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        bare = bare_tables.make_bare(some)
        assert bare_tables.is_as_before(bare)
        for jobs in bare.build.values():
            bare_tables.run(jobs)
        bare_tables.declare(bare)
        for jobs in bare.check.values():
            bare_tables.run(jobs)
        assert bare_tables.is_as_before(bare) == []
        transaction.set_rollback(True)


def test_who_is_on_record_twice_by_accident_stands_in_the_truth(districts):
    plan = Plan(800, 18, 12, END)
    (book,) = lived(plan, districts)
    people = {row.reference: row for row in book.rows(Resident)}
    told = [line[-1].split("+") for line in book.truth if line[-1]]
    assert 2 <= len(told) <= 800 // twice.ONE_IN
    for first, second in told:
        mine, theirs = people[first], people[second]
        assert mine.created_at < theirs.created_at <= END and not theirs.restricted
        assert book.of["phones", theirs.id] and book.of["contacts", theirs.id]
    again = {second for _, second in told}
    assert again == {row.reference for row in people.values() if not book.of["homes", row.id]}
    assert not Plan(10_000, 18, 12, END).small, "large ones are for measuring and have none"


def test_in_a_small_borough_nobody_of_a_like_name_shares_a_number():
    ways, families = Ways(apart=True), [Family([], ORIGINS[0], None, 1.0) for _ in range(2)]
    people = [Resident(name=name) for name in ("Ryan Oakes", "Ryan Sawkins", "Ryan Oakes", "Amina Begum")]
    first, other, namesake, stranger = (ways.mobile(person, 528) for person in people)
    assert first == stranger == "+447700900528" != other
    assert sum(one != two for one, two in zip(first, namesake, strict=True)) > 1
    homes = [ways.landline(family, 98) for family in (*families, families[0])]
    assert homes[0] == homes[2] == "+442079460098" != homes[1]
    assert ways.email("ryan.oakes", 67) == 67 != ways.email("ryan.oakes", 67)
    assert Ways().mobile(people[1], 528) == first, "a large one takes what is drawn"
