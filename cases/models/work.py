"""Notes, the plan and its reviews."""

from django.db import models
from django.db.models import Q

from accounts.models import Organisation, User
from cases.models.case import Case, OfCase, OfCaseQuerySet
from intake.models import Need
from ledger.history import keep_history
from ledger.merges import Moves
from ledger.moves import Moving, move
from ledger.references import ReferenceField
from ledger.versions import Versioned
from residents.models import Resident


class Note(OfCase, models.Model):
    """What happened on the case, in a worker's words. Never edited: corrected by an addendum."""

    class Kind(models.TextChoices):
        VISIT = "visit", "Home visit"
        CALL = "call", "Phone call"
        MEETING = "meeting", "Meeting"
        MESSAGE = "message", "Message"
        OFFICE = "office", "Seen at a hub or office"
        RECORD = "record", "File note"
        SUPERVISION = "supervision", "Supervision"

    PERSONAL = ("text",)
    reference = ReferenceField()
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="notes")
    kind = models.CharField(max_length=15, choices=Kind)
    text = models.TextField(max_length=20_000)
    happened_at = models.DateTimeField()
    written_at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    child_seen = models.BooleanField(default=False)
    significant = models.BooleanField(default=False)
    addendum_to = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="addenda")

    objects = OfCaseQuerySet.as_manager()

    class Meta:
        ordering = ["-happened_at", "-id"]
        indexes = [
            models.Index(fields=["case", "-happened_at"], name="cases_note_story"),
            models.Index(fields=["case", "-written_at"], name="cases_note_newest"),
            models.Index(
                fields=["case", "-written_at"], name="cases_note_supervision", condition=Q(kind="supervision")
            ),
        ]

    def __str__(self) -> str:
        return self.reference


@keep_history
class PlanNeed(OfCase, Moving, Versioned):
    """A need on the plan: the goal that the household agreed to, and how far they have come."""

    class Status(models.TextChoices):
        OPEN = "open", "Being worked on"
        MET = "met", "Met"
        PARTLY_MET = "partly_met", "Partly met"
        NOT_MET = "not_met", "Not met"

    CLOSED = (Status.MET, Status.PARTLY_MET, Status.NOT_MET)
    MOVES = {
        "meet": move([Status.OPEN], Status.MET),
        "part_meet": move([Status.OPEN], Status.PARTLY_MET),
        "miss": move([Status.OPEN], Status.NOT_MET),
        "reopen": move(CLOSED, Status.OPEN),
    }
    PERSONAL = ("goal", "outcome")
    ON_MERGE = {"resident": Moves()}
    reference = ReferenceField()
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="plan_needs")
    need = models.ForeignKey(Need, on_delete=models.PROTECT, related_name="+")
    resident = models.ForeignKey(
        Resident,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Nobody: the whole household",
    )
    goal = models.CharField(max_length=500)
    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)
    baseline = models.PositiveSmallIntegerField(help_text="1 (stuck) to 5 (sustained), when the goal was set")
    latest = models.PositiveSmallIntegerField(help_text="1 to 5, now")
    added_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=500, blank=True)

    objects = OfCaseQuerySet.as_manager()

    class Meta:
        ordering = ["added_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(baseline__range=(1, 5), latest__range=(1, 5)), name="cases_planneed_scale"
            ),
            models.CheckConstraint(
                condition=Q(status="open", closed_at=None) | (~Q(status="open") & Q(closed_at__isnull=False)),
                name="cases_planneed_closed",
            ),
        ]

    def __str__(self) -> str:
        return self.reference


@keep_history
class PlanAction(OfCase, Moving, Versioned):
    """One thing that somebody does by a day: a worker, an agency, or the household itself."""

    class Status(models.TextChoices):
        OPEN = "open", "To do"
        DONE = "done", "Done"
        DROPPED = "dropped", "Not needed any more"

    MOVES = {
        "finish": move([Status.OPEN], Status.DONE),
        "drop": move([Status.OPEN], Status.DROPPED),
        "reopen": move([Status.DONE, Status.DROPPED], Status.OPEN),
    }
    PERSONAL = ("what", "owner_name", "result")
    reference = ReferenceField()
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="plan_actions")
    plan_need = models.ForeignKey(PlanNeed, on_delete=models.PROTECT, related_name="actions")
    what = models.CharField(max_length=500)
    owner = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="plan_actions")
    owner_organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    owner_name = models.CharField(max_length=200, blank=True, help_text="Someone of the household")
    due_on = models.DateField()
    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)
    added_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    result = models.CharField(max_length=500, blank=True)

    objects = OfCaseQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "id"]
        indexes = [models.Index(fields=["owner", "due_on"], name="cases_planaction_todo", condition=Q(status="open"))]
        constraints = [
            models.CheckConstraint(
                condition=Q(owner__isnull=False, owner_organisation=None, owner_name="")
                | Q(owner=None, owner_organisation__isnull=False, owner_name="")
                | (Q(owner=None, owner_organisation=None) & ~Q(owner_name="")),
                name="cases_planaction_one_owner",
            ),
            models.CheckConstraint(
                condition=Q(status="open", ended_at=None) | (~Q(status="open") & Q(ended_at__isnull=False)),
                name="cases_planaction_ended",
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class Review(OfCase, models.Model):
    """A held review of the plan: what was found, what follows, and when the next one is due."""

    class Outcome(models.TextChoices):
        CONTINUE = "continue", "Continue"
        CHANGE = "change", "Change the plan"
        STEP_UP = "step_up", "Step up"
        STEP_DOWN = "step_down", "Step down"
        CLOSE = "close", "Close"

    PERSONAL = ("summary", "household_view", "manager_words")
    reference = ReferenceField()
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="reviews")
    was_due_on = models.DateField()
    held_at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(max_length=10, choices=Outcome)
    progress = models.BooleanField(help_text="Whether things moved since the last review")
    summary = models.TextField(max_length=5_000)
    household_view = models.CharField(max_length=1000, blank=True)
    next_due_on = models.DateField(null=True, blank=True)
    discussed_with = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", help_text="The manager, where required"
    )
    manager_words = models.CharField(max_length=1000, blank=True, help_text="What the manager directed")

    objects = OfCaseQuerySet.as_manager()

    class Meta:
        ordering = ["-held_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(discussed_with=None, manager_words="")
                | (Q(discussed_with__isnull=False) & ~Q(manager_words="")),
                name="cases_review_discussed_has_words",
            )
        ]

    def __str__(self) -> str:
        return self.reference
