"""How well one resident fits what was typed, and in words why. Additive weights; strong facts outweigh all names together."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from rapidfuzz.fuzz import ratio

from residents.dates import swapped
from residents.models import Birth, Resident, ResidentAddress
from residents.names import skeleton, words_of

NAME, SURE = 40.0, 45.0
FITS_BY_NAME = 0.6  # of the words typed, how many must be met


class Asked(Protocol):
    """What was typed, taken apart (see `search.read_search`)."""

    reference: str
    email: str
    phone: str
    postcode: str
    births: list[date]
    year: int | None
    words: list[str]


@dataclass
class Found:
    """One resident that fits, how well, and why."""

    resident: Resident
    score: float = 0.0
    why: list[str] = field(default_factory=list)
    strong: bool = False
    named: float = 0.0
    household_size: int = 0
    asked_words: int = 0

    @property
    def fits(self) -> bool:
        """Whether to show the person: a strong fact agrees, or enough of the name does."""
        if self.asked_words and not self.strong:
            return self.named >= FITS_BY_NAME
        return self.strong or self.score > 0

    def add(self, weight: float, why: str, *, strong: bool = False) -> None:
        """Count one fact that agrees."""
        self.score += weight
        self.strong = self.strong or strong
        if why not in self.why:
            self.why.append(why)


def home_of(resident: Resident) -> ResidentAddress | None:
    """Where they live now: the present home or no fixed abode, before a care-of address. Uses what was prefetched."""
    present = [one for one in resident.addresses.all() if one.until is None]
    return min(present, key=lambda one: one.kind == ResidentAddress.Kind.CARE_OF, default=None)


def judge(asked: Asked, resident: Resident) -> Found:
    """Weigh one candidate. Needs phones, emails, addresses and events prefetched; runs no query."""
    found = Found(resident, asked_words=len(asked.words))
    if asked.reference and asked.reference == resident.reference:
        found.add(200, "Reference", strong=True)
    _judge_reach(found, asked)
    _judge_birth(found, asked)
    places = [one for one in resident.addresses.all() if one.address and not one.confidential]
    _judge_postcode(found, asked, places)
    if asked.words:
        _judge_words(found, asked.words, places)
    return found


def _judge_reach(found: Found, asked: Asked) -> None:
    for phone in found.resident.phones.all() if asked.phone else ():
        former = "Former phone number" if phone.until else "Phone number"
        if phone.number == asked.phone:
            found.add(60, former, strong=True)
        elif phone.number[-6:] == asked.phone[-6:]:
            found.add(30, f"{former} with the same last six digits", strong=True)
    for email in found.resident.emails.all() if asked.email else ():
        if email.address.casefold() == asked.email:
            found.add(60, "Former email address" if email.until else "Email address", strong=True)


def _judge_birth(found: Found, asked: Asked) -> None:
    born, birth = found.resident.born_on, found.resident.birth
    if born is None or not (asked.births or asked.year):
        return
    if asked.year:
        if born.year == asked.year:
            found.add(12, "Year of birth")
        return
    if birth in (Birth.FULL, Birth.ESTIMATED):
        if born in asked.births:
            found.add(SURE, "Date of birth", strong=True)
        elif any(swapped(day) == born for day in asked.births):
            found.add(36, "Date of birth with day and month swapped", strong=True)
        else:
            found.score -= 12
    elif birth == Birth.MONTH and any((day.year, day.month) == (born.year, born.month) for day in asked.births):
        found.add(25, "Month and year of birth", strong=not found.asked_words)
    elif birth == Birth.YEAR and any(day.year == born.year for day in asked.births):
        found.add(14, "Year of birth", strong=not found.asked_words)


def _judge_postcode(found: Found, asked: Asked, places: Iterable[ResidentAddress]) -> None:
    for place in places if asked.postcode else ():
        if place.address and place.address.postcode == asked.postcode:
            alone = not found.asked_words
            if place.until:
                found.add(18, "Former postcode", strong=alone)
            else:
                found.add(25, "Postcode", strong=alone)


def _judge_words(found: Found, typed: list[str], places: Iterable[ResidentAddress]) -> None:
    """Meet each word typed with the word of a name, a former name or a street that fits it best, each used once."""
    resident = found.resident
    present = words_of(resident.name)
    preferred = [word for word in words_of(resident.preferred_name) if word not in present]
    old = {word for event in resident.events.all() for word in words_of(f"{event.name} {event.preferred_name}")}  # type: ignore[attr-defined]
    streets = {word for place in places if place.address for word in words_of(place.address.lines)}
    pool = (
        [(word, "Name", 1.0) for word in present]
        + [(word, "Preferred name", 1.0) for word in preferred]
        + [(word, "Former name", 0.9) for word in old - set(present) - set(preferred)]
        + [(word, "Street", 0.7) for word in streets if not word.isdigit() and len(word) >= 4]
    )
    pairs = sorted(
        ((score * part, word, one, kind, how) for word in typed for one, kind, part in pool if (said := _alike(word, one, kind)) for score, how in [said]),
        key=lambda pair: -pair[0],
    )  # fmt: skip
    met: dict[str, float] = {}
    used: set[tuple[str, str]] = set()
    for score, word, one, kind, how in pairs:
        if word in met or (one, kind) in used:
            continue
        met[word] = score
        used.add((one, kind))
        if kind != "Street":
            found.named += 1 / len(typed)
        found.add(0, kind + how)
    if met and any(kind != "Street" for _, kind in used):
        found.named = sum(1 for _ in met) / len(typed)
    found.score += NAME * sum(met.values()) / len(typed)


def _alike(typed: str, word: str, kind: str) -> tuple[float, str] | None:
    """How alike two folded words are, from 0 to 1, and how to say so; None when they are not."""
    if typed == word:
        return 1.0, ""
    if kind == "Street":
        return (0.8, "") if len(typed) >= 4 and word.startswith(typed) else None
    sound = skeleton(typed)
    if len(sound) >= 2 and sound == skeleton(word):
        return 0.85, " that sounds alike"
    if word.startswith(typed):
        return (0.8 if len(typed) >= 3 else 0.6), " that begins so"
    near = ratio(typed, word) / 100
    if len(typed) >= 4 and near >= 0.72:
        return 0.85 * near, " spelt nearly so"
    return None
