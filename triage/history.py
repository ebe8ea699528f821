"""What the record knows already about the household of a contact: ages, earlier contacts, work open and closed.

Earlier work is read from involvements and decisions, so that this room needs nothing from the rooms above it.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, Q, QuerySet

from accounts.working_time import add_months, at_local, local_day
from intake.answers import Answer
from intake.models import Contact, ContactNeed
from residents.chronology import members_of
from residents.models import Household, Involvement, Resident
from triage.tiers import Tier

NEGLECT = "child_abuse_or_neglect"
SOCIAL_WORK = ("social work", "child protection", "child in need", "looked after")
SAME_NEED_DAYS = 90


def history_of(
    contact: Contact,
    *,
    needs: bool = True,
    neglect: bool = True,
    people: list[Resident] | None = None,
    involved: list[Involvement] | None = None,
) -> dict[str, Any]:
    """The history facts for `facts_from_answers`, as far as the acting person may see them. Runs at most eight queries.

    `people` and `involved` (who has worked with them, oldest first) save two of them where a page has read them already.
    Of a contact without needs, or not about neglect, the earlier ones of that kind are not counted.
    """
    if contact.resident is None:
        return {}
    day = local_day(contact.received_at)
    people = people_of(contact, day) if people is None else people
    work = _work(people, day) if involved is None else _work_of([one for one in involved if one.since <= day], day)
    earlier = _earlier_contacts(contact, people, day, needs=needs, neglect=neglect)
    return {**_ages(contact.resident, people, day), **earlier, **work}


def people_of(contact: Contact, day: date) -> list[Resident]:
    """The residents whom a contact concerns: everybody in the household, or the person alone."""
    if contact.resident is None:
        return []
    return with_the_person(contact, members_of(contact.household, day) if contact.household else [])


def with_the_person(contact: Contact, members: list[Resident]) -> list[Resident]:
    """The members of the household; the person of the contact first where they are not among them."""
    if contact.resident is None:
        return []
    return members if contact.resident in members else [contact.resident, *members]


def history_alone(resident: Resident, involvements: Iterable[Involvement], day: date) -> dict[str, Any]:
    """The same for a contact without needs of somebody of whom no household is known, from rows at hand: for imports.

    Runs a query only where somebody here leads or led their case.
    """
    begun = sorted((row for row in involvements if row.since <= day), key=lambda row: (row.since, row.pk))
    return {**_ages(resident, [resident], day), **_work_of(begun, day)}


def _ages(resident: Resident, people: list[Resident], day: date) -> dict[str, Any]:
    ages = [(person.pk, person.age_on(day)) for person in people if person.died_on is None]
    known = [(pk, age) for pk, age in ages if age is not None and 0 <= age <= 130]
    return {
        "person_age": next((age for pk, age in known if pk == resident.pk), None),
        "household_ages": tuple(age for pk, age in known if pk != resident.pk),
    }


def history_before(
    resident: Resident,
    *,
    household: Household | None,
    needs: Collection[str],
    neglect: bool,
    at: datetime,
    counted: bool = True,
) -> dict[str, Any]:
    """The same for a contact that is not written yet, which is `counted` with the earlier ones unless we made the call.

    Runs one query.
    """
    day = local_day(at)
    asked = {
        "resident": resident.pk,
        "household": household and household.pk,
        "day": day,
        "at": at,
        "lately": _start(day - timedelta(days=SAME_NEED_DAYS)),
        "needs": list(needs),
        "a_year_ago": _start(add_months(day, -12)),
        "neglect": NEGLECT if neglect else "",
        "support": int(Tier.SUPPORT),
    }
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN, asked)
        people, work, times, about_neglect = cursor.fetchone()
    this = 1 if counted else 0
    counts = {
        "neglect_contacts_12_months": (about_neglect or 0) + 1 if neglect and counted else None,
        "same_need_contacts_90_days": ((times or 0) + this) or None if needs else None,
    }
    known = [Resident.from_db(None, _AGES, [pk, _day(born), _day(died)]) for pk, born, died in people or ()]
    tiers = {row[0]: row[-1] for row in work or ()}
    rows = [_involvement(row[:-1]) for row in work or ()]
    return {**_ages(resident, known, day), **counts, **_work_of(rows, day, tiers)}


# A function of the database, which keeps the plans: to make them, policies and all, took longer than to follow them.
_KNOWN = """
    SELECT people, work, same_need, about_neglect FROM acting.known_before(
        %(resident)s, %(household)s, %(day)s, %(at)s, %(lately)s, %(a_year_ago)s, %(needs)s::text[], %(neglect)s, %(support)s)
