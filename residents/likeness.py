"""Whether two records are of one person: how much what agrees says, and how to say it. Pure functions.

`comparing` puts each fact on a level (the same, a slip, different …). `weights` says how often each level is met with the same person,
with a relative, with a namesake and with anybody else; from these come the odds. Nothing is learnt, and nothing is read or written.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import exp, log

from residents.comparing import AGREE, Facts, Levels, levels_of
from residents.keys import number_of
from residents.weights import RAREST, Weights

Shares = Callable[[str], float]
_NAMED = AGREE | {"part"}


RARE = 5  # a word that fewer people bear is as rare as any


def share_by(people: Mapping[int, int], whole: int) -> Callable[[str], float]:
    """How many of all people bear a word in their name, by counts under its number. A young register knows nothing of rarity."""
    if whole < 1000:
        return lambda word: 0.002
    return lambda word: max(people.get(number_of(word), 0), RARE) / whole


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
        self._text = "lines" in weights.levels
        self._sums: dict[Levels, tuple[float, ...]] = {}
        self._rare: dict[tuple[str, str], float] = {}
        self._logs = {
            fact: {level: tuple(map(log, by)) for level, by in table.items()} for fact, table in weights.levels.items()
        }
        self._priors = tuple(map(log, weights.priors))

    def weigh(self, one: Facts, other: Facts) -> Likeness:
        """The chance that two records are of one person, with its reasons."""
        levels, word, kin = levels_of(one, other, text=self._text)
        return Likeness(self._chance(self._odds(levels, word, kin)), levels, *said(levels))

    def chance(self, one: Facts, other: Facts) -> float:
        """The same without reasons, for many pairs."""
        return self._chance(self._odds(*levels_of(one, other, text=self._text)))

    def chance_and_odds(self, one: Facts, other: Facts) -> tuple[float, float]:
        """The chance, and the log-odds that order pairs more finely than it does."""
        odds = self._odds(*levels_of(one, other, text=self._text))
        return self._chance(odds), odds

    def _odds(self, levels: Levels, word: str, kin: str) -> float:
        """Natural logarithm of the odds, before calibration."""
        same, relative, namesake, anybody = self._summed(levels)
        if levels[0] in _NAMED:
            by = self._rarity("given", word)
            relative, namesake, anybody = relative + by, namesake + by, anybody + by
        if levels[1] in AGREE:
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
