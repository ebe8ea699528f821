"""Who comes to the door, whether the first answer was enough, and who had to come back."""

from collections.abc import Sequence
from datetime import date, timedelta

from intake.models import Contact
from reporting.measures.base import Good, Measure, Parts, Row, Unit, ask

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
            SELECT reporting_local_month(received_at) AS month, channel
            FROM intake_contact
            WHERE received_at >= %(starts)s AND received_at < %(ends)s
              AND reporting_local_month(received_at) = ANY(%(months)s::date[])
        ) received
        GROUP BY GROUPING SETS ((month, channel), (month))
        """,
        months,
    )


def resolved_at_first(months: Sequence[date]) -> list[Row]:
    """Resolved contacts, and those after which the household did not come back with the same need."""
    return ask(
        """
        SELECT month, '', count(*) FILTER (WHERE NOT again), count(*)
        FROM (
            SELECT reporting_local_month(c.received_at) AS month, EXISTS (
                SELECT FROM intake_contact r
                WHERE (r.household_id = c.household_id OR r.resident_id = c.resident_id)
                  AND r.received_at > c.received_at
                  AND (r.received_at AT TIME ZONE 'Europe/London')::date
                      <= (c.received_at AT TIME ZONE 'Europe/London')::date + %(watch)s
                  AND r.channel <> ALL(%(not_a_return)s) AND r.speaking <> 'professional'
                  AND EXISTS (
                    SELECT FROM intake_contactneed a JOIN intake_contactneed b ON b.need_id = a.need_id
                    WHERE a.contact_id = c.id AND b.contact_id = r.id)) AS again
            FROM intake_contact c
            WHERE c.outcome = 'resolved' AND (c.household_id IS NOT NULL OR c.resident_id IS NOT NULL)
              AND EXISTS (SELECT FROM intake_contactneed n WHERE n.contact_id = c.id)
              AND c.received_at >= %(starts)s AND c.received_at < %(ends)s
              AND reporting_local_month(c.received_at) = ANY(%(months)s::date[])
        ) resolved
        GROUP BY month
        """,
        months,
        watch=WATCH_DAYS,
        not_a_return=NOT_A_RETURN,
    )


def repeats(months: Sequence[date]) -> list[Row]:
    """Contacts that residents made, and those that follow a resolved one with the same need."""
    return ask(
        """
        SELECT month, '', count(*) FILTER (WHERE again), count(*)
        FROM (
            SELECT reporting_local_month(r.received_at) AS month, EXISTS (
                SELECT FROM intake_contact c
                WHERE (c.household_id = r.household_id OR c.resident_id = r.resident_id)
                  AND c.outcome = 'resolved' AND c.received_at < r.received_at
                  AND (c.received_at AT TIME ZONE 'Europe/London')::date
                      >= (r.received_at AT TIME ZONE 'Europe/London')::date - %(watch)s
                  AND EXISTS (
                    SELECT FROM intake_contactneed a JOIN intake_contactneed b ON b.need_id = a.need_id
                    WHERE a.contact_id = c.id AND b.contact_id = r.id)) AS again
            FROM intake_contact r
            WHERE r.channel <> ALL(%(not_a_return)s) AND r.speaking <> 'professional'
              AND (r.household_id IS NOT NULL OR r.resident_id IS NOT NULL)
              AND EXISTS (SELECT FROM intake_contactneed n WHERE n.contact_id = r.id)
              AND r.received_at >= %(starts)s AND r.received_at < %(ends)s
              AND reporting_local_month(r.received_at) = ANY(%(months)s::date[])
        ) made
        GROUP BY month
        """,
        months,
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
    ),
)
