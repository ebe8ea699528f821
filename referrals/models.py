"""Handing a resident to a partner. What was shared is frozen on the referral, so the partner needs to see nothing else."""

from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property

from accounts.models import Organisation, Role, User
from cases.models import Case
from directory.models import Service
from intake.models import Contact
from ledger.acting import reading_as_system
from ledger.among import Among
from ledger.history import keep_history
from ledger.merges import Moves
from ledger.moves import Moving, move
from ledger.references import ReferenceField
from ledger.versions import Versioned
from residents.models import Agreement, Resident
from residents.models.people import open_to, sees_residents


class ReferralQuerySet(models.QuerySet["Referral"]):
    """Referrals."""

    def visible_to(self, user: User) -> "ReferralQuerySet":
        """Staff, for residents that they may open; a partner, for what was sent to their organisation."""
        if sees_residents(user):
            return self.filter(open_to(user, "resident"))
        if user.role == Role.PARTNER:
            return self.filter(organisation=user.organisation_id).exclude(status__in=Referral.UNSENT)
        return self.none()

    def returned(self) -> "ReferralQuerySet":
        """Declined, silent for too long, or stepped back to us with a concern, and nobody has dealt with it yet."""
        return self.filter(came_back())

    def of_worker(self, user: User) -> "ReferralQuerySet":
        """Those that the person made, or that belong to a case which they lead."""
        return self.filter(Q(made_by=user) | Q(Among("case_id", Case.objects.filter(lead=user).values("pk"))))


def came_back() -> Q:
    """What `returned` asks of a referral."""
    back = Q(status=Referral.Status.DECLINED) | Q(outcome=Referral.Outcome.STEPPED_BACK)
    silent = Q(unanswered_at__isnull=False, status__in=Referral.UNANSWERED)
    return Q(back | silent, settled_at=None)


