"""Every page of every role, and every form that was sent empty, in a real browser: axe finds nothing, nothing scrolls sideways.

The pages are asked for in the transaction of the test and handed to Chromium as they came, with the policy that came with them.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.db import transaction
from django.urls import reverse

from ledger.acting import acting_as_system
from tests.chromium import browser, faults, troubles
from tests.house.answers import COLUMNS, Browser, our_pages
from tests.house.targets import all_targets
from tests.house.world import World

SITE = "http://testserver"
PARTS = {
    "triage:suggest",
    "triage:people",
    "residents:suggest",
    "residents:alike",
}  # put into a page that is asked anyway
NOISE = re.compile(r'name="(csrfmiddlewaretoken|once)" value="[^"]*"|CS-[0-9A-Z]{4}-[0-9A-Z]{3}')
TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml", "png": "image/png"}


class Seen(NamedTuple):
    """One answer that is a page."""

    what: str
    body: str
    policy: str


def every_page() -> Iterator[Seen]:
    """What each role sees, a page each; forms also as they come back when nothing was filled in. Those alike come once.

    Who may not ask for a page, and what is no method of it, is not asked: that they get no page is for the access table.
    """
    with acting_as_system("system:test"):
        world = World()
        targets = {page: make(world) for page, make in all_targets().items()}
    shown: set[str] = set()
    for who in COLUMNS:
        asker = Browser(world.columns[who])
        for page, pattern in our_pages().items():
            access = pattern.callback.access
            if page in PARTS or not (access["public"] or who in access["roles"]):
                continue
            tried = targets.get(page) or ({"-": {}} if not pattern.pattern.regex.groups else {})
            for target in ("own", "-"):
                if target not in tried:
                    continue
                for method in ("GET", "POST"):
                    if method not in access["methods"]:
                        continue
                    mark = transaction.savepoint()
                    response = asker.ask(method, reverse(page, kwargs=tried[target]))
                    transaction.savepoint_rollback(mark)
                    if response.status_code != 200 or not response["Content-Type"].startswith("text/html"):
                        continue
                    body = response.content.decode()
                    main = NOISE.sub("", body[body.find("<main") :])
                    if f"{main}" in shown:
                        continue
                    shown.add(main)
                    yield Seen(f"{who} {method} {page}", body, response["Content-Security-Policy"])


@pytest.fixture(scope="module")
def chromium():
    return browser()


@pytest.fixture
def screen(chromium, db):
    """A page of the browser to which answers are handed as if they came from the site."""
    context = chromium.new_context(base_url=SITE, viewport={"width": 1280, "height": 900}, locale="en-GB")
    page = context.new_page()
    page.answer = None

    def answer(route, request):
        path = urlsplit(request.url).path
        if path.startswith("/static/"):
            found = finders.find(path.removeprefix("/static/"))
            kind = TYPES.get(path.rpartition(".")[2], "application/octet-stream")
            route.fulfill(path=found, content_type=kind) if found else route.fulfill(status=404)
        elif page.answer and request.resource_type == "document":
            route.fulfill(
                body=page.answer.body,
                content_type="text/html; charset=utf-8",
                headers={"Content-Security-Policy": page.answer.policy},
            )
        else:
            route.fulfill(status=204)

    page.route(f"{SITE}/**", answer)
    yield page
    context.close()


@pytest.mark.django_db
def test_every_page_of_every_role_can_be_used_by_everyone(screen):
    wrong: list[str] = []
    count = 0
    found = troubles(screen)
    for seen in every_page():
        count += 1
        screen.answer = seen
        screen.set_viewport_size({"width": 1280, "height": 900})
        screen.goto("/page")
        wrong += [f"{seen.what}: {rule} {nodes[:2]}" for rule, nodes in faults(screen)]
        screen.set_viewport_size({"width": 320, "height": 700})
        if screen.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            wrong.append(f"{seen.what}: scrolls sideways at 320 pixels")
        wrong += [f"{seen.what}: {line}" for line in found]
        found.clear()
    assert not wrong, f"{len(wrong)} of {count} pages:\n" + "\n".join(wrong)
    assert count > 80
