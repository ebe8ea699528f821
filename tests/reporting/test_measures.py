"""Each measure equals a plain-Python computation over the same records, month by month."""

from datetime import UTC, date, datetime

import pytest

from accounts.models import Role
from reporting.measures import MEASURES, QUESTIONS, find_measure
from reporting.months import begins, month_of, next_month
from tests import make
from tests.reporting import plain
from tests.reporting.worlds import MONTHS, World


def taken(measure, months):
    """Readings as the plain computation writes them."""
    found = {month: {} for month in months}
    for month, name, top, of in measure.readings(months):
        assert name not in found[month], "one reading for each slice"
        assert isinstance(top, int) and (of is None or isinstance(of, int))
        if not name or top or of:
            found[month][name] = (top, of)
    return found


@pytest.mark.parametrize("seed", range(3))
def test_each_measure_equals_a_plain_computation(seed, system):
    World(seed).fill()
    plain.forget()
    for measure in MEASURES:
        found = taken(measure, MONTHS)
        for month in MONTHS:
            assert found[month] == plain.reading(measure.key, month), (measure.key, month)


def test_some_months_alone_say_the_same_as_all_together(system):
    World(7, size=30).fill()
    some = [MONTHS[3], MONTHS[20], MONTHS[9]]
    for measure in MEASURES:
        every = taken(measure, MONTHS)
        assert taken(measure, some) == {month: every[month] for month in some}, measure.key


@pytest.mark.parametrize("measure", MEASURES, ids=lambda one: one.key)
def test_an_empty_month_is_nought(measure, system):
    months = [date(2024, 2, 1), date(2026, 1, 1)]
    rows = measure.readings(months)
    assert sorted(row.month for row in rows) == months
    assert {(row.slice, row.numerator, row.denominator or 0) for row in rows} == {("", 0, 0)}
    assert measure.readings([]) == []


@pytest.mark.parametrize("measure", MEASURES, ids=lambda one: one.key)
def test_one_query_for_any_number_of_months(measure, system, django_assert_num_queries):
    with django_assert_num_queries(1):
        measure.readings(MONTHS)


@pytest.mark.parametrize(
    ("at", "month"),
    [
        (datetime(2026, 5, 31, 23, 30, tzinfo=UTC), date(2026, 6, 1)),  # half past midnight on 1 June in London
        (datetime(2026, 5, 31, 22, 59, 59, tzinfo=UTC), date(2026, 5, 1)),
        (datetime(2026, 1, 31, 23, 59, 59, tzinfo=UTC), date(2026, 1, 1)),
        (datetime(2026, 2, 1, 0, 0, tzinfo=UTC), date(2026, 2, 1)),
        (datetime(2024, 2, 29, 23, 59, tzinfo=UTC), date(2024, 2, 1)),
        (datetime(2026, 3, 29, 1, 0, tzinfo=UTC), date(2026, 3, 1)),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), date(2026, 10, 1)),
    ],
)
def test_a_contact_counts_in_its_local_month(at, month, system):
    make.contact(make.resident(), received_at=at)
    assert month_of(at) == month
    around = [date(2024, 1, 1), date(2024, 2, 1), date(2024, 3, 1), *MONTHS[24:]]
    found = taken(find_measure("contacts"), around)
    assert [one for one in around if found[one][""][0]] == [month]


def test_months_are_half_open_and_follow_each_other():
    for month in MONTHS:
        assert month_of(begins(month)) == month
        assert begins(next_month(month)) > begins(month)


def test_the_present_lead_does_not_rewrite_the_past(system, dev):
    old, new = (make.user(name, Role.CASEWORKER) for name in ("Old Lead", "New Lead"))
    case = make.case(lead=old, opened_at=datetime(2026, 1, 5, tzinfo=UTC))
    type(case).objects.filter(pk=case.pk).update(lead=new)
    found = taken(find_measure("caseload"), [date(2026, 2, 1)])
    assert found[date(2026, 2, 1)] == {"": (1, None), str(old.pk): (1, None)}


def test_measures_are_found_in_the_files_of_their_subjects():
    """Adding a measure edits one file: there is no other list to keep."""
    assert [one.key for question in QUESTIONS for one in question.measures] == [one.key for one in MEASURES]
    assert len({one.key for one in MEASURES}) == len(MEASURES)
    for measure in MEASURES:
        assert hasattr(plain, measure.key.replace("-", "_")), "and its plain counterpart"
        for words in ("label", "meaning", "source", "caveat", "numerator", "denominator", "population", "period"):
            assert getattr(measure, words), (measure.key, words)
        assert len(measure.key) <= 40 and all(len(name) <= 60 for name in measure.slices)
