"""Warnings about a person: proposed by whoever sees the danger, agreed by a manager, looked at again by a day."""

from datetime import date

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.models import Role, User
from ledger.history import keep_history
from ledger.merges import Moves
from ledger.moves import Moving, move
from ledger.versions import Versioned
from residents.models.people import OfResidentQuerySet, Resident, open_to, sees_residents
from residents.models.story import Involvement


class WarningQuerySet(OfResidentQuerySet):
    """Warnings."""

    def visible_to(self, user: User) -> "WarningQuerySet":
        """Agreed ones for whoever may open the resident; a proposal for its author, managers, and who works with them now."""
        if not sees_residents(user):
            return self.none()
        found = self.filter(open_to(user, "resident"))
        if user.role == Role.MANAGER:
            return found
        works = Involvement.objects.filter(resident=OuterRef("resident"), user=user, until=None)
        asked = Q(status=Warning.Status.PROPOSED) & (Q(added_by=user) | Exists(works))
        return found.filter(Q(status=Warning.Status.AGREED) | asked | Q(status=Warning.Status.REFUSED, added_by=user))

    def in_force(self, on: date | None = None) -> "WarningQuerySet":
        """Agreed, not ended, and not past the day on which they end by themselves."""
        return self.filter(status=Warning.Status.AGREED).standing(on)

    def proposed(self) -> "WarningQuerySet":
        """Those that wait for a manager."""
        return self.filter(status=Warning.Status.PROPOSED, ended_on=None)

    def standing(self, on: date | None = None) -> "WarningQuerySet":
        """In force, or proposed and not answered yet: what nothing that leaves by itself may run against."""
        day = on or timezone.localdate()
        alive = self.filter(Q(expires_on=None) | Q(expires_on__gt=day), ended_on=None)
        return alive.exclude(status=Warning.Status.REFUSED)


@keep_history
class Warning(Versioned, Moving):
    """Something that a worker must know before they act: a risk to staff, a disclosure risk, an order in force."""

    class Kind(models.TextChoices):
        STAFF = "staff", "Risk to staff"
        CHILDREN = "children", "Risk to children"
        ADULTS = "adults", "Risk to adults"
        SELF = "self", "Risk to self"
        ADULT_AT_RISK = "adult_at_risk", "Adult at risk"
        DISCLOSURE = "disclosure", "Disclosure risk"
        MISSING = "missing", "Missing person"
        MARAC = "marac", "MARAC"
        ORDER = "order", "Protection order"

    class Status(models.TextChoices):
        PROPOSED = "proposed", "Proposed, not yet agreed"
        AGREED = "agreed", "Agreed"
        REFUSED = "refused", "Not agreed"

    class Told(models.TextChoices):
        UNKNOWN = "unknown", "Not recorded"
        YES = "yes", "Yes"
        NO = "no", "No"

    MOVES = {
        "agree": move([Status.PROPOSED], Status.AGREED),
        "refuse": move([Status.PROPOSED], Status.REFUSED),
    }
    PERSONAL = ("text", "evidence", "not_told_because", "refused_because")
    ON_MERGE = {"resident": Moves()}
    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="warnings")
    kind = models.CharField(max_length=20, choices=Kind)
    status = models.CharField(max_length=10, choices=Status, default=Status.PROPOSED)
    text = models.CharField(max_length=500)
    evidence = models.CharField(
        max_length=500, blank=True, help_text="What it rests on: who saw or said what, and when"
    )
    told = models.CharField(max_length=10, choices=Told, default=Told.UNKNOWN)
    told_on = models.DateField(null=True, blank=True)
    not_told_because = models.CharField(max_length=300, blank=True)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    added_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    refused_because = models.CharField(max_length=300, blank=True)
    review_on = models.DateField()
    expires_on = models.DateField(null=True, blank=True, help_text="From this day on it has ended by itself")
    ended_on = models.DateField(null=True, blank=True)

    objects = WarningQuerySet.as_manager()

    class Meta:
        ordering = ["-added_at"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="refused") | ~Q(refused_because=""), name="residents_warning_refused_says_why"
            ),
            models.CheckConstraint(condition=Q(told_on=None) | Q(told="yes"), name="residents_warning_told_on_a_day"),
        ]
        indexes = [models.Index(fields=["review_on"], condition=Q(ended_on=None), name="residents_warning_review")]

    def __str__(self) -> str:
        return self.get_kind_display()

    def ended_by(self, on: date) -> date | None:
        """The day on which it ended, by hand or by itself; None while it stands."""
        if self.ended_on or not self.expires_on or self.expires_on > on:
            return self.ended_on
        return self.expires_on

    def holds_on(self, on: date) -> bool:
        """Whether it is in force: the same as `in_force`, of a row that is in hand."""
        return self.status == self.Status.AGREED and self.ended_by(on) is None
