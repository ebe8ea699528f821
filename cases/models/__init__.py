"""What is true of the work with a household."""

from cases.models.case import Case, CaseAgency, CaseMember, CasePerson, ClosureReason
from cases.models.money import IncomeGain, Placement
from cases.models.work import Note, PlanAction, PlanNeed, Review

__all__ = [
    "Case",
    "CaseAgency",
    "CaseMember",
    "CasePerson",
    "ClosureReason",
    "IncomeGain",
    "Note",
    "Placement",
    "PlanAction",
    "PlanNeed",
    "Review",
]
