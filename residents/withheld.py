"""What leaves the council about an alleged perpetrator says nothing by which whom they are alleged to harm could be named or found."""

import re
from collections.abc import Iterator, Mapping

from django.db.models import Q, QuerySet

from ledger.acting import reading_as_system
from residents.models import Membership, Relationship, Resident
from residents.names import words_of

WITHHELD = "[not shared]"
SHORT = 3  # shorter words of a name are in too many others
BETWEEN = r"[\s().-]*"


def without_victims(resident: Resident, said: Mapping[str, str]) -> dict[str, str]:
    """The same texts, with names, numbers and addresses of alleged victims taken out; a line of `contact` goes as a whole.

    Of somebody who stands beside the wall (a child of both) names stay: who brings them is often the point. Where the victim is does not.
    Runs one query as the system, and five more where there is somebody.
    """
    with reading_as_system("system:residents"):
        rows = [row for row in _alleged(resident) if row.first_id == resident.pk or _leads_on(resident, row)]
        people = Resident.objects.prefetch_related("phones", "emails", "addresses__address", "merged_here")
        known = people.in_bulk({pk for row in rows for pk in (row.first_id, row.second_id)}) if rows else {}
    patterns = [pattern for row in rows for pattern in _patterns(known[row.second_id], known[row.first_id], resident)]
    if not patterns:
        return dict(said)
    anything = re.compile("|".join(patterns), re.IGNORECASE)
    return {kind: _without(kind, text, anything) for kind, text in said.items()}


def _alleged(resident: Resident) -> QuerySet[Relationship]:
    """Whom this person, or anybody they are related to or live or lived with, is alleged to harm; not themselves."""
    ties = Relationship.objects.filter(Q(first=resident) | Q(second=resident), mistaken=False)
    lived = Membership.objects.filter(household__memberships__resident=resident)
    near = (
        Q(first__in=ties.values("first")) | Q(first__in=ties.values("second")) | Q(first__in=lived.values("resident"))
    )
    rows = Relationship.objects.filter(kind=Relationship.Kind.ALLEGED, until=None).exclude(second=resident)
    return rows.filter(Q(first=resident) | near)


def _leads_on(resident: Resident, row: Relationship) -> bool:
    """Whether the person stands beside this wall: not a victim of the same who has left them (see migration 0017)."""
    harmed = Relationship.objects.filter(kind=row.kind, until=None, first=row.first_id, second=resident)
    return not harmed.exists() or (_together(resident.pk, row.first_id) and not _together(row.second_id, row.first_id))


def _together(one: int, other: int) -> bool:
    there = {"household__memberships__resident": other, "household__memberships__until": None}
    return Membership.objects.filter(resident=one, until=None, **there).exists()


def _without(kind: str, text: str, anything: re.Pattern[str]) -> str:
    if kind == "name":
        return text
    if kind == "contact":
        return "\n".join(line for line in text.splitlines() if not anything.search(line))
    return anything.sub(WITHHELD, text)


def _patterns(victim: Resident, perpetrator: Resident, about: Resident) -> Iterator[str]:
    """What would name the victim, or say where they are; words of the perpetrator's own name stay, and where they live."""
    if about.pk == perpetrator.pk:
        yield from _names(victim, perpetrator)
    for phone in victim.phones.all():
        digits = re.sub(r"\D", "", phone.number).removeprefix("44")
        yield r"(?:\+?44|0)?" + BETWEEN + BETWEEN.join(digits)
    for email in victim.emails.all():
        yield re.escape(email.address)
    own = {place.address_id for place in perpetrator.addresses.all() if place.until is None}
    for place in victim.addresses.all():
        if place.address and place.address_id not in own:
            yield re.escape(place.address.lines)
            if place.address.postcode:
                yield r"\s*".join(re.escape(part) for part in place.address.postcode.split())


def _names(victim: Resident, perpetrator: Resident) -> Iterator[str]:
    mine = set(words_of(f"{perpetrator.name} {perpetrator.preferred_name}"))
    merged = [name for one in victim.merged_here.all() for name in (one.name, one.preferred_name)]
    for name in dict.fromkeys(filter(None, (victim.name, victim.preferred_name, *merged))):
        yield rf"\b{re.escape(name)}\b"
        for word in re.findall(r"[^\W\d_][\w'’-]*", name):
            if len(word) >= SHORT and not set(words_of(word)) & mine:
                yield rf"\b{re.escape(word)}\b"
