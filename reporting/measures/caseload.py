"""How much work each lead carries."""

from collections.abc import Sequence
from datetime import date

from reporting.measures.base import Good, Measure, Parts, Row, Unit, Work, ask, number


def open_cases(months: Sequence[date]) -> list[Row]:
    """Cases open at the end of the month, by who led them then: a change of lead does not rewrite the past.

    A case counts in each month from that of its opening to the one before that of its closing, and so does each lead of it:
    both are spans of month numbers.
    """
    return ask(
        """
        WITH open AS (
            SELECT id, lead_id, greatest(figures.number(opened_at), %(first)s) AS opened,
                   least(figures.number(closed_at) - 1, %(last)s) AS closed
            FROM figures.cases WHERE opened_at < %(ends)s AND (closed_at IS NULL OR closed_at >= %(starts)s)
        ), leads AS (
            SELECT h.case_id, h.lead_id, h.until, h.id FROM figures.former_leads h JOIN open ON open.id = h.case_id
            UNION ALL SELECT id, lead_id, NULL, NULL FROM open
        ), led AS (
            SELECT case_id, lead_id, figures.number(until) - 1 AS until,
                   figures.number(lag(until) OVER (PARTITION BY case_id ORDER BY until, id)) AS since
            FROM leads
        ), ended AS (
            SELECT make_date((number - 1) / 12, (number - 1) %% 12 + 1, 1) AS month, led.lead_id::text AS lead
            FROM open JOIN led ON led.case_id = open.id
            CROSS JOIN generate_series(greatest(opened, since), least(closed, until)) number
        )
        SELECT month, coalesce(lead, ''), count(*), NULL
        FROM ended WHERE month = ANY(%(months)s::date[])
        GROUP BY GROUPING SETS ((month, lead), (month))
        """,
        months,
        first=number(min(months)),
        last=number(max(months)),
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
        touched_by=(Work.CASES, Work.LEADS),
    ),
)
