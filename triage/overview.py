"""What hangs on a contact that somebody decides about: its answers, the household, who works with them, what came before.

Asked in a few questions that are composed once (see ledger/composed.py).
"""

from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import DateTimeField, ExpressionWrapper, OuterRef, QuerySet, Subquery
from django.db.models.functions import TruncDate

from accounts.models import TeamOpening, User
from accounts.working_time import LONDON, local_day
from intake.models import Answer, Contact, ContactNeed, Need
from ledger.among import Among
from ledger.composed import Composed
from ledger.gathered import GatheredOnce, keep_fetched
from residents.chronology import living_in
from residents.models import NO_WALLS, Involvement, Resident, Warning, walls_of
from triage.history import with_the_person
from triage.models import Decision, TriageItem

OPEN = (TriageItem.Status.WAITING, TriageItem.Status.CLAIMED)
A_FEW = 5


def overview_of(contact: Contact, user: User, at: datetime) -> dict[str, Any]:
    """Everything that hangs on a contact which the person has opened, and what stands near a wall. Runs at most three queries."""
    walls = walls_of(contact.resident_id) if contact.resident_id else NO_WALLS
    found = CONTACT.rows(contact.pk, user, at)
    keep_fetched(contact, answers=found["answers"], needs=found["needs"])
    if contact.team:
        keep_fetched(contact.team, openings=found["openings"])
    if contact.resident:
        keep_fetched(contact.resident, warnings=found["warnings"])
        contact.resident.in_danger = bool(walls["danger"])
    people = with_the_person(contact, found["members"])
    return {
        **found,
        "walls": walls,
        "people": people,
        "shown": [one for one in people if one.pk not in walls["behind"]],
        "involved": INVOLVED.rows(user, at, [one.pk for one in people]) if people else [],
    }


def earlier_contacts(contact: Contact, people: list[Resident], user: User, at: datetime) -> list[Contact]:
    """The last five of theirs but this one, each with what was `needed` and the tier `chosen` last. At most one query."""
    found = EARLIER.rows(user, at, [one.pk for one in people]) if people else []
    return [one for one in found if one.pk != contact.pk][:A_FEW]


def _of_contact(user: User, at: datetime, key: int) -> dict[str, QuerySet[Any]]:
    of_contact, of_person = {"contact": OuterRef("pk")}, {"resident": OuterRef("resident")}
    received_on = TruncDate(ExpressionWrapper(OuterRef("received_at"), DateTimeField()), tzinfo=LONDON)
    return {
        "answers": Answer.objects.filter(**of_contact),
        "needs": Need.objects.filter(contacts=OuterRef("pk")),
        "decisions": Decision.objects.filter(**of_contact).order_by("-made_at", "-id"),
        "queued": TriageItem.objects.filter(**of_contact, status__in=OPEN).only("status", "claimed_by__name"),
        "members": living_in(OuterRef("household"), received_on),
        "openings": TeamOpening.objects.filter(team=OuterRef("team")),
        "warnings": Warning.objects.in_force().filter(**of_person).order_by("-added_at"),
    }


def _involved(user: User, at: datetime, people: list[int]) -> QuerySet[Involvement]:
    found = Involvement.objects.filter(Among("resident_id", people)).select_related("user", "organisation")
    return found.order_by("since", "id")


def _earlier(user: User, at: datetime, people: list[int]) -> QuerySet[Contact]:
    needs = ContactNeed.objects.filter(contact=OuterRef("pk")).order_by("need__headline", "need__label")
    decided = Decision.objects.filter(contact=OuterRef("pk")).order_by("-made_at", "-id").values("chosen_tier")
    tier = Decision._meta.get_field("chosen_tier")
    found = Contact.objects.visible_to(user).filter(Among("resident_id", people)).only("reference", "received_at")
    return found.annotate(
        needed=ArraySubquery(needs.values("need__label")), chosen=Subquery(decided[:1], output_field=tier)
    )[: A_FEW + 1]


CONTACT = GatheredOnce(Contact, _of_contact, days=local_day)
INVOLVED, EARLIER = (Composed(make, days=local_day) for make in (_involved, _earlier))
