"""How much help people are judged to need, and how that moves."""

from collections.abc import Sequence
from datetime import date

from accounts.working_time import add_months
from reporting.measures.base import Good, Measure, Parts, Row, Unit, Work, ask, number
from reporting.months import begins
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
            SELECT m.month, d.chosen_tier::text AS tier
            FROM figures.months(%(months)s::date[]) m
            JOIN figures.decisions d ON d.made_at >= m.begins AND d.made_at < m.ends
              AND d.made_at >= %(starts)s AND d.made_at < %(ends)s
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
            SELECT m.month,
                   CASE WHEN d.kind = 'step_up' THEN 1 WHEN d.kind = 'step_down' THEN -1
                        ELSE sign(d.chosen_tier - before.chosen_tier)::int END AS way
            FROM figures.months(%(months)s::date[]) m
            JOIN figures.decisions d ON d.made_at >= m.begins AND d.made_at < m.ends
              AND d.made_at >= %(starts)s AND d.made_at < %(ends)s
            LEFT JOIN figures.decisions before ON before.id = d.previous_id
        ) made
        CROSS JOIN (VALUES (0), (1), (-1)) AS parts (part)
        WHERE way <> 0 AND part IN (0, way)
        GROUP BY month, part
        """,
        months,
    )


def movement(months: Sequence[date]) -> list[Row]:
    """The tier of each household when the month began, against that when it ended.

    Reckoned in spans of month numbers: a tier that was judged in a month holds at the beginnings of the months after it, up
    to that of the next judgement; with an open case, or else for a year unless its case has closed. Households that stay in
    a tier are counted by where spans begin and end, so that the work grows with decisions and not with decisions by months.
    Decisions of more than a year before matter only where a case is open, and then only the last of them.
    """
    return ask(
        """
        WITH reached AS (
            SELECT id, household_id, chosen_tier, made_at FROM figures.decisions
            WHERE made_at >= %(reach)s AND made_at < %(ends)s AND household_id IS NOT NULL
            UNION ALL
            SELECT d.* FROM (
                SELECT DISTINCT household_id FROM figures.cases
                WHERE opened_at < %(ends)s AND (closed_at IS NULL OR closed_at >= %(starts)s)
            ) c CROSS JOIN LATERAL (
                SELECT id, household_id, chosen_tier, made_at FROM figures.decisions d
                WHERE d.household_id = c.household_id AND d.made_at < %(reach)s ORDER BY made_at DESC, id DESC LIMIT 1
            ) d
        ), followed AS (
            SELECT id, household_id, chosen_tier AS tier, made_at,
                   lead(made_at) OVER (PARTITION BY household_id ORDER BY made_at, id) AS until_at
            FROM reached
        ), judged AS (
            SELECT id, household_id, tier, made_at, figures.number(made_at) AS made,
                   coalesce(figures.number(until_at), %(last)s) AS until
            FROM followed WHERE until_at IS NULL OR until_at >= %(starts)s OFFSET 0
        ), spans AS (
            SELECT j.household_id, j.tier, unnest(
                int4multirange(int4range(j.made, greatest(j.made, least(
                    j.until, j.made + 12,
                    CASE WHEN j.tier >= %(support)s
                         THEN figures.number(min(c.closed_at) FILTER (WHERE c.closed_at >= j.made_at)) END)), '(]'))
                + coalesce(range_agg(int4range(
                    greatest(j.made, figures.number(c.opened_at)),
                    greatest(j.made, figures.number(c.opened_at), least(j.until, figures.number(c.closed_at))),
                    '(]')) FILTER (WHERE c.opened_at IS NOT NULL), '{}')
                ) * int4range(%(first)s, %(last)s, '[]') AS held
            FROM judged j LEFT JOIN figures.cases c ON c.household_id = j.household_id
              AND (c.closed_at IS NULL OR (c.closed_at >= %(reach)s AND c.closed_at >= j.made_at))
              AND figures.number(c.opened_at) < j.until
            WHERE j.until > j.made
            GROUP BY j.id, j.household_id, j.tier, j.made_at, j.made, j.until
        ), steps AS (
            SELECT tier, lower(held) AS begins, upper(held) AS ends,
                   lag(upper(held)) OVER home IS NOT DISTINCT FROM lower(held) AS came,
                   CASE WHEN lead(lower(held)) OVER home = upper(held) THEN lead(tier) OVER home ELSE 0 END AS next
            FROM spans WHERE NOT isempty(held)
            WINDOW home AS (PARTITION BY household_id ORDER BY lower(held))
        ), staying AS (
            SELECT tier, at, sum(way) AS households
            FROM steps CROSS JOIN LATERAL (VALUES (begins, 1), (ends - 1, -1)) AS edge (at, way)
            GROUP BY tier, at
        ), flows AS (
            SELECT m.number, s.tier || '>' || s.tier AS flow, sum(s.households) AS households
            FROM generate_series(%(first)s, %(last)s - 1) m (number) JOIN staying s ON s.at <= m.number
            GROUP BY m.number, s.tier
            UNION ALL
            SELECT ends - 1, tier || '>' || next, count(*) FROM steps GROUP BY ends, tier, next
            UNION ALL
            SELECT begins - 1, '0>' || tier, count(*) FROM steps WHERE NOT came GROUP BY begins, tier
        )
        SELECT m, coalesce(flow, ''), sum(households), NULL
        FROM unnest(%(months)s::date[]) m JOIN flows ON flows.number = figures.number(m)
        WHERE households > 0
        GROUP BY GROUPING SETS ((m, flow), (m))
        """,
        months,
        support=Tier.SUPPORT.value,
        first=number(min(months)),
        last=number(max(months)) + 1,
        reach=begins(add_months(min(months), -13)),
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
        touched_by=(Work.DECISIONS,),
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
        touched_by=(Work.DECISIONS, Work.TIERS, Work.CASES),
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
        touched_by=(Work.DECISIONS,),
    ),
)
