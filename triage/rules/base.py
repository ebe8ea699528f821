"""What a rule is made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from types import MappingProxyType

from triage.clocks import Clock
from triage.facts import Facts
from triage.tiers import Tier


class Special(Enum):
    """Minimum tiers that depend on earlier work."""

    KEEP = "keep"
    ONE_BELOW = "previous tier - 1, at least Triage"


@dataclass(frozen=True, slots=True)
class Fired:
    """Why a rule fired, in words that begin with the answer, and which of its variants."""

    because: str
    variant: str = ""
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Variant:
    """A rule's other tier and clock, with the words for when it applies."""

    when: str
    tier: Tier
    clock: Clock


Condition = Callable[[Facts, date], Fired | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One row of the table. `condition` reads the facts and the London date of receipt, nothing else.

    `alone` rules describe light help: they are set aside as soon as any other rule fires."""

    number: str
    title: str
    tier: Tier | Special
    clock: Clock
    route: str
    condition: Condition
    source: str
    hard_stop: bool = False
    safeguarding: bool = False
    alone: bool = False
    variants: Mapping[str, Variant] = field(default_factory=lambda: MappingProxyType({}))

    def minimum(self, facts: Facts, fired: Fired) -> Tier:
        """The lowest tier that this rule allows here."""
        if fired.variant:
            return self.variants[fired.variant].tier
        if self.tier is Special.KEEP:
            return facts.open_tier or Tier.INTERVENTION
        if self.tier is Special.ONE_BELOW:
            return max(Tier((facts.closed_from_tier or Tier.SUPPORT) - 1), Tier.TRIAGE)
        return Tier(self.tier)

    def starts(self, fired: Fired) -> Clock:
        """The clock that this rule starts here."""
        return self.variants[fired.variant].clock if fired.variant else self.clock


def shown(fact: str) -> Fired | None:
    """Fired by what the record shows rather than by an answer."""
    return Fired(f"The record shows that {fact}.") if fact else None


def because(*answers: str) -> Fired | None:
    """Fired, if there is at least one answer that says so: "You recorded that a; b."."""
    given = [answer for answer in answers if answer]
    return Fired(f"You recorded that {'; '.join(given)}.") if given else None
