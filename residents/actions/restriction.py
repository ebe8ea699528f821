"""Restricted records: only named people may open them. Grants come before the flag, or the manager would lock themselves out."""

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import STAFF, Role, User
from ledger import trail
from ledger.versions import save_changes
from residents import chronology
from residents.actions.people import lock
from residents.actions.warnings import only_manager
from residents.models import REVIEW_AFTER, AccessGrant, Resident, Restriction
from residents.search import write_keys

UNKNOWN = Restriction.Category.UNKNOWN


def give_access(
    resident: Resident, user: User, *, reason: str, by: User, at: datetime, until: datetime | None
) -> AccessGrant:
    """Name somebody for a record, without words in the story: a part of other verbs."""
    if user.role not in STAFF:
        raise ValidationError("Only front door staff, caseworkers and managers can be named for a record.")
    resident.access_grants.filter(user=user, until=None).update(until=at)
    return AccessGrant.objects.create(
        resident=resident, user=user, reason=reason.strip(), granted_by=by, since=at, until=until
    )


@transaction.atomic
def restrict_resident(
    resident: Resident, *, named: Iterable[User], reason: str, by: User, at: datetime, category: str = UNKNOWN
) -> Resident:
    """Let only the named people, and the manager who does this, open the record from now on. Reviewed within 90 days."""
    only_manager(by, "restrict a record")
    resident = lock(resident)
    if resident.restricted:
        raise ValidationError("This record is restricted already.")
    for user in {person.pk: person for person in (*named, by)}.values():
        give_access(resident, user, reason=reason, by=by, at=at, until=None)
    Restriction.objects.create(
        resident=resident,
        category=category,
        reason=reason.strip(),
        restricted_by=by,
        since=at,
        review_on=at.date() + REVIEW_AFTER,
    )
    fresh = save_changes(
        resident, seen=resident.version, by=by, verb="restrict_resident", about=[resident.reference], restricted=True
    )
    write_keys(fresh)
    chronology.add(fresh, "restrict_resident", "Record restricted", subject=fresh, by=by, at=at, significant=True)
    return fresh


@transaction.atomic
def lift_restriction(resident: Resident, *, by: User, at: datetime) -> Resident:
    """Open the record again to all staff, and end what was granted for it."""
    only_manager(by, "lift a restriction")
    resident = lock(resident)
    if not resident.restricted:
        raise ValidationError("This record is not restricted.")
    fresh = save_changes(
        resident, seen=resident.version, by=by, verb="lift_restriction", about=[resident.reference], restricted=False
    )
    fresh.restrictions.in_force().update(until=at)
    fresh.access_grants.live().update(until=at)
    write_keys(fresh)
    chronology.add(fresh, "lift_restriction", "Restriction lifted", subject=fresh, by=by, at=at, significant=True)
    return fresh


@transaction.atomic
def keep_restriction(
    restriction: Restriction, *, seen: int, category: str, reason: str, by: User, at: datetime
) -> Restriction:
    """Look at a restriction again and keep it for 90 days more, with the reason. Raises StaleVersion."""
    only_manager(by, "review a restricted record")
    if not reason.strip():
        raise ValidationError({"reason": "Enter why it stays restricted"})
    resident = restriction.resident
    fresh = save_changes(
        restriction,
        seen=seen,
        by=by,
        verb="keep_restriction",
        about=[resident.reference],
        category=category,
        review_reason=reason.strip(),
        reviewed_by=by,
        reviewed_at=at,
        review_on=at.date() + REVIEW_AFTER,
    )
    if fresh.until is not None:
        raise ValidationError("This restriction was lifted, so there is nothing to review.")
    chronology.add(resident, "keep_restriction", "Restriction reviewed and kept", subject=fresh, by=by, at=at)
    return fresh


@transaction.atomic
def grant_access(
    resident: Resident, *, user: User, reason: str, by: User, at: datetime, until: datetime | None = None
) -> AccessGrant:
    """Name one more person for a restricted record."""
    only_manager(by, "name someone for a record")
    resident = lock(resident)
    if not resident.restricted:
        raise ValidationError("This record is not restricted: all staff may open it.")
    grant = give_access(resident, user, reason=reason, by=by, at=at, until=until)
    trail.record("grant_access", grant, by=by, about=[resident.reference, user.reference])
    chronology.add(resident, "grant_access", "Someone named for this record", subject=grant, by=by, at=at)
    return grant


@transaction.atomic
def end_access(grant: AccessGrant, *, by: User, at: datetime) -> AccessGrant:
    """End what was granted to one person. Raises ValidationError rather than leave no manager named."""
    only_manager(by, "end someone’s access")
    resident = lock(grant.resident)
    grant = AccessGrant.objects.select_for_update(of=("self",)).get(pk=grant.pk)
    if grant.until is not None and grant.until <= at:
        raise ValidationError("This access has ended already.")
    rest = resident.access_grants.live().filter(user__role=Role.MANAGER, user__is_active=True).exclude(pk=grant.pk)
    if resident.restricted and not rest.exists():
        raise ValidationError("At least one manager must stay named. Name another manager first.")
    # The chronology first: whoever ends their own access may not write here afterwards.
    chronology.add(resident, "end_access", "Someone’s access ended", subject=grant, by=by, at=at)
    trail.record("end_access", grant, by=by, about=[resident.reference, grant.user.reference])
    grant.until = at
    grant.save(update_fields=["until"])
    return grant
