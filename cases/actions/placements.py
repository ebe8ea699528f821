"""Nights in temporary accommodation (TA): begun, moved within, ended."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from accounts.models import User
from cases.actions.story import SYSTEM, day_of, lock_open, references, write_down
from cases.models import Case, Placement
from ledger.acting import acting_as_system
from ledger.moves import InvalidMove
from ledger.versions import save_changes
from residents.models import Household


@transaction.atomic
def start_placement(
    case: Case,
    *,
    kind: Placement.Kind,
    place: str = "",
    out_of_area: bool = False,
    starts_on: date,
    by: User,
    at: datetime,
) -> Placement:
    """Record a household's first night in TA: a new placement, which counts in the flow.

    Raises ValidationError where the household is in TA already on that night.
    """
    case = lock_open(case)
    _check_day(starts_on, at, "The first night")
    with acting_as_system(SYSTEM):  # an older case of the household may be out of the writer's sight
        Household.objects.select_for_update(of=("self",)).get(pk=case.household_id)
        later = Q(ends_on=None) | Q(ends_on__gt=starts_on)
        if Placement.objects.filter(later, household=case.household_id).exists():
            raise ValidationError("The household is in temporary accommodation already on that night. Record a move.")
    placement = _new(case, kind, place, out_of_area, starts_on, by, at)
    heading = f"Placed in temporary accommodation: {_kind(placement)}"
    write_down(case, "start_placement", heading, by=by, at=at, subject=placement, significant=True)
    return placement


@transaction.atomic
def move_placement(
    placement: Placement,
    *,
    kind: Placement.Kind,
    place: str = "",
    out_of_area: bool = False,
    on: date,
    by: User,
    at: datetime,
) -> Placement:
    """Move a household to other TA on a day: it stays in the stock, and is not a new placement. Returns the new one."""
    case = lock_open(placement.case)
    old = _end(placement, on, Placement.Ended.MOVED_WITHIN, "move_placement", by=by, at=at)
    placement = _new(case, kind, place, out_of_area, on, by, at, moved_from=old)
    heading = f"Moved within temporary accommodation: {_kind(placement)}"
    write_down(case, "move_placement", heading, by=by, at=at, subject=placement, significant=True)
    return placement


@transaction.atomic
def end_placement(placement: Placement, *, on: date, because: Placement.Ended, by: User, at: datetime) -> Placement:
    """Record the day on which a household left TA; the night before it was the last."""
    case = lock_open(placement.case)
    if because == Placement.Ended.MOVED_WITHIN:
        raise ValidationError("Record a move to other temporary accommodation instead.")
    ended = _end(placement, on, because, "end_placement", by=by, at=at)
    heading = f"Left temporary accommodation: {ended.get_ended_because_display().lower()}"
    write_down(case, "end_placement", heading, by=by, at=at, subject=ended, significant=True, trailed=True)
    return ended


def _end(placement: Placement, on: date, because: str, verb: str, *, by: User, at: datetime) -> Placement:
    fresh = Placement.objects.select_for_update(of=("self",)).get(pk=placement.pk)
    if fresh.ends_on:
        raise InvalidMove("This placement has ended already.")
    _check_day(on, at, "The day of leaving")
    if on <= fresh.starts_on:
        raise ValidationError("The day of leaving must be after the first night.")
    about = references(fresh.case)
    return save_changes(fresh, seen=fresh.version, by=by, verb=verb, about=about, ends_on=on, ended_because=because)


def _new(
    case: Case,
    kind: str,
    place: str,
    out_of_area: bool,
    starts_on: date,
    by: User,
    at: datetime,
    moved_from: Placement | None = None,
) -> Placement:
    return Placement.objects.create(
        case=case,
        household_id=case.household_id,
        kind=kind,
        place=place.strip(),
        out_of_area=out_of_area,
        starts_on=starts_on,
        moved_from=moved_from,
        recorded_by=by,
        recorded_at=at,
    )


def _kind(placement: Placement) -> str:
    return placement.get_kind_display().lower()


def _check_day(day: date, at: datetime, what: str) -> None:
    if day > day_of(at):
        raise ValidationError(f"{what} must be today or in the past.")
