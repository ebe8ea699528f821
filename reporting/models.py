"""Stored readings of the measures, the runs that made them, months to recompute, and dated annotations."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from ledger.references import ReferenceField


class Reading(models.Model):
    """One measure in one month (or one slice of it). Integers only: a share keeps numerator and denominator."""

    PERSONAL = ()
    ROWS_MAY_GO = True  # derived: a recomputation replaces a slice that has emptied
    measure = models.CharField(max_length=40)
    month = models.DateField(help_text="First day of the month, local time")
    slice = models.CharField(max_length=60, blank=True, help_text="A tier, a lead, a kind; empty for the whole")
    numerator = models.BigIntegerField()
    denominator = models.BigIntegerField(null=True, blank=True)
    computed_at = models.DateTimeField()
    frozen_at = models.DateTimeField(null=True, blank=True)
    restated_at = models.DateTimeField(null=True, blank=True, help_text="When late data changed a frozen figure")
    frozen_numerator = models.BigIntegerField(null=True, blank=True)
    frozen_denominator = models.BigIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["measure", "month", "slice"]
        constraints = [
            models.UniqueConstraint(fields=["measure", "month", "slice"], name="reporting_reading_once"),
            models.CheckConstraint(condition=Q(month__day=1), name="reporting_reading_first_of_month"),
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.month}"


class TouchedMonth(models.Model):
    """A month whose figures new or late work may have changed; written by triggers on the tables of the work.

    One row for each transaction, so that writers never wait for each other and a mark that commits while figures are being
    recomputed is still there afterwards. Each says what kind of work it was: a measure is recomputed for its own kinds.
    """

    class Kind(models.TextChoices):
        CONTACTS = "contacts", "Contacts received"
        RETURNS = "returns", "Contacts of the months around"
        RECEIVED = "received", "When decided contacts were received"
        DECISIONS = "decisions", "Decisions made"
        TIERS = "tiers", "Tiers that held"
        EPISODES = "episodes", "Safeguarding episodes"
        GAINS = "gains", "Income gains"
        PLACEMENTS = "placements", "Placements"
        CASES = "cases", "Cases"
        LEADS = "leads", "Leads of cases"
        REFERRALS = "referrals", "Referrals"

    PERSONAL = ()
    ROWS_MAY_GO = True  # taken away when the month is recomputed
    month = models.DateField()
    kind = models.CharField(
        max_length=12, choices=Kind, blank=True, help_text="What the work can change; empty for anything"
    )
    transaction = models.BigIntegerField()
    touched_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["month", "kind", "transaction"], name="reporting_touchedmonth_once_a_transaction"
            )
        ]

    def __str__(self) -> str:
        return f"{self.month}"


class Run(models.Model):
    """One computation: its state, progress, duration and error, as people see it on screen."""

    class Kind(models.TextChoices):
        FOLD_IN = "fold_in", "New work folded in"
        FULL = "full", "Everything recomputed"

    class State(models.TextChoices):
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"

    PERSONAL = ()
    ROWS_MAY_GO = True  # swept when a month old
    reference = ReferenceField()
    kind = models.CharField(max_length=10, choices=Kind)
    state = models.CharField(max_length=10, choices=State, default=State.RUNNING)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    steps = models.PositiveIntegerField(default=0)
    steps_done = models.PositiveIntegerField(default=0)
    months = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0, help_text="Readings that differ from what was stored")
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-started_at"]
        indexes = [models.Index(fields=["-started_at"], name="reporting_run_started")]
        constraints = [
            models.UniqueConstraint(fields=["kind"], condition=Q(state="running"), name="reporting_run_one_at_a_time")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"


class Annotation(models.Model):
    """Something dated that a reader of a chart must know: a law, a boundary, a change of recording."""

    PERSONAL = ()
    reference = ReferenceField()
    on = models.DateField()
    text = models.CharField(max_length=200)
    measures = models.CharField(
        max_length=300, blank=True, help_text="Keys of the measures, separated by spaces; empty for all"
    )
    source = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["on"]

    def __str__(self) -> str:
        return self.text
