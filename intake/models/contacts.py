"""Contacts: one approach each to the front door, with the person's own words, needs and answers. And imports."""

from django.db import models
from django.db.models import F, Q

from accounts.models import Team, User
from ledger.history import keep_history
from ledger.merges import Moves, NamesByKind
from ledger.moves import Moving, move
from ledger.references import ReferenceField
from ledger.versions import Versioned
from residents.models import Household, Resident
from residents.models.people import open_to, sees_residents


class Need(models.Model):
    """What people come with; a manager edits the list."""

    PERSONAL = ()
    code = models.SlugField(max_length=40, unique=True)
    label = models.CharField(max_length=120)
    headline = models.CharField(max_length=60, help_text="The headline outcome that it belongs to")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["headline", "label"]

    def __str__(self) -> str:
        return self.label


class ContactQuerySet(models.QuerySet["Contact"]):
    """Approaches to the front door."""

    def visible_to(self, user: User) -> "ContactQuerySet":
        """Staff: contacts of residents that they may open, and contacts of nobody known yet."""
        if sees_residents(user):
            return self.filter(Q(resident=None) | open_to(user, "resident"))
        return self.none()


@keep_history
class Contact(Moving, Versioned):
    """One approach to the front door, by any channel. Clocks run from `received_at`."""

    class Status(models.TextChoices):
        LOGGED = "logged", "Logged"
        WAITING = "waiting", "Waiting for triage"
        DECIDED = "decided", "Decided"
        WITHDRAWN = "withdrawn", "Withdrawn"

    class Channel(models.TextChoices):
        PHONE_IN = "phone_in", "Phone call to us"
        PHONE_OUT = "phone_out", "Phone call by us"
        WALK_IN = "walk_in", "Hub, in person"
        WEB = "web", "Web form"
        EMAIL = "email", "Email"
        LETTER = "letter", "Letter"
        OUTREACH = "outreach", "Outreach"
        PARTNER = "partner", "Partner portal"
        DUTY_TO_REFER = "duty_to_refer", "Duty to refer"
        POLICE = "police", "Police report"
        COUNCILLOR = "councillor", "Councillor or MP"
        WEBCHAT = "webchat", "Webchat"
        IMPORTED = "imported", "Imported from another system"

    class Speaking(models.TextChoices):
        SELF = "self", "The resident themselves"
        ON_BEHALF = "on_behalf", "Someone on their behalf"
        PROFESSIONAL = "professional", "A professional"
        ANONYMOUS = "anonymous", "Someone who gives no name"

    class Basis(models.TextChoices):
        PRIVACY_NOTICE = "privacy_notice", "Privacy notice given"
        LATER = "later", "Notice to be given at the next contact"
        SAFEGUARDING = "safeguarding", "Safeguarding: recorded without notice"

    class Outcome(models.TextChoices):
        RESOLVED = "resolved", "Resolved"
        ADVICE = "advice", "Advice given"
        SIGNPOSTED = "signposted", "Signposted"
        REFERRED = "referred", "Referred to a partner"
        TO_TRIAGE = "to_triage", "To triage"
        TO_STATUTORY = "to_statutory", "To a statutory service"
        JOINED = "joined", "Joined to an open case"
        OUT_OF_AREA = "out_of_area", "Out of area"
        WITHDRAWN = "withdrawn", "Withdrawn"
        ABANDONED = "abandoned", "Abandoned"

    class Demand(models.TextChoices):
        NOT_CODED = "not_coded", "Not coded"
        VALUE = "value", "New need"
        CHASING = "chasing", "Chasing something we had not done"
        UNCLEAR = "unclear", "Something from us was unclear"
        ONLINE = "online", "Should have been online"
        REPEATED = "repeated", "Telling us again"
        WRONG_PLACE = "wrong_place", "Came to the wrong place"
        CLOSED_EARLY = "closed_early", "We closed too early"

    MOVES = {
        "queue": move([Status.LOGGED], Status.WAITING),
        "decide": move([Status.LOGGED, Status.WAITING, Status.DECIDED], Status.DECIDED),
        "withdraw": move([Status.LOGGED, Status.WAITING], Status.WITHDRAWN),
    }
    PERSONAL = (
        "person_named",
        "speaker_name",
        "speaker_relationship",
        "speaker_organisation",
        "speaker_reply_to",
        "safe_contact",
        "words",
        "life_event",
        "what_we_did",
        "next_step",
        "next_step_how",
        "not_linked_because",
    )
    ON_MERGE = {"resident": Moves()}
    reference = ReferenceField()
    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, null=True, blank=True, related_name="contacts")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, null=True, blank=True, related_name="contacts")
    person_named = models.CharField(
        max_length=200, blank=True, help_text="The name given, where nobody known was found"
    )
    not_linked_because = models.CharField(max_length=200, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.LOGGED)
    channel = models.CharField(max_length=15, choices=Channel)
    speaking = models.CharField(max_length=15, choices=Speaking, default=Speaking.SELF)
    speaker_name = models.CharField(max_length=200, blank=True)
    speaker_relationship = models.CharField(max_length=100, blank=True)
    speaker_organisation = models.CharField(max_length=200, blank=True)
    speaker_reply_to = models.CharField(max_length=200, blank=True)
    consent_to_act = models.BooleanField(default=False)
    safe_contact = models.CharField(max_length=300, blank=True, help_text="How and when it is safe to reach them")
    received_at = models.DateTimeField()
    logged_at = models.DateTimeField()
    logged_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, related_name="contacts")
    words = models.TextField(max_length=10_000, help_text="In the resident's own words")
    life_event = models.CharField(max_length=200, blank=True)
    life_event_on = models.DateField(null=True, blank=True)
    needs = models.ManyToManyField(Need, through="ContactNeed", related_name="contacts")
    transactional = models.BooleanField(default=False, help_text="A pure enquiry, to which screening does not apply")
    basis = models.CharField(max_length=20, choices=Basis)
    outcome = models.CharField(max_length=15, choices=Outcome, blank=True)
    what_we_did = models.CharField(max_length=1000, blank=True)
    next_step = models.CharField(max_length=300, blank=True)
    next_step_by = models.DateTimeField(null=True, blank=True)
    next_step_how = models.CharField(max_length=200, blank=True, help_text="How the resident will hear")
    next_step_done_at = models.DateTimeField(null=True, blank=True)
    demand = models.CharField(max_length=15, choices=Demand, default=Demand.NOT_CODED)

    objects = ContactQuerySet.as_manager()

    class Meta:
        ordering = ["-received_at", "-id"]
        indexes = [
            models.Index(fields=["resident", "-received_at"], name="intake_contact_resident"),
            models.Index(fields=["received_at"], name="intake_contact_received"),
            models.Index(
                fields=["next_step_by"],
                name="intake_contact_promised",
                condition=Q(next_step_done_at=None, next_step_by__isnull=False),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(logged_at__gte=F("received_at")), name="intake_contact_received_before_logged"
            ),
            models.CheckConstraint(
                condition=Q(next_step="") | Q(next_step_by__isnull=False), name="intake_contact_promise_has_a_time"
            ),
            models.CheckConstraint(
                condition=~Q(status="decided") | ~Q(outcome=""), name="intake_contact_decided_has_outcome"
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def about(self) -> list[str]:
        """Whom the record concerns, for the trail."""
        return [self.resident.reference] if self.resident else []


class OfContactQuerySet(models.QuerySet):
    """Rows that belong to a contact."""

    def visible_to(self, user: User) -> "OfContactQuerySet":
        """Whoever may see the contact."""
        if sees_residents(user):
            return self.filter(Q(contact__resident=None) | open_to(user, "contact__resident"))
        return self.none()


class ContactNeed(models.Model):
    """A need that someone came with; the first one is the one they named first."""

    PERSONAL = ()
    ROWS_MAY_GO = True  # corrected with the contact, whose trail says so
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, db_index=False, related_name="contact_needs")
    need = models.ForeignKey(Need, on_delete=models.PROTECT, related_name="+")
    place = models.PositiveSmallIntegerField(default=1)

    objects = OfContactQuerySet.as_manager()

    class Meta:
        ordering = ["place", "id"]
        constraints = [models.UniqueConstraint(fields=["contact", "need"], name="intake_contactneed_once")]

    def __str__(self) -> str:
        return f"{self.need_id}"


@keep_history
class Answer(models.Model):
    """The answer to one question of the screening or of triage, with who asked and when. Unknown is not no."""

    class Said(models.TextChoices):
        YES = "yes", "Yes"
        NO = "no", "No"
        VALUE = "value", "A number or a date"
        NOT_ASKED = "not_asked", "Not asked"
        DECLINED = "declined", "Declined to say"
        UNKNOWN = "unknown", "Not known"
        NOT_APPLICABLE = "not_applicable", "Not applicable"

    PERSONAL = ("value", "why")
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, db_index=False, related_name="answers")
    question = models.CharField(max_length=60)
    said = models.CharField(max_length=15, choices=Said)
    value = models.CharField(
        max_length=200, blank=True, help_text="Pence, a count, an ISO date or codes separated by spaces"
    )
    why = models.CharField(max_length=200, blank=True, help_text="Why it was not asked or not answered")
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    at = models.DateTimeField()

    objects = OfContactQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["contact", "question"], name="intake_answer_one_each")]

    def __str__(self) -> str:
        return self.question


