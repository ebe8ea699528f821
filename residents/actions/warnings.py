"""Warnings: a manager agrees to each, and each is looked at again by a day."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import Role, User
from ledger import trail
from ledger.versions import save_changes
from residents import chronology
from residents.actions.people import first_day, lock
from residents.models import Resident, Warning


def only_manager(by: User, what: str) -> None:
    """Refuse anybody but a manager, in words."""
    if by.role != Role.MANAGER:
        raise ValidationError(f"Only a manager may {what}.")


def _written(verb: str, heading: str, warning: Warning, by: User, at: datetime) -> None:
    chronology.add(warning.resident, verb, heading, subject=warning, by=by, at=at, significant=True)


@transaction.atomic
def add_warning(resident: Resident, *, kind: str, text: str, review_on: date, by: User, at: datetime) -> Warning:
    """Put a warning at the top of every page about someone. Raises ValidationError unless a manager does it."""
    only_manager(by, "add a warning")
    resident = lock(resident)
    if review_on < at.date():
        raise ValidationError({"review_on": "Review date must be today or in the future"})
    if resident.warnings.filter(kind=kind, ended_on=None).exists():
        raise ValidationError({"kind": "There is a warning of this kind already. Review that one instead."})
    warning = Warning.objects.create(
        resident=resident, kind=kind, text=text.strip(), added_by=by, added_at=at, review_on=review_on
    )
    trail.record("add_warning", warning, by=by, about=[resident.reference])
    _written("add_warning", f"Warning added: {warning.get_kind_display()}", warning, by, at)
    return warning


@transaction.atomic
def review_warning(warning: Warning, *, seen: int, text: str, review_on: date, by: User, at: datetime) -> Warning:
    """Keep a warning, with its words and its next review as they are now. Raises StaleVersion."""
    only_manager(by, "review a warning")
    if review_on < at.date():
        raise ValidationError({"review_on": "Next review must be today or in the future"})
    about = [warning.resident.reference]
    fresh = save_changes(
        warning, seen=seen, by=by, verb="review_warning", about=about, text=text.strip(), review_on=review_on
    )
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
