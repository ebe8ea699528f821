"""From the rows of a contact to the facts that the rules read, and what the rules say of them."""

from collections.abc import Collection, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection

from accounts.models import Team
from accounts.working_time import OFFICE_HOURS, OpeningHours
from intake.actions import Given
from intake.models import Answer, Contact
from triage.clocks import Rag
from triage.facts import FACT_KEYS, Facts, facts_from_answers
from triage.history import NEGLECT, history_before, history_of
from triage.models import Urgency
from triage.rules.assess import Assessment, assess

URGENCY = {Rag.RED: Urgency.RED, Rag.AMBER: Urgency.AMBER, Rag.GREEN: Urgency.GREEN}


def assess_contact(contact: Contact, **known: Any) -> Assessment:
    """What the rules say of a contact now, with what the record knows of the household. Runs about ten queries.

    `known` is what the caller has read or written already, as `facts_of` takes it.
    """
    return assess_facts(contact, facts_of(contact, **known))


def assess_facts(contact: Contact, facts: Facts) -> Assessment:
    """What the rules say of the facts of a contact. Runs one query."""
    return assess(facts, contact.received_at, opening_of(contact.team))


def facts_of(
    contact: Contact,
    *,
    given: Mapping[str, Answer | Given] | None = None,
    codes: Collection[str] | None = None,
    **known: Any,
) -> Facts:
    """The facts of a contact. Raises ValidationError, in words, for an answer that cannot be.

    `given` (every answer by its question) and `codes` (every need) save a query each where they are at hand; so does
    what `history_of` takes.
    """
    rows = {row.question: row for row in contact.answers.all()} if given is None else given
    wanted = [need.code for need in contact.needs.all()] if codes is None else list(codes)
    answers, neglect = _answers_of(contact, rows, wanted)
    return read_facts(answers, history_of(contact, needs=bool(wanted), neglect=neglect, **known))


def facts_before(contact: Contact, *, given: Mapping[str, Given], codes: Collection[str]) -> Facts:
    """The same of a contact that is not written yet: its answers and needs are in nobody's hand but the caller's."""
    answers, neglect = _answers_of(contact, given, list(codes))
    if contact.resident is None:
        return read_facts(answers, {})
    counted = contact.channel != Contact.Channel.PHONE_OUT
    asked = {"needs": codes, "neglect": neglect, "at": contact.received_at, "counted": counted}
    return read_facts(answers, history_before(contact.resident, household=contact.household, **asked))


def _answers_of(contact: Contact, rows: Mapping[str, Answer | Given], codes: list[str]) -> tuple[dict[str, Any], bool]:
    """What was said, as the rules want it; and whether it is about neglect, so that earlier contacts about it count."""
    answers: dict[str, Any] = {name: plain(name, row) for name, row in rows.items() if name in FACT_KEYS}
    neglect = NEGLECT in codes or answers.get("child_abuse") == Answer.Said.YES
    answers["needs"] = codes
    answers["transactional"] = contact.transactional
    answers["safeguarding_reason"] = contact.basis == Contact.Basis.SAFEGUARDING
    return answers, neglect


def read_facts(answers: dict[str, Any], history: dict[str, Any]) -> Facts:
    """Facts, or a ValidationError that says which answer cannot be."""
    try:
        return facts_from_answers(answers, history)
    except ValueError as impossible:
        raise ValidationError(str(impossible)) from None


def plain(question: str, answer: Answer | Given) -> Any:
    """One stored answer as the rules want it; an answer that does not apply says nothing."""
    if answer.said == Answer.Said.NOT_APPLICABLE:
        return None
    if answer.said != Answer.Said.VALUE:
        return str(answer.said)
    return answer.value.split() if question == "arrears" else answer.value


def opening_of(team: Team | None) -> OpeningHours:
    """When a team is open; office hours for a team that has none. Runs one query where its openings were not fetched."""
    if team is None:
        return OFFICE_HOURS
    if "openings" in getattr(team, "_prefetched_objects_cache", ()):
        rows = [(one.weekday, one.opens_at, one.closes_at) for one in team.openings.all()]
    else:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT weekday, opens_at, closes_at FROM accounts_teamopening WHERE team_id = %s", [team.pk]
            )
            rows = cursor.fetchall()
    spans = {weekday: (opens, closes) for weekday, opens, closes in rows}
    return (
        OpeningHours(tuple(spans.get(day) for day in range(7)))
        if any(day in spans for day in range(5))
        else OFFICE_HOURS
    )
