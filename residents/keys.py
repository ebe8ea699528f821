"""The keys under which residents are found: pure functions, for search, the duplicate guard and the nightly matching alike.

A key is a kind, a colon and what two spellings of one fact share. Tables hold its 32-bit number: narrow, and no word can be
read back from a list of them; what two words share by chance is judged again afterwards.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import combinations, permutations
from zlib import crc32

from residents.names import MOST_WORDS, skeleton, sounds_of, words_of

VERSION = "3"
"""Raise it with any change of the keys or of the document: the next migrate writes both afresh for everybody."""
TOLD = ("p2:", "dy:", "db:")
"""What may be asked about restricted people without seeing them: names together, and a name with the date of birth."""
MOST_SOUNDS, MOST_PAIRED, MOST_STREETS = 4, 5, 2
# What begins nearly every address says nothing about which one it is.
ANY_STREET = frozenset({
    "road", "street", "avenue", "lane", "close", "court", "house", "flat", "drive", "way", "place", "gardens",
    "garden", "grove", "crescent", "the", "and", "block", "room", "rd", "st", "ave", "old", "upper", "lower", "north",
    "south", "east", "west", "great", "little", "new",
})  # fmt: skip


def number_of(key: str) -> int:
    """The key as the tables hold it: 32 bits with a sign."""
    found = crc32(key.encode())
    return found - 0x1_0000_0000 if found & 0x8000_0000 else found


def street_words(lines: str) -> list[str]:
    """The words of an address that say which street it is: those that stand first, as the town stands last."""
    words = [word for word in words_of(lines) if len(word) >= 4 and not word.isdigit()]
    return [word for word in words if word not in ANY_STREET][:MOST_STREETS] or words[:1]


def doors(lines: str) -> set[str]:
    """House number and street together, as they follow each other: 12 Heathway, 12a Heathway."""
    found, number = set(), ""
    for word in words_of(lines):
        if word[0].isdigit():
            number = word if len(word) <= 5 else ""
        elif number and len(word) >= 4 and word not in ANY_STREET:
            found.add(f"{number}+{skeleton(word)}")
            number = ""
    return found


def sector(postcode: str) -> str:
    """RM10 7AB lies in sector rm107."""
    return postcode.replace(" ", "").lower()[:-2]


def keys_for(
    *,
    name: str,
    reference: str = "",
    other_names: Iterable[str] = (),
    born: date | None = None,
    birth: str = "full",
    phones: Iterable[str] = (),
    emails: Iterable[str] = (),
    postcodes: Iterable[str] = (),
    lines: Iterable[str] = (),
    uprns: Iterable[str] = (),
) -> set[str]:
    """Every key under which a resident is found. Pure: the demonstration borough, imports and matching call it in bulk.

    Leave confidential addresses out: what is hidden on the page must not be found by searching.
    """
    names = [words_of(one)[:MOST_WORDS] for one in dict.fromkeys((name, *other_names)) if one]
    # Who likes to be called Seun is asked for as Seun Adebayo.
    names = [names[0], *(one if len(one) > 1 else one + names[0][-1:] for one in names[1:])] if names else []
    keys = {f"r:{reference}"} if reference else set()
    for words in names:
        keys |= name_keys(words)
    sounds = {sound for words in names for word in words for sound in sounds_of(word)[:MOST_SOUNDS]}
    firsts = {word[0] for words in names for word in words}
    if born is not None:
        keys |= _birth_keys(born, birth, sounds, firsts)
    for number in phones:
        keys |= {f"p:{number}", f"t:{number[-6:]}"}
    for address in emails:
        keys |= {f"e:{address.casefold()}", f"el:{address.casefold().partition('@')[0]}"}
    for postcode in filter(None, postcodes):
        keys.add(f"z:{postcode.replace(' ', '').lower()}")
        keys |= {f"o:{sector(postcode)}+{sound}" for sound in sounds}
    for one in lines:
        streets = {skeleton(word) for word in street_words(one)}
        keys |= {f"h:{street}+{sound}" for street in streets for sound in sounds}
        keys |= {f"hf:{street}+{first}" for street in streets for first in firsts}
        keys |= {f"hn:{door}" for door in doors(one)}
    keys |= {f"u:{uprn}" for uprn in uprns if uprn}
    return keys


def name_keys(words: Sequence[str]) -> set[str]:
    """Keys of the words of a name, in any order: alone, by sound, by first letters, and in pairs."""
    keys = {f"n:{word}" for word in words} | {f"f4:{word[:4]}" for word in words if len(word) >= 4}
    sounds = {word: sounds_of(word)[:MOST_SOUNDS] for word in words}
    keys |= {f"s:{sound}" for word in words for sound in sounds[word]}
    for one, other in combinations(words[:MOST_PAIRED], 2):
        keys |= {pair_key("p2", a, b) for a in sounds[one] for b in sounds[other]}
        keys.add(pair_key("f2", one[:3], other[:3]))
    for one, other in permutations(words[:MOST_PAIRED], 2):
        keys.add(f"i2:{one[:1]}+{sounds[other][0]}")
        keys.add(f"e2:{one[:1]}+{other[:3]}")
    return keys


def pair_key(kind: str, one: str, other: str) -> str:
    """A key of two things in any order."""
    return f"{kind}:{one}+{other}" if one <= other else f"{kind}:{other}+{one}"


def _birth_keys(born: date, birth: str, sounds: Iterable[str], firsts: Iterable[str]) -> set[str]:
    keys = {f"dy:{born.year}+{sound}" for sound in sounds}
    if birth == "month":
        return keys | {f"dm:{born:%Y-%m}"}
    if birth in ("full", "estimated"):
        keys |= {f"db:{born:%m-%d}+{sound}" for sound in sounds}
        keys |= {f"df:{born:%m-%d}+{first}" for first in firsts}
        keys.add(f"d:{born.isoformat()}")
    return keys
