"""Every page of every role, and every form that was sent empty, in a real browser: axe finds nothing, nothing scrolls sideways.

The pages are asked for in the transaction of the test and handed to Chromium as they came, with the policy that came with them. It fetches them
from a small server: requests that a test answers itself would keep Chromium from remembering the style sheets.
"""

import re
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
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
                    transaction.savepoint_commit(mark)
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


class Site(ThreadingHTTPServer):
    """Answers /page with what was handed to it last, and static files as the site does; everything else is empty."""

    answer: Seen

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.address = f"http://127.0.0.1:{self.server_port}"
        Thread(target=self.serve_forever, daemon=True).start()


class Answering(BaseHTTPRequestHandler):
    """One request."""

    protocol_version = "HTTP/1.1"
    server: Site

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if path == "/page":
            policy = {"Content-Security-Policy": self.server.answer.policy, "Cache-Control": "no-store"}
            self.give(200, self.server.answer.body.encode(), "text/html; charset=utf-8", policy)
        elif found := path.startswith("/static/") and finders.find(path.removeprefix("/static/")):
            kind = TYPES.get(path.rpartition(".")[2], "application/octet-stream")
            self.give(200, Path(found).read_bytes(), kind, {"Cache-Control": "max-age=3600, immutable"})
        else:
            self.give(404 if path.startswith("/static/") else 204, b"", "text/plain", {})

    def do_POST(self) -> None:
        """What a script sends by itself, a draft for one, is taken and forgotten."""
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.give(204, b"", "text/plain", {})

    def give(self, status: int, body: bytes, kind: str, more: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **more}.items():
            if status != 204 or name != "Content-Length":
                self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def screen(chromium, db):
    """A page of the browser, and the site to which answers are handed for it."""
    site = Site()
    context = chromium.new_context(base_url=site.address, viewport={"width": 1280, "height": 900}, locale="en-GB")
    yield context.new_page(), site
    context.close()
    site.shutdown()
    site.server_close()


@pytest.mark.django_db
def test_every_page_of_every_role_can_be_used_by_everyone(screen):
    wrong: list[str] = []
    count = 0
    page, site = screen
    found = troubles(page)
    for seen in every_page():
        count += 1
        site.answer = seen
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto("/page")
        wrong += [f"{seen.what}: {rule} {nodes[:2]}" for rule, nodes in faults(page)]
        page.set_viewport_size({"width": 320, "height": 700})
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            wrong.append(f"{seen.what}: scrolls sideways at 320 pixels")
        wrong += [f"{seen.what}: {line}" for line in found]
        found.clear()
    assert not wrong, f"{len(wrong)} of {count} pages:\n" + "\n".join(wrong)
    assert count > 80
