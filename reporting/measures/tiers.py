"""How much help people are judged to need, and how that moves."""

from collections.abc import Sequence
from datetime import date

from reporting.measures.base import Good, Measure, Parts, Row, Unit, ask
from triage.tiers import Tier

TIERS = {str(tier.value): tier.label for tier in Tier}
UNKNOWN = "0"
ENDS = {UNKNOWN: "Not with us"} | TIERS
FLOWS = {f"{start}>{end}": f"{ENDS[start]} to {ENDS[end]}" for start in ENDS for end in ENDS if start + end != "00"}


def tier_mix(months: Sequence[date]) -> list[Row]:
    """Decisions by the tier that was chosen."""
    return ask(
        """
        SELECT month, coalesce(tier, ''), count(*), NULL
        FROM (
            SELECT reporting_local_month(made_at) AS month, chosen_tier::text AS tier
            FROM triage_decision
            WHERE made_at >= %(starts)s AND made_at < %(ends)s
              AND reporting_local_month(made_at) = ANY(%(months)s::date[])
        ) made
        GROUP BY GROUPING SETS ((month, tier), (month))
        """,
        months,
    )


def net_step_ups(months: Sequence[date]) -> list[Row]:
    """Decisions at a higher tier than the last one less those at a lower."""
    return ask(
        """
        SELECT month, CASE part WHEN 0 THEN '' WHEN 1 THEN 'up' ELSE 'down' END,
               sum(CASE part WHEN 0 THEN way ELSE abs(way) END), NULL
        FROM (
            SELECT reporting_local_month(d.made_at) AS month,
                   CASE WHEN d.kind = 'step_up' THEN 1 WHEN d.kind = 'step_down' THEN -1
                        ELSE sign(d.chosen_tier - before.chosen_tier)::int END AS way
            FROM triage_decision d
            LEFT JOIN triage_decision before ON before.id = d.previous_id
            WHERE d.made_at >= %(starts)s AND d.made_at < %(ends)s
              AND reporting_local_month(d.made_at) = ANY(%(months)s::date[])
        ) made
        CROSS JOIN (VALUES (0), (1), (-1)) AS parts (part)
        WHERE way <> 0 AND part IN (0, way)
        GROUP BY month, part
        """,
        months,
    )


def movement(months: Sequence[date]) -> list[Row]:
    """The tier of each household when the month began, against that when it ended."""
    return ask(
        """
        WITH edges AS (
            SELECT DISTINCT edge, reporting_month_start(edge) AS at,
                   reporting_month_start((edge - interval '1 year')::date) AS year_before
            FROM (SELECT m AS edge FROM unnest(%(months)s::date[]) m
                  UNION ALL SELECT (m + interval '1 month')::date FROM unnest(%(months)s::date[]) m) either
        ), judged AS (
            SELECT household_id, chosen_tier, made_at,
                   lead(made_at) OVER (PARTITION BY household_id ORDER BY made_at, id) AS until
            FROM triage_decision WHERE household_id IS NOT NULL
        ), held AS (
            SELECT e.edge, j.household_id, j.chosen_tier AS tier
            FROM edges e
            JOIN judged j ON j.made_at < e.at AND (j.until IS NULL OR j.until >= e.at)
            WHERE EXISTS (
                    SELECT FROM cases_case c WHERE c.household_id = j.household_id
                      AND c.opened_at < e.at AND (c.closed_at IS NULL OR c.closed_at >= e.at))
               OR (j.made_at >= e.year_before AND NOT (
                    j.chosen_tier >= %(support)s AND EXISTS (
                        SELECT FROM cases_case c WHERE c.household_id = j.household_id
                          AND c.closed_at < e.at AND c.closed_at >= j.made_at)))
        ), ends AS (
            SELECT m AS month, h.household_id, max(h.tier) FILTER (WHERE h.edge = m) AS first,
                   max(h.tier) FILTER (WHERE h.edge <> m) AS last
            FROM unnest(%(months)s::date[]) m
            JOIN held h ON h.edge IN (m, (m + interval '1 month')::date)
            GROUP BY m, h.household_id
        )
        SELECT month, coalesce(flow, ''), count(*), NULL
        FROM (SELECT month, coalesce(first, 0) || '>' || coalesce(last, 0) AS flow FROM ends) flows
        GROUP BY GROUPING SETS ((month, flow), (month))
        """,
        months,
        support=Tier.SUPPORT.value,
    )


MEASURES = (
    Measure(
        key="tier-mix",
        label="Decisions by tier",
        meaning="Every judgement of tier made in the month, by the tier that was chosen.",
        unit=Unit.COUNT,
        good=Good.CONTEXT,
        source="Triage decisions and changes of tier on cases",
        caveat="Counts decisions, not people: a household may have several. The aim is more help early, not fewer decisions.",
        numerator="Decisions",
        denominator="None",
        population="Triage decisions, step ups and step downs",
        period="Made in the month",
        slices=TIERS,
        parts=Parts.SUM,
        take=tier_mix,
        headline=True,
    ),
    Measure(
        key="tier-movement",
        label="Movement between tiers",
        meaning="Households by the tier in which they were when the month began and when it ended.",
        unit=Unit.COUNT,
        good=Good.CONTEXT,
        source="Decisions and cases",
        caveat="A tier holds until the next decision. It lapses when its case closes, or after twelve months without one.",
        numerator="Households, by tier before and after",
        denominator="None",
        population="Households with a tier at the beginning or at the end of the month",
        period="From the first moment of the month to the first moment of the next",
        slices=FLOWS,
        parts=Parts.SUM,
        take=movement,
    ),
    Measure(
        key="net-step-ups",
        label="Net step ups",
        meaning="Decisions at a higher tier than the household's last one, less those at a lower tier.",
        unit=Unit.COUNT,
        good=Good.DOWN,
        source="Triage decisions and changes of tier on cases",
        caveat="More steps up may be better recognition of risk. Look at both parts.",
        numerator="Steps up less steps down",
        denominator="None",
        population="Decisions that follow another one, and every step up or down on a case",
        period="Made in the month",
        slices={"up": "Steps up", "down": "Steps down"},
        parts=Parts.NET,
        take=net_step_ups,
    ),
)
