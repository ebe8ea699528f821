"""What was composed once for somebody asks for the next person, on the next day, what would be composed for them."""

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.utils import timezone

from accounts.models import Role, User
from cases import desk_due, overview, safety_due
from cases import work_due as of_cases
from desk import guide
from ledger.composed import Composed
from referrals import work_due as of_referrals
from residents import reach, search
from residents.views import single
from tests import make
from triage import overview as of_triage

pytestmark = pytest.mark.django_db

QUESTIONS = {
    name: one
    for room in (of_cases, desk_due, safety_due, of_referrals)
    for name, one in vars(room).items()
    if isinstance(one, Composed)
}


ABOUT_RECORDS = {
    "resident": (single.ABOUT.question, (7, 9_000_000_000)),
    "reach": (reach.TO_ONE.question, (7, 9_000_000_000)),
    "case": (overview.FACTS, (7, 9_000_000_000)),
    "first steps": (guide.BEGINNING.question, (7, 9_000_000_000)),
    "contact": (of_triage.CONTACT.question, (7, 9_000_000_000)),
    "who works with them": (of_triage.INVOLVED, ([7], [9_000_000_000, 8, 7])),
    "what came before": (of_triage.EARLIER, ([7], [9_000_000_000, 8, 7])),
    "people found": (search.SHOWN, ([7], [9_000_000_000, 8, 7], [1, 2])),
}


def plain(make_rows, user, at, *about):
    try:
        return make_rows(user, at, *about).query.get_compiler("default").as_sql()
    except EmptyResultSet:
        return None


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_next_person_is_asked_for_as_if_composed_for_them(system, name):
    make_rows, days = QUESTIONS[name]._make, QUESTIONS[name]._days
    for role in (Role.FRONT_DOOR, Role.CASEWORKER, Role.MANAGER, Role.PARTNER):
        question = Composed(make_rows, days=days)
        first = make.user(f"Amy {role}", role, teams=[make.team(f"One {role}")])
        second = make.user(f"Zoe {role}", role, teams=[make.team(f"Two {role}")])
        for user, at in (
            (first, make.NOON),
            (second, make.NOON + timedelta(minutes=7)),
            (second, make.NOON + timedelta(days=1)),
            (first, make.NOON + timedelta(days=200, hours=5)),
            (second, timezone.now()),
        ):
            asked, wanted = question.asked(user, at), plain(make_rows, user, at)
            assert (asked and asked[1:]) == (wanted and (wanted[0], tuple(wanted[1])))


@pytest.mark.parametrize("name", ABOUT_RECORDS)
def test_the_next_record_is_asked_for_as_if_composed_for_it(system, ben, dev, finn, name):
    """A worker, a manager, a manager on duty; two of one role; a moment later; two records, or lists of several."""
    question, records = ABOUT_RECORDS[name]
    on_duty, other = make.user("Una Duty", Role.MANAGER), make.user("Bob Bell", Role.CASEWORKER)
    User.objects.filter(pk=on_duty.pk).update(duty_manager=True)
    on_duty.refresh_from_db()
    for user in (ben, other, dev, on_duty, finn):
        for at in (timezone.now(), timezone.now() + timedelta(seconds=9)):
            for key in records:
                asked, wanted = question.asked(user, at, key), plain(question._make, user, at, key)
                said = [one if not isinstance(one, datetime) else "a moment" for one in asked[2]]
                assert asked[1] == wanted[0]
                assert said == [one if not isinstance(one, datetime) else "a moment" for one in wanted[1]]


def test_what_is_selected_and_annotated_comes_with_the_rows(system, ben, finn, django_assert_num_queries):
    case, at = make.case(lead=ben), timezone.now()

    for _ in range(2):
        with django_assert_num_queries(1):
            row = of_cases.CASES.rows(ben, at)[0]
            assert (row, row.lead_name) == (case, ben.name) and row.called
    assert of_cases.CASES.rows(finn, at) == []


@pytest.mark.parametrize("question", [of_referrals.REFERRALS, of_cases.GAINS, of_cases.ACTIONS])
def test_no_question_of_my_work_asks_for_its_own_table_twice(system, ben, question):
    """In an OR that would read every row that there ever was, for each person who opens the page."""
    compiler, sql, _ = question.asked(ben, make.NOON)
    assert sql.count(f'FROM "{compiler.query.model._meta.db_table}"') == 1


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_is_planned_once_for_everybody(system, ben, dev, name):
    """To plan home's questions anew, with the policies of their tables, took twenty times as long as to answer them."""
    for user in (ben, dev, ben, dev):
        QUESTIONS[name].rows(user, timezone.now())
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT max(generic_plans), sum(custom_plans) FROM pg_prepared_statements WHERE name LIKE 'asked%'"
        )
        often, anew = cursor.fetchone()
    assert often >= 2
    assert anew == 0
