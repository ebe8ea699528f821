"""Go to a page or a record, the places where one was lately, keyboard shortcuts, and the warning before a session ends."""

import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.actions import set_shortcuts
from accounts.models import Role
from desk import places, shortcuts
from ledger import acting
from ledger.models import AuditEvent
from tests import make

CAST = ["finn", "ben", "dev", "ela", "gus", "ada"]
DATA = {"HTTP_ACCEPT": "application/json"}
MISSING = "CS-2222-222"


def test_a_reference_leads_to_the_page_of_its_record(ben, sign_in):
    case = make.case(lead=ben)
    client = sign_in(ben)
    typed = case.reference.replace("-", " ").lower()
    assert client.post("/go", {"words": typed})["Location"] == f"/cases/{case.reference}"
    assert client.post("/go", {"words": case.reference}, **DATA).json() == {"href": f"/cases/{case.reference}"}


def test_what_one_may_not_see_is_not_found_like_what_is_not_there(ben, cath, gus, sign_in):
    case, hidden = make.case(lead=ben), make.resident("Rosa Lind", restricted=True)
    client = sign_in(cath)
    said = [
        client.post("/go", {"words": words}, **DATA).json() for words in (case.reference, hidden.reference, MISSING)
    ]
    assert (
        said[0]
        == said[1]
        == said[2]
        == {"error": "Nothing was found. Check the reference, or choose a page from the list"}
    )
    page = client.post("/go", {"words": case.reference}).content.decode()
    assert "Nothing was found" in page and "Error: " in page and f'value="{case.reference}"' in page
    with acting.acting_as(gus):
        asked = AuditEvent.objects.filter(verb="ask", outcome="refused").values_list("reference", flat=True)
        assert set(asked) == {case.reference, hidden.reference, MISSING}


def test_every_kind_of_record_is_reached_on_a_page_that_opens(ben, dev, ela, ada, sign_in):
    resident = make.resident()
    contact = make.contact(resident)
    referral = make.referral(to=ela.organisation, resident=resident, status="sent", sent_at=make.NOON)
    for person, record in (
        (ben, resident),
        (ben, contact),
        (ben, referral),
        (ela, referral),
        (ada, ben),
        (ada, dev.teams.get()),
    ):
        client = sign_in(person)
        answer = client.post("/go", {"words": record.reference})
        assert answer.status_code == 302, record
        assert client.get(answer["Location"]).status_code == 200, record


@pytest.mark.parametrize("name", CAST)
def test_every_page_and_every_key_of_a_role_opens(name, request, sign_in):
    person = request.getfixturevalue(name)
    client = sign_in(person)
    offered = client.get("/go/places").json()["places"]
    keys = shortcuts.shortcuts_for(person.role)
    assert len({key for key, _, _ in keys}) == len(keys)
    alone = {key for key, _, _ in keys if len(key) == 1}
    assert not alone & {key[0] for key, _, _ in keys if len(key) > 1}
    for href in {one["href"] for one in offered} | {href for _, _, href in keys}:
        assert client.get(href).status_code == 200, href
    assert client.get("/go").status_code == 200


def test_a_page_is_found_by_its_name_or_a_part_of_it(dev, sign_in):
    client = sign_in(dev)
    assert client.post("/go", {"words": " dashboard "})["Location"] == reverse("reporting:dashboard")
    several = client.post("/go", {"words": "a"}).content.decode()
    assert "Pages with these words" in several
    assert "Enter a reference or the name of a page" in client.post("/go", {"words": ""}).content.decode()


def test_recent_places_come_from_the_trail_for_that_person_alone(ben, cath, sign_in, django_assert_max_num_queries):
    amina, rosa = make.resident("Amina Okafor"), make.resident("Rosa Lind")
    case = make.case(lead=ben, household=make.household(amina))
    client = sign_in(ben)
    for path in (f"/residents/{rosa.reference}", f"/residents/{amina.reference}", f"/cases/{case.reference}"):
        assert client.get(path).status_code == 200
    with django_assert_max_num_queries(12):
        answer = client.get("/go/places")
    offered = answer.json()["places"]
    assert [one["hint"].split()[0] for one in offered[:3]] == ["Case", "Person", "Person"]
    assert [one["text"] for one in offered[:3]] == ["Amina Okafor", "Amina Okafor", "Rosa Lind"]
    assert answer["Cache-Control"] == "no-store"
    assert not any("CS-" in one["href"] for one in sign_in(cath).get("/go/places").json()["places"])


