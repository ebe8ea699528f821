"""The wall between an alleged perpetrator and whom they are alleged to harm: ids that the database gives for whoever acts.

Jobs act as the system and stand before no wall.
"""

from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.db.models import BooleanField, F, Func, OuterRef
from django.db.models.expressions import RawSQL

NO_WALLS: dict[str, list[int]] = {what: [] for what in ("home", "place", "phone", "email", "danger", "behind")}
"""What `near_walls` says of people with no wall near, and where it is taken away from the rows afterwards."""


def behind_the_wall(perpetrator: int) -> RawSQL:
    """Alleged victims with whom whoever acts does not work: left out of every page about this person.

    Of the person, and of those whom the person is related to or lives or lived with: a child of both stands beside the wall.
    """
    return _once("SELECT acting.behind_the_wall(%s)", [perpetrator])


def behind_the_walls_of(household: int) -> RawSQL:
    """The same for everybody who lives, or lived, in a household: left out of every page about it. Where a victim lives apart is theirs."""
    return _once("SELECT acting.behind_the_walls_of(%s)", [household])


def kept_back(what: str, people: Iterable[int]) -> RawSQL:
    """Rows of these people by which somebody behind a wall would be found: a child of both leads to where they are.

    `what`: "home" (households), "place", "phone" or "email". Left out of everything that shows such rows of somebody.
    """
    return _once("SELECT of_row FROM acting.kept_back(%s::bigint[]) WHERE what = %s", [list(people), what])


def near_walls(people: Iterable[int], *, behind: bool = False) -> dict[str, list[int]]:
    """For many at once: all kinds of `kept_back`, and under "danger" those of the people who are alleged to be harmed. Runs one query.

    Where it is wanted, under "behind" whom `behind_the_wall` gives for any of them.
    """
    keys = list(people)
    found: dict[str, list[int]] = {what: [] for what in NO_WALLS}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 'danger', acting.in_danger(%s::bigint[]) UNION ALL SELECT what, of_row FROM acting.kept_back(%s::bigint[])"
            " UNION ALL SELECT 'behind', acting.behind_the_wall(one) FROM unnest(%s::bigint[]) one",
            [keys, keys, keys if behind else []],
        )
        for what, key in cursor.fetchall():
            found[what].append(key)
    return found


def walls_of(person: int) -> dict[str, list[int]]:
    """Everything that `near_walls` says of one person, for a page that asks for many things. Runs one query."""
    return near_walls([person], behind=True)


def without(rows: Iterable[Any], kept: Iterable[int]) -> list[Any]:
    """The rows but those that are kept back, where a question that was composed once could not leave them out itself."""
    ids = set(kept)
    return [row for row in rows if row.pk not in ids]


def walls_of_home(household: int) -> list[int]:
    """Whom `behind_the_walls_of` gives: seldom anybody, so that a long story need not be searched for them. Runs one query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT acting.behind_the_walls_of(%s)", [household])
        return [key for (key,) in cursor.fetchall()]


def in_danger(person: int) -> RawSQL:
    """The person, where somebody on record is alleged to harm them. Tells all staff that it is so, and nobody who."""
    return _once("SELECT acting.in_danger(ARRAY[%s::bigint])", [person])


def in_danger_at(household: int) -> RawSQL:
    """The same of everybody who lives in a household now."""
    lives = "SELECT resident_id FROM residents_membership WHERE household_id = %s AND until IS NULL"
    return _once(f"SELECT acting.in_danger(ARRAY({lives}))", [household])


def in_danger_together(people: list[int], homes: list[int]) -> RawSQL:
    """The same of these people, and of everybody who lives in these households now."""
    lives = "SELECT resident_id FROM residents_membership WHERE household_id = ANY (%s) AND until IS NULL"
    return _once(f"SELECT acting.in_danger(%s::bigint[] || ARRAY({lives}))", [people, homes])


def walled(perpetrator: str | OuterRef | F, victim: str | OuterRef | F) -> Func:
    """Whether the second is left out of what is about the first (see `behind_the_wall`); by columns."""
    return Func(perpetrator, victim, function="acting.walled", output_field=BooleanField())


def _once(ids: str, params: list[Any]) -> RawSQL:
    """The ids that a function gives, asked for once in a question: a function in a subquery is called anew for each row."""
    return RawSQL(f"WITH ids AS MATERIALIZED ({ids}) TABLE ids", params)
