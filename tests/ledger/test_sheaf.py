"""A sheaf writes rows of several tables in one round trip, under the same locks as if they had come one by one."""

import pytest
from django.db import DatabaseError, connection, transaction

from ledger.acting import acting_as
from ledger.models import AuditEvent
from ledger.sheaf import Sheaf
from residents.models import Household, Membership, Phone, Resident
from tests import make

pytestmark = pytest.mark.django_db


def with_key(row):
    """A row that others point at before it is written."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [row._meta.db_table])
        row.pk = cursor.fetchone()[0]
    return row


def test_rows_a_change_and_the_trail_go_together(system, finn, django_assert_num_queries):
    person, home = with_key(Resident(name="100 % Okafor; DROP")), with_key(Household(created_at=make.NOON))
    sheaf = Sheaf()
    sheaf.add(person)
    sheaf.add(home)
    sheaf.add(Membership(household=home, resident=person, since=make.NOON.date()))
    sheaf.add(*(Phone(resident=person, number=number, since=make.NOON.date()) for number in ("+441", "+442")))
    sheaf.add()
    person.language = "Twi"
    sheaf.change(person, ["language"])
    sheaf.record("register", person, by=finn, about=person.about())
    sheaf.record("add_phone", person, by=finn)

    assert not Resident.objects.filter(pk=person.pk).exists()
    with django_assert_num_queries(1):
        sheaf.write()

    fresh = Resident.objects.get(pk=person.pk)
    assert (fresh.name, fresh.language) == ("100 % Okafor; DROP", "Twi") and not person._state.adding
    assert fresh.phones.count() == 2 and fresh.memberships.get().household == home
    assert list(
        AuditEvent.objects.filter(reference=person.reference).order_by("pk").values_list("verb", flat=True)
    ) == [
        "register",
        "add_phone",
    ]
    with django_assert_num_queries(0):
        sheaf.write()


def test_what_one_may_not_write_refuses_the_whole_sheaf(system, finn):
    open_one, hidden = make.resident(), make.restricted_resident()
    sheaf = Sheaf()
    for person in (open_one, hidden):
        sheaf.add(Phone(resident=person, number="+441", since=make.NOON.date()))

    with acting_as(finn), pytest.raises(DatabaseError), transaction.atomic():
        sheaf.write()

    assert not Phone.objects.exists()


def test_the_one_that_may_be_seen_is_the_same_in_plain_sql(system, finn, ben, ela):
    plain, named, other = (
        make.resident(),
        make.restricted_resident(named=[finn]),
        make.restricted_resident("Tom Hidden"),
    )

    for user in (finn, ben, ela):
        for person in (plain, named, other):
            visible = Resident.objects.visible_to(user).filter(reference=person.reference).first()
            assert Resident.objects.visible_one(user, person.reference) == visible
    assert Resident.objects.visible_one(finn, named.reference) and not Resident.objects.visible_one(finn, "CS-0000-000")


def test_a_connection_keeps_its_statements_and_a_fresh_one_begins_anew(system, django_assert_num_queries):
    def register(*numbers):
        person, sheaf = make.resident(), Sheaf()
        sheaf.add(*(Phone(resident=person, number=number, since=make.NOON.date()) for number in numbers))
        sheaf.write()
        return person.phones.count()

    def kept():
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE name LIKE 'kept_%%'", [])
            return cursor.fetchone()[0]

    assert register("+441", "+442") == 2
    before = kept()
    assert register("+443", "+444") == 2 and kept() == before
    assert register(*(f"+44{number}" for number in range(19))) == 19
    assert kept() == before + 2  # of eight rows and of three
    with pytest.raises(DatabaseError), transaction.atomic():
        register("+441", "+441 " * 100)
    assert register("+445", "+446") == 2
