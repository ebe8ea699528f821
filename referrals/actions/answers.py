"""What the partner does: receive, accept, wait, decline, start, complete; and messages between us and them.

`by` is None where somebody answers by a link; `who` is then the name that they gave.
"""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import Role, User
from accounts.working_time import local_day
from ledger import trail
from ledger.moves import advance
from referrals import sharing
from referrals.actions.links import use_up_link
from referrals.actions.sending import live_agreement
from referrals.actions.story import end_involvement, tell, tell_partner
from referrals.models import Referral, ReferralMessage


@transaction.atomic
def receive(referral: Referral, *, by: User | None, at: datetime) -> Referral:
    """The partner says that they have it. Opening the page says nothing: reading never changes a record."""
    return advance(referral, "receive", by=by, about=referral.about(), received_at=at)


@transaction.atomic
def receive_several(referrals: list[Referral], *, by: User, at: datetime) -> list[Referral]:
    """The partner has all of these: all are received or none."""
    return [receive(one, by=by, at=at) for one in referrals]


@transaction.atomic
def accept(referral: Referral, *, by: User | None, at: datetime, who: str = "") -> Referral:
    """The partner takes the resident on."""
    fresh = advance(referral, "accept", by=by, about=referral.about(), **_answered(referral, at))
    tell(fresh, "accept", f"{fresh.organisation.name} accepted the referral", by=by, at=at)
    return _signed(fresh, "Accepted.", by=by, who=who, at=at)


@transaction.atomic
def put_on_waiting_list(referral: Referral, *, until: date, by: User | None, at: datetime, who: str = "") -> Referral:
    """The partner will take the resident on, and says by when. Raises ValidationError for a day that has passed."""
    if until < local_day(at):
        raise ValidationError({"until": "The day must be today or in the future"})
    changes = _answered(referral, at) | {"waiting_until": until}
    fresh = advance(referral, "wait", by=by, about=referral.about(), **changes)
    tell(fresh, "put_on_waiting_list", f"{fresh.organisation.name} put the referral on a waiting list", by=by, at=at)
    return _signed(fresh, "Put on our waiting list.", by=by, who=who, at=at)


@transaction.atomic
def decline(
    referral: Referral,
    *,
    reason: str,
    text: str = "",
    alternative: str = "",
    by: User | None,
    at: datetime,
    who: str = "",
) -> Referral:
    """The partner cannot take the resident on; it comes back to the referrer as a task."""
    if reason not in Referral.Declined.values:
        raise ValidationError({"reason": "Select why you cannot take this on"})
    changes = _answered(referral, at) | {
        "decline_reason": reason,
        "decline_text": text.strip(),
        "suggested_alternative": alternative.strip(),
        "settled_at": None,
        "settled_how": "",
    }
    fresh = advance(referral, "decline", by=by, about=referral.about(), **changes)
    heading = f"{fresh.organisation.name} declined the referral"
    tell(fresh, "decline", heading, by=by, at=at, significant=True)
    _signed(fresh, "Declined.", by=by, who=who, at=at)
    return _over(fresh, at)


@transaction.atomic
def start(referral: Referral, *, by: User | None, at: datetime) -> Referral:
    """The partner has met or spoken with the resident."""
    fresh = advance(referral, "start", by=by, about=referral.about(), started_at=at)
    tell(fresh, "start", f"{fresh.organisation.name} began work on the referral", by=by, at=at)
    return fresh


@transaction.atomic
def complete(
    referral: Referral, *, outcome: str, text: str = "", by: User | None, at: datetime, who: str = ""
) -> Referral:
    """The partner's work is over, and this came of it. Stepped back with a concern, it returns as a task."""
    if outcome not in Referral.Outcome.values:
        raise ValidationError({"outcome": "Select what came of it"})
    if outcome == Referral.Outcome.STEPPED_BACK and not text.strip():
        raise ValidationError({"text": "Enter your concern, so that we can act on it"})
    changes: dict[str, Any] = {"outcome": outcome, "outcome_text": text.strip(), "completed_at": at}
    if outcome == Referral.Outcome.STEPPED_BACK:
        changes |= {"settled_at": None, "settled_how": ""}
    fresh = advance(referral, "complete", by=by, about=referral.about(), **changes)
    heading = f"{fresh.organisation.name} completed the referral: {fresh.get_outcome_display().lower()}"
    tell(fresh, "complete", heading, by=by, at=at, significant=outcome == Referral.Outcome.STEPPED_BACK)
    _signed(fresh, "Completed.", by=by, who=who, at=at)
    return _over(fresh, at)


@transaction.atomic
def send_message(referral: Referral, *, text: str, by: User | None, at: datetime, who: str = "") -> ReferralMessage:
    """Write to the other side. From us it needs an agreement that still holds: withdrawal stops what is not yet said."""
    referral = Referral.objects.select_related("organisation").get(pk=referral.pk)
    from_partner = by is None or by.role == Role.PARTNER
    if referral.status in Referral.UNSENT:
        raise ValidationError("Send the referral first: nobody there can read this yet.")
    if not from_partner:
        live_agreement(referral, at)
        text = sharing.message_to_partner(referral, text)
    message = ReferralMessage.objects.create(
        referral=referral, at=at, by=by, who=who.strip(), from_partner=from_partner, text=text.strip()
    )
    trail.record("send_message", referral, by=by, about=referral.about())
    if not from_partner and referral.status in Referral.LIVE:
        tell_partner(referral, news="message", number=message.pk)
    return message


def _answered(referral: Referral, at: datetime) -> dict[str, Any]:
    """The first answer also says that they have it, and settles an earlier silence; read from the locked row."""
    referral = Referral.objects.select_for_update(of=("self",)).get(pk=referral.pk)
    changes: dict[str, Any] = {}
    if referral.received_at is None:
        changes["received_at"] = at
    if referral.answered_at is None:
        changes["answered_at"] = at
    if referral.unanswered_at is not None and referral.settled_at is None:
        changes |= {"settled_at": at, "settled_how": "They answered late"}
    return changes


def _signed(referral: Referral, words: str, *, by: User | None, who: str, at: datetime) -> Referral:
    """An answer by link has no account behind it: keep the name that was given, where both sides read it."""
    if by is None and who.strip():
        ReferralMessage.objects.create(
            referral=referral, at=at, by=None, who=who.strip(), from_partner=True, text=words
        )
    return referral


def _over(referral: Referral, at: datetime) -> Referral:
    end_involvement(referral, at)
    use_up_link(referral, at=at)
    return referral
