"""Links by which a partner answers without an account. Only the hash of the secret is kept."""

import hashlib
from base64 import urlsafe_b64encode
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.crypto import salted_hmac

from accounts.models import User
from ledger import trail
from ledger.acting import acting_as_system
from referrals.actions.story import SYSTEM, tell_partner
from referrals.models import AnswerLink, Referral

LIFE = timedelta(days=14)


def hash_of(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def make_answer_link(referral: Referral, *, notice: str, sent_to: str, at: datetime, by: User | None = None) -> str:
    """Make a link for one referral and give its secret (256 bits); earlier links of the referral stop working.

    The secret is derived from the notice's key by our own secret key, so that a message that has to be sent
    again carries the same link. It expires after 14 days.
    """
    digest = salted_hmac("referrals.answer_link", notice, algorithm="sha256").digest()
    secret = urlsafe_b64encode(digest).decode().rstrip("=")
    if not AnswerLink.objects.filter(secret_hash=hash_of(secret)).exists():
        revoke_links(referral, at=at)
        link = AnswerLink.objects.create(
            referral=referral, secret_hash=hash_of(secret), sent_to=sent_to, made_at=at, expires_at=at + LIFE
        )
        trail.record("make_answer_link", link, by=by, about=referral.about(), reference=referral.reference)
    return secret


@transaction.atomic
def revoke_links(referral: Referral, *, at: datetime) -> int:
    """Stop every link of the referral from working. Returns how many stopped."""
    return AnswerLink.objects.filter(referral=referral, revoked_at=None, used_at=None).update(revoked_at=at)


@transaction.atomic
def use_up_link(referral: Referral, *, at: datetime) -> int:
    """The partner's part is over: their links have done their work. A partner may not read links, so the system does it."""
    with acting_as_system(SYSTEM):
        return AnswerLink.objects.filter(referral=referral, revoked_at=None, used_at=None).update(used_at=at)


@transaction.atomic
def resend_link(referral: Referral, *, by: User, at: datetime) -> Referral:
    """Send the partner a fresh link. Raises ValidationError when there is nothing for them to do any more."""
    referral = Referral.objects.select_for_update(of=("self",)).get(pk=referral.pk)
    if referral.status not in Referral.LIVE:
        raise ValidationError("There is nothing more for the partner to do here.")
    tell_partner(referral, news="link", number=int(at.timestamp()))
    trail.record("resend_link", referral, by=by, about=referral.about())
    return referral
