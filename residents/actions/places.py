"""Where people live: moving, having no fixed abode, being reached care of someone."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models.functions import Upper
from django.utils import timezone

from accounts.models import User
from ledger import trail
from ledger.versions import save_changes
from residents import chronology
from residents.actions.people import first_day, lock
from residents.models import Address, Resident, ResidentAddress, Tenure, Ward
from residents.places import ward_of, wards_of
from residents.search import write_keys
from residents.written import read_postcode, read_uprn

HOME, CARE_OF, NFA = ResidentAddress.Kind.HOME, ResidentAddress.Kind.CARE_OF, ResidentAddress.Kind.NO_FIXED_ABODE


def read_place(lines: str, postcode: str = "", uprn: str = "") -> Address:
    """The address as a place, not yet looked for among those that are known. Raises ValidationError in words."""
    lines = ", ".join(part.strip(" ,") for part in lines.splitlines() if part.strip(" ,"))
    if not lines:
        raise ValidationError({"lines": "Enter the address: house number and street at least"})
    return Address(
        lines=lines, postcode=_read("postcode", read_postcode, postcode), uprn=_read("uprn", read_uprn, uprn)
    )


def _place(lines: str, postcode: str, uprn: str, ward: Ward | None) -> Address:
    """The address as a place: the one that is known already (to whoever asks), or a new one."""
    place = read_place(lines, postcode, uprn)
    place.ward = ward or ward_of(place.postcode)
    known = Address.objects.filter(
        lines__iexact=place.lines, postcode=place.postcode, uprn=place.uprn, ward=place.ward
    ).first()
    if known is None:
        place.save(force_insert=True)
    return known or place


def settle_places(places: Iterable[Address]) -> dict[tuple[str, ...], Address]:
    """The same of many, by `place_key`. Runs at most four queries."""
    wanted: dict[tuple[str, ...], Address] = {}
    for one in places:
        wanted.setdefault(place_key(one), one)
    wards = wards_of(one.postcode for one in wanted.values())
    for one in wanted.values():
        one.ward = wards.get(one.postcode)
    known = Address.objects.annotate(said=Upper("lines")).filter(
        said__in={one.lines.upper() for one in wanted.values()},
        postcode__in={one.postcode for one in wanted.values()},
    )
    found = {}
    for there in known.order_by("-pk") if wanted else ():
        if (key := place_key(there)) in wanted and there.ward_id == wanted[key].ward_id:
            found[key] = there
    new = {key: one for key, one in wanted.items() if key not in found}
    Address.objects.bulk_create(new.values())
    return found | new


def place_key(place: Address) -> tuple[str, ...]:
    """What is one place for whoever writes it down."""
    return place.lines.upper(), place.postcode, place.uprn


def home_at(
    resident: Resident,
    place: Address,
    *,
    tenure: str = Tenure.UNKNOWN,
    confidential: bool = False,
    safe_to_post: bool = False,
    since: date | None = None,
) -> ResidentAddress:
    """Where somebody lives from a day on, not yet saved."""
    return ResidentAddress(
        resident=resident,
        address=place,
        kind=HOME,
        tenure=tenure,
        confidential=confidential,
        safe_to_post=safe_to_post,
        since=first_day(since),
    )


def said_home(*, first: bool, confidential: bool) -> str:
    """What the story says of a home."""
    if first:
        return "Confidential address recorded" if confidential else "Address recorded"
    return "Moved to a confidential address" if confidential else "Moved to a new address"


def _read(field: str, reader: Callable[[str], str], text: str) -> str:
    """What the reader makes of the text; its refusal goes to the box of the form that was typed into."""
    try:
        return reader(text)
    except ValidationError as refusal:
        raise ValidationError({field: refusal.messages}) from refusal


def is_turn(row: ResidentAddress) -> bool:
    """Whether it matters to the story of a person."""
    return row.kind != CARE_OF


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
    chronology.add(resident, verb, heading, subject=row, by=by, at=timezone.now(), significant=is_turn(row))
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
    by: User | None,
    **said: Any,
) -> ResidentAddress:
    """Record where someone lives from a day on, with what else `home_at` takes; ends where they lived until then."""
    resident = lock(resident)
    row = home_at(resident, _place(lines, postcode, uprn, ward), **said)
    heading = said_home(first=not resident.addresses.exists(), confidential=row.confidential)
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
    safe_to_post: bool = False,
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
        safe_to_post=safe_to_post,
        since=first_day(since),
    )
    return _begin(resident, "record_care_of", "Care-of address recorded", row, (CARE_OF,), by)


@transaction.atomic
def correct_address(
    row: ResidentAddress,
    *,
    seen: int,
    tenure: str,
    since: date,
    lines: str = "",
    postcode: str = "",
    uprn: str = "",
    confidential: bool = False,
    safe_to_post: bool = False,
    by: User | None,
) -> ResidentAddress:
    """Put right what was written of where someone lives or lived. `seen` is the version of the resident. Raises StaleVersion.

    The place itself is never rewritten: others may live there.
    """
    about = [row.resident.reference]
    resident = save_changes(row.resident, seen=seen, by=by, verb="correct_address", about=about)
    row = ResidentAddress.objects.select_for_update(of=("self",)).select_related("address").get(pk=row.pk)
    if row.until and since > row.until:
        raise ValidationError({"since": f"Enter {row.until.day} {row.until:%B %Y} or earlier: they left then"})
    names = ["tenure", "since"]
    row.tenure, row.since = tenure, since
    if row.address:
        row.address = _place(lines, postcode, uprn, None)
        row.confidential, row.safe_to_post = confidential, safe_to_post
        names += ["address", "confidential", "safe_to_post"]
    row.save(update_fields=names)
    trail.record("correct_address", row, by=by, about=about, fields=names)
    chronology.add(resident, "correct_address", "Address corrected", subject=row, by=by, at=timezone.now())
    write_keys(resident)
    return row


@transaction.atomic
def end_address(row: ResidentAddress, *, on: date | None = None, by: User | None) -> ResidentAddress:
    """Say that someone lives (or is reached) there no longer, where nothing new is known; it stays as a former address."""
    resident = lock(row.resident)
    row = ResidentAddress.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if row.until is not None:
        raise ValidationError("This address has ended already.")
    day = first_day(on)
    if day < row.since:
        raise ValidationError(
            {"on": f"Enter {row.since.day} {row.since:%B %Y} or later: they have lived there since then"}
        )
    row.until = day
    row.save(update_fields=["until"])
    trail.record("end_address", row, by=by, about=[resident.reference])
    chronology.add(resident, "end_address", "Address ended", subject=row, by=by, at=timezone.now(), significant=True)
    write_keys(resident)
    return row
