"""What a manager looks at again so that nobody is hurt: warnings proposed or due, and restricted records. Nothing is stored here."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import Role, User
from accounts.working_time import local_day
from cases.work_due import AHEAD, MOST, WorkItem, end_of, item
from ledger.gathered import gather
from residents.models import Restriction, Warning

ANSWER_DAYS = 1


def work_for(user: User, at: datetime) -> list[WorkItem]:
    """Proposals of their teams (a duty manager: all), warnings that they agreed to, records that they are named for. One query."""
    if user.role != Role.MANAGER:
        return []
    found = gather(user, proposed=_proposed(user), agreed=_agreed(user, at), restricted=_restricted(user, at))
    return [item for part in (_answers(found, at), _reviews(found, at), _records(found, at)) for item in part]


def _proposed(user: User) -> QuerySet[Warning]:
    rows = Warning.objects.visible_to(user).proposed()
    if not user.duty_manager:
        author = User.objects.filter(pk=OuterRef("added_by"), teams__in=user.teams.values("pk"))
        rows = rows.filter(Exists(author))
    return rows.order_by("added_at").only("kind", "added_at", "resident__name", "resident__reference")[:MOST]


def _agreed(user: User, at: datetime) -> QuerySet[Warning]:
    rows = Warning.objects.visible_to(user).in_force(local_day(at))
    rows = rows.filter(decided_by=user, review_on__lte=local_day(at + AHEAD)).order_by("review_on", "pk")
    return rows.only("kind", "review_on", "resident__name", "resident__reference")[:MOST]


def _restricted(user: User, at: datetime) -> QuerySet[Restriction]:
    rows = Restriction.objects.visible_to(user).in_force().filter(review_on__lte=local_day(at + AHEAD))
    return rows.order_by("review_on", "pk").only("review_on", "resident__name", "resident__reference")[:MOST]


def _answers(found: dict[str, list[Any]], at: datetime) -> Iterator[WorkItem]:
    for one in found["proposed"]:
        due = end_of(local_day(one.added_at) + timedelta(days=ANSWER_DAYS))
        who = (one.resident.reference, "proposal", one.resident.name)
        yield item(due, at, "Answer a proposed warning", one.get_kind_display(), "residents:warnings", *who)


def _reviews(found: dict[str, list[Any]], at: datetime) -> Iterator[WorkItem]:
    for one in found["agreed"]:
        why = f"{one.get_kind_display()}: does it still hold?"
        who = (one.resident.reference, "warning", one.resident.name)
        yield item(end_of(one.review_on), at, "Review a warning", why, "residents:warnings", *who)


def _records(found: dict[str, list[Any]], at: datetime) -> Iterator[WorkItem]:
    for one in found["restricted"]:
        who = (one.resident.reference, "restriction", one.resident.name)
        why = "Does it stay restricted?"
        yield item(end_of(one.review_on), at, "Review a restricted record", why, "residents:keep_restriction", *who)
