"""Who lives with whom: starting, joining and leaving households, each with its day."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from ledger import trail
from residents import chronology
from residents.actions.people import first_day, lock
from residents.models import Household, Membership, Resident

ADULT = Membership.Part.ADULT


@transaction.atomic
def household_of(resident: Resident, on: date, *, create: bool = False, by: User | None = None) -> Household | None:
    """The household of a resident on a day, the latest if they live in two; with `create`, a new one if there is none.

    A household that whoever acts may not see (someone restricted lives there) counts as none.
    """
    here = Membership.objects.filter(resident=resident, since__lte=on).order_by("-since", "-pk")
    open_then = here.filter(until=None) | here.filter(until__gte=on)
    # Filtered by the row itself: under row-level security a hidden household has none.
    found = open_then.filter(household__in=Household.objects.all()).select_related("household").first()
    if found:
        return found.household
    return start_household(resident, since=on, by=by, leave_present=False) if create else None


def _told(verb: str, heading: str, others: str, membership: Membership, by: User | None) -> None:
    """Write it down for the person and for those they live with; of a restricted person the others are not told."""
    person, household = membership.resident, membership.household
    trail.record(verb, household, by=by, about=[person.reference], fields=["memberships"])
    now = timezone.now()
    chronology.add(person, verb, heading, subject=household, household=household, by=by, at=now)
    if person.restricted or not others:
        return
    rest = [one for one in chronology.members_of(household, timezone.localdate()) if one.pk != person.pk]
    chronology.add(rest, verb, others, subject=household, household=household, by=by, at=now)


@transaction.atomic
def start_household(
    resident: Resident,
    *,
    part: str = ADULT,
    since: date | None = None,
    leave_present: bool = True,
    by: User | None,
) -> Household:
    """Begin a household of this one person, who leaves the present one on that day unless they live in both."""
    resident, since = lock(resident), first_day(since)
    if leave_present:
        _leave_all(resident, on=since, by=by)
    household = Household.objects.create(created_at=timezone.now())
    membership = Membership.objects.create(household=household, resident=resident, part=part, since=since)
    _told("start_household", "Household begun", "", membership, by)
    return household


@transaction.atomic
def join_household(
    resident: Resident,
    *,
    household: Household,
    part: str = ADULT,
    since: date | None = None,
    leave_present: bool = True,
    by: User | None,
) -> Membership:
    """Add someone to a household from a day on. Raises ValidationError if they belong to it already."""
    resident, since = lock(resident), first_day(since)
    if household.memberships.filter(resident=resident, until=None).exists():
        raise ValidationError("They belong to this household already.")
    last = household.memberships.filter(resident=resident, until__gt=since).order_by("until").last()
    if last and last.until:
        raise ValidationError(
            {"since": f"Enter {last.until.day} {last.until:%B %Y} or later: they lived here until then"}
        )
    if leave_present:
        _leave_all(resident, on=since, by=by)
    membership = Membership.objects.create(household=household, resident=resident, part=part, since=since)
    _told("join_household", "Joined a household", "Someone joined the household", membership, by)
    return membership


@transaction.atomic
def leave_household(membership: Membership, *, on: date | None = None, by: User | None) -> Membership:
    """Say from which day someone belongs to a household no longer."""
    lock(membership.resident)
    fresh = Membership.objects.select_for_update(of=("self",)).select_related("household", "resident").get(
        pk=membership.pk
    )  # fmt: skip
    if fresh.until is not None:
        raise ValidationError("They have left this household already.")
    fresh.until = first_day(on)
    if fresh.until < fresh.since:
        raise ValidationError({"on": f"Enter {fresh.since.day} {fresh.since:%B %Y} or later: they joined then"})
    fresh.save(update_fields=["until"])
    _told("leave_household", "Left a household", "Someone left the household", fresh, by)
    return fresh


def _leave_all(resident: Resident, *, on: date, by: User | None) -> None:
    for membership in resident.memberships.filter(until=None, household__in=Household.objects.all()):
        leave_household(membership, on=max(on, membership.since), by=by)
