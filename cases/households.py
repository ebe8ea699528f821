"""What a household is called in a list: by its eldest member whom the reader may open."""

from datetime import date

from django.db.models import Exists, F, OuterRef, Subquery

from cases.models import Case, CaseMember
from intake.models import Answer
from residents.models import Resident

ADULT_YEARS = 18


def eldest(case: str = "pk") -> Subquery:
    """The name of the eldest present member, as an annotation; `case` names the column that holds the case."""
    members = CaseMember.objects.filter(case=OuterRef(case), until=None)
    return Subquery(members.order_by(F("resident__born_on").asc(nulls_last=True), "pk").values("resident__name")[:1])


def has_child(today: date, case: str = "pk") -> Exists:
    """Whether somebody under 18 is on the case."""
    young = today.replace(year=today.year - ADULT_YEARS, day=min(today.day, 28))
    return Exists(CaseMember.objects.filter(case=OuterRef(case), until=None, resident__born_on__gt=young))


def child_was_told_of(case: str = "pk") -> Exists:
    """Whether the contact behind the case said that a child or a pregnant person is in the home; no join, which hides rows."""
    said = Answer.objects.filter(question="child_at_home", said=Answer.Said.YES)
    return Exists(said.filter(contact__decisions__case=OuterRef(case)))


def child_on(people: list[Resident], day: date) -> bool:
    """Whether one of these people is under 18 on a day; a person of unknown age is not taken for a child."""
    return any((age := one.age_on(day)) is not None and age < ADULT_YEARS for one in people)


def child_or_pregnancy(case: Case, people: list[Resident], day: date) -> bool:
    """Whether a child is among these people on a case, or the contact behind it told of a child or a pregnancy. At most one query."""
    return child_on(people, day) or Case.objects.filter(child_was_told_of(), pk=case.pk).exists()
