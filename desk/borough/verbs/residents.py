"""People, households, places, ways to reach them, warnings, agreements, restriction: see `residents.actions`."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from accounts.models import Organisation, User
from desk.borough.book import Book
from desk.borough.verbs.labels import label
from residents.models import (
    REVIEW_AFTER,
    AccessGrant,
    Address,
    Agreement,
    Birth,
    EmailAddress,
    Household,
    Membership,
    Phone,
    Relationship,
    Resident,
    ResidentAddress,
    Restriction,
    Tenure,
    Ward,
    Warning,
)

UNKNOWN = Restriction.Category.UNKNOWN
HOME, CARE_OF, NFA = ResidentAddress.Kind.HOME, ResidentAddress.Kind.CARE_OF, ResidentAddress.Kind.NO_FIXED_ABODE


def members_of(book: Book, household: Household, on: date) -> list[Resident]:
    """Who belongs to a household on a day."""
    rows = book.of["memberships", household.id]
    living = [row for row in rows if row.since <= on and (row.until is None or row.until >= on)]
    return list({row.resident_id: row.resident for row in living}.values())


def register_resident(
    book: Book, *, name: str, born_on: date | None, birth: str = Birth.FULL, by: User | None, at: datetime, **more: Any
) -> Resident:
    """Begin a record of a person."""
    known = {"born_on": born_on, "birth": birth if born_on else Birth.UNKNOWN}
    person = book.add(Resident, name=name, created_at=at, created_by=by, **known, **more)
    book.record("register_resident", person, by=by, about=[person.reference], at=at)
    book.tell(person, "register_resident", "Record begun", subject=person, by=by, at=at)
    return person


def start_household(book: Book, resident: Resident, *, part: str, since: date, by: User | None) -> Household:
    """Begin a household of one person."""
    home = book.add(Household, created_at=book.now)
    _live(book, home, resident, part, since)
    _told(book, "start_household", "Household begun", "", home, resident, by)
    return home


def join_household(
    book: Book, resident: Resident, *, household: Household, part: str, since: date, by: User | None
) -> None:
    """Add someone to a household."""
    _live(book, household, resident, part, since)
    _told(book, "join_household", "Joined a household", "Someone joined the household", household, resident, by)


def relate(book: Book, first: Resident, second: Resident, *, kind: str, by: User | None) -> None:
    """Say what the first is to the second, as on a record that was taken over: the row alone, without a line in any story."""
    book.put(
        Relationship,
        first_id=first.id,
        second_id=second.id,
        kind=kind,
        recorded_by_id=by.id if by else None,
        recorded_at=book.now,
    )


def leave_household(book: Book, membership: Membership, *, on: date, by: User | None) -> None:
    """Say from which day someone belongs to a household no longer."""
    book.change(membership, at=book.now, until=on)
    book.stir(membership.resident)
    home, person = membership.household, membership.resident
    _told(book, "leave_household", "Left a household", "Someone left the household", home, person, by)


def _live(book: Book, home: Household, resident: Resident, part: str, since: date) -> None:
    row = book.add(Membership, household=home, resident=resident, part=part, since=since)
    book.of["memberships", home.id].append(row)
    book.of["homes", resident.id].append(row)
    book.stir(resident)


def _told(book: Book, verb: str, heading: str, others: str, home: Household, person: Resident, by: User | None) -> None:
    book.record(verb, home, by=by, about=[person.reference], fields=["memberships"], at=book.now)
    book.tell(person, verb, heading, subject=home, household=home, by=by, at=book.now)
    if person.restricted or not others:
        return
    rest = [one for one in members_of(book, home, book.now.date()) if one.id != person.id]
    book.tell(rest, verb, others, subject=home, household=home, by=by, at=book.now)


def add_phone(
    book: Book,
    resident: Resident,
    *,
    number: str,
    safe_to_call: bool = True,
    safe_to_text: bool = True,
    safe_to_leave_message: bool = False,
    note: str = "",
    since: date,
    by: User | None,
) -> Phone:
    """Add a phone number."""
    phone = book.add(
        Phone,
        resident=resident,
        number=number,
        safe_to_call=safe_to_call,
        safe_to_text=safe_to_text,
        safe_to_leave_message=safe_to_leave_message,
        note=note,
        since=since,
    )
    book.of["phones", resident.id].append(phone)
    _written(book, "add_phone", "Phone number added", phone, resident, by)
    return phone


def end_phone(book: Book, phone: Phone, *, on: date, by: User | None) -> None:
    """Say that a number is theirs no longer."""
    book.change(phone, at=book.now, until=max(on, phone.since))
    _written(book, "end_phone", "Phone number ended", phone, phone.resident, by)


def add_email(
    book: Book, resident: Resident, *, address: str, safe_to_write: bool = True, since: date, by: User | None
) -> None:
    """Add an e-mail address."""
    email = book.add(EmailAddress, resident=resident, address=address, safe_to_write=safe_to_write, since=since)
    book.of["emails", resident.id].append(email)
    _written(book, "add_email", "Email address added", email, resident, by)


def _written(book: Book, verb: str, heading: str, row: Phone | EmailAddress, resident: Resident, by: User | None) -> None:  # fmt: skip
    book.record(verb, row, by=by, about=[resident.reference], at=book.now)
    book.tell(resident, verb, heading, subject=row, by=by, at=book.now)


def place(book: Book, *, lines: str, postcode: str, uprn: str, ward: Ward | None) -> Address:
    """The address as a place: the one that is known already, or a new one."""
    known = book.of[f"place {lines} {postcode} {uprn}", 0]
    if not known:
        known.append(book.add(Address, lines=lines, postcode=postcode, uprn=uprn, ward=ward))
    return known[0]


def move_to(
    book: Book,
    resident: Resident,
    *,
    lines: str,
    postcode: str,
    uprn: str = "",
    ward: Ward | None = None,
    tenure: str = Tenure.UNKNOWN,
    confidential: bool = False,
    since: date,
    by: User | None,
) -> ResidentAddress:
    """Record where someone lives from a day on."""
    heading = "Moved to a confidential address" if confidential else "Moved to a new address"
    if not book.of["addresses", resident.id]:
        heading = "Confidential address recorded" if confidential else "Address recorded"
    address = place(book, lines=lines, postcode=postcode, uprn=uprn, ward=ward)
    fields = {"address": address, "kind": HOME, "tenure": tenure, "confidential": confidential, "since": since}
    return _begin(book, resident, "move_to", heading, (HOME, NFA), by, **fields)


def record_no_fixed_abode(book: Book, resident: Resident, *, since: date, by: User | None) -> ResidentAddress:
    """Record that someone has no fixed abode from a day on."""
    fields = {"kind": NFA, "tenure": Tenure.NONE, "since": since}
    return _begin(book, resident, "record_no_fixed_abode", "No fixed abode", (HOME, NFA), by, **fields)


def record_care_of(
    book: Book, resident: Resident, *, care_of: str, lines: str, postcode: str, since: date, by: User | None
) -> ResidentAddress:
    """Record an address at which someone can be reached without living there."""
    address = place(book, lines=lines, postcode=postcode, uprn="", ward=None)
    fields = {"address": address, "kind": CARE_OF, "care_of": care_of, "since": since}
    return _begin(book, resident, "record_care_of", "Care-of address recorded", (CARE_OF,), by, **fields)


def _begin(
    book: Book, resident: Resident, verb: str, heading: str, ends: tuple[str, ...], by: User | None, **fields: Any
) -> ResidentAddress:
    for former in book.of["addresses", resident.id]:
        if former.until is None and former.kind in ends:
            book.change(former, at=book.now, until=fields["since"])
    row = book.add(ResidentAddress, resident=resident, **fields)
    book.of["addresses", resident.id].append(row)
    book.record(verb, row, by=by, about=[resident.reference], at=book.now)
    book.tell(resident, verb, heading, subject=row, by=by, at=book.now, significant=row.kind != CARE_OF)
    return row


def add_warning(
    book: Book, resident: Resident, *, kind: str, text: str, review_on: date, by: User, at: datetime
) -> Warning:
    """Put a warning at the top of every page about someone."""
    agreed = {"status": Warning.Status.AGREED, "decided_by": by, "decided_at": at}
    said = {"kind": kind, "text": text, "review_on": review_on}
    warning = book.add(Warning, resident=resident, **said, added_by=by, added_at=at, **agreed)
    book.record("add_warning", warning, by=by, about=[resident.reference], at=at)
    heading = f"Warning added: {label(warning, 'kind')}"
    book.tell(resident, "add_warning", heading, subject=warning, by=by, at=at, significant=True)
    return warning


def review_warning(book: Book, warning: Warning, *, text: str, review_on: date, by: User, at: datetime) -> None:
    """Keep a warning until its next review."""
    about = [warning.resident.reference]
    kept = {"text": text, "review_on": review_on, "expires_on": warning.expires_on}
    book.save(warning, at=at, verb="review_warning", by=by, about=about, **kept)
    heading = f"Warning reviewed: {label(warning, 'kind')}"
    book.tell(warning.resident, "review_warning", heading, subject=warning, by=by, at=at, significant=True)


def end_warning(book: Book, warning: Warning, *, by: User, at: datetime, on: date) -> None:
    """Take a warning away because it holds no longer."""
    about = [warning.resident.reference]
    book.save(warning, at=at, verb="end_warning", by=by, about=about, ended_on=on)
    heading = f"Warning ended: {label(warning, 'kind')}"
    book.tell(warning.resident, "end_warning", heading, subject=warning, by=by, at=at, significant=True)


def record_agreement(
    book: Book,
    resident: Resident,
    *,
    organisation: Organisation,
    purpose: str,
    shared: str,
    basis: str,
    since: date,
    until: date | None = None,
    reason: str = "",
    authorised_by: User | None = None,
    by: User | None,
    at: datetime,
) -> Agreement:
    """Record what is shared with one organisation."""
    agreement = book.add(
        Agreement,
        resident=resident,
        organisation=organisation,
        purpose=purpose,
        shared=shared,
        basis=basis,
        reason=reason,
        authorised_by=authorised_by,
        recorded_by=by,
        recorded_at=at,
        since=since,
        until=until,
    )
    book.of["agreements", resident.id].append(agreement)
    book.record("record_agreement", agreement, by=by, about=[resident.reference], at=at)
    without = " without agreement" if basis == Agreement.Basis.SAFEGUARDING else ""
    heading = f"Sharing{without} with {organisation.name} recorded"
    book.tell(
        resident, "record_agreement", heading, subject=agreement, by=by, at=at, significant=bool(without)
    )  # fmt: skip
    return agreement


def withdraw_agreement(book: Book, agreement: Agreement, *, by: User | None, at: datetime) -> None:
    """Stop sharing from now on."""
    about = [agreement.resident.reference]
    book.save(agreement, at=at, verb="withdraw_agreement", by=by, about=about, withdrawn_at=at)
    heading = f"Agreement to share with {agreement.organisation.name} withdrawn"
    book.tell(agreement.resident, "withdraw_agreement", heading, subject=agreement, by=by, at=at, significant=True)


def restrict_resident(
    book: Book,
    resident: Resident,
    *,
    named: Iterable[User],
    reason: str,
    by: User,
    at: datetime,
    category: str = UNKNOWN,
) -> Restriction:
    """Let only the named people, and the manager who does this, open the record from now on."""
    for user in {person.id: person for person in (*named, by)}.values():
        give_access(book, resident, user, reason=reason, by=by, at=at)
    fields = {"reason": reason, "restricted_by": by, "since": at, "review_on": at.date() + REVIEW_AFTER}
    restriction = book.add(Restriction, resident=resident, category=category, **fields)
    about = [resident.reference]
    book.save(resident, at=at, verb="restrict_resident", by=by, about=about, restricted=True)
    book.tell(resident, "restrict_resident", "Record restricted", subject=resident, by=by, at=at, significant=True)
    return restriction


def keep_restriction(
    book: Book, restriction: Restriction, *, category: str, reason: str, by: User, at: datetime
) -> None:
    """Look at a restriction again and keep it for 90 days more."""
    resident, until = restriction.resident, at.date() + REVIEW_AFTER
    looked = {"review_reason": reason, "reviewed_by": by, "reviewed_at": at, "review_on": until}
    about = [resident.reference]
    book.save(restriction, at=at, verb="keep_restriction", by=by, about=about, category=category, **looked)
    heading = "Restriction reviewed and kept"
    book.tell(resident, "keep_restriction", heading, subject=restriction, by=by, at=at)


def give_access(book: Book, resident: Resident, user: User, *, reason: str, by: User, at: datetime) -> None:
    """Name one person for a restricted record."""
    grant = book.add(AccessGrant, resident=resident, user=user, reason=reason, granted_by=by, since=at)
    book.of["grants", resident.id].append(grant)
