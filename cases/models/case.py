"""A household case under one lead, its members, agencies and named people."""

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from accounts.models import Organisation, Role, Team, User
from ledger.history import keep_history
from ledger.merges import OneOpen
from ledger.moves import Moving, move
from ledger.references import ReferenceField
from ledger.versions import Versioned
from residents.models import Household, Resident
from triage.models import Decision
from triage.tiers import Tier


class ClosureReason(models.Model):
    """Why a case was closed; a manager edits the list."""

    PERSONAL = ()
    code = models.SlugField(max_length=40, unique=True)
    label = models.CharField(max_length=120)
    needs_manager = models.BooleanField(default=False)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["label"]

    def __str__(self) -> str:
        return self.label


class CaseQuerySet(models.QuerySet["Case"]):
    """Household cases."""

    def visible_to(self, user: User) -> "CaseQuerySet":
        """Its lead, people named on it, its team (its manager only, where it is restricted)."""
        if user.role not in (Role.CASEWORKER, Role.MANAGER):
            return self.none()
        named = Exists(CasePerson.objects.filter(case=OuterRef("pk"), user=user, until=None))
        own_team = Q(team__in=user.teams.values("pk"))
        if user.role == Role.CASEWORKER:
            own_team &= Q(restricted=False)
        return self.filter(Q(lead=user) | named | own_team)

    def open(self) -> "CaseQuerySet":
        """Cases on which work goes on."""
        return self.filter(status=Case.Status.OPEN)


@keep_history
class Case(Moving, Versioned):
    """Work with a household under one lead practitioner, at Support or Intervention."""

    class Status(models.TextChoices):
        OPEN = "open", "Open"
        CLOSED = "closed", "Closed"

    MOVES = {"close": move([Status.OPEN], Status.CLOSED)}
    PERSONAL = ("closing_summary", "resident_view")
    reference = ReferenceField()
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="cases")
    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="case")
    tier = models.PositiveSmallIntegerField(choices=Tier)
    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="cases")
    lead = models.ForeignKey(User, on_delete=models.PROTECT, related_name="cases_led")
    restricted = models.BooleanField(default=False)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    review_due_on = models.DateField()
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    closure_reason = models.ForeignKey(ClosureReason, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    closing_summary = models.TextField(max_length=5_000, blank=True)
    resident_view = models.CharField(max_length=1000, blank=True, help_text="What the household says of the work")
    check_on = models.DateField(null=True, blank=True, help_text="Six-month check after closing")
    checked_at = models.DateTimeField(null=True, blank=True, help_text="When the six-month check was made")
    sustained = models.BooleanField(null=True, blank=True, help_text="What the check found; null: not known")

    objects = CaseQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at"]
        indexes = [
            models.Index(fields=["lead"], name="cases_case_open_lead", condition=Q(status="open")),
            models.Index(fields=["team"], name="cases_case_open_team", condition=Q(status="open")),
            models.Index(fields=["opened_at"], name="cases_case_opened"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["household"], condition=Q(status="open"), name="cases_case_one_open_a_household"
            ),
            models.CheckConstraint(
                condition=Q(status="open", closed_at=None, closure_reason=None)
                | Q(
                    status="closed",
                    closed_at__isnull=False,
                    closure_reason__isnull=False,
                    closed_at__gte=F("opened_at"),
                ),
                name="cases_case_closed_has_reason",
            ),
            models.CheckConstraint(condition=Q(tier__gte=Tier.SUPPORT) | Q(status="closed"), name="cases_case_tier"),
            models.CheckConstraint(
                condition=Q(checked_at=None, sustained=None) | Q(checked_at__isnull=False, status="closed"),
                name="cases_case_checked_after_closing",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def about(self) -> list[str]:
        """Whom the record concerns, for the trail. Runs one query, or none where the members were read with the case."""
        if "members" in getattr(self, "_prefetched_objects_cache", {}):
            return [one.resident.reference for one in self.members.all()]
        return list(self.members.order_by("pk").values_list("resident__reference", flat=True))


class OfCaseQuerySet(models.QuerySet):
    """Rows that belong to a case."""

    def visible_to(self, user: User) -> "OfCaseQuerySet":
        """Whoever may see the case."""
        return self.filter(case__in=Case.objects.visible_to(user))


class OfCase:
    """A row that concerns whoever its case is about."""

    case: Case

    def about(self) -> list[str]:
        """Whom the record concerns, for the trail. Runs one query."""
        return self.case.about()


@keep_history
class CaseMember(OfCase, models.Model):
    """A resident whom the case is about."""

    PERSONAL = ()
    ON_MERGE = {"resident": OneOpen(same=("case_id",), restricts=("case",))}
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="members")
    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="case_memberships")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    objects = OfCaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "resident"], condition=Q(until=None), name="cases_casemember_one_open"
            )
        ]

    def __str__(self) -> str:
        return f"Member {self.pk}"


@keep_history
class CaseAgency(OfCase, models.Model):
    """An organisation that works on the case with us."""

    PERSONAL = ("part", "contact")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="agencies")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="case_agencies")
    part = models.CharField(max_length=200, help_text="What they do on the case")
    contact = models.CharField(max_length=200, blank=True, help_text="Who there, and how to reach them")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    objects = OfCaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "organisation"], condition=Q(until=None), name="cases_caseagency_one_open"
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation}"


@keep_history
class CasePerson(OfCase, models.Model):
    """A worker who is named on a case outside its team, or on a restricted one."""

    PERSONAL = ("reason",)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="people")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="named_on")
    reason = models.CharField(max_length=300)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    objects = OfCaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "user"], condition=Q(until=None), name="cases_caseperson_one_open")
        ]

    def __str__(self) -> str:
        return f"Person {self.pk}"
