"""Every measure, once. The snapshot job, the dashboard, the CSV, the definitions and the tests loop over MEASURES.

To add one, write it into the file of its subject.
"""

from reporting.measures import caseload, deciding, demand, housing, money, partners, safeguarding, tiers
from reporting.measures.base import Good, Measure, Parts, Row, Unit

__all__ = ["MEASURES", "QUESTIONS", "Good", "Measure", "Parts", "Row", "Unit", "find_measure"]

QUESTIONS: tuple[tuple[str, tuple[Measure, ...]], ...] = (
    ("Do households keep a home?", housing.MEASURES),
    ("Are people safe, and fewer in crisis?", safeguarding.MEASURES),
    ("Does help come earlier?", tiers.MEASURES),
    ("Does the front door answer?", demand.MEASURES + deciding.MEASURES),
    ("Do partners answer?", partners.MEASURES),
    ("What do residents gain?", money.MEASURES),
    ("How much work is open?", caseload.MEASURES),
)
"""What a manager asks, and the measures that answer it: the sections of the dashboard."""
MEASURES: tuple[Measure, ...] = tuple(measure for _, group in QUESTIONS for measure in group)
_BY_KEY = {measure.key: measure for measure in MEASURES}


def find_measure(key: str) -> Measure | None:
    """The measure with this key, or None."""
    return _BY_KEY.get(key)
