"""The whole borough, neighbourhood by neighbourhood: invent it, let it live, write it down."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from random import Random

from accounts.models import Organisation, Team
from accounts.working_time import add_months, at_local, local_day
from desk.borough import arriving, beginning, front, present, truth, twice
from desk.borough.book import Book
from desk.borough.luck import Luck
from desk.borough.numbers import Keys
from desk.borough.pages import Pages
from desk.borough.people import invent_families
from desk.borough.places import Places
from desk.borough.staff import A_DISTRICT, NEIGHBOURHOODS, Staff, hire
from desk.borough.ways import Ways
from desk.borough.world import World
from residents.matching import FORMER
from residents.models import Resident
from residents.search_rows import line_of

Told = Callable[[str, float], None]
LARGE = 10_000
"""From so many residents on, building the indexes afterwards is quicker than keeping them."""
A_NEIGHBOURHOOD = A_DISTRICT / NEIGHBOURHOODS
"""About so many residents live through their years together; 10 years of them take about 600 MB of memory."""


@dataclass(frozen=True)
class Plan:
    """What is wanted: the same plan makes the same borough, on however many processes."""

    residents: int
    months: int
    seed: int
    end: datetime

    @property
    def start(self) -> datetime:
        """The morning on which the borough begins to use the system."""
        return at_local(add_months(local_day(self.end), -self.months), _NINE)

    @cached_property
    def neighbourhoods(self) -> int:
        """How many there are."""
        return max(1, round(self.residents / A_NEIGHBOURHOOD))

    @property
    def small(self) -> bool:
        """Whether it is for a demonstration: made in one go, and with accidents that would blur what a large one measures."""
        return self.residents < LARGE

    def residents_of(self, number: int) -> int:
        """How many people live in one neighbourhood."""
        share, more = divmod(self.residents, self.neighbourhoods)
        return share + (number < more)

    def district_of(self, number: int, districts: int) -> int:
        """Which district a neighbourhood belongs to."""
        return number * districts // self.neighbourhoods

    def random(self, what: object) -> Random:
        """Chance for one part of the borough, which does not depend on the other parts."""
        return Luck(f"{self.seed} {what}")


def hire_staff(plan: Plan, password: str) -> list[Staff]:
    """Write everybody who signs in, by district."""
    book = Book(plan.random("staff"), plan.start)
    council = Organisation.objects.get(kind=Organisation.Kind.COUNCIL)
    front_door = Team.objects.get(organisation=council, name="Front door")
    districts = hire(book, council, front_door, password, plan.residents)
    book.write()
    book.continue_keys()
    return districts


def invent(plan: Plan, number: int, districts: list[Staff], told: Told, *, used: dict[str, int] | None = None, pages: Pages | None = None, ways: Ways | None = None) -> Book:  # fmt: skip
    """Let one neighbourhood live until the end, and hand its rows on. `told` hears what goes on and how far it is."""
    random = plan.random(number)
    start, end = plan.start, plan.end
    book = Book(random, start, keys=Keys(number, plan.neighbourhoods, used), pages=pages)
    staff = districts[plan.district_of(number, len(districts))]
    if plan.neighbourhoods > 1:
        staff = staff.of_neighbourhood(number)
    places = Places(random, number, plan.neighbourhoods)
    residents = plan.residents_of(number)
    families = invent_families(random, residents, local_day(end), places)
    world = World(book, staff, families, places, start=start, end=end, ways=ways)
    hidden = max(1, residents // 400)
    for family in families[:hidden]:
        family.restricted = True
    open_families = [family for family in families if not family.restricted]
    cut = int(len(open_families) * 0.36)
    world.spawn(start, arriving.taken_over(world, open_families[:cut]))
    beginning.go_on(world, open_families[:cut])
    world.spawn(start, front.doors_open(world, [*families[:hidden], *open_families[cut:]]))
    truth.plant(world, open_families)
    present.wait_today(world, first=number == 0)
    if plan.small:
        twice.plant(world, residents, plan.random(f"twice {number}"))
    span = (end - start) or timedelta(days=1)
    world.live(lambda at: told("living through", max(0.0, (at - start) / span)))
    write_keys(book, [one for family in world.families for one in family.every_record()])
    book.truth = truth.found(world)
    book.write()
    return book


def write_keys(book: Book, people: list[Resident]) -> None:
    """What everybody is found by. Confidential addresses stay out."""
    for one in people:
        places = [(row, row.address) for row in book.of["addresses", one.id] if row.address and not row.confidential]
        line = line_of(
            one.id,
            reference=one.reference,
            name=one.name,
            preferred=one.preferred_name,
            born=one.born_on,
            birth=one.birth,
            restricted=one.restricted,
            phones=[_dated(row.number, row.until) for row in book.of["phones", one.id]],
            emails=[_dated(row.address, row.until) for row in book.of["emails", one.id]],
            places=[(_dated("", row.until), place.lines, place.postcode, place.uprn) for row, place in places],
        )
        book.find_by(line)


def _dated(what: str, until: date | None) -> str:
    return f"{FORMER}{what}" if until else what


_NINE = time(9)
