"""How the facts of two people compare: each fact on a level, the same, a slip, different. Pure functions; `likeness` weighs the levels."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance.JaroWinkler import similarity
from rapidfuzz.distance.OSA import distance
from rapidfuzz.fuzz import ratio

from residents.keys import doors, street_words
from residents.names import MOST_WORDS, same_name, skeleton, words_of

MOST_NAMES = 4
ALIKE = 0.9


@dataclass(slots=True)
class Facts:
    """What is known of one person, folded for comparing. Built by `facts_of`."""

    names: tuple[tuple[str, ...], ...]
    born: str  # 19840517, 198405 or 1984
    doors: frozenset[str]
    numbers: frozenset[str]
    streets: frozenset[str]
    postcodes: frozenset[str]
    phones: frozenset[str]
    emails: frozenset[str]
    nhs: str
    households: frozenset[int]
    lines: str = ""


class Levels(NamedTuple):
    """How each fact of two people compares, in the words of `weights.LEVELS`."""

    given: str
    family: str
    order: str
    born: str
    home: str
    phone: str
    email: str
    nhs: str
    household: str
    lines: str = "none"


def facts_of(
    *,
    name: str,
    other_names: Iterable[str] = (),
    born: date | None = None,
    birth: str = "full",
    places: Iterable[tuple[str, str]] = (),
    phones: Iterable[str] = (),
    emails: Iterable[str] = (),
    nhs: str = "",
    households: Iterable[int] = (),
) -> Facts:
    """The facts of one person: `places` are lines and postcode, present and former; `birth` as `Birth` has it.

    Leave confidential addresses out: a reason must not tell what the page hides.
    """
    spoken = dict.fromkeys(tuple(words_of(one)[:MOST_WORDS]) for one in (name, *other_names) if one)
    day = ""
    if born:
        day = born.isoformat().replace("-", "")[: 8 if birth in ("full", "estimated") else 6 if birth == "month" else 4]
    places = list(places)
    homes = [_place(lines, postcode) for lines, postcode in places]
    doors_, numbers, streets, postcodes = (
        homes[0] if len(homes) == 1 else (frozenset().union(*(home[at] for home in homes)) for at in range(4))
    )
    return Facts(
        tuple(words for words in spoken if words)[:MOST_NAMES] or (("",),),
        day,
        doors_,
        numbers,
        streets,
        postcodes,
        frozenset(phones),
        frozenset(one.casefold() for one in emails),
        nhs,
        frozenset(households),
        places[0][0].casefold() if len(places) == 1 else "",
    )


_WAYS = frozenset(
    ("circuit", "parade", "terrace", "square", "mews", "hill", "rise", "walk", "estate", "circus", "view")
)


@lru_cache(maxsize=100_000)
def _place(lines: str, postcode: str) -> tuple[frozenset[str], ...]:
    """Doors, numbers, streets and postcode of one address. Remembered: households share theirs."""
    numbers = (word for word in words_of(lines) if word[0].isdigit() and len(word) <= 5)
    streets = (skeleton(word) for word in street_words(lines) if word not in _WAYS)
    short = postcode.replace(" ", "").lower()
    return frozenset(doors(lines)), frozenset(numbers), frozenset(streets), frozenset((short,) if short else ())


# --- levels -------------------------------------------------------------------------------------------------------

_words_alike: dict[tuple[str, str], str] = {}
MOST_REMEMBERED = 400_000


def alike(one: str, other: str) -> str:
    """How two folded words of names compare: same, sound, slip, initial or other. Remembered for each pair of words."""
    if one == other:
        return "same" if one else "none"
    found = _words_alike.get((one, other))
    if found is None:
        if len(_words_alike) > MOST_REMEMBERED:
            _words_alike.clear()
        found = _words_alike[one, other] = _compared(one, other)
    return found


def _compared(one: str, other: str) -> str:
    if not one or not other:
        return "none"
    if len(one) == 1 or len(other) == 1:
        return "initial" if one[0] == other[0] else "other"
    sound = skeleton(one)
    if (len(sound) >= 2 and sound == skeleton(other)) or same_name(one, other):
        return "sound"
    if distance(one, other, score_cutoff=1) <= 1 and min(len(one), len(other)) >= 4:
        return "slip"
    return "slip" if similarity(one, other) >= ALIKE else "other"


AGREE = frozenset(("same", "sound", "slip"))
_RANK = {"same": 6, "sound": 5, "slip": 4, "part": 3, "first": 2, "initial": 2, "none": 1, "other": 0}


def _names(one: Sequence[str], other: Sequence[str]) -> tuple[str, str, str, str, str]:
    """Levels of given and family name and of their order, and the words that agree."""
    given, family = alike(one[0], other[0]), "none"
    word, kin = one[0], ""
    if len(one) > 1 and len(other) > 1:
        kin = one[-1]
        family = alike(kin, other[-1])
        if given not in AGREE and family not in AGREE:
            crossed, back = alike(one[0], other[-1]), alike(one[-1], other[0])
            if crossed in AGREE or back in AGREE:
                return crossed, back, "crossed", word, kin
    middle, others = one[1:-1], other[1:-1]
    if given == "same":
        if middle and others and middle != others and not _any_alike(middle, others):
            given = "first"  # Mohammed Tariq and Mohammed Bilal: what comes first is no more than a form
        elif (others and not middle) or (middle and not others):
            given = "part"
    elif given == "other" and (middle or others):
        shared = _shared((*one[:1], *middle), (*other[:1], *others))
        given, word = ("part", shared) if shared else (given, word)
    if family == "other":
        shared = _shared((*middle, kin), (*others, other[-1]))
        family, kin = ("part", shared) if shared else (family, kin)
    elif family == "none" and len(one) != len(other) and given == "other":
        shared = _shared(one, other)
        given, word = ("part", shared) if shared else (given, word)
    return given, family, "straight", word, kin


def _any_alike(some: Sequence[str], others: Sequence[str]) -> bool:
    return any(alike(one, other) != "other" for one in some for other in others)


def _shared(some: Sequence[str], others: Sequence[str]) -> str:
    """The first word of one list that agrees with any of the other."""
    for one in some:
        for other in others:
            if alike(one, other) in AGREE:
                return one
    return ""


def _best_names(one: Facts, other: Facts) -> tuple[str, str, str, str, str]:
    if len(one.names) == 1 and len(other.names) == 1:
        return _names(one.names[0], other.names[0])
    every = [_names(mine, theirs) for mine in one.names for theirs in other.names]
    return max(every, key=lambda found: _RANK[found[0]] + _RANK[found[1]])


def _born(one: str, other: str) -> str:
    if not one or not other:
        return "none"
    if one == other:
        return "same" if len(one) == 8 else "part"
    if len(one) < 8 or len(other) < 8:
        known = min(len(one), len(other))
        return "part" if one[:known] == other[:known] else _apart(one, other)
    year = one[:4] == other[:4]
    if year and one[4:6] == other[6:] and one[6:] == other[4:6]:
        return "swapped"
    if distance(one, other, score_cutoff=1) <= 1:
        return "slip"
    if year and ("0101" in (one[4:], other[4:])):
        return "part"
    if (year + (one[4:6] == other[4:6]) + (one[6:] == other[6:])) >= 2:
        return "two"
    return _apart(one, other)


def _apart(one: str, other: str) -> str:
    years = abs(int(one[:4]) - int(other[:4]))
    return "near" if years <= 2 else "far" if years <= 14 else "generation"


def _home(one: Facts, other: Facts) -> str:
    if not (one.doors or one.postcodes) or not (other.doors or other.postcodes):
        return "none"
    postcode = not one.postcodes.isdisjoint(other.postcodes)
    numbers = one.numbers & other.numbers
    if not one.doors.isdisjoint(other.doors) or (postcode and numbers):
        return "same" if numbers == one.numbers or numbers == other.numbers else "building"
    if postcode:
        return "postcode"
    return "street" if not one.streets.isdisjoint(other.streets) else "other"


def _phone(one: frozenset[str], other: frozenset[str], *, family: bool) -> str:
    """`family`: another first name, or a generation apart. A mobile that such two share is a mother's on her twins' records, not one person's."""
    if not one or not other:
        return "none"
    if shared := one & other:
        return "mobile" if any(map(is_mobile, shared)) and not family else "landline"
    if any(distance(mine, theirs, score_cutoff=1) <= 1 for mine in one for theirs in other):
        return "slip"
    return "other"


