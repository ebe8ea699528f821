"""Invented registers of a borough: families, twins, juniors, flat-shares, and people whom two officers wrote down differently.

The same seed gives the same register. What is true (which rows are one person) stands in a column that no matcher is given.
"""

from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import accumulate
from random import Random

from bench.match.customs import BY_EAR, CALLED, CUSTOMS, EAR, SHORT, STREET_FIRST, STREET_LAST, Custom

ROWS, PAIRS = 235_000, 17_000
THRICE = 500  # people with three rows: three pairs each
TODAY = date(2026, 11, 1)
_KEYS = "qwertyuiop asdfghjkl zxcvbnm"


@dataclass(slots=True)
class Row:
    """One entry of the register: `person` is the truth."""

    person: int
    given: str
    family: str
    born: str
    lines: str
    postcode: str
    phone: str
    email: str
    nhs: str
    woman: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """A home."""

    number: int
    flat: int
    street: str
    postcode: str

    def lines(self) -> str:
        """As most officers write it."""
        return f"Flat {self.flat}, {self.number} {self.street}" if self.flat else f"{self.number} {self.street}"


class Maker:
    """Makes people, homes and numbers from one seed."""

    def __init__(self, seed: int, *, rows: int = ROWS, pairs: int = PAIRS) -> None:
        self.by = Random(seed)
        thrice = THRICE * pairs // PAIRS
        self.twice, self.thrice = pairs - 3 * thrice, thrice
        self.people = rows - self.twice - 2 * thrice
        self._weights = {id(pool): _steep(len(pool)) for custom in CUSTOMS for pool in _pools(custom)}
        self._custom = list(accumulate(custom.share for custom in CUSTOMS))
        streets = [f"{first} {last}" for first in STREET_FIRST for last in self.by.sample(STREET_LAST, 7)]
        self.streets = [(street, [self._postcode() for _ in range(self.by.randint(4, 11))]) for street in streets]

    def _postcode(self) -> str:
        letters = "ABDEFGHJLNPQRSTUWXYZ"
        area = self.by.choice(
            (
                "RM8 1",
                "RM8 2",
                "RM8 3",
                "RM9 4",
                "RM9 5",
                "RM9 6",
                "RM10 7",
                "RM10 8",
                "RM10 9",
                "IG11 0",
                "IG11 7",
                "IG11 8",
                "IG11 9",
            )
        )
        return f"{area}{self.by.choice(letters)}{self.by.choice(letters)}"

    def pick(self, pool: tuple[str, ...]) -> str:
        """A name, the first of the list the commonest."""
        return pool[bisect(self._weights[id(pool)], self.by.random())]

    def custom(self) -> Custom:
        """A custom of naming, by its share."""
        return CUSTOMS[bisect(self._custom, self.by.random() * self._custom[-1])]

    def place(self) -> Place:
        """A home somewhere in the borough."""
        street, postcodes = self.by.choice(self.streets)
        number = self.by.randint(1, 180)
        flat = self.by.randint(1, 40) if self.by.random() < 0.3 else 0
        return Place(number, flat, street, postcodes[number * len(postcodes) // 181])

    def mobile(self) -> str:
        """A mobile number, of the range that is kept for stories where it can be told from life."""
        return f"07{self.by.randint(300_000_000, 999_999_999)}"

    def landline(self) -> str:
        """A number of the house."""
        return f"020{self.by.randint(80_000_000, 85_999_999)}"

    def born(self, least: int, most: int) -> date:
        """A birthday at an age between these."""
        return TODAY - timedelta(days=self.by.randint(least * 365, most * 365 + 364))

    def given(self, custom: Custom, woman: bool) -> str:
        """A given name, or two, as the custom has it."""
        name = self.pick(custom.women if woman else custom.men)
        if not woman and custom.before and self.by.random() < 0.45:
            first = self.by.choice(custom.before)
            return name if first == name else f"{first} {name}"
        return name

    def nhs(self) -> str:
        """A ten-digit number."""
        return str(self.by.randint(4_000_000_000, 7_999_999_999))


def _pools(custom: Custom) -> list[tuple[str, ...]]:
    return [pool for pool in (custom.women, custom.men, custom.families, custom.families_of_women) if pool]


def _steep(count: int) -> list[float]:
    """Running shares of a list of names, the first the commonest."""
    weights = [1 / (place + 4) ** 0.85 for place in range(count)]
    whole, shares = sum(weights), []
    total = 0.0
    for weight in weights:
        total += weight / whole
        shares.append(total)
    shares[-1] = 1.0
    return shares


def make(seed: int, *, rows: int = ROWS, pairs: int = PAIRS) -> list[Row]:
    """The register of a seed, in no order."""
    maker = Maker(seed, rows=rows, pairs=pairs)
    people: list[tuple[Row, Place]] = []
    kept: list[tuple[str, Custom, Place]] = []
    while len(people) < maker.people:
        people += _home(maker, kept)
    del people[maker.people :]
    register = []
    order = list(range(len(people)))
    maker.by.shuffle(order)
    copies = dict.fromkeys(order[: maker.twice], 1)
    copies |= dict.fromkeys(order[maker.twice : maker.twice + maker.thrice], 2)
    for number, (row, place) in enumerate(people):
        row = replace(row, person=number)
        register.append(_first_hand(maker, row))
        register += [_again(maker, row, place) for _ in range(copies.get(number, 0))]
    maker.by.shuffle(register)
    return register


# --- homes --------------------------------------------------------------------------------------------------------


def _home(maker: Maker, kept: list[tuple[str, Custom, Place]]) -> list[tuple[Row, Place]]:
    """The people of one home."""
    by, place, custom = maker.by, maker.place(), maker.custom()
    family = maker.pick(custom.families)
    if kept and by.random() < 0.12:  # relatives elsewhere in the borough, a few of them in the parents' home
        family, custom, theirs = by.choice(kept[-4000:])
        place = theirs if by.random() < 0.1 else place
    landline = maker.landline() if by.random() < 0.45 else ""
    shape = by.random()
    if shape < 0.08:
        found = [_adult(maker, maker.custom(), "", "", by.random() < 0.5, (19, 38)) for _ in range(by.randint(2, 5))]
    elif shape < 0.30:
        found = [_adult(maker, custom, family, landline, by.random() < 0.5, (20, 92))]
    else:
        found = list(_family(maker, custom, family, landline, shape))
    if by.random() < 0.3:
        kept.append((family, custom, place))
    return [(replace(row, lines=place.lines(), postcode=place.postcode), place) for row in found]


def _adult(maker: Maker, custom: Custom, family: str, landline: str, woman: bool, ages: tuple[int, int]) -> Row:
    by = maker.by
    phone = maker.mobile() if by.random() < 0.75 else landline
    given, family = maker.given(custom, woman), family or maker.pick(custom.families)
    email = ""
    if by.random() < 0.35:
        email = f"{given.split()[-1].lower()}.{family.lower()}{by.randint(1, 999)}@example.org"
    nhs = maker.nhs()
    return Row(0, given, family, maker.born(*ages).isoformat(), "", "", phone, email, nhs, woman)


def _family(maker: Maker, custom: Custom, family: str, landline: str, shape: float) -> Iterator[Row]:
    """Parents, children, now and then a grandparent. Twins and sons of their father's name come as in life."""
    by = maker.by
    least = 24 if shape < 0.85 else 45
    father = _adult(maker, custom, family, landline, False, (least, least + 30))
    age = (TODAY - date.fromisoformat(father.born)).days // 365
    hers = family
    if custom.families_of_women and by.random() < 0.7:
        hers = maker.pick(custom.families_of_women)
    elif by.random() < 0.25:
        hers = maker.pick(custom.families)
    mother = _adult(maker, custom, hers, landline, True, (max(age - 8, 19), age + 3))
    alone = 0.45 <= shape < 0.62
    if not alone:
        yield father
    yield mother
    if shape < 0.45:
        return
    surname = hers if alone and by.random() < 0.6 else family
    oldest = max(min(age - 19, 30), 0)
    birthday: date | None = None
    called: set[str] = set()
    for _ in range(by.choices((1, 2, 3, 4, 5), (32, 36, 19, 9, 4))[0]):
        twin = birthday is not None and by.random() < 0.018
        birthday = birthday if twin and birthday else maker.born(0, oldest)
        boy = by.random() < 0.5
        child = _adult(maker, custom, surname, landline, not boy, (0, 1))
        given = father.given if boy and not alone and by.random() < 0.01 else child.given
        if given in called:
            given = maker.given(custom, not boy)
        called.add(given)
        grown = (TODAY - birthday).days > 5000
        phone = child.phone if grown else (mother.phone if by.random() < 0.01 else by.choice((landline, landline, "")))
        yield replace(child, given=given, born=birthday.isoformat(), phone=phone, email=child.email if grown else "")
    if shape > 0.92:
        old = _adult(maker, custom, family, landline, by.random() < 0.6, (min(age + 20, 88), min(age + 34, 95)))
        yield replace(old, phone=landline or old.phone)


# --- what officers make of it -------------------------------------------------------------------------------------


def _first_hand(maker: Maker, row: Row) -> Row:
    """As the first officer wrote it: mostly right, not always whole."""
    by = maker.by
    return replace(
        row,
        nhs=row.nhs if by.random() < 0.5 else "",
        phone=row.phone if by.random() < 0.85 else "",
        email=row.email if by.random() < 0.8 else "",
        born=_late(maker, row.born) if by.random() < 0.05 else row.born,
        given=typo(row.given, by) if by.random() < 0.01 else row.given,
    )


def _again(maker: Maker, row: Row, place: Place) -> Row:
    """As another officer wrote down the same person, months or years later."""
    by = maker.by
    given, family = _named_again(maker, row)
    born = _born_again(maker, row.born)
    lines, postcode = _lives(maker, place)
    chance = by.random()
    phone = row.phone if chance < 0.6 else maker.mobile() if chance < 0.76 else ""
    if phone and by.random() < 0.02:
        phone = _wrong_digit(phone, by)
    nhs = "" if by.random() < 0.5 else _wrong_digit(row.nhs, by) if by.random() < 0.01 else row.nhs
    email = row.email if by.random() < 0.55 else ""
    return replace(
        row, given=given, family=family, born=born, lines=lines, postcode=postcode, phone=phone, email=email, nhs=nhs
    )


def _named_again(maker: Maker, row: Row) -> tuple[str, str]:
    by, given, family = maker.by, row.given, row.family
    chance = by.random()
    if chance < 0.08:
        given = typo(given, by)
    elif chance < 0.15 and any(word in EAR for word in given.split()):
        given = " ".join(by.choice(EAR.get(word, [word])) for word in given.split())
    elif chance < 0.21 and given in CALLED:
        given = by.choice(CALLED[given].split())
    elif chance < 0.24 and " " in given:
        given = by.choice(given.split())
    elif chance < 0.255:
        given = given[:1]
    elif chance < 0.285:
        given = (
            f"{given} {by.choice(BY_EAR).split()[0]}" if by.random() < 0.2 else f"{given} {by.choice('ABCDEJKLMNRST')}"
        )
    elif chance < 0.293:
        given = maker.given(maker.custom(), row.woman)  # known by a second name
    chance = by.random()
    if chance < 0.07:
        family = typo(family, by)
    elif chance < 0.11 and family in EAR:
        family = by.choice(EAR[family])
    elif chance < 0.15 and row.woman:
        family = maker.pick(maker.custom().families)  # married, or separated
    elif chance < 0.16:
        family = f"{family}-{maker.pick(maker.custom().families)}"
    if by.random() < 0.025:
        given, family = family, given
    return given, family


def _born_again(maker: Maker, born: str) -> str:
    chance, day = maker.by.random(), date.fromisoformat(born)
    if chance < 0.07:
        return ""
    if chance < 0.10 and day.day <= 12:
        return date(day.year, day.day, day.month).isoformat()
    if chance < 0.14:
        return _late(maker, born)
    if chance < 0.16:
        return date(day.year, 1, 1).isoformat()
    if chance < 0.17:
        return maker.born(0, 90).isoformat()  # of somebody else in the family, mostly
    return born


def _late(maker: Maker, born: str) -> str:
    """A wrong day, month or year by one slip."""
    by, day = maker.by, date.fromisoformat(born)
    for _ in range(8):
        year, month, number = day.year, day.month, day.day
        chance = by.random()
        if chance < 0.4:
            number = by.choice([number + 1, number - 1, number + 10, number - 10, number * 10 % 31 or 3])
        elif chance < 0.65:
            month = by.choice([month + 1, month - 1, month + 10, month - 10])
        else:
            year = by.choice([year + 1, year - 1, year + 10, year - 10])
        try:
            found = date(year, month, number)
        except ValueError:
            continue
        if found <= TODAY:
            return found.isoformat()
    return born


def _lives(maker: Maker, place: Place) -> tuple[str, str]:
    by = maker.by
    if by.random() < 0.17:  # moved in the meantime
        place = maker.place()
    street, chance = place.street, by.random()
    first, last = street.rsplit(" ", 1)
    if chance < 0.07:
        street = f"{first} {SHORT.get(last, last)}"
    elif chance < 0.11:
        street = f"{typo(first, by)} {last}"
    number = str(place.number)
    if place.flat:
        styles = (
            f"Flat {place.flat}, {number} {street}",
            f"{place.flat}/{number} {street}",
            f"{number} {street}, flat {place.flat}",
        )
        lines = styles[0] if by.random() < 0.75 else by.choice(styles)
        lines = f"{number} {street}" if by.random() < 0.06 else lines
    else:
        lines = f"{number} {street}"
    chance = by.random()
    postcode = place.postcode
    if chance < 0.06:
        postcode = ""
    elif chance < 0.09:
        postcode = postcode[:-1] + by.choice("ABDEFGHJLN")
    elif chance < 0.12:
        return "", postcode
    return lines, postcode


def typo(text: str, by: Random) -> str:
    """One slip of the hand."""
    if len(text) < 3:
        return text
    at = by.randrange(1, len(text))
    chance = by.random()
    if chance < 0.3:
        return text[:at] + text[at + 1 :]
    if chance < 0.5:
        return text[:at] + text[at] + text[at:]
    if chance < 0.7 and at + 1 < len(text):
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    row = next((row for row in _KEYS.split() if text[at].lower() in row), "")
    place = row.find(text[at].lower())
    near = row[max(place - 1, 0) : place + 2].replace(text[at].lower(), "") if row else "aeiou"
    return text[:at] + by.choice(near or "e") + text[at + 1 :]


def _wrong_digit(number: str, by: Random) -> str:
    at = by.randrange(3, len(number))
    return number[:at] + by.choice("0123456789".replace(number[at], "")) + number[at + 1 :]
