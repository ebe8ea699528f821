"""Residents, households, who lives with whom, how to reach them safely, and who may see a restricted record."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now
from django.utils import timezone

from accounts.models import STAFF, Role, User
from ledger.history import keep_history
from ledger.merges import Moves, OneOnly, OneOpen, all_said, both
from ledger.references import ReferenceField
from ledger.versions import Versioned


class Birth(models.TextChoices):
    """How much of a date of birth is known."""

    FULL = "full", "Full date"
    MONTH = "month", "Month and year"
    YEAR = "year", "Year only"
    ESTIMATED = "estimated", "Estimated"
    UNKNOWN = "unknown", "Not known"


def sees_residents(user: User) -> bool:
    """Front door, caseworkers and managers work with residents; nobody else does."""
    return user.role in STAFF


def open_to(user: User, resident: str) -> Q:
    """Rows whose resident (the name of the way there) is not restricted, or names the user.

    By a join and the few grants of one person: a subquery of all residents would be read whole wherever it stands in an OR.
    """
    return Q(**{f"{resident}__restricted": False}) | Q(**{f"{resident}__in": granted_to(user)})


def hidden_person(user: User, resident: str) -> Exists:
    """Whether the resident (the name of the way there) is restricted and the user is not named for them.

    Says the opposite of `open_to` without joining every resident: for a row that has several ways to a person.
    """
    people = Resident.objects.filter(pk=OuterRef(resident), restricted=True)
    return Exists(people.exclude(pk__in=granted_to(user)))


def granted_to(user: User) -> models.QuerySet[Any, Any]:
    """The restricted residents for whom a person is named today."""
    return AccessGrant.objects.live().filter(user=user).values("resident")


def hidden_homes(user: User, household: str) -> Exists:
    """Whether somebody restricted, for whom the user is not named, lives in the household (the name of the way there)."""
    lives = Membership.objects.filter(household=OuterRef(household), until=None, resident__restricted=True)
    return Exists(lives.exclude(resident__in=granted_to(user)))


class OfResidentQuerySet(models.QuerySet):
    """Rows that belong to a resident (or to none) and are seen by whoever may see that resident."""

    def visible_to(self, user: User) -> "OfResidentQuerySet":
        """Staff, for residents that they may open."""
        if sees_residents(user):
            return self.filter(open_to(user, "resident"))
        return self.none()


_VISIBLE = "SELECT * FROM acting.resident_for(%s, %s, %s)"


class ResidentQuerySet(models.QuerySet["Resident"]):
    """The people we help."""

    def visible_to(self, user: User) -> "ResidentQuerySet":
        """Staff see everyone who is not restricted, and the restricted people that they are named for."""
        if sees_residents(user):
            return self.filter(Q(restricted=False) | Q(pk__in=granted_to(user)), merged_into=None)
        return self.none()

    def visible_one(self, user: User, reference: str) -> "Resident | None":
        """The one of this reference, if it is visible to the user: the same by a function of the database."""
        if not sees_residents(user):
            return None
        return next(iter(self.raw(_VISIBLE, [reference, user.pk, timezone.now()])), None)


@keep_history
class Resident(Versioned):
    """A person we help, named as they give their name."""

    PERSONAL = ("name", "preferred_name", "language", "communication_needs", "nhs_number")
    ON_MERGE = {"merged_into": Moves()}  # a pointer always shows the record that stands in the end
    reference = ReferenceField()
    name = models.CharField(max_length=200)
    preferred_name = models.CharField(max_length=100, blank=True)
    born_on = models.DateField(null=True, blank=True, help_text="With month or year only: the first day of it")
    birth = models.CharField(max_length=10, choices=Birth, default=Birth.UNKNOWN)
    language = models.CharField(max_length=60, blank=True)
    needs_interpreter = models.BooleanField(default=False)
    communication_needs = models.CharField(max_length=500, blank=True)
    nhs_number = models.CharField(max_length=10, blank=True)
    died_on = models.DateField(null=True, blank=True)
    restricted = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="merged_here",
        help_text="The record of the same person that stands in its place; seen by nobody while it is set",
    )

    objects = ResidentQuerySet.as_manager()
    in_danger = False  # whether somebody on record is alleged to harm them: set by who asks for it (models/walls.py)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="residents_resident_has_a_name"),
            models.CheckConstraint(
                condition=Q(birth=Birth.UNKNOWN, born_on=None) | (~Q(birth=Birth.UNKNOWN) & Q(born_on__isnull=False)),
                name="residents_resident_birth_known",
            ),
            models.CheckConstraint(
                condition=Q(died_on=None) | Q(born_on=None) | Q(died_on__gte=F("born_on")),
                name="residents_resident_died_after",
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=F("pk")), name="residents_resident_merged_elsewhere"
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | Q(restricted=True), name="residents_resident_pointer_closed"
            ),
        ]
        indexes = [
            models.Index(
                fields=["merged_into"], name="residents_resident_merged", condition=Q(merged_into__isnull=False)
            )
        ]

    def __str__(self) -> str:
        return self.preferred_name or self.name

    def about(self) -> list[str]:
        """Whom the record concerns, for the trail."""
        return [self.reference]

    def age_on(self, day: date) -> int | None:
        """Whole years on a day (the day of death at the latest); None when the year of birth is not known."""
        if not self.born_on:
            return None
        day = min(day, self.died_on) if self.died_on else day
        return day.year - self.born_on.year - ((day.month, day.day) < (self.born_on.month, self.born_on.day))


class Household(models.Model):
    """Residents who live and are helped together; seen by whoever may see all its present members."""

    class HouseholdQuerySet(models.QuerySet["Household"]):
        """Households."""

        def visible_to(self, user: User) -> "Household.HouseholdQuerySet":
            """Staff, unless someone who lives there is restricted and they are not named for that person."""
            if not sees_residents(user):
                return self.none()
            return self.filter(~hidden_homes(user, "pk"))

    PERSONAL = ()
    reference = ReferenceField()
    created_at = models.DateTimeField(default=timezone.now)

    objects = HouseholdQuerySet.as_manager()

    def __str__(self) -> str:
        return self.reference

    def about(self) -> list[str]:
        """The people who live there now. Runs one query."""
        return list(self.memberships.filter(until=None).values_list("resident__reference", flat=True))


@keep_history
class Membership(models.Model):
    """From when to when a resident belongs to a household, and as what."""

    class Part(models.TextChoices):
        ADULT = "adult", "Adult"
        PARENT = "parent", "Parent or carer"
        PARTNER = "partner", "Partner"
        CHILD = "child", "Child"
        GRANDPARENT = "grandparent", "Grandparent"
        RELATIVE = "relative", "Other relative"
        OTHER = "other", "Other"

    PERSONAL = ()
    ON_MERGE = {"resident": OneOpen(same=("household_id",))}
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="memberships")
    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="memberships")
    part = models.CharField(max_length=15, choices=Part, default=Part.ADULT)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    objects = OfResidentQuerySet.as_manager()

    class Meta:
        ordering = ["since", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["household", "resident"], condition=Q(until=None), name="residents_membership_one_open"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="residents_membership_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_part_display()}"


@keep_history
class Phone(models.Model):
    """A number, and what is safe to do with it."""

    PERSONAL = ("number", "note")
    ON_MERGE = {
        "resident": OneOpen(
            same=("number",),
            agree={
                **dict.fromkeys(("safe_to_call", "safe_to_text", "safe_to_leave_message"), both),
                "note": all_said(200),
            },
        )
    }
    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="phones")
    number = models.CharField(max_length=20, help_text="International form: +447700900123")
    safe_to_call = models.BooleanField(default=False)
    safe_to_text = models.BooleanField(default=False)
    safe_to_leave_message = models.BooleanField(default=False)
    note = models.CharField(max_length=200, blank=True, help_text="Whose phone, safe hours, code word")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    objects = OfResidentQuerySet.as_manager()

    class Meta:
        ordering = ["-since", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["resident", "number"], condition=Q(until=None), name="residents_phone_one_open"
            ),
            models.CheckConstraint(condition=Q(until=None) | Q(until__gte=F("since")), name="residents_phone_order"),
        ]

    def __str__(self) -> str:
        return self.number


@keep_history
class EmailAddress(models.Model):
    """An e-mail address, and whether it is safe to write to."""

    PERSONAL = ("address", "note")
    ON_MERGE = {"resident": OneOpen(same=("address",), agree={"safe_to_write": both, "note": all_said(200)})}
    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="emails")
    address = models.EmailField()
    safe_to_write = models.BooleanField(default=False)
    note = models.CharField(max_length=200, blank=True)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    objects = OfResidentQuerySet.as_manager()

    class Meta:
        ordering = ["-since", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["resident", "address"], condition=Q(until=None), name="residents_email_one_open"
            ),
            models.CheckConstraint(condition=Q(until=None) | Q(until__gte=F("since")), name="residents_email_order"),
        ]

    def __str__(self) -> str:
        return self.address


class AccessGrantQuerySet(models.QuerySet["AccessGrant"]):
    """Who is named for a restricted record."""

    def live(self) -> "AccessGrantQuerySet":
        """Those that hold today."""
        return self.filter(Q(until=None) | Q(until__gt=Now()))

    def visible_to(self, user: User) -> "AccessGrantQuerySet":
        """Managers, for residents that they may open themselves."""
        if user.role == Role.MANAGER:
            return self.filter(resident__in=Resident.objects.visible_to(user))
        return self.none()


@keep_history
class AccessGrant(models.Model):
    """A person who is named for a restricted record: its lead, its team's manager, or someone that a manager named."""

    PERSONAL = ("reason",)
    ON_MERGE = {"resident": OneOpen(same=("user_id",))}
    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="access_grants")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="access_grants")
    reason = models.CharField(max_length=300)
    granted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    objects = AccessGrantQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["resident", "user"], condition=Q(until=None), name="residents_accessgrant_one_open"
            )
        ]

    def __str__(self) -> str:
        return f"Access {self.pk}"


@keep_history
class Characteristics(models.Model):
    """What equality monitoring records, apart from the record that staff work with. Never an input to triage."""

    PERSONAL = ("gender", "ethnicity", "disabilities")
    ON_MERGE = {"resident": OneOnly(fills=("gender", "ethnicity", "disabilities"))}
    resident = models.OneToOneField(Resident, on_delete=models.PROTECT, related_name="characteristics")
    gender = models.CharField(max_length=20, blank=True)
    ethnicity = models.CharField(max_length=10, blank=True)
    disabilities = models.CharField(max_length=200, blank=True, help_text="Codes, separated by spaces")

    objects = OfResidentQuerySet.as_manager()

    def __str__(self) -> str:
        return f"Characteristics {self.pk}"
