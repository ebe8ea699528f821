"""The one reviewed table of the 40 triage rules, and what it suggests for a contact."""

from triage.rules.assess import (
    Assessment,
    FiredRule,
    Question,
    assess,
    snapshot,
)
from triage.rules.base import Fired, Rule, Special, Variant
from triage.rules.table import DEFAULTS, RULE_BY_NUMBER, RULE_SET_VERSION, RULES

__all__ = [
    "DEFAULTS",
    "RULES",
    "RULE_BY_NUMBER",
    "RULE_SET_VERSION",
    "Assessment",
    "Fired",
    "FiredRule",
    "Question",
    "Rule",
    "Special",
    "Variant",
    "assess",
    "snapshot",
]
