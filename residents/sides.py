"""Two records beside each other: each fact of both, and whether it agrees. Confidential addresses and numbers stay unsaid."""

from typing import Any

from django.db.models import Prefetch, prefetch_related_objects

from accounts.models import User
from residents.identity import said_birth
from residents.likeness import AGREEING, NEARLY
from residents.models import (
    EmailAddress,
    Household,
    LikelyPair,
    Membership,
    Phone,
    Resident,
    ResidentAddress,
    kept_back,
)
from residents.written import say_phone

_LEVEL_OF = {
    "name": ("given", "family"), "born": ("born",), "home": ("home",), "phone": ("phone",), "email": ("email",), "nhs": ("nhs",),
    "household": ("household",),
}  # fmt: skip


# What speaks against one person is read first.
_COLOURS = {"Different": "red", "Nearly": "yellow", "Agrees": "green", "": ""}
_FIRST = list(_COLOURS)


def contact_points(people: list[int]) -> list[Prefetch]:
    """Phone numbers and e-mail addresses of these people, without those by which somebody behind a wall would be found."""
    return [
        Prefetch("phones", Phone.objects.exclude(pk__in=kept_back("phone", people))),
        Prefetch("emails", EmailAddress.objects.exclude(pk__in=kept_back("email", people))),
    ]


def sides_of(pair: LikelyPair, user: User) -> list[dict[str, Any]]:
    """A row for each fact, differences first: its label, both values as lists of lines, and how they compare. Runs five queries."""
    people = [pair.one, pair.other]
    keys = [one.pk for one in people]
    homes = Household.objects.visible_to(user).exclude(pk__in=kept_back("home", keys))
    lives = Membership.objects.filter(until=None, household__in=homes).select_related("household")
    prefetch_related_objects(
        people,
        *contact_points(keys),
        Prefetch(
            "addresses", ResidentAddress.objects.exclude(pk__in=kept_back("place", keys)).select_related("address")
        ),
        "events",
        Prefetch("memberships", lives, to_attr="living"),
    )
    levels = dict(part.split(":") for part in pair.levels.split())
    rows = [
        ("name", "Name", [[one.name] for one in people]),
        ("", "Also called", [_other_names(one) for one in people]),
        ("born", "Date of birth", [[said_birth(one)] if one.born_on else [] for one in people]),
        ("home", "Addresses", [_places(one) for one in people]),
        ("phone", "Phone numbers", [_dated((say_phone(row.number), row.until) for row in one.phones.all()) for one in people]),
        ("email", "Email addresses", [_dated((row.address, row.until) for row in one.emails.all()) for one in people]),
        ("nhs", "NHS number", [[one.nhs_number] if one.nhs_number else [] for one in people]),
        ("household", "Household", [[row.household.reference for row in one.living] for one in people]),  # type: ignore[attr-defined]
        ("", "First language", [[one.language] if one.language else [] for one in people]),
        ("", "Died", [[f"{one.died_on:%-d %B %Y}"] if one.died_on else [] for one in people]),
    ]  # fmt: skip
    found = [
        {
            "label": label,
            "one": both[0],
            "other": both[1],
            "says": (says := _says(fact, levels)),
            "colour": _COLOURS[says],
        }
        for fact, label, both in rows
        if any(both)
    ]
    return sorted(found, key=lambda row: _FIRST.index(row["says"]))


def _says(fact: str, levels: dict[str, str]) -> str:
    found = {levels.get(name, "none") for name in _LEVEL_OF.get(fact, ())} - {"none"}
    if not found:
        return ""
    if fact == "household":
        return "Agrees" if "together" in found else "Different"
    if found <= AGREEING:
        return "Agrees"
    return "Nearly" if found <= AGREEING | NEARLY else "Different"


def _other_names(one: Resident) -> list[str]:
    old = {name for event in one.events.all() for name in (event.name, event.preferred_name)}  # type: ignore[attr-defined]
    former = sorted(name for name in old - {one.name, one.preferred_name} if name)
    return ([one.preferred_name] if one.preferred_name else []) + [f"{name} (former)" for name in former]


def _places(one: Resident) -> list[str]:
    rows = sorted(one.addresses.all(), key=lambda row: (row.until is not None, -row.since.toordinal()))
    found = []
    for row in rows:
        place = "Confidential" if row.confidential else str(row.address) if row.address else row.get_kind_display()
        found.append((place, row.until))
    return _dated(found)


def _dated(rows: Any) -> list[str]:
    """Present ones as they are, former ones with the year in which they ended."""
    return list(dict.fromkeys(f"{what} (until {until.year})" if until else what for what, until in rows))
