"""From a draft to a referral that has left: nothing leaves without a recorded agreement for that organisation."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import Organisation, Role, User
from accounts.working_time import add_working_days, local_day
from cases.models import Case
from directory.models import Service
from intake.models import Contact
from ledger import trail
from ledger.moves import InvalidMove, advance
from ledger.versions import save_changes
from referrals import sharing
from referrals.actions.story import begin_involvement, tell, tell_partner
from referrals.models import Referral
from residents.models import Agreement, Resident

ANSWER_DAYS = 5
ASKED_OF_CASE = "The resident is not a member of that case."


@transaction.atomic
def draft_referral(
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
    """Begin a referral that nobody outside sees yet. Raises ValidationError where it could never be sent."""
    _check_resident(resident, by)
    _check_taker(organisation, service)
    if contact is not None and contact.resident_id != resident.pk:
        raise ValidationError("The contact is about somebody else.")
    if case is not None and not case.members.filter(resident=resident, until=None).exists():
        raise ValidationError(ASKED_OF_CASE)
    referral = Referral.objects.create(
        resident=resident,
        organisation=organisation,
        service=service,
        contact=contact,
        case=case,
        reason=reason.strip(),
        goal=goal.strip(),
        shared_risks=risks.strip(),
        made_by=by,
        made_at=at,
    )
    trail.record("draft_referral", referral, by=by, about=[resident.reference])
    return referral


@transaction.atomic
def change_draft(
    referral: Referral,
    *,
    seen: int,
    organisation: Organisation,
    service: Service | None,
    reason: str,
    goal: str = "",
    risks: str = "",
    by: User,
) -> Referral:
    """Change a draft. Raises StaleVersion if somebody else changed it first, InvalidMove once it was sent."""
    now = Referral.objects.select_for_update(of=("self",)).select_related("resident").get(pk=referral.pk)
    if now.status != Referral.Status.DRAFT:
        raise InvalidMove(
            "This referral was sent, so it can no longer be changed. Write the partner a message instead."
        )
    _check_taker(organisation, service)
    changes = {"organisation": organisation, "service": service, "reason": reason.strip(), "goal": goal.strip()}
    about = [now.resident.reference]
    return save_changes(now, seen=seen, by=by, verb="change_draft", about=about, shared_risks=risks.strip(), **changes)


@transaction.atomic
def cancel_draft(referral: Referral, *, by: User, at: datetime) -> Referral:
    """Give up a draft."""
    return advance(referral, "cancel", by=by, about=referral.about())


@transaction.atomic
def send_referral(referral: Referral, *, by: User, at: datetime) -> Referral:
    """Send a draft: freeze what the partner sees, start their clock of five working days, and have them told.

    Raises ValidationError without a live agreement for the organisation, or while its decision says that nothing may be sent.
    """
    rows = Referral.objects.select_related("resident", "organisation", "service", "contact")
    draft = rows.select_for_update(of=("self",)).get(pk=referral.pk)
    _check_resident(draft.resident, by)
    _check_taker(draft.organisation, draft.service)
    _check_reachable(draft.organisation)
    agreement = live_agreement(draft, at)
    _check_decision(draft, agreement)
    words = {"reason": draft.reason, "goal": draft.goal, "risks": draft.shared_risks}
    frozen = sharing.what_is_shared(draft.resident, agreement, **words)
    sent = advance(
        draft,
        "send",
        by=by,
        about=[draft.resident.reference],
        agreement=agreement,
        sent_at=at,
        answer_due_at=add_working_days(at, ANSWER_DAYS),
        **frozen,
    )
    begin_involvement(sent, at)
    tell(sent, "send_referral", f"Referred to {draft.organisation.name}", by=by, at=at)
    tell_partner(sent, news="new")
    return sent


def live_agreement(referral: Referral, at: datetime) -> Agreement:
    """The agreement under which the referral may leave; locked. Raises ValidationError in words where there is none."""
    name = referral.organisation.name
    rows = Agreement.objects.live(local_day(at)).filter(
        resident=referral.resident_id, organisation=referral.organisation_id
    )
    found = list(rows.select_for_update(of=("self",)).order_by("-recorded_at", "-pk"))
    if not found:
        raise ValidationError(
            f"Nobody has recorded that the resident agrees to share with {name}. Record an agreement first.",
            code="no_agreement",
        )
    best = max(found, key=lambda one: len(sharing.covered(one)))
    if missing := {"name", "need"} - sharing.covered(best):
        words = " and ".join(sharing.LABELS[kind].lower() for kind in sorted(missing))
        raise ValidationError(
            f"The agreement with {name} does not cover: {words}. Record one that does.", code="no_agreement"
        )
    return best


def _check_resident(resident: Resident, by: User) -> None:
    if resident.restricted and by.role != Role.MANAGER:
        raise ValidationError("This record is restricted. Ask a manager to make the referral.")


def _check_taker(organisation: Organisation, service: Service | None) -> None:
    """Whether the organisation, and the service of it that was chosen, takes referrals from us."""
    if organisation.kind != Organisation.Kind.PARTNER or not organisation.active:
        raise ValidationError(f"We do not refer to {organisation.name} at present.")
    if service is not None and service.organisation_id != organisation.pk:
        raise ValidationError(f"{service.name} is not a service of {organisation.name}.")
    if service is not None and not (service.accepts_referrals and service.status == Service.Status.ACTIVE):
        raise ValidationError(f"{service.name} takes no referrals from us at present.")


def _check_reachable(organisation: Organisation) -> None:
    if not organisation.email and not organisation.users.filter(is_active=True).exists():
        raise ValidationError(f"We have no address for {organisation.name}. Ask an administrator to add one.")


def _check_decision(referral: Referral, agreement: Agreement) -> None:
    """From a contact, the decision must let it go: or the agreement that was missing then was recorded since."""
    if referral.contact is None:
        return
    decision = referral.contact.decisions.order_by("-made_at", "-pk").first()
    if decision is None:
        raise ValidationError("The contact waits for a decision. Decide it first, then send the referral.")
    if not decision.may_send and agreement.recorded_at <= decision.made_at:
        raise ValidationError("The decision on the contact says that nothing may be sent: nobody had agreed.")
