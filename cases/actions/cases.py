"""Opening, joining, reallocating and closing a household case."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import Role, Team, User
from accounts.working_time import add_months, local_day
from cases.actions.checks import remaining_work
from cases.actions.story import (
    SYSTEM,
    begin_involvement,
    end_involvement,
    let_in,
    let_out,
    lock_open,
    need_manager,
    need_words,
    references,
    write_down,
)
from cases.models import Case, CaseMember, ClosureReason
from ledger import trail
from ledger.acting import acting_as_system, reading_as_system
from ledger.moves import InvalidMove, advance
from ledger.versions import save_changes
from residents.chronology import members_of
from residents.models import Household, Involvement
from triage.models import Decision
from triage.tiers import Tier

REVIEW_DAYS = 42
CHECK_MONTHS = 6
STEPPED_DOWN = "stepped_down"
NO_VIEW_NEEDED = ("died", "duplicate", "disengaged", "moved", "agreement_withdrawn")
NO_CHECK = ("died", "duplicate")
LEADS = (Role.CASEWORKER, Role.MANAGER)


@transaction.atomic
def open_case(decision: Decision, *, lead: User, team: Team, by: User, at: datetime) -> Case:
    """Allocate a Support or Intervention decision to a lead; the household's present members become the case's.

    Raises ValidationError where the household has an open case already: join that one.
    """
    decision, household = _lock_decision(decision, by)
    _check_lead(lead, team)
    if not by.teams.filter(pk=team.pk).exists():
        raise ValidationError("Choose one of your own teams. Another team's manager allocates to theirs.")
    if other := open_case_of(household):
        raise ValidationError(f"This household has an open case already, {other.reference}. Join the decision to it.")
    members = members_of(household, local_day(at))
    if not members:
        raise ValidationError("Nobody lives in this household now. Add its members before you open a case.")
    case = Case.objects.create(
        household=household,
        decision=decision,
        tier=decision.chosen_tier,
        team=team,
        lead=lead,
        restricted=any(one.restricted for one in members),
        opened_at=at,
        opened_by=by,
        review_due_on=local_day(at) + timedelta(days=REVIEW_DAYS),
    )
    with acting_as_system(SYSTEM):  # said on the decision, because a manager may not see every other team's case
        Decision.objects.filter(pk=decision.pk).update(needs_case=False)
    CaseMember.objects.bulk_create(CaseMember(case=case, resident=one, since=local_day(at)) for one in members)
    let_in(case, lead, by=by, at=at)
    begin_involvement(case, Involvement.Kind.LEAD, "Leads their case", since=local_day(at), user=lead)
    heading = f"Case opened at {case.get_tier_display()}, led by {lead}"
    write_down(case, "open_case", heading, by=by, at=at, significant=True)
    return case


@transaction.atomic
def open_cases(decisions: list[Decision], *, lead: User, team: Team, by: User, at: datetime) -> list[Case]:
    """Allocate several decisions to one lead: all of them or none. Raises ValidationError that names the one in the way."""
    act = partial(open_case, lead=lead, team=team, by=by, at=at)
    return [_named(one.reference, partial(act, one)) for one in decisions]


@transaction.atomic
def reallocate_several(cases: list[Case], *, lead: User, team: Team, reason: str, by: User, at: datetime) -> list[Case]:
    """Give several cases to another lead, as when somebody is away: all of them or none."""
    act = partial(reallocate, lead=lead, team=team, reason=reason, by=by, at=at)
    return [_named(one.reference, partial(act, one)) for one in cases]


def _named(reference: str, act: Callable[[], Case]) -> Case:
    """Does it; a refusal says which of many it is about."""
    try:
        return act()
    except ValidationError as refusal:
        raise ValidationError([f"{reference}: {words}" for words in refusal.messages]) from refusal


@transaction.atomic
def join_case(decision: Decision, *, by: User, at: datetime) -> Case:
    """Join a second decision to the household's open case; the tier of the case may rise by it and never falls."""
    decision, household = _lock_decision(decision, by)
    with acting_as_system(SYSTEM):
        found = open_case_of(household)
        if found is None:
            raise ValidationError("This household has no open case. Allocate the decision to open one.")
        case = lock_open(found)
        Decision.objects.filter(pk=decision.pk).update(needs_case=False)
        trail.record("join_case", decision, by=by, about=references(case), reference=decision.reference)
        tier = max(case.tier, decision.chosen_tier)
        case = save_changes(case, seen=case.version, by=by, verb="join_case", about=references(case), tier=tier)
        heading = f"New decision ({decision.get_chosen_tier_display()}) joined to the open case"
        write_down(case, "join_case", heading, by=by, at=at, significant=True, trailed=True)
    return case


