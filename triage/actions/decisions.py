"""What may happen to a contact at triage: queued, claimed, decided, stepped up or down, withdrawn."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import Role, User
from accounts.working_time import local_day
from intake import actions as intake
from intake.actions import Given, lock_contact
from intake.models import Answer, Contact
from ledger import trail
from ledger.moves import advance, advance_new
from ledger.sheaf import Sheaf
from ledger.versions import StaleVersion
from residents import chronology
from residents.actions.households import household_of
from residents.models import Household, Resident
from triage.actions.safeguarding import open_episode
from triage.assessing import URGENCY, assess_contact, assess_facts, facts_before, facts_of
from triage.facts import FACT_KEYS, Facts, facts_snapshot
from triage.models import Decision, FiredRule, SafeguardingEpisode, TriageItem
from triage.rules.assess import Assessment, snapshot
from triage.tiers import Tier


@transaction.atomic
def log_contact(
    resident: Resident | None,
    *,
    needs: Collection[str],
    answers: Mapping[str, Given | str],
    by: User,
    at: datetime,
    **details: Any,
) -> Contact:
    """Record an approach; then decide as suggested where that is light help and it is settled, else put it into the queue.

    Light help is Access or Universal. All of it is done, or nothing. `details` are those of `record_contact`.
    """
    given = {question: Given.of(answer) for question, answer in answers.items()}
    sheaf = Sheaf()
    contact = intake.note_contact(resident, into=sheaf, needs=needs, answers=given, by=by, at=at, **details)
    assessment = assess_facts(contact, facts_before(contact, given=given, codes=needs))
    unsettled = contact.outcome in (
        "",
        Contact.Outcome.TO_TRIAGE,
        Contact.Outcome.TO_STATUTORY,
        Contact.Outcome.REFERRED,
    )
    if assessment.suggested_tier > Tier.UNIVERSAL or unsettled:
        advance_new(contact, "queue", into=sheaf, by=by, about=contact.about())
        sheaf.add(_item_of(contact, assessment, at=at))
        sheaf.write()
        return contact
    sheaf.write()
    decide_tier(contact, tier=assessment.suggested_tier, outcome=contact.outcome, by=by, at=at)
    contact.refresh_from_db()
    return contact


@transaction.atomic
def queue_contact(contact: Contact, *, by: User | None, at: datetime) -> TriageItem:
    """Put a logged contact into the queue, with what the rules suggest and by when. Raises InvalidMove if it left."""
    return _queue(contact, assess_contact(contact), by=by, at=at)


@transaction.atomic
def reassess_contact(contact: Contact, *, by: User, at: datetime) -> TriageItem | None:
    """Ask the rules again after answers were added or corrected. The clock still runs from receipt. None if not queued."""
    item = TriageItem.objects.select_for_update(of=("self",)).filter(contact=contact).first()
    if item is None or item.status not in (TriageItem.Status.WAITING, TriageItem.Status.CLAIMED):
        return None
    changes = {k: v for k, v in suggestion_of(assess_contact(contact)).items() if getattr(item, k) != v}
    if changes:
        for name, value in changes.items():
            setattr(item, name, value)
        item.version += 1
        item.save(update_fields=[*changes, "version"])
        trail.record("reassess", item, by=by, about=contact.about(), fields=changes)
    return item


@transaction.atomic
def answer_questions(
    contact: Contact, *, answers: Mapping[str, Given | str], seen: int | None = None, by: User, at: datetime
) -> Contact:
    """Add answers, or correct those given before; the rules are asked again. Unchanged answers stay as they are.

    `seen` is the version that the person saw. Raises StaleVersion if somebody was faster.
    """
    contact = lock_contact(contact)
    if seen is not None and contact.version != seen:
        raise StaleVersion(contact)
    if strangers := set(answers) - set(FACT_KEYS):
        raise ValidationError(f"There is no such question: {', '.join(sorted(strangers))}.")
    before = {row.question: row for row in contact.answers.all()}
    for question, answer in answers.items():
        given, row = Given.of(answer), before.get(question)
        if row is None:
            intake.add_answer(contact, question=question, answer=given, by=by, at=at)
        elif (row.said, row.value, row.why) != (given.said, given.value, given.why):
            intake.correct_answer(row, said=given.said, value=given.value, why=given.why, by=by, at=at)
    facts_of(contact)  # refuses an answer that cannot be
    contact.version += 1
    contact.save(update_fields=["version"])
    reassess_contact(contact, by=by, at=at)
    return contact


@transaction.atomic
def claim(item: TriageItem, *, by: User, at: datetime) -> TriageItem:
    """Take a contact from the queue. Raises ValidationError, with the name, if somebody else was faster."""
    fresh = TriageItem.objects.select_for_update(of=("self",)).get(pk=item.pk)
    if fresh.status == TriageItem.Status.CLAIMED:
        if fresh.claimed_by_id == by.pk:
            return fresh
        raise ValidationError(f"{fresh.claimed_by} took this at {_clock(fresh.claimed_at)}.")
    return advance(fresh, "claim", by=by, about=fresh.about(), claimed_by=by, claimed_at=at)


@transaction.atomic
def release(item: TriageItem, *, by: User, at: datetime) -> TriageItem:
    """Put a contact back into the queue: whoever took it, or a manager."""
    fresh = TriageItem.objects.select_for_update(of=("self",)).get(pk=item.pk)
    if fresh.claimed_by_id not in (None, by.pk) and by.role != Role.MANAGER:
        raise ValidationError(f"{fresh.claimed_by} has taken this. Only they or a manager can put it back.")
    return advance(fresh, "release", by=by, about=fresh.about(), claimed_by=None, claimed_at=None)


@transaction.atomic
def decide_tier(
    contact: Contact,
    *,
    tier: int,
    outcome: str,
    lower_reason: str = "",
    reason: str = "",
    previous: Decision | None = None,
    next_step: str = "",
    next_step_by: datetime | None = None,
    next_step_how: str = "",
    by: User,
    at: datetime,
) -> Decision:
    """Decide how much help. Up is free; below the suggestion needs a reason code and words.

    A hard stop may be lowered only by a duty manager who did not log the contact. `previous` is the decision that the
    person saw (None: none yet), so that of two people who decide at once the second is told what was decided.
    """
    contact = lock_contact(contact)
    latest = contact.decisions.select_related("made_by").order_by("-made_at", "-id").first()
    _refuse_if_decided(latest, previous)
    item = TriageItem.objects.select_for_update(of=("self",)).filter(contact=contact).first()
    _refuse_if_taken(item, by)
    given = {row.question: row for row in contact.answers.all()}
    facts, chosen = facts_of(contact, given=given), Tier(tier)
    assessment = assess_facts(contact, facts)
    _refuse_lowering(contact, assessment, chosen, lower_reason=lower_reason, reason=reason, by=by)
    home = _household_for(contact, chosen, by=by, at=at)
    decision = Decision.objects.create(
        contact=contact,
        resident=contact.resident,
        household=home,
        previous=latest if latest and not Decision.objects.filter(previous=latest).exists() else None,
        made_by=by,
        made_at=at,
        team=by.teams.order_by("id").first() or contact.team,
        suggested_tier=assessment.suggested_tier,
        chosen_tier=chosen,
        urgency=URGENCY[assessment.rag],
        due_at=assessment.due_at,
        rule_set_version=assessment.version,
        answers=_as_it_stood(given, facts, assessment),
        lower_reason=lower_reason if chosen < assessment.suggested_tier else "",
        reason=reason,
        hard_stop=assessment.hard_stop,
        may_send=not assessment.must_not_send,
        needs_case=chosen >= Tier.SUPPORT and outcome != Contact.Outcome.JOINED,
    )
    FiredRule.objects.bulk_create(rules_of(decision, assessment))
    promise = {"next_step": next_step, "next_step_by": next_step_by, "next_step_how": next_step_how}
    changes = {"outcome": outcome, "household": home or contact.household, **(promise if next_step else {})}
    advance(contact, "decide", by=by, about=contact.about(), **changes)
    if item and item.can("settle"):
        advance(item, "settle", by=by, about=contact.about())
    trail.record("decide_tier", decision, by=by, about=decision.about(), why=lower_reason)
    open_episode(decision, assessment, by=by, at=at)
    _tell_story(decision, f"Tier decided: {chosen.label}", by=by, at=at)
    return decision


@transaction.atomic
def record_step(
    household: Household, *, previous: Decision, kind: str, tier: int, reason: str, by: User, at: datetime
) -> Decision:
    """Step a household up or down from an earlier decision. Raises ValidationError without a reason, or if it is no step."""
    chosen, up = Tier(tier), kind == Decision.Kind.STEP_UP
    if kind not in (Decision.Kind.STEP_UP, Decision.Kind.STEP_DOWN):
        raise ValidationError("A step goes up or down.")
    previous = Decision.objects.select_for_update(of=("self",)).get(pk=previous.pk)
    if (chosen > previous.chosen_tier) != up or chosen == previous.chosen_tier:
        now = Tier(previous.chosen_tier).label
        raise ValidationError(
            f"A step {'up' if up else 'down'} from {now} must lead to a {'higher' if up else 'lower'} tier."
        )
    if not reason.strip():
        raise ValidationError({"reason": "Say why the household steps up or down."})
    if Decision.objects.filter(previous=previous).exists():
        raise ValidationError("Somebody has stepped this household up or down in the meantime.")
    decision = Decision.objects.create(
        kind=kind,
        household=household,
        resident=previous.resident,
        previous=previous,
        made_by=by,
        made_at=at,
        team=by.teams.order_by("id").first() or previous.team,
        suggested_tier=chosen,
        chosen_tier=chosen,
        reason=reason,
        may_send=previous.may_send,
    )
    trail.record("record_step", decision, by=by, about=decision.about(), why=kind)
    word = "up" if up else "down"
    _tell_story(decision, f"Stepped {word} to {chosen.label} from {Tier(previous.chosen_tier).label}", by=by, at=at)
    return decision


@transaction.atomic
def link_contact(contact: Contact, *, resident: Resident, by: User, at: datetime) -> Contact:
    """Say whom a nameless contact was about; its decision and safeguarding episode follow, and the rules are asked again."""
    contact = intake.link_resident(contact, resident=resident, by=by, at=at)
    latest = contact.decisions.order_by("-made_at", "-id").first()
    if latest:
        home = _household_for(contact, Tier(latest.chosen_tier), by=by, at=at)
        contact.decisions.filter(resident=None).update(resident=resident, household=home)
        SafeguardingEpisode.objects.filter(contact=contact, resident=None).update(resident=resident)
        latest.refresh_from_db()
        _tell_story(latest, f"Tier decided: {Tier(latest.chosen_tier).label}", by=latest.made_by, at=latest.made_at)
    reassess_contact(contact, by=by, at=at)
    return contact


@transaction.atomic
def withdraw_from_queue(contact: Contact, *, outcome: str, by: User, at: datetime) -> Contact:
    """The person no longer wants it, or it broke off. Raises ValidationError where a hard stop fired: that is decided."""
    contact = lock_contact(contact)
    item = TriageItem.objects.select_for_update(of=("self",)).filter(contact=contact).first()
    if item and item.hard_stop and not by.duty_manager:
        raise ValidationError(
            "Something dangerous was recorded. Decide the tier, or ask a duty manager to withdraw it."
        )
    contact = intake.withdraw_contact(contact, outcome=outcome, by=by, at=at)
    if item and item.can("withdraw"):
        advance(item, "withdraw", by=by, about=contact.about())
    return contact


# --- what the verbs above are made of ----------------------------------------------------------------------------


def _queue(contact: Contact, assessment: Assessment, *, by: User | None, at: datetime) -> TriageItem:
    contact = advance(contact, "queue", by=by, about=contact.about())
    item = _item_of(contact, assessment, at=at)
    item.save(force_insert=True)
    return item


def _item_of(contact: Contact, assessment: Assessment, *, at: datetime) -> TriageItem:
    """The place in the queue, not yet saved."""
    return TriageItem(contact=contact, team_id=contact.team_id, queued_at=at, **suggestion_of(assessment))


def suggestion_of(assessment: Assessment) -> dict[str, object]:
    """What the queue keeps of an assessment."""
    return {
        "suggested_tier": int(assessment.suggested_tier),
        "urgency": str(URGENCY[assessment.rag]),
        "hard_stop": assessment.hard_stop,
        "rules": " ".join(assessment.numbers),
        "rule_set_version": assessment.version,
        "due_at": assessment.due_at,
    }


def _refuse_if_decided(latest: Decision | None, seen: Decision | None) -> None:
    if latest and (seen is None or seen.pk != latest.pk):
        who = latest.made_by or "The system"
        raise ValidationError(
            f"{who} has decided this already: {Tier(latest.chosen_tier).label}, at {_clock(latest.made_at)}. "
            "Open the contact to see why before you decide again.",
            code="decided",
        )


def _refuse_if_taken(item: TriageItem | None, by: User) -> None:
    if item and item.status == TriageItem.Status.CLAIMED and item.claimed_by_id != by.pk:
        raise ValidationError(
            f"{item.claimed_by} took this at {_clock(item.claimed_at)} and is deciding it.", code="taken"
        )


def _refuse_lowering(
    contact: Contact, assessment: Assessment, chosen: Tier, *, lower_reason: str, reason: str, by: User
) -> None:
    """Down needs a reason code and words; below a hard stop it needs a duty manager who did not log the contact."""
    stop = assessment.hard_stop_tier
    if stop is not None and chosen < stop:
        if not by.duty_manager:
            raise ValidationError({"tier": f"Only a duty manager may go below {stop.label} here."})
        if contact.logged_by_id == by.pk:
            raise ValidationError({"tier": "You logged this contact, so another duty manager must lower it."})
    if chosen < assessment.suggested_tier:
        if not lower_reason:
            raise ValidationError({"lower_reason": "Select why the tier is lower than suggested."})
        if not reason.strip():
            raise ValidationError({"reason": "Say in your own words why the tier is lower than suggested."})


def _household_for(contact: Contact, tier: Tier, *, by: User, at: datetime) -> Household | None:
    """The household that Support and Intervention work with; made for somebody who has none yet."""
    if contact.household or contact.resident is None or tier < Tier.SUPPORT:
        return contact.household
    return household_of(contact.resident, local_day(at), create=True, by=by)


def _as_it_stood(given: Mapping[str, Answer], facts: Facts, assessment: Assessment) -> dict[str, object]:
    """Everything that the decision was made from, as values that JSON can hold."""
    said = {question: {"said": row.said, "value": row.value, "why": row.why} for question, row in given.items()}
    return {"given": said, "facts": facts_snapshot(facts), "assessment": snapshot(assessment)}


def rules_of(decision: Decision, assessment: Assessment) -> list[FiredRule]:
    """The rules that fired, as rows not yet saved."""
    return [
        FiredRule(
            decision=decision,
            number=rule.number,
            tier=int(rule.tier),
            hard_stop=rule.hard_stop,
            because=rule.because[:500],
            route=rule.route[:200],
            due_at=rule.due_at,
        )
        for rule in assessment.fired
    ]


def _tell_story(decision: Decision, heading: str, *, by: User | None, at: datetime) -> None:
    """Into the chronology of everybody in the household from Support up, else of the resident."""
    people = [decision.resident] if decision.resident else []
    if decision.household and (decision.chosen_tier >= Tier.SUPPORT or decision.kind != Decision.Kind.TRIAGE):
        members = chronology.members_of(decision.household, local_day(at))
        people += [one for one in members if one not in people]
    if people:
        chronology.add(
            people,
            "decide_tier" if decision.kind == Decision.Kind.TRIAGE else "record_step",
            heading,
            subject=decision,
            by=by,
            at=at,
            household=decision.household,
            significant=decision.chosen_tier >= Tier.SUPPORT or decision.kind != Decision.Kind.TRIAGE,
        )


def _clock(moment: datetime | None) -> str:
    local = timezone.localtime(moment)
    return f"{local.hour % 12 or 12}:{local.minute:02d}{'am' if local.hour < 12 else 'pm'}"
