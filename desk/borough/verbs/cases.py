"""Cases with their people, notes, plan and reviews. See `cases.actions`."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Model

from accounts.models import Organisation, Team, User
from accounts.working_time import add_months, local_day
from cases.models import Case, CaseAgency, CaseMember, CasePerson, ClosureReason, Note
from desk.borough.book import Book
from desk.borough.verbs.labels import label
from desk.borough.verbs.residents import give_access, members_of
from desk.borough.verbs.triage import record_step
from residents.models import Involvement, Resident
from triage.models import Decision
from triage.tiers import Tier

SYSTEM = "system:cases"
REVIEW_DAYS = 42
CHECK_MONTHS = 6
NO_CHECK = ("died", "duplicate")
FOUND = {True: "what was reached has lasted", False: "what was reached has not lasted", None: "could not be reached"}


def present(book: Book, case: Case) -> list[Resident]:
    """The residents whom the case is about now."""
    return [row.resident for row in book.of["members", case.id] if row.until is None]


def references(book: Book, case: Case) -> list[str]:
    """References of the people that the case is or was about."""
    return [row.resident.reference for row in book.of["members", case.id]]


def write_down(
    book: Book,
    case: Case,
    verb: str,
    heading: str,
    *,
    by: User,
    at: datetime,
    subject: Model | None = None,
    only: Resident | None = None,
    fields: tuple[str, ...] = (),
    trailed: bool = False,
    **more: Any,
) -> None:
    """Into the trail (unless a move did it) and into the chronology of each member."""
    row, people = subject or case, [only] if only else present(book, case)
    if not trailed:
        about = [one.reference for one in people]
        book.record(verb, row, by=by, about=about, fields=fields, at=book.now, principal=SYSTEM)
    told = [one for one in people if one.restricted] if case.restricted else people
    book.tell(told, f"cases.{verb}", heading, subject=row, by=by, at=at, household=case.household, **more)


def begin_involvement(
    book: Book,
    case: Case,
    kind: Involvement.Kind,
    what: str,
    *,
    since: date,
    user: User | None = None,
    organisation: Organisation | None = None,
    only: Resident | None = None,
) -> None:
    """Say on each member's record who works with them."""
    people = [only] if only else present(book, case)
    for one in [one for one in people if one.restricted] if case.restricted else people:
        row = book.add(
            Involvement,
            resident=one,
            kind=kind,
            user=user,
            team=case.team if user else None,
            organisation=organisation,
            what=what[:200],
            reference=case.reference,
            since=since,
        )
        book.involved[case.reference].append(row)
        book.of["involvements", one.id].append(row)
        book.stir(one)


def end_involvement(book: Book, case: Case, *, on: date, **which: Any) -> None:
    """End the involvements of the case that match, never before they began."""
    for row in book.involved[case.reference]:
        if row.until is None and all(getattr(row, name) == value for name, value in which.items()):
            book.amend(row, {"until": max(row.since, on)})
            book.stir(row.resident)


def open_case(book: Book, decision: Decision, *, lead: User, team: Team, by: User, at: datetime) -> Case:
    """Allocate a Support or Intervention decision to a lead."""
    day = local_day(at)
    home = decision.household
    members = members_of(book, home, day)
    case = book.add(
        Case,
        household=home,
        decision=decision,
        tier=decision.chosen_tier,
        team=team,
        lead=lead,
        restricted=any(one.restricted for one in members),
        opened_at=at,
        opened_by=by,
        review_due_on=day + timedelta(days=REVIEW_DAYS),
    )
    book.amend(decision, {"needs_case": False})
    book.of["cases", home.id].append(case)
    for one in members:
        book.of["members", case.id].append(book.add(CaseMember, case=case, resident=one, since=day))
        granted = {grant.user_id for grant in book.of["grants", one.id] if grant.until is None}
        if one.restricted and lead.id not in granted:
            give_access(book, one, lead, reason="Works on their case", by=by, at=at)
    begin_involvement(book, case, Involvement.Kind.LEAD, "Leads their case", since=day, user=lead)
    heading = f"Case opened at {label(case, 'tier')}, led by {lead}"
    write_down(book, case, "open_case", heading, by=by, at=at, significant=True)
    return case


def join_case(book: Book, decision: Decision, case: Case, *, by: User, at: datetime) -> None:
    """Join a second decision to the household's open case; its tier may rise by it and never falls."""
    book.amend(decision, {"needs_case": False})
    about = references(book, case)
    book.record("join_case", decision, by=by, about=about, at=at, principal=SYSTEM)
    tier = max(case.tier, decision.chosen_tier)
    book.save(case, at=at, verb="join_case", by=by, about=about, principal=SYSTEM, tier=tier)
    heading = f"New decision ({label(decision, 'chosen_tier')}) joined to the open case"
    write_down(book, case, "join_case", heading, by=by, at=at, significant=True, trailed=True)


def reallocate(book: Book, case: Case, *, lead: User, team: Team, reason: str, by: User, at: datetime) -> None:
    """Give a case to another lead."""
    before, day, about = case.lead, local_day(at), references(book, case)
    book.save(case, at=at, verb="reallocate", by=by, about=about, principal=SYSTEM, lead=lead, team=team)
    end_involvement(book, case, on=day, kind=Involvement.Kind.LEAD)
    begin_involvement(book, case, Involvement.Kind.LEAD, "Leads their case", since=day, user=lead)
    heading = f"Case passed from {before} to {lead}"
    write_down(book, case, "reallocate", heading, by=by, at=at, detail=reason, significant=True, trailed=True)


