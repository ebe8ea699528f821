"""Income gains: claimed, then confirmed with evidence or refused. Only what is confirmed counts."""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from cases.actions.story import SYSTEM, day_of, lock_open, need_words
from cases.income import yearly_gain
from cases.models import Case, IncomeGain
from ledger import trail
from ledger.acting import acting_as_system
from ledger.moves import InvalidMove, advance
from residents import chronology
from residents.models import Resident


@transaction.atomic
def claim_gain(
    resident: Resident,
    *,
    case: Case | None = None,
    kind: IncomeGain.Kind,
    weekly_before_pence: int = 0,
    weekly_after_pence: int = 0,
    weeks: int = 52,
    one_off_pence: int = 0,
    claimed_on: date,
    by: User,
    at: datetime,
) -> IncomeGain:
    """Record a claim that should bring a resident more income. Its value is what is added: after minus before.

    Raises ValidationError where nothing is added, or the resident is not on the case.
    """
    if case:
        case = lock_open(case)
        if not case.members.filter(resident=resident, until=None).exists():
            raise ValidationError("Choose somebody who is on the case.")
    if claimed_on > day_of(at):
        raise ValidationError("The day of the claim must be today or in the past.")
    value = yearly_gain(weekly_before_pence, weekly_after_pence, weeks, one_off_pence)
    gain = IncomeGain.objects.create(
        resident=resident,
        case=case,
        kind=kind,
        weekly_before_pence=weekly_before_pence,
        weekly_after_pence=weekly_after_pence,
        weeks=weeks,
        one_off_pence=one_off_pence,
        value_pence=value,
        claimed_on=claimed_on,
        recorded_by=by,
        recorded_at=at,
    )
    trail.record("claim_gain", gain, by=by, about=[resident.reference])
    _tell(gain, "claim_gain", "claimed", by=by, at=at)
    return gain


@transaction.atomic
def confirm_gain(
    gain: IncomeGain,
    *,
    evidence: str,
    confirmed_on: date,
    weekly_before_pence: int | None = None,
    weekly_after_pence: int | None = None,
    weeks: int | None = None,
    one_off_pence: int | None = None,
    by: User,
    at: datetime,
) -> IncomeGain:
    """Confirm a claim by evidence (an award letter, a journal entry), with the amounts that were awarded in fact."""
    fresh = _lock(gain, "confirm")
    evidence = need_words(evidence, "Say what shows it: an award letter, a journal entry, a bank statement")
    if not fresh.claimed_on <= confirmed_on <= day_of(at):
        raise ValidationError("The day of confirmation must be between the claim and today.")
    awarded = {
        "weekly_before_pence": weekly_before_pence,
        "weekly_after_pence": weekly_after_pence,
        "weeks": weeks,
        "one_off_pence": one_off_pence,
    }
    amounts: dict[str, Any] = {k: getattr(fresh, k) if v is None else v for k, v in awarded.items()}
    amounts["value_pence"] = yearly_gain(*amounts.values())
    changes = {"evidence": evidence, "confirmed_on": confirmed_on, **amounts}
    confirmed = advance(fresh, "confirm", by=by, about=fresh.about(), **changes)
    _tell(confirmed, "confirm_gain", "confirmed", by=by, at=at, significant=True)
    return confirmed


@transaction.atomic
def refuse_gain(gain: IncomeGain, *, evidence: str, by: User, at: datetime) -> IncomeGain:
    """Record that a claim was refused, and by what we know it."""
    evidence = need_words(evidence, "Say how you know that it was refused")
    fresh = _lock(gain, "refuse")
    refused = advance(fresh, "refuse", by=by, about=fresh.about(), evidence=evidence)
    _tell(refused, "refuse_gain", "refused", by=by, at=at)
    return refused


def _lock(gain: IncomeGain, verb: str) -> IncomeGain:
    """The claim, locked. Raises InvalidMove if it was answered already, or its case closed."""
    if gain.case:
        lock_open(gain.case)
    fresh = IncomeGain.objects.select_for_update(of=("self",)).get(pk=gain.pk)
    if not fresh.can(verb):
        raise InvalidMove(
            f"This income gain is now {fresh.get_status_display().lower()}, so that can no longer be done."
        )
    return fresh


def _tell(gain: IncomeGain, verb: str, word: str, *, by: User, at: datetime, significant: bool = False) -> None:
    heading = f"Income gain {word}: {gain.get_kind_display()}"
    with acting_as_system(SYSTEM):
        household = gain.case.household if gain.case else None
        chronology.add(
            gain.resident,
            f"cases.{verb}",
            heading,
            subject=gain,
            by=by,
            at=at,
            household=household,
            significant=significant,
        )
