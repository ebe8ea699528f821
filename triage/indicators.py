"""The further questions that the rules use, in the words in which staff ask them. Pages build their forms from this table."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import TextChoices


class Group(TextChoices):
    """The headings under which the questions stand."""

    DANGER = "danger", "Danger"
    CHILD = "child", "Children"
    DOMESTIC_ABUSE = "domestic_abuse", "Domestic abuse"
    ADULT = "adult", "Adults and carers"
    HOME = "home", "Home"
    MONEY = "money", "Money"
    WORK_AND_SCHOOL = "work_and_school", "Work and school"
    HISTORY = "history", "History and who else helps"
    SHARING = "sharing", "Sharing"


class AnswerKind(TextChoices):
    """What an answer looks like."""

    YES_NO = "yes_no", "Yes, no or not known"
    COUNT = "count", "A whole number"
    PENCE = "pence", "An amount, kept in pence"
    PERCENT = "percent", "A percentage"
    DAY = "day", "A date"
    ARREARS = "arrears", "Any of the three primary debts"
    TIER = "tier", "A tier"


@dataclass(frozen=True, slots=True)
class Indicator:
    """One question. `key` is the name of its fact."""

    key: str
    question: str
    group: Group
    kind: AnswerKind = AnswerKind.YES_NO
    hint: str = ""


def _indicators() -> tuple[Indicator, ...]:
    ask, g, k = Indicator, Group, AnswerKind
    return (
        ask("danger_to_life", "Is anybody's life in danger now?", g.DANGER, hint="Violence, overdose, weapon or fire."),
        ask("suicidal_thoughts", "Is anybody thinking of ending their life?", g.DANGER),
        ask("suicidal_plan", "Do they have a plan or the means to do it?", g.DANGER),
        ask(
            "modern_slavery",
            "Does somebody control their work, papers, pay or movements, or were they trafficked?",
            g.DANGER,
        ),
        ask(
            "fgm_forced_marriage_honour",
            "Is there a risk of female genital mutilation, forced marriage or so-called honour-based abuse?",
            g.DANGER,
            hint="Ask only if alone. Do not contact the family.",
        ),
        ask("radicalisation", "Are you worried that somebody is being drawn into extremism?", g.DANGER),
        ask("child_worry", "Is anybody worried about a child?", g.CHILD),
        ask("child_abuse", "Has a child been hurt, abused or badly neglected, said or seen?", g.CHILD),
        ask("child_missing_or_exploited", "Is a child missing, or exploited for sex or crime?", g.CHILD),
        ask(
            "high_risk_parent_history",
            "Is there a baby or an unborn child whose parent has a high-risk history?",
            g.CHILD,
            hint="Such as an earlier child removed, or serious violence.",
        ),
        ask(
            "open_to_social_worker",
            "Does anybody in the household have a social worker?",
            g.CHILD,
            hint="A child in need or protection plan, or looked after by a council.",
        ),
        ask("young_carer", "Does a child or young person look after somebody at home?", g.CHILD),
        ask("dash_score", "What is the DASH score?", g.DOMESTIC_ABUSE, k.COUNT, "0 to 24. Leave empty if not done."),
        ask(
            "dash_professional_judgement",
            "In your professional judgement, are they at high risk of serious harm?",
            g.DOMESTIC_ABUSE,
        ),
        ask("da_incidents_12_months", "How many incidents of domestic abuse in 12 months?", g.DOMESTIC_ABUSE, k.COUNT),
        ask(
            "strangulation_stalking_threats",
            "Has there been strangulation, stalking or a threat to kill?",
            g.DOMESTIC_ABUSE,
        ),
        ask("adult_care_need", "Does an adult seem to need care or support?", g.ADULT),
        ask("adult_abuse_or_neglect", "Is an adult being abused or neglected, or at risk of it?", g.ADULT),
        ask(
            "cannot_protect_self",
            "Do their needs stop them from protecting themselves?",
            g.ADULT,
        ),
        ask("self_neglect_hoarding_fire", "Is there self-neglect, hoarding or a fire risk?", g.ADULT),
        ask("carer_strain", "Is somebody who cares for another adult struggling?", g.ADULT),
        ask(
            "priority_need_sign",
            "Is there any sign of priority need?",
            g.HOME,
            hint="Children, pregnancy, abuse, care leaver, illness, disability, old age, emergency.",
        ),
        ask("homeless_16_17", "Is somebody aged 16 or 17 without a home of their own to go to?", g.HOME),
        ask("bailiff_or_possession", "Is there a possession order or a bailiff date?", g.HOME),
        ask("bailiff_or_possession_on", "What is the date?", g.HOME, k.DAY),
        ask("home_loss_56_days", "Is there a notice, or are they likely to lose their home within 56 days?", g.HOME),
        ask("home_loss_on", "When does the notice end, or when must they leave?", g.HOME, k.DAY),
        ask("shared_bnb_since", "If they live in shared B&B: since which night?", g.HOME, k.DAY),
        ask(
            "leaving_institution_no_address",
            "Are they leaving hospital, prison, the forces or asylum support with no address?",
            g.HOME,
        ),
        ask("arrears", "Which of these do they owe?", g.MONEY, k.ARREARS),
        ask("arrears_pence", "How much do they owe on these together?", g.MONEY, k.PENCE),
        ask("eviction_risk", "Could the debt cost them their home?", g.MONEY),
        ask("ill_health_or_disability", "Is anybody ill or disabled?", g.MONEY),
        ask("limited_capacity", "Do they find it hard to manage or decide about money?", g.MONEY),
        ask("loan_shark", "Do they owe money to a loan shark?", g.MONEY),
        ask(
            "complex_universal_credit", "Is their Universal Credit complicated?", g.MONEY, hint="Sanction, appeal, gap."
        ),
        ask("mortgage_arrears", "Are they behind with a mortgage?", g.MONEY),
        ask("carer", "Do they look after somebody?", g.MONEY),
        ask("income_or_job_loss_90_days", "Did they lose a job or income in the last 90 days?", g.MONEY),
        ask("income_or_job_loss_on", "When did they lose it?", g.MONEY, k.DAY),
        ask("nrpf", "Do they have no recourse to public funds?", g.MONEY),
        ask("neet_16_18", "Is somebody aged 16 to 18 without school, college, work or training?", g.WORK_AND_SCHOOL),
        ask("care_leaver", "Were they looked after by a council as a child?", g.WORK_AND_SCHOOL),
        ask("attendance_percent", "What is the child's school attendance?", g.WORK_AND_SCHOOL, k.PERCENT),
        ask("agencies_involved", "How many agencies help this household now?", g.HISTORY, k.COUNT),
        ask("has_lead", "Does the household have a lead practitioner?", g.HISTORY),
        ask(
            "neglect_contacts_12_months",
            "How many contacts about neglect of the same children in 12 months, this one included?",
            g.HISTORY,
            k.COUNT,
        ),
        ask(
            "same_need_contacts_90_days",
            "How many contacts about the same need in 90 days, this one included?",
            g.HISTORY,
            k.COUNT,
        ),
        ask("closed_from_tier", "At which tier was their last case closed?", g.HISTORY, k.TIER),
        ask("closed_on", "When was it closed?", g.HISTORY, k.DAY),
        ask("open_tier", "At which tier is the open work?", g.HISTORY, k.TIER),
        ask("agreement", "Do they agree that we share what they told us?", g.SHARING),
    )


INDICATORS: tuple[Indicator, ...] = _indicators()
INDICATOR_BY_KEY: dict[str, Indicator] = {indicator.key: indicator for indicator in INDICATORS}
