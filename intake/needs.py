"""What people come with, in plain words: each need belongs to a headline outcome or to practical help."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import TextChoices


class Headline(TextChoices):
    """The ten headline outcomes of Supporting Families, and the practical help beside them."""

    EDUCATION = "education", "Good education"
    EARLY_YEARS = "early_years", "A good start in the early years"
    HEALTH = "health", "Better mental and physical health"
    SUBSTANCES = "substances", "Less harm from drugs and alcohol"
    FAMILY = "family", "Better family relationships"
    SAFE = "safe", "Safe from abuse and exploitation"
    CRIME = "crime", "Kept away from crime"
    DOMESTIC_ABUSE = "domestic_abuse", "Safe from domestic abuse"
    HOME = "home", "A secure home"
    MONEY = "money", "Money that lasts"
    PRACTICAL = "practical", "Practical help"

    @property
    def counts(self) -> bool:
        """Whether this is one of the ten outcomes, practical help not being one."""
        return self is not Headline.PRACTICAL


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that a person may come with."""

    code: str
    label: str
    headline: Headline


NEEDS: tuple[Need, ...] = (
    Need("attendance_below_90", "Missing school (below 90%)", Headline.EDUCATION),
    Need("attendance_below_50", "Missing most of school (below 50%)", Headline.EDUCATION),
    Need("not_in_education", "A child has no school place", Headline.EDUCATION),
    Need("send_unmet", "Special educational needs that are not met", Headline.EDUCATION),
    Need("new_parent", "Expecting a baby or a new parent who needs help", Headline.EARLY_YEARS),
    Need("early_health", "Health of a child under 5", Headline.EARLY_YEARS),
    Need("early_development", "Development of a child under 5", Headline.EARLY_YEARS),
    Need("child_mental_health", "A child's mental health", Headline.HEALTH),
    Need("adult_mental_health", "An adult's mental health", Headline.HEALTH),
    Need("disability_or_illness", "Disability, long illness or learning disability", Headline.HEALTH),
    Need("adult_care", "Care or support for an adult", Headline.HEALTH),
    Need("loneliness", "Feeling alone", Headline.HEALTH),
    Need("adult_substances", "An adult's drinking or drug use", Headline.SUBSTANCES),
    Need("child_substances", "A child's drinking or drug use", Headline.SUBSTANCES),
    Need("parenting", "Help with being a parent", Headline.FAMILY),
    Need("parental_conflict", "Conflict between parents", Headline.FAMILY),
    Need("child_to_parent_violence", "A child is violent to a parent", Headline.FAMILY),
    Need("young_carer", "A child looks after somebody", Headline.FAMILY),
    Need("child_abuse_or_neglect", "A child is hurt, abused or neglected", Headline.SAFE),
    Need("child_missing", "A child is missing", Headline.SAFE),
    Need("child_exploitation", "A child is exploited for sex or crime", Headline.SAFE),
    Need("radicalisation", "Drawn towards extremism", Headline.SAFE),
    Need("harm_outside_home", "A child comes to harm outside the home", Headline.SAFE),
    Need("adult_abuse_or_neglect", "An adult with care needs is hurt or neglected", Headline.SAFE),
    Need("adult_crime", "An adult's offending or antisocial behaviour", Headline.CRIME),
    Need("young_person_crime", "A young person in trouble, or close to it", Headline.CRIME),
    Need("da_victim", "Hurt or controlled by a partner or family member", Headline.DOMESTIC_ABUSE),
    Need("da_perpetrator", "Hurts or controls a partner or family member", Headline.DOMESTIC_ABUSE),
    Need("da_child", "A child lives with domestic abuse", Headline.DOMESTIC_ABUSE),
    Need("homeless", "Has no home", Headline.HOME),
    Need("home_at_risk", "May lose their home", Headline.HOME),
    Need("home_unsuitable", "Home is unfit, overcrowded or unsafe", Headline.HOME),
    Need("temporary_home", "Trouble in temporary accommodation", Headline.HOME),
    Need("debt", "Debt or arrears", Headline.MONEY),
    Need("benefits", "Benefits", Headline.MONEY),
    Need("essentials", "Food, heat or other essentials", Headline.MONEY),
    Need("out_of_work", "Long out of work", Headline.MONEY),
    Need("neet", "Aged 16 to 18 without school, work or training", Headline.MONEY),
    Need("work", "Finding work", Headline.PRACTICAL),
    Need("skills", "Learning and skills", Headline.PRACTICAL),
    Need("esol", "Learning English", Headline.PRACTICAL),
    Need("digital", "Getting online", Headline.PRACTICAL),
    Need("volunteering", "Volunteering", Headline.PRACTICAL),
    Need("information", "A question, a form or where to go", Headline.PRACTICAL),
)
NEED_BY_CODE: dict[str, Need] = {need.code: need for need in NEEDS}
NEED_CODES: frozenset[str] = frozenset(NEED_BY_CODE)
HUB_NEEDS: frozenset[str] = frozenset({"work", "skills", "esol", "digital", "volunteering"})
"""Rule R39 speaks of these five only."""


def headlines(codes: frozenset[str]) -> frozenset[Headline]:
    """The headline outcomes that a set of needs touches, practical help left out."""
    return frozenset(NEED_BY_CODE[code].headline for code in codes if NEED_BY_CODE[code].headline.counts)
