"""Two records are put side by side: a manager says by keys what they are, hears what is missing, and takes it back. With axe."""

import pytest
from django.utils import timezone

from accounts.models import Role
from ledger.acting import acting_as_system
from ledger.fields import PartialDate
from residents import actions
from residents.models import LikelyPair
from tests import make
from tests.browser.conftest import PASSWORD
from tests.chromium import faults

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _django_db_marker():
    """The mark asks for the test database; `committed` does what a transaction does elsewhere."""


def test_dev_says_that_two_records_are_of_two_people(site, desk):
    with acting_as_system("system:test"):
        dev = make.user("Dev Patel", Role.MANAGER, teams=[make.team("Family help")], password=PASSWORD)
        for name, number in (("Amina Okafor", "07700 900123"), ("Amina Okafer", "07700 900999")):
            one = actions.register_resident(name=name, born=PartialDate(1984, 5, 17), by=None, at=timezone.now())
            actions.add_phone(one, number=number, by=None)
        actions.find_pairs()
    person = desk(dev).sign_in()
    page = person.page
    page.wait_for_load_state()
    person.menu("Find a resident")
    person.link("Who may be recorded twice")
    assert faults(page) == []
    person.link("Amina Okaf")
    first = page.locator("tbody tr").first
    assert "Phone numbers" in first.inner_text() and "Different" in first.inner_text(), "what differs stands first"
    assert faults(page) == []

    person.choose("decision", "apart")
    person.press("Save what you decided")
    person.sees("Say how you know that they are not the same person")
    assert page.get_by_role("alert").count() == 1 and faults(page) == []
    person.type("note", "Spoke to both")
    person.press("Save what you decided")
    person.sees("They are not suggested again.")
    person.sees("Nobody waits to be looked at")
    with acting_as_system("system:test"):
        actions.find_pairs(whole=True)
        assert LikelyPair.objects.get().status == LikelyPair.Status.APART

    person.link("Not the same")
    person.link("Amina Okaf")
    person.sees("Spoke to both")
    page.set_viewport_size({"width": 320, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320 and faults(page) == []
    person.press("Take this decision back")
    person.sees("The pair waits to be looked at again.")
