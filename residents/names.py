"""What is known of names: folded words, and the skeleton of consonants that spellings of one name share. Pure functions."""

import re
import unicodedata
from functools import lru_cache

# Letters that do not come apart into a plain letter and a mark.
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ŋ": "n", "ə": "e"}
)
_WITHIN = re.compile(r"['’‘`´ʼ]")
_WORD = re.compile(r"[^\W_]+")
_SOUNDS = (
    ("ph", "f"), ("gh", "g"), ("kh", "k"), ("dh", "d"), ("bh", "b"), ("th", "t"), ("sch", "s"), ("tch", "s"), ("ch", "s"),
    ("sh", "s"), ("ck", "k"), ("qu", "k"), ("x", "ks"), ("dg", "j"), ("wr", "r"), ("kn", "n"),
)  # fmt: skip
_SOFT_C = re.compile(r"c(?=[eiy])")
_MUTE_W = re.compile(r"w(?![aeiouy])")
_ALIKE = str.maketrans({"c": "k", "q": "k", "z": "s", "w": "v"})
_VOWELS = re.compile(r"[aeiouyh]+")
_TWICE = re.compile(r"(.)\1+")
MOST_WORDS = 8


def fold(text: str) -> str:
    """Lower case without accents, for comparing."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(one for one in apart if not unicodedata.combining(one)).translate(_LETTERS)


def words_of(text: str) -> list[str]:
    """The folded words of a name or an address line: O'Brien is one word, Smith-Jones two."""
    return _WORD.findall(_WITHIN.sub("", fold(text)))


@lru_cache(maxsize=20_000)
def skeleton(word: str) -> str:
    """The consonants of a folded word: mohammed, muhammad and mohamed are all mmd; a first vowel counts as a."""
    if not word.isascii():
        return word
    start = "a" if word[:1] in "aeiou" else ""
    for written, sound in _SOUNDS:
        word = word.replace(written, sound)
    word = _TWICE.sub(r"\1", _MUTE_W.sub("", _SOFT_C.sub("s", word)).translate(_ALIKE))
    return start + _VOWELS.sub("", word)
