"""Signing in, the idle time-out that keeps typed work, and sessions that cannot be read out of the database."""

import time

from django.contrib.sessions.models import Session

from ledger import acting, drafts
from ledger.models import AuditEvent
from tests import make


def test_signing_in_needs_the_right_password_and_says_no_more(finn, gus, client):
    finn.set_password("correct horse battery")
    finn.save(update_fields=["password"])
    wrong = client.post("/accounts/login/", {"login": finn.email, "password": "wrong"})
    unknown = client.post("/accounts/login/", {"login": "nobody@example.org", "password": "wrong"})
    said = "The email address and/or password you specified are not correct."
    assert said in wrong.content.decode() and said in unknown.content.decode()
    right = client.post("/accounts/login/", {"login": finn.email, "password": "correct horse battery"})
    assert right.status_code == 302
    with acting.acting_as(gus):
        outcomes = sorted(AuditEvent.objects.filter(verb="sign_in").values_list("outcome", flat=True))
    assert outcomes == ["done", "refused", "refused"]


def test_nobody_signs_up(client, db):
    page = client.get("/accounts/signup/").content.decode()
    assert "You cannot make an account yourself" in page and 'name="password1"' not in page


def test_the_session_table_does_not_give_a_sign_in(finn, client):
    client.force_login(finn)
    cookie = client.cookies["sessionid"].value
    stored = Session.objects.get().session_key
    assert stored != cookie
    client.cookies["sessionid"] = stored
    assert client.get("/people").status_code == 302


def test_an_idle_session_ends_and_a_late_form_becomes_a_draft(finn, client):
    client.force_login(finn)
    client.get("/help")
    session = client.session
    session["seen"] = int(time.time()) - 31 * 60
    session.save()
    answer = client.post("/organisations", {"draft": "contact", "words": "I am behind with the rent"})
    assert answer.status_code == 302 and "timeout=1" in answer["Location"]
    with acting.acting_as(finn):
        assert drafts.find_draft("contact", by=finn).data == {"words": ["I am behind with the rent"]}
    assert client.get("/people").status_code == 302  # signed out


def test_every_answer_keeps_people_out_of_caches(finn, sign_in):
    for path in ("/help", "/people", "/nowhere"):
        answer = sign_in(finn).get(path)
        assert answer["Cache-Control"] == "no-store" and answer["X-Frame-Options"] == "DENY"
        assert (
            "default-src 'none'" in answer["Content-Security-Policy"] and answer["X-Content-Type-Options"] == "nosniff"
        )


def test_a_missing_token_is_said_in_words(finn):
    from django.test import Client

    browser = Client(enforce_csrf_checks=True)
    browser.force_login(finn)
    answer = browser.post("/drafts/save", {"draft": "contact"})
    assert answer.status_code == 403 and "<h1" in answer.content.decode()


def test_an_administrator_sees_no_resident(ada, sign_in):
    make.resident()
    assert sign_in(ada).get("/trail").status_code == 403


def test_nobody_changes_their_own_address(finn, sign_in):
    assert sign_in(finn).get("/accounts/email/").status_code == 404
