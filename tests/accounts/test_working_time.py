"""Working days, opening hours and calendar clocks, exact at holidays, leap days and both clock changes."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.working_time import (
    LONDON,
    OFFICE_HOURS,
    OpeningHours,
    add_calendar_days,
    add_hours,
    add_months,
    add_working_days,
    add_working_hours,
    add_working_minutes,
    at_local,
    is_open,
    is_working_day,
    local_day,
    next_open,
    working_day_after,
    working_day_before,
    working_days_between,
    working_minutes_between,
)

LATE_SHIFT = OpeningHours.weekly(time(18), time(0), weekdays=(0, 1, 2, 3, 4, 5, 6))
SATURDAYS_TOO = OpeningHours(((time(8, 30), time(18)),) * 4 + ((time(9), time(16, 30)), (time(10), time(13)), None))

moments = st.datetimes(datetime(2025, 1, 1), datetime(2029, 12, 31), timezones=st.just(UTC))
minutes = st.integers(0, 6_000)
openings = st.sampled_from([OFFICE_HOURS, LATE_SHIFT, SATURDAYS_TOO])


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


@pytest.mark.parametrize(
    ("day", "working"),
    [
        ("2026-04-02", True),
        ("2026-04-03", False),  # Good Friday
        ("2026-04-06", False),  # Easter Monday
        ("2026-05-04", False),
        ("2026-05-25", False),
        ("2026-08-31", False),
        ("2026-12-25", False),
        ("2026-12-28", False),  # instead of Boxing Day on a Saturday
        ("2026-12-29", True),
        ("2027-12-27", False),
        ("2027-12-28", False),
        ("2028-01-03", False),
        ("2028-02-29", True),
        ("2026-11-30", True),  # St Andrew's Day is Scotland's
        ("2026-03-17", True),  # St Patrick's Day is Northern Ireland's
        ("2026-06-06", False),
    ],
)
def test_working_days_are_englands(day, working):
    assert is_working_day(date.fromisoformat(day)) is working


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        ("2026-06-01 10:00", 0, "2026-06-01 17:00"),
        ("2026-06-06 10:00", 0, "2026-06-08 17:00"),
        ("2026-06-05 16:59", 1, "2026-06-08 17:00"),
        ("2026-06-05 23:30", 1, "2026-06-08 17:00"),
        ("2026-06-06 00:10", 1, "2026-06-08 17:00"),
        ("2026-04-02 10:00", 1, "2026-04-07 17:00"),
        ("2026-12-24 15:00", 5, "2027-01-05 17:00"),
        ("2028-02-28 10:00", 1, "2028-02-29 17:00"),
        ("2026-03-27 10:00", 1, "2026-03-30 17:00"),
        ("2026-10-23 10:00", 1, "2026-10-26 17:00"),
    ],
)
def test_days_count_from_the_day_after_receipt_and_end_at_closing(start, days, due):
    assert add_working_days(local(start), days) == local(due)


def test_the_day_of_receipt_is_the_london_day():
    assert local_day(datetime(2026, 5, 31, 23, 30, tzinfo=UTC)) == date(2026, 6, 1)
    assert local_day(datetime(2026, 12, 31, 23, 30, tzinfo=UTC)) == date(2026, 12, 31)


def test_a_team_that_closes_early_is_due_early():
    assert add_working_days(local("2026-06-04 12:00"), 1, SATURDAYS_TOO) == local("2026-06-05 16:30")


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        ("2026-06-01 10:00", 8, "2026-06-02 10:00"),
        ("2026-06-01 09:00", 8, "2026-06-01 17:00"),
        ("2026-06-05 16:30", 8, "2026-06-08 16:30"),
        ("2026-06-06 10:00", 8, "2026-06-08 17:00"),
        ("2026-12-24 15:00", 24, "2026-12-31 15:00"),
        ("2026-03-27 15:00", 8, "2026-03-30 15:00"),
        ("2026-06-06 10:00", 0, "2026-06-08 09:00"),
    ],
)
def test_working_hours_stop_while_the_team_is_shut(start, hours, due):
    assert add_working_hours(local(start), hours) == local(due)


def test_a_shift_that_ends_at_midnight_keeps_its_last_minute():
    midnight = local("2026-06-02 00:00")
    assert add_working_minutes(local("2026-06-01 23:00"), 60, LATE_SHIFT) == midnight
    assert is_open(midnight, LATE_SHIFT)
    assert next_open(local("2026-06-02 00:01"), LATE_SHIFT) == local("2026-06-02 18:00")


@pytest.mark.parametrize(
    ("start", "due"), [("2026-03-28 12:00", "2026-03-29 13:00"), ("2026-10-24 12:00", "2026-10-25 11:00")]
)
def test_24_hours_are_24_hours_when_the_clocks_change(start, due):
    assert add_hours(local(start), 24) == local(due)
    assert add_hours(local(start), 24) - local(start).astimezone(UTC) == timedelta(hours=24)


def test_a_round_the_clock_team_works_23_and_25_hours_on_the_days_of_change():
    always = OpeningHours.weekly(time(0), time(0), weekdays=(0, 1, 2, 3, 4, 5, 6))
    assert working_minutes_between(local("2026-03-29 00:00"), local("2026-03-30 00:00"), always) == 23 * 60
    assert working_minutes_between(local("2026-10-25 00:00"), local("2026-10-26 00:00"), always) == 25 * 60


def test_calendar_days_count_weekends_and_holidays():
    assert add_calendar_days(local("2026-12-24 15:00"), 2) == local("2026-12-26 17:00")
    assert add_calendar_days(local("2026-10-05 10:00"), 28) == local("2026-11-02 17:00")


def test_minutes_between_weeks_and_over_holidays():
    assert working_minutes_between(local("2026-04-02 16:00"), local("2026-04-07 10:00")) == 120
    assert working_minutes_between(local("2026-06-06 10:00"), local("2026-06-07 10:00")) == 0
    assert working_minutes_between(local("2026-06-02 10:00"), local("2026-06-01 16:00")) == -120


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        ("2025-08-31", 6, "2026-02-28"),
        ("2027-08-31", 6, "2028-02-29"),
        ("2025-12-01", 6, "2026-06-01"),
        ("2026-12-31", 12, "2027-12-31"),
        ("2026-11-30", 1, "2026-12-30"),
        ("2026-12-31", 2, "2027-02-28"),
    ],
)
def test_months_end_where_the_month_ends(day, months, later):
    assert add_months(date.fromisoformat(day), months) == date.fromisoformat(later)


def test_hours_by_weekday():
    saturday = OpeningHours.from_days({5: (time(9), time(12))})
    assert add_working_minutes(local("2026-06-01 10:00"), 60, saturday) == local("2026-06-06 10:00")
    assert OpeningHours.from_days({}) == OFFICE_HOURS


def test_neighbouring_working_days():
    assert working_day_before(date(2026, 4, 7)) == date(2026, 4, 2)
    assert working_day_after(date(2026, 4, 2), 1) == date(2026, 4, 7)
    assert working_day_after(date(2026, 4, 4), 0) == date(2026, 4, 7)
    assert working_days_between(date(2026, 4, 2), date(2026, 4, 8)) == 2
    assert working_days_between(date(2026, 4, 8), date(2026, 4, 2)) == -2


@pytest.mark.parametrize("ask", [add_hours, add_working_days, add_working_minutes, add_calendar_days])
def test_a_moment_without_a_zone_is_refused(ask):
    with pytest.raises(ValueError, match="time zone"):
        ask(datetime(2026, 6, 1, 10), 1)


def test_backwards_counting_and_impossible_hours_are_refused():
    with pytest.raises(ValueError, match="forwards"):
        add_working_minutes(local("2026-06-01 10:00"), -1)
    with pytest.raises(ValueError, match="forwards"):
        add_working_days(local("2026-06-01 10:00"), -1)
    with pytest.raises(ValueError, match="before it closes"):
        OpeningHours.weekly(time(17), time(9))
    with pytest.raises(ValueError, match="at least one day"):
        OpeningHours((None,) * 7)
    with pytest.raises(ValueError, match="seven days"):
        OpeningHours(((time(9), time(17)),))


@given(moments, minutes, openings)
def test_work_never_ends_while_the_team_is_shut(start, count, opening):
    end = add_working_minutes(start, count, opening)
    assert end >= start
    assert is_open(end, opening)


@given(moments, minutes, openings)
def test_adding_and_measuring_agree(start, count, opening):
    assert working_minutes_between(start, add_working_minutes(start, count, opening), opening) == count


@given(moments, minutes, minutes, openings)
def test_two_steps_are_one(start, first, second, opening):
    end = add_working_minutes(add_working_minutes(start, first, opening), second, opening)
    assert working_minutes_between(start, end, opening) == first + second


@given(moments, moments, minutes, openings)
def test_later_starts_end_no_earlier(one, other, count, opening):
    first, last = sorted((one, other))
    assert add_working_minutes(first, count, opening) <= add_working_minutes(last, count, opening)
    days = count % 30
    assert add_working_days(first, days, opening) <= add_working_days(last, days, opening)
    assert add_calendar_days(first, days, opening) <= add_calendar_days(last, days, opening) + timedelta(hours=3)


@given(moments, st.integers(1, 60))
def test_working_days_end_at_closing_on_a_working_day(start, count):
    due = add_working_days(start, count)
    day = local_day(due)
    assert is_working_day(day)
    assert due == at_local(day, time(17))
    assert working_days_between(local_day(start), day) == count


@given(moments, moments, openings)
def test_time_between_is_the_same_there_and_back(one, other, opening):
    assert working_minutes_between(one, other, opening) == -working_minutes_between(other, one, opening)
