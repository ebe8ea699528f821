"""What may happen to a contact: recorded, linked to a resident, answered, its promise kept, withdrawn."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import Team, User
from intake.at_hand import at_hand, household_on
from intake.models import Answer, Contact, ContactNeed, Need
from ledger import trail
from ledger.moves import advance
from ledger.sheaf import Sheaf
from residents import chronology
from residents.models import Resident

SAID = frozenset(Answer.Said.values)


@dataclass(frozen=True, slots=True)
class Given:
    """One answer as it was given: yes, no, a value, or why there is none."""

    said: str
    value: str = ""
    why: str = ""

    @classmethod
    def of(cls, answer: "Given | str") -> "Given":
        """From plain text: one of the words of `Answer.Said`, or else a value (pence, a count, an ISO date, codes)."""
        if isinstance(answer, Given):
            return answer
        text = str(answer).strip()
        return cls(text) if text in SAID - {Answer.Said.VALUE} else cls(Answer.Said.VALUE, text)


@transaction.atomic
def record_contact(resident: Resident | None, *, by: User | None, at: datetime, **details: Any) -> Contact:
    """Write down one approach to the front door. Without a resident it is nameless, or not linked yet.

    `details` are those of `note_contact`, and it raises what that raises.
    """
    sheaf = Sheaf()
    contact = note_contact(resident, into=sheaf, by=by, at=at, **details)
    sheaf.write()
    return contact


def note_contact(
    resident: Resident | None,
    *,
    into: Sheaf,
    channel: str,
    received_at: datetime,
    words: str,
    basis: str,
    by: User | None,
    at: datetime,
    needs: Iterable[str] = (),
    answers: Mapping[str, Given | str] | None = None,
    speaking: str = Contact.Speaking.SELF,
    speaker_name: str = "",
    speaker_relationship: str = "",
    speaker_organisation: str = "",
    speaker_reply_to: str = "",
    consent_to_act: bool = False,
    safe_contact: str = "",
    person_named: str = "",
    not_linked_because: str = "",
    life_event: str = "",
    life_event_on: date | None = None,
    transactional: bool = False,
    outcome: str = "",
    what_we_did: str = "",
    next_step: str = "",
    next_step_by: datetime | None = None,
    next_step_how: str = "",
    demand: str = Contact.Demand.NOT_CODED,
    team: Team | None = None,
) -> Contact:
    """A contact with its needs, answers, story and trail, to be written with the sheaf. Runs one query.

    `needs` are codes, the one that was named first comes first. Raises ValidationError for a time in the future, a promise
    without a time and a need that is not on the list.
    """
    if received_at > at:
        raise ValidationError({"received_at": "The time it was received must be now or earlier."})
    _refuse_bad_promise(next_step, next_step_by, received_at)
    codes = list(dict.fromkeys(needs))
    known = at_hand(resident, on=received_at.date(), by=by, codes=codes)
    contact = Contact(
        pk=known.key,
        resident=resident,
        household=known.household,
        channel=channel,
        speaking=speaking,
        speaker_name=speaker_name,
        speaker_relationship=speaker_relationship,
        speaker_organisation=speaker_organisation,
        speaker_reply_to=speaker_reply_to,
        consent_to_act=consent_to_act,
        safe_contact=safe_contact,
        person_named="" if resident else person_named,
        not_linked_because="" if resident else not_linked_because,
        received_at=received_at,
        logged_at=at,
        logged_by=by,
        team=team or known.team,
        words=words,
        life_event=life_event,
        life_event_on=life_event_on,
        transactional=transactional,
        basis=basis,
        outcome=outcome,
        what_we_did=what_we_did,
        next_step=next_step,
        next_step_by=next_step_by,
        next_step_how=next_step_how,
        demand=demand,
    )
    wanted = _on_the_list(codes, known.needs)
    given = [(question, Given.of(answer)) for question, answer in (answers or {}).items()]
    into.add(contact)
    into.add(*(ContactNeed(contact=contact, need=need, place=place) for place, need in enumerate(wanted, 1)))
    into.add(*(_new_answer(contact, question, answer, by=by, at=at) for question, answer in given))
    into.record("record_contact", contact, by=by, about=contact.about())
    if resident:
        heading = _heading(contact, [need.label for need in wanted])
        _tell_story(contact, "record_contact", heading, by=by, at=received_at, into=into)
    return contact


@transaction.atomic
def link_resident(contact: Contact, *, resident: Resident, by: User, at: datetime) -> Contact:
    """Say whom a nameless contact was about. Raises ValidationError if somebody has said so already."""
    contact = lock_contact(contact)
    if contact.resident_id == resident.pk:
        return contact
    if contact.resident_id:
        raise ValidationError("This contact is linked to somebody already.")
    labels = [row.need.label for row in contact.contact_needs.select_related("need")]
    contact = _save(
        contact,
        "link_resident",
        by=by,
        about=[resident.reference],
        resident=resident,
        household=household_on(resident, contact.received_at.date()),
        not_linked_because="",
    )
    _tell_story(contact, "link_resident", _heading(contact, labels), by=by, at=contact.received_at)
    return contact


@transaction.atomic
def add_answer(contact: Contact, *, question: str, answer: Given | str, by: User, at: datetime) -> Answer:
    """Keep the answer to a question that had none. Raises ValidationError if there is one by now."""
    lock_contact(contact)
    if Answer.objects.filter(contact=contact, question=question).exists():
        raise ValidationError("Somebody has answered this question in the meantime.")
    row = _new_answer(contact, question, Given.of(answer), by=by, at=at)
    row.save(force_insert=True)
    trail.record("add_answer", contact, by=by, about=contact.about(), fields=[question])
    return row


@transaction.atomic
def correct_answer(answer: Answer, *, said: str, value: str = "", why: str = "", by: User, at: datetime) -> Answer:
    """Put an answer right, or give one that was not known then; what it was before stays in the history."""
    lock_contact(answer.contact)
    fresh = Answer.objects.select_for_update(of=("self",)).get(pk=answer.pk)
    checked = _new_answer(fresh.contact, fresh.question, Given(said, value, why), by=by, at=at)
    for name in ("said", "value", "why", "by", "at"):
        setattr(fresh, name, getattr(checked, name))
    fresh.save(update_fields=["said", "value", "why", "by", "at"])
    trail.record("correct_answer", fresh.contact, by=by, about=fresh.contact.about(), fields=[fresh.question])
    return fresh


@transaction.atomic
def keep_promise(contact: Contact, *, by: User, at: datetime) -> Contact:
    """The next step that we promised is done. Raises ValidationError if nothing is promised or it was done before."""
    contact = lock_contact(contact)
    if not contact.next_step:
        raise ValidationError("Nothing was promised on this contact.")
    if contact.next_step_done_at:
        raise ValidationError("This was marked as done already.")
    contact = _save(contact, "keep_promise", by=by, about=contact.about(), next_step_done_at=at)
    _tell_story(contact, "keep_promise", "What we promised is done", by=by, at=at)
    return contact


@transaction.atomic
def withdraw_contact(contact: Contact, *, outcome: str = Contact.Outcome.WITHDRAWN, by: User, at: datetime) -> Contact:
    """The person no longer wants it, or it broke off. Raises InvalidMove once a tier is decided."""
    if outcome not in (Contact.Outcome.WITHDRAWN, Contact.Outcome.ABANDONED):
        raise ValidationError("A contact is withdrawn or abandoned.")
    contact = advance(contact, "withdraw", by=by, about=contact.about(), outcome=outcome)
    _tell_story(contact, "withdraw_contact", f"Contact {contact.get_outcome_display().lower()}", by=by, at=at)
    return contact


def lock_contact(contact: Contact) -> Contact:
    """The contact as it stands now, held until the transaction ends."""
    return Contact.objects.select_for_update(of=("self",)).select_related("resident").get(pk=contact.pk)


def _save(contact: Contact, verb: str, *, by: User | None, about: Iterable[str], **changes: object) -> Contact:
    """Save the named fields of a locked contact, and say so in the trail."""
    for name, value in changes.items():
        setattr(contact, name, value)
    contact.version += 1
    contact.save(update_fields=[*changes, "version"])
    trail.record(verb, contact, by=by, about=about, fields=changes)
    return contact


def _on_the_list(codes: list[str], found: Mapping[str, Need]) -> list[Need]:
    """The needs in the order given."""
    if strangers := [code for code in codes if code not in found]:
        raise ValidationError({"needs": f"Not on the list of needs: {', '.join(strangers)}."})
    return [found[code] for code in codes]


def _new_answer(contact: Contact, question: str, given: Given, *, by: User | None, at: datetime) -> Answer:
    """One answer as a row. Raises ValidationError for an answer that says nothing."""
    if given.said not in SAID:
        raise ValidationError("Select one of the answers.")
    if (given.said == Answer.Said.VALUE) != bool(given.value):
        raise ValidationError("A value goes with an answer that is a number or a date, and only with that.")
    if len(given.value) > 200 or len(given.why) > 200:
        raise ValidationError("An answer must be 200 characters or fewer.")
    return Answer(contact=contact, question=question, said=given.said, value=given.value, why=given.why, by=by, at=at)


def _refuse_bad_promise(next_step: str, next_step_by: datetime | None, received_at: datetime) -> None:
    if next_step and next_step_by is None:
        raise ValidationError({"next_step_by": "Say by when, so that somebody can keep the promise."})
    if next_step_by and not next_step:
        raise ValidationError({"next_step": "Say what was promised."})
    if next_step_by and next_step_by < received_at:
        raise ValidationError({"next_step_by": "The promise must be for later than the contact."})


def _heading(contact: Contact, labels: list[str]) -> str:
    """What the chronology says: how they came and with what need, never what they said."""
    return f"Contact: {contact.get_channel_display().lower()}" + (f" ({labels[0]})" if labels else "")


def _tell_story(
    contact: Contact, verb: str, heading: str, *, by: User | None, at: datetime, into: Sheaf | None = None
) -> None:
    if contact.resident:
        home = contact.household
        chronology.add(contact.resident, verb, heading, subject=contact, by=by, at=at, household=home, into=into)
