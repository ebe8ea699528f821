"""Nights in temporary accommodation and income gains. See `cases.actions`."""

from datetime import date, datetime

from accounts.models import User
from cases.models import Case, IncomeGain, Placement
from desk.borough.book import Book
from desk.borough.verbs.cases import references, write_down
from desk.borough.verbs.labels import label
from residents.models import Resident


def start_placement(
    book: Book, case: Case, *, kind: str, place: str, out_of_area: bool, starts_on: date, by: User, at: datetime
) -> Placement:
    """Record a household's first night in TA."""
    placement = _new(book, case, kind, place, out_of_area, starts_on, by, at)
    heading = f"Placed in temporary accommodation: {label(placement, 'kind').lower()}"
    write_down(book, case, "start_placement", heading, by=by, at=at, subject=placement, significant=True)
    return placement


def move_placement(
    book: Book, placement: Placement, *, kind: str, place: str, out_of_area: bool, on: date, by: User, at: datetime
) -> Placement:
    """Move a household to other TA: it stays in the stock, and is not a new placement."""
    case = placement.case
    _end(book, placement, on, Placement.Ended.MOVED_WITHIN, "move_placement", by=by, at=at)
    new = _new(book, case, kind, place, out_of_area, on, by, at, moved_from=placement)
    heading = f"Moved within temporary accommodation: {label(new, 'kind').lower()}"
    write_down(book, case, "move_placement", heading, by=by, at=at, subject=new, significant=True)
    return new


def end_placement(book: Book, placement: Placement, *, on: date, because: str, by: User, at: datetime) -> None:
    """Record the day on which a household left TA."""
    _end(book, placement, on, because, "end_placement", by=by, at=at)
    heading = f"Left temporary accommodation: {label(placement, 'ended_because').lower()}"
    case = placement.case
    write_down(book, case, "end_placement", heading, by=by, at=at, subject=placement, significant=True, trailed=True)


def claim_gain(
    book: Book,
    resident: Resident,
    *,
    case: Case | None,
    kind: str,
    weekly_before_pence: int = 0,
    weekly_after_pence: int = 0,
    weeks: int = 52,
    one_off_pence: int = 0,
    claimed_on: date,
    by: User,
    at: datetime,
) -> IncomeGain:
    """Record a claim that should bring a resident more income."""
    gain = book.add(
        IncomeGain,
        resident=resident,
        case=case,
        kind=kind,
        weekly_before_pence=weekly_before_pence,
        weekly_after_pence=weekly_after_pence,
        weeks=weeks,
        one_off_pence=one_off_pence,
        value_pence=(weekly_after_pence - weekly_before_pence) * weeks + one_off_pence,
        claimed_on=claimed_on,
        recorded_by=by,
        recorded_at=at,
    )
    if case:
        book.of["gains", case.id].append(gain)
    book.record("claim_gain", gain, by=by, about=[resident.reference], at=at)
    _tell(book, gain, "claim_gain", "claimed", by=by, at=at)
    return gain


def confirm_gain(book: Book, gain: IncomeGain, *, evidence: str, confirmed_on: date, by: User, at: datetime) -> None:
    """Confirm a claim by evidence, with the amounts that were awarded in fact."""
    amounts = ("weekly_before_pence", "weekly_after_pence", "weeks", "one_off_pence", "value_pence")
    changes = {name: getattr(gain, name) for name in amounts}
    changes = {"evidence": evidence, "confirmed_on": confirmed_on, **changes}
    book.advance(gain, "confirm", by=by, about=gain.about(), at=at, **changes)
    _tell(book, gain, "confirm_gain", "confirmed", by=by, at=at, significant=True)


def refuse_gain(book: Book, gain: IncomeGain, *, evidence: str, by: User, at: datetime) -> None:
    """Record that a claim was refused, and by what we know it."""
    book.advance(gain, "refuse", by=by, about=gain.about(), at=at, evidence=evidence)
    _tell(book, gain, "refuse_gain", "refused", by=by, at=at)


def _tell(book: Book, gain: IncomeGain, verb: str, word: str, *, by: User, at: datetime, significant: bool = False) -> None:  # fmt: skip
    heading = f"Income gain {word}: {label(gain, 'kind')}"
    home = gain.case.household if gain.case else None
    book.tell(gain.resident, f"cases.{verb}", heading, subject=gain, by=by, at=at, household=home, significant=significant)  # fmt: skip


def _end(book: Book, placement: Placement, on: date, because: str, verb: str, *, by: User, at: datetime) -> None:
    about = references(book, placement.case)
    book.save(placement, at=at, verb=verb, by=by, about=about, ends_on=on, ended_because=because)


def _new(
    book: Book,
    case: Case,
    kind: str,
    place: str,
    out_of_area: bool,
    starts_on: date,
    by: User,
    at: datetime,
    moved_from: Placement | None = None,
) -> Placement:
    new = book.add(
        Placement,
        case=case,
        household=case.household,
        kind=kind,
        place=place,
        out_of_area=out_of_area,
        starts_on=starts_on,
        moved_from=moved_from,
        recorded_by=by,
        recorded_at=at,
    )
    book.of["placements", case.id].append(new)
    return new
