"""Agreements: what someone agreed that we share, with whom and until when; and taking that back."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import Organisation, Role, User
from ledger import trail
from ledger.versions import save_changes
from residents import chronology
from residents.actions.people import lock
from residents.models import Agreement, Resident


@transaction.atomic
def record_agreement(
    resident: Resident,
    *,
    organisation: Organisation,
    purpose: str,
    shared: str,
    basis: str,
    since: date,
    until: date | None = None,
    reason: str = "",
    authorised_by: User | None = None,
    by: User | None,
    at: datetime,
) -> Agreement:
    """Record what is shared with one organisation. Without agreement it needs a reason and a manager's authority."""
    resident = lock(resident)
    if until and until < since:
        raise ValidationError({"until": "The last day must be after the first"})
    if basis == Agreement.Basis.SAFEGUARDING:
        _check_authority(reason, authorised_by)
    agreement = Agreement.objects.create(
        resident=resident,
        organisation=organisation,
        purpose=purpose.strip(),
        shared=shared.strip(),
        basis=basis,
        reason=reason.strip(),
        authorised_by=authorised_by if basis == Agreement.Basis.SAFEGUARDING else None,
        recorded_by=by,
        recorded_at=at,
        since=since,
        until=until,
    )
    trail.record("record_agreement", agreement, by=by, about=[resident.reference])
    without = " without agreement" if basis == Agreement.Basis.SAFEGUARDING else ""
    heading = f"Sharing{without} with {organisation.name} recorded"
    chronology.add(resident, "record_agreement", heading, subject=agreement, by=by, at=at, significant=bool(without))
    return agreement


def _check_authority(reason: str, authorised_by: User | None) -> None:
    if not reason.strip():
        raise ValidationError({"reason": "Enter why we share without agreement"})
    if authorised_by is None or authorised_by.role != Role.MANAGER:
        raise ValidationError({"authorised_by": "Select the manager who authorised this"})


@transaction.atomic
def withdraw_agreement(agreement: Agreement, *, seen: int, by: User | None, at: datetime) -> Agreement:
    """Stop sharing from now on, because the resident said so or the reason is gone. Raises StaleVersion."""
    about = [agreement.resident.reference]
    if agreement.withdrawn_at:
        raise ValidationError("This agreement was withdrawn already.")
    fresh = save_changes(agreement, seen=seen, by=by, verb="withdraw_agreement", about=about, withdrawn_at=at)
    heading = f"Agreement to share with {fresh.organisation.name} withdrawn"
    chronology.add(fresh.resident, "withdraw_agreement", heading, subject=fresh, by=by, at=at, significant=True)
    return fresh
