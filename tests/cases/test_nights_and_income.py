"""Counting nights and money: across daylight saving and month edges, and for any amounts."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from cases import actions
from cases.income import MOST_PENCE, Per, weekly_pence, yearly_gain
from cases.models import IncomeGain, Placement
from cases.nights import bed_and_breakfast_since, leave_by, nights_between
from ledger.acting import acting_as
from ledger.moves import InvalidMove
from residents.models import ChronologyEntry
from tests import make
from tests.make import NOON, TODAY

LATER = NOON + timedelta(days=30)
pence = st.integers(0, MOST_PENCE)


# --- nights ------------------------------------------------------------------------------------------------------


def stay(kind, starts_on, ends_on=None):
    return SimpleNamespace(kind=kind, starts_on=starts_on, ends_on=ends_on)


BNB, HOSTEL = Placement.Kind.BED_AND_BREAKFAST, Placement.Kind.HOSTEL


@pytest.mark.parametrize(
    ("first", "left", "nights"),
    [
        (date(2026, 3, 28), date(2026, 3, 30), 2),  # the clocks go forward in the night of the 29th
        (date(2026, 10, 24), date(2026, 10, 26), 2),  # and back in that of the 25th
        (date(2026, 1, 31), date(2026, 2, 1), 1),
        (date(2028, 2, 28), date(2028, 3, 1), 2),  # a leap year
        (date(2026, 2, 28), date(2026, 3, 1), 1),
        (date(2026, 12, 31), date(2027, 1, 1), 1),
        (date(2026, 3, 1), date(2026, 3, 1), 0),
    ],
)
def test_a_night_is_a_night(first, left, nights):
    assert Placement(starts_on=first, ends_on=left).nights(date(2030, 1, 1)) == nights
    assert Placement(starts_on=first).nights(left) == nights
    assert nights_between(first, left) == nights


def test_six_weeks_run_from_the_first_night_on():
    assert leave_by(date(2026, 3, 1)) == date(2026, 4, 12)
    assert nights_between(date(2026, 3, 1), leave_by(date(2026, 3, 1))) == 42


@pytest.mark.parametrize(
    ("stays", "since"),
    [
        ([], None),
        ([stay(BNB, date(2026, 3, 1))], date(2026, 3, 1)),
        ([stay(HOSTEL, date(2026, 3, 1))], None),
        ([stay(BNB, date(2026, 3, 1), date(2026, 3, 9))], None),
        ([stay(BNB, date(2026, 3, 1), date(2026, 3, 9)), stay(BNB, date(2026, 3, 9))], date(2026, 3, 1)),
        ([stay(BNB, date(2026, 3, 1), date(2026, 3, 9)), stay(BNB, date(2026, 3, 10))], date(2026, 3, 10)),
        ([stay(BNB, date(2026, 3, 1), date(2026, 3, 9)), stay(HOSTEL, date(2026, 3, 9))], None),
        (
            [
                stay(BNB, date(2026, 1, 1), date(2026, 2, 1)),
                stay(HOSTEL, date(2026, 2, 1), date(2026, 3, 1)),
                stay(BNB, date(2026, 3, 1)),
            ],
            date(2026, 3, 1),
        ),
    ],
)
def test_a_move_between_bed_and_breakfasts_does_not_begin_the_six_weeks_anew(stays, since):
    assert bed_and_breakfast_since(stays) == since
    assert bed_and_breakfast_since(reversed(stays)) == since


@pytest.fixture
def case(ben):
    return make.case(lead=ben)


def test_a_household_is_placed_moves_and_leaves(case, ben):
    with acting_as(ben):
        first = actions.start_placement(case, kind=BNB, place="A refuge", starts_on=TODAY, by=ben, at=NOON)
        second = actions.move_placement(first, kind=HOSTEL, on=TODAY + timedelta(days=10), by=ben, at=LATER)
        left = actions.end_placement(second, on=TODAY + timedelta(days=20), because="settled", by=ben, at=LATER)
    first.refresh_from_db()
    assert (first.ended_because, first.ends_on, second.moved_from) == ("moved_within", second.starts_on, first)
    assert first.nights(TODAY) + left.nights(TODAY) == 20
    told = " ".join(ChronologyEntry.objects.values_list("heading", flat=True))
    assert "Placed in temporary accommodation: bed and breakfast" in told and "A refuge" not in told


def test_what_a_placement_refuses(case, ben):
    tomorrow = TODAY + timedelta(days=1)
    with pytest.raises(ValidationError, match="today or in the past"):
        actions.start_placement(case, kind=BNB, starts_on=tomorrow, by=ben, at=NOON)
    stay = actions.start_placement(case, kind=BNB, starts_on=TODAY, by=ben, at=NOON)
    with pytest.raises(ValidationError, match="already on that night"):
        actions.start_placement(case, kind=BNB, starts_on=TODAY, by=ben, at=NOON)
    with pytest.raises(ValidationError, match="after the first night"):
        actions.end_placement(stay, on=TODAY, because="left", by=ben, at=LATER)
    with pytest.raises(ValidationError, match="Record a move"):
        actions.end_placement(stay, on=tomorrow, because="moved_within", by=ben, at=LATER)
    actions.end_placement(stay, on=tomorrow, because="left", by=ben, at=LATER)
    for act in (
        lambda: actions.end_placement(stay, on=tomorrow, because="left", by=ben, at=LATER),
        lambda: actions.move_placement(stay, kind=BNB, on=tomorrow, by=ben, at=LATER),
    ):
        with pytest.raises(InvalidMove, match="ended already"):
            act()
    with pytest.raises(ValidationError, match="already on that night"):
        actions.start_placement(case, kind=BNB, starts_on=TODAY - timedelta(days=5), by=ben, at=LATER)
    assert actions.start_placement(case, kind=BNB, starts_on=tomorrow, by=ben, at=LATER).moved_from is None


def test_a_night_begins_by_london_time(case, ben):
    late = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)  # half past midnight on 1 July in London
    assert actions.start_placement(case, kind=BNB, starts_on=date(2026, 7, 1), by=ben, at=late).pk


# --- money -------------------------------------------------------------------------------------------------------


@given(before=pence, more=pence, weeks=st.integers(1, 52), once=pence)
def test_only_what_is_added_counts(before, more, weeks, once):
    after = before + more
    if after > MOST_PENCE or not (more or once):
        with pytest.raises(ValidationError):
            yearly_gain(before, after, weeks, once)
    else:
        assert yearly_gain(before, after, weeks, once) == more * weeks + once


@given(before=st.integers(-5, 100), after=st.integers(-5, 100), weeks=st.integers(-2, 55), once=st.integers(-5, 100))
def test_what_cannot_be_is_refused_and_nothing_else(before, after, weeks, once):
    fine = min(before, after, once) >= 0 and after >= before and 1 <= weeks <= 52 and (after > before or once)
    try:
        value = yearly_gain(before, after, weeks, once)
    except ValidationError:
        assert not fine
    else:
        assert fine and value > 0


@given(amount=pence)
def test_amounts_come_down_to_a_week(amount):
    assert weekly_pence(amount, Per.WEEK) == amount
    assert abs(weekly_pence(amount, Per.FOUR_WEEKS) * 4 - amount) <= 2
    assert abs(weekly_pence(amount, Per.MONTH) * 52 - amount * 12) <= 26
    assert abs(weekly_pence(amount, Per.YEAR) * 52 - amount) <= 26


@given(low=pence, high=pence, per=st.sampled_from(Per))
def test_more_stays_more(low, high, per):
    low, high = sorted((low, high))
    assert weekly_pence(low, per) <= weekly_pence(high, per)


def claim(case, ben, **fields):
    person = case.members.get().resident
    wanted = {
        "kind": "universal_credit",
        "weekly_before_pence": 12000,
        "weekly_after_pence": 16550,
        "claimed_on": TODAY,
    }
    return actions.claim_gain(person, case=case, **{**wanted, **fields}, by=ben, at=NOON)


def test_universal_credit_counts_after_minus_before(case, ben):
    with acting_as(ben):
        gain = claim(case, ben)
        assert (gain.status, gain.value_pence) == ("claimed", 4550 * 52)
        gain = actions.confirm_gain(gain, evidence="Award letter", confirmed_on=TODAY, by=ben, at=NOON)
    assert (gain.status, gain.value_pence, gain.confirmed_on) == ("confirmed", 4550 * 52, TODAY)


def test_a_shorter_award_and_a_backdated_one(case, ben):
    gain = claim(case, ben, weeks=13, one_off_pence=10000)
    assert gain.value_pence == 4550 * 13 + 10000
    fewer = actions.confirm_gain(
        gain, evidence="Letter", confirmed_on=TODAY, weeks=10, one_off_pence=0, by=ben, at=NOON
    )
    assert fewer.value_pence == 45500


def test_every_move_of_a_gain_from_every_status(case, ben):
    verbs = {
        "confirm": lambda gain: actions.confirm_gain(gain, evidence="x", confirmed_on=TODAY, by=ben, at=NOON),
        "refuse": lambda gain: actions.refuse_gain(gain, evidence="x", by=ben, at=NOON),
    }
    for first in verbs.values():
        for second in verbs.values():
            gain = claim(case, ben)
            first(gain)
            with pytest.raises(InvalidMove):
                second(gain)
    assert IncomeGain.objects.filter(status="refused", confirmed_on=None).count() == 2


def test_what_a_gain_refuses(case, ben):
    with pytest.raises(ValidationError, match="must not be less"):
        claim(case, ben, weekly_after_pence=11999)
    with pytest.raises(ValidationError, match="today or in the past"):
        claim(case, ben, claimed_on=TODAY + timedelta(days=1))
    with pytest.raises(ValidationError, match="who is on the case"):
        actions.claim_gain(
            make.resident("X"), case=case, kind="pip", weekly_after_pence=1, claimed_on=TODAY, by=ben, at=NOON
        )
    gain = claim(case, ben)
    with pytest.raises(ValidationError, match="what shows it"):
        actions.confirm_gain(gain, evidence=" ", confirmed_on=TODAY, by=ben, at=NOON)
    with pytest.raises(ValidationError, match="between the claim and today"):
        actions.confirm_gain(gain, evidence="x", confirmed_on=TODAY - timedelta(days=1), by=ben, at=NOON)


def test_a_gain_without_a_case(ben):
    person = make.resident()
    gain = actions.claim_gain(person, kind="warm_home", one_off_pence=15000, claimed_on=TODAY, by=ben, at=NOON)
    assert actions.confirm_gain(gain, evidence="Bill", confirmed_on=TODAY, by=ben, at=NOON).value_pence == 15000
