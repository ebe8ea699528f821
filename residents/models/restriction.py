"""Why a record is restricted, and by when a named manager looks at it again."""

from datetime import timedelta

from django.db import models
from django.db.models import Q

from accounts.models import Role, User
from ledger.history import keep_history
from ledger.merges import OneOpen, all_said, earlier
from ledger.versions import Versioned
from residents.models.people import Resident, granted_to

REVIEW_DAYS = 90
REVIEW_AFTER = timedelta(days=REVIEW_DAYS)


def graver(one: str, other: str) -> str:
    """Of two categories the one that asks for more care."""
    order = [str(one) for one in Restriction.GRAVEST_FIRST]
    return min(one, other, key=order.index)


@keep_history
class Restriction(Versioned):
    """One spell for which a record is restricted: its category, its reason, and its next review within 90 days."""

    class Category(models.TextChoices):
        HIGH_PROFILE = "high_profile", "High profile: known to the public, or a protected witness"
        STAFF_INTEREST = "staff_interest", "Staff interest: works here, or is related to someone who does"
        ADOPTION = "adoption", "Adoption"
        HIGH_RISK = "high_risk", "High risk: domestic abuse, MARAC, refuge, MAPPA"
        UNKNOWN = "unknown", "Not recorded"

    GRAVEST_FIRST = (
        Category.HIGH_RISK,
        Category.ADOPTION,
        Category.HIGH_PROFILE,
        Category.STAFF_INTEREST,
        Category.UNKNOWN,
    )

    class RestrictionQuerySet(models.QuerySet["Restriction"]):
        """Restrictions."""

        def visible_to(self, user: User) -> "Restriction.RestrictionQuerySet":
            """Managers who are named for the resident."""
            if user.role == Role.MANAGER:
                return self.filter(resident__in=granted_to(user))
            return self.none()

        def in_force(self) -> "Restriction.RestrictionQuerySet":
            """Those that have not been lifted."""
            return self.filter(until=None)

    PERSONAL = ("reason", "review_reason")
    # Both restricted: one restriction, for both reasons, of the graver category, looked at by the earlier day.
    ON_MERGE = {
        "resident": OneOpen(
            agree={"category": graver, "reason": all_said(300), "review_on": earlier}, with_ended=False, asked=False
        )
    }
    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="restrictions")
    category = models.CharField(max_length=20, choices=Category, default=Category.UNKNOWN)
    reason = models.CharField(max_length=300)
    restricted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    since = models.DateTimeField()
    review_on = models.DateField()
    reviewed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    reviewed_at = models.DateTimeField(null=True, blank=True)
    review_reason = models.CharField(max_length=300, blank=True)
    until = models.DateTimeField(null=True, blank=True)

    objects = RestrictionQuerySet.as_manager()

    class Meta:
        ordering = ["review_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["resident"], condition=Q(until=None), name="residents_restriction_one_open")
        ]

    def __str__(self) -> str:
        return f"Restriction {self.pk}"
