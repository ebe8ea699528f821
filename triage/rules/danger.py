"""Rules about danger to life and about children at risk: R01 to R03, R08, R09, R13 to R18."""

from __future__ import annotations

from datetime import date
from types import MappingProxyType

from triage.clocks import MASH_AMBER, MASH_RED, NOW, SAME_DAY, Clock
from triage.facts import Facts
from triage.rules.base import Fired, Rule, Special, Variant, because, shown
from triage.rules.signs import need, said
from triage.tiers import Tier

NEGLECT_CONTACTS = 3


def danger_to_life(facts: Facts, today: date) -> Fired | None:
    return because(said(facts, "danger_to_life", "somebody's life is in danger now"))


def child_abuse(facts: Facts, today: date) -> Fired | None:
    return because(
        said(facts, "child_abuse", "a child was hurt, abused or badly neglected"),
        need(facts, "child_abuse_or_neglect"),
    )


def child_missing_or_exploited(facts: Facts, today: date) -> Fired | None:
    return because(
        said(facts, "child_missing_or_exploited", "a child is missing or exploited"),
        need(facts, "child_missing", "child_exploitation"),
    )


def honour_based(facts: Facts, today: date) -> Fired | None:
    return because(
        said(
            facts,
            "fgm_forced_marriage_honour",
            "there is a risk of female genital mutilation, forced marriage or so-called honour-based abuse",
        )
    )


def modern_slavery(facts: Facts, today: date) -> Fired | None:
    return because(said(facts, "modern_slavery", "somebody may be held in slavery or was trafficked"))


def suicidal(facts: Facts, today: date) -> Fired | None:
    """A plan that was not asked about counts as a plan."""
    if facts.yes("suicidal_plan"):
        return because("somebody has a plan to end their life")
    if not facts.yes("suicidal_thoughts"):
        return None
    if facts.no("suicidal_plan"):
        return Fired("You recorded that somebody thinks of ending their life, without a plan.", variant="no_plan")
    return because("somebody thinks of ending their life, and whether there is a plan is not known")


def baby_at_risk(facts: Facts, today: date) -> Fired | None:
    return because(
        said(
            facts, "high_risk_parent_history", "there is a baby or an unborn child whose parent has a high-risk history"
        )
    )


def radicalisation(facts: Facts, today: date) -> Fired | None:
    return because(said(facts, "radicalisation", "somebody may be drawn into extremism"), need(facts, "radicalisation"))


def open_to_social_worker(facts: Facts, today: date) -> Fired | None:
    return because(said(facts, "open_to_social_worker", "somebody in the household has a social worker"))


def repeated_neglect(facts: Facts, today: date) -> Fired | None:
    count = facts.neglect_contacts_12_months or 0
    return shown(f"this is contact number {count} about neglect in 12 months" if count >= NEGLECT_CONTACTS else "")


RULES: tuple[Rule, ...] = (
    Rule(
        number="R01",
        title="Danger to life now",
        hard_stop=True,
        safeguarding=True,
        tier=Tier.INTERVENTION,
        clock=NOW,
        route="Call 999 before you save.",
        condition=danger_to_life,
        source="Local rule: emergency services first",
    ),
    Rule(
        number="R02",
        title="A child is abused or comes to significant harm",
        hard_stop=True,
        safeguarding=True,
        tier=Tier.INTERVENTION,
        clock=NOW,
        route="Phone the MASH now.",
        condition=child_abuse,
        source="Children Act 1989, section 47",
    ),
    Rule(
        number="R03",
        title="A child is missing or exploited",
        hard_stop=True,
        safeguarding=True,
        tier=Tier.INTERVENTION,
        clock=MASH_RED,
        route="Tell the MASH and the police.",
        condition=child_missing_or_exploited,
        source="Children Act 1989, section 47",
    ),
    Rule(
        number="R08",
        title="FGM, forced marriage or so-called honour-based abuse",
        hard_stop=True,
        safeguarding=True,
        tier=Tier.INTERVENTION,
        clock=SAME_DAY,
        route="Tell the MASH today. Do not contact the family.",
        condition=honour_based,
        source="Female Genital Mutilation Act 2003; Anti-social Behaviour, Crime and Policing Act 2014, part 10; clock: local rule",
    ),
    Rule(
        number="R09",
        title="Modern slavery or trafficking",
        hard_stop=True,
        safeguarding=True,
        tier=Tier.INTERVENTION,
        clock=SAME_DAY,
        route="Ask a first responder of the National Referral Mechanism today.",
        condition=modern_slavery,
        source="Modern Slavery Act 2015, section 52; clock: local rule",
    ),
    Rule(
        number="R13",
        title="Thoughts of suicide",
        hard_stop=True,
        safeguarding=True,
        tier=Tier.INTERVENTION,
        clock=NOW,
        route="Stay on the line and transfer to the crisis line. Without a plan: speak with them today.",
        condition=suicidal,
        variants=MappingProxyType({"no_plan": Variant("without a plan", Tier.TRIAGE, SAME_DAY)}),
        source="Local rule",
    ),
    Rule(
        number="R14",
        title="A baby or unborn child whose parent has a high-risk history",
        hard_stop=True,
        safeguarding=True,
        tier=Tier.TRIAGE,
        clock=MASH_AMBER,
        route="Send to the MASH as Amber.",
        condition=baby_at_risk,
        source="Local rule",
    ),
    Rule(
        number="R16",
        title="Worry about radicalisation",
        safeguarding=True,
        tier=Tier.TRIAGE,
        clock=Clock.working_days(1),
        route="Tell the Prevent lead.",
        condition=radicalisation,
        source="Counter-Terrorism and Security Act 2015, section 26",
    ),
    Rule(
        number="R17",
        title="Has a social worker already",
        tier=Special.KEEP,
        clock=SAME_DAY,
        route="Tell the allocated worker today. No new triage.",
        condition=open_to_social_worker,
        source="MASH practice: open cases go to the allocated worker",
    ),
    Rule(
        number="R18",
        title="Three contacts about neglect in a year",
        safeguarding=True,
        tier=Tier.TRIAGE,
        clock=MASH_AMBER,
        route="The MASH manager reads the chronology.",
        condition=repeated_neglect,
        source="Local rule: neglect adds up; clock: local rule",
    ),
)
