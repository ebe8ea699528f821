"""One search box: what was typed becomes keys, keys become candidates, candidates are judged again one by one.

Candidates come as ids from a definer function; each is then read under the viewer's own rights, so that a hidden person
is not found by any field.
"""

import hashlib
import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations, permutations

from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Count, OuterRef, Prefetch, QuerySet, Subquery, prefetch_related_objects

from accounts.models import User
from ledger import acting, trail
from ledger.references import read_reference
from residents.dates import swapped, take_birth
from residents.matching import Found, Known, judge
from residents.models import (
    Birth,
    EmailAddress,
    Household,
    Membership,
    Phone,
    Resident,
    ResidentAddress,
    SearchKey,
)
from residents.names import MOST_WORDS, skeleton, words_of
from residents.written import POSTCODE, read_phone

MOST_TYPED = 300
MOST_CANDIDATES, MOST_SHOWN = 120, 20
_REFERENCE = re.compile(r"\bCS-?\w{4}-?\w{3}\b", re.IGNORECASE)
_EMAIL = re.compile(r"[^\s@,;]+@[^\s@,;]+\.[^\s@,;]+")
_PHONE = re.compile(
    r"(?<![\w/.-])(?:(?:\+|00?)[\d\s()]{8,17}\d|0\d{2,4}-\d{3,4}-\d{3,4}|\(0\d{2,4}\)[\d\s-]{5,10}\d)(?!\w)"
)
_KEYED = ("phones", "emails", "addresses__address", "events")
# What begins nearly every address says nothing about which one it is.
_ANY_STREET = frozenset(
    [
        "road",
        "street",
        "avenue",
        "lane",
        "close",
        "court",
        "house",
        "flat",
        "drive",
        "way",
        "place",
        "gardens",
        "garden",
        "grove",
        "crescent",
        "the",
        "and",
        "block",
        "room",
    ]
)


@dataclass
class Asked:
    """What someone typed into the box, taken apart."""

    reference: str = ""
    email: str = ""
    phone: str = ""
    postcode: str = ""
    births: list[date] = field(default_factory=list)
    year: int | None = None
    words: list[str] = field(default_factory=list)
    name: str = ""

    def __bool__(self) -> bool:
        return bool(
            self.reference or self.email or self.phone or self.postcode or self.births or self.year or self.words
        )


def read_search(text: str) -> Asked:
    """Take a line apart: reference, e-mail, phone, postcode, date of birth; what is left are names and streets."""
    text = " ".join(text.replace("\x00", " ").split())[:MOST_TYPED]
    asked = Asked()
    if found := _REFERENCE.search(text):
        asked.reference = read_reference(found[0]) or ""
        text = text.replace(found[0], " ")
    if found := _EMAIL.search(text):
        asked.email = found[0].casefold()
        text = text.replace(found[0], " ")
    for found in _PHONE.finditer(text):
        try:
            asked.phone = read_phone(found[0])
        except ValidationError:
            continue
        text = text.replace(found[0], " ")
        break
    if found := POSTCODE.search(text):
        asked.postcode = f"{found[1]} {found[2]}".upper()
        text = text.replace(found[0], " ")
    asked.births, asked.year, text = take_birth(text)
    asked.name = " ".join(text.replace(",", " ").split())
    asked.words = [word for word in dict.fromkeys(words_of(text)) if not word.isdigit()][:MOST_WORDS]
    return asked


# --- keys ---------------------------------------------------------------------------------------------------------


def _name_keys(words: list[str]) -> set[str]:
    """Keys of the words of a name, in any order: alone, by sound, by first letters, and in pairs."""
    words = words[:MOST_WORDS]
    keys = {f"n:{word}" for word in words} | {f"f:{word[:3]}" for word in words if len(word) >= 3}
    sounds = {word: skeleton(word) for word in words}
    keys |= {f"s:{sound}" for sound in sounds.values() if len(sound) >= 2}
    for one, other in combinations(words, 2):
        keys.add("a:" + "+".join(sorted((sounds[one], sounds[other]))))
        keys.add("b:" + "+".join(sorted((one[:3], other[:3]))))
    keys |= {f"i:{one[:1]}+{sounds[other]}" for one, other in permutations(words, 2)}
    return keys


