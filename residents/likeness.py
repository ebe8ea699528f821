"""Whether two records are of one person: what of their facts agrees, how much that says, and how to say it. Pure functions.

Each fact is put on a level (the same, a slip, different …). `weights` says how often each level is met with the same person, with a
relative, with a namesake and with anybody else; from these come the odds. Nothing is learnt here, and nothing is read or written.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from math import exp, log
from typing import NamedTuple

from rapidfuzz.distance.JaroWinkler import similarity
from rapidfuzz.distance.OSA import distance

from residents.keys import doors, street_words
from residents.names import MOST_WORDS, same_name, skeleton, words_of
from residents.weights import RAREST, Weights

MOST_NAMES = 4
ALIKE = 0.9
Shares = Callable[[str], float]


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
        day = (
            f"{born:%Y%m%d}" if birth in ("full", "estimated") else f"{born:%Y%m}" if birth == "month" else f"{born:%Y}"
        )
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
    )


@lru_cache(maxsize=100_000)
def _place(lines: str, postcode: str) -> tuple[frozenset[str], ...]:
    """Doors, numbers, streets and postcode of one address. Remembered: households share theirs."""
    numbers = (word for word in words_of(lines) if word[0].isdigit() and len(word) <= 5)
    streets = (skeleton(word) for word in street_words(lines))
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


_AGREE = frozenset(("same", "sound", "slip"))
_NAMED = _AGREE | {"part"}
_RANK = {"same": 6, "sound": 5, "slip": 4, "part": 3, "first": 2, "initial": 2, "none": 1, "other": 0}


def _names(one: Sequence[str], other: Sequence[str]) -> tuple[str, str, str, str, str]:
    """Levels of given and family name and of their order, and the words that agree."""
    given, family = alike(one[0], other[0]), "none"
    word, kin = one[0], ""
    if len(one) > 1 and len(other) > 1:
        kin = one[-1]
        family = alike(kin, other[-1])
        if given not in _AGREE and family not in _AGREE:
            crossed, back = alike(one[0], other[-1]), alike(one[-1], other[0])
            if crossed in _AGREE and back in _AGREE:
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
            if alike(one, other) in _AGREE:
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


def _phone(one: frozenset[str], other: frozenset[str]) -> str:
    if not one or not other:
        return "none"
    if shared := one & other:
        return "mobile" if any(map(is_mobile, shared)) else "landline"
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


def levels_of(one: Facts, other: Facts) -> tuple[Levels, str, str]:
    """The level of each fact, and the given and the family name that agree."""
    given, family, order, word, kin = _best_names(one, other)
    found = Levels(
        given,
        family,
        order,
        _born(one.born, other.born),
        _home(one, other),
        _phone(one.phones, other.phones),
        _email(one.emails, other.emails),
        _nhs(one.nhs, other.nhs),
        _household(one.households, other.households),
    )
    return found, word, kin


# --- odds ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Likeness:
    """How likely two records are of one person, and what agrees and what does not, in words."""

    chance: float
    levels: Levels
    agrees: list[str]
    differs: list[str]


class Scale:
    """Weighs pairs by one set of weights, in a population whose names have these shares."""

    def __init__(self, weights: Weights, share_of: Shares) -> None:
        self.weights, self.share_of = weights, share_of
        self._sums: dict[Levels, tuple[float, ...]] = {}
        self._rare: dict[tuple[str, str], float] = {}
        self._logs = {
            fact: {level: tuple(map(log, by)) for level, by in table.items()} for fact, table in weights.levels.items()
        }
        self._priors = tuple(map(log, weights.priors))

    def weigh(self, one: Facts, other: Facts) -> Likeness:
        """The chance that two records are of one person, with its reasons."""
        levels, word, kin = levels_of(one, other)
        return Likeness(self._chance(self._odds(levels, word, kin)), levels, *said(levels))

    def chance(self, one: Facts, other: Facts) -> float:
        """The same without reasons, for many pairs."""
        return self._chance(self._odds(*levels_of(one, other)))

    def _odds(self, levels: Levels, word: str, kin: str) -> float:
        """Natural logarithm of the odds, before calibration."""
        same, relative, namesake, anybody = self._summed(levels)
        if levels[0] in _NAMED:
            by = self._rarity("given", word)
            relative, namesake, anybody = relative + by, namesake + by, anybody + by
        if levels[1] in _AGREE:
            by = self._rarity("family", kin)
            namesake, anybody = namesake + by, anybody + by
        most = max(relative, namesake, anybody)
        return same - most - log(exp(relative - most) + exp(namesake - most) + exp(anybody - most))

    def _chance(self, odds: float) -> float:
        slope, shift = self.weights.calibration
        return 1 / (1 + exp(-min(max(slope * odds + shift, -40.0), 40.0)))

    def _summed(self, levels: Levels) -> tuple[float, ...]:
        found = self._sums.get(levels)
        if found is None:
            pairs = zip(Levels._fields, levels, strict=True)
            rows = [self._logs[fact][level] for fact, level in pairs if level != "none"]
            found = self._sums[levels] = tuple(map(sum, zip(self._priors, *rows, strict=True)))
        return found

    def _rarity(self, fact: str, word: str) -> float:
        """How much commoner a name is than those whose agreement the weights were made for: below nought for a rare one."""
        found = self._rare.get((fact, word))
        if found is None:
            share = max(self.share_of(word), RAREST) / self.weights.common[fact]
            found = self._rare[fact, word] = min(max(log(share), -3.0), 3.0)
        return found


_WORDS = {
    "given": ("First name", {"sound": " that sounds alike or is short for it", "slip": " spelt nearly so", "part": " in part", "initial": ": only an initial", "first": ": only what comes first"}),
    "family": ("Family name", {"sound": " that sounds alike", "slip": " spelt nearly so", "part": " in part", "initial": ": only an initial"}),
    "born": ("Date of birth", {"swapped": " with day and month swapped", "slip": " but for one figure", "part": " as far as it is known", "two": " but for one part"}),
    "home": ("Address", {"building": ": the same building", "postcode": ": the same postcode", "street": ": the same street"}),
    "phone": ("Phone number", {"mobile": "", "landline": " (not a mobile)", "slip": " but for one figure"}),
    "email": ("Email address", {"slip": " written nearly so"}),
    "nhs": ("NHS number", {"slip": " but for one figure"}),
}  # fmt: skip
_AGAINST = {"near": " (two years apart at most)", "far": " (years apart)", "generation": " (a generation apart)"}


AGREEING = frozenset(("same", "sound", "mobile", "landline"))
NEARLY = frozenset(("slip", "part", "initial", "first", "swapped", "two", "building", "postcode", "street"))


def said(levels: Levels) -> tuple[list[str], list[str]]:
    """What agrees and what does not, in words without any value."""
    agrees, differs = [], []
    if levels.order == "crossed":
        agrees.append("Names the other way round")
    for fact, (label, ways) in _WORDS.items():
        level = getattr(levels, fact)
        if level == "same" or level in ways:
            agrees.append(label + ways.get(level, ""))
        elif level != "none":
            differs.append(label + _AGAINST.get(level, ""))
    if levels.household == "together":
        differs.append("Both are in one household, as two people")
    return agrees, differs
