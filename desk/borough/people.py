"""Households as they are: families, lone parents, couples, shared homes, single people, three generations."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from accounts.working_time import add_months
from desk.borough.names import SHORT, Origin, any_origin, family_name, full_name, given_name
from desk.borough.places import Home, Places
from residents.models import Birth, Household, Membership, Relationship, Resident

PART, KIND = Membership.Part, Relationship.Kind
SHAPES = (
    ("family", 30),
    ("lone_parent", 22),
    ("couple", 9),
    ("single", 24),
    ("older", 11),
    ("shared", 6),
    ("three", 7),
)
ADULT_DAYS, YEAR = 18 * 365, 365.25


@dataclass(slots=True)
class Person:
    """Someone before they are on record."""

    name: str
    woman: bool
    born_on: date
    part: str
    preferred: str = ""
    resident: Resident | None = None


@dataclass(slots=True, eq=False)
class Family:
    """A household of the borough: who they are, where they live, and what has happened to them so far."""

    people: list[Person]
    origin: Origin
    home: Home | None
    trouble: float
    language: str = ""
    interpreter: bool = False
    taken_over: bool = False
    restricted: bool = False
    household: Household | None = None
    last_theme: str = ""
    busy: bool = False
    placed: bool = False
    root: str = ""
    slide: Any = None
    landline: str = ""
    again: list[tuple[Resident, Resident]] = field(default_factory=list)
    referrals: list[Any] = field(default_factory=list)

    @property
    def has_children(self) -> bool:
        """Whether somebody is a child of the household."""
        return any(one.part == PART.CHILD for one in self.people)

    @property
    def speaker(self) -> Person:
        """Who rings: the first adult."""
        return self.people[0]

    def ties_of(self, person: Person) -> Iterator[tuple[Person, str, bool]]:
        """Others on record who are family of theirs, as what, and whether the other one is the parent of the two."""
        parents = [one for one in self.people if one.part == PART.PARENT]
        for other in (one for one in self.people if one.resident and one is not person):
            if {person.part, other.part} == {PART.PARENT, PART.CHILD}:
                yield other, KIND.PARENT, other.part == PART.PARENT
            elif {person.part, other.part} == {PART.ADULT, PART.PARTNER} or (person in parents and other in parents):
                yield other, KIND.PARTNER, True
            elif PART.GRANDPARENT in (person.part, other.part) and self.people[0] in (person, other):
                yield other, KIND.PARENT, other.part == PART.GRANDPARENT

    def residents(self) -> list[Resident]:
        """Those on record."""
        return [one.resident for one in self.people if one.resident]

    def every_record(self) -> list[Resident]:
        """The same with the second records that they have by accident."""
        return [*self.residents(), *(second for _, second in self.again)]


def invent_families(random: Random, number: int, today: date, places: Places) -> list[Family]:
    """Households with so many people in all."""
    families, people = [], 0
    while people < number:
        family = _invent(random, today, places)
        family.people = family.people[: number - people]
        people += len(family.people)
        families.append(family)
    return families


def _invent(random: Random, today: date, places: Places) -> Family:
    origin = any_origin(random)
    shape = random.choices([name for name, _ in SHAPES], [share for _, share in SHAPES])[0]
    people = _SHAPES[shape](random, origin, today)
    language = random.choice(origin.languages)
    homeless = shape == "single" and random.random() < 0.07
    return Family(
        people=people,
        origin=origin,
        home=None if homeless else places.any_home(),
        trouble=random.lognormvariate(0, 0.9) * (1.5 if shape in ("family", "lone_parent", "three") else 1.0),
        language=language,
        interpreter=bool(language) and random.random() < origin.interpreter,
    )


def _born(random: Random, today: date, youngest: float, oldest: float) -> date:
    return today - timedelta(days=int(random.uniform(youngest, oldest) * YEAR))


def _person(random: Random, origin: Origin, family: int, born: date, part: str, *, woman: bool | None = None, father: str = "") -> Person:  # fmt: skip
    woman = random.random() < 0.5 if woman is None else woman
    given = given_name(random, origin, woman=woman)
    preferred = SHORT.get(given, "") if random.random() < 0.6 else ""
    return Person(full_name(origin, given, family, woman=woman, father=father), woman, born, part, preferred)


def _children(
    random: Random, origin: Origin, family: int, mother: date, father: Person | None, today: date
) -> list[Person]:
    """Children of a mother, the eldest first; now and then twins, now and then a son with his father's name."""
    children: list[Person] = []
    given = father.name.split()[0] if father else ""
    wanted = random.choices((1, 2, 3, 4, 5), (34, 36, 18, 8, 4))[0]
    born = add_months(mother, random.randint(18 * 12, 30 * 12))
    while len(children) < wanted and born < today - timedelta(days=30):
        if (today - born).days < 20 * YEAR:
            children.append(_person(random, origin, family, born, PART.CHILD, father=given))
            if random.random() < 0.02:
                children.append(_person(random, origin, family, born, PART.CHILD, father=given))
        born = add_months(born, random.randint(15, 62))
        if (born - mother).days > 44 * YEAR:
            break
    sons = [child for child in children if not child.woman]
    if father and sons and random.random() < 0.03:
        sons[0].name, sons[0].preferred = father.name, "Junior"
    return _distinct(random, origin, family, children, given)


