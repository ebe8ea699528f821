"""What each role's day begins with: a few counts and the next things to do, read in a handful of queries."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import Organisation, Role, Team, User
from intake.models import Contact
from ledger.drafts import LIFE
from ledger.models import AuditEvent, AuditSeal, Draft
from referrals.models import Referral
from triage.models import Decision, SafeguardingEpisode, TriageItem

OPEN_ITEM = (TriageItem.Status.WAITING, TriageItem.Status.CLAIMED)


@dataclass(frozen=True)
class Tile:
    """One number that is a door: how many, of what, and the page that lists them."""

    count: int
    text: str
    href: str
    late: bool = False


def unfinished(user: User, at: datetime) -> list[Draft]:
    """What this person has typed and not sent. Runs one query."""
    return list(Draft.objects.visible_to(user).filter(saved_at__gt=at - LIFE)[:5])


def tiles_for(user: User, at: datetime) -> list[Tile]:
    """The numbers at the top of the home page. Runs at most four queries."""
    return _TILES[user.role](user, at)


def _front_door(user: User, at: datetime) -> list[Tile]:
    queue = TriageItem.objects.visible_to(user).filter(status__in=OPEN_ITEM)
    waiting = queue.aggregate(all=Count("pk"), late=Count("pk", filter=Q(due_at__lt=at)))
    promised = Contact.objects.visible_to(user).filter(
        next_step_done_at=None, next_step_by__isnull=False, next_step_by__lt=_tonight(at)
    )
    promises = promised.aggregate(all=Count("pk"), late=Count("pk", filter=Q(next_step_by__lt=at)))
    back = Referral.objects.visible_to(user).returned().filter(made_by=user).count()
    return [
        Tile(waiting["all"], "waiting for triage", reverse("triage:queue")),
        Tile(waiting["late"], "past their time", reverse("triage:queue"), late=bool(waiting["late"])),
        Tile(promises["all"], "promised by today", reverse("intake:promised"), late=bool(promises["late"])),
        Tile(back, "referrals that came back", reverse("referrals:mine"), late=bool(back)),
    ]


def _caseworker(user: User, at: datetime) -> list[Tile]:
    back = Referral.objects.visible_to(user).returned().filter(made_by=user).count()
    return [
        Tile(user.cases_led.open().count(), "open cases that you lead", reverse("cases:cases")),
        Tile(back, "referrals that came back", reverse("referrals:mine"), late=bool(back)),
    ]


def _manager(user: User, at: datetime) -> list[Tile]:
    decisions = Decision.objects.visible_to(user).awaiting_allocation().count()
    queue = TriageItem.objects.visible_to(user).filter(status__in=OPEN_ITEM)
    waiting = queue.aggregate(late=Count("pk", filter=Q(due_at__lt=at)), stops=Count("pk", filter=Q(hard_stop=True)))
    episodes = SafeguardingEpisode.objects.visible_to(user).filter(status=SafeguardingEpisode.Status.OPEN).count()
    return [
        Tile(decisions, "waiting for a lead", reverse("cases:awaiting"), late=bool(decisions)),
        Tile(waiting["stops"], "hard stops in triage", reverse("triage:queue"), late=bool(waiting["stops"])),
        Tile(waiting["late"], "past their time in triage", reverse("triage:queue"), late=bool(waiting["late"])),
        Tile(episodes, "safeguarding episodes open", reverse("triage:safeguarding")),
    ]


def _partner(user: User, at: datetime) -> list[Tile]:
    status = Referral.Status
    counts = Referral.objects.visible_to(user).aggregate(
        new=Count("pk", filter=Q(status__in=Referral.UNANSWERED)),
        late=Count("pk", filter=Q(status__in=Referral.UNANSWERED, answer_due_at__lt=at)),
        going=Count("pk", filter=Q(status__in=(status.ACCEPTED, status.IN_PROGRESS, status.WAITING))),
    )
    return [
        Tile(counts["new"], "waiting for your answer", reverse("referrals:inbox"), late=bool(counts["late"])),
        Tile(counts["going"], "going on with you", reverse("referrals:inbox")),
    ]


def _governance(user: User, at: datetime) -> list[Tile]:
    since = at - timedelta(days=7)
    week = (
        AuditEvent.objects.visible_to(user)
        .filter(at__gte=since)
        .aggregate(opened=Count("pk", filter=Q(verb="open")), refused=Count("pk", filter=Q(outcome="refused")))
    )
    sealed = AuditSeal.objects.last()
    return [
        Tile(week["opened"], "records opened in seven days", reverse("accounts:trail") + "?what=open"),
        Tile(week["refused"], "refused in seven days", reverse("accounts:trail") + "?what=refused"),
        Tile(sealed.total if sealed else 0, "entries under seal", reverse("accounts:trail_proof")),
    ]


def _administrator(user: User, at: datetime) -> list[Tile]:
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
