"""What the outbox and the clock ask of referrals."""

from celery import shared_task
from django.utils import timezone

from ledger.acting import acting_as_system
from ledger.outbox import job
from referrals import actions, notices, sharing
from referrals.models import Referral


@job("referrals.tell_partner")
def tell_partner(referral_id: int, notice: str, news: str) -> None:
    """Tell a partner that something waits for them, unless there is nothing for them to do any more."""
    referral = Referral.objects.select_related("organisation").get(pk=referral_id)
    if sharing.hide_withdrawn([referral]):
        return
    if referral.status in Referral.LIVE and (to := notices.address_of(referral)):
        secret = actions.make_answer_link(referral, notice=notice, sent_to=to, at=timezone.now())
        notices.tell_partner(referral, to=to, secret=secret, notice=notice, news=news)


@shared_task(name="referrals.chase")
def chase() -> int:
    """Bring back what partners have left unanswered for five working days. Returns how many."""
    now = timezone.now()
    with acting_as_system("system:referrals.chase"):
        silent = Referral.objects.filter(
            status__in=Referral.UNANSWERED, unanswered_at=None, answer_due_at__lte=now
        ).order_by("pk")
        return sum(actions.mark_unanswered(referral, at=now) is not None for referral in silent)
