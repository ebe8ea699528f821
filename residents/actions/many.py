"""Records of many people begun at once, as a file of people wants it: by the parts of the verbs for one, in a few statements for all."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import models, transaction

from accounts.models import User
from ledger import trail
from ledger.references import draw_unused
from residents import chronology
from residents.actions.contact_points import EMAIL_ADDED, PHONE_ADDED, email_of, phone_of
from residents.actions.people import BEGUN, begin_person, tell_restricted_twins
from residents.actions.places import home_at, is_turn, place_key, read_place, said_home, settle_places
from residents.models import Address, ChronologyEntry, EmailAddress, Phone, Resident, ResidentAddress
from residents.search import rebuild_keys


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A person who is not on record yet: what `begin_person` takes, and `phone_of`, `email_of`, `read_place` where it is known."""

    details: dict[str, Any]
    phone: dict[str, Any] = field(default_factory=dict)
    email: dict[str, Any] = field(default_factory=dict)
    place: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class _Told:
    """What is written down of each row, in the order of the verbs for one person."""

    verb: str
    heading: str
    person: Resident
    row: models.Model
    significant: bool = False


@transaction.atomic
def register_residents(newcomers: Sequence[Newcomer], *, by: User | None, at: datetime) -> list[Resident]:
    """Begin a record of each, in their order. Raises ValidationError in words, and IntegrityError where a fresh reference was
    taken meanwhile: nothing of any is written then. Whoever calls has them compared with everybody."""
    people = [begin_person(**one.details, by=by, at=at) for one in newcomers]
    draw_unused(people)
    Resident.objects.bulk_create(people)
    pairs = list(zip(people, newcomers, strict=True))
    told = [_Told("register_resident", BEGUN, person, person) for person in people]
    told += _add_reach(pairs)
    told += _add_homes(pairs)
    order = {person.pk: place for place, person in enumerate(people)}
    told.sort(key=lambda one: order[one.person.pk])
    ChronologyEntry.objects.bulk_create(
        chronology.line(one.person, one.verb, one.heading, subject=one.row, by=by, at=at, significant=one.significant)
        for one in told
    )
    trail.record_many(((one.verb, one.row, [one.person.reference]) for one in told), by=by)
    rebuild_keys(Resident.objects.filter(pk__in=list(order)))
    tell_restricted_twins(people, at=at)
    return people


def _add_reach(pairs: Sequence[tuple[Resident, Newcomer]]) -> list[_Told]:
    phones = [phone_of(person, **one.phone) for person, one in pairs if one.phone]
    emails = [email_of(person, **one.email) for person, one in pairs if one.email]
    Phone.objects.bulk_create(phones)
    EmailAddress.objects.bulk_create(emails)
    return [_Told("add_phone", PHONE_ADDED, one.resident, one) for one in phones] + [
        _Told("add_email", EMAIL_ADDED, one.resident, one) for one in emails
    ]


def _add_homes(pairs: Sequence[tuple[Resident, Newcomer]]) -> list[_Told]:
    read: list[tuple[Resident, Address, Any]] = [
        (person, read_place(one.place["lines"], one.place.get("postcode", ""), one.place.get("uprn", "")), one.place.get("since"))
        for person, one in pairs
        if one.place
    ]  # fmt: skip
    places = settle_places(place for _, place, _ in read)
    homes = [home_at(person, places[place_key(place)], since=since) for person, place, since in read]
    ResidentAddress.objects.bulk_create(homes)
    return [
        _Told("move_to", said_home(first=True, confidential=one.confidential), one.resident, one, is_turn(one))
        for one in homes
    ]
