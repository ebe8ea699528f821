"""Which household people left when they began another one, or which joined theirs, while that can be undone exactly."""

from django.db.models import Q, QuerySet

from ledger.acting import reading_as_system
from residents.models import ChronologyEntry, Household, Membership, United

SYSTEM = "system:residents"


def began_apart(household: Household) -> Household | None:
    """The household that people left to begin this one, while that can be undone exactly: nothing builds on this one, and
    nobody came or went since. Runs up to two queries, as the system, so that whoever acts must be let into it before it is shown.
    """
    with reading_as_system(SYSTEM):
        told = ChronologyEntry.objects.filter(household=household).values_list("verb", flat=True)
        if set(told.distinct().order_by()) != {"separate_household"}:
            return None
        here = list(household.memberships.all())
        days = {one.since for one in here}
        if len(days) != 1 or any(one.until for one in here):
            return None
        there = list(lived_before(here).select_related("household"))
    on, came = here[0].since, sorted(one.resident_id for one in here)
    of: dict[Household, list[Membership]] = {}
    for one in there:
        of.setdefault(one.household, []).append(one)
    whole = [
        home
        for home, rows in of.items()
        if sorted(one.resident_id for one in rows) == came  # each of them once: nobody has come back since
        and all(one.since <= on and one.until in (on, None) for one in rows)
        and any(one.until for one in rows)
    ]
    return whole[0] if len(whole) == 1 else None


def lived_before(here: list[Membership]) -> QuerySet[Membership]:
    """Where these people lived until the day they came or longer, or live as well."""
    rows = Membership.objects.filter(resident__in=[one.resident_id for one in here])
    return rows.filter(Q(until__gte=here[0].since) | Q(until=None)).exclude(household=here[0].household_id)


def became_one(household: Household) -> United | None:
    """The last household that joined this one, while that can be undone exactly: nothing is told of this one since, each row is as
    it was left, and nobody lives in the other one. Runs up to four queries, as the system: see `began_apart`.
    """
    with reading_as_system(SYSTEM):
        last = United.objects.standing().filter(household=household).select_related("other").first()
        if last is None or household.chronology.filter(written_at__gt=last.at).exists():
            return None
        began = Membership.objects.filter(pk__in=last.begun, household=household, since=last.on, until=None)
        ended = Membership.objects.filter(pk__in=last.ended, household=last.other, until=last.on)
        if began.count() != len(last.begun) or ended.count() != len(last.ended):
            return None
        return None if last.other.memberships.filter(until=None).exists() else last
