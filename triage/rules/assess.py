"""What the rules suggest: the highest minimum tier and the earliest clock, each explained. No weights, no score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from accounts.working_time import OFFICE_HOURS, OpeningHours, as_utc, local_day
from triage.clocks import SAME_DAY, Clocks, Kind, Rag
from triage.facts import Facts
from triage.rules.base import Fired, Rule
from triage.rules.follow_ups import not_asked
from triage.rules.table import DEFAULTS, RULE_SET_VERSION, RULES
from triage.tiers import Tier


@dataclass(frozen=True, slots=True)
class FiredRule:
    """One rule that fired, with everything that a page says about it."""

    number: str
    title: str
    because: str
    tier: Tier
    due_at: datetime
    clock: str
    rag: Rag
    route: str
    hard_stop: bool
    safeguarding: bool
    source: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question that matters and has no answer."""

    key: str
    question: str
    how: str


@dataclass(frozen=True, slots=True)
class Assessment:
    """A suggestion for a person to decide on. Moments are in UTC; `fired` is in the order of the table."""

    received_at: datetime
    suggested_tier: Tier
    due_at: datetime
    rag: Rag
    fired: tuple[FiredRule, ...]
    not_asked: tuple[Question, ...]
    must_not_send: bool
    version: str

    @property
    def hard_stop(self) -> bool:
        """Whether only a duty manager may choose a lower tier."""
        return any(rule.hard_stop for rule in self.fired)

    @property
    def hard_stop_tier(self) -> Tier | None:
        """The tier below which only a duty manager may go; None without a hard stop."""
        return max((rule.tier for rule in self.fired if rule.hard_stop), default=None)

    @property
    def for_allocated_worker(self) -> bool:
        """Whether the contact goes to the worker whom the household has already, without new triage."""
        return any(rule.number == "R17" for rule in self.fired)

    @property
    def by_default(self) -> bool:
        """Whether no rule of the 40 fired, so that only the defaults speak."""
        return all(rule.number.startswith("D") for rule in self.fired)

    @property
    def numbers(self) -> tuple[str, ...]:
        """The numbers of the rules that fired."""
        return tuple(rule.number for rule in self.fired)


def assess(
    facts: Facts,
    received_at: datetime,
    opening: OpeningHours = OFFICE_HOURS,
    *,
    clocks: Clocks | None = None,
    rules: Sequence[Rule] = RULES,
    defaults: Sequence[Rule] = DEFAULTS,
) -> Assessment:
    """Suggest a tier and a due time. Raises ValueError if `received_at` has no time zone."""
    return explained(
        speaking(facts, local_day(received_at), rules, defaults), facts, received_at, opening, clocks=clocks
    )


@dataclass(frozen=True, slots=True)
class Spoken:
    """What the rules say of facts on a day, before any clock is read: the rules that speak in order, and what was not asked."""

    pairs: tuple[tuple[Rule, Fired], ...]
    questions: tuple[Question, ...]


def speaking(facts: Facts, today: date, rules: Sequence[Rule] = RULES, defaults: Sequence[Rule] = DEFAULTS) -> Spoken:
    """The rules that fire, light ones set aside where another speaks, and the defaults that ask for more than they do."""
    fired = _firing(facts, today, rules)
    always = _firing(facts, today, [rule for rule in defaults if not rule.alone])
    serious = [*(pair for pair in fired if not pair[0].alone), *always]
    fired = serious or fired
    light = _firing(facts, today, [rule for rule in defaults if rule.alone])
    spoken = fired + [pair for pair in light if _asks_for_more(pair, [*fired, *light], facts)]
    questions = tuple(Question(*question) for question in not_asked(facts))
    return Spoken(tuple(sorted(spoken, key=lambda pair: _order(pair[0]))), questions)


def explained(
    spoken: Spoken, facts: Facts, received_at: datetime, opening: OpeningHours, *, clocks: Clocks | None = None
) -> Assessment:
    """What was said of the facts, with its clocks from a moment on."""
    clocks = clocks or Clocks()
    fired = tuple([_explain(rule, why, facts, received_at, opening, clocks) for rule, why in spoken.pairs])
    safeguarding = facts.safeguarding_reason or any(rule.safeguarding for rule in fired)
    return Assessment(
        received_at=as_utc(received_at),
        suggested_tier=max(rule.tier for rule in fired),
        due_at=min(rule.due_at for rule in fired),
        rag=max(rule.rag for rule in fired),
        fired=fired,
        not_asked=spoken.questions,
        must_not_send=not facts.yes("agreement") and not safeguarding,
        version=RULE_SET_VERSION,
    )


def snapshot(assessment: Assessment) -> dict[str, Any]:
    """The assessment as values that JSON can hold, to keep with a decision."""
    return {
        "version": assessment.version,
        "received_at": assessment.received_at.isoformat(),
        "suggested_tier": int(assessment.suggested_tier),
        "due_at": assessment.due_at.isoformat(),
        "rag": int(assessment.rag),
        "hard_stop": assessment.hard_stop,
        "must_not_send": assessment.must_not_send,
        "fired": [
            {
                "number": rule.number,
                "title": rule.title,
                "because": rule.because,
                "tier": int(rule.tier),
                "due_at": rule.due_at.isoformat(),
                "clock": rule.clock,
                "rag": int(rule.rag),
                "route": rule.route,
                "hard_stop": rule.hard_stop,
                "safeguarding": rule.safeguarding,
                "source": rule.source,
            }
            for rule in assessment.fired
        ],
        "not_asked": [{"key": item.key, "question": item.question, "how": item.how} for item in assessment.not_asked],
    }


def _asks_for_more(pair: tuple[Rule, Fired], everything: list[tuple[Rule, Fired]], facts: Facts) -> bool:
    """Whether a default wants a higher tier than anything else that spoke."""
    rule, why = pair
    others = [other for other in everything if other is not pair]
    return all(other.minimum(facts, said) < rule.minimum(facts, why) for other, said in others)


def _firing(facts: Facts, today: date, rules: Sequence[Rule]) -> list[tuple[Rule, Fired]]:
    return [(rule, why) for rule in rules if (why := rule.condition(facts, today)) is not None]


def _explain(
    rule: Rule, fired: Fired, facts: Facts, received_at: datetime, opening: OpeningHours, clocks: Clocks
) -> FiredRule:
    clock = rule.starts(fired)
    due_at = clocks.due(clock, received_at, opening, on=fired.on)
    late = clock.kind == Kind.BEFORE and due_at <= clocks.due(SAME_DAY, received_at, opening)
    return FiredRule(
        number=rule.number,
        title=rule.title,
        because=fired.because,
        tier=rule.minimum(facts, fired),
        due_at=due_at,
        clock=clock.words,
        rag=Rag.RED if late else clock.rag,
        route=rule.route,
        hard_stop=rule.hard_stop,
        safeguarding=rule.safeguarding,
        source=rule.source,
    )


def _order(rule: Rule) -> tuple[bool, str]:
    """The 40 rules first, then the defaults."""
    return rule.number.startswith("D"), rule.number
