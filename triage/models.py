"""The queue by clock, the decision with everything it was made from, and safeguarding (MASH) episodes."""

from django.db import models
from django.db.models import F, Q

from accounts.models import Team, User
from intake.models import Contact, OfContactQuerySet
from ledger.history import keep_history
from ledger.merges import Moves, Stays
from ledger.moves import Moving, move
from ledger.references import ReferenceField
from ledger.versions import Versioned
from residents.models import Household, Resident
from residents.models.people import hidden_homes, hidden_person, sees_residents
from triage.tiers import Tier


class Urgency(models.TextChoices):
    """How soon, in the words of a multi-agency hub."""

    RED = "red", "Red"
    AMBER = "amber", "Amber"
    GREEN = "green", "Green"


@keep_history
class TriageItem(Moving, Versioned):
    """A contact in the queue: what the rules suggest, by when somebody must decide, and who has taken it."""

    class Status(models.TextChoices):
        WAITING = "waiting", "Waiting"
        CLAIMED = "claimed", "Claimed"
        DECIDED = "decided", "Decided"
        WITHDRAWN = "withdrawn", "Withdrawn"

    MOVES = {
        "claim": move([Status.WAITING], Status.CLAIMED),
        "release": move([Status.CLAIMED], Status.WAITING),
        "settle": move([Status.WAITING, Status.CLAIMED], Status.DECIDED),
        "withdraw": move([Status.WAITING, Status.CLAIMED], Status.WITHDRAWN),
    }
    PERSONAL = ()
    contact = models.OneToOneField(Contact, on_delete=models.PROTECT, related_name="triage_item")
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, related_name="triage_items")
    suggested_tier = models.PositiveSmallIntegerField(choices=Tier)
    urgency = models.CharField(max_length=10, choices=Urgency)
    hard_stop = models.BooleanField(default=False)
    rules = models.CharField(max_length=200, blank=True, help_text="Numbers of the rules that fired, R01 R38")
    rule_set_version = models.CharField(max_length=20)
    due_at = models.DateTimeField()
    queued_at = models.DateTimeField()
    claimed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    claimed_at = models.DateTimeField(null=True, blank=True)

    objects = OfContactQuerySet.as_manager()

    class Meta:
        ordering = ["due_at", "id"]
        indexes = [
            models.Index(
                fields=["due_at", "id"], name="triage_item_queue", condition=Q(status__in=["waiting", "claimed"])
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="claimed") | Q(claimed_by__isnull=False, claimed_at__isnull=False),
                name="triage_item_claimed_by_someone",
            )
        ]

    @property
    def reference(self) -> str:
        """The contact's own reference: the queue has none of its own."""
        return self.contact.reference

    def about(self) -> list[str]:
        """Whom the record concerns, for the trail."""
        return self.contact.about()

    def __str__(self) -> str:
        return f"{self.contact_id}"


class DecisionQuerySet(models.QuerySet["Decision"]):
    """Judgements of tier."""

    def visible_to(self, user: User) -> "DecisionQuerySet":
        """Staff: of contacts and households that they may see."""
        if sees_residents(user):
            return self.filter(
                ~hidden_person(user, "contact__resident"),
                ~hidden_person(user, "resident"),
                ~hidden_homes(user, "household"),
            )
        return self.none()

    def awaiting_allocation(self) -> "DecisionQuerySet":
        """Support or Intervention was decided and nobody leads the work yet."""
        return self.filter(needs_case=True, household__isnull=False)


class Decision(models.Model):
    """One judgement of tier: who, when, why, suggested by which rules. Made once, never edited."""

    class Kind(models.TextChoices):
        TRIAGE = "triage", "Triage of a contact"
        STEP_UP = "step_up", "Step up"
        STEP_DOWN = "step_down", "Step down"

    class Lower(models.TextChoices):
        ALREADY_MET = "already_met", "The need is already met"
        KNOWN_SAFE = "known_safe", "Checked with an agency that knows them: safe"
        WRONG_ANSWER = "wrong_answer", "An answer was recorded wrongly"
        RESIDENT_DECLINES = "resident_declines", "The resident declines and has capacity to"
        OTHER_SERVICE = "other_service", "Another service is already doing this"
        OTHER = "other", "Another reason"

    PERSONAL = ("reason", "answers")
    ON_MERGE = {"resident": Moves(), "answers": Stays("Answers as they stood; they name nobody")}
    reference = ReferenceField()
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.TRIAGE)
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, null=True, blank=True, related_name="decisions")
    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, null=True, blank=True, related_name="decisions")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, null=True, blank=True, related_name="decisions")
    previous = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="next")
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, related_name="decisions")
    suggested_tier = models.PositiveSmallIntegerField(choices=Tier)
    chosen_tier = models.PositiveSmallIntegerField(choices=Tier)
    urgency = models.CharField(max_length=10, choices=Urgency, default=Urgency.GREEN)
    due_at = models.DateTimeField(null=True)
    rule_set_version = models.CharField(max_length=20, blank=True)
    answers = models.JSONField(default=dict, help_text="The answers as they stood: kept, never queried")
    lower_reason = models.CharField(max_length=20, choices=Lower, blank=True)
    reason = models.CharField(max_length=2000, blank=True)
    hard_stop = models.BooleanField(default=False)
    may_send = models.BooleanField(
        default=True, help_text="False: nothing may be sent, for nobody agreed and no safeguarding reason"
    )
    needs_case = models.BooleanField(default=False, help_text="Support or Intervention: somebody is to lead")

    objects = DecisionQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-id"]
        indexes = [
            # Holds all that figures read of a decision: a year of them is counted without its wide rows.
            models.Index(
                fields=["made_at"],
                include=[
                    *("id", "kind", "contact", "household", "previous", "team"),
                    *("due_at", "urgency", "suggested_tier", "chosen_tier"),
                ],
                name="triage_decision_figures",
            ),
            models.Index(fields=["household", "-made_at"], name="triage_decision_household"),
            models.Index(
                fields=["made_at", "id"],
                name="triage_decision_awaiting",
                condition=Q(needs_case=True, household__isnull=False),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(chosen_tier__gte=F("suggested_tier"))
                | ~Q(kind="triage")
                | (~Q(lower_reason="") & ~Q(reason="")),
                name="triage_decision_lower_has_reason",
            ),
            models.CheckConstraint(
                condition=~Q(kind="triage") | Q(contact__isnull=False), name="triage_decision_of_contact"
            ),
            models.CheckConstraint(condition=Q(kind="triage") | ~Q(reason=""), name="triage_decision_step_has_reason"),
        ]

    def __str__(self) -> str:
        return self.reference

    def about(self) -> list[str]:
        """Whom the record concerns, for the trail."""
        return [self.resident.reference] if self.resident else []


