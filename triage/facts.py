"""What is known about a contact when its tier is judged. Plain values, no database: unknown is not no."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from operator import attrgetter
from typing import Any

from intake.answers import SCREENING_KEYS, Answer
from intake.needs import NEED_CODES
from triage.tiers import Tier

__all__ = ["Answer", "Facts", "facts_from_answers", "facts_snapshot"]

ARREARS = {"rent": "rent", "council_tax": "council tax", "utilities": "utilities"}
"""The three primary debts. Others (mortgage, loan shark) are questions of their own."""

EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)
"""Dates outside are slips of the finger."""
NOT_ASKED = Answer.NOT_ASKED
NOT_APPLICABLE = "not_applicable"
"""As stored for a simple enquiry. By itself it is not an answer: only `transactional` excuses from the screening."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Every input of the rules. A count, date or number that is None is not known.

    Raises ValueError for a value that cannot be: the words say which."""

    # The five screening answers. `transactional` marks a simple enquiry to which they do not apply.
    safe_now: Answer = NOT_ASKED
    sleep_tonight: Answer = NOT_ASKED
    child_at_home: Answer = NOT_ASKED
    hurt_or_controlled: Answer = NOT_ASKED
    needs_essentials: Answer = NOT_ASKED
    transactional: bool = False
    # Who and what. Ages of everybody in the household as far as they are known, the person's own apart.
    needs: frozenset[str] = frozenset()
    person_age: int | None = None
    household_ages: tuple[int, ...] = ()
    # Danger
    danger_to_life: Answer = NOT_ASKED
    suicidal_thoughts: Answer = NOT_ASKED
    suicidal_plan: Answer = NOT_ASKED
    modern_slavery: Answer = NOT_ASKED
    fgm_forced_marriage_honour: Answer = NOT_ASKED
    radicalisation: Answer = NOT_ASKED
    # Children
    child_worry: Answer = NOT_ASKED
    child_abuse: Answer = NOT_ASKED
    child_missing_or_exploited: Answer = NOT_ASKED
    high_risk_parent_history: Answer = NOT_ASKED
    open_to_social_worker: Answer = NOT_ASKED
    young_carer: Answer = NOT_ASKED
    # Domestic abuse
    dash_score: int | None = None
    dash_professional_judgement: Answer = NOT_ASKED
    da_incidents_12_months: int | None = None
    strangulation_stalking_threats: Answer = NOT_ASKED
    # Adults
    adult_care_need: Answer = NOT_ASKED
    adult_abuse_or_neglect: Answer = NOT_ASKED
    cannot_protect_self: Answer = NOT_ASKED
    self_neglect_hoarding_fire: Answer = NOT_ASKED
    carer_strain: Answer = NOT_ASKED
    # Home
    priority_need_sign: Answer = NOT_ASKED
    homeless_16_17: Answer = NOT_ASKED
    bailiff_or_possession: Answer = NOT_ASKED
    bailiff_or_possession_on: date | None = None
    home_loss_56_days: Answer = NOT_ASKED
    home_loss_on: date | None = None
    shared_bnb_since: date | None = None
    leaving_institution_no_address: Answer = NOT_ASKED
    # Money
    arrears: frozenset[str] = frozenset()
    arrears_pence: int | None = None
    eviction_risk: Answer = NOT_ASKED
    ill_health_or_disability: Answer = NOT_ASKED
    limited_capacity: Answer = NOT_ASKED
    loan_shark: Answer = NOT_ASKED
    complex_universal_credit: Answer = NOT_ASKED
    mortgage_arrears: Answer = NOT_ASKED
    carer: Answer = NOT_ASKED
    income_or_job_loss_90_days: Answer = NOT_ASKED
    income_or_job_loss_on: date | None = None
    nrpf: Answer = NOT_ASKED
    # Work and school
    neet_16_18: Answer = NOT_ASKED
    care_leaver: Answer = NOT_ASKED
    attendance_percent: Decimal | None = None
    # History and who else helps. Both counts of contacts include this contact.
    agencies_involved: int | None = None
    has_lead: Answer = NOT_ASKED
    neglect_contacts_12_months: int | None = None
    same_need_contacts_90_days: int | None = None
    closed_from_tier: Tier | None = None
    closed_on: date | None = None
    open_tier: Tier | None = None
    # May anything be sent?
    agreement: Answer = NOT_ASKED
    safeguarding_reason: bool = False

    def __post_init__(self) -> None:
        if unknown := self.needs - NEED_CODES:
            raise ValueError(f"Unknown need: {', '.join(sorted(unknown))}.")
        if unknown := self.arrears - ARREARS.keys():
            raise ValueError(f"Unknown arrears: {', '.join(sorted(unknown))}.")
        for key in COUNTS:
            if (count := getattr(self, key)) is not None and count < 0:
                raise ValueError(f"{key} cannot be negative.")
        for key in DATES:
            if (day := getattr(self, key)) is not None and not EARLIEST <= day <= LATEST:
                raise ValueError(f"{key} lies too far away: {day.isoformat()}.")
        if self.dash_score is not None and self.dash_score > 24:
            raise ValueError("A DASH score is between 0 and 24.")
        if self.attendance_percent is not None and not 0 <= self.attendance_percent <= 100:
            raise ValueError("Attendance is between 0 and 100 per cent.")
        if any(not 0 <= age <= 130 for age in (*self.household_ages, self.person_age or 0)):
            raise ValueError("An age is between 0 and 130.")
        if self.open_tier is not None and self.open_tier < Tier.SUPPORT:
            raise ValueError("Open work is at Support or Intervention.")

    def yes(self, key: str) -> bool:
        """Whether the answer is a plain yes."""
        return getattr(self, key) == Answer.YES

    def no(self, key: str) -> bool:
        """Whether the answer is a plain no."""
        return getattr(self, key) == Answer.NO

    def known(self, key: str) -> bool:
        """Whether there is an answer: yes, no, a number or a date."""
        value = getattr(self, key)
        return value.known if isinstance(value, Answer) else value is not None


COUNTS = (
    "person_age",
    "dash_score",
    "da_incidents_12_months",
    "arrears_pence",
    "agencies_involved",
    "neglect_contacts_12_months",
    "same_need_contacts_90_days",
)
DATES = ("bailiff_or_possession_on", "home_loss_on", "shared_bnb_since", "income_or_job_loss_on", "closed_on")
TIERS = ("closed_from_tier", "open_tier")
FLAGS = ("transactional", "safeguarding_reason")
SETS = ("needs", "arrears")
HISTORY_KEYS = frozenset(
    {
        "neglect_contacts_12_months",
        "same_need_contacts_90_days",
        "closed_from_tier",
        "closed_on",
        "open_tier",
        "open_to_social_worker",
        "agencies_involved",
        "has_lead",
        "shared_bnb_since",
        "household_ages",
        "person_age",
    }
)
"""What the record may know already; an answer given today goes before it."""

FACT_KEYS: tuple[str, ...] = tuple(item.name for item in fields(Facts))
ANSWER_KEYS: tuple[str, ...] = tuple(
    key
    for key in FACT_KEYS
    if key not in {*COUNTS, *DATES, *TIERS, *FLAGS, *SETS, "household_ages", "attendance_percent"}
)
assert set(SCREENING_KEYS) <= set(ANSWER_KEYS), "Each screening question is a fact."


def facts_from_answers(answers: Mapping[str, Any], history: Mapping[str, Any] | None = None) -> Facts:
    """Facts from the answers on a form or in the record (text is understood) and from what the history says.

    Several codes or ages in one text are parted by spaces. What is missing, None or empty is not asked, and then the
    history speaks. Raises ValueError for an unknown key or an impossible value."""
    history = history or {}
    if strangers := set(answers) - set(FACT_KEYS):
        raise ValueError(f"Unknown answer: {', '.join(sorted(strangers))}.")
    if strangers := set(history) - HISTORY_KEYS:
        raise ValueError(f"Unknown history: {', '.join(sorted(strangers))}.")
    values = {key: _read(key, value) for key, value in history.items() if value is not None and value != ""}
    for key, value in answers.items():
        if value is None or value == "":
            continue
        read = _read(key, value)
        if key not in values or _says_something(read):
            values[key] = read
    return Facts(**values)


def facts_snapshot(facts: Facts) -> dict[str, Any]:
    """Every fact that is known as a value that JSON can hold; `facts_from_answers` reads it back to equal facts."""
    pairs = zip(FACT_KEYS, _EVERY(facts), _EMPTY, strict=True)
    return {key: _plain(value) for key, value, empty in pairs if value is not empty and value != empty}


_EVERY = attrgetter(*FACT_KEYS)
_EMPTY = _EVERY(Facts())


def _says_something(value: Any) -> bool:
    """Whether an answer of today goes before what the record knows: not knowing does not undo it."""
    return value.known if isinstance(value, Answer) else value not in ((), frozenset())


def _read(key: str, value: Any) -> Any:
    """One value as its fact. Raises ValueError in words."""
    try:
        if key in ANSWER_KEYS:
            if value == NOT_APPLICABLE:
                return Answer.NOT_ASKED
            return Answer.of(value) if isinstance(value, bool) else Answer(value)
        if key in COUNTS:
            return _whole(value)
        if key in DATES:
            return _day(value)
        if key in TIERS:
            return Tier(int(value))
        if key in FLAGS:
            return value is True or str(value).lower() in ("true", "yes", "on", "1")
        if key in SETS:
            return frozenset(value.split() if isinstance(value, str) else value)
        if key == "household_ages":
            return tuple(_whole(age) for age in (value.split() if isinstance(value, str) else value))
        return _decimal(value)
    except (ValueError, TypeError, OverflowError, InvalidOperation):
        raise ValueError(f"{key} cannot be read from what was given.") from None


def _whole(value: Any) -> int:
    if isinstance(value, bool) or (not isinstance(value, str) and value != int(value)):
        raise ValueError("A count is a whole number.")
    return int(value)


def _decimal(value: Any) -> Decimal:
    number = Decimal(str(value).strip().removesuffix("%"))
    if not number.is_finite():
        raise ValueError("A percentage is a number.")
    return number


def _day(value: Any) -> date:
    if isinstance(value, datetime):
        raise ValueError("A day has no time.")
    return value if isinstance(value, date) else date.fromisoformat(value)


def _plain(value: Any) -> Any:
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, Tier):
        return int(value)
    if isinstance(value, Answer):
        return str(value.value)
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value
