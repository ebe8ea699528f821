"""Questions as people type them at a front door, with their mistakes: a mix and noise tables of the bench's own.

Nothing here is shared with the product's tables of names. One seed is for tuning, another for reporting.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from random import Random

TUNED, REPORTED = 11, 99
# What is typed, in hundredths of all questions.
MIX = {
    "name and birth": 44, "name and postcode": 14, "name and street": 8, "name only": 10, "name, birth and postcode": 8,
    "first letters": 10, "phone": 3, "one name and birth": 3,
}  # fmt: skip
MOST_BEARERS = 10
"""Nobody is asked for by a name alone that more people bear: no order of a hundred could be right, so the page asks for more."""
NAME_NOISE, TWICE, BIRTH_NOISE = 0.77, 0.11, 0.22
_SPELT = [line.split() for line in """
mohammed muhammad mohamed mohammad muhammed|ahmed ahmad ahmet|hussain husain hussein hossain hossein|chowdhury choudhury chaudhry chaudhary choudhry
fatema fatima fatimah|khatun khatoon katun|akhter akter akhtar|begum begom bagum|aisha ayesha aysha|yusuf yousuf yousef usuf|ali aly|shah sha
mahmood mahmud mehmood|rehman rahman rehmaan|siddique siddiqui sidiq|qureshi kureshi quraishi|khadija khadijah kadija|abdul abdool|uddin udin uddeen
iqbal ikbal eqbal|sheikh shaikh shaykh sheik|catherine katherine kathryn katharine|stephen steven|philip phillip|geoffrey jeffrey|sophia sofia
jan yan|krystyna christina kristina|aleksandra alexandra|elżbieta elizabeta|woźniak wozniack|lewandowski levandowski|oluwaseun oluwasheun|adekunle adekunley
chukwuemeka chukuemeka|nwachukwu nwachuku|okechukwu okechuku|ifeanyi ifeani|alexandru aleksandru|gheorghe george|constantin konstantin|popa popah
gurpreet gurprit|jasvinder jaswinder|singh sing|mohamud mahamud|abdirahman abdurahman abdirahmaan|halimo haleemo|cabdi abdi|kwadwo kwadjo|acheampong acheampon
clarke clark|thompson thomson|macleod mcleod|o'connor oconner|zahra zara zahrah|maryam mariam maryum|nadeem nadim|naveed navid|saleem salim|rashid rasheed
""".replace("\n", "|").strip("|").split("|")]  # fmt: skip
_CALLED = {
    "elizabeth": "Liz Beth Lizzie Betty", "catherine": "Kate Cathy", "margaret": "Maggie Peggy Meg", "christopher": "Chris", "william": "Bill Will Billy",
    "robert": "Bob Rob Bobby", "james": "Jim Jimmy Jamie", "thomas": "Tom Tommy", "edward": "Ted Ed Eddie", "michael": "Mike Mick", "joseph": "Joe",
    "alexander": "Alex Sandy", "benjamin": "Ben", "daniel": "Dan Danny", "samuel": "Sam", "matthew": "Matt", "nicholas": "Nick", "jonathan": "Jon",
    "anthony": "Tony", "andrew": "Andy", "stephen": "Steve", "kenneth": "Ken", "ronald": "Ron", "raymond": "Ray", "terence": "Terry", "gerald": "Gerry",
    "frederick": "Fred Freddie", "leonard": "Len", "reginald": "Reg", "patrick": "Paddy Pat", "patricia": "Pat Trish", "susan": "Sue", "deborah": "Debbie",
    "jacqueline": "Jackie", "christine": "Chris Chrissie", "rebecca": "Becky", "victoria": "Vicky", "samantha": "Sam", "jessica": "Jess", "barbara": "Babs",
    "dorothy": "Dot", "pamela": "Pam", "abigail": "Abby", "penelope": "Penny", "philippa": "Pippa", "natasha": "Tasha", "charlotte": "Charlie Lottie",
    "isabella": "Bella Izzy", "matilda": "Tilly", "josephine": "Jo", "theresa": "Terry Tess", "mohammed": "Mo Md Mohd", "muhammad": "Mo", "oluwaseun": "Seun",
    "oluwakemi": "Kemi", "oluwabunmi": "Bunmi", "oluwaseyi": "Seyi", "adekunle": "Kunle", "olusegun": "Segun", "babajide": "Jide", "tokunbo": "Toks",
    "chukwuemeka": "Emeka", "ifeanyi": "Ify", "uchenna": "Uche", "kenechukwu": "Kene", "okechukwu": "Okey", "tolulope": "Tolu", "mojisola": "Moji",
    "nkechi": "Kechi", "chidinma": "Dinma", "ifunanya": "Ify", "emmanuel": "Emma", "kwabena": "Kobby", "jerzy": "Jurek", "andrzej": "Jędrek",
    "katarzyna": "Kasia", "krystyna": "Krysia", "elżbieta": "Ela", "aleksandra": "Ola", "stanisław": "Staszek", "zbigniew": "Zbyszek", "józef": "Józek",
    "alexandru": "Alex Sandu", "constantin": "Costel", "gheorghe": "Gigi", "nicolae": "Nicu", "gabriel": "Gabi", "cristian": "Cristi", "adrian": "Adi",
    "abdirahman": "Abdi", "gurpreet": "Guri", "sukhvinder": "Sukhi", "jasvinder": "Jas", "paramjit": "Pam", "mandeep": "Mandy", "surinder": "Sunny",
}  # fmt: skip
_HEARD = (("ph", "f"), ("ck", "k"), ("sh", "s"), ("th", "t"), ("z", "s"), ("v", "w"), ("oo", "u"), ("ee", "i"), ("ou", "u"), ("ai", "a"), ("y", "i"), ("c", "k"), ("j", "g"), ("d", "t"), ("e", "a"), ("o", "u"))  # fmt: skip
_BESIDE = dict(zip("qwertyuiopasdfghjklzxcvbnm", "wertyuiopqsdfghjklaxcvbnmz", strict=True))
_DAYS = (
    "{0:02d}/{1:02d}/{2}",
    "{0}/{1}/{2}",
    "{0}.{1}.{2}",
    "{0:02d}-{1:02d}-{2}",
    "{0:02d}{1:02d}{2}",
    "{2}-{1:02d}-{0:02d}",
    "{0} {3} {2}",
    "{0:02d}/{1:02d}/{4}",
)
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")  # fmt: skip


@dataclass
class Subject:
    """Whom a question is about: what the register says of them."""

    pk: int
    name: str
    born: date | None
    lines: str = ""
    postcode: str = ""
    old_lines: str = ""
    old_postcode: str = ""
    former: str = ""
    phone: str = ""
    bearers: int = 1


@dataclass
class Question:
    """One line as it was typed, whom it is about, of what kind it is, and what went wrong in it."""

    text: str
    pk: int
    kind: str
    noise: list[str] = field(default_factory=list)


def questions(subjects: Iterable[Subject], count: int, seed: int) -> list[Question]:
    """So many questions about these people; the same seed asks the same."""
    random, found = Random(f"questions {seed}"), []
    people = [one for one in subjects if len(one.name.split()) > 1 and one.born]
    while len(found) < count:
        kind = random.choices(list(MIX), list(MIX.values()))[0]
        one = random.choice(people)
        if question := _question(random, kind, one):
            found.append(question)
    return found


def _question(random: Random, kind: str, one: Subject) -> Question | None:
    question = Question("", one.pk, kind)
    old = bool(one.old_lines) and random.random() < 0.17  # about one in fifty of all
    lines, postcode = (one.old_lines, one.old_postcode) if old else (one.lines, one.postcode)
    if kind == "name only" and one.bearers > MOST_BEARERS:
        return None
    if (kind == "phone" and not one.phone) or ("postcode" in kind and not postcode) or ("street" in kind and not lines):
        return None
    if old and ("postcode" in kind or "street" in kind):
        question.noise.append("old address")
    if kind == "phone":
        question.text = _phone(random, one.phone)
        return question
    words = _words(random, one, kind, question)
    parts = [" ".join(words)]
    if "birth" in kind or (kind == "first letters" and random.random() < 0.7):
        parts.append(_birth(random, one.born, question))
    elif kind == "first letters":
        parts.append(_postcode(random, one.postcode))
    if "postcode" in kind:
        parts.append(_postcode(random, postcode))
    if "street" in kind:
        parts.append(_street(random, lines))
    if random.random() < 0.25:
        random.shuffle(parts)
    question.text = " ".join(parts)
    return question


# --- names --------------------------------------------------------------------------------------------------------


def _words(random: Random, one: Subject, kind: str, question: Question) -> list[str]:
    words = one.name.replace("-", " ").split()
    if kind == "first letters":
        return [word[: random.choice((3, 3, 4))] for word in (words[0], words[-1])]
    if kind == "one name and birth":
        words = [random.choice((words[0], words[-1]))]
    elif len(words) > 2 and random.random() < 0.5:
        words = [words[0], words[-1]]
    if random.random() < NAME_NOISE:
        for _ in range(2 if random.random() < TWICE / NAME_NOISE else 1):
            words = _disturb(random, words, one, question)
    if random.random() < 0.3:
        words = [word.upper() if random.random() < 0.2 else word.lower() for word in words]
    return words


def _disturb(random: Random, words: list[str], one: Subject, question: Question) -> list[str]:
    kinds: list[tuple[str, Callable[[], list[str] | None]]] = [
        ("typo", lambda: _at(random, words, lambda word: _typo(random, word))),
        ("typo", lambda: _at(random, words, lambda word: _typo(random, word))),
        ("misheard", lambda: _at(random, words, lambda word: _misheard(random, word))),
        ("transliteration", lambda: _at(random, words, lambda word: _spelt(random, word))),
        ("transliteration", lambda: _at(random, words, lambda word: _spelt(random, word))),
        ("order", lambda: words[::-1] if len(words) > 1 else None),
        ("nickname", lambda: _at(random, words, lambda word: _called(random, word))),
        ("nickname", lambda: _at(random, words, lambda word: _called(random, word))),
        ("former name", lambda: one.former.split() if one.former and len(words) > 1 else None),
        ("partial", lambda: _partial(random, words)),
    ]
    for _ in range(12):
        kind, work = random.choice(kinds)
        if changed := work():
            question.noise.append(kind)
            return changed
    return words


def _at(random: Random, words: list[str], change: Callable[[str], str | None]) -> list[str] | None:
    for place in random.sample(range(len(words)), len(words)):
        if changed := change(words[place]):
            return [*words[:place], changed, *words[place + 1 :]]
    return None


def _typo(random: Random, word: str) -> str | None:
    if len(word) < 4:
        return None
    at = random.randrange(len(word) - 1)
    letter = word[at].lower()
    return {
        0: word[:at] + word[at + 1 :],
        1: word[:at] + word[at] + word[at:],
        2: word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        3: word[:at] + _BESIDE.get(letter, "e") + word[at + 1 :],
    }[random.randrange(4)]


def _misheard(random: Random, word: str) -> str | None:
    for one, other in random.sample(_HEARD, len(_HEARD)):
        for said, heard in ((one, other), (other, one)):
            at = word.lower().find(said, 1)
            if at > 0:
                return word[:at] + heard + word[at + len(said) :]
    return None


def _spelt(random: Random, word: str) -> str | None:
    for group in _SPELT:
        if word.lower() in group:
            return random.choice([one for one in group if one != word.lower()]).title()
    return None


def _called(random: Random, word: str) -> str | None:
    return random.choice(_CALLED[word.lower()].split()) if word.lower() in _CALLED else None


def _partial(random: Random, words: list[str]) -> list[str] | None:
    if len(words) < 2:
        return None
    place = random.randrange(len(words))
    return [
        word[: random.choice((1, 3, 4))] if at == place and len(word) > 4 else word for at, word in enumerate(words)
    ]


# --- the rest -----------------------------------------------------------------------------------------------------


def _birth(random: Random, born: date | None, question: Question) -> str:
    assert born
    day, month, year = born.day, born.month, born.year
    if random.random() < BIRTH_NOISE:
        how = random.randrange(3)
        if how == 0 and day <= 12 and day != month:
            day, month = month, day
            question.noise.append("day and month swapped")
        elif how == 1:
            day = _digit(random, day, 28)
            question.noise.append("wrong digit in the date")
        else:
            year += random.choice((-10, -2, -1, 1, 2, 10)) if year < 2014 else -1
            question.noise.append("wrong year")
    shape = random.choice(_DAYS[:-1] if year < 1930 else _DAYS)
    return shape.format(
        day, month, year, random.choice((_MONTHS[month - 1], _MONTHS[month - 1][:3])), f"{year % 100:02d}"
    )


def _digit(random: Random, day: int, most: int) -> int:
    near = [one for one in range(1, most + 1) if one != day and (one % 10 == day % 10 or one // 10 == day // 10)]
    return random.choice(near)


def _postcode(random: Random, postcode: str) -> str:
    return random.choice((postcode, postcode.lower(), postcode.replace(" ", ""), postcode.replace(" ", "").lower()))


def _street(random: Random, lines: str) -> str:
    street = lines.split(",")[-1].strip()
    number, _, name = street.partition(" ")
    return random.choice((street, name, name.rsplit(" ", 1)[0], f"{number} {name.rsplit(' ', 1)[0]}")).lower()


def _phone(random: Random, number: str) -> str:
    local = "0" + number[3:]
    return random.choice(
        (
            local,
            number,
            f"{local[:5]} {local[5:]}",
            f"{local[:5]} {local[5:8]} {local[8:]}",
            f"+44 (0){local[1:5]} {local[5:]}",
        )
    )
