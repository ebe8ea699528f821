"""Phones and e-mail addresses, each with what is safe to do with it. Nothing is safe until someone has said so."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from ledger import trail
from ledger.versions import save_changes
from residents import chronology
from residents.actions.people import first_day, lock
from residents.models import EmailAddress, Phone, Resident
from residents.search import write_keys
from residents.written import read_phone

PHONE_ADDED, EMAIL_ADDED = "Phone number added", "Email address added"


def _written(verb: str, heading: str, row: Phone | EmailAddress, resident: Resident, by: User | None) -> None:
    trail.record(verb, row, by=by, about=[resident.reference])
    chronology.add(resident, verb, heading, subject=row, by=by, at=timezone.now())


def phone_of(
    resident: Resident,
    *,
    number: str,
    safe_to_call: bool = False,
    safe_to_text: bool = False,
    safe_to_leave_message: bool = False,
    note: str = "",
    since: date | None = None,
) -> Phone:
    """A phone number of somebody, as someone says it, not yet saved. Raises ValidationError if it is no number."""
    try:
        number = read_phone(number)
    except ValidationError as refusal:
        raise ValidationError({"number": refusal.messages}) from refusal
    return Phone(
        resident=resident,
        number=number,
        safe_to_call=safe_to_call,
        safe_to_text=safe_to_text,
        safe_to_leave_message=safe_to_leave_message,
        note=note.strip(),
        since=first_day(since),
    )


@transaction.atomic
def add_phone(resident: Resident, *, by: User | None, **said: Any) -> Phone:
    """Add a phone number: `said` is what `phone_of` takes. Raises ValidationError if it is no number or is there already."""
    resident = lock(resident)
    phone = phone_of(resident, **said)
    if resident.phones.filter(number=phone.number, until=None).exists():
        raise ValidationError({"number": "This number is on the record already"})
    phone.save(force_insert=True)
    _written("add_phone", PHONE_ADDED, phone, resident, by)
    write_keys(resident)
    return phone


@transaction.atomic
def change_phone(
    phone: Phone,
    *,
    seen: int,
    safe_to_call: bool,
    safe_to_text: bool,
    safe_to_leave_message: bool,
    note: str = "",
    by: User | None,
) -> Phone:
    """Say anew what is safe with a number. `seen` is the version of the resident. Raises StaleVersion."""
    resident = save_changes(phone.resident, seen=seen, by=by, verb="change_phone", about=[phone.resident.reference])
    phone = _present(Phone, phone, "This number has ended, so it can no longer be changed.")
    phone.safe_to_call, phone.safe_to_text, phone.note = safe_to_call, safe_to_text, note.strip()
    phone.safe_to_leave_message = safe_to_leave_message
    phone.save(update_fields=["safe_to_call", "safe_to_text", "safe_to_leave_message", "note"])
    _written("change_phone", "What is safe with a phone number changed", phone, resident, by)
    return phone


@transaction.atomic
def end_phone(phone: Phone, *, on: date | None = None, by: User | None) -> Phone:
    """Say that a number is theirs no longer; it stays as a former one."""
    resident = lock(phone.resident)
    phone = _present(Phone, phone, "This number has ended already.")
    phone.until = max(first_day(on), phone.since)
    phone.save(update_fields=["until"])
    _written("end_phone", "Phone number ended", phone, resident, by)
    return phone


def email_of(
    resident: Resident, *, address: str, safe_to_write: bool = False, note: str = "", since: date | None = None
) -> EmailAddress:
    """An e-mail address of somebody, not yet saved."""
    return EmailAddress(
        resident=resident,
        address=address.strip(),
        safe_to_write=safe_to_write,
        note=note.strip(),
        since=first_day(since),
    )


@transaction.atomic
def add_email(resident: Resident, *, by: User | None, **said: Any) -> EmailAddress:
    """Add an e-mail address: `said` is what `email_of` takes. Raises ValidationError if it is there already."""
    resident = lock(resident)
    email = email_of(resident, **said)
    if resident.emails.filter(address__iexact=email.address, until=None).exists():
        raise ValidationError({"address": "This email address is on the record already"})
    email.save(force_insert=True)
    _written("add_email", EMAIL_ADDED, email, resident, by)
    write_keys(resident)
    return email


@transaction.atomic
def change_email(
    email: EmailAddress, *, seen: int, safe_to_write: bool, note: str = "", by: User | None
) -> EmailAddress:
    """Say anew whether it is safe to write. `seen` is the version of the resident. Raises StaleVersion."""
    resident = save_changes(email.resident, seen=seen, by=by, verb="change_email", about=[email.resident.reference])
    email = _present(EmailAddress, email, "This email address has ended, so it can no longer be changed.")
    email.safe_to_write, email.note = safe_to_write, note.strip()
    email.save(update_fields=["safe_to_write", "note"])
    _written("change_email", "What is safe with an email address changed", email, resident, by)
    return email


@transaction.atomic
def end_email(email: EmailAddress, *, on: date | None = None, by: User | None) -> EmailAddress:
    """Say that an address is theirs no longer; it stays as a former one."""
    resident = lock(email.resident)
    email = _present(EmailAddress, email, "This email address has ended already.")
    email.until = max(first_day(on), email.since)
    email.save(update_fields=["until"])
    _written("end_email", "Email address ended", email, resident, by)
    return email


def _present(model, row, refusal: str):  # type: ignore[no-untyped-def]
    """The row as it stands now, locked; refused when it has ended."""
    fresh = model.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if fresh.until is not None:
        raise ValidationError(refusal)
    return fresh
