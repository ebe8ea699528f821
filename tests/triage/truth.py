"""Reads the reviewed table of contacts and what the rules must say about each."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from accounts.working_time import LONDON
from triage.facts import Facts, facts_from_answers
from triage.rules import Assessment
from triage.tiers import Tier

TABLE = Path(__file__).with_name("truth_table.csv")
SAFE = {
    "safe_now": "yes",
    "sleep_tonight": "yes",
    "child_at_home": "no",
    "hurt_or_controlled": "no",
    "needs_essentials": "no",
}
BASES = {
    "clear": SAFE,
    "child": SAFE | {"child_at_home": "yes", "child_worry": "no"},
    "none": {},
    "simple": {"transactional": "yes"},
}
LISTS = ("needs", "arrears", "household_ages")


@dataclass(frozen=True)
class Wanted:
    """One rule that must fire; tier and due time only where the row names them."""

    number: str
    hard_stop: bool
    tier: Tier | None
    due_at: datetime | None


@dataclass(frozen=True)
class Row:
    """One reviewed row. Times are London times, with an offset where the hour is repeated."""

    id: str
    description: str
    received_at: datetime
    facts: Facts
    tier: Tier
    rules: tuple[Wanted, ...]
    due_at: datetime
    rag: str
    may_send: bool

    def differences(self, found: Assessment) -> list[str]:
        """What the rules said otherwise."""
        pairs = {
            "tier": (self.tier, found.suggested_tier),
            "due": (self.due_at, found.due_at),
            "urgency": (self.rag, found.rag.label),
            "may send": (self.may_send, not found.must_not_send),
            "rules": (
                [(wanted.number, wanted.hard_stop) for wanted in self.rules],
                [(rule.number, rule.hard_stop) for rule in found.fired],
            ),
        }
        wrong = [f"{name}: {wanted} is right, found {said}" for name, (wanted, said) in pairs.items() if wanted != said]
        by_number = {rule.number: rule for rule in found.fired}
        for wanted in self.rules:
            rule = by_number.get(wanted.number)
            if rule and wanted.tier and (wanted.tier, wanted.due_at) != (rule.tier, rule.due_at):
                wrong.append(
                    f"{wanted.number}: {wanted.tier}, {wanted.due_at} is right, found {rule.tier}, {rule.due_at}"
                )
        return wrong


def rows() -> list[Row]:
    """Every row of the table."""
    with TABLE.open(encoding="utf-8", newline="") as lines:
        return [_row(line) for line in csv.DictReader(lines)]


def _row(line: dict[str, str]) -> Row:
    return Row(
        id=line["id"],
        description=line["description"],
        received_at=_moment(line["received"]),
        facts=_facts(line["facts"]),
        tier=_tier(line["tier"]),
        rules=tuple(_wanted(word) for word in line["rules"].split()),
        due_at=_moment(line["due"]),
        rag=line["rag"],
        may_send={"yes": True, "no": False}[line["send"]],
    )


def _facts(text: str) -> Facts:
    base, *pairs = text.split(";")
    answers: dict[str, object] = dict(BASES[base])
    for pair in pairs:
        key, value = pair.split("=")
        answers[key] = value.split("|") if key in LISTS else value
    return facts_from_answers(answers)


def _wanted(word: str) -> Wanted:
    name, _, rest = word.partition("=")
    tier, _, due = rest.partition("@")
    return Wanted(
        number=name.rstrip("!"),
        hard_stop=name.endswith("!"),
        tier=_tier(tier) if tier else None,
        due_at=_moment(due.replace("_", " ")) if due else None,
    )


def _tier(label: str) -> Tier:
    return next(tier for tier in Tier if tier.label == label)


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=LONDON)
