"""The real rules, asked quickly: facts of one kind fire the same rules, so only those are asked about the next of that kind."""

from datetime import date, datetime, timedelta
from operator import attrgetter

from accounts.working_time import OFFICE_HOURS, add_months, local_day
from triage.facts import COUNTS, DATES, FACT_KEYS, Answer, Facts
from triage.rules import Assessment, Rule
from triage.rules.assess import Question, Spoken, explained, speaking
from triage.rules.money import LARGE_ARREARS_PENCE
from triage.rules.pattern import CLOSED_MONTHS

Asked = tuple[tuple[Rule, ...], tuple[Question, ...]]
CHILD, GROWN = 10, 30
_BY_KIND = {"person_age", "household_ages", "arrears_pence", *DATES}
_PLAIN = attrgetter(*(key for key in FACT_KEYS if key not in _BY_KIND))
_SOON = attrgetter(*(day for day in DATES if day != "closed_on"))
_DAYS = attrgetter(*DATES)
_NO_DAYS = (None,) * len(DATES)
assert _BY_KIND - {"household_ages"} <= {*COUNTS, *DATES}

_asked: dict[tuple, Asked] = {}
_said: dict[tuple, Spoken] = {}


def quick(facts: Facts, received_at: datetime) -> Assessment:
    """What `assess` says. A test compares the two."""
    return explained(_spoken(facts, local_day(received_at)), facts, received_at, OFFICE_HOURS)


def _spoken(facts: Facts, today: date) -> Spoken:
    """What the rules say: word for word as the last time, unless the words hold a day."""
    kind = _kind(facts, today)
    timeless = _DAYS(facts) == _NO_DAYS
    same = (kind, facts.arrears_pence)
    if timeless and (known := _said.get(same)):
        return known
    if found := _asked.get(kind):
        rules, questions = found
        spoken = Spoken(tuple([(rule, rule.condition(facts, today)) for rule in rules]), questions)  # type: ignore[misc]
    else:
        spoken = speaking(facts, today)
        _asked[kind] = tuple(rule for rule, _ in spoken.pairs), spoken.questions
    if timeless:
        _said[same] = spoken
    return spoken


def _kind(facts: Facts, today: date) -> tuple:
    """Everything on which it depends whether a rule fires; ages, sums and days only as far as the rules look at them."""
    ages = facts.household_ages
    closed = facts.closed_on
    return (
        _PLAIN(facts),
        facts.person_age if facts.care_leaver is Answer.YES else _age(facts.person_age),
        (CHILD if min(ages) < 18 else GROWN) if ages else None,
        (facts.arrears_pence or 0) > LARGE_ARREARS_PENCE,
        facts.arrears_pence is None,
        tuple((on - today) // timedelta(days=1) if on else None for on in _SOON(facts)),
        closed and add_months(closed, CLOSED_MONTHS) <= today,
    )


def _age(age: int | None) -> int | None:
    if age is None or age in (16, 17):
        return age
    return CHILD if age < 18 else GROWN