class OfDecisionQuerySet(models.QuerySet):
    """Rows that belong to a decision."""

    def visible_to(self, user: User) -> "OfDecisionQuerySet":
        """Whoever may see the decision."""
        return self.filter(decision__in=Decision.objects.visible_to(user))


class FiredRule(models.Model):
    """A rule that fired, with the answer that fired it, as the officer saw it."""

    PERSONAL = ("because",)
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, db_index=False, related_name="fired")
    number = models.CharField(max_length=3)
    tier = models.PositiveSmallIntegerField(choices=Tier, null=True)
    hard_stop = models.BooleanField(default=False)
    because = models.CharField(max_length=500)
    route = models.CharField(max_length=200, blank=True)
    due_at = models.DateTimeField(null=True)

    objects = OfDecisionQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["decision", "number"], name="triage_firedrule_once")]

    def __str__(self) -> str:
        return self.number


@keep_history
class SafeguardingEpisode(Moving, Versioned):
    """A passage through the multi-agency safeguarding hub (MASH), from the decision to its outcome."""

    class Status(models.TextChoices):
        OPEN = "open", "Open"
        COMPLETED = "completed", "Completed"

    class Outcome(models.TextChoices):
        NO_ACTION = "no_action", "No further action"
        COMMUNITY = "community", "No further action, community support"
        EARLY_HELP = "early_help", "Early help"
        DA_SERVICE = "da_service", "Domestic abuse service"
        NRPF = "nrpf", "No recourse to public funds team"
        ASSESSMENT = "assessment", "Children's social care assessment (s17)"
        ENQUIRY = "enquiry", "Section 47 enquiry"
        CARE = "care", "Came into care"
        ADULT_ENQUIRY = "adult_enquiry", "Adult enquiry (s42)"
        SPECIALIST = "specialist", "Specialist service"

    HIGH_INTENSITY = (Outcome.ASSESSMENT, Outcome.ENQUIRY, Outcome.CARE, Outcome.ADULT_ENQUIRY, Outcome.SPECIALIST)
    SOCIAL_CARE = (Outcome.ASSESSMENT, Outcome.ENQUIRY, Outcome.CARE, Outcome.ADULT_ENQUIRY)
    MOVES = {"complete": move([Status.OPEN], Status.COMPLETED)}
    PERSONAL = ("rationale",)
    ON_MERGE = {"resident": Moves()}
    reference = ReferenceField()
    contact = models.OneToOneField(Contact, on_delete=models.PROTECT, related_name="safeguarding_episode")
    resident = models.ForeignKey(
        Resident, on_delete=models.PROTECT, null=True, blank=True, related_name="safeguarding_episodes"
    )
    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)
    urgency = models.CharField(max_length=10, choices=Urgency)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True, blank=True)
    completed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    outcome = models.CharField(max_length=15, choices=Outcome, blank=True)
    rationale = models.CharField(max_length=2000, blank=True)
    for_adult = models.BooleanField(default=False)

    objects = OfContactQuerySet.as_manager()

    class Meta:
        ordering = ["due_at"]
        indexes = [models.Index(fields=["due_at", "id"], name="triage_episode_open", condition=Q(status="open"))]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="completed") | (Q(completed_at__isnull=False) & ~Q(outcome="")),
                name="triage_episode_completed_has_outcome",
            )
        ]

    def __str__(self) -> str:
        return self.reference

    def about(self) -> list[str]:
        """Whom the record concerns, for the trail."""
        return [self.resident.reference] if self.resident else []
