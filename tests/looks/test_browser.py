"""In a real browser, under the real policy: nothing is refused, axe finds nothing, focus goes where it should, drafts save.

The pages are handed to Chromium without a server or a database, so that these tests are quick.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, Route, expect

from tests import chromium
from tests.looks.demonstration import PAGES, EveryField, render

ROOT = Path(__file__).resolve().parents[2]
SITE = "http://council.test"
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
POLICY = (
    "default-src 'none'; script-src 'self' 'sha256-GUQ5ad8JK5KmEWmROf3LZd9ge94daqNvd8xy9YS1iDw='; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
)

pytestmark = pytest.mark.skipif(
    not (ROOT / "static/vendor/govuk-moj.css").exists(), reason="the design system is not built: ./dev builds it"
)


class Desk:
    """A browser window on pages that are made up here; `drafts` is what was sent, `answer` what the draft page says."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.html = ""
        self.drafts: list[dict[str, list[str]]] = []
        self.answer: dict[str, object] = {"status": 200, "body": '{"saved_at": "2:31pm"}'}
        self.troubles = chromium.troubles(page)
        page.route("**/*", self.serve)

    def serve(self, route: Route) -> None:
        path = urlsplit(route.request.url).path
        if path.startswith("/static/"):
            file = ROOT / path.lstrip("/")
            route.fulfill(body=file.read_bytes(), content_type=TYPES[file.suffix])
        elif path == "/drafts/save":
            self.drafts.append(parse_qs(route.request.post_data or ""))
            route.fulfill(**self.answer)
        else:
            route.fulfill(
                body=self.html, content_type="text/html; charset=utf-8", headers={"Content-Security-Policy": POLICY}
            )

    def open(self, html: str) -> Page:
        self.html = html
        self.page.goto(f"{SITE}/page")
        return self.page

    @property
    def said(self) -> str:
        return self.page.inner_text("[data-draft-status]")


def window(width: int) -> Iterator[Desk]:
    context = chromium.browser().new_context(
        viewport={"width": width, "height": 800}, locale="en-GB", timezone_id="Europe/London"
    )
    desk = Desk(context.new_page())
    yield desk
    context.close()
    assert desk.troubles == [], "script errors or refusals of the security policy"


@pytest.fixture
def desk() -> Iterator[Desk]:
    yield from window(1280)


@pytest.fixture(params=[1280, 375])
def any_desk(request) -> Iterator[Desk]:
    yield from window(request.param)


@pytest.mark.parametrize("name", [*PAGES, "form with errors"])
def test_every_pattern_is_accessible_and_fits_its_screen(any_desk, name):
    html = render("form", form=EveryField({"born_0": "31"})) if name == "form with errors" else render(name)
    page = any_desk.open(html)
    assert chromium.faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
    assert page.evaluate("getComputedStyle(document.querySelector('h1, .app-identity__name')).fontFamily").startswith(
        "arial"
    )


@pytest.mark.parametrize("name", ["form", "case"])
def test_nothing_is_cut_off_at_320_pixels(name):
    for narrow in window(320):
        page = narrow.open(render(name))
        assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_each_link_of_the_summary_moves_focus_to_its_input(desk):
    page = desk.open(render("form", form=EveryField({"born_0": "31", "born_1": "3"})))
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    for link in page.locator(".govuk-error-summary__list a").all():
        link.click()
        assert page.evaluate("'#' + document.activeElement.id") == link.get_attribute("href")
        assert page.evaluate("document.activeElement.tagName") in {"INPUT", "SELECT", "TEXTAREA"}


def test_the_components_come_alive(desk):
    page = desk.open(render("form"))
    expect(page.locator("#id_email")).to_be_hidden()
    page.get_by_label("Email", exact=True).check()
    expect(page.locator("#id_email")).to_be_visible()
    page.get_by_label("Housing").check()
    page.get_by_label("None of these").check()
    expect(page.get_by_label("Housing")).not_to_be_checked()
    page.fill("#id_notes", "x" * 110)
    expect(page.get_by_text("You have 10 characters too many").first).to_be_visible()


def test_everything_can_be_reached_without_scripts():
    context = chromium.browser().new_context(java_script_enabled=False)
    desk = Desk(context.new_page())
    page = desk.open(render("form"))
    expect(page.locator("#id_email")).to_be_visible()
    expect(page.get_by_role("button", name="Save and continue")).to_be_visible()
    expect(page.get_by_role("link", name="Cases")).to_be_visible()
    context.close()


@pytest.mark.parametrize("scripts", [True, False])
def test_the_menu_is_folded_on_a_phone_with_scripts_and_without(scripts):
    context = chromium.browser().new_context(viewport={"width": 375, "height": 800}, java_script_enabled=scripts)
    page = Desk(context.new_page()).open(render("home"))
    entry = page.get_by_role("navigation", name="Menu").get_by_role("link", name="Triage queue")
    expect(entry).to_be_hidden()
    page.get_by_role("button" if scripts else "link", name="Menu", exact=True).click()
    expect(entry).to_be_visible()
    page.set_viewport_size({"width": 1280, "height": 800})
    expect(entry).to_be_visible()
    context.close()


