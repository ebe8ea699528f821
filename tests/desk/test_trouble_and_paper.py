"""What is shown when something goes wrong, also while the database is away; and what stands on paper."""

import pytest
from django.db import OperationalError, connection
from django.template.loader import render_to_string
from django.test import Client

from accounts.views import pages
from tests import make

BARE = ("400.html", "403_csrf.html", "429.html", "500.html", "503.html")


@pytest.mark.parametrize("name", BARE)
def test_each_says_what_was_kept_and_where_to_go_without_request_or_database(name):
    page = render_to_string(name)
    assert "<h1" in page and "What was kept" in page and "What to do next" in page
    assert name.partition(".")[0][:3] not in page.partition("<main")[2]  # no numbers shouted


def test_a_page_that_is_not_there_offers_the_pages_of_the_role(sign_in, finn):
    answer = sign_in(finn).get("/cases-of-nobody")
    page = answer.content.decode()
    assert answer.status_code == 404
    assert page.partition("<main")[2].count('href="/triage"') == 1


def test_a_page_of_another_role_says_who_can_change_that(sign_in, finn):
    answer = sign_in(finn).get("/people")
    assert answer.status_code == 403 and "your administrator" in answer.content.decode()


def test_while_the_database_is_away_a_page_says_so_and_when_to_try_again(db, monkeypatch):
    def refuse(*args, **kwargs):
        raise OperationalError("connection refused")

    browser = Client(raise_request_exception=False)
    browser.cookies["sessionid"] = "anything"
    with monkeypatch.context() as away:
        away.setattr(connection, "cursor", refuse)
        answer = browser.get("/")

    assert answer.status_code == 503 and answer["Retry-After"] == "60"
    assert "duty procedure by phone" in answer.content.decode()


def test_what_breaks_otherwise_is_not_called_a_pause(rf):
    try:
        raise ValueError
    except ValueError:
        assert pages.server_error(rf.get("/")).status_code == 500


def test_paper_says_whose_record_it_is_and_who_printed_it(sign_in, ben, dev, system):
    case = make.case(lead=ben, restricted=True)
    page = sign_in(ben).get(f"/cases/{case.reference}").content.decode()
    line = page.partition('class="app-paper"')[2].partition("</div>")[0]
    assert case.reference in line and f"Printed by {ben.name}" in line and "Restricted" in line
    assert (
        "Restricted"
        not in sign_in(ben).get("/").content.decode().partition('class="app-paper"')[2].partition("</div>")[0]
    )
    assert 'class="app-paper"' not in Client().get("/privacy").content.decode()
