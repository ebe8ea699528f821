"""Facts that follow from several answers, each with the words that explain it. An empty string means no sign."""

from __future__ import annotations

from datetime import date

from intake.answers import Answer
from intake.needs import NEED_BY_CODE
from triage.facts import ARREARS, Facts

CHILD_UNTIL = 18
HOME_LOSS_DAYS = 56
CARE_LEAVER_UNTIL = 25
PRIORITY_CARE_LEAVER_UNTIL = 21


def said(facts: Facts, key: str, words: str) -> str:
    """The words, if the answer is yes."""
    return words if facts.yes(key) else ""


def need(facts: Facts, *codes: str) -> str:
    """The needs recorded among these, in words."""
    labels = [f"“{NEED_BY_CODE[code].label}”" for code in codes if code in facts.needs]
    return f"they came with the need{'s' if len(labels) > 1 else ''} {listed(labels)}" if labels else ""


def listed(words: list[str]) -> str:
    """A list as people say it: a, b and c."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def first(*signs: str) -> str:
    """The first sign there is."""
    return next(filter(None, signs), "")


def child(facts: Facts) -> Answer:
    """Whether there is a child or a pregnant person in the household, from the screening answer and the ages."""
    ages = [*facts.household_ages, *([facts.person_age] if facts.person_age is not None else [])]
    if facts.yes("child_at_home") or any(age < CHILD_UNTIL for age in ages):
        return Answer.YES
    return facts.child_at_home


def child_words(facts: Facts) -> str:
    """How we know of the child; says so if it is not known."""
    if child(facts) == Answer.YES:
        return "there is a child or a pregnant person in the home"
    return "" if child(facts) == Answer.NO else "it is not known whether a child or a pregnant person lives there"


def domestic_abuse(facts: Facts) -> str:
    """Any disclosure of domestic abuse."""
    incidents = facts.da_incidents_12_months or 0
    return first(
        said(facts, "hurt_or_controlled", "somebody is hurting or controlling them"),
        said(facts, "strangulation_stalking_threats", "there was strangulation, stalking or a threat to kill"),
        incident_words(incidents) if incidents else "",
        f"the DASH score is {facts.dash_score}" if facts.dash_score else "",
        said(facts, "dash_professional_judgement", "in your judgement they are at high risk"),
        need(facts, "da_victim", "da_child"),
    )


def incident_words(count: int) -> str:
    """The incidents of a year, in words."""
    return f"there {'was 1 incident' if count == 1 else f'were {count} incidents'} of domestic abuse in 12 months"


def abuse_at_home(facts: Facts) -> str:
    """Domestic abuse on either side: somebody is harmed, or somebody who harms has come."""
    return first(domestic_abuse(facts), need(facts, "da_perpetrator"))


def priority_need(facts: Facts) -> str:
    """A sign of priority need; not known counts as possible, because the duty asks only for reason to believe."""
    if facts.yes("priority_need_sign"):
        return "there is a sign of priority need"
    if child(facts) == Answer.YES:
        return "there is a child or a pregnant person, which is a sign of priority need"
    if domestic_abuse(facts):
        return "there is domestic abuse, which is a sign of priority need"
    if facts.yes("care_leaver") and (facts.person_age is None or facts.person_age < PRIORITY_CARE_LEAVER_UNTIL):
        return "they are a care leaver, which is a sign of priority need"
    if facts.yes("adult_care_need") or facts.yes("ill_health_or_disability"):
        return "somebody is ill, disabled or in need of care, which is a sign of priority need"
    return "" if facts.no("priority_need_sign") else "priority need is not known, so it is possible"


def home_loss(facts: Facts, today: date) -> str:
    """A home likely to be lost within 56 days, by answer or by date."""
    if facts.home_loss_on and (facts.home_loss_on - today).days <= HOME_LOSS_DAYS:
        return f"they must leave by {day_words(facts.home_loss_on)}"
    return said(facts, "home_loss_56_days", "they are likely to lose their home within 56 days")


def possession(facts: Facts) -> str:
    """A possession order or bailiff date, by answer or by date."""
    if facts.bailiff_or_possession_on:
        return f"there is a possession order or bailiff date: {day_words(facts.bailiff_or_possession_on)}"
    return said(facts, "bailiff_or_possession", "there is a possession order or bailiff date")


def arrears_words(facts: Facts) -> str:
    """The primary debts, in words."""
    kinds = [words for kind, words in ARREARS.items() if kind in facts.arrears]
    return f"they owe {listed(kinds)}" if kinds else ""


def money_words(pence: int) -> str:
    """Pence as pounds: £2,000.01."""
    return f"£{pence // 100:,}.{pence % 100:02d}"


def day_words(day: date) -> str:
    """A date as people write it: 4 June 2026."""
    return f"{day.day} {day:%B %Y}"
