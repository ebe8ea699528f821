"""Referrals from draft to outcome. See `referrals.actions`. Nothing is sent to anybody: the outbox stays empty."""

from datetime import date, datetime
from functools import lru_cache
from typing import Any

from accounts.models import Organisation, User
from accounts.working_time import add_working_days, local_day
from cases.models import Case
from desk.borough.book import Book
from desk.borough.verbs.labels import label
from directory.models import Service
from intake.models import Contact
from referrals.models import Referral, ReferralMessage
from residents.models import Agreement, Involvement, Resident
from residents.written import say_phone

ANSWER_DAYS = 5


def draft_referral(
    book: Book,
    resident: Resident,
    *,
    organisation: Organisation,
    service: Service | None,
    reason: str,
    goal: str = "",
    risks: str = "",
    contact: Contact | None = None,
    case: Case | None = None,
    by: User,
    at: datetime,
) -> Referral:
    """Begin a referral that nobody outside sees yet."""
    referral = book.add(
        Referral,
        resident=resident,
        organisation=organisation,
        service=service,
        contact=contact,
        case=case,
        reason=reason,
        goal=goal,
        shared_risks=risks,
        made_by=by,
        made_at=at,
    )
    if case:
        book.of["referrals", case.id].append(referral)
    book.record("draft_referral", referral, by=by, about=[resident.reference], at=at)
    return referral


def send_referral(book: Book, referral: Referral, *, agreement: Agreement, by: User, at: datetime) -> None:
    """Send a draft: freeze what the partner sees and start their clock of five working days."""
    resident = referral.resident
    book.advance(
        referral,
        "send",
        by=by,
        about=[resident.reference],
        at=at,
        agreement=agreement,
        sent_at=at,
        answer_due_at=add_working_days(at, ANSWER_DAYS),
        **_shared(book, referral),
    )
    service = referral.service
    row = book.add(
        Involvement,
        resident=resident,
        kind=Involvement.Kind.PARTNER,
        organisation=referral.organisation,
        what=(service.name if service else "Referral")[:200],
        reference=referral.reference,
        since=local_day(at),
    )
    # Not among the involvements that the rules look at: they ask for leads and agencies.
    book.involved[referral.reference].append(row)
    book.stir(resident)
    _tell(book, referral, "send_referral", f"Referred to {referral.organisation.name}", by=by, at=at)


def receive(book: Book, referral: Referral, *, by: User, at: datetime) -> None:
    """The partner says that they have it."""
    book.advance(referral, "receive", by=by, about=[referral.resident.reference], at=at, received_at=at)


def accept(book: Book, referral: Referral, *, by: User, at: datetime) -> None:
    """The partner takes the resident on."""
    book.advance(referral, "accept", by=by, about=[referral.resident.reference], at=at, **_answered(referral, at))
    _tell(book, referral, "accept", f"{referral.organisation.name} accepted the referral", by=by, at=at)


def put_on_waiting_list(book: Book, referral: Referral, *, until: date, by: User, at: datetime) -> None:
    """The partner will take the resident on, and says by when."""
    changes = _answered(referral, at) | {"waiting_until": until}
    book.advance(referral, "wait", by=by, about=[referral.resident.reference], at=at, **changes)
    heading = f"{referral.organisation.name} put the referral on a waiting list"
    _tell(book, referral, "put_on_waiting_list", heading, by=by, at=at)


def decline(
    book: Book, referral: Referral, *, reason: str, text: str = "", alternative: str = "", by: User, at: datetime
) -> None:
    """The partner cannot take the resident on; it comes back to the referrer as a task."""
    changes = _answered(referral, at) | {
        "decline_reason": reason,
        "decline_text": text,
        "suggested_alternative": alternative,
        "settled_at": None,
        "settled_how": "",
    }
    book.advance(referral, "decline", by=by, about=[referral.resident.reference], at=at, **changes)
    heading = f"{referral.organisation.name} declined the referral"
    _tell(book, referral, "decline", heading, by=by, at=at, significant=True)
    _over(book, referral, at)


def start(book: Book, referral: Referral, *, by: User, at: datetime) -> None:
    """The partner has met or spoken with the resident."""
    book.advance(referral, "start", by=by, about=[referral.resident.reference], at=at, started_at=at)
    _tell(book, referral, "start", f"{referral.organisation.name} began work on the referral", by=by, at=at)


