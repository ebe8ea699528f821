"""How someone may be reached, safely: what every screen that sends, prints or shares a way to a resident must ask.

Unknown is not safe: a way counts only where somebody has marked it. What leaves without a person looking at it is held back
besides for a restricted record, and while a warning of danger from someone near stands.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, QuerySet, TextChoices
from django.utils import timezone

from accounts.working_time import local_day
from ledger.gathered import GatheredOnce, built, gathered
from residents.models import (
    NO_WALLS,
    EmailAddress,
    Involvement,
    Phone,
    Resident,
    ResidentAddress,
    Warning,
    near_walls,
    without,
)
from residents.written import say_phone

SOMEONE_NEAR = (Warning.Kind.DISCLOSURE, Warning.Kind.MARAC, Warning.Kind.ORDER)


class Channel(TextChoices):
    """By what something reaches a resident."""

    CALL = "call", "call"
    TEXT = "text", "text"
    MESSAGE = "message", "leave a message"
    EMAIL = "email", "write"
    POST = "post", "send post"


class Purpose(TextChoices):
    """Why a way to somebody is asked for."""

    ANSWER = "answer", "A worker answers, or keeps a promise"
    SHARE = "share", "It is given to a partner"
    AUTOMATIC = "automatic", "Nobody looks at it before it leaves"


@dataclass(frozen=True)
class Way:
    """A number or address, what is safe to do with it, and what to mind: hours, whose phone it is, a code word."""

    to: str
    said: str
    channels: tuple[Channel, ...]
    note: str = ""

    @property
    def words(self) -> str:
        """07700 900123: call, text."""
        return f"{self.said}: {', '.join(one.label for one in self.channels)}"


@dataclass(frozen=True)
class Verdict:
    """Whether something may be sent, to what, and otherwise why not, in words for the screen."""

    allowed: bool
    to: str = ""
    because: str = ""


@dataclass(frozen=True)
class Reach:
    """The safe ways to one person, whom to ask where there is none, and what must be minded before any of them."""

    ways: tuple[Way, ...]
    ask: str
    mind: str = ""
    held: str = ""

    @property
    def words(self) -> str:
        """What a worker does who has no safe way."""
        return "" if self.ways else f"No safe way to reach them is recorded. Do not ring or write: ask {self.ask}."


def ways_to_reach(
    resident: Resident, *, purpose: str = Purpose.ANSWER, walls: Mapping[str, list[int]] | None = None
) -> Reach:
    """The safe ways to one person; `walls`, where `near_walls` was asked about them. Runs two queries, or one with `walls`."""
    walls = near_walls([resident.pk]) if walls is None else walls
    found = TO_ONE.rows(resident.pk, None, timezone.now()) | {"danger": [resident] if walls["danger"] else []}
    for name, what in (("phones", "phone"), ("emails", "email"), ("places", "place")):
        found[name] = without(found[name], walls[what])
    return _reach(resident, found, purpose)


def ways_to_reach_all(people: Iterable[Resident], *, purpose: str = Purpose.ANSWER) -> dict[int, Reach]:
    """The safe ways to each of them, by primary key. Runs two queries however many they are."""
    if not (known := {one.pk: one for one in people}):
        return {}
    walls = near_walls(known)
    asked, danger = _asked(walls), set(walls["danger"])
    columns = {name: gathered(rows.filter(resident=OuterRef("pk"))) for name, rows in asked.items()}
    found: dict[int, dict[str, list[Any]]] = {key: {name: [] for name in asked} for key in known}
    for row in (
        Resident.objects.filter(pk__in=known).only("pk").annotate(**{f"of_{key}": one for key, one in columns.items()})
    ):
        found[row.pk] = {name: built(rows.model, getattr(row, f"of_{name}")) for name, rows in asked.items()}
    return {
        key: _reach(one, found[key] | {"danger": [one] if key in danger else []}, purpose) for key, one in known.items()
    }


def may_send(resident: Resident, channel: str, purpose: str) -> Verdict:
    """Whether something may go to a person by this channel for this purpose, and to which number or address. Runs one query."""
    reach = ways_to_reach(resident, purpose=purpose)
    if reach.held:
        return Verdict(False, because=reach.held)
    for way in reach.ways:
        if channel in way.channels:
            return Verdict(True, to=way.to)
    return Verdict(
        False, because=f"Nothing is marked as safe to {Channel(channel).label}. Ask {reach.ask} before you try."
    )


def _asked(kept: Mapping[str, Any]) -> dict[str, QuerySet[Any]]:
    """What decides it, of everybody, without rows that are `kept` because they would lead to somebody behind a wall."""
    lead = Involvement.objects.filter(kind=Involvement.Kind.LEAD, until=None, user__isnull=False).select_related("user")
    place = ResidentAddress.objects.filter(until=None, safe_to_post=True).select_related("address")
    place = place.exclude(pk__in=kept["place"])
    emails = EmailAddress.objects.filter(until=None, safe_to_write=True)
    return {
        "phones": Phone.objects.filter(until=None).exclude(pk__in=kept["phone"]),
        "emails": emails.exclude(pk__in=kept["email"]),
        "places": place.only("resident", "kind", "care_of", "confidential", "address__lines", "address__postcode"),
        "warnings": Warning.objects.standing().filter(kind__in=SOMEONE_NEAR),
        "leads": lead.only("resident", "user__name"),
    }


def _of_one(_nobody: None, _at: datetime, key: int) -> dict[str, QuerySet[Any]]:
    """The same of one person, with what is kept back still among it."""
    return {name: rows.filter(resident=key) for name, rows in _asked(NO_WALLS).items()}


TO_ONE = GatheredOnce(Resident, _of_one, days=local_day)


def _reach(resident: Resident, rows: dict[str, list[Any]], purpose: str) -> Reach:
    ask = f"{rows['leads'][0].user.name}, who leads their case" if rows["leads"] else "a manager"
    if resident.died_on:
        return Reach((), "a manager", mind="They have died.", held="They have died, so nothing is sent to them.")
    near = [one.get_kind_display() for one in rows["warnings"] if one.status == Warning.Status.AGREED]
    near += ["Alleged to be harmed by somebody on record"] if rows["danger"] else []
    mind = f"{near[0]}: read the record first, and tell nobody else why you ring." if near else ""
    held = ""
    if purpose == Purpose.AUTOMATIC and (rows["warnings"] or near or resident.restricted):
        held = f"{near[0] if near else 'Safety'}: nothing is sent by itself. A worker decides how to reach them."
    ways = [
        *_by_phone(rows["phones"]),
        *(Way(one.address, one.address, (Channel.EMAIL,), one.note) for one in rows["emails"]),
    ]
    if purpose != Purpose.SHARE:  # where somebody lives is no part of what an agreement calls contact
        ways += [_by_post(one) for one in rows["places"] if not (one.confidential and purpose == Purpose.AUTOMATIC)]
    return Reach(tuple(ways), ask, mind=mind, held=held)


def _by_phone(phones: list[Phone]) -> Iterable[Way]:
    for phone in phones:
        marked = (
            (Channel.CALL, phone.safe_to_call),
            (Channel.TEXT, phone.safe_to_text),
            (Channel.MESSAGE, phone.safe_to_leave_message),
        )
        channels = tuple(channel for channel, safe in marked if safe)
        if Channel.CALL in channels or Channel.TEXT in channels:  # a message is left by ringing
            yield Way(phone.number, say_phone(phone.number), channels, phone.note)


def _by_post(place: ResidentAddress) -> Way:
    care_of = f"Care of {place.care_of}, " if place.care_of else ""
    said = "Their confidential address" if place.confidential else f"{care_of}{place.address}"
    return Way(f"{care_of}{place.address}", said, (Channel.POST,))
