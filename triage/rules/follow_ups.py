"""Which further questions matter, given what is known already."""

from __future__ import annotations

from collections.abc import Callable

from intake.answers import SCREENING, Answer
from triage.facts import Facts
from triage.indicators import INDICATOR_BY_KEY
from triage.rules.signs import abuse_at_home, priority_need

Asks = Callable[[Facts], bool]


def _one_debt(facts: Facts) -> bool:
    return len(facts.arrears) == 1


def _abuse(facts: Facts) -> bool:
    return bool(abuse_at_home(facts))


def _home_trouble(facts: Facts) -> bool:
    return bool(facts.needs & {"home_at_risk", "homeless"}) or facts.yes("eviction_risk")


def _nowhere_and_possible(facts: Facts) -> bool:
    return facts.no("sleep_tonight") and priority_need(facts).startswith("priority need is not known")


FOLLOW_UPS: tuple[tuple[str, Asks], ...] = (
    ("danger_to_life", lambda facts: facts.no("safe_now")),
    ("child_worry", lambda facts: facts.yes("child_at_home")),
    ("child_abuse", lambda facts: facts.yes("child_worry")),
    ("child_missing_or_exploited", lambda facts: facts.yes("child_worry")),
    ("suicidal_plan", lambda facts: facts.yes("suicidal_thoughts")),
    ("dash_score", _abuse),
    ("strangulation_stalking_threats", _abuse),
    ("da_incidents_12_months", _abuse),
    ("dash_professional_judgement", _abuse),
    ("adult_care_need", lambda facts: facts.yes("adult_abuse_or_neglect") or facts.yes("nrpf")),
    ("adult_abuse_or_neglect", lambda facts: facts.yes("cannot_protect_self")),
    (
        "cannot_protect_self",
        lambda facts: facts.yes("adult_abuse_or_neglect") or "adult_abuse_or_neglect" in facts.needs,
    ),
    ("priority_need_sign", _nowhere_and_possible),
    ("bailiff_or_possession", _home_trouble),
    ("home_loss_56_days", lambda facts: _home_trouble(facts) and facts.home_loss_on is None),
    ("bailiff_or_possession_on", lambda facts: facts.yes("bailiff_or_possession")),
    ("arrears_pence", _one_debt),
    ("eviction_risk", _one_debt),
    ("ill_health_or_disability", _one_debt),
    ("limited_capacity", _one_debt),
    ("loan_shark", _one_debt),
    ("care_leaver", _one_debt),
    ("complex_universal_credit", _one_debt),
    ("mortgage_arrears", _one_debt),
    ("carer", _one_debt),
    (
        "income_or_job_loss_90_days",
        lambda facts: bool(facts.arrears) and facts.income_or_job_loss_on is None,
    ),
    ("has_lead", lambda facts: (facts.agencies_involved or 0) >= 2),
    ("closed_on", lambda facts: facts.closed_from_tier is not None),
)
"""A question and when it matters; asked only while it has no answer."""


def not_asked(facts: Facts) -> list[tuple[str, str, str]]:
    """Key, question and how it stands, for the screening questions and follow-ups that have no answer."""
    open_questions = []
    for item in SCREENING:
        answer = getattr(facts, item.key)
        if not answer.known and not (facts.transactional and answer == Answer.NOT_ASKED):
            open_questions.append((item.key, item.question, str(answer.label)))
    for key, matters in FOLLOW_UPS:
        if matters(facts) and not facts.known(key):
            value = getattr(facts, key)
            how = str(value.label) if isinstance(value, Answer) else str(Answer.NOT_ASKED.label)
            open_questions.append((key, INDICATOR_BY_KEY[key].question, how))
    return open_questions
