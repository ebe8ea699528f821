"""What we do with a referral that is out: take it back, notice silence, deal with what came back."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import models, transaction

from accounts.models import User
from accounts.working_time import add_working_days
from ledger import trail
from ledger.moves import advance
from referrals.actions.links import revoke_links
from referrals.actions.sending import ANSWER_DAYS, live_agreement
from referrals.actions.story import end_involvement, tell, tell_partner
from referrals.models import Referral


class Settle(models.TextChoices):
    """How a referrer deals with a referral that came back."""

    ELSEWHERE = "elsewhere", "Refer them somewhere else"
    MORE_TIME = "more_time", "Ask the partner again, with five more working days"
    CLOSED = "closed", "Nothing more is needed"


@transaction.atomic
def withdraw_referral(referral: Referral, *, reason: str, by: User, at: datetime) -> Referral:
    """Take a referral back; the partner's links stop working."""
    if not reason.strip():
        raise ValidationError({"reason": "Enter why you take the referral back"})
    changes = {"settled_at": at, "settled_how": reason.strip()[:300]}
    fresh = advance(referral, "withdraw", by=by, about=referral.about(), **changes)
    tell(fresh, "withdraw_referral", f"Referral to {fresh.organisation.name} withdrawn", by=by, at=at)
    end_involvement(fresh, at)
    revoke_links(fresh, at=at)
    return fresh


@transaction.atomic
def mark_unanswered(referral: Referral, *, at: datetime) -> Referral | None:
    """Silence past its time brings the referral back to the referrer. None if an answer came meanwhile."""
    fresh = Referral.objects.select_for_update(of=("self",)).get(pk=referral.pk)
    due = fresh.answer_due_at is not None and fresh.answer_due_at <= at
    if fresh.status not in Referral.UNANSWERED or fresh.unanswered_at or not due:
        return None
    fresh.unanswered_at, fresh.settled_at, fresh.settled_how = at, None, ""
    fresh.version += 1
    names = ["unanswered_at", "settled_at", "settled_how"]
    fresh.save(update_fields=[*names, "version"])
    trail.record("mark_unanswered", fresh, about=fresh.about(), fields=names)
    tell(fresh, "mark_unanswered", f"{fresh.organisation.name} has not answered the referral", by=None, at=at)
    return fresh


@transaction.atomic
def settle_return(referral: Referral, *, how: str, text: str = "", by: User, at: datetime) -> Referral:
    """Deal with a declined, stepped back or unanswered referral. Unless they get more time, a silent one is withdrawn."""
    fresh = Referral.objects.select_for_update(of=("self",)).get(pk=referral.pk)
    if not fresh.returned:
        raise ValidationError("Somebody has dealt with this already.")
    if how not in Settle.values:
        raise ValidationError({"how": "Select what you do about it"})
    if how == Settle.CLOSED and not text.strip():
        raise ValidationError({"text": "Enter why nothing more is needed"})
    silent = fresh.status in Referral.UNANSWERED
    if how == Settle.MORE_TIME:
        return _ask_again(fresh, by=by, at=at)
    said = text.strip() or Settle(how).label
    if silent:
        return withdraw_referral(fresh, reason=said, by=by, at=at)
    return _settle(fresh, said, by=by, at=at)


@transaction.atomic
def chase_several(referrals: list[Referral], *, by: User, at: datetime) -> list[Referral]:
    """Ask the partners again who have not answered, each with five more working days: all of them or none."""
    done = []
    for one in referrals:
        try:
            done.append(settle_return(one, how=Settle.MORE_TIME, by=by, at=at))
        except ValidationError as refusal:
            raise ValidationError([f"{one.reference}: {words}" for words in refusal.messages]) from refusal
    return done


def _ask_again(referral: Referral, *, by: User, at: datetime) -> Referral:
    if referral.status not in Referral.UNANSWERED:
        raise ValidationError({"how": "They have answered: refer somewhere else, or say why nothing more is needed."})
    live_agreement(referral, at)
    referral.unanswered_at, referral.answer_due_at = None, add_working_days(at, ANSWER_DAYS)
    referral.version += 1
    referral.save(update_fields=["unanswered_at", "answer_due_at", "version"])
    trail.record("settle_return", referral, by=by, about=referral.about(), why=Settle.MORE_TIME)
    tell(referral, "settle_return", f"{referral.organisation.name} asked again", by=by, at=at)
    tell_partner(referral, news="again", number=referral.version)
    return referral


def _settle(referral: Referral, said: str, *, by: User, at: datetime) -> Referral:
    referral.settled_at, referral.settled_how = at, said[:300]
    referral.version += 1
    referral.save(update_fields=["settled_at", "settled_how", "version"])
    trail.record("settle_return", referral, by=by, about=referral.about(), fields=["settled_at"])
    heading = f"Return from {referral.organisation.name} dealt with"
    tell(referral, "settle_return", heading, by=by, at=at)
    return referral
