"""The keys under which two records of one person meet: pure functions, for the matching and the duplicate guard.

Built from the parts of the search's keys, two in one: a name with a date of birth, two names with a year. Who shares one shares two
facts, so the groups stay small, and a household or a common name alone brings nobody together.
"""

from itertools import combinations
from zlib import crc32

from residents.keys import MOST_PAIRED, MOST_SOUNDS, pair_key
from residents.likeness import Facts
from residents.names import sounds_of

MOST_TOGETHER, MOST_NAMED = 40, 7
"""More records than this under one key tell nothing apart: the key is passed over. The second is for keys of names alone."""


def pair_numbers(facts: Facts) -> set[int]:
    """The keys of one person as the table holds them: 31 bits, below nought where names alone bring people together."""
    return {crc32(key.encode()) & 0x7FFF_FFFF for key in _keys(facts)} | {
        -1 - (crc32(key.encode()) & 0x7FFF_FFFF) for key in _named(facts)
    }


def most_under(key: int) -> int:
    """How many records may meet under a key."""
    return MOST_NAMED if key < 0 else MOST_TOGETHER


def _named(facts: Facts) -> set[str]:
    """Two names of one person in any order, by their sounds."""
    return {
        pair_key("p", a, b)
        for words in facts.names
        for one, other in combinations(words[:MOST_PAIRED], 2)
        for a in sounds_of(one)[:MOST_SOUNDS]
        for b in sounds_of(other)[:MOST_SOUNDS]
    }


def _keys(facts: Facts) -> list[str]:
    names, born = facts.names, facts.born
    sounds = {sound for words in names for word in words[:MOST_PAIRED] for sound in sounds_of(word)[:MOST_SOUNDS]}
    named = _named(facts) if born else ()
    keys = [f"y{born[:4]}{pair}" for pair in named]
    if len(born) == 8:
        keys += [f"b{born}{sound}" for sound in sounds]
        keys += [f"i{born}{letter}" for letter in {word[0] for words in names for word in words if word}]
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
