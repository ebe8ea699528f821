"""How a person is introduced at the top of every page about them, and in lists: name, age, warnings, where they live."""

from datetime import date
from typing import Any

from django.utils import timezone

from accounts.models import Role, User
from ledger.fields import PartialDate
from ledger.gathered import gather
from residents.matching import Found, home_of
from residents.models import Birth, Involvement, Resident, ResidentAddress, Warning, in_danger

COLOURS = {
    Warning.Kind.STAFF: "red",
    Warning.Kind.DISCLOSURE: "red",
    Warning.Kind.ORDER: "red",
    Warning.Kind.MARAC: "red",
    Warning.Kind.CHILDREN: "orange",
    Warning.Kind.ADULTS: "orange",
}


NOT_SHOWN = "Not shown here – ask the duty manager"


def said_birth(resident: Resident) -> str:
    """17 May 1984, May 1984, 1984, about 1984; nothing where nothing is known."""
    if resident.born_on is None:
        return ""
    if resident.birth == Birth.ESTIMATED:
        first_of_year = (resident.born_on.month, resident.born_on.day) == (1, 1)
        return f"about {PartialDate.of(resident.born_on, 'year' if first_of_year else 'full')}"
    return str(PartialDate.of(resident.born_on, resident.birth))


def said_age(resident: Resident, on: date) -> str:
    """42, or about 42 where the day is not known; “died aged 80” for the dead."""
    age = resident.age_on(on)
    if age is None:
        return f"died {resident.died_on.year}" if resident.died_on else ""
    about = "" if resident.birth == Birth.FULL else "about "
    return f"died aged {about}{age}" if resident.died_on else f"{about}{age}"


def identity_of(resident: Resident, on: date) -> dict[str, Any]:
    """What the identity bar shows. Runs one query, for the warnings and whether they are in danger, unless these were prefetched."""
    present = [one for one in _warnings_of(resident) if one.holds_on(on)]
    present.sort(key=lambda one: one.kind != Warning.Kind.DISCLOSURE)
    tags = [
        {"text": one.get_kind_display(), "colour": COLOURS.get(Warning.Kind(one.kind), "yellow")} for one in present
    ]
    if resident.in_danger:
        tags.insert(0, {"text": "In danger from somebody: tell nobody where they are", "colour": "red"})
    if resident.restricted:
        tags.insert(0, {"text": "Restricted record", "colour": "red"})
    facts = [
        {"label": one.get_kind_display(), "value": one.text} for one in present if one.kind == Warning.Kind.DISCLOSURE
    ]
    if resident.preferred_name:
        facts.append({"label": "Likes to be called", "value": resident.preferred_name})
    if resident.needs_interpreter:
        facts.append({"label": "Interpreter", "value": resident.language or "needed"})
    return {
        "name": resident.name,
        "reference": resident.reference,
        "born": said_birth(resident),
        "age": said_age(resident, on),
        "warnings": tags,
        "facts": facts,
    }


def _warnings_of(resident: Resident) -> list[Warning]:
    if "warnings" in getattr(resident, "_prefetched_objects_cache", {}):
        return list(resident.warnings.all())
    danger = Resident.objects.filter(pk__in=in_danger(resident.pk)).only("pk")
    found = gather(resident, warnings=resident.warnings.filter(ended_on=None), danger=danger)
    resident.in_danger = bool(found["danger"])
    return found["warnings"]


def works_with(user: User, resident: Resident, involvements: list[Involvement]) -> bool:
    """Whether someone has reason to know a confidential address: a manager, a worker or team involved now, or a named person.

    Runs up to two queries.
    """
    if user.role == Role.MANAGER:
        return True
    present = [one for one in involvements if one.until is None]
    if any(one.user_id == user.pk for one in present):
        return True
    teams = {one.team_id for one in present if one.team_id}
    if teams and user.teams.filter(pk__in=teams).exists():
        return True
    return resident.access_grants.live().filter(user=user).exists()


def said_place(place: ResidentAddress | None, *, open_to_reader: bool = False, kept_back: bool = False) -> str:
    """An address in one line; a confidential one only for those who have reason to know it; `kept_back`: see models/walls.py."""
    if place is None:
        return "No address recorded"
    if kept_back:
        return NOT_SHOWN
    if place.kind == ResidentAddress.Kind.NO_FIXED_ABODE:
        return "No fixed abode"
    if place.confidential and not open_to_reader:
        return "Confidential – ask the lead"
    care_of = f"Care of {place.care_of}, " if place.care_of else ""
    return f"{care_of}{place.address}"


def row_of(found: Found) -> dict[str, Any]:
    """One who fits a search, as lists show them. A confidential address is never shown in a list."""
    resident, today = found.resident, timezone.localdate()
    home = home_of(resident)
    place = home.address if home and home.address and not home.confidential else None
    return {
        "resident": resident,
        "born": said_birth(resident),
        "age": said_age(resident, today),
        "place": said_place(home),
        "ward": place.ward.name if place and place.ward else "",
        "others": max(found.household_size - 1, 0),
        "why": found.why,
    }
