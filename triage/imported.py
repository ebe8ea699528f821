"""Contacts of other systems, settled in bulk: decided as they were decided there, or queued. The rules speak of each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.working_time import local_day
from intake.models import Contact
from ledger import trail
from ledger.references import draw_unused
from residents import chronology
from residents.models import ChronologyEntry, Involvement
from triage.actions import rules_of, suggestion_of
from triage.assessing import URGENCY, facts_of, opening_of, read_facts
from triage.facts import Facts, facts_snapshot
from triage.history import history_alone
from triage.models import Decision, FiredRule, TriageItem
from triage.rules.assess import Assessment, assess, snapshot
from triage.tiers import Tier

DECIDED_THERE = "Decided in the system that it was imported from."


@dataclass(frozen=True, slots=True)
class Settled:
    """A contact just written, with the tier that was decided there (None: nobody has decided) and what went before."""

    contact: Contact
    tier: Tier | None
    previous: Decision | None = None


@transaction.atomic
def settle_imported(rows: Iterable[Settled], *, alone: Mapping[int, list[Involvement]], at: datetime) -> None:
    """Keep a decision, with the rules that fired, or a place in the queue for each contact. Nobody is to lead any of it.

    `alone` holds, by resident, the involvements of people who share no household here; of anybody else the record is asked.
    A decision counts from when the contact was received: when it was made there is not in the extract.
    """
    items: list[TriageItem] = []
    decisions: list[Decision] = []
    fired: list[FiredRule] = []
    lines: list[ChronologyEntry] = []
    for row in rows:
        contact = row.contact
        facts = _facts(contact, alone)
        assessment = assess(facts, contact.received_at, opening_of(contact.team))
        if row.tier is None:
            items.append(TriageItem(contact=contact, team=contact.team, queued_at=at, **suggestion_of(assessment)))
            continue
        decision = _decision(row, row.tier, facts, assessment)
        decisions.append(decision)
        fired += rules_of(decision, assessment)
        if decision.resident:
            heading, high = f"Tier decided: {row.tier.label}", row.tier >= Tier.SUPPORT
            lines.append(
                chronology.line(
                    decision.resident,
                    "decide_tier",
                    heading,
                    subject=decision,
                    at=decision.made_at,
                    household=decision.household,
                    significant=high,
                    written_at=at,
                )
            )
    TriageItem.objects.bulk_create(items, batch_size=500)
    draw_unused(decisions)
    Decision.objects.bulk_create(decisions, batch_size=200)
    FiredRule.objects.bulk_create(fired, batch_size=1000)
    ChronologyEntry.objects.bulk_create(lines, batch_size=1000)
    trail.record_many(("queue", item.contact, item.contact.about()) for item in items)
    trail.record_many(("decide_tier", decision, decision.about()) for decision in decisions)


def _facts(contact: Contact, alone: Mapping[int, list[Involvement]]) -> Facts:
    resident = contact.resident
    if resident is None or resident.pk not in alone:
        return facts_of(contact)
    history = history_alone(resident, alone[resident.pk], local_day(contact.received_at))
    said = {"needs": [], "transactional": False, "safeguarding_reason": contact.basis == Contact.Basis.SAFEGUARDING}
    return read_facts(said, history)


def _decision(row: Settled, tier: Tier, facts: Facts, assessment: Assessment) -> Decision:
    contact, lower = row.contact, tier < assessment.suggested_tier
    made_at = max(contact.received_at, row.previous.made_at) if row.previous else contact.received_at
    answers: dict[str, Any] = {"given": {}, "facts": facts_snapshot(facts), "assessment": snapshot(assessment)}
    return Decision(
        contact=contact,
        resident=contact.resident,
        household=contact.household,
        previous=row.previous,
        made_at=made_at,
        team=contact.team,
        suggested_tier=assessment.suggested_tier,
        chosen_tier=tier,
        urgency=URGENCY[assessment.rag],
        due_at=assessment.due_at,
        rule_set_version=assessment.version,
        answers=answers,
        lower_reason=Decision.Lower.OTHER if lower else "",
        reason=DECIDED_THERE,
        hard_stop=assessment.hard_stop,
        may_send=not assessment.must_not_send,
        needs_case=False,
    )
