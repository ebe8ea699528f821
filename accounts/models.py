"""Organisations, teams with opening hours, and users with one role each."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q

from ledger.history import keep_history
from ledger.references import ReferenceField
from ledger.versions import Versioned


class Role(models.TextChoices):
    """What someone is here to do. One each: it decides pages; `visible_to` and the database decide records."""

    FRONT_DOOR = "front_door", "Front door"
    CASEWORKER = "caseworker", "Caseworker"
    MANAGER = "manager", "Manager"
    PARTNER = "partner", "Partner"
    GOVERNANCE = "information_governance", "Information governance"
    ADMINISTRATOR = "administrator", "Administrator"


STAFF = (Role.FRONT_DOOR, Role.CASEWORKER, Role.MANAGER)
COUNCIL_ROLES = (*STAFF, Role.GOVERNANCE, Role.ADMINISTRATOR)


class Organisation(Versioned):
    """The council or one of its partners."""

    class Kind(models.TextChoices):
        COUNCIL = "council", "Council"
        PARTNER = "partner", "Partner"

    PERSONAL = ()
    reference = ReferenceField()
    name = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.PARTNER)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=30, blank=True)
    url = models.URLField(max_length=500, blank=True)
    about = models.TextField(blank=True)
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Team(models.Model):
    """Council staff who work together and share a caseload; its opening hours run its working-time clocks."""

    PERSONAL = ()
    reference = ReferenceField()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="teams")
    name = models.CharField(max_length=100)
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="accounts_team_one_name")]

    def __str__(self) -> str:
        return self.name


class TeamOpening(models.Model):
    """When a team is open on one weekday (0 is Monday). A day without a row is closed."""

    PERSONAL = ()
    ROWS_MAY_GO = True  # replaced as a whole when a team changes its hours
    team = models.ForeignKey(
        Team, on_delete=models.CASCADE, related_name="openings"
    )  # cascade: hours mean nothing without the team
    weekday = models.PositiveSmallIntegerField()
    opens_at = models.TimeField()
    closes_at = models.TimeField()

    class Meta:
        ordering = ["weekday"]
        constraints = [
            models.UniqueConstraint(fields=["team", "weekday"], name="accounts_teamopening_one_a_day"),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="accounts_teamopening_weekday"),
            models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="accounts_teamopening_order"),
        ]

    def __str__(self) -> str:
        return f"{self.team} {self.weekday}"


class UserQuerySet(models.QuerySet["User"]):
    """People who sign in."""

    def visible_to(self, user: "User") -> "UserQuerySet":
        """Council staff see the council's and partners' people; a partner sees their own organisation's."""
        if user.role in COUNCIL_ROLES:
            return self.all()
        if user.role == Role.PARTNER:
            return self.filter(organisation_id=user.organisation_id)
        return self.none()


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Makes users; sign-up is closed, so administrators and commands call this through actions."""

    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        """Make a user; without a password they can sign in only by resetting it."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


@keep_history
class User(AbstractBaseUser, Versioned):
    """Someone who signs in, with one role."""

    PERSONAL = ("email", "name")
    reference = ReferenceField()
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=150)
    role = models.CharField(max_length=30, choices=Role)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="users")
    teams = models.ManyToManyField(Team, related_name="members", blank=True)
    duty_manager = models.BooleanField(default=False, help_text="May lower a hard stop at triage")
    is_active = models.BooleanField(default=True)
    shortcuts = models.BooleanField(
        default=True, db_default=True, help_text="Whether keys that are pressed outside a field open pages"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]
    objects = UserManager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=Q(role__in=Role.values), name="accounts_user_role"),
            models.CheckConstraint(
                condition=Q(duty_manager=False) | Q(role=Role.MANAGER), name="accounts_user_duty_manager_is_manager"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        """Their name, for the libraries that ask in this way."""
        return self.name
