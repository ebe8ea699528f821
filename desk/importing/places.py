"""Rows of address: where residents live and lived, each with its days. Who shares an address is not taken for a household."""

from collections.abc import Iterable, Sequence
from datetime import time

from accounts.working_time import at_local
from desk.importing.job import Candidate, Job, Kind, digest, same_person
from intake.extract.rows import Place
from intake.extract.values import Refused
from ledger import trail
from residents import chronology
from residents.models import Address, ChronologyEntry, Resident, ResidentAddress, Tenure
from residents.search import rebuild_keys, write_keys

HOME, NFA = ResidentAddress.Kind.HOME, ResidentAddress.Kind.NO_FIXED_ABODE


def make_places(job: Job, fresh: Sequence[Candidate]) -> list[int]:
    """Addresses as the extract dates them; a place that is known already is not written twice."""
    people = job.residents(one.value.person for one in fresh)
    addresses = _addresses(one.value for one in fresh)
    rows = [_row(one.value, people[one.value.person], addresses) for one in fresh]
    ResidentAddress.objects.bulk_create(rows, batch_size=1000)
    lines = [
        chronology.line(
            row.resident,
            "move_to" if row.address else "record_no_fixed_abode",
            _heading(row),
            subject=row,
            at=min(at_local(row.since, time(0)), job.now),
            written_at=job.now,
            significant=row.until is None,
        )
        for row in rows
    ]
    ChronologyEntry.objects.bulk_create(lines, batch_size=1000)
    rebuild_keys(Resident.objects.filter(pk__in={row.resident_id for row in rows}))
    trail.record_many(
        ("move_to" if row.address else "record_no_fixed_abode", row, [row.resident.reference]) for row in rows
    )
    return [row.pk for row in rows]


def _addresses(places: Iterable[Place]) -> dict[tuple[str, str, str], Address]:
    """The address of each place: known to the record, or made now."""
    wanted = {_key(place): place for place in places if place.lines}
    codes = sorted({place.postcode for place in wanted.values()})
    known = Address.objects.filter(postcode__in=codes, ward=None) if codes else Address.objects.none()
    found = {(one.lines.casefold(), one.postcode, one.uprn): one for one in known}
    made = {
        key: Address(lines=place.lines, postcode=place.postcode, uprn=place.uprn)
        for key, place in wanted.items()
        if key not in found
    }
    Address.objects.bulk_create(made.values(), batch_size=1000)
    return found | made


def _key(place: Place) -> tuple[str, str, str]:
    return place.lines.casefold(), place.postcode, place.uprn


def _row(place: Place, resident: Resident, addresses: dict[tuple[str, str, str], Address]) -> ResidentAddress:
    return ResidentAddress(
        resident=resident,
        address=addresses[_key(place)] if place.lines else None,
        kind=HOME if place.lines else NFA,
        tenure=Tenure.UNKNOWN if place.lines else Tenure.NONE,
        confidential=place.confidential,
        since=place.since,
        until=place.until,
    )


def _heading(row: ResidentAddress) -> str:
    if row.address is None:
        return "No fixed abode"
    return "Confidential address recorded" if row.confidential else "Address recorded"


def places_now(ids: Sequence[int]) -> dict[int, str]:
    """What the import wrote of each address, as it stands."""
    rows = ResidentAddress.objects.filter(pk__in=ids).select_related("address")
    return {row.pk: _digest(row) for row in rows}


def _digest(row: ResidentAddress) -> str:
    place = (row.address.lines, row.address.postcode, row.address.uprn) if row.address else ()
    return digest(row.resident_id, place, row.kind, row.care_of, row.tenure, row.confidential, row.since, row.until)


def may_change_place(job: Job, one: Candidate) -> None:
    """An address stays with its person."""
    same_person(_found(one).resident_id, job, one.value.person)


def change_place(job: Job, one: Candidate) -> None:
    """Bring an address and its days up to date with the extract."""
    row, place = _found(one), one.value
    new = _row(place, row.resident, _addresses([place]))
    changed = [
        name
        for name in ("address_id", "kind", "tenure", "confidential", "since", "until")
        if getattr(row, name) != getattr(new, name)
    ]
    for name in changed:
        setattr(row, name, getattr(new, name))
    row.save(update_fields=[name.removesuffix("_id") for name in changed])
    trail.record("correct_address", row, about=[row.resident.reference], fields=changed)
    heading = "Address corrected in the system that it came from"
    chronology.add(row.resident, "correct_address", heading, subject=row, by=None, at=job.now)
    write_keys(row.resident)


def _found(one: Candidate) -> ResidentAddress:
    row = ResidentAddress.objects.select_related("resident").filter(pk=one.known.our_id).first()  # type: ignore[union-attr]
    if row is None:
        raise Refused("what it became here is not there any more")
    return row


PLACES = Kind(ResidentAddress._meta.label, make_places, places_now, may_change_place, change_place)
