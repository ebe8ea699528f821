"""Who is on a case: members of the household, agencies that work with us, and named colleagues."""

from datetime import datetime
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import Organisation, Role, User
from accounts.working_time import local_day
from cases.actions.story import (
    begin_involvement,
    end_involvement,
    let_in,
    let_out,
    lock_open,
    need_manager,
    need_words,
    write_down,
)
from cases.models import Case, CaseAgency, CaseMember, CasePerson
from ledger.moves import InvalidMove
from residents.models import Involvement, Resident

Row = TypeVar("Row", CasePerson, CaseAgency, CaseMember)


@transaction.atomic
def name_person(case: Case, *, user: User, reason: str, by: User, at: datetime) -> CasePerson:
    """Let a colleague of another team see and work on the case. On a restricted case only a manager may."""
    case = lock_open(case)
    if case.restricted:
        need_manager(by, "name someone on a restricted case")
    reason = need_words(reason, "Say why they need to see this case")
    if not user.is_active or user.role not in (Role.CASEWORKER, Role.MANAGER):
        raise ValidationError("Choose a caseworker or a manager.")
    if case.people.filter(user=user, until=None).exists() or case.lead_id == user.pk:
        raise ValidationError(f"{user} is on this case already.")
    person = CasePerson.objects.create(case=case, user=user, reason=reason, since=local_day(at))
    let_in(case, user, by=by, at=at)
    write_down(case, "name_person", f"{user} named on the case", by=by, at=at)
    return person


@transaction.atomic
def end_person(person: CasePerson, *, by: User, at: datetime) -> CasePerson:
    """Take a named colleague off the case: from now on they see it only as their team does."""
    case = Case.objects.select_for_update(of=("self",)).get(pk=person.case_id)
    person = _lock_current(CasePerson, person)
    if case.restricted:
        need_manager(by, "take someone off a restricted case")
    person.until = local_day(at)
    # Told before the row ends, for it may be the writer's own right to see the case.
    write_down(case, "end_person", f"{person.user} no longer named on the case", by=by, at=at)
    person.save(update_fields=["until"])
    let_out(case, person.user, at=at)
    return person


@transaction.atomic
def add_agency(
    case: Case, *, organisation: Organisation, part: str, contact: str = "", by: User, at: datetime
) -> CaseAgency:
    """Put an organisation on the case that works on it with us; each member's record says so."""
    case = lock_open(case)
    part = need_words(part, "Say what they do on the case")
    if case.agencies.filter(organisation=organisation, until=None).exists():
        raise ValidationError(f"{organisation} is on this case already.")
    day = local_day(at)
    agency = CaseAgency.objects.create(
        case=case, organisation=organisation, part=part, contact=contact.strip(), since=day
    )
    begin_involvement(case, Involvement.Kind.AGENCY, part, since=day, organisation=organisation)
    write_down(case, "add_agency", f"{organisation} joined the work", by=by, at=at)
    return agency


@transaction.atomic
def end_agency(agency: CaseAgency, *, by: User, at: datetime) -> CaseAgency:
    """Record that an organisation no longer works on the case."""
    case = lock_open(agency.case)
    agency = _lock_current(CaseAgency, agency)
    agency.until = local_day(at)
    agency.save(update_fields=["until"])
    which = {"kind": Involvement.Kind.AGENCY, "organisation": agency.organisation}
    end_involvement(case, on=agency.until, **which)
    write_down(case, "end_agency", f"{agency.organisation} left the work", by=by, at=at)
    return agency


@transaction.atomic
def add_member(case: Case, *, resident: Resident, by: User, at: datetime) -> CaseMember:
    """Add a resident to the case: someone who moved in, or a parent elsewhere. A restricted one makes the case restricted."""
    case = lock_open(case)
    if case.members.filter(resident=resident, until=None).exists():
        raise ValidationError("This person is on the case already.")
    if resident.restricted and not case.restricted:
        need_manager(by, "add someone whose record is restricted")
        case.restricted = True
        case.version += 1
        case.save(update_fields=["restricted", "version"])
    day = local_day(at)
    member = CaseMember.objects.create(case=case, resident=resident, since=day)
    if resident.restricted:
        let_in(case, case.lead, by=by, at=at)
    begin_involvement(case, Involvement.Kind.LEAD, "Leads their case", since=day, user=case.lead, only=resident)
    for agency in case.agencies.filter(until=None).select_related("organisation"):
        what, who = Involvement.Kind.AGENCY, agency.organisation
        begin_involvement(case, what, agency.part, since=day, organisation=who, only=resident)
    write_down(case, "add_member", "Joined the household's case", by=by, at=at, only=resident)
    return member


@transaction.atomic
def end_member(member: CaseMember, *, reason: str, by: User, at: datetime) -> CaseMember:
    """Take a resident off the case. Raises ValidationError for the last one: close the case instead."""
    case = lock_open(member.case)
    member = _lock_current(CaseMember, member)
    reason = need_words(reason, "Say why they are no longer part of the case")
    if not case.members.filter(until=None).exclude(pk=member.pk).exists():
        raise ValidationError("This is the only person on the case. Close the case instead.")
    resident = member.resident
    write_down(case, "end_member", "Left the household's case", by=by, at=at, only=resident, detail=reason)
    end_involvement(case, on=local_day(at), resident=resident)
    member.until = local_day(at)
    member.save(update_fields=["until"])
    return member


def _lock_current(model: type[Row], row: Row) -> Row:
    """The row, locked and read again. Raises InvalidMove if it has ended."""
    fresh = model.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if fresh.until:
        raise InvalidMove("This has ended already.")
    return fresh
