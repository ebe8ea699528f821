"""Rules about money and work: R22 to R27, R35, R39."""

from __future__ import annotations

from datetime import date
from types import MappingProxyType

from intake.answers import Answer
from intake.needs import HUB_NEEDS, NEED_BY_CODE, Headline
from triage.clocks import SAME_DAY, Clock
from triage.facts import Facts
from triage.rules.base import Fired, Rule, Variant, because
from triage.rules.signs import (
    CARE_LEAVER_UNTIL,
    arrears_words,
    child,
    child_words,
    day_words,
    domestic_abuse,
    home_loss,
    money_words,
    need,
    possession,
    said,
)
from triage.tiers import Tier

LARGE_ARREARS_PENCE = 200_000
INCOME_LOSS_DAYS = 90


def two_arrears(facts: Facts, today: date) -> Fired | None:
    return because(arrears_words(facts)) if len(facts.arrears) >= 2 else None


def aggravations(facts: Facts, today: date) -> list[str]:
    """What makes one debt a case for Homes and Money: the published criteria."""
    owed = facts.arrears_pence or 0
    signs = (
        f"the debt is {money_words(owed)}, which is more than £2,000" if owed > LARGE_ARREARS_PENCE else "",
        said(facts, "eviction_risk", "the debt could cost them their home")
        or home_loss(facts, today)
        or possession(facts),
        said(facts, "ill_health_or_disability", "somebody is ill or disabled") or need(facts, "disability_or_illness"),
        said(facts, "limited_capacity", "they find it hard to manage or decide about money"),
        domestic_abuse(facts),
        said(facts, "modern_slavery", "somebody may be held in slavery or was trafficked"),
        said(facts, "loan_shark", "they owe money to a loan shark"),
        said(facts, "care_leaver", "they are a care leaver"),
        said(facts, "complex_universal_credit", "their Universal Credit is complicated"),
        said(facts, "mortgage_arrears", "they are behind with a mortgage"),
        said(facts, "carer", "they look after somebody")
        or said(facts, "young_carer", "a child or young person looks after somebody")
        or said(facts, "carer_strain", "somebody who cares for an adult is struggling"),
    )
    return [sign for sign in signs if sign]


def one_arrears_and_more(facts: Facts, today: date) -> Fired | None:
    more = aggravations(facts, today)
    return because(arrears_words(facts), *more) if len(facts.arrears) == 1 and more else None


def one_arrears(facts: Facts, today: date) -> Fired | None:
    if len(facts.arrears) == 1 and not aggravations(facts, today):
        return because(arrears_words(facts))
    return None


def tipping_over(facts: Facts, today: date) -> Fired | None:
    owes = arrears_words(facts) or said(facts, "mortgage_arrears", "they are behind with a mortgage")
    lost = facts.income_or_job_loss_on
    if lost and (today - lost).days < INCOME_LOSS_DAYS:
        loss = f"they lost a job or income on {day_words(lost)}"
    else:
        loss = said(facts, "income_or_job_loss_90_days", "they lost a job or income in the last 90 days")
    return because(owes, loss) if owes and loss else None


def not_in_work_or_school(facts: Facts, today: date) -> Fired | None:
    return because(
        said(facts, "neet_16_18", "somebody aged 16 to 18 is without school, college, work or training"),
        need(facts, "neet"),
    )


def care_leaver(facts: Facts, today: date) -> Fired | None:
    """An age that was not asked counts as under 25."""
    if not facts.yes("care_leaver") or (facts.person_age is not None and facts.person_age >= CARE_LEAVER_UNTIL):
        return None
    codes = [code for code in sorted(facts.needs) if NEED_BY_CODE[code].headline in (Headline.HOME, Headline.MONEY)]
    trouble = (
        "they have nowhere safe to sleep tonight" if facts.no("sleep_tonight") else "",
        home_loss(facts, today),
        possession(facts),
        arrears_words(facts),
        said(facts, "needs_essentials", "they need food, heat, medicine or money today"),
        need(facts, *codes),
    )
    age = f"aged {facts.person_age}" if facts.person_age is not None else "of an age that is not known"
    return because(f"they are a care leaver {age}", *trouble) if any(trouble) else None


def no_essentials(facts: Facts, today: date) -> Fired | None:
    """Two days, but today where there is a child or nobody asked."""
    if not facts.yes("needs_essentials"):
        return None
    fired = because("they need food, heat, medicine or money today", child_words(facts))
    if fired and child(facts) != Answer.NO:
        return Fired(fired.because, variant="child")
    return fired


def light_needs_only(facts: Facts, today: date) -> Fired | None:
    """Hub needs and no others. Anything worrying fires another rule, which sets this one aside."""
    if not facts.needs or not facts.needs <= HUB_NEEDS:
        return None
    return because(need(facts, *sorted(facts.needs)) + " and nothing else")


RULES: tuple[Rule, ...] = (
    Rule(
        number="R22",
        title="Two or more of rent, council tax and utility arrears",
        tier=Tier.SUPPORT,
        clock=Clock.working_days(5),
        route="Homes and Money.",
        condition=two_arrears,
        source="Homes and Money Hubs, Barking and Dagenham: published criteria",
    ),
    Rule(
        number="R23",
        title="One of these arrears, and something that makes it harder",
        tier=Tier.SUPPORT,
        clock=Clock.working_days(5),
        route="Homes and Money.",
        condition=one_arrears_and_more,
        source="Homes and Money Hubs, Barking and Dagenham: published criteria",
    ),
    Rule(
        number="R24",
        title="One of these arrears, and nothing that makes it harder",
        tier=Tier.UNIVERSAL,
        clock=Clock.working_days(10),
        route="Benefit check; Breathing Space.",
        condition=one_arrears,
        source="Homes and Money Hubs, Barking and Dagenham: published criteria; clock: local rule",
    ),
    Rule(
        number="R25",
        title="Arrears and a lost job or income",
        tier=Tier.SUPPORT,
        clock=Clock.working_days(5),
        route="Tipping over: call them.",
        condition=tipping_over,
        source="Local rule: tipping over",
    ),
    Rule(
        number="R26",
        title="Aged 16 to 18 without school, work or training",
        tier=Tier.SUPPORT,
        clock=Clock.working_days(5),
        route="Participation team.",
        condition=not_in_work_or_school,
        source="Homes and Money Hubs, Barking and Dagenham: published criteria; clock: local rule",
    ),
    Rule(
        number="R27",
        title="A care leaver under 25 with housing or money trouble",
        tier=Tier.SUPPORT,
        clock=Clock.working_days(5),
        route="Tell their personal adviser.",
        condition=care_leaver,
        source="Children Act 1989, section 23CZB; clock: local rule",
    ),
    Rule(
        number="R35",
        title="No food, heat, medicine or money today",
        tier=Tier.UNIVERSAL,
        clock=Clock.hours(48),
        route="Crisis payment decision within 48 hours; today if there is a child.",
        condition=no_essentials,
        variants=MappingProxyType(
            {"child": Variant("with a child, or nobody asked about one", Tier.UNIVERSAL, SAME_DAY)}
        ),
        source="Crisis and Resilience Fund: urgent payments within 48 hours",
    ),
    Rule(
        number="R39",
        title="Work, skills, English, getting online or volunteering only",
        tier=Tier.UNIVERSAL,
        clock=Clock.working_days(10),
        route="Introduce them to a hub.",
        condition=light_needs_only,
        alone=True,
        source="Local rule: Universal; clock: local rule",
    ),
)
