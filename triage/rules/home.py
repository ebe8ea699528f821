"""Rules about having and keeping a home: R10 to R12, R19 to R21, R28."""

from __future__ import annotations

from datetime import date, timedelta
from types import MappingProxyType

from intake.answers import Answer
from triage.clocks import BEFORE, MASH_RED, SAME_DAY, Clock
from triage.facts import Facts
from triage.rules.base import Fired, Rule, Variant, because
from triage.rules.signs import child, day_words, home_loss, possession, priority_need, said
from triage.tiers import Tier

YOUNG_HOMELESS_AGES = (16, 17)
BAILIFF_RED_DAYS = 7
BNB_WARNING_NIGHT = 28
BNB_LIMIT_NIGHT = 42

NOWHERE = "they have nowhere safe to sleep tonight"


def nowhere_priority(facts: Facts, today: date) -> Fired | None:
    sign = priority_need(facts)
    return because(NOWHERE, sign) if facts.no("sleep_tonight") and sign else None


def nowhere_no_priority(facts: Facts, today: date) -> Fired | None:
    if facts.no("sleep_tonight") and not priority_need(facts):
        return because(NOWHERE, "there is no sign of priority need")
    return None


def homeless_16_17(facts: Facts, today: date) -> Fired | None:
    if facts.yes("homeless_16_17"):
        return because("somebody aged 16 or 17 has no home to go to")
    if facts.no("sleep_tonight") and facts.person_age in YOUNG_HOMELESS_AGES:
        return because(NOWHERE, f"they are {facts.person_age}")
    return None


def bailiff_or_possession(facts: Facts, today: date) -> Fired | None:
    words = possession(facts)
    if not words:
        return None
    on = facts.bailiff_or_possession_on
    soon = on is not None and (on - today).days <= BAILIFF_RED_DAYS
    return Fired(f"You recorded that {words}.", variant="soon" if soon else "")


def home_at_risk(facts: Facts, today: date) -> Fired | None:
    return because(home_loss(facts, today))


def long_in_bnb(facts: Facts, today: date) -> Fired | None:
    """The first night is night 1. The plan is due before night 42."""
    since = facts.shared_bnb_since
    if since is None or child(facts) != Answer.YES or (today - since).days + 1 < BNB_WARNING_NIGHT:
        return None
    words = (
        f"a family lives in shared B&B since {day_words(since)}, which makes tonight night {(today - since).days + 1}"
    )
    return Fired(f"You recorded that {words}.", on=since + timedelta(days=BNB_LIMIT_NIGHT - 1))


def leaving_institution(facts: Facts, today: date) -> Fired | None:
    return because(
        said(
            facts,
            "leaving_institution_no_address",
            "they are leaving hospital, prison, the forces or asylum support with no address",
        )
    )


RULES: tuple[Rule, ...] = (
    Rule(
        number="R10",
        title="Nowhere safe tonight, possible priority need",
        hard_stop=True,
        tier=Tier.INTERVENTION,
        clock=SAME_DAY,
        route="Section 188 decision on a place for tonight, today.",
        condition=nowhere_priority,
        source="Housing Act 1996, section 188: reason to believe is a low bar",
    ),
    Rule(
        number="R11",
        title="Nowhere safe tonight, no sign of priority need",
        hard_stop=True,
        tier=Tier.SUPPORT,
        clock=SAME_DAY,
        route="Relief application today; outreach or severe-weather beds.",
        condition=nowhere_no_priority,
        source="Housing Act 1996, section 189B",
    ),
    Rule(
        number="R12",
        title="Homeless at 16 or 17",
        hard_stop=True,
        safeguarding=True,
        tier=Tier.INTERVENTION,
        clock=SAME_DAY,
        route="Joint decision of children's services and housing today (section 20).",
        condition=homeless_16_17,
        source="Children Act 1989, section 20",
    ),
    Rule(
        number="R19",
        title="Bailiff date or possession order",
        tier=Tier.SUPPORT,
        clock=Clock.working_days(1),
        route="Housing prevention and debt advice; ask the court to stop or put off the eviction.",
        condition=bailiff_or_possession,
        variants=MappingProxyType({"soon": Variant("within 7 days or past", Tier.SUPPORT, MASH_RED)}),
        source="Housing Act 1996, section 195; clock: local rule",
    ),
    Rule(
        number="R20",
        title="Likely to lose their home within 56 days",
        tier=Tier.SUPPORT,
        clock=Clock.working_days(2),
        route="Prevention assessment.",
        condition=home_at_risk,
        source="Housing Act 1996, sections 175 and 195",
    ),
    Rule(
        number="R21",
        title="A family in shared B&B for 28 nights",
        tier=Tier.SUPPORT,
        clock=BEFORE,
        route="Move-on plan before night 42.",
        condition=long_in_bnb,
        source="Homelessness (Suitability of Accommodation) (England) Order 2003: six weeks",
    ),
    Rule(
        number="R28",
        title="Leaving hospital, prison, the forces or asylum support with no address",
        tier=Tier.SUPPORT,
        clock=Clock.working_days(2),
        route="Log the duty to refer.",
        condition=leaving_institution,
        source="Housing Act 1996, section 213B; clock: local rule, as R20",
    ),
)
