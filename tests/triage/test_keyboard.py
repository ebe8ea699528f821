"""A light-touch contact by keyboard alone, in a real browser: two page loads, at most 25 keystrokes beyond the text."""

import os
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from accounts.models import Role
from intake.models import Contact
from intake.reference_data import seed_needs
from ledger.acting import acting_as_system
from tests import chromium, make

MOST_KEYS, MOST_LOADS = 25, 2
Result = TypeVar("Result")

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _django_db_marker():
    """The mark asks for the test database; `committed` does what a transaction does elsewhere."""


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
def finn(committed):
    """Finn, whose work is committed."""
    with acting_as_system("system:test"):
        seed_needs()
        return make.user("Finn Archer", Role.FRONT_DOOR, teams=[make.team("Front door")])


@pytest.fixture
def eyes(committed, finn):
    """Runs a walk in a browser in which Finn is signed in. In a thread: Playwright's loop must not meet our connections."""
    server = LiveServer("localhost")
    client = Client()
    client.force_login(finn)
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": client.cookies[settings.SESSION_COOKIE_NAME].value}

    def walk(steps: Callable[[Hands], Result]) -> Result:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=find_chromium(), args=[*chromium.FLAGS, "--no-sandbox"]
            )
            context = browser.new_context(base_url=server.url, locale="en-GB")
            context.add_cookies([{**cookie, "url": server.url}])
            page = context.new_page()
            troubles = chromium.troubles(page)
            said = steps(Hands(page))
            browser.close()
            assert not troubles, troubles
            return said

    with ThreadPoolExecutor(1) as pool:
        yield lambda steps: pool.submit(walk, steps).result(timeout=120)
    server.stop()


def find_chromium() -> str:
    """Where Chromium is. Skips without one; on a machine for checks that is a failure."""
    names = [os.environ.get("CHROMIUM"), "chromium", "chromium-browser", "google-chrome-stable", "google-chrome"]
    path = next((found for name in names if name and (found := shutil.which(name))), None)
    if path is None:
        pytest.fail(chromium.HELP) if os.environ.get("CI") else pytest.skip(chromium.HELP)
    return path


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


def test_a_light_touch_contact_by_keyboard_alone(eyes):
    def steps(hands: Hands) -> tuple[str, int, int]:
        hands.page.goto(reverse("triage:log"))
        hands.tab_to("[name=not_known]")
        hands.press("Space")
        hands.tab_to("[name=words]")
        log_a_question(hands)
        return hands.page.locator("h1").inner_text().strip(), hands.keys, hands.loads

    heading, keys, loads = eyes(steps)
    assert heading == "Contact recorded"
    assert keys <= MOST_KEYS and loads <= MOST_LOADS, (keys, loads)
    with acting_as_system("system:test"):
        assert Contact.objects.get().status == "decided"


def test_somebody_whom_we_know_takes_no_more_keys(eyes):
    with acting_as_system("system:test"):
        person = make.resident("Amina Okafor")

    def steps(hands: Hands) -> tuple[str, int, int]:
        hands.page.goto(f"{reverse('triage:log')}?resident={person.reference}")
        hands.tab_to("[name=words]")
        log_a_question(hands)
        return hands.page.locator("h1").inner_text().strip(), hands.keys, hands.loads

    heading, keys, loads = eyes(steps)
    assert heading == "Contact recorded"
    assert keys <= MOST_KEYS and loads <= MOST_LOADS, (keys, loads)
    with acting_as_system("system:test"):
        assert Contact.objects.get().resident == person


def test_the_page_has_no_faults_and_a_need_opens_its_questions(eyes):
    def steps(hands: Hands) -> list[object]:
        page = hands.page
        page.goto(reverse("triage:log"))
        found: list[object] = [chromium.faults(page), page.locator("#id_arrears_pence").is_visible()]
        page.check("[name=needs][value=debt]")
        found.append(page.locator("#id_arrears_pence").is_visible())
        page.locator("button:has-text('Save the contact'):visible").last.click()
        page.wait_for_selector(".govuk-error-summary")
        return [*found, chromium.faults(page)]

    assert eyes(steps) == [[], False, True, []]


def test_on_a_phone_the_page_is_short_and_what_is_rarely_said_is_one_press_away(eyes):
    def steps(hands: Hands) -> list[object]:
        page = hands.page
        page.set_viewport_size({"width": 375, "height": 812})
        page.goto(reverse("triage:log"))
        length = page.evaluate("document.documentElement.scrollHeight")
        found: list[object] = [length <= 2_250 or length, chromium.faults(page)]
        rare = page.locator(".app-five [value=declined]").first
        other = page.locator("[name=outcome][value=abandoned]")
        found += [rare.is_visible(), other.is_visible()]
        page.locator(".app-five > details > summary").click()
        page.get_by_text("Another answer").click()
        rare.check()
        other.check()
        page.locator(".app-five > details > summary").click()
        found += [rare.is_visible(), chromium.faults(page)]
        page.set_viewport_size({"width": 1280, "height": 800})
        page.reload()
        return [*found, rare.is_visible() and other.is_visible(), page.get_by_text("Another answer").is_visible()]

    assert eyes(steps) == [True, [], False, False, True, [], True, False]
