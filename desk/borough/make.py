"""The whole borough: invent it, let it live, write it down."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from random import Random

from accounts.models import Organisation, Team
from accounts.working_time import add_months, at_local, local_day
from desk.borough import arriving, beginning, front, present
from desk.borough.book import Book
from desk.borough.people import invent_families
from desk.borough.places import Places
from desk.borough.staff import hire
from desk.borough.world import World
from residents.models import Resident
from residents.search import keys_for

Told = Callable[[str, float], None]


def invent(*, residents: int, months: int, seed: int, end: datetime, password: str, told: Told) -> Book:
    """Everything that the borough has left by `end`, not written yet. `told` hears what goes on and how far it is."""
    random = Random(seed)
    start = at_local(add_months(local_day(end), -months), _NINE)
    book = Book(random, start)
    council = Organisation.objects.get(kind=Organisation.Kind.COUNCIL)
    staff = hire(book, council, Team.objects.get(organisation=council, name="Front door"), password)
    places = Places(random)
    families = invent_families(random, residents, local_day(end), places)
    world = World(book, staff, families, places, start=start, end=end)
    for family in families[: max(1, residents // 400)]:
        family.restricted = True
    open_families = [family for family in families if not family.restricted]
    cut = int(len(open_families) * 0.36)
    world.spawn(start, arriving.taken_over(world, open_families[:cut]))
    beginning.go_on(world, open_families[:cut])
    waiting = [*families[: max(1, residents // 400)], *open_families[cut:]]
    world.spawn(start, front.doors_open(world, waiting))
    span = (end - start) or timedelta(days=1)
    present.wait_today(world)
    world.live(lambda at: told("living through", max(0.0, (at - start) / span)))
    told("writing search keys", 1.0)
    write_keys(book, [one for family in world.families for one in family.residents()])
    return book


def write_keys(book: Book, people: list[Resident]) -> None:
    """The keys by which everybody is found. Confidential addresses stay out."""
    for one in people:
        places = [row.address for row in book.of["addresses", one.pk] if row.address and not row.confidential]
        keys = keys_for(
            name=one.name,
            reference=one.reference,
            other_names=[one.preferred_name] if one.preferred_name else [],
            born=one.born_on,
            birth=one.birth,
            phones=[row.number for row in book.of["phones", one.pk]],
            emails=[row.address for row in book.of["emails", one.pk]],
            postcodes=[place.postcode for place in places],
            lines=[place.lines for place in places],
        )
        book.keys += [(key, one.pk) for key in sorted(keys)]


_NINE = time(9)
