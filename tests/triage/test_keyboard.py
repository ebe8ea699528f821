"""A light-touch contact by keyboard alone, in a real browser: two page loads, at most 25 keystrokes beyond the text."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page

from accounts.models import Role
from intake.models import Contact
from intake.reference_data import seed_needs
from ledger.acting import acting_as_system
from tests import chromium, make

pytestmark = pytest.mark.usefixtures("committed")
MOST_KEYS, MOST_LOADS = 25, 2


class Hands:
    """Types and counts: keys beyond the text, and pages loaded."""

    def __init__(self, page: Page) -> None:
        self.page, self.keys, self.loads = page, 0, 0
        page.on("load", lambda _: self._loaded())

    def _loaded(self) -> None:
        self.loads += 1

    def press(self, key: str, times: int = 1) -> None:
        for _ in range(times):
            self.page.keyboard.press(key)
            self.keys += 1

    def tab_to(self, css: str) -> None:
        """Tab until the focus is there."""
        while not self.page.evaluate("css => document.activeElement.matches(css)", css):
            assert self.keys <= MOST_KEYS, f"too many keys before {css}"
            self.press("Tab")


@pytest.fixture
def finn():
    """Finn, whose work is committed."""
    with acting_as_system("system:test"):
        seed_needs()
        return make.user("Finn Archer", Role.FRONT_DOOR, teams=[make.team("Front door")])


@pytest.fixture
def hands(live_server, finn):
    """A browser in which Finn is signed in."""
    client = Client()
    client.force_login(finn)
    context = chromium.browser().new_context(base_url=live_server.url, locale="en-GB")
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])
    page = context.new_page()
    page.troubles = chromium.troubles(page)
    yield Hands(page)
    assert not page.troubles, page.troubles
    context.close()


def log_a_question(hands: Hands) -> None:
    """From the words to the confirmation."""
    hands.page.keyboard.type("Where can I get help with a library card?")
    hands.tab_to("[name=needs][value=information]")
    hands.press("Space")
    hands.tab_to("[name=all_five]")
    hands.press("Space")
    hands.tab_to("[name=basis]")
    hands.press("Space")
    hands.tab_to("[name=outcome]")
    hands.press("Space")
    with hands.page.expect_navigation():
        hands.press("Enter")


def test_a_light_touch_contact_by_keyboard_alone(hands):
    hands.page.goto(reverse("triage:log"))
    hands.tab_to("[name=not_known]")
    hands.press("Space")
    hands.tab_to("[name=words]")
    log_a_question(hands)

    assert hands.page.locator("h1").inner_text().strip() == "Contact recorded"
    assert hands.keys <= MOST_KEYS and hands.loads <= MOST_LOADS, (hands.keys, hands.loads)
    with acting_as_system("system:test"):
        assert Contact.objects.get().status == "decided"


def test_somebody_whom_we_know_takes_no_more_keys(hands):
    with acting_as_system("system:test"):
        person = make.resident("Amina Okafor")
    hands.page.goto(f"{reverse('triage:log')}?resident={person.reference}")
    hands.tab_to("[name=words]")
    log_a_question(hands)

    assert hands.page.locator("h1").inner_text().strip() == "Contact recorded"
    assert hands.keys <= MOST_KEYS and hands.loads <= MOST_LOADS, (hands.keys, hands.loads)


def test_the_pages_of_intake_have_no_faults_that_axe_knows(hands):
    page = hands.page
    page.goto(reverse("triage:log"))
    assert chromium.faults(page) == []
    page.locator("button:has-text('Save the contact'):visible").last.click()
    page.wait_for_selector(".govuk-error-summary")
    assert chromium.faults(page) == []


def test_a_need_opens_the_questions_that_belong_to_it(hands):
    page = hands.page
    page.goto(reverse("triage:log"))
    assert not page.locator("#id_arrears_pence").is_visible()
    page.check("[name=needs][value=debt]")
    assert page.locator("#id_arrears_pence").is_visible()
