"""What the ledger keeps: the trail and its seals, the outbox, keys of forms already sent, drafts."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from ledger.acting import Person
from ledger.merges import Stays


class AuditQuerySet(models.QuerySet["AuditEvent"]):
    """Entries of the trail."""

    def visible_to(self, user: Person) -> "AuditQuerySet":
        """Information governance reads the trail, and a manager that of records they may open."""
        if user.role in {"information_governance", "manager"}:
            return self.all()
        return self.none()


class AuditEvent(models.Model):
    """Who did or read what, when and why. No personal data: ids, opaque references, names of fields.

    The table is partitioned by month and append-only; rows are written by `ledger.trail`.
    """

    PERSONAL = ()
    ON_MERGE = dict.fromkeys(
        ("about", "reference", "subject_id"),
        Stays("What was done was done to the record of that name, which leads to the one that stands"),
    )
    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(db_default=Now())
    person_id = models.BigIntegerField(null=True)
    role = models.CharField(max_length=30)
    organisation_id = models.BigIntegerField(null=True)
    principal = models.CharField(max_length=60, blank=True)
    verb = models.CharField(max_length=60)
    kind = models.CharField(max_length=60, blank=True)
    reference = models.CharField(max_length=60, blank=True)
    subject_id = models.BigIntegerField(null=True)
    about = ArrayField(models.CharField(max_length=12), default=list)
    fields = ArrayField(models.CharField(max_length=60), default=list)
    why = models.CharField(max_length=60, blank=True)
    outcome = models.CharField(max_length=10, default="done")
    request_id = models.CharField(max_length=36, blank=True)

    objects = AuditQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["reference", "-at"], name="ledger_audit_reference"),
            models.Index(fields=["person_id", "-at"], name="ledger_audit_person"),
            GinIndex(fields=["about"], name="ledger_audit_about"),
            models.Index(fields=["-at", "-id"], name="ledger_audit_newest"),
            models.Index(fields=["-at", "-id"], name="ledger_audit_refused", condition=models.Q(outcome="refused")),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.kind} {self.reference}".strip()


class AuditSeal(models.Model):
    """A signed link over one block of the trail; also written outside the database."""

    PERSONAL = ()
    number = models.BigIntegerField(primary_key=True)
    epoch = models.PositiveIntegerField()
    up_to = models.CharField(max_length=20)
    entries = models.BigIntegerField()
    total = models.BigIntegerField()
    root = models.CharField(max_length=64)
    previous = models.CharField(max_length=64)
    signature = models.CharField(max_length=64)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return f"Seal {self.number}"


class OutboxJob(models.Model):
    """Work to be done after commit: written in the transaction that wants it, relayed afterwards, done once by its key."""

    PERSONAL = ()
    ON_MERGE = {"arguments": Stays("Jobs name rows, which keep their keys, and never a person")}
    key = models.CharField(max_length=120, unique=True)
    job = models.CharField(max_length=60)
    arguments = models.JSONField(default=dict)
    written_at = models.DateTimeField(db_default=Now())
    ready_at = models.DateTimeField(db_default=Now())
    sent_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0, db_default=0)
    parked_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=200, blank=True, default="", db_default="")

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["ready_at"], name="ledger_outbox_waiting", condition=Q(done_at=None, parked_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.job} {self.key}"


class SentForm(models.Model):
    """The key of a form that was sent, and where its answer led: a double click or a resent form makes nothing new."""

    PERSONAL = ()
    ON_MERGE = dict.fromkeys(("path", "location"), Stays("An address of before leads to the record that stands"))
    key = models.UUIDField(primary_key=True)
    person_id = models.BigIntegerField(null=True)
    path = models.CharField(max_length=300)
    location = models.CharField(max_length=600, blank=True)
    at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.key}"


class DraftQuerySet(models.QuerySet["Draft"]):
    """Drafts; each belongs to one person."""

    def visible_to(self, user: Person) -> "DraftQuerySet":
        """One's own."""
        return self.filter(person_id=user.pk)


class Draft(models.Model):
    """What someone has typed into a form and not yet sent, found again after a time-out or on another desk."""

    PERSONAL = ("data",)
    ON_MERGE = dict.fromkeys(
        ("subject", "path", "data"), Stays("Goes to the record that stands when its writer opens the former one")
    )
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person_id = models.BigIntegerField()
    form = models.CharField(max_length=60)
    subject = models.CharField(max_length=60, blank=True)
    path = models.CharField(max_length=300)
    data = models.JSONField(default=dict)
    saved_at = models.DateTimeField()

    objects = DraftQuerySet.as_manager()

    class Meta:
        ordering = ["-saved_at"]
        constraints = [models.UniqueConstraint(fields=["person_id", "form", "subject"], name="ledger_draft_one_each")]

    def __str__(self) -> str:
        return f"Draft of {self.form}"


class Marker(models.Model):
    """A fact about this database as a whole: that its people are invented, how often it was restored, when its clock last ran."""

    PERSONAL = ()
    DEMONSTRATION, EPOCH, CLOCK = "demonstration", "epoch", "clock"
    name = models.CharField(max_length=40, primary_key=True)
    value = models.CharField(max_length=200, blank=True)
    set_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.name

    @classmethod
    def is_set(cls, name: str) -> bool:
        """Whether the fact holds. Runs one query."""
        return cls.objects.filter(name=name).exists()
