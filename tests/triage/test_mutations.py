"""A wrong rule is noticed: every change of a tier, clock, mark, condition or limit makes a row of the table fail."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest

from tests.triage import truth
from triage import clocks
from triage.clocks import BEFORE, MASH_AMBER, MASH_GREEN, MASH_RED, NOW, SAME_DAY, Clock, Clocks
from triage.facts import ANSWER_KEYS, Answer, Facts
from triage.rules import DEFAULTS, RULES, Fired, Rule, assess, danger, harm, home, pattern, signs
from triage.rules import money as money_rules
from triage.tiers import Tier

ROWS = truth.rows()
OTHER_CLOCKS = (
    NOW,
    MASH_RED,
    MASH_AMBER,
    MASH_GREEN,
    SAME_DAY,
    BEFORE,
    Clock.hours(48),
    Clock.working_days(1),
    Clock.working_days(2),
    Clock.working_days(5),
    Clock.working_days(10),
    Clock.days(28),
)
LIMITS = (
    (harm, "HIGH_DASH", (13, 15)),
    (harm, "HIGH_INCIDENTS", (2, 4)),
    (danger, "NEGLECT_CONTACTS", (2, 4)),
    (home, "YOUNG_HOMELESS_AGES", ((16,), (17,), (15, 16, 17), (16, 17, 18))),
    (home, "BAILIFF_RED_DAYS", (6, 8)),
    (home, "BNB_WARNING_NIGHT", (27, 29)),
    (home, "BNB_LIMIT_NIGHT", (41, 43)),
    (signs, "HOME_LOSS_DAYS", (55, 57)),
    (signs, "CHILD_UNTIL", (17, 19)),
    (signs, "PRIORITY_CARE_LEAVER_UNTIL", (20, 22)),
    (money_rules, "CARE_LEAVER_UNTIL", (24, 26)),
    (money_rules, "LARGE_ARREARS_PENCE", (199_999, 200_001)),
    (money_rules, "INCOME_LOSS_DAYS", (89, 91)),
    (pattern, "VERY_LOW_ATTENDANCE", (49, 51)),
    (pattern, "LOW_ATTENDANCE", (89, 91)),
    (pattern, "WHOLE_FAMILY_HEADLINES", (2, 4)),
    (pattern, "AGENCIES", (1, 3)),
    (pattern, "SAME_NEED_CONTACTS", (2, 4)),
    (pattern, "CLOSED_MONTHS", (5, 7)),
    (clocks, "LATE_HOURS", (1, 3)),
)


def noticed(rules=RULES, defaults=DEFAULTS, local=None, first="") -> bool:
    """Whether at least one row fails; rows that name the changed rule are tried first."""
    ordered = sorted(ROWS, key=lambda row: first not in [wanted.number for wanted in row.rules])
    return any(_fails(row, rules, defaults, local) for row in ordered)


def _fails(row, rules, defaults, local) -> bool:
    try:
        found = assess(row.facts, row.received_at, clocks=local, rules=rules, defaults=defaults)
    except (ValueError, KeyError):
        return True
    return bool(row.differences(found))


def changed(rule: Rule, **change: object) -> bool:
    """Whether the change to one rule is noticed."""
    mutant = replace(rule, **change)
    rules = [mutant if other is rule else other for other in RULES]
    defaults = [mutant if other is rule else other for other in DEFAULTS]
    return noticed(rules, defaults, first=rule.number)


def named(rule: Rule) -> str:
    return rule.number


every_rule = pytest.mark.parametrize("rule", [*RULES, *DEFAULTS], ids=named)


def test_the_rules_as_they_are_fail_no_row():
    assert not noticed()


@every_rule
def test_another_tier_is_noticed(rule):
    assert [tier.label for tier in Tier if tier != rule.tier and not changed(rule, tier=tier)] == []


@every_rule
def test_another_clock_is_noticed(rule):
    assert [clock.words for clock in OTHER_CLOCKS if clock != rule.clock and not changed(rule, clock=clock)] == []


@every_rule
def test_another_mark_is_noticed(rule):
    marks = ("hard_stop", "safeguarding", "alone")
    assert [mark for mark in marks if not changed(rule, **{mark: not getattr(rule, mark)})] == []


@every_rule
def test_a_rule_that_is_deaf_or_fires_always_or_backwards_is_noticed(rule):
    fired = Fired("Changed for a test.")
    assert changed(rule, condition=lambda facts, today: None)
    assert changed(rule, condition=lambda facts, today: fired)
    assert changed(rule, condition=lambda facts, today: None if rule.condition(facts, today) else fired)


@pytest.mark.parametrize(
    ("rule", "name"),
    [(rule, name) for rule in RULES for name in rule.variants],
    ids=lambda value: getattr(value, "number", value),
)
def test_another_variant_is_noticed(rule, name):
    variant = rule.variants[name]
    mutants = [replace(variant, tier=tier) for tier in Tier if tier != variant.tier]
    mutants += [replace(variant, clock=clock) for clock in OTHER_CLOCKS if clock != variant.clock]
    assert [mutant for mutant in mutants if not changed(rule, variants=MappingProxyType({name: mutant}))] == []


@pytest.mark.parametrize(("room", "name", "others"), LIMITS, ids=lambda value: value if isinstance(value, str) else "")
def test_another_limit_is_noticed(monkeypatch, room, name, others):
    missed = []
    for other in others:
        monkeypatch.setattr(room, name, other)
        if not noticed():
            missed.append(other)
    assert missed == []


@pytest.mark.parametrize(
    "local",
    [
        Clocks(red=Clock.hours(3)),
        Clocks(red=Clock.working_hours(4)),
        Clocks(amber=Clock.hours(24)),
        Clocks(amber=Clock.working_hours(7)),
        Clocks(green=Clock.hours(72)),
        Clocks(green=Clock.working_hours(23)),
    ],
)
def test_other_local_times_are_noticed(local):
    assert noticed(local=local)


def test_every_answer_that_a_rule_reads_matters(monkeypatch):
    """A rule that goes deaf to one answer or one need is noticed."""
    missed = []
    for room in (danger, harm, home, money_rules, pattern, signs):
        source = Path(room.__file__).read_text(encoding="utf-8")
        for word in ("said", "need"):
            calls = re.findall(rf"\b{word}\(\s*facts,([^)*]*)\)", source)
            keys = [re.findall(r'"(\w+)"', call) for call in calls]
            for key in sorted({key for call in keys for key in (call[:1] if word == "said" else call)}):
                with monkeypatch.context() as patch:
                    patch.setattr(room, word, deaf_to(key, word, getattr(room, word)))
                    if not noticed():
                        missed.append((room.__name__, word, key))
    assert missed == []


def deaf_to(key, word, hears):
    """The function, but without one key."""

    def hears_less(facts, *keys):
        if word == "said":
            return "" if keys[0] == key else hears(facts, *keys)
        return hears(facts, *(other for other in keys if other != key))

    return hears_less


REASSURING = {"safe_now", "sleep_tonight", "has_lead"}
POSSIBLE = {"cannot_protect_self", "priority_need_sign"}
"""Not known counts as much as yes here, so that only the words tell them apart."""


@pytest.mark.parametrize("key", sorted(set(ANSWER_KEYS) - REASSURING - POSSIBLE))
def test_every_yes_matters(monkeypatch, key):
    hears = Facts.yes
    monkeypatch.setattr(Facts, "yes", lambda facts, asked: asked != key and hears(facts, asked))
    assert noticed()


@pytest.mark.parametrize(
    "key",
    [
        "safe_now",
        "sleep_tonight",
        "child_at_home",
        "has_lead",
        "suicidal_plan",
        "cannot_protect_self",
        "priority_need_sign",
    ],
)
def test_every_no_that_a_rule_reads_matters(monkeypatch, key):
    changed_answers = {key: Answer.NOT_ASKED}
    assert any(
        row.differences(assess(replace(row.facts, **changed_answers), row.received_at))
        for row in ROWS
        if row.facts.no(key)
    )
