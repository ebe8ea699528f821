"""One contact walks from a phone call to a figure on the dashboard, through the browsers of five people who have no mouse.

The relay, the worker and the clock are not processes here: the relay's own function hands each job to the function that the
worker would call, and the fold-in that the clock asks for every 30 seconds is asked for by hand.
"""

import re
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import Locator, expect

from accounts.models import Role
from cases.models import Case
from intake.models import Contact
from ledger import outbox
from ledger.acting import acting_as_system
from ledger.models import AuditEvent
from referrals.models import Referral
from referrals.tasks import tell_partner
from reporting import tasks
from residents.tasks import look_for_pairs
from tests import make
from tests.browser.conftest import PASSWORD, Desk
from triage.tiers import Tier

NAME = "Nadia Whitcombe"
EARLIER_DECISIONS, EARLIER_REFERRALS, EARLIER_YES = 24, 19, 14
JOBS = {"referrals.tell_partner": tell_partner, "residents.look_for_pairs": look_for_pairs}
CASE = re.compile(r"/cases/(CS-[0-9A-Z]{4}-[0-9A-Z]{2,3})$")

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _django_db_marker():
    """The mark asks for the test database; `committed` does what a transaction does elsewhere."""


@pytest.fixture
def cast(site) -> SimpleNamespace:
    """Five people, and enough earlier work of the month for figures that may be shown."""
    with acting_as_system("system:test"):
        front, family = make.team("Front door"), make.team("Family help")
        harbour = make.organisation("Harbour Food Bank", email="hello@harbour.invalid")
        people = SimpleNamespace(
            finn=make.user("Finn Archer", Role.FRONT_DOOR, teams=[front], password=PASSWORD),
            dev=make.user("Dev Patel", Role.MANAGER, teams=[family], duty_manager=True, password=PASSWORD),
            ben=make.user("Ben Osei", Role.CASEWORKER, teams=[family], password=PASSWORD),
            ela=make.user("Ela Novak", Role.PARTNER, organisation=harbour, password=PASSWORD),
            gus=make.user("Gus Whyte", Role.GOVERNANCE, password=PASSWORD),
        )
        _earlier_work(make.organisation("Marsh Lane Advice"))
    return people


def _earlier_work(partner) -> None:
    """Decisions at Support and answered referrals: one referral too few for a share that may be shown."""
    now = timezone.now()
    somebody = make.resident("Amina Okafor")
    for _ in range(EARLIER_DECISIONS):
        contact = make.contact(somebody, received_at=now, status=Contact.Status.DECIDED, outcome="to_triage")
        make.decision(contact, tier=Tier.SUPPORT, made_at=now, needs_case=False)
    yes = {"status": Referral.Status.ACCEPTED}
    no = {"status": Referral.Status.DECLINED, "decline_reason": Referral.Declined.choices[0][0]}
    for number in range(EARLIER_REFERRALS):
        answer = yes if number < EARLIER_YES else no
        make.referral(
            to=partner, resident=somebody, made_at=now - timedelta(minutes=9), sent_at=now - timedelta(minutes=8),
            answered_at=now, **answer,
        )  # fmt: skip


@pytest.fixture
def relay(monkeypatch) -> Callable[[], None]:
    """What relay and worker do: each waiting job is done by its own task."""

    def run() -> None:
        sent: list[tuple[str, list[str]]] = []
        monkeypatch.setattr(outbox.current_app, "send_task", lambda name, args: sent.append((name, args)))
        outbox.relay_once()
        for name, args in sent:
            assert JOBS[name](*args) is True

    return run


def test_one_contact_from_the_phone_call_to_the_dashboard(cast, desk, relay):
    finn, dev, ben, ela, gus = (desk(one).sign_in() for one in vars(cast).values())
    tasks.fold_in()
    dev_finds_no_share_yet(dev)
    resident = finn_registers_the_person_and_logs_the_contact(finn)
    contact = dev_decides_as_suggested_and_allocates(dev)
    case = ben_plans_and_refers(ben)
    relay()
    assert len(mail.outbox) == 1 and mail.outbox[0].to == ["hello@harbour.invalid"]
    assert "Whitcombe" not in mail.outbox[0].subject + mail.outbox[0].body
    ela_receives_accepts_and_completes(ela)
    ben_closes_the_case(ben, case)
    tasks.fold_in()
    dev_reads_the_figure(dev)
    gus_sees_who_opened_what(gus, resident, contact)
    with acting_as_system("system:test"):
        assert Case.objects.get(reference=case).status == Case.Status.CLOSED
        assert not AuditEvent.objects.filter(outcome="refused").exists()


