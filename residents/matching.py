"""How well one resident fits what was typed, and in words why. Additive weights; strong facts outweigh all names together."""

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
class Known:
    """What one candidate is weighed by: rows as plain values, and no confidential address among them."""

    resident: Resident
    phones: list[tuple[str, date | None]] = field(default_factory=list)
    emails: list[tuple[str, date | None]] = field(default_factory=list)
    places: list[tuple[str, str, date | None]] = field(default_factory=list)
    former_names: list[str] = field(default_factory=list)


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


def judge(asked: Asked, known: Known) -> Found:
    """Weigh one candidate. Pure."""
    found = Found(known.resident, asked_words=len(asked.words))
    if asked.reference and asked.reference == known.resident.reference:
        found.add(200, "Reference", strong=True)
    _judge_reach(found, asked, known)
    _judge_birth(found, asked)
    _judge_postcode(found, asked, known)
    if asked.words:
        _judge_words(found, asked.words, known)
    return found


def _judge_reach(found: Found, asked: Asked, known: Known) -> None:
    for number, until in known.phones if asked.phone else ():
        said = "Former phone number" if until else "Phone number"
        if number == asked.phone:
            found.add(60, said, strong=True)
        elif number[-6:] == asked.phone[-6:]:
            found.add(30, f"{said} with the same last six digits", strong=True)
    for address, until in known.emails if asked.email else ():
        if address.casefold() == asked.email:
            found.add(60, "Former email address" if until else "Email address", strong=True)


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


def _judge_postcode(found: Found, asked: Asked, known: Known) -> None:
    for _, postcode, until in known.places if asked.postcode else ():
        if postcode == asked.postcode:
            alone = not found.asked_words
            if until:
                found.add(18, "Former postcode", strong=alone)
            else:
                found.add(25, "Postcode", strong=alone)


def _pool(known: Known) -> list[tuple[str, str, float]]:
    """The words that may be met: of the name, the preferred name, former names and streets, and what each is worth."""
    present = words_of(known.resident.name)
    preferred = [word for word in words_of(known.resident.preferred_name) if word not in present]
    old = {word for name in known.former_names for word in words_of(name)} - set(present) - set(preferred)
    streets = {word for lines, _, _ in known.places for word in words_of(lines)}
    return (
        [(word, "Name", 1.0) for word in present]
        + [(word, "Preferred name", 1.0) for word in preferred]
        + [(word, "Former name", 0.9) for word in sorted(old)]
        + [(word, "Street", 0.7) for word in sorted(streets) if not word.isdigit() and len(word) >= 4]
    )


def _judge_words(found: Found, typed: list[str], known: Known) -> None:
    """Meet each word typed with the word that fits it best, each used once."""
    pool = _pool(known)
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
