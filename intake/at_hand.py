"""What a contact is written with: its key, where the person lives, the team that takes it, the needs that were named."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django.db import connection, models

from accounts.models import Team, User
from intake.models import Need
from residents.models import Household, Membership, Resident

# A function of the database, which keeps the plans: to make them, policies and all, took longer than to follow them.
_ALL = "SELECT * FROM acting.contact_at_hand(%(resident)s, %(on)s, %(by)s, %(codes)s::text[])"
_HOME = ("id", "reference")
_TEAM = ("id", "reference", "organisation_id", "name", "active")
_NEED = ("id", "code", "label")


@dataclass(frozen=True, slots=True)
class AtHand:
    """The key of the contact to be, the household in which the person lives, the first team of who logs it, needs by code."""

    key: int
    household: Household | None
    team: Team | None
    needs: dict[str, Need]


def at_hand(resident: Resident | None, *, on: date, by: User | None, codes: Collection[str] = ()) -> AtHand:
    """What is known on a day, as far as whoever acts may see it. Runs one query."""
    asked = {"resident": resident and resident.pk, "on": on, "by": by and by.pk, "codes": list(codes)}
    with connection.cursor() as cursor:
        cursor.execute(_ALL, asked)
        key, home, team, needs = cursor.fetchone()
    found = [_of(Need, _NEED, one) for one in needs or ()]
    return AtHand(
        key=key,
        household=_of(Household, _HOME, home) if home else None,
        team=_of(Team, _TEAM, team) if team else None,
        needs={need.code: need for need in found},
    )


def household_on(resident: Resident, on: date) -> Household | None:
    """The household in which they live on a day, if it is known."""
    living = Membership.objects.filter(resident=resident, since__lte=on).exclude(until__lt=on)
    found = living.select_related("household").order_by("-since", "-id").first()
    return found.household if found else None


def live_needs() -> tuple[tuple[str, str], ...]:
    """The needs on the list today, as code and label, by headline. Runs one query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT code, label FROM intake_need WHERE until IS NULL ORDER BY headline, label")
        return tuple(cursor.fetchall())


Row = TypeVar("Row", bound=models.Model)


def _of(model: type[Row], names: tuple[str, ...], values: list[Any]) -> Row:
    """An instance of what was read; a field that was not is fetched when somebody asks for it, as Django does it."""
    return model.from_db(None, names, values)
