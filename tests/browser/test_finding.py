"""Looking for somebody at a desk: suggestions while typing, Enter, and somebody restricted; one server and one sign-in for all."""

import pytest
from playwright.sync_api import expect

from accounts.models import Role
from ledger.acting import acting_as_system
from ledger.fields import PartialDate
from residents import actions
from residents.models import Resident
from residents.search import write_keys
from tests import make
from tests.browser.conftest import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _django_db_marker():
    """The mark asks for the test database; `committed` does what a transaction does elsewhere."""


def test_somebody_is_found_while_their_name_is_typed(site, desk):
    with acting_as_system("system:test"):
        finn = make.user("Finn Archer", Role.FRONT_DOOR, teams=[make.team("Front door")], password=PASSWORD)
        will = actions.register_resident(
            name="William Featherstone", born=PartialDate(1958, 5, 17), by=None, at=make.NOON
        )
        hidden = actions.register_resident(name="Rosalind Tramway", by=None, at=make.NOON)
        Resident.objects.filter(pk=hidden.pk).update(restricted=True)
        write_keys(hidden)
    finn = desk(finn)
    page = finn.sign_in().page
    page.goto("/find")
    sent = []
    page.on("request", lambda request: sent.append(request) if "suggestions" in request.url else None)
    page.locator("#id_words").press_sequentially("bill feath", delay=40)
    suggested = page.locator("#suggestions").get_by_role("link", name="William Featherstone")
    expect(suggested).to_be_visible()
    expect(page.locator("#suggestions")).to_contain_text("Name in another form")
    assert 1 <= len(sent) <= 4 and all(one.method == "POST" and one.url.endswith("/find/suggestions") for one in sent)
    page.locator("#id_words").press("Enter")
    expect(page.get_by_role("heading", name="1 person fits")).to_be_visible()
    finn.sees("William Featherstone")
    page.fill("#id_words", "rosalind tramway")
    expect(page.locator("#suggestions")).to_contain_text("Contact the duty manager")
    page.locator("#id_words").press("Enter")
    expect(page.get_by_role("heading", name="Nobody was found")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("Contact the duty manager")
    expect(page.get_by_role("main")).not_to_contain_text(hidden.reference)
    assert will.reference not in page.url and finn.troubles == []
