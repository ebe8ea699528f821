"""My work: what someone must do, put in one order from the facts of all rooms. Nothing is stored or ticked off."""

from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from django.urls import reverse
from django.utils import timezone

from accounts.models import STAFF, User
from cases import work_due as of_cases
from cases.work_due import WorkItem
from referrals import work_due as of_referrals

WORKS_WITH_RESIDENTS = STAFF


def work_for(user: User, at: datetime) -> list[WorkItem]:
    """Everything that a person must do now or within a week: late first, then by when it is due. Runs about ten queries."""
    if user.role not in WORKS_WITH_RESIDENTS:
        return []
    found = [*of_cases.work_for(user, at), *of_referrals.work_for(user, at)]
    return sorted(found, key=lambda item: (not item.late, item.due, item.what, item.reference))


def in_words(items: list[WorkItem], at: datetime) -> list[dict[str, Any]]:
    """The items as the page's list wants them."""
    return [
        {
            "text": f"{item.what}: {item.about}" if item.about else item.what,
            "href": reverse(item.link, args=[item.reference] if item.reference else []),
            "detail": item.why,
            "when": when(item.due, at),
            "late": item.late,
        }
        for item in items
    ]


def by_day(items: list[WorkItem], at: datetime) -> list[dict[str, Any]]:
    """The items under Late, Today, Tomorrow and the days after."""
    groups = groupby(items, key=lambda item: _heading(item, at))
    return [{"heading": heading, "items": in_words(list(group), at)} for heading, group in groups]


def _heading(item: WorkItem, at: datetime) -> str:
    if item.late:
        return "Late"
    today, due = timezone.localdate(at), timezone.localdate(item.due)
    if due <= today:
        return "Today"
    return "Tomorrow" if due == today + timedelta(days=1) else f"{due:%A %-d %B}"


def when(due: datetime, at: datetime) -> str:
    """How long there is left, or how long it has been late, in words."""
    gap = abs(due - at)
    nights = abs(
        (timezone.localdate(due) - timezone.localdate(at)).days
    )  # as people count: Monday is two days off on Saturday
    if gap < timedelta(hours=1):
        words = _count(int(gap.total_seconds() // 60), "minute")
    elif gap < timedelta(days=1):
        words = _count(int(gap.total_seconds() // 3600), "hour")
    else:
        words = _count(nights, "day")
    return f"{words} late" if due < at else f"in {words}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
