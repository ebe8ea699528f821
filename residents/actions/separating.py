"""Households as wholes: one becomes two when people separate (and is one again where that was a mistake), two become one.

Each from a day, in the story of everybody concerned.
"""

from collections.abc import Iterable
from datetime import date, datetime, time

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from ledger import trail
from ledger.acting import acting_as_system
from residents import chronology
from residents.models import Household, Membership, Resident, United
from residents.separated import became_one, began_apart, lived_before

SYSTEM = "system:residents"


@transaction.atomic
def separate_household(
    household: Household, *, on: date, moving: Iterable[Membership], both: Iterable[Membership] = (), by: User | None
) -> Household:
    """Begin a new household of those who move from a day on; `both` (a child, often) live in it and stay in this one. Returns it.

    Cases stay with the household that was there. Raises ValidationError where nobody moves or nobody is left.
    """
    household, present = _lock(household)
    gone, shared = _among(present, moving), _among(present, both)
    shared = [one for one in shared if one not in gone]
    left = [one for one in present if one not in gone]
    if not gone:
        raise ValidationError("Choose at least one person who goes to the new household.")
    if not left:
        raise ValidationError(
            "Choose at least one person who stays: a household that moves as a whole has a new address."
        )
    _check_day(on, [*gone, *shared])
    new = Household.objects.create(created_at=timezone.now())
    _end(gone, on)
    _begin(new, [*gone, *shared], on)
    about = [one.resident.reference for one in (*gone, *shared)]
    for home in (household, new):
        trail.record("separate_household", home, by=by, about=about, fields=["memberships"])
    stay = [one for one in left if one not in shared]
    _tell("separate_household", "Began a new household when people separated", gone, new, on, by)
    _tell("separate_household", "Lives in two households since people separated", shared, new, on, by)
    if any(not one.resident.restricted for one in gone):  # else nobody but they themselves is told
        _tell("separate_household", "People separated: someone left the household", stay, household, on, by)
    return new


@transaction.atomic
def unite_households(
    household: Household, *, other: Household, moving: Iterable[Membership], on: date, by: User | None
) -> Household:
    """Let those of another household (all whom the writer may know of) live in this one from a day on. Returns this one.

    Cases of the other household stay with it, open, until their lead closes them.
    """
    if household.pk == other.pk:
        raise ValidationError("Choose somebody of another household.")
    for home in sorted((household, other), key=lambda one: one.pk):
        _lock(home)
    household, there = _lock(household)
    other, present = _lock(other)
    coming = _among(present, moving)
    if not coming:
        raise ValidationError("Nobody lives in the other household now.")
    if there and on < (began := min(one.since for one in there)):
        raise ValidationError({"on": f"Enter {began.day} {began:%B %Y} or later: this household began then"})
    _check_day(on, coming)
    known = {one.resident_id for one in there}
    joining = [one for one in coming if one.resident_id not in known]
    _check_free(household, joining, on)
    _end(coming, on)
    begun = _begin(household, joining, on)
    about = [one.resident.reference for one in coming]
    for home in (household, other):
        trail.record("unite_households", home, by=by, about=about, fields=["memberships"])
    _tell("unite_households", "Joined another household", joining, household, on, by)
    if any(not one.resident.restricted for one in joining):
        met = [one for one in there if one.resident_id not in {coming.resident_id for coming in coming}]
        _tell("unite_households", "Another household joined theirs", met, household, on, by)
    rows = {"ended": [one.pk for one in coming], "begun": [one.pk for one in begun]}
    with acting_as_system(SYSTEM):  # what is told from now on stops the undoing
        United.objects.create(household=household, other=other, on=on, at=timezone.now(), **rows)
    return household


@transaction.atomic
def undo_separation(household: Household, *, by: User | None) -> Household:
    """Put everybody back as they were before they separated. Returns the household that they left.

    Raises ValidationError where something builds on the new household, or where anybody came or went since.
    """
    old = began_apart(household)
    if old is None:
        raise ValidationError(
            "Something has happened in this household since it began, so that is not undone. Let the two become one."
        )
    for home in sorted((household, old), key=lambda one: one.pk):
        _lock(home)
    household, here = _lock(household)
    if began_apart(household) != old:
        raise ValidationError("Somebody has changed this household in the meantime. Look at it again.")
    about = [one.resident.reference for one in here]
    with acting_as_system(SYSTEM):
        back = list(lived_before(here).filter(household=old).exclude(until=None).select_related("resident"))
        with connection.cursor() as cursor:
            cursor.execute("SELECT acting.undo_separation(%s)", [household.pk])
        for one in back:
            one.until = None
            one.save(update_fields=["until"])
    for home in (household, old):
        trail.record("undo_separation", home, by=by, about=about, fields=["memberships"])
    hidden = all(one.resident.restricted for one in back)  # the others were not told that they went
    told = back if hidden else list(old.memberships.filter(until=None).select_related("resident"))
    heading = "A separation that had been recorded by mistake is undone"
    _tell("undo_separation", heading, told, old, timezone.localdate(), by)
    return old


