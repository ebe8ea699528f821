"""The tests of access see what they look for: a page is broken in each way, and the harness must say so."""

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import override_settings
from django.urls import reverse

from ledger.acting import acting_as_system
from tests import make
from tests.house.answers import (
    HEADERS,
    MAY_WRITE,
    Answers,
    Asked,
    Browser,
    _Asker,
    differences,
    normalised,
    our_pages,
    read_table,
)

pytestmark = pytest.mark.django_db
FORM = "accounts:add_user"


@pytest.fixture
def pages(monkeypatch):
    """Our pages, whose views may be replaced for one test."""
    found = our_pages()

    def replace(page, view):
        monkeypatch.setattr(found[page], "callback", view)

    return found, replace


def ask(user, page, pages, method="GET") -> Answers:
    """Ask one page as one person, and keep what the harness keeps."""
    answers = Answers(pages)
    asker = _Asker(answers, {"partner": Browser(user), "front_door": Browser(user), "administrator": Browser(user)})
    with transaction.atomic():
        asked = Asked(page, method, "-", str(user.role))
        answers.said[asked] = str(asker._ask(asked, reverse(page)).status_code)
        transaction.set_rollback(True)
    return answers


def test_a_page_without_its_roles_is_seen(pages, ela):
    found, replace = pages
    replace("accounts:people", found["accounts:people"].callback.__wrapped__)

    said = ask(ela, "accounts:people", found).said

    assert list(differences({Asked("accounts:people", "GET", "-", "partner"): "403"}, said))


def test_a_page_with_its_roles_is_let_be(pages, ela):
    said = ask(ela, "accounts:people", pages[0]).said

    assert not list(differences({Asked("accounts:people", "GET", "-", "partner"): "403"}, said))


def test_a_question_that_writes_is_seen(pages, finn):
    found, replace = pages

    def view(request):
        make.organisation("Written by a question")
        return HttpResponse("ok")

    replace("desk:home", view)

    assert list(ask(finn, "desk:home", found).wrote.values()) == [["accounts_organisation"]]


def test_a_page_that_breaks_is_seen(pages, finn):
    found, replace = pages

    def view(request):
        raise KeyError("lost")

    replace("desk:home", view)
    answers = ask(finn, "desk:home", found)

    assert [what for what in answers.broke.values() if "KeyError" in what]


def test_a_form_that_checks_no_token_is_seen(pages, ada, monkeypatch):
    view = pages[0][FORM].callback
    assert Browser(ada, checks_tokens=True).ask("POST", reverse(FORM)).status_code == 403
    monkeypatch.setattr(view, "csrf_exempt", True, raising=False)

    assert Browser(ada, checks_tokens=True).ask("POST", reverse(FORM)).status_code != 403


@pytest.mark.parametrize(
    "middleware",
    [
        "ledger.requests.guard_headers",
        "ledger.requests.name_request",
        "csp.middleware.CSPMiddleware",
        "django.middleware.security.SecurityMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
)
def test_a_missing_header_is_seen(pages, ada, settings, middleware):
    with override_settings(MIDDLEWARE=[name for name in settings.MIDDLEWARE if name != middleware]):
        assert ask(ada, "accounts:people", pages[0]).headers

    assert not ask(ada, "accounts:people", pages[0]).headers


def test_an_answer_that_tells_restricted_from_missing_is_seen():
    one, other = HttpResponse("There is no such record."), HttpResponse("There is no such record!")

    assert normalised(one, "/x") != normalised(other, "/x")


def test_a_key_of_a_form_makes_no_difference():
    pair = [HttpResponse(f'<input type="hidden" name="once" value="{n}"> /cases/{n}') for n in "12"]

    assert normalised(pair[0], "/cases/1") == normalised(pair[1], "/cases/2")


def test_a_table_with_a_row_twice_is_refused():
    head = "page,method,target,anonymous,front_door,caseworker,manager,partner,information_governance,administrator\n"
    row = "desk:help,GET,-,200,200,200,200,200,200,200\n"

    assert len(read_table(head + row)) == 7
    with pytest.raises(ValueError, match="twice"):
        read_table(head + row + row)
    with pytest.raises(ValueError, match="columns"):
        read_table("page,method\n")


def test_only_the_trail_and_the_session_may_be_written_by_a_question():
    assert MAY_WRITE.match("ledger_auditevent_2026_11")
    assert not MAY_WRITE.match("ledger_outboxjob")
    assert not MAY_WRITE.match("residents_resident")


def test_the_headers_are_those_that_keep_people_out_of_caches_and_frames():
    assert {"Cache-Control", "X-Frame-Options", "Referrer-Policy", "X-Content-Type-Options"} <= set(HEADERS)


def test_the_world_can_be_built_twice_in_one_transaction_only_after_it_was_undone(db):
    """Rooms' targets make records beside it; names that must be unique are the World's alone."""
    from tests.house.world import World

    for _ in range(2):
        with transaction.atomic():
            with acting_as_system("system:test"):
                assert World().case.lead.name == "Ben Osei"
            transaction.set_rollback(True)