def test_nothing_is_sent_while_there_is_no_connection(desk):
    page = desk.open(render("form"))
    page.fill("#id_name", "Ann")
    page.context.set_offline(True)
    page.get_by_role("button", name="Save and continue").click()
    expect(page.locator("[data-connection]")).to_contain_text("There is no connection")
    assert page.input_value("#id_name") == "Ann"
    page.context.set_offline(False)
    expect(page.locator("[data-connection]")).to_be_empty()


def test_paper_has_the_record_and_not_the_furniture(desk):
    page = desk.open(render("figures"))
    page.emulate_media(media="print")
    for away in ("nav[aria-label=Menu]", ".govuk-footer", "[data-print]"):
        expect(page.locator(away).first).to_be_hidden()
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator("main details:not([open])").count() == 0
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.locator("main details[open]").count() == 0


def test_in_somebody_s_own_colours_tags_have_edges_and_the_page_that_one_is_on_is_marked(desk):
    page = desk.open(render("case"))
    page.emulate_media(forced_colors="active")
    look = "(one, name) => getComputedStyle(one)[name]"
    assert page.locator(".govuk-tag").first.evaluate(look, "borderTopWidth") == "1px"
    here = page.locator(".moj-sub-navigation [aria-current=page]")
    assert here.evaluate(look, "textDecorationLine") == "underline"


def test_typing_is_saved_soon_without_passwords_and_said(desk):
    page = desk.open(render("form"))
    page.locator("#id_secret").press_sequentially("hidden")
    page.locator("#id_name").press_sequentially("Zoë 🌻")
    expect(page.locator("[data-draft-status]")).to_have_text("Draft saved at 2:31pm")
    sent = desk.drafts[-1]
    assert sent["name"] == ["Zoë 🌻"] and sent["draft"] == ["demo"]
    assert "secret" not in sent and "csrfmiddlewaretoken" not in sent
    assert "hidden" not in json.dumps(desk.drafts)


def test_keys_pressed_quickly_are_saved_together(desk):
    page = desk.open(render("form"))
    page.locator("#id_notes").press_sequentially("a long sentence, typed without a pause", delay=10)
    expect(page.locator("[data-draft-status]")).to_contain_text("Draft saved")
    assert len(desk.drafts) == 1


def test_leaving_a_question_saves_at_once(desk):
    page = desk.open(render("form"))
    page.fill("#id_name", "Ann")
    with page.expect_request("**/drafts/save", timeout=400):
        page.locator("#id_notes").focus()


def test_nothing_is_sent_before_anything_is_typed(desk):
    page = desk.open(render("form"))
    page.locator("#id_name").focus()
    page.locator("#id_notes").focus()
    page.wait_for_timeout(800)
    assert desk.drafts == []


@pytest.mark.parametrize(
    "answer", [{"status": 401}, {"status": 403}, {"status": 302, "headers": {"Location": "/accounts/login/"}}]
)
def test_someone_who_was_signed_out_is_told_and_keeps_what_they_typed(desk, answer):
    page = desk.open(render("form"))
    desk.answer = answer
    page.fill("#id_name", "Ann")
    page.locator("#id_notes").focus()
    expect(page.locator("[data-draft-status]")).to_contain_text("You have been signed out")
    assert page.input_value("#id_name") == "Ann"
    desk.troubles[:] = [one for one in desk.troubles if "status of 40" not in one]


def test_after_signing_in_again_on_another_tab_the_draft_is_saved_with_the_new_token(desk):
    page = desk.open(render("form"))
    desk.answer = {"status": 403}
    page.fill("#id_name", "Ann")
    page.locator("#id_notes").focus()
    expect(page.locator("[data-draft-status]")).to_contain_text("You have been signed out")
    token, desk.html = page.input_value("form[data-draft] [name=csrfmiddlewaretoken]"), render("form")
    desk.answer = {"status": 200, "body": '{"saved_at": "2:35pm"}'}
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator("[data-draft-status]")).to_have_text("Draft saved at 2:35pm")
    assert page.input_value("form[data-draft] [name=csrfmiddlewaretoken]") != token
    assert page.input_value("#id_name") == "Ann"
    desk.troubles[:] = [one for one in desk.troubles if "status of 403" not in one]


def test_too_much_for_a_draft_is_said_in_the_words_of_the_answer(desk):
    page = desk.open(render("form"))
    desk.answer = {"status": 413, "body": '{"error": "This is too long to keep as a draft."}'}
    page.fill("#id_notes", "x" * 500)
    expect(page.locator("[data-draft-status]")).to_have_text("This is too long to keep as a draft.")
    desk.troubles[:] = [one for one in desk.troubles if "status of 413" not in one]


def test_without_a_connection_the_page_says_so_and_tries_again(desk):
    page = desk.open(render("form"))
    desk.answer = {"status": 500}
    page.fill("#id_name", "Ann")
    page.locator("#id_notes").focus()
    expect(page.locator("[data-draft-status]")).to_contain_text("we will try again")
    desk.answer = {"status": 200, "body": '{"saved_at": "2:40pm"}'}
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.locator("[data-draft-status]")).to_have_text("Draft saved at 2:40pm")
    desk.troubles[:] = [one for one in desk.troubles if "status of 500" not in one]


def test_a_sent_form_is_not_saved_as_a_draft_again(desk):
    page = desk.open(render("form"))
    page.fill("#id_name", "Ann")
    with page.expect_navigation():
        page.locator("#id_name").press("Enter")
    page.wait_for_timeout(800)
    assert desk.drafts == []
