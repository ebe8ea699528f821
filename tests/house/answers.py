"""Asks every page as every role by every method for every target, in one transaction that is rolled back; keeps what came back."""

import csv
import gc
import os
import re
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.core.signals import got_request_exception
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import RequestFactory
from django.test.client import ClientHandler
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.models import User
from ledger.acting import acting_as_system
from ledger.sessions import SessionStore
from residents.models import Resident
from tests.house.targets import all_targets
from tests.house.world import World

ROOT = Path(__file__).resolve().parents[2]
TABLE = ROOT / "access_matrix.csv"
COLUMNS = ("anonymous", "front_door", "caseworker", "manager", "partner", "information_governance", "administrator")
METHODS = ("GET", "POST")
REST = ("HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}
# What a question may write: that it was asked, and when somebody was last here.
MAY_WRITE = re.compile(r"^(ledger_auditevent.*|django_session|ledger_cache)$")
# What differs between two answers to the same question: keys of forms, moments, the reference that was asked for.
_TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
_INLINE = re.compile(r"""<style|\sstyle="[^"]*"|\son[a-z]+="[^"]*"|javascript:""")
_ONCE = re.compile(r'name="(csrfmiddlewaretoken|once)" value="[^"]*"')
_PRINTED_AT = re.compile(r"Printed by [^<]{1,200} at \d\d:\d\d")


class Asked(NamedTuple):
    """One cell of the table."""

    page: str
    method: str
    target: str
    who: str


@dataclass
class Answers:
    """Everything that came back."""

    pages: dict[str, URLPattern]
    said: dict[Asked, str] = field(default_factory=dict)  # as the table writes it
    rest: dict[Asked, str] = field(default_factory=dict)  # by the methods that no page has
    bodies: dict[Asked, bytes] = field(default_factory=dict)  # of answers 404
    targets: dict[str, tuple[str, ...]] = field(default_factory=dict)
    wrote: dict[Asked, list[str]] = field(default_factory=dict)  # tables that a question wrote to, and may not
    headers: dict[Asked, list[str]] = field(default_factory=dict)  # those that are missing or wrong
    without_token: dict[str, str] = field(default_factory=dict)
    unlocked: dict[Asked, str] = field(default_factory=dict)  # GETs with every visible_to replaced by "everything"
    titles: dict[Asked, str] = field(default_factory=dict)
    inline: dict[Asked, list[str]] = field(default_factory=dict)  # styles and handlers in the markup
    names: frozenset[str] = frozenset()  # of everybody in the World whom we help
    broke: dict[Asked, str] = field(default_factory=dict)
    asked: int = 0
    spent: dict[str, float] = field(default_factory=dict)  # seconds of this process by answer


def our_pages() -> dict[str, URLPattern]:
    """Every address of our rooms by its name. Sign-in pages belong to the sign-in library and have tests of their own."""
    found: dict[str, URLPattern] = {}

    def walk(resolver: URLResolver, namespace: str) -> None:
        for entry in resolver.url_patterns:
            if isinstance(entry, URLResolver):
                if entry.app_name or str(entry.pattern) != "accounts/":
                    walk(entry, f"{namespace}{entry.namespace}:" if entry.namespace else namespace)
            elif entry.name or not str(entry.pattern).startswith("accounts/"):  # those shut pages of the library
                found[f"{namespace}{entry.name or entry.pattern}"] = entry

    walk(get_resolver(), "")
    return {page: entry for page, entry in found.items() if _wanted(page)}


def _wanted(page: str) -> bool:
    """All pages, or those of the rooms that HOUSE_ROOMS names: `HOUSE_ROOMS=cases,referrals` while a room is being built."""
    rooms = os.environ.get("HOUSE_ROOMS", "")
    return not rooms or page.partition(":")[0] in rooms.split(",")


def read_table(text: str | None = None) -> dict[Asked, str]:
    """The reviewed table, cell by cell. Raises ValueError where a row stands twice or has a cell too few."""
    cells: dict[Asked, str] = {}
    rows = csv.DictReader((text or TABLE.read_text(encoding="utf-8")).splitlines())
    if rows.fieldnames != ["page", "method", "target", *COLUMNS]:
        raise ValueError(f"The table has other columns: {rows.fieldnames}")
    for row in rows:
        for who in COLUMNS if _wanted(row["page"]) else ():
            asked = Asked(row["page"], row["method"], row["target"], who)
            if asked in cells or not row[who]:
                raise ValueError(f"{asked} stands twice, or has no cell")
            cells[asked] = row[who]
    return cells


def in_words(method: str, response: HttpResponse) -> str:
    """An answer as the table writes it: a page that came is 200, a form that was taken or shown again is ok."""
    if response.status_code == 302 and response["Location"].startswith("/accounts/login/"):
        return "sign-in"
    if response.status_code in {200, 302} and (method == "POST" or response.status_code == 302):
        return "ok"
    return str(response.status_code)


class Browser:
    """Asks as someone, without the test client's copies of every template context: a third of the time."""

    def __init__(self, user: User | None, *, checks_tokens: bool = False) -> None:
        self.handler = ClientHandler(enforce_csrf_checks=checks_tokens)
        self.factory = RequestFactory()
        self.cookie = f"sessionid={_sign_in(user).session_key}" if user else ""

    def ask(self, method: str, path: str, sent: dict[str, str] | None = None) -> HttpResponse:
        """The answer; what it did is undone."""
        extra: dict[str, Any] = {"HTTP_COOKIE": self.cookie}
        if method not in {"GET", "HEAD", "TRACE"}:
            extra["CONTENT_TYPE"] = "application/x-www-form-urlencoded"
        request = self.factory.generic(method, path, urlencode(sent or {}), **extra)
        return self.handler(request.environ)


def _sign_in(user: User) -> SessionBase:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session["seen"] = (
        int(time.time()) + 3600
    )  # or, after a minute, every visit would note the time anew: each is undone
    session.save()
    return session


def ask_everything(unlock: Any) -> Answers:
    """Ask all of it. `unlock()` gives a block in which every `visible_to` gives everything."""
    answers = Answers(our_pages())
    gc.disable()  # thousands of requests leave rings behind: counting them again and again is a tenth of the time
    outer = transaction.atomic()
    outer.__enter__()
    try:
        with acting_as_system("system:test"):
            world = World()
            # A room may make records of its own; a target that cannot be made is a row that fails.
            targets = {page: make(world) for page, make in all_targets().items() if page in answers.pages}
            answers.names = frozenset(Resident.objects.values_list("name", flat=True))
        browsers = {who: Browser(user) for who, user in world.columns.items()}
        for browser in browsers.values():
            browser.ask("GET", "/healthz")  # the first visit notes the time in the session
        asker = _Asker(answers, browsers)
        for page, pattern in answers.pages.items():
            tried = targets.get(page) or ({"-": {}} if not pattern.pattern.regex.groups else {})
            answers.targets[page] = tuple(tried)
            asker.ask_page(page, tried, unlock)
            asker.ask_without_token(page, tried, world)
    finally:
        transaction.set_rollback(True)
        outer.__exit__(None, None, None)
        gc.enable()
    return answers


class _Asker:
    def __init__(self, answers: Answers, browsers: dict[str, Browser]) -> None:
        self.answers, self.browsers = answers, browsers
        self.counted: dict[str, int] | None = None  # rows written so far, as long as nothing was asked that may write

    def ask_page(self, page: str, tried: dict[str, dict[str, object]], unlock: Any) -> None:
        for target, kwargs in tried.items():
            path = reverse(page, kwargs=kwargs)
            # Other methods are refused before anybody looks at the record: one who may ask is enough, and one who has not signed in.
            access = getattr(self.answers.pages[page].callback, "access", {})
            rest = {"anonymous", next((who for who in COLUMNS if who in access.get("roles", ())), "anonymous")}
            for method in METHODS:  # the GETs in a row: what was counted after one is what there was before the next
                for who in COLUMNS:
                    asked = Asked(page, method, target, who)
                    response = self._ask(asked, path)
                    self.answers.said[asked] = in_words(method, response)
                    if response.status_code == 404:
                        self.answers.bodies[asked] = normalised(response, path)
            for who in COLUMNS:
                if target in {"own", "-"} and who in rest:
                    for method in REST:
                        asked = Asked(page, method, target, who)
                        self.answers.rest[asked] = in_words(method, self._ask(asked, path))
                if target in {"other", "restricted"} and self.answers.said[Asked(page, "GET", target, who)] == "404":
                    with unlock():
                        asked = Asked(page, "GET", target, who)
                        self.answers.unlocked[asked] = in_words("GET", self._ask(asked, path))

    def ask_without_token(self, page: str, tried: dict[str, dict[str, object]], world: World) -> None:
        """POST without the token, by somebody who may ask for the page."""
        for kwargs in list(tried.values())[:1]:
            roles = getattr(self.answers.pages[page].callback, "access", {}).get("roles") or {None}
            person = next(u for u in world.columns.values() if (u.role if u else None) in roles)
            with _undone():
                browser = Browser(person, checks_tokens=True)
                response = browser.ask("POST", reverse(page, kwargs=kwargs))
                self.answers.without_token[page] = str(response.status_code)
            self.answers.asked += 1

    def _ask(self, asked: Asked, path: str) -> HttpResponse:
        def note(sender: Any, request: Any, **kwargs: Any) -> None:
            kind, what, _ = sys.exc_info()
            self.answers.broke[asked] = f"{kind.__name__ if kind else ''}: {what}"

        got_request_exception.connect(note)
        try:
            with _undone():
                before = (self.counted or _writes()) if asked.method == "GET" else {}
                self.counted = None
                began = time.process_time()
                response = self.browsers[asked.who].ask(asked.method, path)
                kind = f"{asked.method} {response.status_code}"
                self.answers.spent[kind] = self.answers.spent.get(kind, 0) + time.process_time() - began
                if asked.method == "GET":
                    after = self.counted = _writes()
                    wrote = [t for t, n in after.items() if n != before.get(t, 0) and not MAY_WRITE.match(t)]
                    if wrote:
                        self.answers.wrote[asked] = wrote
                    self._look(asked, response)
        finally:
            got_request_exception.disconnect(note)
        self.answers.asked += 1
        wrong = [name for name, value in HEADERS.items() if response.get(name) != value]
        wrong += [name for name in ("Content-Security-Policy", "X-Request-Id") if not response.get(name)]
        if wrong:
            self.answers.headers[asked] = wrong
        return response

    def _look(self, asked: Asked, response: HttpResponse) -> None:
        """Keep the title of a page that came, and what its policy would not let run."""
        if response.status_code != 200 or "text/html" not in response.get("Content-Type", ""):
            return
        body = response.content.decode()
        self.answers.titles[asked] = " ".join(_TITLE.findall(body))
        if found := _INLINE.findall(body):
            self.answers.inline[asked] = found


class _undone:
    """A savepoint that is always rolled back."""

    def __enter__(self) -> None:
        self.mark = transaction.savepoint()

    def __exit__(self, *failure: object) -> None:
        transaction.savepoint_rollback(self.mark)
        transaction.savepoint_commit(self.mark)  # or they pile up, and each row read is held against all of them
        connection.needs_rollback = False


def _writes() -> dict[str, int]:
    """Rows that this transaction has written so far, by table."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables "
            "WHERE n_tup_ins + n_tup_upd + n_tup_del > 0"
        )
        return dict(cursor.fetchall())


def normalised(response: HttpResponse, path: str) -> bytes:
    """The body without what differs for every request, and without the address that was asked for."""
    body = _PRINTED_AT.sub("", _ONCE.sub("", response.content.decode()))
    return body.replace(path, "…").encode()


def differences(table: dict[Asked, str], said: dict[Asked, str]) -> Iterator[str]:
    """Where the table and what the pages say differ, in words."""
    for asked in sorted(table.keys() | said.keys()):
        wanted, found = table.get(asked), said.get(asked)
        if wanted != found:
            yield f"{' '.join(asked)}: the table says {wanted or 'nothing'}, the page {found or 'was not asked'}"
