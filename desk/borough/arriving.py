"""How a household comes onto the record: registered, put together, reached, and now and then protected."""

from datetime import date, datetime, timedelta
from random import Random

from accounts.models import User
from accounts.working_time import local_day
from desk.borough.clock import office
from desk.borough.people import Family, Person, known_birth
from desk.borough.verbs import residents as verbs
from desk.borough.world import Story, World
from residents.models import Resident, Restriction, Tenure, Warning

WARNINGS = {
    Warning.Kind.STAFF: "Dog in the flat: ring before you come, two workers to a visit.",
    Warning.Kind.DISCLOSURE: "Do not confirm to anybody who rings that they are known to us or where they live.",
    Warning.Kind.ADULT_AT_RISK: "A relative holds the bank card. Speak to them alone.",
    Warning.Kind.SELF: "Has spoken of harming themselves. Ask each time; the crisis line number is on the record.",
    Warning.Kind.MARAC: "Discussed at MARAC. Safe number only, before three.",
}
REVIEWED, LOOKED_AT = (70, 92), (160, 184)
NEEDS = (
    "Hard of hearing: speak slowly, text rather than ring.",
    "Large print, please.",
    "Reads slowly: explain by phone.",
    "Uses a wheelchair.",
)


def arrive(world: World, family: Family, by: User | None) -> None:
    """Register everybody of a household and how they are reached."""
    book, random, day = world.book, world.random, local_day(world.book.now)
    since = day - timedelta(days=random.randint(20, 2400))
    for person in family.people:
        if person.born_on > day:
            days = (person.born_on - day).days + 10
            world.spawn(office(random, book.now, days=(days, days + 30)), _born(world, family, person))
        else:
            _enter(world, family, person, since, by)
    if not family.restricted:
        world.meet(family)


def _born(world: World, family: Family, person: Person) -> Story:
    """A child is born into a household that is on record."""
    yield world.book.now
    if family.home and not family.placed:
        _enter(world, family, person, person.born_on, world.officer())
    else:
        _enter(world, family, person, person.born_on, world.officer(), housed=False)


def _enter(world: World, family: Family, person: Person, since: date, by: User | None, *, housed: bool = True) -> None:
    book, random, day = world.book, world.random, local_day(world.book.now)
    born, birth = known_birth(random, person.born_on)
    person.resident = verbs.register_resident(
        book,
        name=person.name,
        preferred_name=person.preferred,
        born_on=born,
        birth=birth,
        language=family.language if person is family.speaker or world.chance(0.6) else "",
        needs_interpreter=family.interpreter and person.part != "child",
        communication_needs=random.choice(NEEDS) if world.chance(0.02) else "",
        by=by,
        at=book.now,
    )
    joined = max(since, person.born_on)
    if family.household is None:
        family.household = verbs.start_household(book, person.resident, part=person.part, since=since, by=by)
    else:
        verbs.join_household(book, person.resident, household=family.household, part=person.part, since=joined, by=by)
    for other, kind, first in family.ties_of(person):
        pair = (other.resident, person.resident) if first else (person.resident, other.resident)
        verbs.relate(book, *pair, kind=kind, by=by)
    if housed:
        _house(world, family, person.resident, joined, by)
    if person.part != "child" or (day - person.born_on).days > 15 * 365:
        _reach(world, family, person.resident, day, by)


def _house(world: World, family: Family, resident: Resident, since: date, by: User | None) -> None:
    book = world.book
    if family.home is None:
        verbs.record_no_fixed_abode(book, resident, since=local_day(book.now), by=by)
        if world.chance(0.4):
            home = world.places.any_home(Tenure.OWNER)
            verbs.record_care_of(
                book,
                resident,
                care_of="A friend who takes their post",
                lines=home.lines,
                postcode=home.postcode,
                since=local_day(book.now),
                by=by,
            )
        return
    home = family.home
    verbs.move_to(
        book,
        resident,
        lines=home.lines,
        postcode=home.postcode,
        uprn=home.uprn,
        ward=world.wards.get(home.ward),
        tenure=home.tenure,
        since=since,
        by=by,
    )


