"""What holds for every contact, whatever was said: properties of the rules, and the words that they use."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.working_time import LONDON, OpeningHours
from intake.answers import SCREENING, SCREENING_KEYS
from intake.needs import HUB_NEEDS, NEED_CODES, NEEDS, Headline, headlines
from triage.clocks import Clock, Clocks, Rag
from triage.facts import (
    ANSWER_KEYS,
    COUNTS,
    DATES,
    FACT_KEYS,
    Answer,
    Facts,
    facts_from_answers,
    facts_snapshot,
)
from triage.indicators import INDICATOR_BY_KEY, INDICATORS
from triage.rules import DEFAULTS, RULE_SET_VERSION, RULES, assess, snapshot
from triage.tiers import Tier

MORNING = datetime(2026, 6, 1, 10, tzinfo=LONDON)
SAFE = {
    "safe_now": Answer.YES,
    "sleep_tonight": Answer.YES,
    "child_at_home": Answer.NO,
    "hurt_or_controlled": Answer.NO,
    "needs_essentials": Answer.NO,
}
REASSURING = {"safe_now", "sleep_tonight", "has_lead", "agreement"}
"""Here the worrying answer is no."""
WORRYING_KEYS = [key for key in ANSWER_KEYS if key not in REASSURING]

SENTENCES = ("You recorded that ", "The record shows that ", "There is no answer to ", "No rule applies to ")

answers = st.sampled_from(list(Answer))
days = st.none() | st.dates(date(2025, 6, 1), date(2026, 9, 30))
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))
VALUES = {
    **dict.fromkeys(ANSWER_KEYS, answers),
    **dict.fromkeys(DATES, days),
    **{key: st.none() | st.integers(0, 5) for key in COUNTS},
    "dash_score": st.none() | st.integers(0, 24),
    "person_age": st.none() | st.integers(10, 100),
    "arrears_pence": st.none() | st.integers(150_000, 250_000),
    "household_ages": st.lists(st.integers(0, 90), max_size=4).map(tuple),
    "needs": st.frozensets(st.sampled_from(sorted(NEED_CODES)), max_size=4),
    "arrears": st.frozensets(st.sampled_from(["rent", "council_tax", "utilities"])),
    "attendance_percent": st.none() | st.decimals(0, 100, places=1),
    "closed_from_tier": st.none() | st.sampled_from(list(Tier)),
    "open_tier": st.none() | st.sampled_from([Tier.SUPPORT, Tier.INTERVENTION]),
    "transactional": st.booleans(),
    "safeguarding_reason": st.booleans(),
}
everything = st.builds(Facts, **VALUES)
a_few_answers = st.lists(st.sampled_from(sorted(VALUES)), max_size=5, unique=True).flatmap(
    lambda keys: st.fixed_dictionaries({key: VALUES[key] for key in keys})
)
safe_but_for_a_few = a_few_answers.map(lambda few: Facts(**SAFE | {"child_worry": Answer.NO} | few))
whatever = st.one_of(safe_but_for_a_few, safe_but_for_a_few, a_few_answers.map(lambda few: Facts(**few)), everything)
calm = st.builds(
    Facts,
    **{key: st.just(answer) for key, answer in SAFE.items()},
    needs=st.frozensets(st.sampled_from(sorted(NEED_CODES)), max_size=2),
    arrears=st.frozensets(st.sampled_from(["rent", "utilities"]), max_size=2),
)


@given(whatever, moments, st.sampled_from(WORRYING_KEYS))
def test_a_yes_in_place_of_a_no_never_lowers_the_tier(facts, at, key):
    before = assess(replace(facts, **{key: Answer.NO}), at)
    after = assess(replace(facts, **{key: Answer.YES}), at)
    assert after.suggested_tier >= before.suggested_tier


@given(calm, st.sampled_from(WORRYING_KEYS))
def test_a_yes_never_lowers_the_tier_of_a_calm_contact_either(facts, key):
    assert assess(replace(facts, **{key: Answer.YES}), MORNING).suggested_tier >= assess(facts, MORNING).suggested_tier


@given(whatever, moments, st.sampled_from(["safe_now", "sleep_tonight"]))
def test_a_no_in_place_of_safe_never_lowers_the_tier(facts, at, key):
    safe = assess(replace(facts, **{key: Answer.YES}), at)
    assert assess(replace(facts, **{key: Answer.NO}), at).suggested_tier >= safe.suggested_tier


@given(whatever, moments, st.sampled_from(SCREENING_KEYS), st.sampled_from([Answer.DECLINED, Answer.UNKNOWN]))
def test_unknown_is_never_below_triage(facts, at, key, answer):
    assert assess(replace(facts, **{key: answer}), at).suggested_tier >= Tier.TRIAGE


@given(whatever, moments, st.sampled_from(SCREENING_KEYS))
def test_not_asked_is_never_below_triage_unless_marked_as_a_simple_enquiry(facts, at, key):
    facts = replace(facts, transactional=False, **{key: Answer.NOT_ASKED})
    assert assess(facts, at).suggested_tier >= Tier.TRIAGE


@given(whatever, moments, st.sampled_from(WORRYING_KEYS))
def test_not_knowing_is_never_calmer_than_no(facts, at, key):
    """A question outside the screening that nobody asked is worth at least as much as a no."""
    no = assess(replace(facts, **{key: Answer.NO}), at)
    assert assess(replace(facts, **{key: Answer.UNKNOWN}), at).suggested_tier >= no.suggested_tier


@given(whatever, moments, st.sampled_from(SCREENING))
def test_a_worrying_screening_answer_is_never_access(facts, at, item):
    assert assess(replace(facts, **{item.key: item.worrying}), at).suggested_tier > Tier.ACCESS


@given(whatever, moments)
def test_a_person_who_is_not_safe_is_dealt_with_today(facts, at):
    found = assess(replace(facts, safe_now=Answer.NO), at)
    assert found.suggested_tier >= Tier.TRIAGE
    assert found.rag == Rag.RED


@given(whatever, moments, st.randoms(use_true_random=False))
def test_the_order_of_the_rules_does_not_matter(facts, at, shuffler: random.Random):
    rules, defaults = list(RULES), list(DEFAULTS)
    shuffler.shuffle(rules)
    shuffler.shuffle(defaults)
    assert assess(facts, at, rules=rules, defaults=defaults) == assess(facts, at)


@given(whatever, moments)
def test_tier_is_the_highest_and_due_the_earliest_of_what_fired(facts, at):
    found = assess(facts, at)
    assert found.fired
    assert found.suggested_tier == max(rule.tier for rule in found.fired)
    assert found.due_at == min(rule.due_at for rule in found.fired)
    assert found.rag == max(rule.rag for rule in found.fired)
    assert found.due_at >= at
    assert found.version == RULE_SET_VERSION


@given(whatever, moments)
def test_every_rule_explains_itself(facts, at):
    for rule in assess(facts, at).fired:
        assert rule.because.startswith(SENTENCES)
        assert rule.because.endswith(".")
        assert "None" not in rule.because


@given(whatever, moments)
def test_what_is_kept_can_be_read_again(facts, at):
    assert facts_from_answers(json.loads(json.dumps(facts_snapshot(facts)))) == facts
    kept = json.loads(json.dumps(snapshot(assess(facts, at))))
    assert kept["version"] == RULE_SET_VERSION
    assert [rule["number"] for rule in kept["fired"]] == list(assess(facts, at).numbers)


@given(whatever, moments)
def test_a_question_without_an_answer_is_named_once(facts, at):
    found = assess(facts, at)
    keys = [question.key for question in found.not_asked]
    assert len(keys) == len(set(keys))
    assert not any(facts.known(key) for key in keys)
    assert any(rule.number == "R38" for rule in found.fired) == bool({*SCREENING_KEYS, "child_worry"} & set(keys))


def test_there_are_forty_rules_with_numbers_in_order():
    assert [rule.number for rule in RULES] == [f"R{number:02d}" for number in range(1, 41)]
    assert [rule.number for rule in RULES if rule.hard_stop] == [f"R{number:02d}" for number in range(1, 16)]


def test_every_fact_that_a_person_answers_has_a_question():
    told = {*SCREENING_KEYS, "transactional", "needs", "person_age", "household_ages", "safeguarding_reason"}
    assert set(INDICATOR_BY_KEY) == set(FACT_KEYS) - told
    assert len(INDICATOR_BY_KEY) == len(INDICATORS)
    assert all(indicator.question.endswith("?") for indicator in INDICATORS)


def test_needs_cover_the_ten_outcomes_and_practical_help():
    assert {need.headline for need in NEEDS} == set(Headline)
    assert len(NEED_CODES) == len(NEEDS)
    assert HUB_NEEDS <= NEED_CODES
    assert headlines(frozenset({"debt", "benefits", "work"})) == {Headline.MONEY}


def test_the_answer_that_fired_is_said():
    found = assess(Facts(**SAFE | {"hurt_or_controlled": Answer.YES}), MORNING)
    assert found.fired[0].because == "You recorded that somebody is hurting or controlling them; the DASH is not done."
    assert "dash_score" in [question.key for question in found.not_asked]


def test_nothing_may_be_sent_without_agreement_or_a_safeguarding_reason():
    facts = Facts(**SAFE, needs=frozenset({"debt"}))
    assert assess(facts, MORNING).must_not_send
    assert not assess(replace(facts, agreement=Answer.YES), MORNING).must_not_send
    assert not assess(replace(facts, safeguarding_reason=True), MORNING).must_not_send
    assert not assess(replace(facts, agreement=Answer.NO, child_abuse=Answer.YES), MORNING).must_not_send
    assert assess(replace(facts, agreement=Answer.DECLINED), MORNING).suggested_tier == Tier.UNIVERSAL


def test_only_hard_stops_need_a_duty_manager_to_go_down():
    stopped = assess(Facts(**SAFE | {"hurt_or_controlled": Answer.YES}, arrears=frozenset({"rent"})), MORNING)
    assert stopped.hard_stop
    assert stopped.suggested_tier == Tier.SUPPORT
    assert stopped.hard_stop_tier == Tier.TRIAGE
    assert not assess(Facts(**SAFE), MORNING).hard_stop
    assert assess(Facts(**SAFE), MORNING).hard_stop_tier is None


def test_open_work_goes_to_its_worker_and_defaults_say_so():
    assert assess(Facts(**SAFE, open_to_social_worker=Answer.YES), MORNING).for_allocated_worker
    assert assess(Facts(**SAFE, needs=frozenset({"debt"})), MORNING).by_default
    assert not assess(Facts(**SAFE), MORNING).by_default


def test_the_earliest_hours_of_a_council_are_its_own():
    facts = Facts(**SAFE, child_missing_or_exploited=Answer.YES)
    assert assess(facts, MORNING, clocks=Clocks(red=Clock.hours(2))).due_at == MORNING + timedelta(hours=2)


def test_a_team_with_its_own_hours_has_its_own_clocks():
    evenings = OpeningHours.weekly(time(12), time(20))
    facts = Facts(**SAFE, high_risk_parent_history=Answer.YES, arrears=frozenset({"rent", "utilities"}))
    due = {rule.number: rule.due_at for rule in assess(facts, MORNING, evenings).fired}
    assert due == {
        "R14": datetime(2026, 6, 1, 20, tzinfo=LONDON),
        "R22": datetime(2026, 6, 8, 20, tzinfo=LONDON),
    }


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ({"safe_now": "no"}, {"danger_to_life"}),
        ({"child_at_home": "yes"}, {"child_worry"}),
        ({"child_worry": "yes"}, {"child_abuse", "child_missing_or_exploited"}),
        ({"suicidal_thoughts": "yes"}, {"suicidal_plan"}),
        (
            {"hurt_or_controlled": "yes"},
            {"dash_score", "strangulation_stalking_threats", "da_incidents_12_months", "dash_professional_judgement"},
        ),
        ({"adult_abuse_or_neglect": "yes"}, {"adult_care_need", "cannot_protect_self"}),
        ({"sleep_tonight": "no"}, {"priority_need_sign"}),
        ({"sleep_tonight": "no", "child_at_home": "yes", "child_worry": "no"}, set()),
        ({"needs": ["home_at_risk"]}, {"bailiff_or_possession", "home_loss_56_days"}),
        ({"needs": ["home_at_risk"], "home_loss_on": "2026-07-01"}, {"bailiff_or_possession"}),
        ({"bailiff_or_possession": "yes"}, {"bailiff_or_possession_on"}),
        ({"arrears": ["rent", "utilities"]}, {"income_or_job_loss_90_days"}),
        ({"agencies_involved": 2}, {"has_lead"}),
        ({"agencies_involved": 1}, set()),
        ({"closed_from_tier": 4}, {"closed_on"}),
        ({"nrpf": "yes"}, {"adult_care_need"}),
        ({"hurt_or_controlled": "unknown"}, {"hurt_or_controlled"}),
        ({}, set()),
    ],
)
def test_the_questions_that_matter_next_are_named(said, asked):
    found = assess(facts_from_answers({**SAFE, **said}), MORNING)
    assert {question.key for question in found.not_asked} == asked


def test_answers_from_a_form_are_read():
    facts = facts_from_answers(
        {
            "safe_now": "no",
            "sleep_tonight": True,
            "child_at_home": "",
            "needs": ["debt"],
            "dash_score": "14",
            "attendance_percent": "89.5%",
            "home_loss_on": "2026-07-27",
            "arrears": ["rent"],
            "transactional": "on",
            "household_ages": ["4", 31],
        },
        {"closed_from_tier": 4, "closed_on": date(2026, 3, 1), "has_lead": False},
    )
    assert facts.safe_now == Answer.NO
    assert facts.sleep_tonight == Answer.YES
    assert facts.child_at_home == Answer.NOT_ASKED
    assert facts.dash_score == 14
    assert facts.attendance_percent == Decimal("89.5")
    assert facts.home_loss_on == date(2026, 7, 27)
    assert facts.closed_from_tier is Tier.SUPPORT
    assert facts.has_lead == Answer.NO
    assert facts.household_ages == (4, 31)
    assert facts.transactional


def test_answers_as_they_are_stored_are_read():
    facts = facts_from_answers(
        {"needs": "debt work", "arrears": "rent utilities", "household_ages": "3 40", "safe_now": "not_applicable"}
    )
    assert facts.needs == {"debt", "work"}
    assert facts.arrears == {"rent", "utilities"}
    assert facts.household_ages == (3, 40)
    assert facts.safe_now == Answer.NOT_ASKED


def test_what_the_record_knows_stands_where_nobody_asked_today():
    history = {"open_to_social_worker": "yes", "person_age": 17}
    assert facts_from_answers({"open_to_social_worker": "not_asked"}, history).yes("open_to_social_worker")
    assert facts_from_answers({"open_to_social_worker": "declined"}, history).yes("open_to_social_worker")
    assert facts_from_answers({"open_to_social_worker": "no"}, history).no("open_to_social_worker")
    assert facts_from_answers({"person_age": 18}, history).person_age == 18


@pytest.mark.parametrize(
    ("given_answers", "history", "words"),
    [
        ({"ethnicity": "x"}, {}, "Unknown answer: ethnicity"),
        ({}, {"religion": "x"}, "Unknown history: religion"),
        ({"safe_now": "perhaps"}, {}, "safe_now cannot be read"),
        ({"dash_score": 25}, {}, "DASH"),
        ({"dash_score": "high"}, {}, "dash_score cannot be read"),
        ({"dash_score": -1}, {}, "cannot be negative"),
        ({"dash_score": True}, {}, "cannot be read"),
        ({"attendance_percent": "101"}, {}, "Attendance"),
        ({"attendance_percent": "NaN"}, {}, "cannot be read"),
        ({"attendance_percent": "Infinity"}, {}, "cannot be read"),
        ({"home_loss_on": "2026-02-30"}, {}, "cannot be read"),
        ({"home_loss_on": "soon"}, {}, "cannot be read"),
        ({"home_loss_on": "9999-12-31"}, {}, "too far away"),
        ({"closed_on": "0001-01-01"}, {}, "too far away"),
        ({"dash_score": float("inf")}, {}, "cannot be read"),
        ({"arrears_pence": "9" * 5000}, {}, "cannot be read"),
        ({"needs": ["gold"]}, {}, "Unknown need: gold"),
        ({"arrears": ["yacht"]}, {}, "Unknown arrears: yacht"),
        ({"household_ages": [200]}, {}, "age"),
        ({"household_ages": 7}, {}, "cannot be read"),
        ({"person_age": 131}, {}, "age"),
        ({"open_tier": 2}, {}, "Open work"),
        ({"open_tier": 9}, {}, "cannot be read"),
    ],
)
def test_impossible_answers_are_refused_in_words(given_answers, history, words):
    with pytest.raises(ValueError, match=words):
        facts_from_answers(given_answers, history)


def test_nobodys_origin_or_faith_is_an_input():
    never = ("ethnic", "religion", "nationality", "sexual", "postcode", "deprivation", "faith")
    assert not [key for key in FACT_KEYS if any(word in key for word in never)]
