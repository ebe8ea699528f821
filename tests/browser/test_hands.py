"""Quick hands: Go to, keys that open pages, the warning before a session ends, and pages without script, mouse, colour or room."""

import re
from types import SimpleNamespace

import pytest
from django.urls import resolve
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from accounts.models import Role, User
from cases.models import PlanAction, PlanNeed
from directory.models import Service, ServiceTime
from ledger.acting import acting_as_system
from reporting.models import Run
from residents import chronology
from tests import make
from tests.browser.conftest import PASSWORD
from tests.chromium import faults
from triage.actions import queue_contact

MISSING = "CS-2222-222"
WIDE = {"width": 1280, "height": 900}
NARROW = {"width": 320, "height": 700}  # 1,280 pixels at 400 %
MINUTE = 60_000
TO_PRESS = "button, [role=button], .govuk-button, input:not([type=hidden]), select, textarea"
ON_PAPER = {"cases:notes", "cases:reviews"}  # read as much as written

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _django_db_marker():
    """The mark asks for the test database; `committed` does what a transaction does elsewhere."""


@pytest.fixture
def cast(site) -> SimpleNamespace:
    """Ada, Ben with a case, Dev, and Finn."""
    with acting_as_system("system:test"):
        team = make.team("Family help")
        people = SimpleNamespace(
            ada=make.user("Ada Bright", Role.ADMINISTRATOR, password=PASSWORD),
            ben=make.user("Ben Osei", Role.CASEWORKER, teams=[team], password=PASSWORD),
            dev=make.user("Dev Patel", Role.MANAGER, teams=[team], duty_manager=True, password=PASSWORD),
            finn=make.user("Finn Archer", Role.FRONT_DOOR, teams=[make.team("Front door")], password=PASSWORD),
        )
        resident = make.resident("Amina Okafor")
        people.case = make.case(lead=people.ben, household=make.household(resident))
        people.contact = make.contact(resident, words="Behind with the rent since March")
    return people


def spills(page: Page) -> bool:
    """Whether the page scrolls sideways."""
    return page.evaluate("document.documentElement.scrollWidth > window.innerWidth")


CUT = """
() => [...document.querySelectorAll('main *, header *')].filter((one) => {
  const look = getComputedStyle(one), hidden = one.closest('.govuk-visually-hidden, [hidden], details:not([open]) > :not(summary)')
  const cuts = ['hidden', 'clip'].includes(look.overflowY) || ['hidden', 'clip'].includes(look.overflowX)
  return !hidden && cuts && one.clientHeight > 2 && (one.scrollHeight > one.clientHeight + 2 || one.scrollWidth > one.clientWidth + 2)
}).map((one) => one.outerHTML.slice(0, 120))
"""


def double_the_words(page: Page) -> None:
    """As who sets the letters of the browser to 200 %: the page keeps its width."""
    page.context.new_cdp_session(page).send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})


def palette(page: Page) -> Locator:
    """The field of Go to, after its two keys and once it has its list."""
    page.wait_for_load_state()  # before that the page does not listen
    page.keyboard.press("g")
    page.keyboard.press("g")
    expect(page.get_by_role("option").first).to_be_visible()
    return page.get_by_role("combobox", name="Go to")


