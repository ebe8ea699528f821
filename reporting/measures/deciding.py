"""How soon contacts are decided, and how often people decide otherwise than the rules suggest."""

from collections.abc import Sequence
from datetime import date

from reporting.measures.base import Good, Measure, Parts, Row, Unit, Work, ask, holidays_around
from triage.models import Urgency


def time_to_triage(months: Sequence[date]) -> list[Row]:
    """Median and 90th centile of working minutes, by the opening hours of the team that decided.

    Working minutes up to a moment are those of the days before it and of its own day so far: two sums and a difference.
    """
    return ask(
        """
        WITH timed AS (
            SELECT m.month, d.made_at, c.received_at,
                   (c.received_at AT TIME ZONE 'Europe/London')::date AS received_on,
                   (d.made_at AT TIME ZONE 'Europe/London')::date AS made_on,
                   coalesce(t.id, 0) AS team
            FROM figures.months(%(months)s::date[]) m
            JOIN figures.decisions d ON d.made_at >= m.begins AND d.made_at < m.ends
              AND d.made_at >= %(starts)s AND d.made_at < %(ends)s
            JOIN figures.contacts c ON c.id = d.contact_id
            LEFT JOIN (SELECT DISTINCT team_id AS id FROM accounts_teamopening) t ON t.id = d.team_id
            WHERE d.kind = 'triage' AND NOT EXISTS (
                SELECT FROM figures.decisions earlier
                WHERE earlier.contact_id = d.contact_id AND earlier.kind = 'triage'
                  AND (earlier.made_at, earlier.id) < (d.made_at, d.id))
        ), hours AS (
            SELECT team_id AS team, weekday, opens_at, closes_at FROM accounts_teamopening
            UNION ALL SELECT 0, weekday, '09:00'::time, '17:00'::time FROM generate_series(0, 4) weekday
        ), days AS (
            SELECT generate_series(least(min(received_on), min(made_on))::timestamp,
                                   greatest(max(received_on), max(made_on))::timestamp, interval '1 day')::date AS day
            FROM timed
        ), opened AS (
            SELECT teams.team, days.day,
                   (extract(epoch FROM (days.day + h.opens_at) AT TIME ZONE 'Europe/London') * 1000000)::bigint AS opens,
                   (extract(epoch FROM (days.day + h.closes_at) AT TIME ZONE 'Europe/London') * 1000000)::bigint AS closes
            FROM (SELECT 0 AS team UNION SELECT team_id FROM accounts_teamopening) teams
            CROSS JOIN days
            LEFT JOIN hours h ON h.team = teams.team AND h.weekday = extract(isodow FROM days.day) - 1
              AND days.day <> ALL(%(holidays)s::date[])
        ), calendar AS MATERIALIZED (
            SELECT team, day, opens, closes,
                   coalesce(sum(closes - opens) OVER (
                       PARTITION BY team ORDER BY day ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)::bigint AS before
            FROM opened
        ), waited AS (
            SELECT t.month, greatest(0,
                b.before + coalesce(greatest(
                    least((extract(epoch FROM t.made_at) * 1000000)::bigint, b.closes) - b.opens, 0), 0)
                - a.before - coalesce(greatest(
                    least((extract(epoch FROM t.received_at) * 1000000)::bigint, a.closes) - a.opens, 0), 0)
            ) / 60000000 AS minutes
            FROM timed t
            LEFT JOIN calendar a ON a.team = t.team AND a.day = t.received_on
            JOIN calendar b ON b.team = t.team AND b.day = t.made_on
        ), parts AS (
            SELECT month, percentile_disc(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY coalesce(minutes, 0)) AS part, count(*) AS n
            FROM waited GROUP BY month
        )
        SELECT month, name, part[place], n FROM parts CROSS JOIN (VALUES ('', 1), ('p90', 2)) AS parts_of (name, place)
        """,
        months,
        holidays=holidays_around(months),
    )