def is_mobile(number: str) -> bool:
    """Whether a number in international form is a mobile one, which few people share."""
    return number.startswith(("+447", "07"))


def _email(one: frozenset[str], other: frozenset[str]) -> str:
    if not one or not other:
        return "none"
    if one & other:
        return "same"
    return "slip" if any(similarity(mine, theirs) >= 0.96 for mine in one for theirs in other) else "other"


def _nhs(one: str, other: str) -> str:
    if not one or not other:
        return "none"
    return "same" if one == other else "slip" if distance(one, other, score_cutoff=1) <= 1 else "other"


def _household(one: frozenset[int], other: frozenset[int]) -> str:
    if not one or not other:
        return "none"
    return "apart" if one.isdisjoint(other) else "together"


def _lines(one: str, other: str) -> str:
    if not one or not other:
        return "none"
    near = ratio(one, other)
    return "same" if near >= 90 else "near" if near >= 75 else "like" if near >= 60 else "other"


def levels_of(one: Facts, other: Facts, *, text: bool = False) -> tuple[Levels, str, str]:
    """The level of each fact, and the given and the family name that agree. `text`: compare the lines of addresses as text, too."""
    given, family, order, word, kin = _best_names(one, other)
    born = _born(one.born, other.born)
    found = Levels(
        given,
        family,
        order,
        born,
        _home(one, other),
        _phone(one.phones, other.phones, family=given == "other" or born == "generation"),
        _email(one.emails, other.emails),
        _nhs(one.nhs, other.nhs),
        _household(one.households, other.households),
        _lines(one.lines, other.lines) if text else "none",
    )
    return found, word, kin
