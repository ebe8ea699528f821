"""Nothing that people write reaches a log, the trail, the outbox or an address: a canary is typed into every field of every form."""

import logging
import re
from html.parser import HTMLParser

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from ledger import trail
from ledger.acting import acting_as_system
from ledger.logs import JsonFormatter
from ledger.models import OutboxJob
from tests.house.answers import our_pages
from tests.house.second_lock import as_owner, undone
from tests.house.targets import all_targets
from tests.house.world import World

CANARY = "Quetzalcoatl"
LOGGERS = ("", "django", "django.request", "community_solutions", "community_solutions.outbox", "celery")
# Where what was typed is kept on purpose, in the address: filters of lists, which hold no names.
pytestmark = pytest.mark.django_db


class Form(HTMLParser):
    """The fields of the forms of a page, each filled with the canary where something can be typed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take a field in."""
        given = dict(attrs)
        name, kind = given.get("name"), given.get("type", "text")
        if not name or tag not in {"input", "textarea", "select"}:
            return
        if tag == "input" and kind in {"hidden", "radio", "checkbox"}:
            self.fields.setdefault(name, given.get("value") or "on")
        elif tag == "select":
            self.fields.setdefault(name, "")
        else:
            self.fields[name] = CANARY


@pytest.fixture
def said():
    """What the loggers write, as they write it in life: one line of JSON an entry."""
    lines: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(JsonFormatter().format(record))

    handler = Keep(logging.DEBUG)
    for name in LOGGERS:
        logging.getLogger(name).addHandler(handler)
    yield lines
    for name in LOGGERS:
        logging.getLogger(name).removeHandler(handler)


@pytest.fixture
def world(db):
    """The World, and the reference data that verbs ask for."""
    with as_owner():
        call_command("seed", verbosity=0)
    with acting_as_system("system:test"):
        return World()


def everything_kept() -> str:
    """The trail, the outbox, and the places that forms led to, as one text; asked by the owner."""
    with as_owner(), connection.cursor() as cursor:
        found = []
        for table in ("ledger_auditevent", "ledger_outboxjob", "ledger_sentform"):
            cursor.execute(f"SELECT coalesce(string_agg(row_to_json(t)::text, ' '), '') FROM {table} t")
            found.append(cursor.fetchone()[0])
    return " ".join(found)


def send_everywhere(world: World) -> list[tuple[str, str, int, str]]:
    """Fill in and send every form of every page: (page, who, status, where it led)."""
    targets, sent = all_targets(), []
    clients = {}
    for name, user in world.columns.items():
        clients[name] = Client(raise_request_exception=False)
        if user:
            clients[name].force_login(user)
    for page, entry in our_pages().items():
        access = entry.callback.access
        if "POST" not in access["methods"]:
            continue
        with acting_as_system("system:test"):
            kwargs = targets[page](world).get("own", {}) if page in targets else {}
        who = next((n for n, u in world.columns.items() if (str(u.role) if u else "") in access["roles"]), "anonymous")
        path = reverse(page, kwargs=kwargs)
        with undone():
            shown = clients[who].get(path)
        typed = Form(shown.content.decode()).fields if shown.status_code == 200 else {}
        typed |= dict.fromkeys(("reason", "text", "words", "find", "q", "note", "summary"), CANARY)
        with undone():
            answer = clients[who].post(path, typed)
            sent.append((page, who, answer.status_code, answer.get("Location", "")))
            kept = everything_kept()
        assert CANARY not in kept, f"{page} writes what was typed into the trail, the outbox or an address"
    return sent


def test_what_is_typed_reaches_no_log_no_trail_and_no_address(world, said):
    sent = send_everywhere(world)

    assert len(sent) > 40
    assert [found for found in sent if found[2] >= 500] == []
    assert [found for found in sent if CANARY in found[3]] == []
    assert [line for line in said if CANARY in line] == []


def test_an_error_says_of_what_kind_it_was_and_where_and_nothing_else(world, said, monkeypatch):
    """The error itself holds the text, as a database's error does; the log has its type and the line."""

    def fail(*args, **kwargs):
        raise RuntimeError(f"Key (words)=({CANARY}) already exists")

    monkeypatch.setattr(trail, "record", fail)
    monkeypatch.setattr(trail, "opened", fail)
    client = Client(raise_request_exception=False)
    client.force_login(world.finn)
    with undone():
        answer = client.get(reverse("residents:resident", kwargs={"reference": world.resident.reference}))

    assert answer.status_code == 500
    assert CANARY not in answer.content.decode()
    broken = [line for line in said if "RuntimeError" in line]
    assert broken, "the error was not logged at all"
    assert [line for line in said if CANARY in line] == []


def test_a_failed_job_says_its_type_and_no_words(world, said):
    from ledger import outbox

    def fail() -> None:
        raise ValueError(CANARY)

    with acting_as_system("system:test"):
        outbox.enqueue("test.fail", key="canary")
    with pytest.raises(ValueError):
        outbox._do_once("test.fail", "canary", fail)
    with acting_as_system("system:test"):
        assert OutboxJob.objects.get(key="canary").error == "ValueError"
    assert any("job failed" in line for line in said)
    assert [line for line in said if CANARY in line] == []


def test_arguments_of_jobs_are_ids_and_words_of_ours(world):
    """Every job that the World's verbs have written: numbers, references and codes."""
    with acting_as_system("system:test"):
        values = [value for job in OutboxJob.objects.all() for value in job.arguments.values()]

    assert [v for v in values if isinstance(v, str) and not re.fullmatch(r"[A-Za-z0-9_.:-]{0,60}", v)] == []


def test_the_canary_would_be_found(world):
    """The net has no hole: what is written into the trail on purpose is seen."""
    with acting_as_system("system:test"), undone():
        trail.record("open", kind=CANARY)
        assert CANARY in everything_kept()
