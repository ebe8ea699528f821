"""Numbers and email addresses that nobody has. The ranges are so small that strangers share them; in a small borough none of a like name do.

Else the queue of likely pairs would be full of people who have nothing in common but our lack of numbers.
"""

from collections import defaultdict

from desk.borough.people import Family
from residents.comparing import alike
from residents.models import Resident
from residents.names import words_of

RANGE = 1_000
STEP = 37  # without a common factor with the range: every number has its turn
TRIES = 200


class Ways:
    """Gives them out. `apart`: look who has them already, which takes time and is of no use where thousands share each."""

    def __init__(self, *, apart: bool = False) -> None:
        self._apart = apart
        self._bearers: dict[int, list[list[str]]] = defaultdict(list)
        self._mobiles: dict[str, list[int]] = defaultdict(list)
        self._emails: dict[str, list[int]] = defaultdict(list)
        self._landlines: set[int] = set()

    def mobile(self, person: Resident, drawn: int) -> str:
        """A mobile number: the one that was drawn, or the next one that suits."""
        if self._apart:
            words = words_of(f"{person.name} {person.preferred_name}")
            drawn = next((one for one in _turns(drawn) if self._suits(one, person.name, words)), drawn)
            self._bearers[drawn].append(words)
            self._mobiles[person.name].append(drawn)
        return f"+447700900{drawn:03d}"

    def landline(self, family: Family, drawn: int) -> str:
        """The number of a home: everybody who lives there has the same."""
        if not family.landline:
            if self._apart:
                drawn = next((one for one in _turns(drawn) if one not in self._landlines), drawn)
                self._landlines.add(drawn)
            family.landline = f"+442079460{drawn:03d}"
        return family.landline

    def email(self, name: str, drawn: int) -> int:
        """The number behind a name in an address."""
        if self._apart:
            taken = self._emails[name]
            drawn = next((n for n in range(drawn, drawn + 99) if all(_far(n, one, 2) for one in taken)), drawn)
            taken.append(drawn)
        return drawn

    def _suits(self, number: int, name: str, words: list[str]) -> bool:
        if not all(_far(number, one, 3) for one in self._mobiles[name]):
            return False
        return all(alike(one, other) == "other" for there in self._bearers[number] for one in there for other in words)


def _turns(drawn: int) -> range | list[int]:
    return [(drawn + turn * STEP) % RANGE for turn in range(TRIES)]


def _far(one: int, other: int, digits: int) -> bool:
    """Whether two numbers differ in more than one digit, and not by two that have changed places."""
    mine, theirs = f"{one:0{digits}d}", f"{other:0{digits}d}"
    wrong = [place for place, (a, b) in enumerate(zip(mine, theirs, strict=False)) if a != b]
    return len(wrong) > 1 and sorted(mine) != sorted(theirs)
