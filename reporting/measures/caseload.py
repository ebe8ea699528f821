"""How much work each lead carries."""

from collections.abc import Sequence
from datetime import date

from reporting.measures.base import Good, Measure, Parts, Row, Unit, ask


def open_cases(months: Sequence[date]) -> list[Row]:
    """Cases open at the end of the month, by who led them then: a change of lead does not rewrite the past."""
    return ask(
        """
        SELECT month, coalesce(lead, ''), count(*), NULL
        FROM (
            SELECT ended.month, coalesce((
                SELECT h.lead_id FROM cases_casehistory h
                WHERE h.pgh_obj_id = c.id AND h.pgh_created_at >= ended.at
                ORDER BY h.pgh_created_at, h.pgh_id LIMIT 1), c.lead_id)::text AS lead
            FROM (SELECT m AS month, reporting_month_start((m + interval '1 month')::date) AS at
                  FROM unnest(%(months)s::date[]) m) ended
            JOIN cases_case c ON c.opened_at < ended.at AND (c.closed_at IS NULL OR c.closed_at >= ended.at)
        ) led
        GROUP BY GROUPING SETS ((month, lead), (month))
        """,
        months,
    )


MEASURES = (
    Measure(
        key="caseload",
        label="Open cases",
        meaning="Cases open when the month ended, in all and by lead practitioner.",
        unit=Unit.COUNT,
        good=Good.CONTEXT,
        source="Cases and their change history",
        caveat="Households, not children, and not weighted by tier. Not a measure of how well somebody works.",
        numerator="Cases opened before the end of the month and not closed by then",
        denominator="None",
        population="Cases at Support and Intervention",
        period="The end of the month; for the present month, as recorded so far",
        parts=Parts.SUM,
        of_staff=True,
        take=open_cases,
    ),
)
