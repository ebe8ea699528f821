"""All 40 rules in order, the three defaults, and their version."""

from triage.rules import danger, harm, home, money, pattern
from triage.rules.base import Rule

RULE_SET_VERSION = "2026.1"
"""Raised whenever a rule, a clock or a default changes; every decision keeps the version that suggested its tier."""

RULES: tuple[Rule, ...] = tuple(
    sorted((*danger.RULES, *harm.RULES, *home.RULES, *money.RULES, *pattern.RULES), key=lambda rule: rule.number)
)
DEFAULTS: tuple[Rule, ...] = pattern.DEFAULTS
RULE_BY_NUMBER: dict[str, Rule] = {rule.number: rule for rule in (*RULES, *DEFAULTS)}
