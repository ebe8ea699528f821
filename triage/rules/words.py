"""The rules as rows that a person reads: for the page of rules and for docs/triage-rules.md."""

from __future__ import annotations

from triage.rules.base import Rule, Special
from triage.rules.table import DEFAULTS, RULE_SET_VERSION, RULES


def tier_words(rule: Rule) -> str:
    """The minimum tier, with those of the variants."""
    main = rule.tier.value if isinstance(rule.tier, Special) else rule.tier.label
    others = [
        f"{variant.when}: {variant.tier.label}" for variant in rule.variants.values() if variant.tier != rule.tier
    ]
    return "; ".join([str(main), *others])


def clock_words(rule: Rule) -> str:
    """The clock, with those of the variants."""
    return "; ".join(
        [rule.clock.words, *(f"{variant.when}: {variant.clock.words}" for variant in rule.variants.values())]
    )


def marks(rule: Rule) -> str:
    """Hard stop, safeguarding, or only when alone."""
    named = {"hard stop": rule.hard_stop, "safeguarding": rule.safeguarding, "only alone": rule.alone}
    return ", ".join(name for name, marked in named.items() if marked)


def table(rules: tuple[Rule, ...]) -> str:
    """Rules as a Markdown table."""
    head = "| Rule | When | At least | Clock | What to do | Marks | Source |\n|---|---|---|---|---|---|---|\n"
    return head + "\n".join(
        f"| {rule.number} | {rule.title} | {tier_words(rule)} | {clock_words(rule)} | {rule.route} | {marks(rule)} | {rule.source} |"
        for rule in rules
    )


def document() -> str:
    """The part of docs/triage-rules.md that is written from the code."""
    return f"Rule set {RULE_SET_VERSION}\n\n{table(RULES)}\n\n### Defaults\n\n{table(DEFAULTS)}\n"
