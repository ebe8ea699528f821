"""Two households that became one: which memberships that ended and began, so that a mistake can be undone exactly."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from accounts.models import User
from residents.models.people import Household, hidden_homes, sees_residents


class UnitedQuerySet(models.QuerySet["United"]):
    """Households that became one."""

    def visible_to(self, user: User) -> "UnitedQuerySet":
        """Staff who may see both households."""
        if sees_residents(user):
            return self.filter(~hidden_homes(user, "household"), ~hidden_homes(user, "other"))
        return self.none()

    def standing(self) -> "UnitedQuerySet":
        """Those that nobody has undone, the last one first."""
        return self.filter(undone_at=None).order_by("-at", "-pk")


class United(models.Model):
    """The people of another household came to live in this one on a day."""

    PERSONAL = ()
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="united")
    other = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="united_away")
    on = models.DateField()
    ended = ArrayField(models.BigIntegerField(), help_text="Keys of memberships of the other household")
    begun = ArrayField(models.BigIntegerField(), help_text="Keys of memberships of this one: not of who lived in both")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)

    objects = UnitedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(household=F("other")), name="residents_united_of_two"),
        ]

    def __str__(self) -> str:
        return f"United {self.pk}"
