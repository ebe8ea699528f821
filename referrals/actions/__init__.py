"""What may happen to a referral, from draft to outcome; one function a verb."""

from referrals.actions.answers import (
    accept,
    complete,
    decline,
    put_on_waiting_list,
    receive,
    receive_several,
    send_message,
    start,
)
from referrals.actions.links import make_answer_link, resend_link, revoke_links, use_up_link
from referrals.actions.returns import chase_several, mark_unanswered, settle_return, withdraw_referral
from referrals.actions.sending import cancel_draft, change_draft, draft_referral, live_agreement, send_referral

__all__ = [
    "accept",
    "cancel_draft",
    "change_draft",
    "chase_several",
    "complete",
    "decline",
    "draft_referral",
    "live_agreement",
    "make_answer_link",
    "mark_unanswered",
    "put_on_waiting_list",
    "receive",
    "receive_several",
    "resend_link",
    "revoke_links",
    "send_message",
    "send_referral",
    "settle_return",
    "start",
    "use_up_link",
    "withdraw_referral",
]