@transaction.atomic
def reallocate(case: Case, *, lead: User, team: Team, reason: str, by: User, at: datetime) -> Case:
    """Give a case to another lead, of the same team or of another; a case leaves the sight of those it leaves."""
    need_manager(by, "give a case to another lead")
    reason = need_words(reason, "Say why the case changes hands")
    case = lock_open(case)
    _check_lead(lead, team)
    if case.lead_id == lead.pk and case.team_id == team.pk:
        raise ValidationError(f"{lead} leads this case already. Choose somebody else.")
    before, day = case.lead, local_day(at)
    with acting_as_system(SYSTEM):
        about = references(case)
        case = save_changes(case, seen=case.version, by=by, verb="reallocate", about=about, lead=lead, team=team)
        if before.pk != lead.pk:
            let_out(case, before, at=at)
            let_in(case, lead, by=by, at=at)
        end_involvement(case, on=day, kind=Involvement.Kind.LEAD)
        begin_involvement(case, Involvement.Kind.LEAD, "Leads their case", since=day, user=lead)
        heading = f"Case passed from {before} to {lead}"
        write_down(case, "reallocate", heading, by=by, at=at, detail=reason, significant=True, trailed=True)
    return case


@transaction.atomic
def close_case(case: Case, *, reason: ClosureReason, summary: str, resident_view: str, by: User, at: datetime) -> Case:
    """Close a case and set its six-month check. Raises InvalidMove if it is closed, ValidationError while work remains."""
    if reason.code == STEPPED_DOWN:
        raise ValidationError("To hand the household to another service, use Step down and name who takes over.")
    return end_case(case, reason=reason, summary=summary, resident_view=resident_view, by=by, at=at)


def end_case(
    case: Case, *, reason: ClosureReason, summary: str, resident_view: str, by: User, at: datetime, **changes: Any
) -> Case:
    """The closing itself, shared by `close_case` and by a step down out of casework."""
    case = lock_open(case)
    if reason.needs_manager:
        need_manager(by, f"close a case because of “{reason.label}”")
    summary = need_words(summary, "Say what was done and what changed")
    if reason.code not in NO_VIEW_NEEDED:
        need_words(resident_view, "Say what the household thinks of the work")
    if at < case.opened_at:
        raise ValidationError("A case cannot close before it opened.")
    if remaining := remaining_work(case):
        raise ValidationError(remaining)
    day = local_day(at)
    closed = advance(
        case,
        "close",
        by=by,
        about=references(case),
        closed_at=at,
        closed_by=by,
        closure_reason=reason,
        closing_summary=summary,
        resident_view=resident_view.strip(),
        check_on=None if reason.code in NO_CHECK else add_months(day, CHECK_MONTHS),
        **changes,
    )
    closed.agencies.filter(until=None).update(until=day)
    end_involvement(closed, on=day)
    write_down(closed, "close_case", f"Case closed: {reason.label}", by=by, at=at, significant=True, trailed=True)
    return closed


@transaction.atomic
def record_check(case: Case, *, sustained: bool | None, text: str, by: User, at: datetime) -> Case:
    """Record the check after closing: whether what was reached has lasted. None means that nobody could be reached."""
    case = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    if case.status != Case.Status.CLOSED or case.check_on is None:
        raise InvalidMove("Only a closed case with a check date can be checked.")
    if case.checked_at:
        raise InvalidMove("This case was checked already.")
    text = need_words(text, "Say what you found")
    about = references(case)
    case = save_changes(
        case, seen=case.version, by=by, verb="record_check", about=about, checked_at=at, sustained=sustained
    )
    found = {
        True: "what was reached has lasted",
        False: "what was reached has not lasted",
        None: "could not be reached",
    }
    heading = f"Check after closing: {found[sustained]}"
    write_down(case, "record_check", heading, by=by, at=at, detail=text, significant=True, trailed=True)
    return case


def open_case_of(household: Household) -> Case | None:
    """The household's open case, whichever team has it. Runs one query, as the system."""
    with reading_as_system(SYSTEM):
        return Case.objects.open().filter(household=household).first()


def _lock_decision(decision: Decision, by: User) -> tuple[Decision, Household]:
    """The decision and its household, locked in that order, so that two managers cannot allocate it twice."""
    need_manager(by, "allocate a decision")
    fresh = Decision.objects.select_for_update(of=("self",)).get(pk=decision.pk)
    if Case.objects.filter(decision=fresh).exists() or not fresh.needs_case:
        raise InvalidMove("This decision has been allocated already.")
    if fresh.chosen_tier < Tier.SUPPORT:
        raise ValidationError("Only a decision for Support or Intervention opens a case.")
    if fresh.household_id is None:
        raise ValidationError("This decision has no household yet. Link its contact to a resident first.")
    household = Household.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=fresh.household_id).first()
    if household is None:
        raise ValidationError("You cannot open this household.")
    return fresh, household


def _check_lead(lead: User, team: Team) -> None:
    """A lead is an active caseworker or manager of the team."""
    if not lead.is_active or lead.role not in LEADS or not lead.teams.filter(pk=team.pk).exists():
        raise ValidationError(f"Choose a caseworker or manager of {team} as the lead.")
