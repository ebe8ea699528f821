"""What we say outward: that something waits, and where. No names, no needs, nothing about anybody."""

import hashlib

from django.conf import settings
from django.core.mail import EmailMessage

from referrals.models import Referral

SUBJECTS = {
    "new": "A referral waits for you",
    "again": "A referral still waits for you",
    "message": "A message waits for you",
    "link": "A new link to a referral",
}


def tell_partner(referral: Referral, *, to: str, secret: str, notice: str, news: str) -> None:
    """Send the organisation one message with the way to the referral; a repeated one carries the same Message-ID."""
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
    EmailMessage(
        subject=f"{SUBJECTS[news]} – {settings.SERVICE_NAME}",
        body=_body(referral, news, secret),
        to=[to],
        headers={"Message-ID": f"<{hashlib.sha256(notice.encode()).hexdigest()[:32]}@{domain}>"},
    ).send()


def address_of(referral: Referral) -> str:
    """The organisation's own address, else that of somebody there."""
    there = referral.organisation.users.filter(is_active=True).order_by("pk").first()
    return referral.organisation.email or (there.email if there else "")


def _body(referral: Referral, news: str, secret: str) -> str:
    return "\n\n".join(
        [
            f"{SUBJECTS[news]}. It is from {settings.COUNCIL_NAME}; its reference is {referral.reference}.",
            f"Answer without an account, within 14 days:\n{settings.PUBLIC_ADDRESS}/answer/{secret}",
            f"Or sign in:\n{settings.PUBLIC_ADDRESS}/inbox/{referral.reference}",
            "This message names nobody. Do not pass the link on: whoever has it can read the referral.",
        ]
    )