def _birth_keys(born: date | None, birth: str) -> set[str]:
    if born is None:
        return set()
    keys = {f"y:{born.year}"}
    if birth == Birth.FULL or birth == Birth.ESTIMATED:
        keys.add(f"d:{born.isoformat()}")
    if birth == Birth.MONTH:
        keys.add(f"m:{born:%Y-%m}")
    return keys


def street_words(lines: str) -> list[str]:
    """The words of an address that say which street it is."""
    return [word for word in words_of(lines) if len(word) >= 4 and not word.isdigit() and word not in _ANY_STREET][:6]


def _sector(postcode: str) -> str:
    """RM10 7AB lies in sector rm107."""
    return postcode.replace(" ", "").lower()[:-2]


def keys_for(
    *,
    name: str,
    reference: str,
    other_names: Iterable[str] = (),
    born: date | None = None,
    birth: str = Birth.FULL,
    phones: Iterable[str] = (),
    emails: Iterable[str] = (),
    postcodes: Iterable[str] = (),
    lines: Iterable[str] = (),
) -> set[str]:
    """Every key under which a resident is found. Pure: the demonstration borough and imports call it in bulk.

    Leave confidential addresses out: what is hidden on the page must not be found by searching.
    """
    keys = {f"r:{reference}"} | _birth_keys(born, birth)
    names = [words_of(one) for one in (name, *other_names) if one]
    for words in names:
        keys |= _name_keys(words)
    sounds = {skeleton(word) for words in names for word in words[:MOST_WORDS]}
    for number in phones:
        keys |= {f"p:{number}", f"t:{number[-6:]}"}
    keys |= {f"e:{address.casefold()}" for address in emails}
    for postcode in filter(None, postcodes):
        keys.add(f"z:{postcode.replace(' ', '').lower()}")
        keys |= {f"o:{_sector(postcode)}+{sound}" for sound in sounds}
    streets = {word for one in lines for word in street_words(one)}
    keys |= {f"h:{street}+{sound}" for street in streets for sound in sounds}
    return {key[:80] for key in keys}


def asked_keys(asked: Asked) -> list[str]:
    """The keys to look up for what was typed: spellings, swapped days and half-known dates included."""
    keys = _name_keys(asked.words)
    sounds = {skeleton(word) for word in asked.words}
    if asked.reference:
        keys.add(f"r:{asked.reference}")
    if asked.email:
        keys.add(f"e:{asked.email}")
    if asked.phone:
        keys |= {f"p:{asked.phone}", f"t:{asked.phone[-6:]}"}
    if asked.postcode:
        keys.add(f"z:{asked.postcode.replace(' ', '').lower()}")
        keys |= {f"o:{_sector(asked.postcode)}+{sound}" for sound in sounds}
    for day in asked.births:
        for form in filter(None, (day, swapped(day))):
            keys.add(f"d:{form.isoformat()}")
        keys |= {f"m:{day:%Y-%m}", f"y:{day.year}"}
    if asked.year:
        keys.add(f"y:{asked.year}")
    keys |= {f"h:{street}+{skeleton(word)}" for street, word in permutations(asked.words, 2) if len(street) >= 4}
    return sorted(key[:80] for key in keys)


def write_keys(resident: Resident) -> None:
    """Bring the keys of one resident up to date, in the transaction of the change. Runs up to nine queries."""
    wanted = _keys_of(Resident.objects.prefetch_related(*_KEYED).get(pk=resident.pk))
    present = set(SearchKey.objects.filter(resident=resident).values_list("key", flat=True))
    if gone := present - wanted:
        SearchKey.objects.filter(resident=resident, key__in=gone).delete()
    SearchKey.objects.bulk_create(
        [SearchKey(key=key, resident=resident) for key in sorted(wanted - present)], ignore_conflicts=True
    )


def _keys_of(resident: Resident) -> set[str]:
    places = [one for one in resident.addresses.all() if one.address and not one.confidential]
    events = resident.events.all()  # type: ignore[attr-defined]
    return keys_for(
        name=resident.name,
        reference=resident.reference,
        other_names={resident.preferred_name} | {old for event in events for old in (event.name, event.preferred_name)},
        born=resident.born_on,
        birth=resident.birth,
        phones=[phone.number for phone in resident.phones.all()],
        emails=[email.address for email in resident.emails.all()],
        postcodes=[place.address.postcode for place in places if place.address],
        lines=[place.address.lines for place in places if place.address],
    )


