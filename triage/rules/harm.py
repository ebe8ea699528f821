"""Rules about domestic abuse, adults at risk and carers: R04 to R07, R15, R29 to R31."""

from __future__ import annotations

from datetime import date

from intake.answers import Answer
from triage.clocks import MASH_AMBER, SAME_DAY, Clock
from triage.facts import Facts
from triage.rules.base import Fired, Rule, because
from triage.rules.signs import abuse_at_home, child, child_words, first, incident_words, need, said
from triage.tiers import Tier

HIGH_DASH = 14
HIGH_INCIDENTS = 3


def high_risk_abuse(facts: Facts, today: date) -> Fired | None:
    dash, incidents = facts.dash_score or 0, facts.da_incidents_12_months or 0
    return because(
        f"the DASH score is {dash}" if dash >= HIGH_DASH else "",
        said(facts, "dash_professional_judgement", "in your judgement they are at high risk"),
        incident_words(incidents) if incidents >= HIGH_INCIDENTS else "",
        said(facts, "strangulation_stalking_threats", "there was strangulation, stalking or a threat to kill"),
    )


def abuse_not_assessed(facts: Facts, today: date) -> Fired | None:
    """A disclosure without a DASH. Somebody else's judgement does not replace it."""
    abuse = abuse_at_home(facts)
    return because(abuse, "the DASH is not done") if abuse and facts.dash_score is None else None


def child_in_abuse(facts: Facts, today: date) -> Fired | None:
    """A child who was not asked about counts as a child."""
    if need(facts, "da_child"):
        return because(need(facts, "da_child"))
    abuse = abuse_at_home(facts)
    return because(abuse, child_words(facts)) if abuse and child(facts) != Answer.NO else None


def adult_abuse(facts: Facts) -> str:
    """Abuse or neglect of an adult, by answer or as the need they came with."""
    answer = said(facts, "adult_abuse_or_neglect", "an adult is abused or neglected, or at risk of it")
    return answer or need(facts, "adult_abuse_or_neglect")


def adult_at_risk(facts: Facts, today: date) -> Fired | None:
    """The three tests of section 42: a third test that was not asked about counts as met (reasonable cause to suspect)."""
    abused = adult_abuse(facts)
    care = first(
        said(facts, "adult_care_need", "an adult seems to need care or support"),
        need(facts, "adult_care"),
        need(facts, "adult_abuse_or_neglect"),
    )
    if not abused or not care or facts.no("cannot_protect_self"):
        return None
    asked = facts.yes("cannot_protect_self")
    protect = "they cannot protect themselves" if asked else "it is not known whether they can protect themselves"
    return because(*dict.fromkeys((abused, care, protect)))


def self_neglect(facts: Facts, today: date) -> Fired | None:
    return because(said(facts, "self_neglect_hoarding_fire", "there is self-neglect, hoarding or a fire risk"))


def no_public_funds(facts: Facts, today: date) -> Fired | None:
    if not facts.yes("nrpf"):
        return None
    who = child_words(facts) if child(facts) == Answer.YES else ""
    care = said(facts, "adult_care_need", "an adult seems to need care or support") or need(facts, "adult_care")
    return because("they have no recourse to public funds", who, care) if who or care else None


def young_carer(facts: Facts, today: date) -> Fired | None:
    return because(
        said(facts, "young_carer", "a child or young person looks after somebody"), need(facts, "young_carer")
    )


def care_or_strain(facts: Facts, today: date) -> Fired | None:
    return because(
        said(facts, "adult_care_need", "an adult seems to need care or support"),
        said(facts, "carer_strain", "somebody who cares for an adult is struggling"),
        need(facts, "adult_care"),
    )


RULES: tuple[Rule, ...] = (
    Rule(
        number="R04",
        title="Domestic abuse, high risk",
        hard_stop=True,
        safeguarding=True,
        tier=Tier.INTERVENTION,
        clock=SAME_DAY,
        route="Refer to MARAC and the IDVA today.",
        condition=high_risk_abuse,
        source="SafeLives DASH (14 or more, or judgement); MARAC criteria (3 incidents in 12 months; strangulation, stalking, threats to kill)",
    ),
    Rule(
        number="R05",
        title="Domestic abuse, not yet assessed",
        hard_stop=True,
        safeguarding=True,
        tier=Tier.TRIAGE,
        clock=SAME_DAY,
        route="Complete the DASH today. Lock the safe contact details.",
        condition=abuse_not_assessed,
        source="Local rule; SafeLives DASH",
    ),
    Rule(
        number="R06",
        title="A child or pregnancy in a home with domestic abuse",
        hard_stop=True,
        safeguarding=True,
        tier=Tier.TRIAGE,
        clock=MASH_AMBER,
        route="Send to the MASH as Amber.",
        condition=child_in_abuse,
        source="Domestic Abuse Act 2021, section 3: children are victims",
    ),
    Rule(
        number="R07",
        title="An adult with care needs is abused and cannot protect themselves",
        hard_stop=True,
        safeguarding=True,
        tier=Tier.INTERVENTION,
        clock=SAME_DAY,
        route="Section 42 decision today.",
        condition=adult_at_risk,
        source="Care Act 2014, section 42: three tests",
    ),
    Rule(
        number="R15",
        title="Self-neglect, hoarding or fire risk",
        hard_stop=True,
        safeguarding=True,
        tier=Tier.TRIAGE,
        clock=Clock.working_days(1),
        route="Send to the adult MASH.",
        condition=self_neglect,
        source="Care Act 2014, statutory guidance: self-neglect",
    ),
    Rule(
        number="R29",
        title="No recourse to public funds, with a child or care needs",
        tier=Tier.TRIAGE,
        clock=Clock.working_days(1),
        route="Section 17 or Care Act human-rights screening.",
        condition=no_public_funds,
        source="Children Act 1989, section 17; Care Act 2014; clock: local rule",
    ),
    Rule(
        number="R30",
        title="A young carer",
        tier=Tier.SUPPORT,
        clock=Clock.working_days(5),
        route="Offer a young carer's assessment.",
        condition=young_carer,
        source="Children Act 1989, section 17ZA; clock: local rule",
    ),
    Rule(
        number="R31",
        title="An adult seems to need care, or a carer is struggling",
        tier=Tier.TRIAGE,
        clock=Clock.working_days(1),
        route="Offer a care assessment (section 9) or a carer's assessment (section 10).",
        condition=care_or_strain,
        source="Care Act 2014, sections 9 and 10; clock: local rule",
    ),
)