def test_a_recent_place_goes_when_it_may_no_longer_be_seen(ben, sign_in):
    rosa = make.resident("Rosa Lind")
    client = sign_in(ben)
    client.get(f"/residents/{rosa.reference}")
    rosa.restricted = True
    rosa.save(update_fields=["restricted"])
    assert "Rosa" not in client.get("/go/places").content.decode()


def test_recent_places_cost_nothing_until_they_are_asked_for(finn, sign_in):
    client = sign_in(finn)
    with CaptureQueriesContext(connection) as asked:
        assert 'href="/go"' in client.get("/help").content.decode()
    assert not [one for one in asked.captured_queries if "my_recent_places" in one["sql"]]


def test_shortcuts_are_switched_off_for_the_person_and_stay_off(finn, ben, sign_in):
    client = sign_in(finn)
    assert 'data-keys="gg|/go;' in client.get("/help").content.decode()
    page = client.post("/shortcuts", {"on": "no"}, follow=True).content.decode()
    assert "Keyboard shortcuts are off." in page and "data-keys" not in page
    finn.refresh_from_db()
    assert not finn.shortcuts and finn.version == 1
    assert 'data-keys="' in sign_in(ben).get("/help").content.decode()
    with acting.acting_as(finn):
        assert set_shortcuts(finn, on=True, by=finn).shortcuts


def test_a_partner_has_no_keys_for_pages_of_staff():
    hrefs = {href for _, _, href in shortcuts.shortcuts_for(Role.PARTNER)}
    assert "/find" not in hrefs and "/contacts/new" not in hrefs and "/inbox" in hrefs
    assert not {one.href for one in places.pages_for(Role.PARTNER)} & {"/find", "/work", "/triage"}


def test_staying_signed_in_begins_the_idle_time_anew(finn, sign_in, settings):
    client = sign_in(finn)
    assert f'data-idle="{settings.SESSION_IDLE_SECONDS - 60}"' in client.get("/help").content.decode()
    session = client.session
    session["seen"] = int(time.time()) - 1700
    session.save()
    assert client.post("/session/stay").json() == {"left": settings.SESSION_IDLE_SECONDS}
    assert int(time.time()) - client.session["seen"] < 60


def test_ending_a_session_says_what_was_kept_and_leads_back(finn, client):
    client.force_login(finn)
    client.post("/drafts/save", {"draft": "contact", "words": "I am behind with the rent"})
    answer = client.post("/session/end", {"next": "/triage?sort=due"})
    assert answer["Location"] == "/accounts/login/?next=%2Ftriage%3Fsort%3Ddue&timeout=1&kept=1"
    page = client.get(answer["Location"]).content.decode()
    assert "kept as a draft" in page and 'value="/triage?sort=due"' in page
    assert client.get("/work").status_code == 302


@pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org/", "javascript:alert(1)", ""])
def test_the_way_back_stays_on_this_site(elsewhere, finn, client):
    client.force_login(finn)
    answer = client.post("/session/end", {"next": elsewhere})
    assert answer["Location"] == "/accounts/login/?next=%2F&timeout=1&kept=0"
    assert "No draft was open" in client.get(answer["Location"]).content.decode()


@pytest.mark.parametrize(
    ("came_from", "way"),
    [
        ("http://testserver/teams?sort=name", "/teams?sort=name"),
        ("http://testserver/people?sort=name", "/teams"),
        ("https://example.org/teams?sort=name", "/teams"),
        ('http://testserver/teams?"><b>', "/teams?&quot;&gt;&lt;b&gt;"),
    ],
)
def test_back_keeps_the_filters_of_the_list_that_one_came_from(came_from, way, ada, dev, sign_in):
    page = sign_in(ada).get(f"/teams/{dev.teams.get().reference}", HTTP_REFERER=came_from).content.decode()
    assert f'<a href="{way}" class="govuk-back-link">' in page
