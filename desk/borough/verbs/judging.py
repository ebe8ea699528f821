"""The real rules, asked quickly: facts of one kind fire the same rules, so only those are asked about the next of that kind."""

from dataclasses import MISSING, dataclass, fields
from datetime import date, datetime, timedelta
from operator import attrgetter
from typing import Any, cast

from accounts.working_time import OFFICE_HOURS, add_months, as_utc, local_day
from triage.clocks import SAME_DAY, Clock, Clocks, Kind, Rag
from triage.facts import COUNTS, DATES, Answer, Facts
from triage.rules import RULE_SET_VERSION, Assessment, FiredRule, Rule
from triage.rules.assess import Question, speaking
from triage.rules.base import Fired
from triage.rules.money import LARGE_ARREARS_PENCE
from triage.rules.pattern import CLOSED_MONTHS, SAME_NEED_CONTACTS
from triage.tiers import Tier

Asked = tuple[tuple[Rule, ...], tuple[Question, ...]]
ADULT = 18
_YOUNG = (16, 17)
_BY_KIND = {"person_age", "household_ages", "arrears_pence", "same_need_contacts_90_days", *DATES}
_SOON = attrgetter(*(day for day in DATES if day != "closed_on"))
_DAYS = attrgetter(*DATES)
_NO_DAYS = (None,) * len(DATES)
_BY_DAY = (Kind.WORKING_DAYS, Kind.DAYS)
_CLOCKS = Clocks()
assert _BY_KIND - {"household_ages"} <= {*COUNTS, *DATES}


class Known:
    """Facts of which only what is known is held. To fill in the rest, and to check it, takes as long as all the rules."""

    yes, no, known = Facts.yes, Facts.no, Facts.known

    def __init__(self, values: dict[str, Any]) -> None:
        self.__dict__ = values


NOT_KNOWN: dict[str, Any] = {item.name: item.default for item in fields(Facts)}
assert MISSING not in NOT_KNOWN.values()
for _name, _value in NOT_KNOWN.items():
    setattr(Known, _name, _value)


def facts_of(values: dict[str, Any]) -> Facts:
    """Facts for the rules: what is not among the values is not known."""
    return cast(Facts, Known(values))


@dataclass(frozen=True, slots=True)
class _Said:
    """One rule that speaks, with everything that it says before a clock is read."""

    clock: Clock
    by_day: dict[date, datetime] | None
    on: date | None
    first: tuple[str, str, str]
    tier: Tier
    words: str
    rag: Rag
    last: tuple[str, bool, bool, str]


@dataclass(frozen=True, slots=True)
class _Told:
    """What all rules say of facts of one kind."""

    said: tuple[_Said, ...]
    questions: tuple[Question, ...]
    tier: Tier
    safeguarding: bool


_asked: dict[tuple, Asked] = {}
_said: dict[tuple, _Told] = {}
_closings: dict[Clock, dict[date, datetime]] = {}


def quick(facts: Facts, received_at: datetime) -> Assessment:
    """What `assess` says. A test compares the two."""
    today = local_day(received_at)
    told = _told(facts, today)
    fired = tuple([_fired(one, received_at, today) for one in told.said])
    return Assessment(
        as_utc(received_at),
        told.tier,
        min([rule.due_at for rule in fired]),
        max([rule.rag for rule in fired]),
        fired,
        told.questions,
        facts.agreement != Answer.YES and not (facts.safeguarding_reason or told.safeguarding),
        RULE_SET_VERSION,
    )


def _fired(said: _Said, received_at: datetime, today: date) -> FiredRule:
    """A rule with its clock. Clocks that run by days end together for all that came on a day."""
    clock, rag = said.clock, said.rag
    if said.by_day is None:
        due_at = _CLOCKS.due(clock, received_at, OFFICE_HOURS, on=said.on)
        if clock.kind == Kind.BEFORE and due_at <= _CLOCKS.due(SAME_DAY, received_at, OFFICE_HOURS):
            rag = Rag.RED
    elif (known := said.by_day.get(today)) is not None:
        due_at = known
    else:
        due_at = said.by_day[today] = _CLOCKS.due(clock, received_at, OFFICE_HOURS)
    return FiredRule(*said.first, said.tier, due_at, said.words, rag, *said.last)


def _told(facts: Facts, today: date) -> _Told:
    """What the rules say: word for word as the last time, unless the words hold a day."""
    kind = _kind(facts, today)
    timeless = _DAYS(facts) == _NO_DAYS
    same = (kind, facts.arrears_pence, facts.same_need_contacts_90_days)
    if timeless and (known := _said.get(same)):
        return known
    if found := _asked.get(kind):
        rules, questions = found
        pairs = tuple([(rule, rule.condition(facts, today)) for rule in rules])
    else:
        spoken = speaking(facts, today)
        pairs, questions = spoken.pairs, spoken.questions
        _asked[kind] = tuple(rule for rule, _ in pairs), questions
    said = tuple([_says(rule, why, facts) for rule, why in pairs])  # type: ignore[arg-type]
    told = _Told(said, questions, max(one.tier for one in said), any(rule.safeguarding for rule, _ in pairs))
    if timeless:
        _said[same] = told
    return told


def _says(rule: Rule, why: Fired, facts: Facts) -> _Said:
    clock = rule.starts(why)
    return _Said(
        clock,
        _closings.setdefault(clock, {}) if clock.kind in _BY_DAY else None,
        why.on,
        (rule.number, rule.title, why.because),
        rule.minimum(facts, why),
        clock.words,
        clock.rag,
        (rule.route, rule.hard_stop, rule.safeguarding, rule.source),
    )


def _kind(facts: Facts, today: date) -> tuple:
    """Everything on which it depends whether a rule fires; ages, sums, counts and days only as far as the rules look at them."""
    age, closed = facts.person_age, facts.closed_on
    ages = facts.household_ages if age is None else (age, *facts.household_ages)
    return (
        frozenset([pair for pair in facts.__dict__.items() if pair[0] not in _BY_KIND]),
        age if age in _YOUNG or facts.care_leaver is Answer.YES else None,
        min(ages, default=ADULT) < ADULT,
        (facts.arrears_pence or 0) > LARGE_ARREARS_PENCE,
        facts.arrears_pence is None,
        (facts.same_need_contacts_90_days or 0) >= SAME_NEED_CONTACTS,
        tuple([(on - today) // timedelta(days=1) if on else None for on in _SOON(facts)]),
        closed and add_months(closed, CLOSED_MONTHS) <= today,
    )
