"""The reviewed table is reproduced row by row."""

import pytest

from tests.triage import truth
from triage.rules import DEFAULTS, RULES, assess

ROWS = truth.rows()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_the_rules_say_what_the_table_says(row):
    assert row.differences(assess(row.facts, row.received_at)) == [], row.description


def test_every_rule_fires_in_several_rows():
    fired = [wanted.number for row in ROWS for wanted in row.rules]
    rare = [rule.number for rule in (*RULES, *DEFAULTS) if fired.count(rule.number) < 3]
    assert rare == []


def test_every_rule_is_seen_alone_or_named_with_its_own_tier_and_clock():
    alone = {row.rules[0].number for row in ROWS if len(row.rules) == 1}
    named = {wanted.number for row in ROWS for wanted in row.rules if wanted.tier}
    assert {rule.number for rule in (*RULES, *DEFAULTS)} <= alone | named


def test_rows_are_many_and_have_their_own_names():
    assert len(ROWS) >= 170
    assert len({row.id for row in ROWS}) == len(ROWS)
    assert all(row.description for row in ROWS)
