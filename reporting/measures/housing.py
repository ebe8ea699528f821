"""Temporary accommodation: how many households are in it (a stock) and how many come into it (a flow)."""

from collections.abc import Sequence
from datetime import date

from cases.models import Placement
from reporting.measures.base import Good, Measure, Parts, Row, Unit, Work, ask

KINDS = dict(Placement.Kind.choices)


def households_in_ta(months: Sequence[date]) -> list[Row]:
    """One for each household with a placement on the last night; its kind is that of the latest placement."""
    return ask(
        """
        SELECT month, coalesce(kind, ''), count(*), NULL
        FROM (
            SELECT DISTINCT ON (m.month, p.household_id) m.month, p.household_id, p.kind
            FROM unnest(%(months)s::date[]) AS m (month)
            JOIN figures.placements p
              ON p.starts_on < m.month + interval '1 month'
             AND (p.ends_on IS NULL OR p.ends_on >= m.month + interval '1 month')
            ORDER BY m.month, p.household_id, p.starts_on DESC, p.id DESC
        ) nights
        GROUP BY GROUPING SETS ((month, kind), (month))
        """,
        months,
    )


def new_placements(months: Sequence[date]) -> list[Row]:
    """First nights, moves within temporary accommodation left out."""
    return ask(
        """
        SELECT month, coalesce(kind, ''), count(*), NULL
        FROM (
            SELECT reporting_local_month(p.starts_on) AS month, p.kind
            FROM figures.placements p
            WHERE reporting_local_month(p.starts_on) = ANY(%(months)s::date[])
              AND p.moved_from_id IS NULL
              AND NOT EXISTS (
                SELECT FROM figures.placements before
                WHERE before.household_id = p.household_id AND before.ends_on = p.starts_on
                  AND before.ended_because = 'moved_within')
        ) begun
        GROUP BY GROUPING SETS ((month, kind), (month))
        """,
        months,
    )


MEASURES = (
    Measure(
        key="ta-households",
        label="Households in temporary accommodation",
        meaning="Households with a placement on the last night of the month. A stock, not a flow.",
        unit=Unit.COUNT,
        good=Good.DOWN,
        source="Placements recorded on cases",
        caveat="Counts households, not people. The law changes who must be housed: read it with the dated notes.",
        numerator="Households whose placement covers the last night of the month; the day of leaving is not a night",
        denominator="None",
        population="Households placed by this council, in the borough or out of it",
        period="The last night of the month; for the present month, as recorded so far",
        slices=KINDS,
        parts=Parts.SUM,
        take=households_in_ta,
        touched_by=(Work.PLACEMENTS,),
        headline=True,
    ),
    Measure(
        key="ta-placements",
        label="New placements in temporary accommodation",
        meaning="Placements that began in the month. A flow: do not compare it with households in accommodation.",
        unit=Unit.COUNT,
        good=Good.DOWN,
        source="Placements recorded on cases",
        caveat="A household that leaves and comes back in the same month counts twice.",
        numerator="Placements whose first night is in the month",
        denominator="None",
        population="All placements but moves from one temporary home to another on the same day",
        period="First night in the month",
        slices=KINDS,
        parts=Parts.SUM,
        take=new_placements,
        touched_by=(Work.PLACEMENTS,),
    ),
)