@transaction.atomic
def undo_unite(household: Household, *, by: User | None) -> Household:
    """Put everybody back as they were before another household joined this one. Returns that other one.

    Raises ValidationError where something builds on it, or where anybody came or went since.
    """
    found = became_one(household)
    if found is None:
        raise ValidationError(
            "Something has happened in this household since the other one joined it, so that is not undone. Let them separate."
        )
    for home in sorted((household, found.other), key=lambda one: one.pk):
        _lock(home)
    household, here = _lock(household)
    if became_one(household) != found:
        raise ValidationError("Somebody has changed this household in the meantime. Look at it again.")
    with acting_as_system(SYSTEM):
        back = list(Membership.objects.filter(pk__in=found.ended).select_related("resident"))
        with connection.cursor() as cursor:
            cursor.execute("SELECT acting.undo_unite(%s)", [found.pk])
        for one in back:
            one.until = None
            one.save(update_fields=["until"])
        found.undone_at = timezone.now()
        found.save(update_fields=["undone_at"])
    about = [one.resident.reference for one in back]
    for home in (household, found.other):
        trail.record("undo_unite", home, by=by, about=about, fields=["memberships"])
    came = [one for one in here if one.pk in found.begun]
    stay = [one for one in here if one.resident_id not in {row.resident_id for row in back}]
    heading = "Two households that had become one by mistake are two again"
    _tell("undo_unite", heading, back, found.other, timezone.localdate(), by)
    if any(not one.resident.restricted for one in came):  # else the others were not told that they came
        _tell("undo_unite", heading, stay, household, timezone.localdate(), by)
    return found.other


def _lock(household: Household) -> tuple[Household, list[Membership]]:
    """The household, and who lives there now, as they stand: verbs about one household wait for each other."""
    home = Household.objects.select_for_update(of=("self",)).get(pk=household.pk)
    rows = home.memberships.filter(until=None).select_related("resident").order_by("resident_id")
    people = [one.resident_id for one in rows]
    list(Resident.objects.select_for_update(of=("self",)).filter(pk__in=people).order_by("pk"))
    return home, list(rows.all())


def _among(present: list[Membership], chosen: Iterable[Membership]) -> list[Membership]:
    wanted = {one.pk for one in chosen}
    found = [one for one in present if one.pk in wanted]
    if len(found) < len(wanted):
        raise ValidationError("Somebody of those you chose has left this household already. Look at it again.")
    return found


def _check_day(on: date, people: list[Membership]) -> None:
    if on > timezone.localdate():
        raise ValidationError({"on": "The day must be today or in the past"})
    latest = max(one.since for one in people)
    if on < latest:
        raise ValidationError({"on": f"Enter {latest.day} {latest:%B %Y} or later: not everybody had come before"})


def _check_free(household: Household, people: list[Membership], on: date) -> None:
    """Nobody is put twice into one household on the same day."""
    lived = household.memberships.filter(resident__in=[one.resident_id for one in people], until__gt=on)
    if (last := lived.order_by("until").last()) and last.until:
        raise ValidationError(
            {"on": f"Enter {last.until.day} {last.until:%B %Y} or later: somebody lived here until then"}
        )


def _end(people: list[Membership], on: date) -> None:
    for one in people:
        one.until = on
        one.save(update_fields=["until"])


def _begin(household: Household, people: list[Membership], on: date) -> list[Membership]:
    rows = [Membership(household=household, resident=one.resident, part=one.part, since=on) for one in people]
    return Membership.objects.bulk_create(rows)


def _tell(verb: str, heading: str, who: list[Membership], home: Household, on: date, by: User | None) -> None:
    """Into the story of each, on the day it happened. Says nobody's name."""
    now = timezone.now()
    noon = timezone.make_aware(datetime.combine(on, time(12)))
    at = now if on == timezone.localdate() else noon
    people = [one.resident for one in who]
    chronology.add(people, verb, heading, subject=home, household=home, by=by, at=at, significant=True)