"""
_AGES = ("id", "born_on", "died_on")
_INVOLVEMENT = ("id", "resident_id", "kind", "organisation_id", "who", "what", "since", "until")


def _involvement(values: list[Any]) -> Involvement:
    *others, since, until = values
    return Involvement.from_db(None, _INVOLVEMENT, [*others, _day(since), _day(until)])


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _earlier_contacts(
    contact: Contact, people: list[Resident], day: date, *, needs: bool, neglect: bool
) -> dict[str, Any]:
    """Counts that include this contact. Calls that we made ourselves and withdrawn contacts do not count."""
    about_neglect = _about_neglect(people, day, contact.received_at) if neglect else []
    same = ContactNeed.objects.filter(need__in=contact.needs.values("pk"))
    return {
        "neglect_contacts_12_months": len(about_neglect) if contact.pk in about_neglect else None,
        "same_need_contacts_90_days": _times(people, day, contact.received_at, same) or None if needs else None,
    }


def _counted(people: list[Resident], until: datetime) -> QuerySet[Contact]:
    """Their contacts, without calls that we made ourselves and withdrawn ones."""
    counted = Contact.objects.filter(resident__in=people, received_at__lte=until)
    return counted.exclude(status=Contact.Status.WITHDRAWN).exclude(channel=Contact.Channel.PHONE_OUT)


def _about_neglect(people: list[Resident], day: date, until: datetime) -> list[int]:
    year = _counted(people, until).filter(received_at__gte=_start(add_months(day, -12)))
    neglect = Q(contact_needs__need__code=NEGLECT) | Q(answers__question="child_abuse", answers__said="yes")
    return list(year.filter(neglect).values_list("pk", flat=True).distinct())


def _times(people: list[Resident], day: date, until: datetime, needs: QuerySet[ContactNeed]) -> int:
    """How often they came with the one of these needs with which they came most often lately."""
    lately = _counted(people, until).filter(received_at__gte=_start(day - timedelta(days=SAME_NEED_DAYS)))
    most = needs.filter(contact__in=lately).order_by().values("need").annotate(times=Count("contact", distinct=True))
    first = most.order_by("-times").first()
    return first["times"] if first else 0


def _work(people: list[Resident], day: date) -> dict[str, Any]:
    """Who leads or led, at which tier, and who else helps."""
    return _work_of(list(Involvement.objects.filter(resident__in=people, since__lte=day).order_by("since", "id")), day)


def _work_of(rows: list[Involvement], day: date, tiers: Mapping[int, int | None] | None = None) -> dict[str, Any]:
    """`tiers`: of the last decision of each lead's work, by the lead's key, where they are at hand."""
    live = [row for row in rows if row.until is None or row.until > day]
    leads = [row for row in live if row.kind == Involvement.Kind.LEAD]
    agencies = {row.organisation_id or row.who for row in live if row.kind == Involvement.Kind.AGENCY}
    social = any(_is_social_work(row) for row in live)
    facts: dict[str, Any] = {
        "agencies_involved": len(agencies) or None,
        "has_lead": Answer.YES if leads else (Answer.NO if agencies else None),
        "open_to_social_worker": Answer.YES if social else None,
    }
    if leads:
        return facts | {"open_tier": _tier_until(leads[-1], day, tiers)}
    ended = [row for row in rows if row.kind == Involvement.Kind.LEAD and row.until and row.until <= day]
    if ended:
        last = max(ended, key=lambda row: row.until or row.since)
        facts |= {"closed_from_tier": _tier_until(last, last.until or day, tiers), "closed_on": last.until}
    return facts


def _is_social_work(row: Involvement) -> bool:
    words = row.what.lower()
    return any(sign in words for sign in SOCIAL_WORK)


def _tier_until(lead: Involvement, day: date, tiers: Mapping[int, int | None] | None) -> Tier:
    """The tier of the work of a lead on a day: that of the last decision which gave the household a case."""
    if tiers is not None:
        return Tier(tiers[lead.pk] or Tier.SUPPORT)
    asked = {"resident": lead.resident_id, "support": int(Tier.SUPPORT), "end": _start(day + timedelta(days=1))}
    with connection.cursor() as cursor:
        cursor.execute(_LAST_TIER, asked)
        last = cursor.fetchone()
    return Tier(last[0]) if last else Tier.SUPPORT


# With an array of households both ways go by their index; with IN the database reads every decision.
_LAST_TIER = """
    SELECT chosen_tier FROM triage_decision
    WHERE (resident_id = %(resident)s OR household_id = ANY(ARRAY(
            SELECT household_id FROM residents_membership WHERE resident_id = %(resident)s)))
        AND chosen_tier >= %(support)s AND made_at < %(end)s
    ORDER BY made_at DESC, id DESC LIMIT 1
"""


def _start(day: date) -> datetime:
    return at_local(day, time(0))
