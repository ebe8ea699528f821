"""What every verb on a case leaves behind: the trail, the chronology, who is involved, and who may open a restricted record.

Written as the system, so that the story is whole even where the writer may not open each member's own record."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F, Model
from django.db.models.functions import Greatest

from accounts.models import Organisation, Role, User
from accounts.working_time import local_day
from cases.models import Case, CaseMember
from ledger import trail
from ledger.acting import acting_as_system
from ledger.moves import InvalidMove
from residents import chronology
from residents.models import AccessGrant, Involvement, Resident

SYSTEM = "system:cases"
DUTY_OF_CASE = "Works on their case"


def lock_open(case: Case) -> Case:
    """The case, locked and read again. Raises InvalidMove if it is closed."""
    fresh = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    if fresh.status != Case.Status.OPEN:
        raise InvalidMove("This case is closed, so that can no longer be done.")
    return fresh


def need_words(text: str, ask: str) -> str:
    """The text without blank ends. Raises ValidationError with `ask` if nothing is left."""
    if not (kept := text.strip()):
        raise ValidationError(ask)
    return kept


def need_manager(by: User, what: str) -> None:
    """Raises ValidationError unless a manager acts."""
    if by.role != Role.MANAGER:
        raise ValidationError(f"Only a manager can {what}. Ask yours.")


def present(case: Case) -> list[Resident]:
    """The residents whom the case is about now. Runs one query."""
    return list(Resident.objects.filter(case_memberships__case=case, case_memberships__until=None).order_by("pk"))


def write_down(
    case: Case,
    verb: str,
    heading: str,
    *,
    by: User,
    at: datetime,
    subject: Model | None = None,
    detail: str = "",
    significant: bool = False,
    only: Resident | None = None,
    fields: Iterable[str] = (),
    trailed: bool = False,
) -> None:
    """Write a verb into the trail (unless `trailed` says a move did) and into the chronology of each member.

    Of a restricted case only the restricted members' stories tell: the others' are open to everybody.
    """
    row = subject or case
    with acting_as_system(SYSTEM):
        people = [only] if only else present(case)
        if not trailed:
            trail.record(verb, row, by=by, about=[one.reference for one in people], fields=fields)
        told = [one for one in people if one.restricted] if case.restricted else people
        chronology.add(
            told,
            f"cases.{verb}",
            heading,
            subject=row,
            by=by,
            at=at,
            household=case.household,
            detail=detail,
            significant=significant,
        )


def references(case: Case) -> list[str]:
    """References of the people that the case is about, for the trail. Runs one query."""
    with acting_as_system(SYSTEM):
        return case.about()


def begin_involvement(
    case: Case,
    kind: Involvement.Kind,
    what: str,
    *,
    since: date,
    user: User | None = None,
    organisation: Organisation | None = None,
    only: Resident | None = None,
) -> None:
    """Say on each member's record who works with them. Runs one insert."""
    with acting_as_system(SYSTEM):
        people = [only] if only else present(case)
        told = [one for one in people if one.restricted] if case.restricted else people
        Involvement.objects.bulk_create(
            Involvement(
                resident=one,
                kind=kind,
                user=user,
                team=case.team if user else None,
                organisation=organisation,
                what=what[:200],
                reference=case.reference,
                since=since,
            )
            for one in told
        )


def end_involvement(case: Case, *, on: date, **which: Any) -> None:
    """End the involvements of the case that match, never before they began. Runs one statement."""
    with acting_as_system(SYSTEM):
        Involvement.objects.filter(reference=case.reference, until=None, **which).update(until=Greatest(F("since"), on))


def let_in(case: Case, user: User, *, by: User, at: datetime) -> None:
    """Name someone who works on the case for its restricted members, so that they can open those records."""
    with acting_as_system(SYSTEM):
        for one in present(case):
            if one.restricted:
                AccessGrant.objects.get_or_create(
                    resident=one,
                    user=user,
                    until=None,
                    defaults={"reason": DUTY_OF_CASE, "granted_by": by, "since": at},
                )


def let_out(case: Case, user: User, *, at: datetime) -> None:
    """Take back what `let_in` gave, unless another open case of the same people still needs it."""
    with acting_as_system(SYSTEM):
        people = [one.pk for one in present(case) if one.restricted]
        if not people:
            return
        elsewhere = CaseMember.objects.filter(
            resident__in=people, until=None, case__status=Case.Status.OPEN, case__lead=user
        ).exclude(case=case)
        AccessGrant.objects.filter(resident__in=people, user=user, until=None, reason=DUTY_OF_CASE).exclude(
            resident__in=elsewhere.values("resident")
        ).update(until=at)


def day_of(at: datetime) -> date:
    """The London date of a moment."""
    return local_day(at)
