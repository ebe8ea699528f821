"""What figures read, for whom, and two measures at a time."""

from datetime import UTC, datetime

import pytest
from django.db import OperationalError, ProgrammingError, connection, transaction

from accounts.models import Role
from ledger.acting import acting_as, acting_as_system
from reporting import actions
from reporting.measures import MEASURES
from reporting.models import Reading
from tests import make
from tests.reporting.worlds import World

NOW = datetime(2026, 12, 20, 12, tzinfo=UTC)
ASKED = ("restricted_residents", "restricted_members", "restricted_addresses", "walls")
VIEWS = ("contacts", "needs", "decisions", "episodes", "cases", "former_leads", "placements", "gains", "referrals")


def count(view):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM figures.{view}")
        return cursor.fetchone()[0]


def test_there_are_no_other_views(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT schemaname, viewname FROM pg_views WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        )
        assert set(cursor.fetchall()) == {("figures", name) for name in VIEWS} | {("acting", name) for name in ASKED}


@pytest.mark.parametrize("view", ASKED)
def test_what_policies_ask_holds_ids_and_is_not_written_through(view, system):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM acting.{view}")
        columns = [column.name for column in cursor.description]
    assert all(name == "id" or name.endswith("_id") for name in columns)
    for verb in (f"UPDATE acting.{view} SET {columns[0]} = 0", f"DELETE FROM acting.{view}"):
        with pytest.raises((ProgrammingError, OperationalError)), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(verb)


@pytest.mark.parametrize("view", VIEWS)
def test_what_figures_read_is_for_the_system_alone(view, system, finn, dev, ela, gus, ada):
    World(3, size=20).fill()
    assert count(view)
    for person in (finn, dev, ela, gus, ada):
        with acting_as(person):
            assert not count(view), person.role
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('cs.acting', '', true)")
        assert not count(view), "nobody acts"


@pytest.mark.parametrize("view", VIEWS)
def test_nobody_writes_through_them(view, system):
    for verb in (f"UPDATE figures.{view} SET id = 0", f"DELETE FROM figures.{view}"):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(verb.replace("id = 0", "need_id = 0") if view == "needs" else verb)


def test_two_at_a_time_say_what_one_after_the_other_says(committed):
    with acting_as_system("system:test"):
        make.contact(make.resident(), needs=["debt"], received_at=datetime(2026, 11, 3, tzinfo=UTC))
        make.case(lead=make.user("Lead", Role.CASEWORKER), opened_at=datetime(2026, 10, 3, tzinfo=UTC))
    run = actions.recompute(at=NOW)
    assert (run.state, run.steps_done, run.months) == ("done", len(MEASURES), 3)
    with acting_as_system("system:test"):
        together = set(Reading.objects.values_list("measure", "month", "slice", "numerator", "denominator"))
        assert len(together) == run.changed
        assert actions.recompute(at=NOW).changed == 0, "one after the other, inside one transaction"


def test_when_one_fails_no_other_begins(monkeypatch):
    begun = []

    def step(measure):
        begun.append(measure)
        raise IndexError

    monkeypatch.setattr(connection, "close", lambda: None)
    with pytest.raises(IndexError):
        actions._side_by_side(step)
    assert len(begun) <= actions.AT_ONCE
