"""Two records of one person made one: what was decided, and every row as it was before, so that it can be undone exactly."""

from django.db import models
from django.db.models import F, Q

from accounts.models import Role, User
from ledger.merges import Moves, Stays
from ledger.references import ReferenceField
from residents.models.people import Resident, open_to

KEPT = Stays("The journal says what was done, to which record and when")


class MergeQuerySet(models.QuerySet["Merge"]):
    """Merges."""

    def visible_to(self, user: User) -> "MergeQuerySet":
        """Managers, of residents that they may open."""
        if user.role == Role.MANAGER:
            return self.filter(open_to(user, "stands_in"))
        return self.none()

    def standing(self) -> "MergeQuerySet":
        """Those that nobody has undone."""
        return self.filter(undone_at=None)


class Merge(models.Model):
    """Two records were found to be one person's: which one stayed, what was kept of each, who decided and why."""

    PERSONAL = ("why", "undone_why")
    ON_MERGE = {"survivor": KEPT, "other": KEPT, "stands_in": Moves(), "kept": KEPT, "held": KEPT, "counts": KEPT}
    reference = ReferenceField()
    survivor = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="merges")
    other = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="merges_away")
    stands_in = models.ForeignKey(
        Resident, on_delete=models.PROTECT, related_name="+", help_text="The record in which both stand now"
    )
    kept = models.JSONField(default=dict, help_text="Which record's value was kept, by field")
    counts = models.JSONField(default=dict, help_text="How many rows went over, by kind")
    held = models.JSONField(
        default=dict, help_text="Keys of the rows that the record which stayed had itself, by model"
    )
    was_restricted = models.BooleanField(help_text="Whether the record that stayed was restricted then")
    why = models.CharField(max_length=500)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    undone_why = models.CharField(max_length=500, blank=True)

    objects = MergeQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["other"], condition=Q(undone_at=None), name="residents_merge_one_standing"),
            models.CheckConstraint(condition=~Q(survivor=F("other")), name="residents_merge_of_two"),
            models.CheckConstraint(
                condition=Q(undone_at=None, undone_why="") | (Q(undone_at__isnull=False) & ~Q(undone_why="")),
                name="residents_merge_undone_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class MergedRow(models.Model):
    """One row that a merge changed: its columns before and after, in the order in which they were changed."""

    class MergedRowQuerySet(models.QuerySet["MergedRow"]):
        """Rows of the journal."""

        def visible_to(self, user: User) -> "MergedRow.MergedRowQuerySet":
            """Nobody reads these but the undoing itself."""
            return self.none()

    PERSONAL = ("before", "after")
    ON_MERGE = {"row": KEPT, "before": KEPT, "after": KEPT}
    merge = models.ForeignKey(Merge, on_delete=models.PROTECT, related_name="rows")
    model = models.CharField(max_length=80, help_text="Label of the model, cases.CaseMember")
    row = models.BigIntegerField(help_text="Its key")
    before = models.JSONField()
    after = models.JSONField()

    objects = MergedRowQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["model", "row"], name="residents_mergedrow_of")]

    def __str__(self) -> str:
        return f"{self.model} {self.row}"