def rebuild_keys(residents: QuerySet[Resident]) -> int:
    """Write all keys of these residents afresh, 500 people at a time. Returns how many keys there are."""
    total = 0
    for batch in _batches(residents.order_by("pk"), 500):
        rows = [SearchKey(key=key, resident=person) for person in batch for key in sorted(_keys_of(person))]
        SearchKey.objects.filter(resident__in=batch).delete()
        SearchKey.objects.bulk_create(rows, ignore_conflicts=True, batch_size=5000)
        total += len(rows)
    return total


def _batches(residents: QuerySet[Resident], size: int) -> Iterable[list[Resident]]:
    last = 0
    related = residents.prefetch_related(*_KEYED)
    while batch := list(related.filter(pk__gt=last)[:size]):
        yield batch
        last = batch[-1].pk


# --- finding ------------------------------------------------------------------------------------------------------


def find(text: str, *, by: User) -> list[Found]:
    """The residents that the person may see and that fit what was typed, best first, each with the reasons.

    Writes one entry in the trail, without words. Runs at most eight queries.
    """
    asked = read_search(text)
    found = _judged(asked, by) if asked else []
    trail.record("search", kind="residents.Resident", by=by, fields=_hashed(asked), why=f"{len(found)} found")
    return found


def _judged(asked: Asked, by: User) -> list[Found]:
    ids = _candidates(asked_keys(asked))
    if not ids:
        return []
    people = {one.pk: one for one in Resident.objects.visible_to(by).filter(pk__in=ids)}
    found = [judge(asked, known) for known in _known(asked, people)]
    kept = sorted((one for one in found if one.fits), key=lambda one: (-one.score, one.resident.name))[:MOST_SHOWN]
    places = ResidentAddress.objects.select_related("address__ward")
    prefetch_related_objects([one.resident for one in kept], Prefetch("addresses", places))
    _count_households(kept, by)
    return kept


def _known(asked: Asked, people: dict[int, Resident]) -> Iterable[Known]:
    """What each candidate is weighed by, read as plain values: half the time of a search went into building objects.

    Runs up to four queries, and only those that the words typed can meet.
    """
    known = {key: Known(resident) for key, resident in people.items()}
    here = {"resident__in": known}
    if asked.phone:
        for key, number, until in Phone.objects.filter(**here).values_list("resident", "number", "until"):
            known[key].phones.append((number, until))
    if asked.email:
        for key, address, until in EmailAddress.objects.filter(**here).values_list("resident", "address", "until"):
            known[key].emails.append((address, until))
    if asked.postcode or asked.words:
        places = ResidentAddress.objects.filter(confidential=False, address__isnull=False, **here)
        for key, *place in places.values_list("resident", "address__lines", "address__postcode", "until"):
            known[key].places.append((place[0], place[1], place[2]))
    if asked.words:
        events = Resident.events.rel.related_model.objects.filter(pgh_obj__in=known)  # type: ignore[attr-defined]
        for key, name, preferred in events.values_list("pgh_obj", "name", "preferred_name").distinct():
            known[key].former_names += [name, preferred]
    return known.values()


def _candidates(keys: list[str]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT acting.find_residents(%s, %s)", [keys, MOST_CANDIDATES])
        return [row[0] for row in cursor.fetchall()]


def _count_households(found: list[Found], by: User) -> None:
    """Say how many live together, of those that the person may see. Runs one query."""
    together = (
        Membership.objects.filter(household=OuterRef("household"), until=None)
        .order_by()
        .values("household")
        .annotate(people=Count("pk"))
    )
    rows = Membership.objects.filter(
        resident__in=[one.resident.pk for one in found], until=None, household__in=Household.objects.visible_to(by)
    ).annotate(people=Subquery(together.values("people")))
    counts = {row.resident_id: row.people for row in rows}
    for one in found:
        one.household_size = counts.get(one.resident.pk, 0)


def _hashed(asked: Asked) -> list[str]:
    """The terms as keyed digests: equal searches can be told, words cannot be read back without our key."""
    terms = {
        "reference": [asked.reference], "email": [asked.email], "phone": [asked.phone], "postcode": [asked.postcode],
        "born": [day.isoformat() for day in asked.births], "year": [str(asked.year or "")], "name": asked.words,
    }  # fmt: skip
    key = hashlib.sha256(b"search-terms:" + acting.signing_key()).digest()
    return [
        f"{kind}:{hmac.new(key, term.encode(), hashlib.sha256).hexdigest()[:16]}"
        for kind, all_terms in terms.items()
        for term in all_terms
        if term
    ]
