"""Rows of a file that are taken in together: the same as one by one, and nobody who was recorded since is passed over."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from intake.changesets import actions
from intake.models import Changeset
from ledger.acting import acting_as
from ledger.models import AuditEvent
from residents.keys import number_of
from residents.models import Address, Resident, SearchKey
from tests import make
from tests.intake.test_changesets import FIVE, everything, known, read
from tests.make import NOON

pytestmark = pytest.mark.django_db


def told_of(changeset: Changeset, as_owner) -> dict[str, list]:
    """All that taking in wrote for each person of the file, without keys, references and moments."""
    found: dict[str, list] = {}
    plain = (
        "id",
        "pk",
        "event",
        "at",
        "written_at",
        "created_at",
        "reference",
        "resident_id",
        "address_id",
        "our_id",
        "run_id",
    )
    for change in changeset.changes.select_related("resident").order_by("number"):
        person = change.resident
        written = [
            [done.model, {k: v for k, v in done.after.items() if k not in plain}] for done in change.carried_out.all()
        ]
        keys = sorted(SearchKey.objects.filter(resident=person).values_list("key", flat=True))
        reference = number_of(f"r:{person.reference}")
        said = person.search_document.said.removeprefix(person.reference)
        story = list(
            person.chronology.order_by("id").values_list("verb", "heading", "detail", "kind", "significant", "by")
        )
        with as_owner():
            trail = AuditEvent.objects.filter(about=[person.reference]).order_by("id")
            trail = list(
                trail.exclude(verb="undo_changeset").values_list(
                    "verb", "kind", "person_id", "role", "principal", "fields"
                )
            )
        found[person.name] = [
            change.state, change.decided_by, [key for key in keys if key != reference], said, story, trail,
            sorted(written, key=str),
        ]  # fmt: skip
    return found


def test_many_are_written_down_as_each_would_be_by_itself(system, dev, as_owner):
    make.restricted_resident("Leila Haddad", born_on=date(1990, 2, 5))
    head = "id,name,date of birth,phone,email,address,postcode,uprn,nhs number"
    rows = [
        "1,Leila Haddad,1990-02-03,07700 900200,leila@example.org,3 New Road,RM9 4ZZ,10001,943 476 5919",
        "2,Omar Stone,1961,,,3 NEW ROAD,RM9 4ZZ,10001,",
        "3,Sara Quist,05/2011,07700 900204,,,RM9 4ZZ,,",
        ',Ivan Petrov,1958-03-09,,Ivan@Example.org,"4, Elm Row",,,',
    ]
    one_by_one = read(rows, by=dev, head=head)
    with acting_as(dev):
        for change in one_by_one.changes.all():
            actions.accept_change(change, by=dev, at=timezone.now())
    first = told_of(one_by_one, as_owner)
    assert Address.objects.count() == 2 and [row[0] for row in first.values()] == ["accepted"] * 4
    with acting_as(dev):
        actions.undo_changeset(one_by_one, by=dev, at=NOON)
    together = read(rows, by=dev, head=head)
    with CaptureQueriesContext(connection) as asked, acting_as(dev):
        actions.accept_waiting(together, by=dev, at=NOON)
    assert len([one for one in asked if 'INSERT INTO "residents_resident"' in one["sql"]]) == 1
    second = told_of(together, as_owner)
    for name, written in first.items():
        assert second[name] == written
    assert Address.objects.count() == 2


def test_somebody_like_a_row_who_was_recorded_since_stops_that_row_alone(system, dev):
    changeset = read(FIVE, by=dev)
    known("Person Number2 Ofname2", date(1962, 1, 2))
    with acting_as(dev):
        actions.accept_waiting(changeset, by=dev, at=NOON)
    left = changeset.changes.get(state="waiting")
    assert (left.number, left.verdict, left.reason) == (
        3,
        "conflicting",
        "Somebody like this person was recorded since",
    )
    assert Resident.objects.count() == 5


def test_rows_that_add_to_records_of_ours_are_written_down_apart_and_put_back_exactly(system, dev):
    amina = known("Amina Okafor", date(1984, 5, 17), phone="07700 900123")
    omar = known("Omar Stone", date(1961, 1, 2), phone="07700 900124")
    before = everything()
    changeset = read(
        [
            "1,Amina Okafor,17/05/1984,07700 900123,14 Long Lane,RM9 4ZZ",
            "2,Omar Stone,02/01/1961,07700 900124,14 Long Lane,RM9 4ZZ",
            "3,Amina Okafor,17/05/1984,07700 900125,14 Long Lane,RM9 4ZZ",
            "4,Leila Haddad,1990-02-03,,14 Long Lane,RM9 4ZZ",
        ],
        by=dev,
    )
    with acting_as(dev):
        actions.accept_waiting(changeset, by=dev, at=NOON)
    rows = list(changeset.changes.all())
    assert [row.state for row in rows] == ["accepted"] * 4 and rows[0].resident == rows[2].resident == amina
    of = {row.number: set(row.carried_out.values_list("model", flat=True)) for row in rows}
    assert "residents.Phone" in of[4] and "residents.Phone" not in of[2] | of[3]
    assert [number for number in of if "residents.Address" in of[number]] == [5], "a place is begun once"
    assert omar.addresses.count() == 1 and Address.objects.count() == 1
    with acting_as(dev):
        actions.undo_changeset(changeset, by=dev, at=NOON)
    after = everything()
    assert {table for table in before if before[table] != after[table]} == set()