def _reach(world: World, family: Family, resident: Resident, day: date, by: User | None) -> None:
    random, book = world.random, world.book
    if world.chance(0.9):
        mobile, drawn = world.chance(0.85), random.randint(0, 999)
        number = world.ways.mobile(resident, drawn) if mobile else world.ways.landline(family, drawn)
        safe = not world.chance(0.04)
        verbs.add_phone(
            book,
            resident,
            number=number,
            safe_to_call=safe,
            safe_to_text=safe and number.startswith("+447"),
            safe_to_leave_message=safe and world.chance(0.5),
            note="" if safe else "Only before three",
            since=day,
            by=by,
        )
    if world.chance(0.45):
        word = "".join(
            letter for letter in resident.name.lower().replace(" ", ".") if letter.isascii() and letter != "'"
        )
        address = f"{word}{world.ways.email(word, random.randint(1, 99))}@{random.choice(('example.org', 'post.example', 'mail.example'))}"
        verbs.add_email(book, resident, address=address, safe_to_write=not world.chance(0.05), since=day, by=by)


def taken_over(world: World, families: list[Family]) -> Story:
    """Households that the former system knew are entered in the first weeks."""
    at = yield world.start
    administrator = world.staff.front[0]
    for family in families:
        at = yield at + timedelta(minutes=world.random.randint(1, 3))
        arrive(world, family, administrator)
    _ = at


def warn(world: World, family: Family, kind: str, at: datetime) -> None:
    """A manager agrees to a warning on the one who came."""
    resident = family.speaker.resident
    if resident is None:
        return
    team = world.random.choice(list(world.staff.managers))
    review = local_day(at) + timedelta(days=180)
    if (kind, resident.id) in world.book.of["warned", 0]:
        return
    world.book.of["warned", 0].append((kind, resident.id))
    manager, luck = world.manager_of(team), Random(resident.id)
    row = verbs.add_warning(world.book, resident, kind=kind, text=WARNINGS[kind], review_on=review, by=manager, at=at)
    world.spawn(office(luck, at, days=LOOKED_AT), _does_it_hold(world, row, manager, luck))


def _does_it_hold(world: World, warning: Warning, manager: User, luck: Random) -> Story:
    """Whoever agreed to a warning looks at it again about when it is due, until it holds no longer."""
    yield world.book.now
    while luck.random() < 0.7:
        at = world.book.now
        review = local_day(at) + timedelta(days=180)
        verbs.review_warning(world.book, warning, text=warning.text, review_on=review, by=manager, at=at)
        yield office(luck, at, days=LOOKED_AT)
    verbs.end_warning(world.book, warning, by=manager, at=world.book.now, on=local_day(world.book.now))


def restrict(world: World, family: Family, lead: User, at: datetime) -> None:
    """Protect the one who came: only the lead, a manager and named people may open the record."""
    resident = family.speaker.resident
    if resident and not resident.restricted:
        manager = next(one for one in world.staff.managers.values() if world.team_of(one) == world.team_of(lead))
        reason, of_staff = "Related to a member of staff", Restriction.Category.STAFF_INTEREST
        row = verbs.restrict_resident(
            world.book, resident, named=[lead], reason=reason, category=of_staff, by=manager, at=at
        )
        luck = Random(resident.id)  # apart, so that a review more changes nobody else's fate
        world.spawn(office(luck, at, days=REVIEWED), _looked_at_again(world, row, manager, luck))


def _looked_at_again(world: World, restriction: Restriction, manager: User, luck: Random) -> Story:
    """Whoever restricted the record looks at it again in time; now and then a little late."""
    yield world.book.now
    while True:
        kept = {"category": restriction.category, "reason": "They still work here", "by": manager}
        verbs.keep_restriction(world.book, restriction, at=world.book.now, **kept)
        yield office(luck, world.book.now, days=REVIEWED)
