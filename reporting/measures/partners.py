"""What becomes of residents whom we hand to partners."""

from collections.abc import Sequence
from datetime import date, timedelta

from referrals.models import Referral
from reporting.measures.base import Good, Measure, Row, Unit, Work, ask, holidays_around

ACCEPTED = list(map(str, (Referral.Status.ACCEPTED, Referral.Status.IN_PROGRESS, Referral.Status.COMPLETED)))


def accepted(months: Sequence[date]) -> list[Row]:
    """Answered referrals that are accepted or declined by now, and those accepted."""
    return ask(
        """
        SELECT reporting_local_month(answered_at), '', count(*) FILTER (WHERE status = ANY(%(accepted)s)), count(*)
        FROM figures.referrals
        WHERE (status = ANY(%(accepted)s) OR status = 'declined')
          AND answered_at >= %(starts)s AND answered_at < %(ends)s
          AND reporting_local_month(answered_at) = ANY(%(months)s::date[])
        GROUP BY 1
        """,
        months,
        accepted=ACCEPTED,
    )


def first_response(months: Sequence[date]) -> list[Row]:
    """Median of working days from sending to the first answer: the day of sending is day nought."""
    return ask(
        """
        WITH answered AS (
            SELECT reporting_local_month(answered_at) AS month,
                   (sent_at AT TIME ZONE 'Europe/London')::date AS sent_on,
                   (answered_at AT TIME ZONE 'Europe/London')::date AS answered_on
            FROM figures.referrals
            WHERE sent_at IS NOT NULL AND answered_at >= %(starts)s AND answered_at < %(ends)s
              AND reporting_local_month(answered_at) = ANY(%(months)s::date[])
        ), calendar AS (
            SELECT day, sum(CASE WHEN extract(isodow FROM day) < 6 AND day <> ALL(%(holidays)s::date[]) THEN 1 ELSE 0 END)
                   OVER (ORDER BY day) AS so_far
            FROM (SELECT generate_series(least(min(sent_on), min(answered_on))::timestamp,
                                         greatest(max(sent_on), max(answered_on))::timestamp,
                                         interval '1 day')::date AS day FROM answered) days
        )
        SELECT month, '', percentile_disc(0.5) WITHIN GROUP (ORDER BY greatest(b.so_far - a.so_far, 0)), count(*)
        FROM answered r JOIN calendar a ON a.day = r.sent_on JOIN calendar b ON b.day = r.answered_on
        GROUP BY month
        """,
        months,
        holidays=holidays_around(months),
    )


def unanswered(months: Sequence[date]) -> list[Row]:
    """Referrals sent, and those to which no answer came by the day that it was due."""
    return ask(
        """
        SELECT reporting_local_month(sent_at), '',
               count(*) FILTER (WHERE unanswered_at IS NOT NULL OR answered_at > answer_due_at), count(*)
        FROM figures.referrals
        WHERE sent_at >= %(starts)s AND sent_at < %(ends)s AND reporting_local_month(sent_at) = ANY(%(months)s::date[])
        GROUP BY 1
        """,
        months,
    )


MEASURES = (
    Measure(
        key="referral-acceptance",
        label="Referrals that partners accept",
        meaning="Of the referrals that a partner answered in the month and has decided, the share accepted.",
        unit=Unit.SHARE,
        good=Good.UP,
        source="Referrals to partners",
        caveat="One on a waiting list counts when it is accepted or declined, in the month of the first answer. One that we "
        "withdrew does not count.",
        numerator="Referrals accepted (in progress and completed included)",
        denominator="Referrals accepted or declined",
        population="Referrals sent to partners",
        period="First answered in the month",
        take=accepted,
        touched_by=(Work.REFERRALS,),
    ),
    Measure(
        key="referral-first-response",
        label="Time to a partner's first answer",
        meaning="Working days from sending a referral to the first answer: accepted, waiting or declined. The middle one.",
        unit=Unit.DAYS,
        good=Good.DOWN,
        source="Referrals to partners",
        caveat="Only referrals that were answered: silence is counted by “Referrals without an answer”.",
        numerator="Median of working days; the day of sending is day nought",
        denominator="Referrals first answered in the month",
        population="Referrals sent to partners",
        period="First answered in the month",
        take=first_response,
        touched_by=(Work.REFERRALS,),
        target=5,
    ),
    Measure(
        key="referral-unanswered",
        label="Referrals without an answer in time",
        meaning="Of the referrals sent in the month, the share to which no answer came by the day that it was due.",
        unit=Unit.SHARE,
        good=Good.DOWN,
        source="Referrals to partners",
        caveat="An answer is due after five working days: a month is final when a fortnight has passed since its end.",
        numerator="Referrals that came back to us for silence, or were answered late",
        denominator="Referrals sent",
        population="Referrals sent to partners",
        period="Sent in the month",
        take=unanswered,
        touched_by=(Work.REFERRALS,),
        settles_after=timedelta(days=14),
    ),
)
