"""Looking for somebody at a desk: suggestions while typing, Enter, and somebody restricted; one server and one sign-in for all."""

import pytest
from playwright.sync_api import expect

from accounts.models import Role
from ledger.acting import acting_as_system
from ledger.fields import PartialDate
from residents import actions
from residents.models import Resident, ShownBefore
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
    desk_of_finn = desk(finn)
    page = desk_of_finn.sign_in().page
    while_typing(page, will, hidden)
    on_the_contact_form(page, will)
    while_entering(page, will)
    plain = desk(finn, java_script_enabled=False)
    by_enter(plain.sign_in().page)


def while_typing(page, will, hidden):
    """Suggestions come as parts of the page, by POST, and no address holds a name; Enter gives the whole list."""
    page.goto("/find")
    sent = []
    page.on("request", lambda request: sent.append(request) if "suggestions" in request.url else None)
    page.locator("#id_words").press_sequentially("bill feath", delay=40)
    expect(page.locator("#suggestions").get_by_role("link", name="William Featherstone")).to_be_visible()
    expect(page.locator("#suggestions")).to_contain_text("Name in another form")
    expect(page.locator("#suggested")).to_have_text("1 suggested")
    assert 1 <= len(sent) <= 4 and all(one.method == "POST" and one.url.endswith("/find/suggestions") for one in sent)
    page.locator("#id_words").press("Enter")
    expect(page.get_by_role("heading", name="1 person fits")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("William Featherstone")
    page.fill("#id_words", "rosalind tramway")
    expect(page.locator("#suggestions")).to_contain_text("Contact the duty manager")
    page.locator("#id_words").press("Enter")
    expect(page.get_by_role("heading", name="Nobody was found")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("Contact the duty manager")
    expect(page.get_by_role("main")).not_to_contain_text(hidden.reference)
    assert will.reference not in page.url


def on_the_contact_form(page, will):
    """Whoever is suggested beside the form is chosen without losing a word that was typed."""
    page.goto("/contacts/new")
    page.fill("[name=words]", "The rent has gone up and I am behind.")
    page.locator("#id_find").press_sequentially("bill feath", delay=40)
    found = page.get_by_role("list", name="People found")
    expect(found).to_contain_text("Born 17 May 1958")
    expect(page.locator("[data-people-said]")).to_have_text("1 person fits")
    found.get_by_role("button", name="Choose William Featherstone").click()
    expect(page.get_by_role("link", name="Open their record")).to_be_visible()
    expect(page.locator("[name=words]")).to_have_value("The rent has gone up and I am behind.")
    assert page.locator("[name=resident]").input_value() == will.reference
    page.get_by_role("button", name="Somebody else").click()
    page.locator("#id_find").fill("rosalind tramway")
    expect(page.locator("[data-people]")).to_contain_text("Contact the duty manager")
    expect(page.locator("[name=words]")).to_have_value("The rent has gone up and I am behind.")


def while_entering(page, will):
    """The duplicate guard: who may be the person comes up while they are typed; creating all the same is allowed and kept."""
    page.goto("/residents/new")
    page.fill("[name=name]", "Bill Featherstone")
    page.fill("[name=born_0]", "17")
    page.fill("[name=born_1]", "5")
    page.fill("[name=born_2]", "1958")
    page.fill("[name=number]", "07700 900456")
    likely = page.get_by_role("region", name="Is it one of these people?")
    expect(likely).to_contain_text(will.reference)
    expect(likely).to_contain_text("date of birth")
    page.get_by_role("button", name="Register this person").click()
    expect(likely).to_contain_text(will.reference)
    expect(page.locator("[name=number]")).to_have_value("07700 900456")
    page.get_by_role("button", name="None of these: register this person").click()
    expect(page.get_by_role("heading", name="Bill Featherstone")).to_be_visible()
    with acting_as_system("system:test"):
        assert ShownBefore.objects.get().shown == will


def by_enter(page):
    """The same without JavaScript."""
    page.goto("/find")
    page.fill("#id_words", "william featherstone 17/5/58")
    page.locator("#id_words").press("Enter")
    expect(page.get_by_role("heading", name="people fit")).to_be_visible()
    page.goto("/contacts/new")
    page.fill("[name=words]", "The roof leaks.")
    page.fill("#id_find", "bill featherstone")
    page.locator("#id_find").press("Enter")
    page.get_by_role("button", name="Choose William Featherstone").click()
    expect(page.get_by_role("link", name="Open their record")).to_be_visible()
    expect(page.locator("[name=words]")).to_have_value("The roof leaks.")
