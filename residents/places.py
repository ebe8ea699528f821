"""What is known of a postcode: its ward, and the addresses that whoever asks may know of."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.core import signing
from django.db.models import F

from accounts.models import User
from residents.lookup import LookupFailed, look_up
from residents.models import Address, PostcodeWard, ResidentAddress, Ward

MOST_KNOWN = 60
SALT = "residents.places"


@dataclass(frozen=True)
class Choice:
    """An address to choose; `value` is what a form carries and brings back."""

    lines: str
    postcode: str
    uprn: str

    @property
    def value(self) -> str:
        """Signed, so that a page can carry it and nothing need be asked for twice."""
        return signing.dumps([self.lines, self.postcode, self.uprn], salt=SALT, compress=True)


def read_choice(value: str) -> Choice | None:
    """The address that a form brought back; None where nobody here wrote it."""
    try:
        lines, postcode, uprn = signing.loads(value, salt=SALT, max_age=86_400)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return Choice(lines, postcode, uprn)


def addresses_at(postcode: str, *, by: User) -> tuple[list[Choice], bool]:
    """Addresses of a postcode: those on records that the person may know, then those of the look-up. And whether that answered.

    Confidential addresses are left out for everybody: somebody who works there knows it by heart, nobody else is to choose it.
    """
    lived = ResidentAddress.objects.visible_to(by).filter(confidential=False, address__postcode=postcode)
    known = Address.objects.filter(pk__in=lived.values("address")).order_by("lines")[:MOST_KNOWN]
    found = [Choice(one.lines, one.postcode, one.uprn) for one in known]
    try:
        outside, answered = look_up(postcode), True
    except LookupFailed:
        outside, answered = [], False
    uprns, lines = {one.uprn for one in found if one.uprn}, {one.lines.casefold() for one in found}
    new = [one for one in outside if one.uprn not in uprns and one.lines.casefold() not in lines]
    return sorted([*found, *(Choice(one.lines, postcode, one.uprn) for one in new)], key=_as_walked), answered


def _as_walked(one: Choice) -> tuple[str, list[int], str]:
    """Street by street, and by number in each: 2 before 10, and the flats of a house together."""
    numbers = [int(number) for number in re.findall(r"\d{1,6}", one.lines)]
    street = re.sub(r"\d+\w?|\bflat\b|[^\w\s]", "", one.lines, flags=re.IGNORECASE)
    return " ".join(street.casefold().split()), numbers[::-1], one.lines


def ward_of(postcode: str) -> Ward | None:
    """The ward of a postcode by the file that was loaded; where it is silent, the one ward of all addresses known there."""
    return wards_of([postcode]).get(postcode)


def wards_of(postcodes: Iterable[str]) -> dict[str, Ward]:
    """The same for many; a postcode whose ward is not known is left out. Runs at most two queries."""
    wanted = {one for one in postcodes if one}
    rows = PostcodeWard.objects.filter(postcode__in=wanted).select_related("ward") if wanted else ()
    found = {row.postcode: row.ward for row in rows}
    if not (rest := wanted - set(found)):
        return found
    known: dict[str, set[Ward]] = defaultdict(set)
    told = Ward.objects.filter(until=None, addresses__postcode__in=rest).annotate(at=F("addresses__postcode"))
    for ward in told.distinct():
        known[ward.at].add(ward)  # type: ignore[attr-defined]
    return found | {postcode: wards.pop() for postcode, wards in known.items() if len(wards) == 1}