def _distinct(random: Random, origin: Origin, family: int, children: list[Person], father: str) -> list[Person]:
    """Brothers and sisters have different names."""
    seen: set[str] = set()
    for child in children:
        while child.name in seen:
            given = given_name(random, origin, woman=child.woman)
            child.name = full_name(origin, given, family, woman=child.woman, father=father)
            child.preferred = SHORT.get(given, "") if child.preferred else ""
            if len(seen) > 8:
                break
        seen.add(child.name)
    return children


def _family(random: Random, origin: Origin, today: date) -> list[Person]:
    name, born = family_name(random, origin), _born(random, today, 22, 47)
    other = born - timedelta(days=random.randint(-1500, 3500))
    mother = _person(random, origin, name, born, PART.PARENT, woman=True)
    father = _person(random, origin, name, other, PART.PARENT, woman=False)
    children = _children(random, origin, name, born, father, today)
    adults = [mother, father] if random.random() < 0.6 else [father, mother]
    return [*adults, *children]


def _lone_parent(random: Random, origin: Origin, today: date) -> list[Person]:
    name, born = family_name(random, origin), _born(random, today, 20, 46)
    parent = _person(random, origin, name, born, PART.PARENT, woman=random.random() < 0.9)
    return [parent, *_children(random, origin, name, born, None if parent.woman else parent, today)]


def _couple(random: Random, origin: Origin, today: date) -> list[Person]:
    name, born = family_name(random, origin), _born(random, today, 24, 80)
    other = born - timedelta(days=random.randint(-1500, 2500))
    return [
        _person(random, origin, name, born, PART.ADULT, woman=True),
        _person(random, origin, name, other, PART.PARTNER, woman=random.random() < 0.04),
    ]


def _single(random: Random, origin: Origin, today: date) -> list[Person]:
    return [_person(random, origin, family_name(random, origin), _born(random, today, 18, 64), PART.ADULT)]


def _older(random: Random, origin: Origin, today: date) -> list[Person]:
    return [_person(random, origin, family_name(random, origin), _born(random, today, 65, 93), PART.ADULT)]


def _shared(random: Random, origin: Origin, today: date) -> list[Person]:
    return [
        _person(random, origin, family_name(random, origin), _born(random, today, 19, 45), PART.ADULT)
        for _ in range(random.randint(2, 4))
    ]


def _three(random: Random, origin: Origin, today: date) -> list[Person]:
    people = _family(random, origin, today) if random.random() < 0.6 else _lone_parent(random, origin, today)
    parent = people[0]
    born = parent.born_on - timedelta(days=random.randint(20, 34) * 365)
    name = family_name(random, origin)
    grandmother = _person(random, origin, name, born, PART.GRANDPARENT, woman=random.random() < 0.75)
    return [*people, grandmother]


_SHAPES = {
    "family": _family, "lone_parent": _lone_parent, "couple": _couple, "single": _single, "older": _older, "shared": _shared,
    "three": _three,
}  # fmt: skip


def known_birth(random: Random, born: date) -> tuple[date | None, str]:
    """How much of a date of birth is on record."""
    kind = random.choices((Birth.FULL, Birth.MONTH, Birth.YEAR, Birth.ESTIMATED, Birth.UNKNOWN), (93, 2, 2, 1, 2))[0]
    if kind == Birth.UNKNOWN:
        return None, kind
    if kind == Birth.MONTH:
        return born.replace(day=1), kind
    return (born, kind) if kind == Birth.FULL else (born.replace(month=1, day=1), kind)