def finn_registers_the_person_and_logs_the_contact(finn: Desk) -> str:
    page = finn.page
    finn.menu("Find a resident")
    finn.type("words", f"{NAME.lower()} 3/4/1991")
    finn.press("Find")
    finn.sees("Nobody was found")
    finn.press("Register a new person")
    expect(page.locator("[name=name]")).to_have_value(NAME)
    finn.type("number", "07700 900123")
    finn.tick(page.locator("[name=safe_to_call]"))
    finn.type("lines", "14 Invented Street")
    finn.type("postcode", "RM10 7AB")
    finn.press("Register this person")
    finn.sees("Record begun")
    resident = page.url.rpartition("/")[2]
    finn.link("Change who they live with")
    finn.link("Begin a household of their own")
    finn.press("Begin a household")
    page.goto(f"/residents/{resident}")
    finn.press("Log a contact")
    finn.type("words", "I owe £2,400 on the rent and the council tax, and the landlord has written that I must leave.")
    finn.choose("needs", "debt")
    finn.type("arrears_pence", "2,400")
    finn.choose("arrears", "rent")
    finn.choose("arrears", "council_tax")
    finn.choose("eviction_risk", "yes")
    finn.tick(page.locator("[name=all_five]"))
    finn.choose("basis", "privacy_notice")
    finn.choose("outcome", "to_triage")
    finn.press("Save the contact")
    finn.sees("Now decide how much help, or leave it in the queue")
    finn.sees("Suggested: Support")
    return resident


def dev_decides_as_suggested_and_allocates(dev: Desk) -> str:
    page = dev.page
    dev.menu("Triage")
    dev.link(NAME)
    contact = page.url.rpartition("/")[2]
    dev.press("Take it")
    dev.sees("You have taken this contact")
    dev.choose("tier", str(int(Tier.SUPPORT)))
    dev.choose("outcome", "to_triage")
    dev.enter(page.get_by_role("button", name="Decide", exact=True))
    dev.sees("Decided: Support")
    dev.menu("Allocate")
    dev.link(NAME)
    dev.pick("lead", "Ben Osei")
    dev.pick("team", "Family help")
    dev.press("Open the case")
    dev.sees(NAME)
    return contact


def ben_plans_and_refers(ben: Desk) -> str:
    page = ben.page
    ben.menu("Cases")
    ben.enter(page.get_by_role("main").locator("a[href^='/cases/CS-']").first)
    expect(page).to_have_url(CASE)
    case = CASE.search(page.url)[1]
    ben.press("Write a note")
    ben.choose("kind", "call")
    ben.type("text", "Rang Nadia. She has not opened the last two letters; we read them together.")
    ben.press("Save the note")
    ben.sees("we read them together")
    ben.link("Plan")
    ben.press("Add a need")
    ben.reach(page.locator("[name=need]"))
    page.keyboard.press("ArrowDown")
    ben.type("goal", "Stay in the flat and pay the rent as it falls due")
    ben.choose("baseline", "2")
    ben.press("Add the need")
    ben.link("Add an action")
    ben.type("what", "Ask the landlord for a payment plan")
    ben.pick("owner", "Ben Osei")
    tomorrow = timezone.localdate() + timedelta(days=1)
    for part, value in enumerate((tomorrow.day, tomorrow.month, tomorrow.year)):
        ben.type(f"due_on_{part}", str(value))
    ben.press("Add the action")
    ben.sees("Ask the landlord for a payment plan")
    ben_refers_to_the_partner(ben, case)
    return case


