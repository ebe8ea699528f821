"""Warnings: anybody proposes, a manager agrees to each, and each is looked at again within a year."""

from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import STAFF, Role, User
from ledger import trail
from ledger.moves import advance
from ledger.versions import save_changes
from residents import chronology
from residents.actions.people import first_day, lock
from residents.models import Resident, Warning

LONGEST = timedelta(days=366)


def only_manager(by: User, what: str) -> None:
    """Refuse anybody but a manager, in words."""
    if by.role != Role.MANAGER:
        raise ValidationError(f"Only a manager may {what}.")


def _written(verb: str, heading: str, warning: Warning, by: User, at: datetime) -> None:
    chronology.add(warning.resident, verb, heading, subject=warning, by=by, at=at, significant=True)


def _check_days(review_on: date, expires_on: date | None, at: datetime) -> None:
    """Looked at again within a year, and ending by itself on a day to come or not at all."""
    if review_on < at.date():
        raise ValidationError({"review_on": "Review date must be today or in the future"})
    if review_on > at.date() + LONGEST:
        raise ValidationError({"review_on": "Review date must be within 12 months"})
    if expires_on and expires_on <= at.date():
        raise ValidationError({"expires_on": "The day on which it ends by itself must be in the future"})


def _told(told: str, told_on: date | None, because: str, at: datetime) -> dict[str, object]:
    """Whether the person knows: on which day, or why not."""
    if told == Warning.Told.YES and told_on and told_on > at.date():
        raise ValidationError({"told_on": "The day on which they were told must be today or in the past"})
    if told == Warning.Told.NO and not because.strip():
        raise ValidationError({"not_told_because": "Enter why they were not told"})
    return {
        "told": told,
        "told_on": told_on if told == Warning.Told.YES else None,
        "not_told_because": because.strip() if told == Warning.Told.NO else "",
    }


@transaction.atomic
def add_warning(
    resident: Resident,
    *,
    kind: str,
    text: str,
    review_on: date,
    evidence: str = "",
    told: str = Warning.Told.UNKNOWN,
    told_on: date | None = None,
    not_told_because: str = "",
    expires_on: date | None = None,
    by: User,
    at: datetime,
) -> Warning:
    """Put a warning at the top of every page about someone; from anybody but a manager it is a proposal."""
    if by.role not in STAFF:
        raise ValidationError("Only those who work with residents may propose a warning.")
    resident = lock(resident)
    _check_days(review_on, expires_on, at)
    if resident.warnings.standing(at.date()).filter(kind=kind).exists():
        raise ValidationError({"kind": "A warning of this kind stands already, or waits for a manager’s answer"})
    agreed = by.role == Role.MANAGER
    warning = Warning.objects.create(
        resident=resident,
        kind=kind,
        status=Warning.Status.AGREED if agreed else Warning.Status.PROPOSED,
        text=text.strip(),
        evidence=evidence.strip(),
        added_by=by,
        added_at=at,
        decided_by=by if agreed else None,
        decided_at=at if agreed else None,
        review_on=review_on,
        expires_on=expires_on,
        **_told(told, told_on, not_told_because, at),
    )
    verb, said = ("add_warning", "added") if agreed else ("propose_warning", "proposed")
    trail.record(verb, warning, by=by, about=[resident.reference])
    if agreed:  # what is only proposed is not told to everybody who reads the story
        _written(verb, f"Warning {said}: {warning.get_kind_display()}", warning, by, at)
    return warning


@transaction.atomic
def agree_warning(warning: Warning, *, by: User, at: datetime) -> Warning:
    """Agree to what somebody proposed: from now on it stands on every page. Raises InvalidMove if it was answered already."""
    only_manager(by, "agree to a warning")
    about = [warning.resident.reference]
    fresh = advance(warning, "agree", by=by, about=about, decided_by=by, decided_at=at)
    _written("agree_warning", f"Warning added: {fresh.get_kind_display()}", fresh, by, at)
    return fresh


@transaction.atomic
def refuse_warning(warning: Warning, *, because: str, by: User, at: datetime) -> Warning:
    """Refuse what somebody proposed, with the reason that its author reads. Raises InvalidMove if it was answered already."""
    only_manager(by, "refuse a warning")
    if not because.strip():
        raise ValidationError({"because": "Enter why you do not agree"})
    about = [warning.resident.reference]
    return advance(warning, "refuse", by=by, about=about, decided_by=by, decided_at=at, refused_because=because.strip())


@transaction.atomic
def review_warning(
    warning: Warning,
    *,
    seen: int,
    text: str,
    review_on: date,
    evidence: str | None = None,
    told: str | None = None,
    told_on: date | None = None,
    not_told_because: str = "",
    expires_on: date | None = None,
    by: User,
    at: datetime,
) -> Warning:
    """Keep a warning, with its words and its next review as they are now. Raises StaleVersion."""
    only_manager(by, "review a warning")
    _check_days(review_on, expires_on, at)
    changes: dict[str, object] = {"text": text.strip(), "review_on": review_on, "expires_on": expires_on}
    changes |= {} if evidence is None else {"evidence": evidence.strip()}
    changes |= {} if told is None else _told(told, told_on, not_told_because, at)
    about = [warning.resident.reference]
    fresh = save_changes(warning, seen=seen, by=by, verb="review_warning", about=about, **changes)
    if fresh.status != Warning.Status.AGREED:
        raise ValidationError("This warning is not agreed, so there is nothing to review yet.")
    if fresh.ended_on:
        raise ValidationError("This warning has ended, so it can no longer be reviewed.")
    _written("review_warning", f"Warning reviewed: {fresh.get_kind_display()}", fresh, by, at)
    return fresh


@transaction.atomic
def end_warning(warning: Warning, *, seen: int, by: User, at: datetime, on: date | None = None) -> Warning:
    """Take a warning away because it holds no longer. Raises StaleVersion."""
    only_manager(by, "end a warning")
    about = [warning.resident.reference]
    fresh = save_changes(warning, seen=seen, by=by, verb="end_warning", about=about, ended_on=first_day(on))
    _written("end_warning", f"Warning ended: {fresh.get_kind_display()}", fresh, by, at)
    return fresh
