"""Every measure, once. The snapshot job, the dashboard, the CSV, the definitions and the tests loop over MEASURES.

To add one, write it into the file of its subject.
"""

from typing import NamedTuple

from reporting.measures import caseload, deciding, demand, housing, money, partners, safeguarding, tiers
from reporting.measures.base import Good, Measure, Parts, Row, Unit

__all__ = ["MEASURES", "QUESTIONS", "Good", "Measure", "Parts", "Question", "Row", "Unit", "find_measure"]


class Question(NamedTuple):
    """What a manager asks, the name of its place on a page (and, with a capital, of the jump to it), and what answers it."""

    words: str
    place: str
    measures: tuple[Measure, ...]

    @property
    def short(self) -> str:
        """In a word or two: Front door."""
        return self.place.replace("-", " ").capitalize()


QUESTIONS = (
    Question("Do households keep a home?", "homes", housing.MEASURES),
    Question("Are people safe, and fewer in crisis?", "safety", safeguarding.MEASURES),
    Question("Does help come earlier?", "earlier-help", tiers.MEASURES),
    Question("Does the front door answer?", "front-door", demand.MEASURES + deciding.MEASURES),
    Question("Do partners answer?", "partners", partners.MEASURES),
    Question("What do residents gain?", "income", money.MEASURES),
    Question("How much work is open?", "open-work", caseload.MEASURES),
)
"""The sections of the dashboard."""
MEASURES: tuple[Measure, ...] = tuple(measure for question in QUESTIONS for measure in question.measures)
_BY_KEY = {measure.key: measure for measure in MEASURES}


def find_measure(key: str) -> Measure | None:
    """The measure with this key, or None."""
    return _BY_KEY.get(key)
