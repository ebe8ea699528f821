"""Stepping up and down: a new decision of tier on a household that has a case."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from cases.actions.cases import STEPPED_DOWN, end_case
from cases.actions.story import SYSTEM, lock_open, need_manager, need_words, references, write_down
from cases.models import Case, ClosureReason
from ledger.acting import acting_as_system
from ledger.versions import save_changes
from triage.actions import record_step
from triage.models import Decision
from triage.tiers import Tier


@transaction.atomic
def step_up(case: Case, *, tier: Tier, reason: str, by: User, at: datetime) -> Case:
    """Raise the tier of a case: free for anyone who works on it, with a reason."""
    case = lock_open(case)
    reason = need_words(reason, "Say what has changed")
    if tier <= case.tier:
        raise ValidationError(f"The case is at {case.get_tier_display()} already. Choose a higher tier.")
    kind = Decision.Kind.STEP_UP
    _decide(case, kind, tier, reason, by, at)
    return save_changes(case, seen=case.version, by=by, verb="step_up", about=references(case), tier=tier)


@transaction.atomic
def step_down(
    case: Case,
    *,
    tier: Tier,
    receiver: str,
    reason: str,
    by: User,
    at: datetime,
    summary: str = "",
    resident_view: str = "",
) -> Case:
    """Lower the tier: a manager decides, and names who takes over. Below Support this closes the case, work settled.

    Raises ValidationError without a receiver: nobody is stepped down to no one.
    """
    need_manager(by, "step a household down")
    case = lock_open(case)
    reason = need_words(reason, "Say why less help is enough")
    receiver = need_words(receiver, "Name who takes over: a person or a service")
    if tier >= case.tier:
        raise ValidationError(f"The case is at {case.get_tier_display()}. Choose a lower tier.")
    kind, words = Decision.Kind.STEP_DOWN, f"{reason} Taken over by: {receiver}."
    _decide(case, kind, tier, words, by, at)
    heading = f"{Tier(tier).label} taken over by {receiver}"
    if tier < Tier.SUPPORT:
        closing = ClosureReason.objects.get(code=STEPPED_DOWN)
        case = end_case(case, reason=closing, summary=summary, resident_view=resident_view, by=by, at=at, tier=tier)
    else:
        case = save_changes(case, seen=case.version, by=by, verb="step_down", about=references(case), tier=tier)
    write_down(case, "step_down", heading, by=by, at=at, significant=True, trailed=tier >= Tier.SUPPORT)
    return case


def _decide(case: Case, kind: str, tier: int, reason: str, by: User, at: datetime) -> Decision:
    """Keep the judgement beside those of triage, after the latest one at the tier of the case. It tells the story."""
    with acting_as_system(SYSTEM):
        chain = Decision.objects.filter(household=case.household_id, next=None).order_by("-made_at", "-pk")
        previous = chain.filter(chosen_tier=case.tier).first() or chain.first() or case.decision
        return record_step(case.household, previous=previous, kind=kind, tier=tier, reason=reason, by=by, at=at)