def test_ada_invites_somebody_and_goes_about_by_keys(cast, desk):
    ada = desk(cast.ada).sign_in()
    page = ada.page
    expect(page.get_by_role("heading", name="What now?")).to_be_visible()
    field = palette(page)
    expect(field).to_be_focused()
    assert not faults(page)
    page.set_viewport_size(NARROW)
    assert not spills(page)
    page.set_viewport_size(WIDE)
    page.keyboard.type(MISSING)
    page.keyboard.press("Enter")
    expect(page.locator("#go-said")).to_contain_text("Nothing was found")
    expect(field).to_be_focused()
    assert not faults(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Go to a page or a reference")).to_be_focused()

    palette(page)
    page.keyboard.type("people")
    page.keyboard.press("Enter")
    page.wait_for_url("**/people")
    ada.press("Add a person")
    page.wait_for_url("**/people/new")
    ada.type("email", "noor@example.org")
    ada.type("name", "Noor")
    page.keyboard.press("End")
    page.keyboard.type(" n/gg?")  # letters, as long as the focus is in a field
    expect(page.locator("[name=name]")).to_have_value("Noor n/gg?")
    ada.choose("role", Role.CASEWORKER)
    ada.pick("organisation", "Anytown Council")
    ada.press("Save")
    ada.sees("Account made")
    with acting_as_system("system:test"):
        assert User.objects.filter(email="noor@example.org", role=Role.CASEWORKER).exists()

    page.keyboard.press("?")
    page.wait_for_url("**/shortcuts")
    ada.press("Switch them off")
    ada.sees("Keyboard shortcuts are off")
    for key in ("g", "g", "?"):
        page.keyboard.press(key)
    expect(page.locator("dialog[open]")).to_have_count(0)
    ada.reach(page.get_by_role("link", name="Go to a page or a reference"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("combobox", name="Go to")).to_be_focused()


def test_who_is_idle_is_warned_and_finds_what_was_typed(cast, desk):
    finn = desk(cast.finn)
    page = finn.page
    page.clock.install()
    finn.sign_in()
    expect(page.get_by_role("heading", name="What now?")).to_be_visible()
    page.goto("/contacts/new")
    finn.type("words", "The heating has been off since Sunday")
    page.clock.run_for(1000)
    finn.sees("Draft saved at")
    page.clock.fast_forward(25 * MINUTE)
    stay = page.get_by_role("button", name="Stay signed in")
    expect(stay).to_be_focused()
    expect(page.get_by_role("alertdialog")).to_contain_text("we sign you out in")
    assert not faults(page)
    page.keyboard.press("Enter")
    expect(stay).to_be_hidden()
    expect(page.locator("[name=words]")).to_be_focused()
    page.clock.fast_forward(25 * MINUTE)
    expect(stay).to_be_focused()
    page.clock.fast_forward(5 * MINUTE)
    finn.sees("kept as a draft")
    finn.sign_in_here()
    page.wait_for_url("**/contacts/new")
    expect(page.locator("[name=words]")).to_have_value("The heating has been off since Sunday")


def test_a_part_that_is_replaced_leaves_the_focus_where_it_was_and_waiting_is_said(cast, desk):
    with acting_as_system("system:test"):
        Run.objects.create(kind=Run.Kind.values[0], started_at=timezone.now(), steps=9, steps_done=1)
    dev = desk(cast.dev, reduced_motion="reduce", forced_colors="active").sign_in()
    page = dev.page
    expect(page.get_by_role("heading", name="What now?")).to_be_visible()
    page.goto("/runs")
    region = page.get_by_role("region", name="Computations")
    dev.reach(region)
    old = region.element_handle()
    with acting_as_system("system:test"):
        Run.objects.update(steps_done=9, state=Run.State.DONE, ended_at=timezone.now())
    expect(region).to_contain_text("9 of 9")
    assert not old.evaluate("one => one.isConnected")
    expect(region).to_be_focused()
    expect(page.locator("[aria-live=polite]").last).to_contain_text("Done")

    page.evaluate("document.dispatchEvent(new Event('app:wait'))")
    bar = page.get_by_role("progressbar", name="Loading")
    expect(bar).to_be_visible()
    expect(page.locator("main")).to_have_attribute("aria-busy", "true")
    assert bar.evaluate("one => getComputedStyle(one, '::before').animationName") == "none"
    page.evaluate("document.dispatchEvent(new Event('app:done'))")
    expect(bar).to_be_hidden()
    palette(page)
    page.keyboard.press("ArrowDown")
    chosen = page.locator("[role=option][aria-selected=true]")
    assert chosen.evaluate("one => getComputedStyle(one).outlineStyle") == "solid"


def test_back_leads_to_the_very_list_with_its_filters(cast, desk):
    ben = desk(cast.ben).sign_in()
    page = ben.page
    expect(page.get_by_role("heading", name="What now?")).to_be_visible()
    page.goto("/triage?sort=due")
    page.goto(f"/triage/{cast.contact.reference}")
    page.goto(f"/triage/{cast.contact.reference}#main-content")
    ben.enter(page.get_by_role("navigation", name="Way back").get_by_role("link"))
    page.wait_for_url("**/triage?sort=due")


def test_a_decision_leads_to_the_next_in_the_queue_and_back_to_the_very_list(cast, desk):
    with acting_as_system("system:test"):
        contacts = [cast.contact, make.contact(make.resident("Bo Lind")), make.contact(make.resident("Cy Moor"))]
        for contact in contacts:
            queue_contact(contact, by=None, at=timezone.now())
    ben = desk(cast.ben).sign_in()
    page = ben.page
    expect(page.get_by_role("heading", name="What now?")).to_be_visible()
    page.goto("/triage?show=unclaimed&sort=due")
    ben.link("Amina")
    ben.choose("tier", "4")
    ben.choose("outcome", "referred")
    ben.press("Decide")
    page.wait_for_url("**?queue=unclaimed*")
    page.get_by_role("button", name="Next in the queue").click()
    page.wait_for_url(re.compile(r"/triage/CS-.*\?show=unclaimed"))
    ben.press("Decide")  # refused: what came of it is not said
    expect(page.locator(".govuk-error-summary")).to_be_visible()
    ben.enter(page.get_by_role("navigation", name="Way back").get_by_role("link"))
    page.wait_for_url("**/triage?show=unclaimed&sort=due*")


def test_without_script_in_little_room_and_with_large_letters(cast, desk):
    ben = desk(cast.ben, java_script_enabled=False).sign_in()
    page = ben.page
    expect(page.get_by_role("heading", name="What now?")).to_be_visible()
    page.get_by_role("link", name="Go to a page or a reference").click()
    ben.type("words", MISSING)
    ben.press("Go")
    ben.sees("Nothing was found")
    ben.type("words", cast.case.reference.lower())
    ben.press("Go")
    page.wait_for_url(f"**/cases/{cast.case.reference}")
    page.goto(f"/cases/{cast.case.reference}/notes")
    ben.choose("kind", "call")
    ben.type("text", "Rang Amina. We read the letters together.")
    ben.press("Save the note")
    ben.sees("We read the letters together")

    page.set_viewport_size(NARROW)
    case = f"/cases/{cast.case.reference}"
    places = ("/", "/go", "/shortcuts", "/work", "/cases", case, f"{case}/plan", "/triage", "/contacts/new")
    for path in places:
        page.goto(path)
        assert not spills(page), path
    page.set_viewport_size(WIDE)
    double_the_words(page)
    for path in places:
        page.goto(path)
        assert (
            page.locator(".govuk-body, .govuk-label").first.evaluate("one => getComputedStyle(one).fontSize") == "38px"
        )
        assert not spills(page), path
        assert not page.evaluate(CUT), path


def led_to_on_paper(page: Page) -> dict[str, str]:
    """Where the links that stand on paper lead that do more than show a record: their words to the name of the page."""
    links = page.locator("main a[href]").filter(visible=True)
    found = links.evaluate_all("links => links.map(one => [one.innerText, one.pathname])")
    pages = {words: resolve(path) for words, path in found}
    return {
        words: page.view_name
        for words, page in pages.items()
        if page.view_name not in ON_PAPER and "POST" in page.func.access["methods"]
    }


def test_a_record_on_paper_has_all_that_is_known_and_nothing_to_press(cast, desk):
    with acting_as_system("system:test"):
        amina = cast.case.members.first().resident
        make.referral(cast.case, to=make.organisation("Harbour Food Bank"), resident=amina)
        need = PlanNeed.objects.create(
            case=cast.case, need=make.need(), goal="Keep the home", baseline=2, latest=2, added_at=make.NOON
        )
        PlanAction.objects.create(
            case=cast.case, plan_need=need, what="Ring the landlord", owner=cast.ben, due_on=make.TODAY, added_at=make.NOON
        )  # fmt: skip
        chronology.add(amina, "record_contact", "They rang", subject=cast.contact, by=None, at=make.NOON)
    record, person = f"/cases/{cast.case.reference}", f"/residents/{amina.reference}"
    sheets = {
        cast.ben: {
            record: ("Review the plan", "Keep the home", "They rang", "Harbour Food Bank"),
            f"{record}/plan": ("Keep the home", "Ring the landlord"),
            f"{record}/story": ("They rang",),
            person: ("Where they live", "Harbour Food Bank", "They rang"),
        },
        cast.dev: {"/dashboard": ("Do households keep a home?",)},
    }
    for reader, pages in sheets.items():
        page = desk(reader, java_script_enabled=False).sign_in().page
        expect(page.get_by_role("heading", name="What now?")).to_be_visible()
        for address, known in pages.items():
            page.goto(address)
            paper = page.locator(".app-paper")
            expect(paper).to_be_hidden()
            page.emulate_media(media="print")
            expect(paper).to_contain_text(f"Printed by {reader.name}")
            expect(paper).to_contain_text("" if address == "/dashboard" else f"Reference {address.split('/')[2]}.")
            for words in known:
                expect(page.get_by_role("main").get_by_text(words).first).to_be_visible()
            expect(page.get_by_role("navigation").filter(visible=True)).to_have_count(0)
            expect(page.locator(TO_PRESS).filter(visible=True)).to_have_count(0)
            expect(page.get_by_text("Do something else")).not_to_be_visible()
            assert not led_to_on_paper(page)
            for fold in page.locator("main details:not(.app-no-print) > :not(summary)").all():
                expect(fold).to_be_visible()
            page.emulate_media(media="screen")
        assert page.pdf().startswith(b"%PDF")


def test_a_resident_finds_a_service_without_signing_in(cast, desk):
    with acting_as_system("system:test"):
        kitchen = make.organisation("Harbour Food Bank")
        meals = Service.objects.create(
            organisation=kitchen, name="Hot meals", description="A lunch club", phone="01632 960001"
        )
        ServiceTime.objects.create(service=meals, days="MO,WE", opens_at="10:00", closes_at="14:00")
        Service.objects.create(organisation=kitchen, name="Youth boxing", maximum_age=17)
    anybody = desk(None)
    page = anybody.page
    page.goto("/services")
    anybody.type("words", "lunch")
    anybody.press("Find")
    page.wait_for_url("**/services?words=lunch*")
    expect(page.get_by_role("main")).not_to_contain_text("Youth boxing")
    anybody.link("Hot meals")
    anybody.sees("01632 960001")
    anybody.sees("Monday")
    assert not faults(page)
    page.set_viewport_size(NARROW)
    assert not spills(page)
    expect(page.locator("body")).not_to_contain_text("Sign out")
