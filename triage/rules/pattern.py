"""Rules about school, several needs, history and what was not asked: R32 to R34, R36 to R38, R40; and the three defaults."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from accounts.working_time import add_months
from intake.answers import SCREENING, SCREENING_KEYS, Answer
from intake.needs import headlines
from triage.clocks import MASH_GREEN, SAME_DAY, Clock
from triage.facts import ANSWER_KEYS, Facts
from triage.rules.base import Fired, Rule, Special, because, shown
from triage.rules.harm import adult_abuse, adult_at_risk, high_risk_abuse
from triage.rules.signs import (
    abuse_at_home,
    arrears_words,
    child,
    day_words,
    listed,
    need,
    said,
)
from triage.tiers import Tier

LOW_ATTENDANCE, VERY_LOW_ATTENDANCE = Decimal(90), Decimal(50)
WHOLE_FAMILY_HEADLINES = 3
AGENCIES = 2
SAME_NEED_CONTACTS = 3
CLOSED_MONTHS = 6
FURTHER_TROUBLE = frozenset(ANSWER_KEYS) - {*SCREENING_KEYS, "agreement", "has_lead"}
"""A yes to any of these is more than a question."""
FURTHER_FIGURES = (
    "arrears",
    "home_loss_on",
    "bailiff_or_possession_on",
    "shared_bnb_since",
    "income_or_job_loss_on",
    "neglect_contacts_12_months",
    "da_incidents_12_months",
)
"""Nor is it only a question if one of these is there."""
ATTENDANCE_NEEDS = ("attendance_below_90", "attendance_below_50")


def attendance(facts: Facts, today: date) -> Fired | None:
    percent = facts.attendance_percent
    missing = f"school attendance is {percent}%" if percent is not None else ""
    if need(facts, "attendance_below_50") or (percent is not None and percent < VERY_LOW_ATTENDANCE):
        return because(missing, need(facts, "attendance_below_50"))
    low = need(facts, "attendance_below_90") or (missing if percent is not None and percent < LOW_ATTENDANCE else "")
    others = need(facts, *sorted(facts.needs - set(ATTENDANCE_NEEDS))) or arrears_words(facts)
    return because(low, others) if low and others else None


def whole_family(facts: Facts, today: date) -> Fired | None:
    touched = sorted(headlines(facts.needs), key=lambda headline: headline.label)
    if child(facts) != Answer.YES or len(touched) < WHOLE_FAMILY_HEADLINES:
        return None
    names = listed([f"“{headline.label}”" for headline in touched])
    return because(f"there is a child and needs under {len(touched)} outcomes: {names}")


def no_lead(facts: Facts, today: date) -> Fired | None:
    count = facts.agencies_involved or 0
    if count >= AGENCIES and facts.no("has_lead"):
        return because(f"{count} agencies help and there is no lead practitioner")
    return None


def third_contact(facts: Facts, today: date) -> Fired | None:
    count = facts.same_need_contacts_90_days or 0
    return shown(
        f"this is contact number {count} about the same need in 90 days" if count >= SAME_NEED_CONTACTS else ""
    )


def closed_lately(facts: Facts, today: date) -> Fired | None:
    """A closing day that is not known counts as recent."""
    tier, on = facts.closed_from_tier, facts.closed_on
    if tier not in (Tier.SUPPORT, Tier.INTERVENTION) or (on and add_months(on, CLOSED_MONTHS) <= today):
        return None
    return shown(
        f"a case at {tier.label} was closed" + (f" on {day_words(on)}" if on else ", on a day that is not known")
    )


def missing_answers(facts: Facts) -> list[str]:
    """Screening questions without an answer, in words. Somebody who has a child at home is also asked about worry."""
    missing = []
    for item in SCREENING:
        answer = getattr(facts, item.key)
        if not answer.known and not (facts.transactional and answer == Answer.NOT_ASKED):
            missing.append(f"“{item.question}”: {answer.label.lower()}")
    if facts.yes("child_at_home") and not facts.known("child_worry"):
        missing.append(f"“Is anybody worried about a child?”: {facts.child_worry.label.lower()}")
    return missing


def not_known(facts: Facts, today: date) -> Fired | None:
    missing = missing_answers(facts)
    return Fired(f"There is no answer to {'; '.join(missing)}. Unknown is not no.") if missing else None


def one_question(facts: Facts, today: date) -> Fired | None:
    """At most one need, a question; every screening answer safe, or a simple enquiry to which they do not apply."""
    if not facts.needs <= {"information"} or missing_answers(facts) or any(map(facts.yes, FURTHER_TROUBLE)):
        return None
    if any(getattr(facts, item.key) == item.worrying for item in SCREENING):
        return None
    if any(getattr(facts, key) for key in FURTHER_FIGURES) or (facts.attendance_percent or 100) < LOW_ATTENDANCE:
        return None
    asked = [item for item in SCREENING if getattr(facts, item.key).known]
    screening = "every screening answer is safe" if len(asked) == len(SCREENING) else "it is a simple enquiry"
    return because("they came with one question", screening)


def worrying_answer(facts: Facts, today: date) -> Fired | None:
    """Whatever is worrying and belongs to no hard stop of its own."""
    assessed = facts.dash_score is not None and not high_risk_abuse(facts, today)
    return because(
        "they are not safe right now" if facts.no("safe_now") else "",
        said(facts, "child_worry", "somebody is worried about a child"),
        adult_abuse(facts) if not adult_at_risk(facts, today) else "",
        abuse_at_home(facts) if assessed else "",
    )


def two_outcomes(facts: Facts, today: date) -> Fired | None:
    touched = sorted(headline.label for headline in headlines(facts.needs))
    return because(f"they have needs under {len(touched)} outcomes: {listed(touched)}" if len(touched) > 1 else "")


def more_than_a_question(facts: Facts, today: date) -> Fired | None:
    if facts.needs - {"information"}:
        return because(need(facts, *sorted(facts.needs - {"information"})))
    if facts.yes("child_at_home"):
        return because("there is a child or a pregnant person in the home")
    return Fired("No rule applies to what you recorded.") if not one_question(facts, today) else None


RULES: tuple[Rule, ...] = (
    Rule(
        number="R32",
        title="Missing school",
        tier=Tier.SUPPORT,
        clock=Clock.working_days(5),
        route="Education welfare.",
        condition=attendance,
        source="Supporting Families outcomes: attendance below 90% and below 50%; clock: local rule",
    ),
    Rule(
        number="R33",
        title="A child, and needs under three or more outcomes",
        tier=Tier.SUPPORT,
        clock=Clock.working_days(5),
        route="Whole-family assessment.",
        condition=whole_family,
        source="Supporting Families: three or more needs in a family; clock: local rule",
    ),
    Rule(
        number="R34",
        title="Two or more agencies and nobody in the lead",
        tier=Tier.SUPPORT,
        clock=Clock.working_days(5),
        route="Name a lead practitioner.",
        condition=no_lead,
        source="Supporting Families: one lead practitioner",
    ),
    Rule(
        number="R36",
        title="Third contact about the same need in 90 days",
        tier=Tier.TRIAGE,
        clock=Clock.working_days(1),
        route="Talk about what lies behind it.",
        condition=third_contact,
        source="Local rule: repeat contact; clock: local rule",
    ),
    Rule(
        number="R37",
        title="A case closed less than six months ago",
        tier=Special.ONE_BELOW,
        clock=Clock.working_days(1),
        route="The previous worker reviews.",
        condition=closed_lately,
        source="MASH practice: the former team reviews within six months; clock: local rule",
    ),
    Rule(
        number="R38",
        title="A screening question without an answer",
        tier=Tier.TRIAGE,
        clock=Clock.working_days(1),
        route="Ask them.",
        condition=not_known,
        source="Local rule: unknown is not no",
    ),
    Rule(
        number="R40",
        title="One question, and nothing to worry about",
        tier=Tier.ACCESS,
        clock=Clock.days(28),
        route="Close, and watch for 28 days.",
        condition=one_question,
        alone=True,
        source="Local rule: Access",
    ),
)

DEFAULTS: tuple[Rule, ...] = (
    Rule(
        number="D1",
        title="A worrying answer",
        tier=Tier.TRIAGE,
        clock=SAME_DAY,
        route="Speak with them today and find out more.",
        condition=worrying_answer,
        source="Local rule: a worrying answer goes up from Access; unsafe people are seen the same day",
    ),
    Rule(
        number="D2",
        title="Needs under two or more outcomes",
        tier=Tier.TRIAGE,
        clock=MASH_GREEN,
        route="A screener looks at the whole household.",
        condition=two_outcomes,
        alone=True,
        source="Local rule: two needs go up from Universal",
    ),
    Rule(
        number="D3",
        title="No rule speaks",
        tier=Tier.UNIVERSAL,
        clock=Clock.working_days(10),
        route="A light-touch plan at a hub.",
        condition=more_than_a_question,
        alone=True,
        source="Local rule: a second need or a child in the home goes up from Access",
    ),
)
"""What the descriptions of the tiers say where no rule does. D2 and D3 are set aside once something asks for as much."""