@keep_history
class Referral(Moving, Versioned):
    """One handing over of one resident to one partner, from draft to outcome."""

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        CANCELLED = "cancelled", "Cancelled"
        SENT = "sent", "Sent"
        RECEIVED = "received", "Received"
        WAITING = "waiting", "On a waiting list"
        ACCEPTED = "accepted", "Accepted"
        DECLINED = "declined", "Declined"
        IN_PROGRESS = "in_progress", "In progress"
        COMPLETED = "completed", "Completed"
        WITHDRAWN = "withdrawn", "Withdrawn by us"

    class Declined(models.TextChoices):
        CAPACITY = "capacity", "No capacity"
        INELIGIBLE = "ineligible", "Not eligible (age, area or criteria)"
        WRONG_SERVICE = "wrong_service", "Wrong service"
        TOO_LITTLE = "too_little", "Too little information"
        DUPLICATE = "duplicate", "Already with us"
        RESIDENT_DECLINED = "resident_declined", "The resident declined"
        UNREACHABLE = "unreachable", "Could not reach the resident"
        RISK = "risk", "Risk too high for us"
        CONFLICT = "conflict", "Conflict of interest"
        CLOSED_LIST = "closed_list", "Our list is closed"

    class Outcome(models.TextChoices):
        MET = "met", "Need met"
        PARTLY_MET = "partly_met", "Need partly met"
        NOT_ENGAGED = "not_engaged", "Did not engage"
        STEPPED_BACK = "stepped_back", "Stepped back to the council, with a concern"

    UNSENT = (Status.DRAFT, Status.CANCELLED)
    UNANSWERED = (Status.SENT, Status.RECEIVED)
    LIVE = (Status.SENT, Status.RECEIVED, Status.WAITING, Status.ACCEPTED, Status.IN_PROGRESS)
    MOVES = {
        "send": move([Status.DRAFT], Status.SENT),
        "cancel": move([Status.DRAFT], Status.CANCELLED),
        "receive": move([Status.SENT], Status.RECEIVED),
        "accept": move([Status.SENT, Status.RECEIVED, Status.WAITING], Status.ACCEPTED),
        "decline": move([Status.SENT, Status.RECEIVED, Status.WAITING], Status.DECLINED),
        "wait": move([Status.SENT, Status.RECEIVED], Status.WAITING),
        "start": move([Status.ACCEPTED], Status.IN_PROGRESS),
        "complete": move([Status.ACCEPTED, Status.IN_PROGRESS], Status.COMPLETED),
        "withdraw": move(
            [Status.SENT, Status.RECEIVED, Status.WAITING, Status.ACCEPTED, Status.IN_PROGRESS], Status.WITHDRAWN
        ),
    }
    PERSONAL = (
        "reason",
        "goal",
        "shared_name",
        "shared_contact",
        "shared_need",
        "shared_risks",
        "shared_access_needs",
        "decline_text",
        "suggested_alternative",
        "outcome_text",
        "settled_how",
    )
    ON_MERGE = {"resident": Moves()}  # what was shared of them stays as it was sent
    reference = ReferenceField()
    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="referrals")
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, null=True, blank=True, related_name="referrals")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, blank=True, related_name="referrals")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="referrals")
    service = models.ForeignKey(Service, on_delete=models.PROTECT, null=True, blank=True, related_name="referrals")
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, null=True, blank=True, related_name="referrals")
    status = models.CharField(max_length=12, choices=Status, default=Status.DRAFT)
    reason = models.CharField(max_length=1000, help_text="Why we refer")
    goal = models.CharField(max_length=500, blank=True)
    shared_name = models.CharField(max_length=200, blank=True)
    shared_contact = models.CharField(max_length=300, blank=True)
    shared_need = models.CharField(max_length=1000, blank=True)
    shared_risks = models.CharField(max_length=500, blank=True)
    shared_access_needs = models.CharField(max_length=500, blank=True)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="referrals_made")
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField(null=True, blank=True)
    answer_due_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True, help_text="First answer: accepted, waiting or declined")
    waiting_until = models.DateField(null=True, blank=True)
    decline_reason = models.CharField(max_length=20, choices=Declined, blank=True)
    decline_text = models.CharField(max_length=500, blank=True)
    suggested_alternative = models.CharField(max_length=200, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=15, choices=Outcome, blank=True)
    outcome_text = models.CharField(max_length=1000, blank=True)
    unanswered_at = models.DateTimeField(
        null=True, blank=True, help_text="When silence brought it back to the referrer"
    )
    settled_at = models.DateTimeField(null=True, blank=True, help_text="When the referrer dealt with its return")
    settled_how = models.CharField(max_length=300, blank=True)

    objects = ReferralQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-id"]
        indexes = [
            models.Index(fields=["organisation", "-sent_at"], name="referrals_referral_inbox"),
            models.Index(
                fields=["answer_due_at"], name="referrals_referral_silent", condition=Q(status__in=["sent", "received"])
            ),
            models.Index(fields=["resident", "-made_at"], name="referrals_referral_resident"),
            models.Index(
                fields=["organisation", "answer_due_at", "id"],
                name="referrals_referral_due",
                condition=Q(status__in=["sent", "received"]),
            ),
            models.Index(
                fields=["organisation", "-sent_at", "-id"],
                name="referrals_referral_going",
                condition=Q(status__in=["waiting", "accepted", "in_progress"]),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["draft", "cancelled"]) | Q(sent_at__isnull=False, agreement__isnull=False),
                name="referrals_referral_sent_agreed",
            ),
            models.CheckConstraint(
                condition=~Q(status="declined") | ~Q(decline_reason=""), name="referrals_referral_declined_has_reason"
            ),
            models.CheckConstraint(
                condition=~Q(status="completed") | (Q(completed_at__isnull=False) & ~Q(outcome="")),
                name="referrals_referral_completed_has_outcome",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "cancelled", "sent", "received", "withdrawn"])
                | Q(answered_at__isnull=False),
                name="referrals_referral_answered_has_time",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def about(self) -> list[str]:
        """Whom the record concerns, for the trail. A partner may not read the resident, but the trail says whom they read of."""
        if "resident" in self._state.fields_cache:
            return [self.resident.reference]
        return [self.behind[0]]

    @cached_property
    def behind(self) -> tuple[str, bool]:
        """What a partner may not read themselves: whom it concerns, and whether the agreement was taken back. Runs one query."""
        with reading_as_system("system:referrals"):
            rows = Referral.objects.filter(pk=self.pk)
            person, gone = rows.values_list("resident__reference", "agreement__withdrawn_at").get()
        return person, gone is not None

    @property
    def returned(self) -> bool:
        """Whether it came back to the referrer and waits to be dealt with."""
        silent = self.unanswered_at is not None and self.status in self.UNANSWERED
        back = self.status == self.Status.DECLINED or self.outcome == self.Outcome.STEPPED_BACK
        return self.settled_at is None and (silent or back)


class OfReferralQuerySet(models.QuerySet):
    """Rows that belong to a referral."""

    def visible_to(self, user: User) -> "OfReferralQuerySet":
        """Whoever may see the referral."""
        return self.filter(referral__in=Referral.objects.visible_to(user))


class ReferralMessage(models.Model):
    """A message between us and the partner about a referral; both read it."""

    PERSONAL = ("text", "who")
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="messages")
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    who = models.CharField(max_length=200, blank=True, help_text="Who wrote, where they answered by link")
    from_partner = models.BooleanField()
    text = models.CharField(max_length=2000)

    objects = OfReferralQuerySet.as_manager()

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"Message {self.pk}"


class AnswerLinkQuerySet(OfReferralQuerySet):
    """Links by which partners answer without an account."""

    def visible_to(self, user: User) -> "AnswerLinkQuerySet":
        """Staff who may see the referral; a partner who signs in has no use for its links."""
        if sees_residents(user):
            return self.filter(referral__in=Referral.objects.visible_to(user))
        return self.none()


class AnswerLink(models.Model):
    """A link by which a partner answers without an account. Only the hash of its secret is kept; it expires."""

    PERSONAL = ("sent_to",)
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="links")
    secret_hash = models.CharField(max_length=64, unique=True)
    sent_to = models.EmailField()
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = AnswerLinkQuerySet.as_manager()

    def __str__(self) -> str:
        return f"Link {self.pk}"
