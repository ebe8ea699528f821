"""What was drawn is kept until the figures, the notes or the hour change; by role; and never before the first run."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Role
from reporting import actions
from reporting.kept import standing
from reporting.models import Reading, Run
from tests import make

JULY = date(2026, 7, 1)


@pytest.fixture
def july(system):
    """Twenty contacts in July, folded in."""
    for number in range(20):
        make.contact(make.resident(), received_at=make.NOON.replace(month=7) + timedelta(hours=number))
    return actions.fold_in()


def ask(browser, address="/dashboard?to=2026-07&months=6"):
    with CaptureQueriesContext(connection) as queries:
        answer = browser.get(address)
    assert answer.status_code == 200
    return answer.content.decode(), sum("reporting_reading" in one["sql"] for one in queries)


@pytest.mark.parametrize("address", ["/dashboard?to=2026-07&months=6", "/dashboard.csv?to=2026-07&months=6"])
def test_what_was_drawn_is_not_drawn_twice_and_new_work_is_drawn(address, july, dev, sign_in):
    browser = sign_in(dev)
    first, reads = ask(browser, address)
    again, none = ask(browser, address)
    assert reads and not none
    strip = (lambda text: text.split("<main")[1]) if "csv" not in address else str
    assert strip(first) == strip(again)
    make.contact(make.resident(), received_at=make.NOON.replace(month=7))
    actions.fold_in()
    later, reads = ask(browser, address)
    assert reads and later != first and ">21<" in later.replace(",21,", ">21<")


def test_a_measure_that_a_running_computation_has_done_is_drawn(july, dev, sign_in):
    browser = sign_in(dev)
    busy = Run.objects.create(kind="full", started_at=timezone.now())
    ask(browser)
    Reading.objects.filter(measure="contacts", month=JULY, slice="").update(numerator=4_321)
    assert "4,321" not in ask(browser)[0]
    Run.objects.filter(pk=busy.pk).update(steps_done=1)
    assert "4,321" in ask(browser)[0]


def test_a_note_is_drawn_at_once(july, dev, sign_in):
    browser = sign_in(dev)
    ask(browser)
    before = standing().stamp
    actions.add_annotation(on=date(2026, 7, 3), text="Two teams became one", by=dev)
    assert standing().stamp != before
    assert ask(browser)[1], "drawn again"


def test_another_role_or_hour_never_gets_what_was_kept(july, monkeypatch):
    stands, hour = standing(), timezone.now()
    assert stands.keep("page", 1, role=Role.MANAGER, draw=lambda: "a manager's") == "a manager's"
    assert stands.keep("page", 1, role=Role.MANAGER, draw=lambda: "again") == "a manager's"
    assert stands.keep("page", 1, role=Role.GOVERNANCE, draw=lambda: "another's") == "another's"
    assert stands.keep("page", 2, role=Role.MANAGER, draw=lambda: "of another period") == "of another period"
    monkeypatch.setattr(timezone, "now", lambda: hour + timedelta(hours=1))
    assert stands.keep("page", 1, role=Role.MANAGER, draw=lambda: "an hour later") == "an hour later"


def test_before_the_first_run_nothing_is_kept(system):
    assert standing().stamp == ()
    assert [standing().keep("page", role=Role.MANAGER, draw=lambda one=one: one) for one in (1, 2)] == [1, 2]
