"""People who came onto the record a second time by accident, as happens at a front door: so that the queue of likely pairs has some to show.

A few, and only in a small borough: the large ones are for measuring. Who they are stands in the truth.
"""

from collections.abc import Callable
from datetime import date, timedelta
from random import Random

from accounts.models import User
from accounts.working_time import local_day
from desk.borough.clock import office, soon
from desk.borough.names import SHORT
from desk.borough.people import Family, Person
from desk.borough.themes import BY_KEY, in_their_words
from desk.borough.verbs import intake, triage
from desk.borough.verbs import residents as verbs
from desk.borough.world import Story, World
from residents.models import Address, Birth, Resident, Tenure

ONE_IN = 200
"""Of so many residents one is on record twice."""
DAYS_AGO = (2, 200)


def plant(world: World, residents: int, luck: Random) -> None:
    """Let it happen in the last months that officers begin records of people who have one."""
    for number in range(residents // ONE_IN):
        ago = timedelta(days=luck.randint(*DAYS_AGO))
        world.spawn(office(luck, max(world.start, world.end - ago)), _second(world, luck, number))


def _second(world: World, luck: Random, number: int) -> Story:
    at = yield world.start
    how, fits = SLIPS[number % len(SLIPS)]
    if found := _somebody(world, luck, fits):
        family, person = found
        yield from _begin_again(world, family, person, how, luck, number)
    _ = at


def _somebody(world: World, luck: Random, fits: Callable[[Person], bool]) -> tuple[Family, Person] | None:
    """An adult with a full date of birth and a home that is no secret, whose record shows what this slip needs."""
    for _ in range(400 if world.known else 0):
        family = luck.choice(world.known)
        person = family.speaker
        one = person.resident
        if family.placed or family.again or one is None or one.restricted or one.birth != Birth.FULL:
            continue
        if fits(person) and _home(world, one) and world.book.of["phones", one.id]:
            return family, person
    return None


def _home(world: World, one: Resident) -> Address | None:
    rows = [row for row in world.book.of["addresses", one.id] if row.until is None and not row.confidential]
    return rows[-1].address if rows else None


def _begin_again(world: World, family: Family, person: Person, how: str, luck: Random, number: int) -> Story:
    """Somebody rings about something small, is not found under what they say, and is registered."""
    book, by = world.book, luck.choice(world.staff.front)
    first, at, day = person.resident, book.now, local_day(book.now)
    assert first is not None and first.born_on is not None
    name, born = _as_heard(how, person.name, first.born_on)
    address, known = _home(world, first), book.of["phones", first.id][-1].number
    assert address is not None
    again = verbs.register_resident(book, name=name, born_on=born, by=by, at=at)
    if how == "moved":
        home = world.places.any_home(Tenure.PRIVATE)
        where = {"lines": home.lines, "postcode": home.postcode, "uprn": home.uprn, "ward": world.wards.get(home.ward)}
    else:
        where = {"lines": address.lines, "postcode": address.postcode, "uprn": address.uprn, "ward": address.ward}
    if how != "order":  # whoever writes names that way round has not asked where they live
        verbs.move_to(book, again, **where, since=day, by=by)
    changed = how in ("nickname", "slip") and number % 2
    phone = world.ways.mobile(again, luck.randint(0, 999)) if changed else known
    verbs.add_phone(book, again, number=phone, since=day, by=by)
    family.again.append((first, again))
    yield from _asks(world, again, by, luck)


def _asks(world: World, again: Resident, by: User, luck: Random) -> Story:
    """What they rang about: nothing that leads to more."""
    book, theme, received = world.book, BY_KEY["information"], world.book.now
    at = yield soon(luck, received, (4, 11))
    row = intake.record_contact(
        book,
        again,
        channel="phone_in",
        received_at=received,
        words=in_their_words(luck, theme),
        basis="privacy_notice",
        needs=[world.needs[theme.needs[0]]],
        answers={},
        team=world.team_of(by),
        by=by,
        at=at,
        transactional=True,
        demand="value",
    )
    tier = triage.judged(book, row)[1].suggested_tier
    triage.decide_tier(book, row, tier=tier, outcome="advice", by=by, at=at, team=world.team_of(by))


# --- how a second record differs ----------------------------------------------------------------------------------


def _as_heard(how: str, name: str, born: date) -> tuple[str, date | None]:
    """The name and the date of birth as the second officer wrote them."""
    given, *between, family = name.split()
    if how == "nickname":
        return " ".join((SHORT[given], family)), born
    if how == "swapped":
        return name, born.replace(day=born.month, month=born.day)
    if how == "typo":
        return " ".join((given, *between, f"{family[:2]}{family[3]}{family[2]}{family[4:]}")), born
    if how == "order":
        return " ".join((family, given, *between)), born
    if how == "slip":
        return name, born.replace(year=born.year + (1 if born.year % 10 == 0 else -1))
    return name, None if how == "undated" else born


def _swaps(person: Person) -> bool:
    return person.born_on.day <= 12 and person.born_on.day != person.born_on.month


def _long(person: Person) -> bool:
    family = person.name.split()[-1]
    return len(family) > 4 and family[2] != family[3]


def _no_leap_day(person: Person) -> bool:
    return (person.born_on.month, person.born_on.day) != (2, 29)


def _anybody(person: Person) -> bool:
    return True


SLIPS: tuple[tuple[str, Callable[[Person], bool]], ...] = (
    ("swapped", _swaps), ("nickname", lambda person: person.name.split()[0] in SHORT), ("typo", _long), ("moved", _anybody),
    ("order", _anybody), ("slip", _no_leap_day), ("undated", _anybody),
)  # fmt: skip
