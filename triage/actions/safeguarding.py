"""Passages through the multi-agency safeguarding hub: opened by a decision, completed with what the hub decided."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import Role, User
from ledger import trail
from ledger.moves import advance
from residents import chronology
from triage.assessing import URGENCY
from triage.models import Decision, SafeguardingEpisode, Urgency
from triage.rules.assess import Assessment
from triage.tiers import Tier

FOR_CHILDREN = frozenset({"R02", "R03", "R06", "R08", "R14", "R18"})
FOR_ADULTS = frozenset({"R07", "R15"})
MASH_RULES = FOR_CHILDREN | FOR_ADULTS
"""Rules whose route leads through the multi-agency safeguarding hub; their decision opens an episode there."""


def open_episode(decision: Decision, assessment: Assessment, *, by: User, at: datetime) -> None:
    """Open a passage through the safeguarding hub where a rule leads there, unless the tier was lowered below Triage."""
    rules = [rule for rule in assessment.fired if rule.number in MASH_RULES]
    if not rules or decision.chosen_tier < Tier.TRIAGE:
        return
    soonest = max(rules, key=lambda rule: rule.rag)
    episode, new = SafeguardingEpisode.objects.get_or_create(
        contact=decision.contact,
        defaults={
            "resident": decision.resident,
            "urgency": URGENCY.get(soonest.rag, Urgency.GREEN),
            "opened_at": at,
            "due_at": min(rule.due_at for rule in rules),
            "for_adult": all(rule.number in FOR_ADULTS for rule in rules),
        },
    )
    if new:
        trail.record("open_episode", episode, by=by, about=episode.about())
        if decision.resident:
            heading = "Sent to the safeguarding hub"
            chronology.add(decision.resident, "open_episode", heading, subject=episode, by=by, at=at, significant=True)


@transaction.atomic
def complete_episode(
    episode: SafeguardingEpisode, *, outcome: str, rationale: str, by: User, at: datetime
) -> SafeguardingEpisode:
    """Record what the safeguarding hub decided. Managers only; the rationale is compulsory."""
    if by.role != Role.MANAGER:
        raise ValidationError("Only a manager completes a safeguarding episode.")
    if not rationale.strip():
        raise ValidationError({"rationale": "Say why this is the outcome."})
    changes = {"outcome": outcome, "rationale": rationale, "completed_at": at, "completed_by": by}
    episode = advance(episode, "complete", by=by, about=episode.about(), **changes)
    if episode.resident:
        heading = f"Safeguarding hub: {episode.get_outcome_display()}"
        chronology.add(episode.resident, "complete_episode", heading, subject=episode, by=by, at=at, significant=True)
    return episode