class ImportRun(models.Model):
    """One file of one import: how far it came and how many rows were taken and refused."""

    class State(models.TextChoices):
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        REFUSED = "refused", "Refused"

    PERSONAL = ()
    reference = ReferenceField()
    source = models.CharField(max_length=60)
    file = models.CharField(max_length=100)
    checksum = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=State, default=State.RUNNING)
    rows = models.PositiveIntegerField(default=0)
    taken = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    reason = models.CharField(max_length=300, blank=True, help_text="Why nothing of the file could be taken")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-started_at", "-id"]

    def __str__(self) -> str:
        return f"{self.file} {self.state}"


class ImportedRecord(models.Model):
    """Which of our records a row of another system became, so that a second import of it changes nothing."""

    class ImportedQuerySet(models.QuerySet["ImportedRecord"]):
        """Links to other systems' ids."""

        def visible_to(self, user: User) -> "ImportedRecord.ImportedQuerySet":
            """Nobody reads these but the import itself."""
            return self.none()

    PERSONAL = ("their_id",)
    # A row of their file goes on meaning our record that stands.
    ON_MERGE = {"our_id": NamesByKind(kind="kind")}
    source = models.CharField(max_length=60)
    table = models.CharField(max_length=60)
    their_id = models.CharField(max_length=60)
    checksum = models.CharField(max_length=64)
    kind = models.CharField(max_length=60)
    our_id = models.BigIntegerField()
    as_written = models.CharField(
        max_length=64,
        blank=True,
        help_text="Digest of our record as the import left it: another one means that somebody here changed it",
    )
    run = models.ForeignKey(ImportRun, on_delete=models.PROTECT, related_name="records")

    objects = ImportedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "table", "their_id"], name="intake_importedrecord_once")
        ]
        indexes = [models.Index(fields=["our_id"], name="intake_importedrecord_ours")]

    def __str__(self) -> str:
        return f"{self.table} {self.pk}"
