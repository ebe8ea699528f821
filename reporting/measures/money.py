"""Money that residents have because of the work."""

from collections.abc import Sequence
from datetime import date

from reporting.measures.base import Good, Measure, Parts, Row, Unit, Work, ask


def income_gained(months: Sequence[date]) -> list[Row]:
    """Pence confirmed, the yearly part and the single payments apart; with how many residents each is from."""
    return ask(
        """
        SELECT reporting_local_month(g.confirmed_on), part.name, sum(part.pence),
               count(DISTINCT g.resident_id) FILTER (WHERE part.pence > 0)
        FROM figures.gains g
        CROSS JOIN LATERAL (VALUES
            ('', g.value_pence::bigint),
            ('yearly', (g.weekly_after_pence - g.weekly_before_pence)::bigint * g.weeks),
            ('one-off', g.one_off_pence::bigint)) AS part (name, pence)
        WHERE g.status = 'confirmed' AND reporting_local_month(g.confirmed_on) = ANY(%(months)s::date[])
        GROUP BY 1, 2
        HAVING part.name = '' OR sum(part.pence) > 0
        """,
        months,
    )


MEASURES = (
    Measure(
        key="income-gained",
        label="Income gained for residents",
        meaning="Confirmed additional income: what a year of it adds (52 weeks, or a shorter award), with backdated and "
        "single payments.",
        unit=Unit.PENCE,
        good=Good.UP,
        source="Income gains recorded with evidence",
        caveat="Residents' money, not a saving of the council. Claims that are not confirmed are left out.",
        numerator="(New weekly amount less the old) times the weeks, plus single payments",
        denominator="Residents with a gain (how many people the figure is from)",
        population="Gains confirmed with evidence",
        period="Confirmed in the month",
        slices={"yearly": "A year of regular income", "one-off": "Backdated and single payments"},
        parts=Parts.SUM,
        take=income_gained,
        touched_by=(Work.GAINS,),
    ),
)
