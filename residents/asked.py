"""What someone typed into the search box, taken apart, and the keys that it is looked up by. Pure functions."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations, pairwise, permutations

from django.core.exceptions import ValidationError

from ledger.references import ALPHABET, read_reference
from residents.dates import near, swapped, take_birth
from residents.keys import ANY_STREET, MOST_PAIRED, MOST_SOUNDS, doors, number_of, pair_key, sector
from residents.names import MOST_WORDS, skeleton, sounds_of, words_of
from residents.written import POSTCODE, read_phone

MOST_TYPED, MOST_KEYS = 300, 400
_REFERENCE = re.compile(r"\bCS[- ]?(\w{4})[- ]?(\w{3})\b|\b(?=[A-Z]*\d)([A-Z0-9]{4})-([A-Z0-9]{3})\b", re.IGNORECASE)
_EMAIL = re.compile(r"[^\s@,;]+@[^\s@,;]+\.[^\s@,;]+")
_PHONE = re.compile(
    r"(?<![\w/.-])(?:(?:\+|00?)[\d\s()]{8,17}\d|\+44[\d\s().-]{9,16}\d|0\d{2,4}[-.]\d{3,4}[-.]?\d{3,4}|\(0\d{2,4}\)[\d\s-]{5,10}\d"
    r"|7\d{3}\s?\d{3}\s?\d{3}|44[1237]\d{9})(?!\w)"
)
_UPRN = re.compile(
    r"\buprn\W{0,3}(\d{1,12})\b|(?<![\w/.+-])((?!44[1237]\d{9}\b)[1-9]\d{10,11})(?![\w/-])", re.IGNORECASE
)
_LAST_OF_PHONE = re.compile(r"(?<![\w/.+-])(\d{6})(?![\w/-])")
# What people write before a fact, and how they address somebody: no part of a name.
_LABEL = re.compile(
    r"\b(?:d\.?\s?o\.?\s?b\b\.?|date of birth|(?:born(?: on| in)?|tel(?:ephone)?|phone|mob(?:ile)?|aged?)(?=\W*[\d+(])|post\s?code|née|a\.?k\.?a\b\.?|formerly|known as|lives at)[:.]*",
    re.IGNORECASE,
)
_TITLES = frozenset(("mr", "mrs", "ms", "miss", "mx", "dr", "prof", "rev"))
_PART_OF_POSTCODE = re.compile(r"\b([A-Z]{1,2}[0-9][A-Z0-9]?(?:\s[0-9])?)(?!\w)", re.IGNORECASE)

Add = Callable[..., None]  # a weight, and the keys that are worth it


@dataclass
class Asked:
    """What someone typed into the box, taken apart."""

    reference: str = ""
    near_references: list[str] = field(default_factory=list)
    email: str = ""
    phone: str = ""
    uprn: str = ""
    postcode: str = ""
    area: str = ""
    births: list[date] = field(default_factory=list)
    year: int | None = None
    month: int | None = None
    last_of_phone: str = ""
    doors: set[str] = field(default_factory=set)
    words: list[str] = field(default_factory=list)
    name: str = ""

    def __bool__(self) -> bool:
        return bool(self.words or self.births or self.year or self.by_number or self.doors)

    @property
    def by_number(self) -> bool:
        """Whether something was typed that belongs to one person or one home."""
        return bool(
            self.reference
            or self.near_references
            or self.email
            or self.phone
            or self.last_of_phone
            or self.uprn
            or self.postcode
            or self.area
        )

    @property
    def only_names(self) -> bool:
        """Whether nothing but names was typed, which many may share."""
        return bool(self.words) and not (self.births or self.year or self.by_number or self.doors)


def read_search(text: str) -> Asked:
    """Take a line apart: reference, e-mail, UPRN, phone, postcode, date of birth; what is left are names and streets."""
    text = " ".join(text.replace("\x00", " ").split())[:MOST_TYPED]
    asked = Asked()
    if found := _REFERENCE.search(text):
        text = _take_reference(asked, found, text)
    if found := _EMAIL.search(text):
        asked.email = found[0].casefold()
        text = text.replace(found[0], " ")
    if found := _UPRN.search(text):
        asked.uprn = (found[1] or found[2]).lstrip("0")
        text = text.replace(found[0], " ")
    text = _take_phone(asked, _LABEL.sub(" ", text))
    if found := POSTCODE.search(text):
        asked.postcode = f"{found[1]} {found[2]}".upper()
        text = text.replace(found[0], " ")
    alone = re.fullmatch(r"\s*(\d{6})\s*", text)  # a date, or the end of a number
    asked.births, asked.year, asked.month, text = take_birth(text)
    asked.last_of_phone = alone[1] if alone else ""
    if not asked.phone and (found := _LAST_OF_PHONE.search(text)):
        asked.last_of_phone = found[1]
        text = text.replace(found[0], " ")
    if not asked.postcode and (found := _PART_OF_POSTCODE.search(text)):
        asked.area = found[1].replace(" ", "").lower()
        text = text.replace(found[0], " ")
    named = [one for one in text.replace(",", " ").split() if words_of(one)]
    asked.name = " ".join([one for one in named if one.strip(".").lower() not in _TITLES] or named)
    asked.doors = doors(text)
    words = [word for word in dict.fromkeys(words_of(text)) if not word[0].isdigit()]
    words = [word for word in words if word not in _TITLES] or words
    asked.words = sorted(words, key=lambda word: word in ANY_STREET)[:MOST_WORDS]
    return asked


def _take_reference(asked: Asked, found: re.Match[str], text: str) -> str:
    body = f"{found[1] or found[3]}{found[2] or found[4]}".upper()
    asked.reference = read_reference(f"CS-{body}") or ""
    if not asked.reference and found[1]:
        asked.near_references = _one_wrong(body)
    return text.replace(found[0], " ") if asked.reference or asked.near_references else text


def _one_wrong(body: str) -> list[str]:
    """The references that someone may have meant who mistyped one character, or two beside each other: a dozen."""
    meant = {body[:place] + letter + body[place + 1 :] for place in range(7) for letter in ALPHABET}
    meant |= {body[:at] + body[at + 1] + body[at] + body[at + 2 :] for at in range(6)}
    return sorted({found for one in meant if (found := read_reference(f"CS-{one}"))})


def _take_phone(asked: Asked, text: str) -> str:
    for found in _PHONE.finditer(text):
        begins = "" if found[0][0] in "+0(" else "+" if found[0].startswith("44") else "0"
        try:
            asked.phone = read_phone(f"{begins}{found[0]}")
        except ValidationError:
            continue
        return text.replace(found[0], " ")
    return text


# --- keys ---------------------------------------------------------------------------------------------------------


def asked_keys(asked: Asked) -> tuple[list[int], list[int]]:
    """The keys to look up, and how much each is worth: a number or a whole date outranks everything that names can add up to.

    Spellings, swapped days and single wrong digits are looked up, not stored.
    """
    found: dict[str, int] = {}

    def add(weight: int, *keys: str) -> None:
        for key in keys:
            if found.get(key, 0) < weight:
                found[key] = weight

    if asked.reference:
        add(9000, f"r:{asked.reference}")
    add(5000, *(f"r:{one}" for one in asked.near_references))
    if asked.email:
        add(3000, f"e:{asked.email}")
        add(1000, f"el:{asked.email.partition('@')[0]}")
    if asked.uprn:
        add(3000, f"u:{asked.uprn}")
    if asked.phone:
        add(3000, f"p:{asked.phone}")
        add(900, f"t:{asked.phone[-6:]}")
        if not (asked.words or asked.births):
            add(600, *(f"p:{one}" for one in _phones_near(asked.phone)))
    if asked.last_of_phone:
        add(900, f"t:{asked.last_of_phone}")
    _add_names(asked.words, add)
    sounds = {sound for word in asked.words[:MOST_PAIRED] for sound in sounds_of(word)[:MOST_SOUNDS]}
    _add_births(asked, sounds, add)
    _add_places(asked, sounds, add)
    chosen = sorted(found.items(), key=lambda one: -one[1])[:MOST_KEYS]
    return [number_of(key) for key, _ in chosen], [weight for _, weight in chosen]


def _add_names(words: list[str], add: Add) -> None:
    words = words[:MOST_PAIRED]
    alone = 60 if len(words) == 1 else 30
    together = [a + b for a, b in pairwise(words)] if len(words) <= 4 else []
    for word in [*words, *together]:
        add(alone, f"n:{word}")
        if len(word) >= 4:
            add(alone // 2, f"f4:{word[:4]}")
        if len(word) >= 3:
            add(alone - 5, *(f"s:{sound}" for sound in sounds_of(word)[:MOST_SOUNDS]))
    for one, other in combinations(words, 2):
        ones, others = sounds_of(one)[:MOST_SOUNDS], sounds_of(other)[:MOST_SOUNDS]
        if len(one) > 1 and len(other) > 1:
            add(200, *(pair_key("p2", a, b) for a in ones for b in others))
            add(100, pair_key("f2", one[:3], other[:3]))
    for one, other in permutations(words, 2):
        if len(other) > 1:
            initial = len(one) == 1
            add(90 if initial else 50, *(f"i2:{one[:1]}+{sound}" for sound in sounds_of(other)[:2]))
            if len(other) >= 3:
                add(60 if len(one) <= 2 else 30, f"e2:{one[:1]}+{other[:3]}")
    for joined, rest in [(words[0] + words[1], words[2:]), (words[1] + words[2], words[:1])] if len(words) == 3 else []:
        add(200, *(pair_key("p2", skeleton(joined), skeleton(other)) for other in rest))


def _add_births(asked: Asked, sounds: Iterable[str], add: Add) -> None:
    for day in asked.births:
        add(1000, f"d:{day.isoformat()}")
        if other := swapped(day):
            add(850, f"d:{other.isoformat()}")
        add(200, *(f"d:{one.isoformat()}" for one in near(day)))
        add(310, *(f"dy:{day.year}+{sound}" for sound in sounds))
        add(330, *(f"db:{day:%m-%d}+{sound}" for sound in sounds))
        add(130, *(f"df:{day:%m-%d}+{word[0]}" for word in asked.words[:MOST_PAIRED]))
        add(200, f"dm:{day:%Y-%m}")
    if asked.year:
        add(260, *(f"dy:{asked.year}+{sound}" for sound in sounds))
        if asked.month:
            add(200, f"dm:{asked.year}-{asked.month:02}")


def _add_places(asked: Asked, sounds: Iterable[str], add: Add) -> None:
    add(350, *(f"hn:{door}" for door in asked.doors))
    if asked.postcode:
        add(700, f"z:{asked.postcode.replace(' ', '').lower()}")
        add(260, *(f"o:{sector(asked.postcode)}+{sound}" for sound in sounds))
    if asked.area[-1:].isdigit():
        add(260, *(f"o:{asked.area}+{sound}" for sound in sounds))
    if asked.births or asked.postcode or asked.phone:
        return
    words = asked.words[:MOST_PAIRED]
    streets = [word for word in words if len(word) >= 4] if len(words) > 1 else []
    for street in streets:
        place = skeleton(street)
        for word in words:
            if word != street:
                add(240, *(f"h:{place}+{sound}" for sound in sounds_of(word)[:MOST_SOUNDS]))
                add(110, f"hf:{place}+{word[0]}")


def _phones_near(number: str) -> set[str]:
    """The numbers with one wrong digit, or two that changed places, among the last nine."""
    found = set()
    for at in range(max(1, len(number) - 9), len(number)):
        found |= {number[:at] + digit + number[at + 1 :] for digit in "0123456789"}
        found.add(number[: at - 1] + number[at] + number[at - 1] + number[at + 1 :])
    return found - {number}


def restricted_parts(asked: Asked, *, many: bool) -> list[tuple[list[int], list[int], int]]:
    """What may be asked of restricted people: keys, the part of the question that each answers, and how many parts must be met.

    Only what the asker named: two names or more, or a name with the date of birth. Where many share the names, only both.
    Every name typed must be met, and nothing else that was typed counts, so that no hidden fact can be tried out.
    """
    words = asked.words[:MOST_PAIRED]
    if not words or len(asked.words) > MOST_PAIRED or min(map(len, words)) < 2:
        return []
    pairs = list(combinations(words, 2))
    names = [
        (pair_key("p2", a, b), part)
        for part, (one, other) in enumerate(pairs)
        for a in sounds_of(one)[:MOST_SOUNDS]
        for b in sounds_of(other)[:MOST_SOUNDS]
    ]
    questions = [_question(names, len(pairs))] if pairs and not many else []
    sounds = {sound for word in words for sound in sounds_of(word)[:MOST_SOUNDS]}
    for day in dict.fromkeys(one for born in asked.births for one in (born, swapped(born)) if one):
        year, of_year = len(pairs), len(pairs) + 1
        born = [(f"dy:{day.year}+{sound}", year) for sound in sounds]
        born += [(f"db:{day:%m-%d}+{sound}", of_year) for sound in sounds]
        questions.append(_question(names + born, len(pairs) + 2))
    return questions


def _question(keys: list[tuple[str, int]], enough: int) -> tuple[list[int], list[int], int]:
    return [number_of(key) for key, _ in keys], [part for _, part in keys], enough