def close_case(
    book: Book, case: Case, *, reason: ClosureReason, summary: str, resident_view: str, by: User, at: datetime,
    **changes: Any,
) -> None:  # fmt: skip
    """Close a case and set its six-month check."""
    day = local_day(at)
    book.advance(
        case,
        "close",
        by=by,
        about=references(book, case),
        at=at,
        closed_at=at,
        closed_by=by,
        closure_reason=reason,
        closing_summary=summary,
        resident_view=resident_view,
        check_on=None if reason.code in NO_CHECK else add_months(day, CHECK_MONTHS),
        **changes,
    )
    for agency in book.of["agencies", case.id]:
        if agency.until is None:
            book.change(agency, at=at, until=day)
    end_involvement(book, case, on=day)
    write_down(book, case, "close_case", f"Case closed: {reason.label}", by=by, at=at, significant=True, trailed=True)


def record_check(book: Book, case: Case, *, sustained: bool | None, text: str, by: User, at: datetime) -> None:
    """Record the check after closing: whether what was reached has lasted."""
    about = references(book, case)
    book.save(case, at=at, verb="record_check", by=by, about=about, checked_at=at, sustained=sustained)
    heading = f"Check after closing: {FOUND[sustained]}"
    write_down(book, case, "record_check", heading, by=by, at=at, detail=text, significant=True, trailed=True)


def name_person(book: Book, case: Case, *, user: User, reason: str, by: User, at: datetime) -> CasePerson:
    """Let a colleague of another team see and work on the case."""
    person = book.add(CasePerson, case=case, user=user, reason=reason, since=local_day(at))
    write_down(book, case, "name_person", f"{user} named on the case", by=by, at=at)
    return person


def add_agency(
    book: Book, case: Case, *, organisation: Organisation, part: str, contact: str = "", by: User, at: datetime
) -> CaseAgency:
    """Put an organisation on the case that works on it with us."""
    day = local_day(at)
    agency = book.add(CaseAgency, case=case, organisation=organisation, part=part, contact=contact, since=day)
    book.of["agencies", case.id].append(agency)
    begin_involvement(book, case, Involvement.Kind.AGENCY, part, since=day, organisation=organisation)
    write_down(book, case, "add_agency", f"{organisation} joined the work", by=by, at=at)
    return agency


def write_note(
    book: Book,
    case: Case,
    *,
    kind: str,
    text: str,
    happened_at: datetime,
    child_seen: bool = False,
    significant: bool = False,
    by: User,
    at: datetime,
) -> Note:
    """Write what happened."""
    note = book.add(
        Note,
        case=case,
        kind=kind,
        text=text,
        happened_at=happened_at,
        written_at=at,
        by=by,
        child_seen=child_seen,
        significant=significant,
    )
    heading = f"{label(note, 'kind')} recorded{', child seen' if child_seen else ''}"
    write_down(book, case, "write_note", heading, by=by, at=happened_at, subject=note, significant=significant)
    return note


def step_up(book: Book, case: Case, *, tier: Tier, reason: str, team: Team | None, by: User, at: datetime) -> None:
    """Raise the tier of a case."""
    _decide(book, case, Decision.Kind.STEP_UP, tier, reason, team, by, at)
    book.save(case, at=at, verb="step_up", by=by, about=references(book, case), tier=tier)


def step_down(
    book: Book,
    case: Case,
    *,
    tier: Tier,
    receiver: str,
    reason: str,
    team: Team | None,
    by: User,
    at: datetime,
    closing: ClosureReason | None = None,
    summary: str = "",
    resident_view: str = "",
) -> None:
    """Lower the tier and name who takes over. Below Support this closes the case."""
    words = f"{reason} Taken over by: {receiver}."
    _decide(book, case, Decision.Kind.STEP_DOWN, tier, words, team, by, at)
    if closing:
        close_case(book, case, reason=closing, summary=summary, resident_view=resident_view, by=by, at=at, tier=tier)
    else:
        book.save(case, at=at, verb="step_down", by=by, about=references(book, case), tier=tier)
    heading = f"{Tier(tier).label} taken over by {receiver}"
    write_down(book, case, "step_down", heading, by=by, at=at, significant=True, trailed=closing is None)


def _decide(
    book: Book, case: Case, kind: str, tier: int, reason: str, team: Team | None, by: User, at: datetime
) -> None:
    """Keep the judgement beside those of triage, after the latest one at the tier of the case."""
    made = book.of["decisions", case.household_id]
    followed = {one.previous_id for one in made}
    chain = sorted((one for one in made if one.id not in followed), key=lambda one: (one.made_at, one.id), reverse=True)
    previous = next((one for one in chain if one.chosen_tier == case.tier), chain[0] if chain else case.decision)
    record_step(
        book,
        case.household,
        previous=previous,
        kind=kind,
        tier=tier,
        reason=reason,
        team=team,
        by=by,
        at=at,
        principal=SYSTEM,
    )
