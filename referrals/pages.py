"""How a referral is told on a page: its sections, its story, the time left, and a page of a long list."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone

from accounts.working_time import local_day, working_days_between
from ledger.acting import LINK, reading_as_system
from ledger.models import AuditEvent
from ledger.said import said_day, said_span
from referrals.models import Referral, ReferralMessage, ReferralQuerySet

A_PAGE = 25
MOST_PICKED = 100
Status = Referral.Status
GOING = (Status.WAITING, Status.ACCEPTED, Status.IN_PROGRESS)
OVER = (Status.COMPLETED, Status.DECLINED, Status.WITHDRAWN, Status.CANCELLED)
# What partners read where the status speaks of us.
WORDS_FOR_PARTNERS = {
    Status.SENT: "New",
    Status.WITHDRAWN: "Taken back by the council",
    Status.WAITING: "On your waiting list",
}
COLOURS = {
    Status.DRAFT: "grey",
    Status.SENT: "blue",
    Status.RECEIVED: "light-blue",
    Status.WAITING: "yellow",
    Status.ACCEPTED: "turquoise",
    Status.DECLINED: "red",
    Status.IN_PROGRESS: "turquoise",
    Status.COMPLETED: "green",
    Status.WITHDRAWN: "grey",
    Status.CANCELLED: "grey",
}


@dataclass(frozen=True)
class Row:
    """One line of a list, with nothing left to compute in the template."""

    referral: Referral
    status: str
    colour: str
    when: datetime
    day: str = ""
    time: str = ""
    late: bool = False
    theirs: str = ""


@dataclass(frozen=True)
class Page:
    """Up to 25 rows, and the reference after which the next page begins."""

    rows: list[Row]
    older: str


def page_of(rows: ReferralQuerySet, *, field: str, after: str, at: datetime, ascending: bool = False) -> Page:
    """A page of referrals in the order of a time, beginning after the referral named; no counting, no offset."""
    sign, compare = ("", "gt") if ascending else ("-", "lt")
    if last := rows.model.objects.filter(reference=after).only("pk", field).first() if after else None:
        value = getattr(last, field)
        rows = rows.filter(Q(**{f"{field}__{compare}": value}) | Q(**{field: value, f"pk__{compare}": last.pk}))
    found = list(rows.order_by(f"{sign}{field}", f"{sign}pk")[: A_PAGE + 1])
    older = found[A_PAGE - 1].reference if len(found) > A_PAGE else ""
    return Page([row_of(one, at) for one in found[:A_PAGE]], older)


def row_of(referral: Referral, at: datetime) -> Row:
    """A line of a list."""
    due = referral.answer_due_at if referral.status in Referral.UNANSWERED else None
    return Row(
        referral,
        "Came back" if referral.returned else referral.get_status_display(),
        "red" if referral.returned else COLOURS[Status(referral.status)],
        when := referral.sent_at or referral.made_at,
        said_day(local_day(when), local_day(at)),
        time_left(due, at) if due else "",
        bool(due and due <= at),
        WORDS_FOR_PARTNERS.get(Status(referral.status), referral.get_status_display()),
    )


def time_left(due: datetime, at: datetime) -> str:
    """How long there is to answer, in words."""
    if due <= at:
        days = (local_day(at) - local_day(due)).days
        return f"Answer is {said_span(days)} late" if days else "Answer was due today"
    days = working_days_between(local_day(at), local_day(due))
    return {0: "Answer today", 1: "1 working day left"}.get(days, f"{days} working days left")


def left(referral: Referral) -> str:
    """The time left of one that has not been answered."""
    return row_of(referral, timezone.now()).time


def picked(request: HttpRequest) -> list[str]:
    """The references that were ticked, in the address or in the form."""
    ticked = request.POST.getlist("pick") or request.GET.getlist("pick")
    return list(dict.fromkeys(ticked))[:MOST_PICKED]


def all_there(found: list[Referral], wanted: list[str]) -> list[Referral]:
    """What was ticked, or a refusal where somebody else was quicker with one of them."""
    if not wanted or len(found) != len(wanted):
        raise ValidationError("One of these has changed meanwhile, or none was ticked. Look at the list again.")
    return found


def story(referral: Referral, messages: list[ReferralMessage], *, ours: bool) -> list[dict[str, Any]]:
    """The timeline of a referral, newest first; the partner's has nothing of what we did with it among ourselves."""
    there = referral.organisation.name
    lines: list[tuple[datetime | None, str, str]] = [
        (referral.sent_at, f"Sent to {there}" if ours else "Sent to you", ""),
        (referral.received_at, "Received", ""),
        (referral.answered_at, _answer(referral), _declined_because(referral)),
        (referral.started_at, "Work began", ""),
        (referral.completed_at, f"Completed: {referral.get_outcome_display().lower()}", referral.outcome_text),
    ]
    if ours:
        lines.insert(0, (referral.made_at, "Draft begun", ""))
        lines += [
            (referral.unanswered_at, "No answer in time: came back to us", ""),
            (referral.settled_at, "Dealt with", referral.settled_how),
        ]
    entries: list[dict[str, Any]] = [
        {"heading": heading, "when": when, "text": text} for when, heading, text in lines if when
    ]
    entries += [
        {
            "heading": f"Message from {there}" if one.from_partner else "Message from the council",
            "when": one.at,
            "text": one.text,
            "by": one.who or (one.by.name if one.by else ""),
        }
        for one in messages
    ]
    # Of two of the same moment, the one that follows in the life of a referral stands above.
    entries.reverse()
    entries.sort(key=lambda entry: entry["when"], reverse=True)
    return entries


def _answer(referral: Referral) -> str:
    if referral.status == Status.DECLINED:
        return f"Declined: {referral.get_decline_reason_display().lower()}"
    if referral.status == Status.WAITING:
        return "Put on a waiting list"
    return "Accepted"


def _declined_because(referral: Referral) -> str:
    other = f"Who could help instead: {referral.suggested_alternative}" if referral.suggested_alternative else ""
    return "\n".join(filter(None, [referral.decline_text, other]))


def openings(referral: Referral) -> int:
    """How often the partner has opened the referral, from the trail. Reading changes nothing else. Runs one query."""
    with reading_as_system("system:referrals"):
        read = AuditEvent.objects.filter(reference=referral.reference, verb="open", kind=Referral._meta.label)
        return read.filter(role__in=["partner", LINK]).count()
