"""What each role's day begins with: a few counts and the next things to do, read in a handful of queries."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts.models import Organisation, Role, Team, User
from cases.work_due import MOST, WorkItem
from intake.models import Contact
from ledger.drafts import LIFE
from ledger.models import AuditEvent, AuditSeal, Draft
from ledger.said import said_day
from referrals.models import Referral
from referrals.pages import GOING
from triage.models import TriageItem

DRAFTS = {"contact": "A contact", "note": "A note on a case", "referral": "A referral"}
COUNTED = 1_000
A_QUEUE = 100  # as far as the front door's own counts go
OPEN_ITEM = (TriageItem.Status.WAITING, TriageItem.Status.CLAIMED)


@dataclass(frozen=True)
class Tile:
    """One number that is a door: how many, of what, and the page that lists them."""

    count: int
    text: str
    href: str
    late: bool = False
    capped: bool = False


def unfinished(user: User, at: datetime) -> QuerySet[Draft]:
    """What this person has typed and not sent, the newest."""
    kept = Draft.objects.visible_to(user).filter(saved_at__gt=at - LIFE)
    return kept.only("form", "subject", "path", "saved_at")[:5]


def unfinished_in_words(kept: Iterable[Draft], at: datetime) -> list[dict[str, str]]:
    """The same for the page."""
    return [
        {
            "text": DRAFTS.get(draft.form, draft.form.replace("_", " ").capitalize()),
            "subject": draft.subject,
            "path": draft.path,
            "when": _saved(draft.saved_at, at),
        }
        for draft in kept
    ]


def _saved(saved_at: datetime, at: datetime) -> str:
    day, today = timezone.localdate(saved_at), timezone.localdate(at)
    return f"Today at {timezone.localtime(saved_at):%H:%M}" if day == today else said_day(day, today)


def tiles_for(user: User, at: datetime, items: list[WorkItem]) -> list[Tile]:
    """The numbers at the top of the home page; what the list of work has told already is not asked for again.

    Runs at most three queries.
    """
    return _TILES[user.role](user, at, items)


def _of(items: list[WorkItem], *kinds: str) -> list[WorkItem]:
    return [item for item in items if item.kind in kinds]


def _tile(items: list[WorkItem], one: str, many: str, href: str) -> Tile:
    """How many of a kind there are among the work; a list that was cut short says so."""
    late = any(item.late for item in items)
    return _counted(len(items), one if len(items) == 1 else many, href, late=late)


def _front_door(user: User, at: datetime, items: list[WorkItem]) -> list[Tile]:
    queue = TriageItem.objects.visible_to(user).filter(status__in=OPEN_ITEM)
    waiting = queue.order_by("due_at", "pk")[: A_QUEUE + 1].aggregate(
        all=Count("pk"), late=Count("pk", filter=Q(due_at__lt=at))
    )
    promised = Contact.objects.visible_to(user).filter(
        next_step_done_at=None, next_step_by__isnull=False, next_step_by__lt=_tonight(at)
    )
    promises = promised.order_by("next_step_by", "pk")[: A_QUEUE + 1].aggregate(
        all=Count("pk"), late=Count("pk", filter=Q(next_step_by__lt=at))
    )
    back = _of(items, "returned")
    return [
        _queued(waiting["all"], "waiting for triage", reverse("triage:queue")),
        _queued(waiting["late"], "past their time", reverse("triage:queue"), late=bool(waiting["late"])),
        _queued(promises["all"], "promised by today", reverse("intake:promised"), late=bool(promises["late"])),
        _tile(back, "referral that came back", "referrals that came back", reverse("referrals:mine")),
    ]


def _caseworker(user: User, at: datetime, items: list[WorkItem]) -> list[Tile]:
    led, reviews = user.cases_led.open().count(), _of(items, "review")
    back = _of(items, "returned")
    return [
        Tile(led, "open case that you lead" if led == 1 else "open cases that you lead", reverse("cases:cases")),
        _tile(reviews, "review due this week", "reviews due this week", reverse("desk:work") + "?show=review"),
        _tile(back, "referral that came back", "referrals that came back", reverse("referrals:mine")),
    ]


def _manager(user: User, at: datetime, items: list[WorkItem]) -> list[Tile]:
    late = reverse("cases:cases") + "?late=on"
    reviews = [item for item in _of(items, "review") if item.late]
    return [
        _tile(_of(items, "allocate"), "decision waits for a lead", "wait for a lead", reverse("cases:awaiting")),
        _tile(_of(items, "hard_stop"), "hard stop in triage", "hard stops in triage", reverse("triage:queue")),
        _tile(_of(items, "episode"), "safeguarding step due", "safeguarding steps due", reverse("triage:safeguarding")),
        _tile(reviews, "review overdue", "reviews overdue", late),
    ]


def _partner(user: User, at: datetime, items: list[WorkItem]) -> list[Tile]:
    sent = Referral.objects.visible_to(user)  # each count by an index of its own, however much is over
    new = sent.filter(status__in=Referral.UNANSWERED)
    counts = new.aggregate(all=Count("pk"), late=Count("pk", filter=Q(answer_due_at__lt=at)))
    return [
        Tile(counts["all"], "waiting for your answer", reverse("referrals:inbox"), late=bool(counts["late"])),
        Tile(counts["late"], "late for an answer", reverse("referrals:inbox"), late=bool(counts["late"])),
        Tile(sent.filter(status__in=GOING).count(), "going on with you", reverse("referrals:inbox") + "?show=going"),
    ]


def _governance(user: User, at: datetime, items: list[WorkItem]) -> list[Tile]:
    week = AuditEvent.objects.visible_to(user).filter(at__gte=at - timedelta(days=7)).order_by("-at", "-id")
    opened, refused = week.filter(verb="open"), week.filter(outcome="refused")
    sealed = AuditSeal.objects.last()
    return [
        _up_to(opened, "records opened in seven days", reverse("accounts:trail") + "?what=open"),
        _up_to(refused, "refused in seven days", reverse("accounts:trail") + "?what=refused"),
        Tile(sealed.total if sealed else 0, "entries under seal", reverse("accounts:trail_proof")),
    ]


def _administrator(user: User, at: datetime, items: list[WorkItem]) -> list[Tile]:
    partners = Organisation.objects.filter(kind=Organisation.Kind.PARTNER, active=True, email="").count()
    closed = Team.objects.filter(active=True, openings=None).count()
    return [
        Tile(
            User.objects.visible_to(user).filter(is_active=True).count(),
            "people can sign in",
            reverse("accounts:people"),
        ),
        Tile(partners, "partners without an email address", reverse("accounts:organisations"), late=bool(partners)),
        Tile(closed, "teams without opening hours", reverse("accounts:teams"), late=bool(closed)),
    ]


def _counted(count: int, text: str, href: str, *, late: bool = False, most: int = MOST) -> Tile:
    """How many, counted no further than a heap: what takes longer to count says no more."""
    return Tile(min(count, most), text, href, late=late, capped=count > most)


def _queued(count: int, text: str, href: str, *, late: bool = False) -> Tile:
    """The same for a queue, counted further."""
    return _counted(count, text, href, late=late, most=A_QUEUE)


def _up_to(found: QuerySet[Any], text: str, href: str) -> Tile:
    """How many, counted no further than a thousand. Runs one query."""
    return _counted(found[: COUNTED + 1].count(), text, href, most=COUNTED)


_TILES = {
    Role.FRONT_DOOR: _front_door,
    Role.CASEWORKER: _caseworker,
    Role.MANAGER: _manager,
    Role.PARTNER: _partner,
    Role.GOVERNANCE: _governance,
    Role.ADMINISTRATOR: _administrator,
}


def _tonight(at: datetime) -> datetime:
    """The end of the local day."""
    return timezone.localtime(at).replace(hour=23, minute=59, second=59, microsecond=999_999)
