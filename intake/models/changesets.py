"""People of a file as proposed changes: looked at one by one or together, taken in, and undone while nothing builds on them."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Role, User
from ledger.merges import Moves, Stays
from ledger.moves import Moving, move
from ledger.references import ReferenceField
from residents.models import Resident
from residents.models.people import open_to


class ChangesetQuerySet(models.QuerySet["Changeset"]):
    """Files of people."""

    def visible_to(self, user: User) -> "ChangesetQuerySet":
        """Managers: they decide about records, and see them anyway."""
        if user.role == Role.MANAGER:
            return self.all()
        return self.none()


class Changeset(Moving):
    """One file of people from one source, as changes that somebody looks at before they are made."""

    class Status(models.TextChoices):
        COLUMNS = "columns", "Columns to be chosen"
        READING = "reading", "Being read"
        READY = "ready", "To be looked at"
        TAKING = "taking", "Being taken in"
        UNDOING = "undoing", "Being undone"
        UNDONE = "undone", "Undone"
        DISCARDED = "discarded", "Thrown away"

    MOVES = {
        "choose_columns": move([Status.COLUMNS], Status.READING),
        "finish_reading": move([Status.READING], Status.READY),
        "begin_taking": move([Status.READY], Status.TAKING),
        "finish_taking": move([Status.TAKING], Status.READY),
        "begin_undoing": move([Status.READY], Status.UNDOING),
        "stop_undoing": move([Status.UNDOING], Status.READY),
        "undo_changeset": move([Status.READY, Status.UNDOING], Status.UNDONE),
        "discard_changeset": move([Status.COLUMNS, Status.READY], Status.DISCARDED),
    }
    PERSONAL = ()
    ON_MERGE = dict.fromkeys(
        ("columns", "mapping", "building"),
        Stays("Headings of a file, what they hold, and rows by number: nobody is named"),
    )
    reference = ReferenceField()
    source = models.CharField(max_length=60, help_text="The other system: ids are only unique within it")
    file = models.CharField(max_length=100)
    table = models.CharField(max_length=60, default="people")
    checksum = models.CharField(max_length=64)
    columns = models.JSONField(default=list, help_text="The headings of the file, in order")
    mapping = models.JSONField(default=list, help_text="What each column holds, in order")
    status = models.CharField(max_length=10, choices=Status, default=Status.COLUMNS)
    to_do = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    taking_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    building = models.JSONField(default=list, help_text="Why it could not be undone when that was tried last, in words")

    objects = ChangesetQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-id"]

    def __str__(self) -> str:
        return self.reference


class ProposedChangeQuerySet(models.QuerySet["ProposedChange"]):
    """Rows of files."""

    def visible_to(self, user: User) -> "ProposedChangeQuerySet":
        """Managers, unless the row has become a record that they may not open."""
        if user.role == Role.MANAGER:
            return self.filter(Q(resident=None) | open_to(user, "resident"))
        return self.none()


class ProposedChange(models.Model):
    """What one row of the file says, what we made of it, and what somebody decided."""

    class Verdict(models.TextChoices):
        UNREAD = "unread", "Not read yet"
        NEW = "new", "New"
        MATCHED = "matched", "Matched"
        CONFLICTING = "conflicting", "To be decided"
        UNCHANGED = "unchanged", "Nothing new"
        REFUSED = "refused", "Refused"

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        LEFT = "left", "Left as it is"
        ACCEPTED = "accepted", "Taken in"
        REJECTED = "rejected", "Turned down"
        UNDONE = "undone", "Undone"

    PERSONAL = ("their_id", "cells", "facts", "candidates", "reason", "keys")
    ON_MERGE = {
        "resident": Moves(),
        **dict.fromkeys(("cells", "facts", "keys"), Stays("What the file says")),
        "candidates": Stays("Who might be meant, by key: read through visible_to, which leaves merged records out"),
    }
    changeset = models.ForeignKey(Changeset, on_delete=models.PROTECT, db_index=False, related_name="changes")
    number = models.PositiveIntegerField(help_text="Row of the file; the heading is 1")
    their_id = models.CharField(max_length=60, blank=True)
    checksum = models.CharField(max_length=64, blank=True)
    cells = models.JSONField(default=list, help_text="As written, until it is read")
    facts = models.JSONField(default=dict)
    verdict = models.CharField(max_length=12, choices=Verdict, default=Verdict.UNREAD)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    reason = models.CharField(max_length=300, blank=True)
    resident = models.ForeignKey(
        Resident, on_delete=models.PROTECT, null=True, blank=True, related_name="proposed_changes"
    )
    candidates = models.JSONField(default=list, help_text="Residents who may be meant: id, chance, what agrees and not")
    repeats = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="repeated_by",
        help_text="An earlier row of the file about the same person",
    )  # fmt: skip
    keys = models.JSONField(default=list, help_text="By which rows about one person meet, while the file is read")
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = ProposedChangeQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["changeset", "number"], name="intake_proposedchange_once"),
            models.CheckConstraint(
                condition=~Q(state="accepted") | (Q(resident__isnull=False) & Q(decided_at__isnull=False)),
                name="intake_proposedchange_accepted_has_record",
            ),
        ]
        indexes = [
            models.Index(fields=["changeset", "state", "verdict", "number"], name="intake_proposedchange_waiting"),
            models.Index(fields=["their_id"], name="intake_proposedchange_theirs"),
        ]

    def __str__(self) -> str:
        return f"Row {self.number}"

    def about(self) -> list[str]:
        """Whom the row concerns, for the trail."""
        return [self.resident.reference] if self.resident else []


class QuarantinedMatch(models.Model):
    """A row that may be about somebody restricted: seen by nobody who may not open that record.

    The row itself reads like any other that the duty manager must decide by hand.
    """

    class QuarantineQuerySet(models.QuerySet["QuarantinedMatch"]):
        """What is kept apart."""

        def visible_to(self, user: User) -> "QuarantinedMatch.QuarantineQuerySet":
            """Managers who may open the record."""
            if user.role == Role.MANAGER:
                return self.filter(open_to(user, "resident"))
            return self.none()

    PERSONAL = ()
    ON_MERGE = {"resident": Moves(), "said": Stays("What agrees and what does not, without any value")}
    change = models.ForeignKey(ProposedChange, on_delete=models.PROTECT, related_name="quarantined")
    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="+")
    per_mille = models.PositiveSmallIntegerField()
    said = models.JSONField(default=dict, help_text="What agrees and what does not, without any value")

    objects = QuarantineQuerySet.as_manager()

    def __str__(self) -> str:
        return f"Quarantined {self.pk}"


class CarriedOut(models.Model):
    """One row of ours that taking in made or changed: its columns before (nothing where it was made) and after."""

    class CarriedOutQuerySet(models.QuerySet["CarriedOut"]):
        """Rows of the journal."""

        def visible_to(self, user: User) -> "CarriedOut.CarriedOutQuerySet":
            """Nobody reads these but the undoing itself."""
            return self.none()

    PERSONAL = ("before", "after")
    ON_MERGE = dict.fromkeys(
        ("row", "before", "after"),
        Stays("The journal says what was done to which row; a merge since stops its undoing"),
    )
    change = models.ForeignKey(ProposedChange, on_delete=models.PROTECT, related_name="carried_out")
    model = models.CharField(max_length=80)
    row = models.BigIntegerField(help_text="Its key")
    before = models.JSONField(null=True)
    after = models.JSONField()

    objects = CarriedOutQuerySet.as_manager()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.model} {self.row}"
