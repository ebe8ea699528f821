"""A live server over committed rows, and desks: browsers of their own, each with one person in front of it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.management import call_command
from playwright.sync_api import BrowserContext, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from ledger.acting import acting_as_system
from tests.chromium import browser, troubles

PASSWORD = "a long enough word for tests 7"
MOST_TABS = 250
SKIPS = "one => document.activeElement.matches('.govuk-skip-link') && !!one.closest('main')"
expect.set_options(timeout=20_000)


class Desk:
    """One person's browser. What goes wrong in it (script errors, refusals of the security policy) is kept in `troubles`."""

    def __init__(self, context: BrowserContext, person: User | None) -> None:
        self.context, self.person = context, person
        self.page: Page = context.new_page()
        self.page.set_default_timeout(20_000)
        self.troubles = troubles(self.page)

    def sign_in(self, page: Page | None = None) -> "Desk":
        """By the form, as people do; in another tab if one is given."""
        (page or self.page).goto("/accounts/login/")
        return self.sign_in_here(page)

    def sign_in_here(self, page: Page | None = None) -> "Desk":
        """By the form that is there already."""
        page = page or self.page
        page.fill("[name=login]", self.person.email)
        page.fill("[name=password]", PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        return self

    def menu(self, text: str) -> None:
        """Follow an entry of the menu."""
        self.enter(self.page.get_by_role("navigation", name="Menu").get_by_role("link", name=text, exact=True))

    def link(self, text: str, nth: int = 0) -> None:
        """Follow a link that begins with these words."""
        self.enter(self.page.get_by_role("main").get_by_role("link", name=text).nth(nth))

    def press(self, text: str) -> None:
        """Press a button of the page."""
        self.enter(self.page.get_by_role("main").get_by_role("button", name=text).first)

    def choose(self, field: str, value: str) -> None:
        """Tick a radio button or a box."""
        self.tick(self.page.locator(f"[name='{field}'][value='{value}']"))

    def reach(self, wanted: Locator, there: str = "one => one === document.activeElement") -> None:
        """Press Tab until the focus is there, as people do who have no mouse; past the menu by the link that skips it."""
        here = wanted.first.element_handle()
        for _ in range(MOST_TABS):
            if here.evaluate(there):
                return
            self.page.keyboard.press("Enter" if here.evaluate(SKIPS) else "Tab")
        raise AssertionError(f"{wanted} is not reached by {MOST_TABS} times Tab")

    def enter(self, wanted: Locator) -> None:
        """Reach a link or a button and press Enter; wait for the page that it leads to."""
        self.reach(wanted)
        if wanted.first.evaluate("one => one.matches('a[href], form button:not([type=button])')"):
            with self.page.expect_navigation():
                self.page.keyboard.press("Enter")
        else:
            self.page.keyboard.press("Enter")

    def type(self, field: str, words: str) -> None:
        """Reach a field and type into it, in place of what is there."""
        self.reach(self.page.locator(f"[name={field}]"))
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(words)

    def tick(self, box: Locator) -> None:
        """Reach a box and press the space bar; a radio button by the arrows from one of its group."""
        if box.get_attribute("type") == "radio":
            group = self.page.locator(f"[name='{box.get_attribute('name')}']")
            self.reach(group, "one => document.activeElement.name === one.name")
            for _ in range(group.count()):
                if box.is_checked():
                    return
                here = box.evaluate("one => one === document.activeElement")
                self.page.keyboard.press("Space" if here else "ArrowDown")
        elif not box.is_checked():
            self.reach(box)
            self.page.keyboard.press("Space")
        expect(box).to_be_checked()

    def pick(self, field: str, label: str) -> None:
        """Reach a list and type the words of one of its lines."""
        self.reach(self.page.locator(f"[name={field}]"))
        self.page.keyboard.type(label)
        expect(self.page.locator(f"[name={field}] option:checked")).to_contain_text(label)

    def sees(self, text: str) -> None:
        """Wait until the page says so."""
        expect(self.page.get_by_role("main")).to_contain_text(text)


@pytest.fixture
def site(committed, settings) -> Iterator[str]:
    """The address of a live server with reference data and nobody in it."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # quick: secrecy is tested elsewhere
    with acting_as_system("system:test"):
        call_command("seed", verbosity=0)
    server = LiveServer("localhost")
    yield server.url
    server.stop()


@pytest.fixture
def desk(site) -> Iterator[Callable[..., Desk]]:
    """Opens a browser of its own for somebody; in the end nothing may have gone wrong in any of them."""
    chromium, opened = browser(), []

    def sit_down(person: User | None, **options: Any) -> Desk:
        context = chromium.new_context(
            base_url=site, locale="en-GB", viewport={"width": 1280, "height": 900}, **options
        )
        opened.append(Desk(context, person))
        return opened[-1]

    yield sit_down
    for one in opened:
        one.context.close()
    assert not [line for one in opened for line in one.troubles]
