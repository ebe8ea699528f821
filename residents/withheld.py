"""What leaves the council about an alleged perpetrator says nothing by which whom they are alleged to harm could be named or found."""

import re
from collections.abc import Iterator, Mapping

from ledger.acting import reading_as_system
from residents.models import Relationship, Resident
from residents.names import words_of

WITHHELD = "[not shared]"
SHORT = 3  # shorter words of a name are in too many others
BETWEEN = r"[\s().-]*"


def without_victims(resident: Resident, said: Mapping[str, str]) -> dict[str, str]:
    """The same texts, with names, numbers and addresses of alleged victims taken out; a line of `contact` goes as a whole.

    Runs one query as the system, and five more where there is somebody.
    """
    with reading_as_system("system:residents"):
        rows = Relationship.objects.filter(first=resident, kind=Relationship.Kind.ALLEGED, until=None)
        victims = list(
            Resident.objects.filter(ties_as_second__in=rows).prefetch_related(
                "phones", "emails", "addresses__address", "merged_here"
            )
        )
        own = {str(one.address_id) for one in resident.addresses.filter(until=None)} if victims else set()
    patterns = [pattern for one in victims for pattern in _patterns(one, resident, own)]
    if not patterns:
        return dict(said)
    anything = re.compile("|".join(patterns), re.IGNORECASE)
    return {kind: _without(kind, text, anything) for kind, text in said.items()}


def _without(kind: str, text: str, anything: re.Pattern[str]) -> str:
    if kind == "name":
        return text
    if kind == "contact":
        return "\n".join(line for line in text.splitlines() if not anything.search(line))
    return anything.sub(WITHHELD, text)


def _patterns(victim: Resident, resident: Resident, own: set[str]) -> Iterator[str]:
    """What would name the victim, or say where they are; words of the resident's own name stay."""
    mine = set(words_of(f"{resident.name} {resident.preferred_name}"))
    merged = [name for one in victim.merged_here.all() for name in (one.name, one.preferred_name)]
    for name in dict.fromkeys(filter(None, (victim.name, victim.preferred_name, *merged))):
        yield rf"\b{re.escape(name)}\b"
        for word in re.findall(r"[^\W\d_][\w'’-]*", name):
            if len(word) >= SHORT and not set(words_of(word)) & mine:
                yield rf"\b{re.escape(word)}\b"
    for phone in victim.phones.all():
        digits = re.sub(r"\D", "", phone.number).removeprefix("44")
        yield r"(?:\+?44|0)?" + BETWEEN + BETWEEN.join(digits)
    for email in victim.emails.all():
        yield re.escape(email.address)
    for place in victim.addresses.all():
        if place.address and str(place.address_id) not in own:
            yield re.escape(place.address.lines)
            if place.address.postcode:
                yield r"\s*".join(re.escape(part) for part in place.address.postcode.split())