def in_clock(months: Sequence[date]) -> list[Row]:
    """First decisions with a clock, and those made before it ran out."""
    return ask(
        """
        SELECT month, coalesce(urgency, ''), count(*) FILTER (WHERE in_time), count(*)
        FROM (
            SELECT m.month, d.urgency, d.made_at <= d.due_at AS in_time
            FROM figures.months(%(months)s::date[]) m
            JOIN figures.decisions d ON d.made_at >= m.begins AND d.made_at < m.ends
              AND d.made_at >= %(starts)s AND d.made_at < %(ends)s
            WHERE d.kind = 'triage' AND d.due_at IS NOT NULL AND NOT EXISTS (
                SELECT FROM figures.decisions earlier
                WHERE earlier.contact_id = d.contact_id AND earlier.kind = 'triage'
                  AND (earlier.made_at, earlier.id) < (d.made_at, d.id))
        ) made
        GROUP BY GROUPING SETS ((month, urgency), (month))
        """,
        months,
    )


def overridden(months: Sequence[date]) -> list[Row]:
    """Triage decisions, and those at another tier than suggested."""
    return ask(
        """
        SELECT month, part.name,
               count(*) FILTER (WHERE CASE part.name WHEN 'up' THEN way > 0 WHEN 'down' THEN way < 0 ELSE way <> 0 END),
               count(*)
        FROM (
            SELECT m.month, d.chosen_tier - d.suggested_tier AS way
            FROM figures.months(%(months)s::date[]) m
            JOIN figures.decisions d ON d.made_at >= m.begins AND d.made_at < m.ends
              AND d.made_at >= %(starts)s AND d.made_at < %(ends)s
            WHERE d.kind = 'triage'
        ) made
        CROSS JOIN (VALUES (''), ('up'), ('down')) AS part (name)
        GROUP BY month, part.name
        """,
        months,
    )


MEASURES = (
    Measure(
        key="time-to-triage",
        label="Time to triage",
        meaning="Working time from when a contact was received to the first decision on it: the middle one of the month's "
        "decisions.",
        unit=Unit.MINUTES,
        good=Good.DOWN,
        source="Contacts and triage decisions",
        caveat="In opening hours of the team that decided (nine to five on weekdays where it has none); bank holidays do not "
        "count. A change of opening hours is taken up overnight. Contacts imported as decided elsewhere count as decided when received.",
        numerator="Median of working minutes (the lower of two middle ones); the 90th centile beside it",
        denominator="First decisions on a contact",
        population="Contacts decided at triage; a second decision on the same contact is not timed",
        period="Decided in the month",
        slices={"p90": "Nine in ten within"},
        take=time_to_triage,
        touched_by=(Work.DECISIONS, Work.RECEIVED),
    ),
    Measure(
        key="triage-in-clock",
        label="Triage decided within its clock",
        meaning="Of the month's first decisions, the share made before the clock that the rules started ran out.",
        unit=Unit.SHARE,
        good=Good.UP,
        source="Triage decisions and the clocks of their rules",
        caveat="Red runs day and night, Amber and Green in opening hours. Contacts imported as decided elsewhere count as decided "
        "when received.",
        numerator="First decisions made no later than due",
        denominator="First decisions with a clock",
        population="Contacts decided at triage, by urgency",
        period="Decided in the month",
        slices=dict(Urgency.choices),
        parts=Parts.BOTH,
        take=in_clock,
        touched_by=(Work.DECISIONS,),
        target=95,
    ),
    Measure(
        key="override-rate",
        label="Decisions that differ from the suggestion",
        meaning="Of the month's triage decisions, the share at another tier than the rules suggested.",
        unit=Unit.SHARE,
        good=Good.CONTEXT,
        source="Triage decisions",
        caveat="Judgement is wanted: a rate near nought is as telling as a high one. A pattern means that a rule is due for "
        "review. Of contacts imported as decided elsewhere the rules knew no answers.",
        numerator="Decisions whose chosen tier is not the suggested one, upwards and downwards apart",
        denominator="Triage decisions",
        population="Triage of contacts; steps on cases are left out",
        period="Made in the month",
        slices={"up": "Upwards", "down": "Downwards"},
        parts=Parts.SUM,
        take=overridden,
        touched_by=(Work.DECISIONS,),
    ),
)
