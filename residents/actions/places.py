"""Where people live: moving, having no fixed abode, being reached care of someone."""

from collections.abc import Callable
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from ledger import trail
from residents import chronology
from residents.actions.people import first_day, lock
from residents.models import Address, Resident, ResidentAddress, Tenure, Ward
from residents.search import write_keys
from residents.written import read_postcode, read_uprn

HOME, CARE_OF, NFA = ResidentAddress.Kind.HOME, ResidentAddress.Kind.CARE_OF, ResidentAddress.Kind.NO_FIXED_ABODE


def _place(lines: str, postcode: str, uprn: str, ward: Ward | None) -> Address:
    """The address as a place: the one that is known already (to whoever asks), or a new one."""
    lines = ", ".join(part.strip(" ,") for part in lines.splitlines() if part.strip(" ,"))
    if not lines:
        raise ValidationError({"lines": "Enter the address: house number and street at least"})
    postcode, uprn = _read("postcode", read_postcode, postcode), _read("uprn", read_uprn, uprn)
    known = Address.objects.filter(lines__iexact=lines, postcode=postcode, uprn=uprn, ward=ward)
    return known.first() or Address.objects.create(lines=lines, postcode=postcode, uprn=uprn, ward=ward)


def _read(field: str, reader: Callable[[str], str], text: str) -> str:
    """What the reader makes of the text; its refusal goes to the box of the form that was typed into."""
    try:
        return reader(text)
    except ValidationError as refusal:
        raise ValidationError({field: refusal.messages}) from refusal


def _begin(
    resident: Resident, verb: str, heading: str, row: ResidentAddress, ends: tuple[str, ...], by: User | None
) -> ResidentAddress:
    """End the former of those kinds, keep the new one, write it all down."""
    former = list(resident.addresses.select_for_update(of=("self",)).filter(until=None, kind__in=ends))
    for one in former:
        if one.since > row.since:
            raise ValidationError(
                {"since": f"Enter {one.since.day} {one.since:%B %Y} or later: the present address is from then"}
            )
        one.until = row.since
        one.save(update_fields=["until"])
    row.save(force_insert=True)
    trail.record(verb, row, by=by, about=[resident.reference])
    chronology.add(resident, verb, heading, subject=row, by=by, at=timezone.now(), significant=row.kind != CARE_OF)
    write_keys(resident)
    return row


@transaction.atomic
def move_to(
    resident: Resident,
    *,
    lines: str,
    postcode: str = "",
    uprn: str = "",
    ward: Ward | None = None,
    tenure: str = Tenure.UNKNOWN,
    confidential: bool = False,
    since: date | None = None,
    by: User | None,
) -> ResidentAddress:
    """Record where someone lives from a day on; ends where they lived until then."""
    resident = lock(resident)
    heading = "Moved to a confidential address" if confidential else "Moved to a new address"
    if not resident.addresses.exists():
        heading = "Confidential address recorded" if confidential else "Address recorded"
    row = ResidentAddress(
        resident=resident,
        address=_place(lines, postcode, uprn, ward),
        kind=HOME,
        tenure=tenure,
        confidential=confidential,
        since=first_day(since),
    )
    return _begin(resident, "move_to", heading, row, (HOME, NFA), by)


@transaction.atomic
def record_no_fixed_abode(resident: Resident, *, since: date | None = None, by: User | None) -> ResidentAddress:
    """Record that someone has no fixed abode from a day on; ends where they lived. A care-of address stays."""
    resident = lock(resident)
    row = ResidentAddress(resident=resident, kind=NFA, tenure=Tenure.NONE, since=first_day(since))
    return _begin(resident, "record_no_fixed_abode", "No fixed abode", row, (HOME, NFA), by)


@transaction.atomic
def record_care_of(
    resident: Resident,
    *,
    care_of: str,
    lines: str,
    postcode: str = "",
    confidential: bool = False,
    since: date | None = None,
    by: User | None,
) -> ResidentAddress:
    """Record an address at which someone can be reached without living there; ends the former one of that kind."""
    resident = lock(resident)
    if not care_of.strip():
        raise ValidationError({"care_of": "Enter who takes their post"})
    row = ResidentAddress(
        resident=resident,
        address=_place(lines, postcode, "", None),
        kind=CARE_OF,
        care_of=care_of.strip(),
        confidential=confidential,
        since=first_day(since),
    )
    return _begin(resident, "record_care_of", "Care-of address recorded", row, (CARE_OF,), by)
