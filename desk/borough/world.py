"""The borough while it lives: whose turn it is, who works where, who leads how much, and what it all writes into the book."""

import heapq
from bisect import bisect
from collections import defaultdict
from collections.abc import Callable, Generator
from datetime import datetime, timedelta
from functools import cache
from itertools import accumulate
from random import Random

from accounts.models import Team, User
from cases.models import Case, ClosureReason
from desk.borough.book import Book
from desk.borough.people import Family
from desk.borough.places import Places
from desk.borough.staff import Staff
from desk.borough.ways import Ways
from intake.models import Need
from residents.models import Resident, Ward

Story = Generator[datetime, datetime, None]


class World:
    """Stories take turns in the order of time. What would happen after `end` has not happened yet."""

    def __init__(self, book: Book, staff: Staff, families: list[Family], places: Places, *, start: datetime, end: datetime, ways: Ways | None = None) -> None:  # fmt: skip
        self.book, self.staff, self.places = book, staff, places
        self.ways = ways or Ways()
        self.random: Random = book.random
        self.start, self.end = start, end
        self.families = families
        self.known: list[Family] = []
        self._weights: list[float] = []
        self.of_household: dict[int, Family] = {}
        self.needs = {need.code: need for need in Need.objects.all()}
        self.reasons = {reason.code: reason for reason in ClosureReason.objects.all()}
        self.wards = {ward.name: ward for ward in Ward.objects.all()}
        # Whoever tries the demonstration as a caseworker finds work to do.
        self.load: dict[int, int] = defaultdict(int, {staff.cast["ben"].id: -5})
        self._turns: list[tuple[datetime, int, Story]] = []
        self._number = 0
        self.shares: dict[tuple[str, int, int], Callable[[Random], str]] = {}

    # --- turns ----------------------------------------------------------------------------------------------------

    def spawn(self, at: datetime, story: Story) -> None:
        """Let a story begin at a moment."""
        next(story)
        self._push(at, story)

    def live(self, told: Callable[[datetime], None]) -> None:
        """Let everything happen until the end. `told` hears of each month that has passed."""
        month = (0, 0)
        while self._turns and self._turns[0][0] <= self.end:
            at, _, story = heapq.heappop(self._turns)
            self.book.now = at
            if month != (at.year, at.month):
                month = (at.year, at.month)
                told(at)
                self.book.pages.turn()
            try:
                due = story.send(at)
                self._push(due if due > at else at, story)
            except StopIteration:
                continue
        self.book.now = self.end

    def _push(self, at: datetime, story: Story) -> None:
        self._number += 1
        heapq.heappush(self._turns, (at, self._number, story))

    # --- people ---------------------------------------------------------------------------------------------------

    def meet(self, family: Family) -> None:
        """A household is on record from now on and may come again."""
        self.known.append(family)
        self._weights.append((self._weights[-1] if self._weights else 0.0) + family.trouble)
        self.of_household[family.household.id] = family  # type: ignore[union-attr]

    def someone_known(self) -> Family:
        """One of the households on record: those in more trouble come more often."""
        return self.known[bisect(self._weights, self.random.random() * self._weights[-1])]

    def chance(self, probability: float) -> bool:
        """Whether something happens."""
        return self.random.random() < probability

    def way(self, at: datetime) -> float:
        """How far the whole time has gone, from 0 to 1."""
        return min(1.0, max(0.0, (at - self.start) / max(self.end - self.start, timedelta(days=1))))

    # --- staff ----------------------------------------------------------------------------------------------------

    def officer(self) -> User:
        """Whoever is free at the front door."""
        return self.random.choice(self.staff.front)

    def team_of(self, user: User) -> Team:
        """The team that someone works in."""
        return self.staff.home_team[user.id]

    def lead_for(self, team: str) -> User:
        """The caseworker of a team who leads the fewest cases."""
        return min(self.staff.workers[team], key=lambda one: (self.load[one.id], one.id))

    def colleague(self, lead: User, team: Team) -> User | None:
        """Somebody else who works in the team of a case, in whichever district it is."""
        here = next(kind for kind, one in self.staff.teams.items() if one.id == team.id)
        return next((one for one in self.staff.workers[here] if one.id != lead.id), None)

    def manager_of(self, team: str) -> User:
        """Who manages a team."""
        return self.staff.managers[team]

    def open_case(self, family: Family) -> Case | None:
        """The household's open case."""
        cases = self.book.of["cases", family.household.id] if family.household else []
        return next((case for case in cases if case.status == Case.Status.OPEN), None)

    def read(self, user: User, subject: object, *about: Resident) -> None:
        """Somebody opens a record."""
        references = [one.reference for one in about]
        self.book.record("open", subject, by=user, about=references, at=self.book.now)  # type: ignore[arg-type]


def picker(shares: list[tuple[str, float]]) -> Callable[[Random], str]:
    """Picks a name by its share."""
    names, sums = [name for name, _ in shares], list(accumulate(share for _, share in shares))
    return lambda random: names[bisect(sums, random.random() * sums[-1])]


def picked(random: Random, shares: str) -> str:
    """One of `phone_in:50 walk_in:25`."""
    return _picker_of(shares)(random)


@cache
def _picker_of(shares: str) -> Callable[[Random], str]:
    return picker([(name, int(share)) for name, _, share in (part.partition(":") for part in shares.split())])