def complete(book: Book, referral: Referral, *, outcome: str, text: str = "", by: User, at: datetime) -> None:
    """The partner's work is over, and this came of it."""
    changes: dict[str, Any] = {"outcome": outcome, "outcome_text": text, "completed_at": at}
    back = outcome == Referral.Outcome.STEPPED_BACK
    if back:
        changes |= {"settled_at": None, "settled_how": ""}
    book.advance(referral, "complete", by=by, about=[referral.resident.reference], at=at, **changes)
    heading = f"{referral.organisation.name} completed the referral: {label(referral, 'outcome').lower()}"
    _tell(book, referral, "complete", heading, by=by, at=at, significant=back)
    _over(book, referral, at)


def send_message(book: Book, referral: Referral, *, text: str, by: User, at: datetime) -> None:
    """Write to the other side."""
    partner = by.role == "partner"
    book.add(ReferralMessage, referral=referral, at=at, by=by, from_partner=partner, text=text)
    book.record("send_message", referral, by=by, about=[referral.resident.reference], at=at)


def mark_unanswered(book: Book, referral: Referral, *, at: datetime) -> None:
    """Silence past its time brings the referral back to the referrer."""
    changes = {"unanswered_at": at, "settled_at": None, "settled_how": ""}
    about, principal = [referral.resident.reference], "system:referrals.chase"
    book.save(referral, at=at, verb="mark_unanswered", by=None, about=about, principal=principal, **changes)
    heading = f"{referral.organisation.name} has not answered the referral"
    _tell(book, referral, "mark_unanswered", heading, by=None, at=at)


def withdraw_referral(book: Book, referral: Referral, *, reason: str, by: User, at: datetime) -> None:
    """Take a referral back."""
    changes = {"settled_at": at, "settled_how": reason[:300]}
    book.advance(referral, "withdraw", by=by, about=[referral.resident.reference], at=at, **changes)
    _tell(book, referral, "withdraw_referral", f"Referral to {referral.organisation.name} withdrawn", by=by, at=at)
    _end_involvement(book, referral, at)


def settle_return(book: Book, referral: Referral, *, text: str, by: User, at: datetime) -> None:
    """Deal with a declined or stepped back referral."""
    book.change(referral, at=at, settled_at=at, settled_how=text[:300], version=referral.version + 1)
    book.record("settle_return", referral, by=by, about=[referral.resident.reference], fields=["settled_at"], at=at)
    heading = f"Return from {referral.organisation.name} dealt with"
    _tell(book, referral, "settle_return", heading, by=by, at=at)


_spoken = lru_cache(maxsize=8_192)(say_phone)
"""A number is handed to one partner after another, and to put its digits into groups takes long."""


def _shared(book: Book, referral: Referral) -> dict[str, str]:
    """What an agreement to share name, safe contact, need, risks and access needs lets out."""
    resident = referral.resident
    other = resident.preferred_name
    known = f" (known as {other})" if other and other != resident.name else ""
    lines = []
    for phone in book.of["phones", resident.id]:
        ways = {"call": phone.safe_to_call, "text": phone.safe_to_text, "leave a message": phone.safe_to_leave_message}
        if phone.until is None and (phone.safe_to_call or phone.safe_to_text):
            lines.append(f"{_spoken(phone.number)}: {', '.join(way for way, safe in ways.items() if safe)}")
    emails = [one for one in book.of["emails", resident.id] if one.until is None and one.safe_to_write]
    lines += [f"{one.address}: write" for one in emails]
    needs = [
        f"Speaks {resident.language}" if resident.language else "",
        "Needs an interpreter" if resident.needs_interpreter else "",
        resident.communication_needs,
    ]
    return {
        "shared_name": f"{resident.name}{known}"[:200],
        "shared_contact": "\n".join(lines)[:300],
        "shared_need": referral.reason,
        "goal": referral.goal,
        "shared_risks": referral.shared_risks,
        "shared_access_needs": "\n".join(filter(None, needs))[:500],
    }


def _answered(referral: Referral, at: datetime) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    if referral.received_at is None:
        changes["received_at"] = at
    if referral.answered_at is None:
        changes["answered_at"] = at
    if referral.unanswered_at is not None and referral.settled_at is None:
        changes |= {"settled_at": at, "settled_how": "They answered late"}
    return changes


def _tell(book: Book, referral: Referral, verb: str, heading: str, *, by: User | None, at: datetime, significant: bool = False) -> None:  # fmt: skip
    book.tell(referral.resident, verb, heading, subject=referral, by=by, at=at, significant=significant)


def _over(book: Book, referral: Referral, at: datetime) -> None:
    _end_involvement(book, referral, at)


def _end_involvement(book: Book, referral: Referral, at: datetime) -> None:
    for row in book.involved[referral.reference]:
        if row.until is None:
            book.amend(row, {"until": local_day(at)})
            book.stir(row.resident)