def ben_refers_to_the_partner(ben: Desk, case: str) -> None:
    page = ben.page
    ben.link("Overview")
    ben.link("Refer")
    ben.pick("taker", page.locator("[name=taker] option", has_text="Harbour Food Bank").first.inner_text())
    ben.type("reason", "Food for one adult until the first of the month")
    ben.press("Save and see what they will see")
    ben.sees("Without that, nothing can be sent")
    ben.type("purpose", "Help with food")
    for kind in ("name", "contact", "need"):
        ben.choose("shared", kind)
    ben.choose("basis", "agreed")
    ben.press("Record the agreement")
    ben.sees("This is all they see")
    ben.sees("07700 900123")
    ben.press("Send to Harbour Food Bank")
    ben.sees("Harbour Food Bank has not opened it yet")


def ela_receives_accepts_and_completes(ela: Desk) -> None:
    page = ela.page
    ela.menu("Inbox")
    ela.link(NAME)
    ela.sees("Food for one adult until the first of the month")
    expect(page.get_by_role("main")).not_to_contain_text("landlord")
    ela.press("We have it and will answer later")
    if "/inbox/CS-" not in page.url:
        ela.link(NAME)
    ela.enter(page.locator("summary", has_text="Write to the council"))
    ela.reach(page.locator("#message_text"))
    page.keyboard.insert_text("Is there a cooker at home?")
    ela.press("Send the message")
    ela.sees("Is there a cooker at home?")
    ela.choose("answer", "accept")
    ela.press("Send your answer")
    if "/inbox/CS-" not in page.url:
        ela.link(NAME)
    ela.press("We have begun")
    page.locator("summary", has_text="Our work is over").or_(page.locator("[name=outcome]")).first.wait_for()
    if not page.locator("[name=outcome]").first.is_visible():
        ela.enter(page.locator("summary", has_text="Our work is over"))
    ela.tick(page.locator("[name=outcome]").first)
    ela.press("Complete")


def ben_closes_the_case(ben: Desk, case: str) -> None:
    page = ben.page
    page.goto(f"/cases/{case}/close")
    ben.sees("The case cannot close yet")
    page.goto(f"/cases/{case}/plan")
    ben.press("Done")
    page.goto(f"/cases/{case}/plan")
    ben.link("Settle")
    ben.tick(page.locator("[name=result]").first)
    ben.choose("latest", "5")
    ben.type("outcome", "A payment plan of £40 a month stands; the notice is withdrawn.")
    ben.press("Settle the need")
    page.goto(f"/cases/{case}/close")
    ben.tick(page.get_by_label("Outcomes met"))
    ben.type("summary", "Arrears agreed and paid down, food until the first of the month.")
    ben.type("resident_view", "I can sleep again.")
    ben.press("Close the case")
    ben.sees("This case is closed")


def dev_finds_no_share_yet(dev: Desk) -> None:
    """Of 19 answered referrals no share is shown."""
    dev.page.goto("/measures/referral-acceptance")
    expect(this_month(dev, "referral-acceptance")).not_to_contain_text("%")


def dev_reads_the_figure(dev: Desk) -> None:
    dev.menu("Dashboard")
    expect(this_month(dev, "tier-mix")).to_contain_text(f"{EARLIER_DECISIONS + 1}")
    dev.link("Referrals that partners accept")
    expect(this_month(dev, "referral-acceptance").locator("td")).to_have_text(["75%", "20"])


def this_month(dev: Desk, measure: str) -> Locator:
    """The row of the present month in the table behind a chart."""
    row = dev.page.locator(f"#{measure} tbody tr").last
    expect(row.locator("th")).to_contain_text("so far")
    return row


def gus_sees_who_opened_what(gus: Desk, resident: str, contact: str) -> None:
    gus.menu("Who saw what")
    gus.enter(gus.page.locator("summary", has_text="Filter by record"))
    gus.type("record", resident)
    gus.press("Show")
    gus.sees("Entries found, newest first")
    for name in ("Ela Novak", "Ben Osei", "Dev Patel", "Finn Archer"):  # newest first
        opened = gus.page.locator("tbody tr", has_text=name).filter(has_text="Opened")
        while not opened.count():
            gus.link("Older")
        expect(opened.first).to_contain_text(resident)
    gus.sees(contact)
    expect(gus.page.get_by_role("main")).not_to_contain_text(NAME)
