"""The keys under which two records of one person meet: pure functions, for the matching and the duplicate guard.

Built from the parts of the search's keys, two in one: a name with a date of birth, two names with a year. Who shares one shares two
facts, so the groups stay small, and a household or a common name alone brings nobody together.
"""

from collections.abc import Iterable
from itertools import combinations
from zlib import crc32

from residents.comparing import Facts
from residents.keys import MOST_PAIRED, MOST_SOUNDS, pair_key
from residents.names import sounds_of

MOST_TOGETHER, MOST_NAMED = 40, 7
"""More records than this under one key tell nothing apart: the key is passed over. The second is for keys of names alone."""

# Who meets under a key of these people, in two steps without a join: see TOGETHER.
OF_THESE = "SELECT DISTINCT key FROM residents_pairkey WHERE resident_id = ANY (%(people)s)"
NEAR = """
SELECT array_agg(resident_id) FROM residents_pairkey WHERE key = ANY (%(keys)s) GROUP BY key
HAVING count(*) BETWEEN 2 AND CASE WHEN key < 0 THEN %(named)s ELSE %(together)s END
"""

# Everybody, without a join: a job that wrote all keys in its own transaction has no statistics of them to plan by.
TOGETHER = """
SELECT array_agg(resident_id) FROM residents_pairkey GROUP BY key
HAVING count(*) BETWEEN 2 AND CASE WHEN key < 0 THEN %(named)s ELSE %(together)s END
"""


def pairs_in(groups: Iterable[tuple[list[int]]]) -> set[tuple[int, int]]:
    """Each two who meet in one of the groups that the database gave, once."""
    return {pair for (met,) in groups for pair in combinations(sorted(met), 2)}


def pair_numbers(facts: Facts, *, strangers: bool = False) -> set[int]:
    """The keys of one person as the table holds them: 31 bits, below nought where names alone bring people together.

    `strangers`: nobody here has a family, so that one home brings two records together, and one day of birth.
    """
    named = _named(facts)
    keys = _keys(facts, named)
    if strangers:
        keys += _home_keys(facts)
    found = {crc32(key.encode()) & 0x7FFF_FFFF for key in keys}
    found.update(-1 - (crc32(key.encode()) & 0x7FFF_FFFF) for key in named)
    return found


def _named(facts: Facts) -> set[str]:
    """Two names of one person in any order, by their sounds."""
    return {
        pair_key("p", a, b)
        for words in facts.names
        for one, other in combinations(words[:MOST_PAIRED], 2)
        for a in sounds_of(one)[:MOST_SOUNDS]
        for b in sounds_of(other)[:MOST_SOUNDS]
    }


def _home_keys(facts: Facts) -> list[str]:
    sounds = {sound for words in facts.names for word in words[:MOST_PAIRED] for sound in sounds_of(word)[:MOST_SOUNDS]}
    keys = [f"h{door}" for door in facts.doors] + [f"d{facts.born}"] * (len(facts.born) == 8)
    keys += [f"z{postcode}{one}" for postcode in facts.postcodes for one in {*sounds, *facts.numbers, *facts.streets}]
    return keys + [f"s{street}{sound}" for street in facts.streets for sound in sounds]


def _keys(facts: Facts, named: set[str]) -> list[str]:
    names, born = facts.names, facts.born
    sounds = {sound for words in names for word in words[:MOST_PAIRED] for sound in sounds_of(word)[:MOST_SOUNDS]}
    keys = [f"y{born[:4]}{pair}" for pair in named] if born else []
    if len(born) == 8:
        keys += [f"b{born}{sound}" for sound in sounds]
        keys += [f"m{born[4:]}{pair}" for pair in named]
        keys += [f"d{born}{postcode}" for postcode in facts.postcodes]
    keys += [f"t{number}{sound}" for number in facts.phones for sound in sounds]
    keys += [f"e{address}" for address in facts.emails]
    if facts.nhs:
        keys.append(f"n{facts.nhs}")
    if facts.postcodes:
        firsts = {sound for words in names for sound in sounds_of(words[0])}
        keys += [f"g{postcode}{sound}" for postcode in facts.postcodes for sound in firsts]
    return keys
