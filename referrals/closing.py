"""Permission to close a case: not while a partner has not answered."""

from cases.models import Case
from referrals.models import Referral


def unanswered_referrals(case: Case) -> str:
    """What stands in the way of closing, in words; empty if nothing does. Runs one query."""
    silent = Referral.objects.filter(case=case, status__in=Referral.UNANSWERED).select_related("organisation")
    names = sorted({referral.organisation.name for referral in silent})
    if not names:
        return ""
    return f"A referral is waiting for an answer from {', '.join(names)}. Wait for it, or take the referral back."
