"""What came back from partners, and what waits on them: for the list of a person's work."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q, QuerySet

from accounts.models import User
from accounts.working_time import OFFICE_HOURS, add_working_days, local_day
from cases.work_due import WorkItem, item
from ledger.composed import Composed
from referrals.models import Referral, came_back

RETURN_DAYS = 1
LINK = "referrals:referral"


def work_for(user: User, at: datetime) -> list[WorkItem]:
    """Referrals that came back first, then waiting lists whose day has come, then drafts. Runs one query."""
    rows = REFERRALS.rows(user, at)
    return sorted((one for row in rows for one in _items(row, at)), key=lambda one: (_ORDER[one.kind], one.due))


def _wanted(user: User, at: datetime) -> QuerySet[Referral]:
    rows = Referral.objects.visible_to(user).of_worker(user).select_related("organisation", "resident")
    overdue_list = Q(status=Referral.Status.WAITING, waiting_until__lte=local_day(at))
    draft = Q(status=Referral.Status.DRAFT, made_by=user)
    return rows.filter(came_back() | overdue_list | draft)


REFERRALS = Composed(_wanted, days=local_day)

_ORDER = {"returned": 0, "waiting_list": 1, "draft_referral": 2}


def _items(row: Referral, at: datetime) -> Iterator[WorkItem]:
    name = row.organisation.name
    if row.returned:
        came = row.completed_at or (row.answered_at if row.status == row.Status.DECLINED else row.unanswered_at) or at
        why = _why_back(row, name)
        yield _item(add_working_days(came, RETURN_DAYS), at, "A referral came back", why, row, "returned")
    elif row.status == Referral.Status.WAITING and row.waiting_until:
        due = OFFICE_HOURS.closing(row.waiting_until)
        why = f"{name} expected a place by now"
        yield _item(due, at, "Ask about a waiting list", why, row, "waiting_list")
    elif row.status == Referral.Status.DRAFT:
        due = add_working_days(row.made_at, RETURN_DAYS)
        yield _item(due, at, "Send or cancel a referral", f"A draft to {name}", row, "draft_referral")


def _why_back(row: Referral, name: str) -> str:
    if row.status == Referral.Status.DECLINED:
        return f"{name} declined: {row.get_decline_reason_display().lower()}"
    if row.outcome == Referral.Outcome.STEPPED_BACK:
        return f"{name} stepped back with a concern"
    return f"{name} has not answered"


def _item(due: datetime, at: datetime, what: str, why: str, row: Referral, kind: str) -> WorkItem:
    return item(due, at, what, why, LINK, row.reference, kind, str(row.resident))
