"""What has happened and who is involved: the chronology, involvements, and agreements to share."""

from collections.abc import Collection
from datetime import date

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.expressions import RawSQL

from accounts.models import Organisation, Role, Team, User
from ledger.history import keep_history
from ledger.merges import Moves, OneOpen, Stays
from ledger.references import ReferenceField
from ledger.versions import Versioned
from residents.models.people import Household, OfResidentQuerySet, Resident, sees_residents


class ChronologyQuerySet(models.QuerySet["ChronologyEntry"]):
    """The dated story."""

    def visible_to(self, user: User) -> "ChronologyQuerySet":
        """Staff, for residents that they may open."""
        if sees_residents(user):
            return self.filter(resident__in=Resident.objects.visible_to(user))
        return self.none()

    def apart_from(self, hidden: RawSQL | list[int], *, but: Collection[Resident] = ()) -> "ChronologyQuerySet":
        """Without events that stand in the story of somebody behind a wall too (see `behind_the_wall`); `but`: who is no secret here."""
        if not hidden:
            return self
        shared = ChronologyEntry.objects.filter(event=OuterRef("event"), resident__in=hidden)
        return self.filter(~Exists(shared.exclude(resident__in=[one.pk for one in but]) if but else shared))


class ChronologyEntry(models.Model):
    """One line of a resident's story, written by the verb that made it happen; never edited.

    A verb about a household writes one entry for each of its members, joined by `event`. Headings hold no note text.
    """

    PERSONAL = ("heading", "detail")
    ON_MERGE = {
        "resident": Moves(through="acting.retell"),
        "reference": Stays(
            "It names the record that it tells of; that of a merged person leads to the one that stands"
        ),
    }
    event = models.UUIDField(db_index=True)
    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, db_index=False, related_name="chronology")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, null=True, blank=True, related_name="chronology")
    at = models.DateTimeField()
    written_at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    verb = models.CharField(max_length=60)
    heading = models.CharField(max_length=200)
    detail = models.CharField(max_length=500, blank=True)
    kind = models.CharField(max_length=60, help_text="Label of the record that it tells of, cases.Case")
    reference = models.CharField(max_length=12, blank=True)
    significant = models.BooleanField(default=False)

    objects = ChronologyQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["resident", "-at"], name="residents_chronology_story"),
            # The newest entries lie together at the table's end: each night asks for them, and reads no more.
            BrinIndex(fields=["written_at"], autosummarize=True, name="residents_chronology_new"),
        ]

    def __str__(self) -> str:
        return self.verb


class Involvement(models.Model):
    """Who is working with a resident: written by the rooms above, so that the single view needs none of them."""

    class Kind(models.TextChoices):
        LEAD = "lead", "Lead practitioner"
        AGENCY = "agency", "Agency"
        PARTNER = "partner", "Partner"
        IMPORTED = "imported", "Known from another system"

    PERSONAL = ("what", "who")
    ON_MERGE = {
        "resident": OneOpen(same=("kind", "organisation_id", "team_id", "user_id", "who", "what", "reference")),
        "reference": Stays("It names a case or a referral"),
    }
    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="involvements")
    kind = models.CharField(max_length=10, choices=Kind)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="involvements"
    )
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, blank=True, related_name="involvements")
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="involvements")
    who = models.CharField(max_length=200, blank=True, help_text="A name where the worker has no account here")
    what = models.CharField(max_length=200)
    reference = models.CharField(max_length=12, blank=True, help_text="Of the case or referral")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    objects = OfResidentQuerySet.as_manager()

    class Meta:
        ordering = ["-since", "-id"]
        indexes = [models.Index(fields=["reference"], name="residents_involvement_ref")]
        constraints = [
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="residents_involvement_order"
            )
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


@keep_history
class Agreement(Versioned):
    """What a resident agreed that we share, with whom, for what, until when; or the legal reason without it."""

    class Basis(models.TextChoices):
        AGREED = "agreed", "The resident agreed"
        REPRESENTATIVE = "representative", "Their representative agreed"
        BEST_INTERESTS = "best_interests", "Lacks capacity: best-interests decision"
        SAFEGUARDING = "safeguarding", "Safeguarding: shared without agreement"

    class AgreementQuerySet(OfResidentQuerySet):
        """Agreements."""

        def live(self, on: date) -> "Agreement.AgreementQuerySet":
            """Those that hold on a day."""
            return self.filter(withdrawn_at=None, since__lte=on).filter(Q(until=None) | Q(until__gte=on))

    PERSONAL = ("purpose", "shared", "reason")
    ON_MERGE = {"resident": Moves()}  # and the last word said to an organisation holds: see residents/merging/safer.py
    reference = ReferenceField()
    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="agreements")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="agreements")
    purpose = models.CharField(max_length=300)
    shared = models.CharField(max_length=300, help_text="What is shared: name, safe contact, need …")
    basis = models.CharField(max_length=20, choices=Basis)
    reason = models.CharField(max_length=500, blank=True, help_text="Why without agreement")
    authorised_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", limit_choices_to={"role": Role.MANAGER}
    )
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        ordering = ["-recorded_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="residents_agreement_order"
            ),
            models.CheckConstraint(
                condition=~Q(basis="safeguarding") | (~Q(reason="") & Q(authorised_by__isnull=False)),
                name="residents_agreement_without_needs_authority",
            ),
        ]

    def __str__(self) -> str:
        return self.reference
