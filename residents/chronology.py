"""The chronology writes itself: every verb that matters to a person's story calls `add`."""

import uuid
from collections.abc import Iterable
from datetime import date, datetime

from django.db import models
from django.utils import timezone

from accounts.models import User
from ledger.sheaf import Sheaf
from residents.models import ChronologyEntry, Household, Resident


def add(
    residents: Resident | Iterable[Resident],
    verb: str,
    heading: str,
    *,
    subject: models.Model,
    by: User | None,
    at: datetime,
    household: Household | None = None,
    detail: str = "",
    significant: bool = False,
    into: Sheaf | None = None,
) -> None:
    """Write what happened into the story of each resident it concerns, as one event. Runs one insert, or adds it to a sheaf."""
    people = [residents] if isinstance(residents, Resident) else list(residents)
    event, now = uuid.uuid4(), timezone.now()
    lines = [
        line(
            person,
            verb,
            heading,
            subject=subject,
            by=by,
            at=at,
            household=household,
            detail=detail,
            significant=significant,
            event=event,
            written_at=now,
        )
        for person in people
    ]
    if into is None:
        ChronologyEntry.objects.bulk_create(lines)
    else:
        into.add(*lines)


def line(
    person: Resident,
    verb: str,
    heading: str,
    *,
    subject: models.Model,
    at: datetime,
    by: User | None = None,
    household: Household | None = None,
    detail: str = "",
    significant: bool = False,
    event: uuid.UUID | None = None,
    written_at: datetime | None = None,
) -> ChronologyEntry:
    """One line of a story, not yet saved: work in bulk saves many at once."""
    return ChronologyEntry(
        event=event or uuid.uuid4(),
        resident=person,
        household=household,
        at=at,
        written_at=written_at or timezone.now(),
        by=by,
        verb=verb,
        heading=heading[:200],
        detail=detail[:500],
        kind=subject._meta.label,
        reference=getattr(subject, "reference", "") or "",
        significant=significant,
    )


def living_in(household: Household | models.OuterRef | None, on: date | models.Func) -> models.QuerySet[Resident]:
    """The residents who belong to a household on a day; both may come from the row of an outer question."""
    living = models.Q(memberships__until=None) | models.Q(memberships__until__gte=on)
    return Resident.objects.filter(living, memberships__household=household, memberships__since__lte=on).distinct()


def members_of(household: Household, on: date) -> list[Resident]:
    """The same, asked for. Runs one query."""
    return list(living_in(household, on))
