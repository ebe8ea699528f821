"""What is known of names: folded words, the skeleton of consonants that spellings of one name share, the names a short form stands for.

Pure functions; search, the duplicate guard and the nightly matching all stand on them.
"""

import re
import unicodedata
from functools import lru_cache

from residents.short_names import FORMS

# Letters that do not come apart into a plain letter and a mark.
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ŋ": "n", "ə": "e"}
)
_WITHIN = re.compile(r"['’‘`´ʼ]")
_WORD = re.compile(r"[^\W_]+")
_SOUNDS = (
    ("chr", "kr"), ("ph", "f"), ("gh", "g"), ("kh", "k"), ("dh", "d"), ("bh", "b"), ("th", "t"), ("sch", "s"), ("tch", "s"),
    ("dzh", "j"), ("dj", "j"), ("cz", "s"), ("sz", "s"), ("zh", "s"), ("ch", "s"), ("sh", "s"), ("ck", "k"), ("qu", "k"),
    ("x", "ks"), ("dg", "j"), ("wr", "r"), ("kn", "n"),
)  # fmt: skip
_SOFT_C = re.compile(r"c(?=[eiy])")
_MUTE_W = re.compile(r"w(?![aeiouy])")
_ALIKE = str.maketrans({"c": "k", "q": "k", "z": "s", "w": "v"})
_VOWELS = re.compile(r"[aeiouyh]+")
_TWICE = re.compile(r"(.)\1+")
_OPEN = (("ee", "i"), ("ea", "i"), ("ie", "i"), ("ou", "u"), ("oo", "u"), ("y", "i"), ("h", ""), ("w", "u"))
MOST_WORDS = 8


def fold(text: str) -> str:
    """Lower case without accents, for comparing."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(one for one in apart if not unicodedata.combining(one)).translate(_LETTERS)


def words_of(text: str) -> list[str]:
    """The folded words of a name or an address line: O'Brien is one word, Smith-Jones two."""
    return _WORD.findall(_WITHIN.sub("", text.lower() if text.isascii() else fold(text)))


@lru_cache(maxsize=50_000)
def skeleton(word: str) -> str:
    """The consonants of a folded word: mohammed, muhammad and mohamed are all mmd; a first vowel counts as a.

    A word of hardly any consonants keeps its vowels in one spelling of them: mia, miah and miya are mia.
    """
    if not word.isascii():
        return word
    start, whole = ("a" if word[:1] in "aeiou" else ""), word
    for written, sound in _SOUNDS:
        if written in word:
            word = word.replace(written, sound)
    word = _TWICE.sub(r"\1", _MUTE_W.sub("", _SOFT_C.sub("s", word)).translate(_ALIKE))
    found = start + _VOWELS.sub("", word)
    return found if len(found) > 1 else _open_sound(whole)


def _open_sound(word: str) -> str:
    for written, sound in _OPEN:
        word = word.replace(written, sound)
    return _TWICE.sub(r"\1", word)


@lru_cache(maxsize=50_000)
def stands_for(word: str) -> frozenset[str]:
    """The folded names that a word may stand for, itself among them: bill is bill and william, seun is seun and oluwaseun."""
    return FORMS.get(word, frozenset()) | {word}


@lru_cache(maxsize=50_000)
def sounds_of(word: str) -> tuple[str, ...]:
    """The skeletons of a folded word and of the names that it may stand for, its own first."""
    own = skeleton(word)
    return (own, *sorted({skeleton(form) for form in FORMS.get(word, ())} - {own}))


def same_name(one: str, other: str) -> bool:
    """Whether two folded words may be forms of one name: bill and william, bill and will."""
    return one == other or not stands_for(one).isdisjoint(stands_for(other))
