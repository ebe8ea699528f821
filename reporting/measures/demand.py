"""Who comes to the door, whether the first answer was enough, and who had to come back."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta

from accounts.working_time import add_months
from intake.models import Contact
from reporting.measures.base import Good, Measure, Parts, Row, Unit, Work, ask
from reporting.months import begins, next_month

WATCH_DAYS = 28
# Made by us or by an agency: such a contact does not say that the first answer failed.
NOT_A_RETURN = list(
    map(
        str,
        (
            Contact.Channel.PHONE_OUT,
            Contact.Channel.OUTREACH,
            Contact.Channel.PARTNER,
            Contact.Channel.DUTY_TO_REFER,
            Contact.Channel.POLICE,
        ),
    )
)


def contacts(months: Sequence[date]) -> list[Row]:
    """Every approach, by channel."""
    return ask(
        """
        SELECT month, coalesce(channel, ''), count(*), NULL
        FROM (
            SELECT m.month, c.channel
            FROM figures.months(%(months)s::date[]) m
            JOIN figures.contacts c ON c.received_at >= m.begins AND c.received_at < m.ends
              AND c.received_at >= %(starts)s AND c.received_at < %(ends)s
        ) received
        GROUP BY GROUPING SETS ((month, channel), (month))
        """,
        months,
    )


def resolved_at_first(months: Sequence[date]) -> list[Row]:
    """Resolved contacts, and those after which the household did not come back with the same need."""
    rows = _returns(months, made_in={*months, *map(next_month, months)}, of_resolved=True)
    return [row._replace(numerator=(row.denominator or 0) - row.numerator) for row in rows]


def repeats(months: Sequence[date]) -> list[Row]:
    """Contacts that residents made, and those that follow a resolved one with the same need."""
    return _returns(months, resolved_in={*months, *(add_months(month, -1) for month in months)}, of_resolved=False)


def _returns(
    months: Sequence[date],
    *,
    of_resolved: bool,
    resolved_in: Collection[date] = (),
    made_in: Collection[date] = (),
) -> list[Row]:
    """Contacts of one side, and those that have one of the other side within the watch; no month is shorter than it.

    Same home and same person are a join each: one condition with OR would look every contact up by itself.
    """
    around = {*months, *resolved_in, *made_in}
    return ask(
        """
        WITH resolved AS (
            SELECT c.id, m.month, c.household_id, c.resident_id, n.need_id, c.received_at,
                   (c.received_at AT TIME ZONE 'Europe/London')::date AS day
            FROM figures.months(%(resolved_in)s::date[]) m
            JOIN figures.contacts c ON c.received_at >= m.begins AND c.received_at < m.ends
              AND c.received_at >= %(begin)s AND c.received_at < %(end)s
            JOIN figures.needs n ON n.contact_id = c.id
            WHERE c.outcome = 'resolved' AND (c.household_id IS NOT NULL OR c.resident_id IS NOT NULL)
        ), made AS (
            SELECT c.id, m.month, c.household_id, c.resident_id, n.need_id, c.received_at,
                   (c.received_at AT TIME ZONE 'Europe/London')::date AS day
            FROM figures.months(%(made_in)s::date[]) m
            JOIN figures.contacts c ON c.received_at >= m.begins AND c.received_at < m.ends
              AND c.received_at >= %(begin)s AND c.received_at < %(end)s
            JOIN figures.needs n ON n.contact_id = c.id
            WHERE c.channel <> ALL(%(not_a_return)s) AND c.speaking <> 'professional'
              AND (c.household_id IS NOT NULL OR c.resident_id IS NOT NULL)
        ), again AS (
            SELECT CASE WHEN %(of_resolved)s THEN resolved.id ELSE made.id END AS id
            FROM resolved JOIN made USING (household_id, need_id)
            WHERE made.received_at > resolved.received_at AND made.day <= resolved.day + %(watch)s
            UNION
            SELECT CASE WHEN %(of_resolved)s THEN resolved.id ELSE made.id END
            FROM resolved JOIN made USING (resident_id, need_id)
            WHERE made.received_at > resolved.received_at AND made.day <= resolved.day + %(watch)s
        ), counted AS (
            SELECT DISTINCT id, month FROM resolved WHERE %(of_resolved)s
            UNION ALL SELECT DISTINCT id, month FROM made WHERE NOT %(of_resolved)s
        )
        SELECT month, '', count(again.id), count(*) FROM counted LEFT JOIN again USING (id) GROUP BY month
        """,
        months,
        of_resolved=of_resolved,
        resolved_in=sorted(resolved_in or months),
        made_in=sorted(made_in or months),
        begin=begins(min(around)),
        end=begins(next_month(max(around))),
        watch=WATCH_DAYS,
        not_a_return=NOT_A_RETURN,
    )


MEASURES = (
    Measure(
        key="contacts",
        label="Contacts",
        meaning="Approaches to the front door received in the month, by any channel.",
        unit=Unit.COUNT,
        good=Good.CONTEXT,
        source="Contacts",
        caveat="Counts approaches, not people. Imported contacts are a channel of their own.",
        numerator="Contacts",
        denominator="None",
        population="Every contact logged, anonymous and withdrawn ones included",
        period="Received in the month, whenever it was logged",
        slices=dict(Contact.Channel.choices),
        parts=Parts.SUM,
        take=contacts,
        touched_by=(Work.CONTACTS,),
    ),
    Measure(
        key="first-contact-resolution",
        label="Resolved at the first contact",
        meaning="Of the contacts closed as resolved, the share after which the household did not come back with the same need "
        "within 28 days.",
        unit=Unit.SHARE,
        good=Good.UP,
        source="Contacts and their needs",
        caveat="A month is final only when 28 days have passed since its end. People who gave up look like people who were helped.",
        numerator="Resolved contacts with no return: the same household (or resident), one need in common, within 28 days by "
        "local date",
        denominator="Contacts closed as resolved, of a known household or resident, with a need recorded",
        population="Contacts with the outcome “resolved”",
        period="Received in the month; looks forward 28 days",
        take=resolved_at_first,
        touched_by=(Work.CONTACTS, Work.RETURNS),
        settles_after=timedelta(days=WATCH_DAYS),
    ),
    Measure(
        key="repeat-contact",
        label="Repeat contacts",
        meaning="Of the contacts that residents made, the share that follow a resolved contact of the same household with the "
        "same need within 28 days.",
        unit=Unit.SHARE,
        good=Good.DOWN,
        source="Contacts and their needs",
        caveat="Outbound calls, outreach and contacts made by agencies or professionals are left out.",
        numerator="Contacts within 28 days (by local date) after a resolved one with a need in common",
        denominator="Contacts made by residents or on their behalf, of a known household or resident, with a need recorded",
        population="Contacts made by or for residents",
        period="Received in the month; looks back 28 days",
        take=repeats,
        touched_by=(Work.CONTACTS, Work.RETURNS),
    ),
)
