"""Contacts: recorded with their needs and answers, promised and kept, withdrawn. See `intake.actions`."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from accounts.models import Team, User
from desk.borough.book import Book
from desk.borough.verbs.labels import label
from intake.models import Answer, Contact, ContactNeed, Need
from residents.models import Resident

SAID = frozenset(Answer.Said.values)


def record_contact(
    book: Book,
    resident: Resident | None,
    *,
    channel: str,
    received_at: datetime,
    words: str,
    basis: str,
    needs: Iterable[Need],
    answers: Mapping[str, Any],
    team: Team | None,
    by: User | None,
    at: datetime,
    person_named: str = "",
    **more: Any,
) -> Contact:
    """Write down one approach to the front door."""
    contact = book.add(
        Contact,
        resident=resident,
        household=household_on(book, resident, received_at),
        channel=channel,
        received_at=received_at,
        logged_at=at,
        logged_by=by,
        team=team,
        words=words,
        basis=basis,
        person_named="" if resident else person_named,
        **more,
    )
    kept = list(needs)
    for place, need in enumerate(kept, 1):
        book.of["needs", contact.id].append(need)
        book.put(ContactNeed, contact_id=contact.id, need_id=need.id, place=place)
    for question, given in answers.items():
        _answer(book, contact, question, given, by=by, at=at)
    book.record("record_contact", contact, by=by, about=contact.about(), at=at)
    if resident:
        book.of["contacts", resident.id].append(contact)
        book.stir(resident)
        channel = label(contact, "channel").lower()
        heading = f"Contact: {channel}" + (f" ({kept[0].label})" if kept else "")
        _tell(book, contact, "record_contact", heading, by=by, at=received_at)
    return contact


def add_answer(book: Book, contact: Contact, *, question: str, answer: Any, by: User, at: datetime) -> None:
    """Keep the answer to a question that had none."""
    _answer(book, contact, question, answer, by=by, at=at)
    book.stir(contact.resident)
    book.stirred[-contact.id] += 1
    book.record("add_answer", contact, by=by, about=contact.about(), fields=[question], at=at)


def correct_answer(book: Book, answer: Answer, *, said: str, by: User, at: datetime) -> None:
    """Give an answer that was not known then; what it was before stays in the history."""
    book.change(answer, at=at, said=said, value="", why="", by=by)
    book.stir(answer.contact.resident)
    book.stirred[-answer.contact_id] += 1
    book.amend(answer, {"at": at})
    about = answer.contact.about()
    book.record("correct_answer", answer.contact, by=by, about=about, fields=[answer.question], at=at)


def keep_promise(book: Book, contact: Contact, *, by: User, at: datetime) -> None:
    """The next step that we promised is done."""
    book.save(contact, at=at, verb="keep_promise", by=by, about=contact.about(), next_step_done_at=at)
    _tell(book, contact, "keep_promise", "What we promised is done", by=by, at=at)


def withdraw_contact(book: Book, contact: Contact, *, outcome: str, by: User, at: datetime) -> None:
    """The person no longer wants it, or it broke off."""
    book.advance(contact, "withdraw", by=by, about=contact.about(), at=at, outcome=outcome)
    book.stir(contact.resident)
    heading = f"Contact {label(contact, 'outcome').lower()}"
    _tell(book, contact, "withdraw_contact", heading, by=by, at=at)


def household_on(book: Book, resident: Resident | None, at: datetime) -> Any:
    """The household in which they live on a day, the latest if in two."""
    if resident is None:
        return None
    on = at.date()
    rows = [row for row in book.of["homes", resident.id] if row.since <= on and (row.until is None or row.until >= on)]
    return max(rows, key=lambda row: (row.since, row.id)).household if rows else None


def _answer(book: Book, contact: Contact, question: str, given: Any, *, by: User | None, at: datetime) -> None:
    """As `Given.of`: a word of the list, words with why, or a value."""
    said, value, why = (given.said, given.value, given.why) if hasattr(given, "said") else (str(given), "", "")
    if said not in SAID:
        said, value = Answer.Said.VALUE, said
    row = book.add(
        Answer, contact=contact, question=question, said=said, value=value, why=why, by=by, at=at
    )  # fmt: skip
    book.of["answers", contact.id].append(row)


def _tell(book: Book, contact: Contact, verb: str, heading: str, *, by: User | None, at: datetime) -> None:
    if contact.resident:
        book.tell(contact.resident, verb, heading, subject=contact, by=by, at=at, household=contact.household)
