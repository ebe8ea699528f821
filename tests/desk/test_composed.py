"""What was composed once for somebody asks for the next person, on the next day, what would be composed for them."""

from datetime import timedelta

import pytest
from django.core.exceptions import EmptyResultSet
from django.utils import timezone

from accounts.models import Role
from cases import desk_due, safety_due
from cases import work_due as of_cases
from ledger.composed import Composed
from referrals import work_due as of_referrals
from tests import make

pytestmark = pytest.mark.django_db

QUESTIONS = {
    name: one
    for room in (of_cases, desk_due, safety_due, of_referrals)
    for name, one in vars(room).items()
    if isinstance(one, Composed)
}


def plain(make_rows, user, at):
    try:
        return make_rows(user, at).query.get_compiler("default").as_sql()
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
