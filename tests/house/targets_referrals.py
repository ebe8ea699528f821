"""Records that the access table is tried on: referrals. `other` is a referral to another partner; for links, one that ended."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from referrals import actions
from referrals.models import Referral
from tests import make

MISSING = {"reference": "CS-2222-22C"}


def _refer(world: Any, resident: Any = None, to: Any = None, **fields: Any) -> Referral:
    now = timezone.now()
    asked = {"made_by": world.ben, "made_at": now, "sent_at": now, "answer_due_at": now + timedelta(days=7)}
    return make.referral(to=to or world.ela.organisation, resident=resident or make.resident(), **{**asked, **fields})


def _kwargs(referral: Referral) -> dict[str, str]:
    return {"reference": referral.reference}


def _ours(status: str) -> Any:
    """A referral in the status that the verb needs, and a restricted resident's."""

    def targets(world: Any) -> dict[str, dict]:
        unsent = {"sent_at": None} if status == Referral.Status.DRAFT else {}
        over = {"answered_at": timezone.now(), "decline_reason": "capacity"} if status == "declined" else {}
        hidden = _refer(world, make.restricted_resident())
        return {
            "own": _kwargs(_refer(world, status=status, **unsent, **over)),
            "restricted": _kwargs(hidden),
            "missing": MISSING,
        }

    return targets


def _theirs(status: str) -> Any:
    """A referral to Ela's organisation in the status that the verb needs, and one to somebody else."""

    def targets(world: Any) -> dict[str, dict]:
        answered = {} if status == Referral.Status.SENT else {"answered_at": timezone.now()}
        return {
            "own": _kwargs(_refer(world, status=status, **answered)),
            "other": _kwargs(_refer(world, to=make.organisation())),
            "restricted": _kwargs(_refer(world, make.restricted_resident(), to=make.organisation())),
            "missing": MISSING,
        }

    return targets


def _links(world: Any) -> dict[str, dict]:
    def link(referral: Referral) -> dict[str, str]:
        now = timezone.now()
        secret = actions.make_answer_link(referral, notice=referral.reference, sent_to="in@partner.example", at=now)
        return {"secret": secret}

    def ended(referral: Referral) -> dict[str, str]:
        gone = link(referral)
        actions.revoke_links(referral, at=timezone.now())
        return gone

    return {
        "own": link(_refer(world)),
        "other": ended(_refer(world)),
        "restricted": ended(_refer(world, make.restricted_resident())),
        "missing": {"secret": "A" * 43},
    }


Status = Referral.Status
TARGETS = {
    **{f"referrals:{page}": _ours(Status.DRAFT) for page in ("change", "send", "cancel", "agree")},
    **{f"referrals:{page}": _ours(Status.SENT) for page in ("referral", "message", "resend", "withdraw")},
    "referrals:settle": _ours(Status.DECLINED),
    **{f"referrals:{page}": _theirs(Status.SENT) for page in ("received", "receive", "reply", "write")},
    "referrals:start": _theirs(Status.ACCEPTED),
    "referrals:complete": _theirs(Status.ACCEPTED),
    "referrals:answer": _links,
}
