"""A manager makes one record of two, by keyboard, and two of one again."""

import pytest
from playwright.sync_api import expect

from accounts.models import Role
from ledger.acting import acting_as_system
from residents import actions
from residents.models import Resident
from tests import make
from tests.browser.conftest import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _django_db_marker():
    """The mark asks for the test database; `committed` does what a transaction does elsewhere."""


def test_two_records_become_one_and_two_again(desk, site):
    with acting_as_system("system:test"):
        dev = make.user("Dev Patel", Role.MANAGER, teams=[make.team("Family help")], password=PASSWORD)
        amina, ami = (
            actions.register_resident(name=name, by=None, at=make.NOON) for name in ("Amina Okafor", "Aminah Yusuf")
        )
        actions.add_phone(ami, number="07700 900123", by=None)
    one = desk(dev).sign_in()
    expect(one.page.get_by_role("navigation", name="Menu")).to_be_visible()
    one.page.goto(f"/residents/{amina.reference}")
    one.link("Same person as…")
    one.type("words", ami.reference)
    one.press("Continue")
    expect(one.page.get_by_role("heading", level=1)).to_have_text("Are these one person?")
    one.choose("keep_name", "other")
    one.type("why", "She showed her passport")
    one.press("Continue")
    expect(one.page.get_by_role("main")).to_contain_text("1 phone number")
    one.press("Make them one record")
    expect(one.page.get_by_role("main")).to_contain_text("Aminah Yusuf")
    one.page.goto(f"/residents/{ami.reference}")
    expect(one.page).to_have_url(f"{site}/residents/{amina.reference}")
    expect(one.page.get_by_role("main")).to_contain_text(f"{ami.reference} is the same person")
    one.link("Same person as…")
    one.link("Undo")
    one.type("why", "They are cousins")
    one.press("Undo the merge")
    expect(one.page.locator("body")).to_contain_text("two records again")
    with acting_as_system("system:test"):
        assert [person.name for person in Resident.objects.filter(merged_into=None).order_by("pk")] == [
            amina.name,
            ami.name,
        ]
        assert ami.phones.count() == 1
