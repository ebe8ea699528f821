"""Registering a person and changing who they are."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from ledger import trail
from ledger.acting import acting_as_system
from ledger.fields import PartialDate
from ledger.versions import save_changes
from residents import chronology
from residents.actions.pairs import look_soon
from residents.models import Birth, Resident
from residents.names import skeleton, words_of
from residents.search import write_keys
from residents.written import read_nhs_number

SAID = {
    "name": "name", "preferred_name": "preferred name", "born_on": "date of birth", "birth": "date of birth", "language": "language",
    "needs_interpreter": "interpreter", "communication_needs": "communication needs", "nhs_number": "NHS number", "died_on": "date of death",
}  # fmt: skip
BEGUN = "Record begun"


def lock(resident: Resident) -> Resident:
    """The resident as they stand now, locked: verbs about one person wait for each other."""
    return Resident.objects.select_for_update(of=("self",)).get(pk=resident.pk)


def birth_of(born: PartialDate, estimated: bool = False) -> dict[str, Any]:
    """The two fields that hold a date of birth of which all, a part or nothing is known."""
    if not born:
        if estimated:
            raise ValidationError({"born": "Enter at least a year for an estimated date of birth"})
        return {"born_on": None, "birth": Birth.UNKNOWN}
    return {"born_on": born.first, "birth": Birth.ESTIMATED if estimated else Birth(born.precision)}


def _check_name(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise ValidationError({"name": "Enter their name, as they give it"})
    return name


def _check_nhs_number(text: str) -> str:
    try:
        return read_nhs_number(text)
    except ValidationError as refusal:
        raise ValidationError({"nhs_number": refusal.messages}) from refusal


def begin_person(
    *,
    name: str,
    preferred_name: str = "",
    born: PartialDate | None = None,
    born_estimated: bool = False,
    language: str = "",
    needs_interpreter: bool = False,
    communication_needs: str = "",
    nhs_number: str = "",
    by: User | None,
    at: datetime,
) -> Resident:
    """The record of a person as it begins, not yet saved; only the name is needed. Raises ValidationError in words."""
    return Resident(
        name=_check_name(name),
        preferred_name=preferred_name.strip(),
        **birth_of(born or PartialDate(), born_estimated),
        language=language.strip(),
        needs_interpreter=needs_interpreter,
        communication_needs=communication_needs.strip(),
        nhs_number=_check_nhs_number(nhs_number),
        created_at=at,
        created_by=by,
    )


@transaction.atomic
def register_resident(*, compare: bool = True, by: User | None, at: datetime, **details: Any) -> Resident:
    """Begin a record of a person: `details` are those of `begin_person`. Raises ValidationError in words.

    It is compared with all others soon, unless whoever begins many sees to that for all of them together.
    """
    resident = begin_person(**details, by=by, at=at)
    resident.save(force_insert=True)
    trail.record("register_resident", resident, by=by, about=[resident.reference])
    chronology.add(resident, "register_resident", BEGUN, subject=resident, by=by, at=at)
    write_keys(resident)
    tell_restricted_twin(resident, at=at)
    if compare:
        look_soon(resident)
    return resident


@transaction.atomic
def change_details(
    resident: Resident, *, seen: int, by: User | None, at: datetime | None = None, **details: Any
) -> Resident:
    """Change who someone is: name, birth (`born`, `born_estimated`), language, needs, death. Raises StaleVersion.

    Changes nothing, and says nothing in the chronology, when every detail is as it was.
    """
    if "born" in details:
        details |= birth_of(details.pop("born") or PartialDate(), details.pop("born_estimated", False))
    if "name" in details:
        details["name"] = _check_name(details["name"])
    if "nhs_number" in details:
        details["nhs_number"] = _check_nhs_number(details["nhs_number"])
    if details.get("died_on") and (born := details.get("born_on", resident.born_on)) and details["died_on"] < born:
        raise ValidationError({"died_on": "Date of death must be after the date of birth"})
    before = lock(resident)
    changed = {field: value for field, value in details.items() if getattr(before, field) != value}
    if not changed and before.version == seen:
        return before
    fresh = save_changes(resident, seen=seen, by=by, verb="change_details", about=[resident.reference], **changed)
    at = at or timezone.now()
    said = ", ".join(dict.fromkeys(SAID[field] for field in changed))
    chronology.add(fresh, "change_details", f"Details changed: {said}", subject=fresh, by=by, at=at)
    if changed.get("died_on"):
        chronology.add(fresh, "record_death", "Death recorded", subject=fresh, by=by, at=at, significant=True)
    write_keys(fresh)
    tell_restricted_twin(fresh, at=at)
    return fresh


def tell_restricted_twin(resident: Resident, *, at: datetime) -> None:
    """Tell those who look after a restricted record that someone like that person was recorded beside it.

    The one who records learns nothing: a restricted record looks like none. Without this a second, open record of a
    hidden person could stand unnoticed.
    """
    tell_restricted_twins([resident], at=at)


def tell_restricted_twins(residents: Iterable[Resident], *, at: datetime) -> None:
    """The same of many who were recorded together. Runs one query where nobody restricted was born on their days."""
    born: dict[date | None, list[Resident]] = defaultdict(list)
    for resident in residents:
        if resident.born_on is not None and not resident.restricted:
            born[resident.born_on].append(resident)
    if not born:
        return
    with acting_as_system("system:residents"):
        for hidden in Resident.objects.filter(restricted=True, merged_into=None, born_on__in=born).order_by("pk"):
            for resident in born[hidden.born_on]:
                _tell_of_twin(hidden, resident, at)


def _tell_of_twin(hidden: Resident, resident: Resident, at: datetime) -> None:
    reference, sounds = resident.reference, _sounds(resident.name)
    if len(sounds & _sounds(hidden.name)) < min(2, len(sounds)):
        return
    if not hidden.chronology.filter(verb="notice_twin", reference=reference).exists():
        heading = f"A person with a like name and the same date of birth is recorded as {reference}"
        chronology.add(hidden, "notice_twin", heading, subject=resident, by=None, at=at, significant=True)


def _sounds(name: str) -> set[str]:
    return {skeleton(word) for word in words_of(name)}


def first_day(on: date | None) -> date:
    """The day that a fact holds from: as given, or today."""
    return on or timezone.localdate()
