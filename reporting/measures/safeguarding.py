"""Passages through the safeguarding hub (MASH) and what comes of them."""

from collections.abc import Sequence
from datetime import date

from reporting.measures.base import Good, Measure, Parts, Row, Unit, Work, ask
from triage.models import SafeguardingEpisode

PEOPLE = {"children": "Children", "adults": "Adults"}
HIGH_INTENSITY = list(map(str, SafeguardingEpisode.HIGH_INTENSITY))
SOCIAL_CARE = list(map(str, SafeguardingEpisode.SOCIAL_CARE))


def high_intensity(months: Sequence[date]) -> list[Row]:
    """Completed episodes, and those of them that ended in high-intensity services."""
    return ask(
        """
        SELECT month, coalesce(who, ''), count(*) FILTER (WHERE high), count(*)
        FROM (
            SELECT reporting_local_month(completed_at) AS month, outcome = ANY(%(high)s) AS high,
                   CASE WHEN for_adult THEN 'adults' ELSE 'children' END AS who
            FROM figures.episodes
            WHERE status = 'completed' AND completed_at >= %(starts)s AND completed_at < %(ends)s
              AND reporting_local_month(completed_at) = ANY(%(months)s::date[])
        ) completed
        GROUP BY GROUPING SETS ((month, who), (month))
        """,
        months,
        high=HIGH_INTENSITY,
    )


def into_social_care(months: Sequence[date]) -> list[Row]:
    """Accepted episodes; one that opened while an accepted one for the same person was open is the same referral."""
    return ask(
        """
        SELECT month, coalesce(who, ''), count(*), NULL
        FROM (
            SELECT reporting_local_month(a.completed_at) AS month,
                   CASE WHEN a.for_adult THEN 'adults' ELSE 'children' END AS who
            FROM figures.episodes a
            WHERE a.status = 'completed' AND a.outcome = ANY(%(accepted)s)
              AND a.completed_at >= %(starts)s AND a.completed_at < %(ends)s
              AND reporting_local_month(a.completed_at) = ANY(%(months)s::date[])
              AND NOT EXISTS (
                SELECT FROM figures.episodes b
                WHERE b.resident_id = a.resident_id AND b.status = 'completed' AND b.outcome = ANY(%(accepted)s)
                  AND (b.completed_at, b.id) < (a.completed_at, a.id) AND b.completed_at >= a.opened_at)
        ) counted
        GROUP BY GROUPING SETS ((month, who), (month))
        """,
        months,
        accepted=SOCIAL_CARE,
    )


def again_within_a_year(months: Sequence[date]) -> list[Row]:
    """Counted referrals of known people, and those that follow another within twelve months (by local day)."""
    return ask(
        """
        WITH counted AS (
            SELECT a.id, a.resident_id, a.completed_at, (a.completed_at AT TIME ZONE 'Europe/London')::date AS day
            FROM figures.episodes a
            WHERE a.status = 'completed' AND a.outcome = ANY(%(accepted)s) AND a.resident_id IS NOT NULL
              AND NOT EXISTS (
                SELECT FROM figures.episodes b
                WHERE b.resident_id = a.resident_id AND b.status = 'completed' AND b.outcome = ANY(%(accepted)s)
                  AND (b.completed_at, b.id) < (a.completed_at, a.id) AND b.completed_at >= a.opened_at)
        )
        SELECT month, '', count(*) FILTER (WHERE before >= day - interval '1 year'), count(*)
        FROM (
            SELECT reporting_local_month(completed_at) AS month, day,
                   lag(day) OVER (PARTITION BY resident_id ORDER BY completed_at, id) AS before
            FROM counted
        ) followed
        WHERE month = ANY(%(months)s::date[])
        GROUP BY month
        """,
        months,
        accepted=SOCIAL_CARE,
    )


MEASURES = (
    Measure(
        key="mash-high-intensity",
        label="Safeguarding episodes ending in high-intensity services",
        meaning="Of the safeguarding (MASH) episodes completed in the month, the share that ended in a statutory "
        "assessment, an enquiry, care or a specialist service.",
        unit=Unit.SHARE,
        good=Good.DOWN,
        source="Safeguarding episodes and their outcomes",
        caveat="Falls also when more low-level contacts come in or when thresholds tighten: read it with enquiries and "
        "re-referrals, which should hold steady.",
        numerator="Completed episodes ending in s17, s47, care, an adult enquiry (s42) or a specialist service",
        denominator="All episodes completed in the month",
        population="Episodes about children and about adults",
        period="Completed in the month",
        slices=PEOPLE,
        parts=Parts.BOTH,
        take=high_intensity,
        touched_by=(Work.EPISODES,),
        headline=True,
    ),
    Measure(
        key="social-care-referrals",
        label="Referrals into social care",
        meaning="Safeguarding episodes that social care accepted in the month.",
        unit=Unit.COUNT,
        good=Good.CONTEXT,
        source="Safeguarding episodes and their outcomes",
        caveat="A contact is not a referral. Fewer may mean earlier help, or that people are not seen.",
        numerator="Episodes completed with s17, s47, care or an adult enquiry (s42). One that opened while another "
        "accepted one for the same person was still open is not counted again",
        denominator="None",
        population="Children and adults, apart",
        period="Completed in the month",
        slices=PEOPLE,
        parts=Parts.SUM,
        take=into_social_care,
        touched_by=(Work.EPISODES,),
    ),
    Measure(
        key="re-referral",
        label="Re-referrals into social care within 12 months",
        meaning="Of the month's referrals into social care, the share that follow another for the same person within "
        "twelve months.",
        unit=Unit.SHARE,
        good=Good.DOWN,
        source="Safeguarding episodes. England, children: 22% in 2023-24 (139,080 of 621,880)",
        caveat="Small numbers swing. People who moved in have no earlier referral here.",
        numerator="Referrals whose person had another one in the twelve months before, to the day",
        denominator="Referrals into social care of people who are known",
        population="Children and adults",
        period="Completed in the month; looks back twelve months",
        take=again_within_a_year,
        touched_by=(Work.EPISODES,),
    ),
)
