"""The pages of signing in look and speak like the house, and pass axe under the policy."""

from urllib.parse import urlsplit

import pytest
from django.urls import reverse

from tests import chromium
from tests.looks.test_browser import Desk, window

OPEN = ["account_login", "account_signup", "account_reset_password", "account_reset_password_done", "account_inactive"]
OWN = ["account_logout", "account_change_password", "mfa_index", "mfa_activate_totp"]
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def _eyes():
    """Chromium starts before the database is opened: its loop would hide the open transaction from Django."""
    chromium.browser()


def html_of(client, name: str, **posted: str) -> str:
    response = client.post(reverse(name), posted) if posted else client.get(reverse(name), follow=True)
    assert response.status_code == 200, (name, response.status_code)
    return response.content.decode()


def check(html: str, width: int = 375) -> None:
    for desk in window(width):
        assert isinstance(desk, Desk)
        page = desk.open(html)
        assert chromium.faults(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.locator("h1").count() == 1
        assert page.title().endswith("Community Solutions – Anytown Council")


@pytest.mark.parametrize("name", OPEN)
def test_a_page_before_sign_in_is_dressed(client, name):
    html = html_of(client, name)
    assert 'class="govuk-heading-l"' in html and "app-header__account" not in html
    check(html)


@pytest.mark.parametrize("name", OWN)
def test_a_page_about_ones_own_account_is_dressed(sign_in, ben, name):
    html = html_of(sign_in(ben), name)
    assert 'class="govuk-heading-l"' in html and "Ben Osei" in html
    check(html)


def test_a_refused_sign_in_says_what_to_do_and_keeps_the_address(client):
    html = html_of(client, "account_login", login="", password="x")
    assert '<a href="#id_login">Enter email</a>' in html
    assert "This field is required" not in html
    check(html, 1280)
    again = html_of(client, "account_login", login="nobody@council.example", password="wrong")
    assert 'value="nobody@council.example"' in again and "There is a problem" in again


def test_someone_who_was_signed_out_is_told_why(client):
    html = client.get(reverse("account_login"), {"timeout": "1"}).content.decode()
    assert "You were signed out after 30 minutes" in html


def test_signing_in_is_quiet_and_signing_out_says_so(sign_in, ben):
    browser = sign_in(ben)
    response = browser.post(reverse("account_logout"), follow=True)
    assert urlsplit(response.redirect_chain[-1][0]).path == reverse("account_login")
    assert "You are signed out." in response.content.decode()


def test_before_a_change_to_signing_in_a_person_shows_again_who_they_are(client, ben):
    ben.set_password("three unrelated words")
    ben.save(update_fields=["password"])
    client.post(reverse("account_login"), {"login": ben.email, "password": "three unrelated words"})
    html = html_of(client, "account_reauthenticate")
    assert "Confirm that it is you" in html
    check(html)
