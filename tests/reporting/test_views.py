"""The pages of figures, as people meet them."""

import csv
from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import escape

from accounts.models import Role
from ledger.models import AuditEvent, OutboxJob
from reporting import actions
from reporting.exports import safe_cell
from reporting.measures import MEASURES, QUESTIONS
from reporting.models import Annotation, Reading, Run
from reporting.months import ending_at, month_of
from tests import make

LAST = month_of(datetime(2026, 10, 15, 12, tzinfo=UTC))
MONTHS = ending_at(LAST, 36)


def fill(months, *, slices=True):
    """Stored readings of every measure, large enough to be shown."""
    rows = []
    for number, month in enumerate(months):
        for measure in MEASURES:
            of = None if measure.unit == "count" else 900 + number
            names = list(measure.slices) if slices else []
            each = 40 + number
            parts = [] if measure.parts == "none" else names
            top = each * (len(parts) or 10) if measure.parts != "net" else 0
            cells = [("", top, of if measure.parts != "both" else of and of * len(parts))]
            cells += [(name, each, of) for name in names]
            rows += [
                Reading(
                    measure=measure.key, month=month, slice=name, numerator=n, denominator=d, computed_at=timezone.now()
                )
                for name, n, d in cells
            ]
    Reading.objects.bulk_create(rows)


@pytest.fixture
def filled(system):
    fill(MONTHS)


def test_the_dashboard_shows_each_figure_with_definition_caveat_picture_and_table(filled, dev, sign_in):
    page = sign_in(dev).get("/dashboard?to=2026-10&months=12").content.decode()
    for measure in MEASURES:
        assert escape(measure.label) in page
        assert escape(measure.meaning) in page and escape(measure.caveat) in page
        assert f'href="/measures/{measure.key}?to=2026-10&amp;months=12"' in page
    assert page.count("app-chart__svg") == page.count("Show the figures as a table") == 4
    assert page.count("What this counts") == len(MEASURES)
    for question in QUESTIONS:
        assert f'href="#{question.place}">{question.short}<' in page
        assert f'id="{question.place}">{question.words}<' in page
    assert "Nov 2025 to Oct 2026" in page


def cost(browser, address):
    """Queries that read or write (the frame of a transaction left out), and bytes."""
    with CaptureQueriesContext(connection) as queries:
        page = browser.get(address)
    asked = [one["sql"] for one in queries if not one["sql"].startswith(("SAVEPOINT", "RELEASE", "SELECT set_config"))]
    return len(asked), len(page.content)


def test_the_dashboard_costs_the_same_at_any_size(system, dev, sign_in):
    browser = sign_in(dev)
    fill(MONTHS[-12:], slices=False)
    few, _ = cost(browser, "/dashboard?to=2026-10&months=12")
    assert few <= 12
    fill(MONTHS[:-12])
    for number in range(30):
        make.contact(make.resident(), received_at=make.NOON + timedelta(minutes=number))
    again, _ = cost(browser, "/dashboard?to=2026-10&months=12")
    many, size = cost(browser, "/dashboard?to=2025-10&months=12")
    assert many == again <= few
    assert size < 48_000


def test_no_figures_yet(dev, sign_in):
    browser = sign_in(dev)
    assert "No figure yet" in browser.get("/dashboard").content.decode()
    assert "No figures to show yet" in browser.get("/measures/contacts").content.decode()


@pytest.mark.parametrize("measure", MEASURES, ids=lambda one: one.key)
def test_each_measure_has_its_page_and_its_file(measure, filled, dev, sign_in):
    browser = sign_in(dev)
    page = browser.get(f"/measures/{measure.key}?to=2026-10&months=6")
    assert page.status_code == 200
    assert measure.numerator in page.content.decode().replace("&#x27;", "'").replace("&quot;", '"')
    file = browser.get(f"/measures/{measure.key}.csv?to=2026-10&months=6")
    lines = list(csv.DictReader(StringIO(file.content.decode())))
    assert {line["measure"] for line in lines} == {measure.key}
    assert len({line["month"] for line in lines}) == 6


def test_a_file_is_in_the_trail(filled, dev, gus, sign_in, as_owner):
    sign_in(dev).get("/dashboard.csv")
    with as_owner():
        event = AuditEvent.objects.get(verb="export")
    assert (event.person_id, event.reference, event.kind) == (dev.pk, "dashboard", "reporting.Reading")


@pytest.mark.parametrize("payload", ["=1+1", "+44", "-2+3", "@SUM(A1)", "\t=1", "\r=1", " =1", '=HYPERLINK("x")'])
def test_a_spreadsheet_takes_no_cell_for_a_formula(payload):
    assert str(safe_cell(payload)).startswith("'")


def test_a_name_that_is_a_formula_is_made_safe_in_the_file(dev, sign_in, system):
    lead = make.user("=HYPERLINK(0)", Role.CASEWORKER)
    for name, number in (("", 40), (str(lead.pk), 40)):
        Reading.objects.create(measure="caseload", month=LAST, slice=name, numerator=number, computed_at=make.NOON)
    file = sign_in(dev).get("/measures/caseload.csv").content.decode()
    assert "'=HYPERLINK(0)" in file
    assert safe_cell(-3) == -3


def test_leads_are_named_to_managers(dev, ben, sign_in):
    for name, number in (("", 40), (str(ben.pk), 40)):
        Reading.objects.create(measure="caseload", month=LAST, slice=name, numerator=number, computed_at=make.NOON)
    assert "Ben Osei" in sign_in(dev).get("/measures/caseload").content.decode()


