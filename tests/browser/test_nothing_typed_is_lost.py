"""What somebody has typed outlives a time-out, another desk, a second click and somebody else's change."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.models import Role, User
from intake.models import Contact
from ledger.acting import acting_as_system
from ledger.models import Draft
from residents.models import Resident
from tests import make
from tests.browser.conftest import PASSWORD, Desk

WORDS = "The heating has been off since Sunday and the baby is cold."
MORE = " She is eight weeks old."
SIGNED_OUT = "You were signed out after 30 minutes"
LATE = -1
"""Every session has been idle for longer than this."""

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _django_db_marker():
    """The mark asks for the test database; `committed` does what a transaction does elsewhere."""


@pytest.fixture
def finn(site) -> User:
    """Finn, whose work is committed."""
    with acting_as_system("system:test"):
        return make.user("Finn Archer", Role.FRONT_DOOR, teams=[make.team("Front door")], password=PASSWORD)


@pytest.fixture
def at_the_form(desk, finn) -> Callable[..., Desk]:
    """Finn at a desk, with the page for a contact before him."""

    def sit_down(**options) -> Desk:
        one = desk(finn, **options).sign_in()
        expect(one.page.get_by_role("heading", name="What now?")).to_be_visible()
        one.page.goto("/contacts/new")
        return one

    return sit_down


def type_words(page: Page, words: str) -> None:
    """As fingers do, at the end of what is there."""
    page.focus("[name=words]")
    page.keyboard.press("Control+End")
    page.keyboard.type(words)


def fill_in(page: Page) -> None:
    """Everything that the page asks for beyond the words."""
    page.check("[name=not_known]")
    page.check("[name=needs][value=information]")
    page.check("[name=all_five]")
    page.check("[name=basis][value=privacy_notice]")
    page.check("[name=outcome][value=advice]")


def save(page: Page) -> None:
    """Send the form."""
    page.get_by_role("button", name="Save the contact").last.click()


def test_a_draft_is_kept_from_the_first_keystroke_and_found_at_another_desk(at_the_form, desk, finn):
    first = at_the_form()
    type_words(first.page, WORDS[0])
    first.sees("Draft saved at")
    with acting_as_system("system:test"):
        assert Draft.objects.get().data["words"] == [WORDS[0]]
    type_words(first.page, WORDS[1:])
    first.page.check("[name=needs][value=information]")
    with first.page.expect_response(lambda answer: "needs=information" in (answer.request.post_data or "")):
        first.page.locator("h1").click()  # away from the field: saved at once

    second = desk(finn).sign_in()
    second.sees("Begun and not sent")
    second.link("Contact")
    second.sees("This is what you had typed")
    expect(second.page.locator("[name=words]")).to_have_value(WORDS)
    expect(second.page.locator("[name=needs][value=information]")).to_be_checked()


def test_a_form_sent_after_the_time_out_is_offered_again_after_signing_in(at_the_form, settings):
    """Without script: with it the page notices before it sends, which is the next test."""
    finn = at_the_form(java_script_enabled=False)
    page, patience = finn.page, settings.SESSION_IDLE_SECONDS
    page.fill("[name=words]", WORDS)
    fill_in(page)
    page.wait_for_load_state("networkidle")
    settings.SESSION_IDLE_SECONDS = LATE
    page.fill("[name=words]", WORDS + MORE)
    save(page)
    finn.sees(SIGNED_OUT)
    settings.SESSION_IDLE_SECONDS = patience
    finn.sign_in_here()
    expect(page.locator("[name=words]")).to_have_value(WORDS + MORE)
    expect(page.locator("[name=basis][value=privacy_notice]")).to_be_checked()
    with acting_as_system("system:test"):
        assert Draft.objects.get().path == "/contacts/new"
    save(page)
    finn.sees("Contact recorded")
    with acting_as_system("system:test"):
        assert Contact.objects.get().words == WORDS + MORE
        assert not Draft.objects.exists()


def test_who_is_signed_out_while_typing_is_told_and_sends_the_same_page_after_signing_in_beside_it(
    at_the_form, settings
):
    finn = at_the_form()
    page, patience = finn.page, settings.SESSION_IDLE_SECONDS
    type_words(page, WORDS)
    fill_in(page)
    finn.sees("Draft saved at")
    page.wait_for_load_state("networkidle")
    settings.SESSION_IDLE_SECONDS = LATE
    type_words(page, MORE)
    finn.sees("You have been signed out, so your latest changes are not saved")
    settings.SESSION_IDLE_SECONDS = patience
    beside = finn.context.new_page()
    finn.sign_in(beside)
    beside.get_by_role("heading", name="What now?").wait_for()
    save(page)
    finn.sees("Contact recorded")
    finn.troubles[:] = [line for line in finn.troubles if "403" not in line]  # the saving that came too late
    with acting_as_system("system:test"):
        assert Contact.objects.get().words == WORDS + MORE


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_two_clicks_make_one_contact_and_going_back_does_not_offer_it_again(at_the_form, script):
    finn = at_the_form(java_script_enabled=script)
    page = finn.page
    page.fill("[name=words]", WORDS)
    fill_in(page)
    page.get_by_role("button", name="Save the contact").last.dblclick()
    finn.sees("Contact recorded")
    reference = page.locator(".govuk-panel__body").inner_text().strip()
    if script:
        page.go_back()  # what was sent is not there to be sent again
        expect(page.locator("[name=words]")).to_have_value("")
    with acting_as_system("system:test"):
        assert Contact.objects.get().reference == reference


def test_a_stale_form_shows_both_texts_and_loses_neither(desk, finn):
    with acting_as_system("system:test"):
        ben = make.user("Ben Osei", Role.CASEWORKER, teams=[make.team()], password=PASSWORD)
        resident = make.resident("Amina Okafor")
    first, second = desk(finn).sign_in(), desk(ben).sign_in()
    for one in (first, second):
        expect(one.page.get_by_role("heading", name="What now?")).to_be_visible()
        one.page.goto(f"/residents/{resident.reference}/details")
    first.page.fill("[name=communication_needs]", "Large print, please")
    first.press("Save")
    first.sees("Details changed")
    second.page.fill("[name=communication_needs]", "Reads lips; face her when you speak")
    second.press("Save")
    second.sees("What is different")
    both = second.page.get_by_role("region", name="What is different")
    expect(both).to_contain_text("Large print, please")
    expect(both).to_contain_text("Reads lips; face her when you speak")
    expect(second.page.locator("[name=communication_needs]")).to_have_value("Reads lips; face her when you speak")
    second.press("Save")
    second.sees("Details changed")
    with acting_as_system("system:test"):
        assert Resident.objects.get().communication_needs == "Reads lips; face her when you speak"
