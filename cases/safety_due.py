"""What a manager looks at so that nobody is hurt: safeguarding episodes, warnings proposed or due, restricted records. Nothing is stored here."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, QuerySet

from accounts.models import Role, User
from accounts.working_time import local_day
from cases.work_due import AHEAD, READ, WorkItem, days_of, end_of, item
from ledger.composed import Composed
from ledger.gathered import built, gathered
from residents.models import Restriction, Warning
from triage.models import SafeguardingEpisode

ANSWER_DAYS = 1


def work_for(user: User, at: datetime) -> list[WorkItem]:
    """Episodes due within a day, proposals of their teams (a duty manager: all), warnings that they agreed to, records that they are named for.

    Runs one query.
    """
    if user.role != Role.MANAGER:
        return []
    for row in SAFETY.rows(user, at):
        return [
            *_episodes_due(built(SafeguardingEpisode, row.episodes), at),
            *_answers(built(Warning, row.proposed), at),
            *_reviews(built(Warning, row.agreed), at),
            *_records(built(Restriction, row.restricted), at),
        ]
    return []


def _safety(user: User, at: datetime) -> QuerySet[User]:
    asked = {
        "episodes": _episodes(user, at),
        "proposed": _proposed(user),
        "agreed": _agreed(user, at),
        "restricted": _restricted(user, at),
    }
    return User.objects.filter(pk=user.pk).only("pk").annotate(**{key: gathered(rows) for key, rows in asked.items()})


def _episodes(user: User, at: datetime) -> QuerySet[SafeguardingEpisode]:
    due = SafeguardingEpisode.objects.visible_to(user).filter(
        status=SafeguardingEpisode.Status.OPEN, due_at__lte=at + timedelta(days=1)
    )
    names = ("reference", "urgency", "due_at", "resident__name", "resident__preferred_name")
    return due.order_by(F("due_at").asc()).only(*names)[:READ]


def _proposed(user: User) -> QuerySet[Warning]:
    author = User.objects.filter(pk=OuterRef("added_by"), teams__in=user.teams.values("pk"))
    all_of_them = User.objects.filter(pk=user.pk, duty_manager=True)
    rows = Warning.objects.visible_to(user).proposed().filter(Exists(author) | Exists(all_of_them))
    return rows.order_by("added_at").only("kind", "added_at", "resident__name", "resident__reference")[:READ]


def _agreed(user: User, at: datetime) -> QuerySet[Warning]:
    rows = Warning.objects.visible_to(user).in_force(local_day(at))
    rows = rows.filter(decided_by=user, review_on__lte=local_day(at + AHEAD)).order_by("review_on", "pk")
    return rows.only("kind", "review_on", "resident__name", "resident__reference")[:READ]


def _restricted(user: User, at: datetime) -> QuerySet[Restriction]:
    rows = Restriction.objects.visible_to(user).in_force().filter(review_on__lte=local_day(at + AHEAD))
    return rows.order_by("review_on", "pk").only("review_on", "resident__name", "resident__reference")[:READ]


def _episodes_due(rows: list[SafeguardingEpisode], at: datetime) -> Iterator[WorkItem]:
    for one in rows:
        why = f"{one.get_urgency_display()} in the safeguarding hub"
        who = (one.reference, "episode", str(one.resident or ""))
        yield item(one.due_at, at, "Complete a safeguarding episode", why, "triage:episode", *who)


def _answers(rows: list[Warning], at: datetime) -> Iterator[WorkItem]:
    for one in rows:
        due = end_of(local_day(one.added_at) + timedelta(days=ANSWER_DAYS))
        who = (one.resident.reference, "proposal", one.resident.name)
        yield item(due, at, "Answer a proposed warning", one.get_kind_display(), "residents:warnings", *who)


def _reviews(rows: list[Warning], at: datetime) -> Iterator[WorkItem]:
    for one in rows:
        why = f"{one.get_kind_display()}: does it still hold?"
        who = (one.resident.reference, "warning", one.resident.name)
        yield item(end_of(one.review_on), at, "Review a warning", why, "residents:warnings", *who)


def _records(rows: list[Restriction], at: datetime) -> Iterator[WorkItem]:
    for one in rows:
        who = (one.resident.reference, "restriction", one.resident.name)
        why = "Does it stay restricted?"
        yield item(end_of(one.review_on), at, "Review a restricted record", why, "residents:keep_restriction", *who)


SAFETY = Composed(_safety, days=days_of)
