"""A merge asks in which household somebody lives now, where the two records say different things; undoing it gives both back."""

from datetime import date

import pytest
from django.urls import reverse

from accounts.models import Role
from ledger.acting import acting_as
from residents import actions
from residents.merging.actions import merge_residents, undo_merge
from residents.models import Membership, Resident
from tests import make

pytestmark = pytest.mark.django_db
NOON = make.NOON


@pytest.fixture
def two(system):
    """Amina lives with Sami on one record and with Vera on the other, and with Joy on both."""
    people = {
        name: make.resident(name) for name in ("Amina Okafor", "Aminah Okafor", "Sami Okafor", "Vera Lund", "Joy Ade")
    }
    amina, ami, sami, vera, joy = people.values()
    homes = [make.household(amina, sami), make.household(ami, vera), make.household(amina, ami, joy)]
    return amina, ami, homes


def lives_in(person):
    return set(person.memberships.filter(until=None).values_list("household", flat=True))


def every_row():
    return sorted(Membership.objects.values_list("pk", "resident", "household", "part", "since", "until"))


@pytest.mark.parametrize(
    ("choice", "stay"), [("survivor", (0, 2)), ("other", (1, 2)), ("both", (0, 1, 2)), (None, (0, 1, 2))]
)
def test_the_household_that_was_chosen_stands_and_the_other_is_a_former_one(two, dev, choice, stay):
    amina, ami, homes = two
    before = every_row()
    keep = {"household": choice} if choice else {}
    with acting_as(dev):
        merge = merge_residents(
            amina, other=ami, seen=amina.version, other_seen=ami.version, keep=keep, why="Passport", by=dev, at=NOON
        )

    assert lives_in(amina) == {homes[number].pk for number in stay}
    for number in {0, 1} - set(stay):
        assert homes[number].memberships.get(resident=amina).until == NOON.date()
    with acting_as(dev):
        undo_merge(merge, why="Two people after all", by=dev, at=NOON)
    assert every_row() == before


def typed(amina, ami, **more):
    return {"why": "Passport", "seen": amina.version, "other_seen": ami.version, "keep_name": "survivor", **more}


def test_the_page_asks_and_takes_no_household_for_granted(two, dev, sign_in):
    amina, ami, homes = two
    page = reverse("residents:merge_with", args=[amina.reference, ami.reference])

    asked = sign_in(dev).get(page).content.decode()
    assert "Which household do they live in now?" in asked
    assert f"With Sami Okafor ({homes[0].reference})" in asked and f"With Vera Lund ({homes[1].reference})" in asked
    said = sign_in(dev).post(page, typed(amina, ami)).content.decode()
    assert "Select which household they live in now, or both" in said
    said = sign_in(dev).post(page, typed(amina, ami, keep_household="other")).content.decode()
    assert "Make them one record" in said and 'name="keep_household" value="other"' in said
    assert homes[1].reference in said and homes[0].reference not in said
    done = sign_in(dev).post(page, typed(amina, ami, keep_household="other", step="merge"))

    assert done.status_code == 302
    assert lives_in(amina) == {homes[1].pk, homes[2].pk}


def test_nothing_is_asked_where_the_records_agree_or_the_reader_may_not_know(two, dev, sign_in):
    amina, ami, homes = two
    page = reverse("residents:merge_with", args=[amina.reference, ami.reference])
    vera = Resident.objects.get(name="Vera Lund")
    mona = make.user("Mona Reid", Role.MANAGER)
    with acting_as(dev):
        actions.restrict_resident(vera, named=[dev], reason="Safety", by=dev, at=NOON)
    for person, sees in ((mona, False), (dev, True)):
        said = sign_in(person).get(page).content.decode()
        assert ("Which household" in said) is ("Vera Lund" in said) is sees
    actions.leave_household(homes[1].memberships.get(resident=ami), on=date(2026, 3, 1), by=None)
    actions.leave_household(homes[0].memberships.get(resident=amina), on=date(2026, 3, 1), by=None)
    assert "Which household" not in sign_in(dev).get(page).content.decode()
