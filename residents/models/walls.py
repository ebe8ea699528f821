"""The wall between an alleged perpetrator and whom they are alleged to harm: ids that the database gives for whoever acts.

Jobs act as the system and stand before no wall.
"""

from django.db.models import BooleanField, F, Func, OuterRef
from django.db.models.expressions import RawSQL


def behind_the_wall(perpetrator: int) -> RawSQL:
    """Alleged victims of this person with whom whoever acts does not work: left out of every page about the person."""
    return RawSQL("SELECT acting.behind_the_wall(%s)", [perpetrator])


def behind_the_walls_of(household: int) -> RawSQL:
    """The same for everybody who lives, or lived, in a household: left out of every page about it."""
    return RawSQL("SELECT acting.behind_the_walls_of(%s)", [household])


def in_danger(person: int) -> RawSQL:
    """The person, where somebody on record is alleged to harm them. Tells all staff that it is so, and nobody who."""
    return RawSQL("SELECT acting.in_danger(ARRAY[%s::bigint])", [person])


def in_danger_at(household: int) -> RawSQL:
    """The same of everybody who lives in a household now."""
    lives = "SELECT resident_id FROM residents_membership WHERE household_id = %s AND until IS NULL"
    return RawSQL(f"SELECT acting.in_danger(ARRAY({lives}))", [household])


def in_danger_together(people: list[int], homes: list[int]) -> RawSQL:
    """The same of these people, and of everybody who lives in these households now."""
    lives = "SELECT resident_id FROM residents_membership WHERE household_id = ANY (%s) AND until IS NULL"
    return RawSQL(f"SELECT acting.in_danger(%s::bigint[] || ARRAY({lives}))", [people, homes])


def walled(perpetrator: str | OuterRef | F, victim: str | OuterRef | F) -> Func:
    """Whether the first is alleged to harm the second, and whoever acts may not know of it; by columns."""
    return Func(perpetrator, victim, function="acting.walled", output_field=BooleanField())
