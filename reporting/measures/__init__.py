"""Every measure, once. The snapshot job, the dashboard, the CSV, the definitions and the tests loop over MEASURES.

To add one, write it into the file of its subject.
"""

from reporting.measures import caseload, deciding, demand, housing, money, partners, safeguarding, tiers
from reporting.measures.base import Good, Measure, Parts, Row, Unit

__all__ = ["MEASURES", "Good", "Measure", "Parts", "Row", "Unit", "find_measure"]

GROUPS = (housing, safeguarding, money, tiers, deciding, demand, partners, caseload)
MEASURES: tuple[Measure, ...] = tuple(measure for group in GROUPS for measure in group.MEASURES)
_BY_KEY = {measure.key: measure for measure in MEASURES}


def find_measure(key: str) -> Measure | None:
    """The measure with this key, or None."""
    return _BY_KEY.get(key)
