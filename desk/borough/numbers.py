"""Keys and references: each neighbourhood has its own, whichever is made first, so that the same seed makes the same rows."""

from collections.abc import Callable
from itertools import count

from django.db import connection
from psycopg2 import sql

from ledger.references import ALPHABET


class Keys:
    """Gives out keys. Neighbourhood `number` of `among` takes every `among`-th, so that keys still grow with time."""

    def __init__(self, number: int = 0, among: int = 1, used: dict[str, int] | None = None) -> None:
        self.number, self.among = number, among
        self._used = used
        self._given: dict[str, Callable[[], int]] = {}

    def of(self, table: str, column: str = "id") -> Callable[[], int]:
        """A function that gives the next key of a table. Asked twice, it is the same function."""
        if table not in self._given:
            last = highest(table, column) if self._used is None else self._used.get(table, 0)
            self._given[table] = count(last + 1 + self.number, self.among).__next__
        return self._given[table]


def highest(table: str, column: str = "id") -> int:
    """The highest key that a table holds."""
    with connection.cursor() as cursor:
        query = sql.SQL("SELECT coalesce(max({}), 0) FROM {}")
        cursor.execute(query.format(sql.Identifier(column), sql.Identifier(table)))
        return cursor.fetchone()[0]


class References:
    """Gives out references that no two neighbourhoods share: the numbers of all of them, shuffled beyond recognition."""

    def __init__(self, keys: Keys) -> None:
        self._numbers = count(keys.number, keys.among)

    def next(self) -> str:
        """One that was not given before."""
        while True:
            if found := _reference(next(self._numbers)):
                return found


# Twice: multiply by a number without a common factor with 30^6 (so that no two meet), then swap the halves.
_HALF = 30**3
_ALL = _HALF**2
_FIRST, _SECOND = 450_549_779, 278_464_391
_THREE = [a + b + c for a in ALPHABET for b in ALPHABET for c in ALPHABET]


_SUMS = [sum((place + 2) * ALPHABET.index(letter) for place, letter in enumerate(three)) for three in _THREE]
_LATER = [sum((place + 5) * ALPHABET.index(letter) for place, letter in enumerate(three)) for three in _THREE]


def _reference(number: int) -> str | None:
    """As `with_check` makes it of six characters, with the sums for its check character looked up."""
    high, low = divmod(number * _FIRST % _ALL, _HALF)
    high, low = divmod((low * _HALF + high) * _SECOND % _ALL, _HALF)
    check = (_SUMS[low] + _LATER[high]) % 31
    last = _THREE[high]
    return None if check == 30 else f"CS-{_THREE[low]}{last[0]}-{last[1:]}{ALPHABET[check]}"