def test_small_numbers_leave_by_no_way(dev, sign_in, system):
    fill(MONTHS[-12:])
    Reading.objects.filter(measure="tier-mix", month=LAST).delete()
    for name, number in (("", 60), ("1", 3), ("2", 50), ("4", 7)):
        Reading.objects.create(measure="tier-mix", month=LAST, slice=name, numerator=number, computed_at=make.NOON)
    browser = sign_in(dev)
    page = browser.get("/measures/tier-mix").content.decode()
    row = page[page.index('row">Oct 2026') :].split("</tr>")[0]
    assert row.count("Not shown") == 2
    assert ">50<" in row and ">7<" not in row
    lines = csv.DictReader(StringIO(browser.get("/measures/tier-mix.csv").content.decode()))
    hidden = [line for line in lines if line["month"] == "2026-10" and line["note"].startswith("not shown")]
    assert {line["part"] for line in hidden} == {"Access", "Support", "Universal"}, (
        "3 and 7 alone could be told from 10"
    )
    assert all(line["numerator"] == "" for line in hidden)


def test_information_governance_reads_definitions_and_no_figures(filled, gus, sign_in):
    browser = sign_in(gus)
    assert browser.get("/measures").status_code == 200
    assert browser.get("/measures/published").status_code == 200
    for path in ("/dashboard", "/dashboard.csv", "/measures/contacts", "/measures/contacts.csv", "/runs"):
        assert browser.get(path).status_code == 403, path


def test_an_unknown_measure_is_not_found(dev, sign_in):
    assert sign_in(dev).get("/measures/nothing").status_code == 404
    assert sign_in(dev).get("/measures/nothing.csv").status_code == 404


@pytest.mark.parametrize("query", ["to=1999-01&months=12", "to=%00&months=-1", "to=2026-13&months=999999", "months=x"])
def test_nonsense_in_the_address_gives_the_usual_period(query, filled, dev, sign_in):
    assert "Nov 2025 to Oct 2026" in sign_in(dev).get(f"/dashboard?{query}").content.decode()


def test_published_figures_stand_apart_with_their_sources(dev, sign_in, filled):
    page = sign_in(dev).get("/measures/published").content.decode()
    for words in (
        "About 1,960",
        "just over 1,700",
        "Homelessness Reduction Act",
        "17%",
        "34%, down to 24%",
        "£600,000",
        "£150,000",
        "£1.8 million",
        "259",
        "weall.org",
        "apse.org.uk",
    ):
        assert words in page, words
    assert "1,960" not in sign_in(dev).get("/dashboard").content.decode()


def test_runs_show_state_progress_duration_and_error(dev, sign_in, system):
    begun = timezone.now() - timedelta(seconds=5)
    Run.objects.create(
        kind="full",
        state="failed",
        started_at=begun,
        ended_at=begun + timedelta(seconds=2),
        steps=19,
        steps_done=4,
        error="OperationalError",
    )
    page = sign_in(dev).get("/runs").content.decode()
    for words in ("Failed", "OperationalError", "4 of 19", "2.0 seconds", "Everything recomputed"):
        assert words in page
    assert "http-equiv" not in page
    Run.objects.create(kind="fold_in", started_at=begun, steps=19, steps_done=7)
    page = sign_in(dev).get("/runs").content.decode()
    assert '<noscript><meta http-equiv="refresh"' in page
    assert "7 of 19" in page


def test_a_manager_asks_for_a_recomputation_once(dev, sign_in, as_owner):
    once = "6f1c1f9e-8a53-4d8e-9c1b-2f8a6f2f4a10"
    for _ in range(2):
        assert sign_in(dev).post("/runs/recompute", {"once": once}).status_code == 302
    with as_owner():
        assert OutboxJob.objects.filter(job="reporting.recompute_now").count() == 1


def test_the_page_asks_again_for_a_minute_after_somebody_asked(dev, sign_in):
    browser = sign_in(dev)
    answer = browser.post("/runs/recompute", {})
    assert "hx-trigger" in browser.get(answer["Location"]).content.decode()
    for old in ("/runs?asked=1", "/runs?asked=x", "/runs?asked=99999999999999999999", "/runs?asked=²", "/runs"):
        assert "hx-trigger" not in browser.get(old).content.decode()


def test_a_month_is_published_and_says_so(dev, sign_in, system):
    make.contact(make.resident(), received_at=make.NOON)
    actions.fold_in()
    browser = sign_in(dev)
    answer = browser.post("/dashboard/publish", {"month": "2026-03-01"}, follow=True)
    assert "Mar 2026 is published" in answer.content.decode()
    assert Reading.objects.get(measure="contacts", month=date(2026, 3, 1), slice="").frozen_at
    wrong = browser.post("/dashboard/publish", {"month": "2030-01-01"}).content.decode()
    assert "There is a problem" in wrong


def test_a_note_goes_on_the_charts_it_concerns(dev, sign_in, filled):
    browser = sign_in(dev)
    form = {
        "on_0": "3",
        "on_1": "6",
        "on_2": "2026",
        "text": "New boundary",
        "measures": ["ta-households"],
        "source": "",
    }
    assert browser.post("/dashboard/notes", form).status_code == 302
    assert Annotation.objects.get().measures == "ta-households"
    assert "3 Jun 2026: New boundary." in browser.get("/measures/ta-households").content.decode()
    assert "New boundary" not in browser.get("/measures/mash-high-intensity").content.decode()
    refused = browser.post("/dashboard/notes", form | {"on_1": "13"}).content.decode()
    assert "There is a problem" in refused and "New boundary" in refused


def test_a_restated_figure_carries_its_mark(dev, sign_in, filled):
    Reading.objects.filter(measure="contacts", slice="", month=LAST).update(
        frozen_at=make.NOON, frozen_numerator=900, restated_at=make.NOON
    )
    assert "(restated)" in sign_in(dev).get("/measures/contacts").content.decode()
