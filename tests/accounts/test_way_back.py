"""Forms lead back to the list that somebody came from, by addresses alone, and an address that is none does no harm."""

import uuid
from datetime import timedelta

import pytest
from django.test import RequestFactory
from django.utils import timezone

from cases import actions
from ledger.requests import came_from, list_shown
from tests import make

SITE = "http://testserver"
LIST = "list=whose%3Dteam%26late%3Don"


def post(client, where, came, **data):
    return client.post(where, {"once": str(uuid.uuid4()), **data}, HTTP_REFERER=f"{SITE}{came}")


@pytest.fixture
def case(ben):
    return make.case(lead=ben, opened_at=timezone.now() - timedelta(days=10))


def test_a_page_below_the_case_takes_the_list_along_and_brings_it_back(sign_in, ben, case):
    browser, at = sign_in(ben), f"/cases/{case.reference}"
    page = browser.get(f"{at}/up", HTTP_REFERER=f"{SITE}{at}?{LIST}").content.decode()
    assert f'action="?{LIST}"' in page and f'href="{at}?{LIST}">Cancel' in page
    assert f'href="/cases?whose=team&amp;late=on#{case.reference}"' in page
    refused = post(browser, f"{at}/close?{LIST}", f"{at}/close", reason="")
    assert f'href="/cases?whose=team&amp;late=on#{case.reference}"' in refused.content.decode()
    review = {"outcome": "continue", "progress": "yes", "summary": "Moving"}
    assert post(browser, f"{at}/reviews?{LIST}", f"{at}/reviews?{LIST}", **review)["Location"] == f"{at}/reviews?{LIST}"


def test_an_addition_to_a_note_and_a_button_without_a_page_bring_it_back_too(sign_in, ben, case):
    now, browser, at = timezone.now(), sign_in(ben), f"/cases/{case.reference}"
    note = actions.write_note(case, kind="call", text="Spoke", happened_at=now, by=ben, at=now)
    need = actions.add_need(case, need=make.need(), goal="Rent paid", baseline=2, by=ben, at=now)
    action = actions.add_action(need, what="Ring", due_on=now.date(), owner=ben, by=ben, at=now)
    where = f"/cases/note/{note.reference}"
    assert f'action="?{LIST}"' in browser.get(where, HTTP_REFERER=f"{SITE}{at}/notes?{LIST}").content.decode()
    said = post(browser, f"{where}?{LIST}", where, text="Not the uncle")["Location"]
    assert said.startswith(f"{at}/notes?before=") and said.endswith(f"&{LIST}#{note.reference}")
    done = post(browser, f"/cases/actions/{action.reference}/done", f"{at}/plan?{LIST}", result="Done")
    assert done["Location"].startswith(f"{at}/plan?{LIST}")


def test_a_saved_referral_leads_back_to_the_list_as_it_was(sign_in, ben, ela):
    referral = make.referral(make.case(lead=ben), to=ela.organisation, made_by=ben)
    browser, at, kept = sign_in(ben), f"/referrals/{referral.reference}", "list=show%3Dunanswered%26whose%3Dmine"
    listed = browser.get("/referrals?show=unanswered&whose=mine").content.decode()
    assert f'href="{at}?{kept}"' in listed
    saved = post(browser, f"{at}/message", f"{at}?{kept}", text="Any news?")
    assert saved["Location"] == f"{at}?{kept}"
    back = '<a href="/referrals?show=unanswered&amp;whose=mine" class="govuk-back-link">'
    assert back in browser.get(saved["Location"]).content.decode()
    assert back in post(browser, f"{at}/message", f"{at}?{kept}", text="").content.decode()


@pytest.mark.parametrize(
    "said", ["http://[", "https://elsewhere.example/cases/X?list=a", "", "http://testserver/x?list=a"]
)
def test_what_another_site_or_room_says_counts_for_nothing(said):
    assert list_shown(RequestFactory().get("/cases/Y", HTTP_REFERER=said)) == {}
    assert came_from(RequestFactory().get("/")).path == ""
