"""What the database alone gives of the search: to partners nothing, to staff nothing of anybody restricted, by no table or function."""

import pytest
from django.db import ProgrammingError, connection, transaction

from ledger import acting
from ledger.fields import PartialDate
from residents import actions, search
from residents.asked import asked_keys, read_search
from residents.models import Resident, RestrictedKey, SearchDocument, SearchKey
from residents.search_rows import lines_of
from tests import make

TABLES = (SearchDocument, SearchKey, RestrictedKey)
BORN = PartialDate(1988, 2, 29)


@pytest.fixture
def two(system, ben):
    """Somebody open and somebody restricted of one name and day; and every key of both."""
    people = [
        actions.register_resident(name="Rosalind Featherstonehaugh", born=BORN, by=None, at=make.NOON) for _ in range(2)
    ]
    make.AccessGrant.objects.create(resident=people[1], user=ben, reason="Lead", since=make.NOON)
    Resident.objects.filter(pk=people[1].pk).update(restricted=True)
    search.write_keys(people[1])
    keys = {key for line in lines_of([one.pk for one in people]) for key in line.keys}
    return *people, sorted(keys)


def ask(call, *values):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM acting.{call}", values)
        return cursor.fetchall()


def found(keys, most=500):
    return sorted(pk for (pk,) in ask("find_people(%s, %s, %s)", keys, [1] * len(keys), most))


def said(keys):
    return sorted(pk for pk, _ in ask("people_like(%s, %s, 500)", keys, [1] * len(keys)))


def tells(keys):
    return ask("restricted_fits(%s, %s, 1)", keys[:100], [1] * len(keys[:100])) == [(True,)]


def rewrites(person):
    """Whether the database would let whoever acts write what finds the person; undone."""
    try:
        with transaction.atomic():
            ask("write_search(%s, 'x', ARRAY[1], ARRAY[1])", person.pk)
            transaction.set_rollback(True)
    except ProgrammingError:
        return False
    return True


@pytest.mark.parametrize("who", ["ela", "gus", "ada", "a link", "nobody"])
def test_who_is_not_staff_gets_nothing(two, who, request, ela):
    plain, hidden, keys = two
    if who == "a link":
        context = acting.acting(acting.by_link(1, ela.organisation_id))
    elif who == "nobody":
        context = acting.acting(None)
    else:
        context = acting.acting_as(request.getfixturevalue(who))
    with context, transaction.atomic():
        if who == "nobody":
            acting.apply_context()
        assert (found(keys), said(keys), tells(keys)) == ([], [], False)
        assert [model.objects.count() for model in TABLES] == [0, 0, 0]
        assert not rewrites(plain) and not rewrites(hidden)


def test_staff_get_nothing_of_who_is_restricted_unless_named(two, finn, dev, ben):
    plain, hidden, keys = two
    for stranger in (finn, dev):
        with acting.acting_as(stranger), transaction.atomic():
            assert (found(keys), said(keys)) == ([plain.pk], [plain.pk])
            assert list(SearchDocument.objects.values_list("pk", flat=True)) == [plain.pk]
            assert not SearchKey.objects.exists() and not RestrictedKey.objects.exists()
            assert not rewrites(hidden)
    with acting.acting_as(ben), transaction.atomic():
        assert found(keys) == said(keys) == [plain.pk, hidden.pk]
        assert not tells(keys), "who is named needs no duty manager"
        assert not SearchKey.objects.exists() and not RestrictedKey.objects.exists()


def test_only_names_and_birth_can_be_asked_of_who_is_restricted(two, finn):
    """The function answers yes or no, and to no key but those of names together, and of a name with the birth."""
    _, hidden, _ = two
    silent = ["rosalind", "featherstonehaugh", hidden.reference, "29/02/1988"]
    with acting.acting_as(finn), transaction.atomic():
        for typed in silent:
            keys, _ = asked_keys(read_search(typed))
            assert not tells(keys), typed
        keys, _ = asked_keys(read_search("rosalind featherstonehaugh"))
        assert tells(keys)
        assert ask("restricted_fits(%s, %s, 0)", keys, [1] * len(keys)) == [(False,)]
