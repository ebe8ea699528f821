"""Services that help, as an Open Referral UK feed tells of them, and each fetch of a feed."""

from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.models import Organisation, User
from ledger.references import ReferenceField

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


class ServiceQuerySet(models.QuerySet["Service"]):
    """What is on offer."""

    def visible_to(self, user: User | AnonymousUser) -> "ServiceQuerySet":
        """Everyone who signs in sees all, and anybody what is on offer: a directory has no secrets."""
        if user.is_active:
            return self.all()
        if user.is_anonymous:
            return self.offered()
        return self.none()

    def offered(self) -> "ServiceQuerySet":
        """Those that residents can use, or could before they closed for a while."""
        return self.filter(status__in=[Service.Status.ACTIVE, Service.Status.TEMPORARILY_CLOSED])

    def referable(self) -> "ServiceQuerySet":
        """Those that take referrals from us now."""
        return self.filter(status=Service.Status.ACTIVE, accepts_referrals=True, organisation__active=True)

    def open_at(self, moment: datetime) -> "ServiceQuerySet":
        """Those whose weekly hours say that they are open; a feed knows nothing of bank holidays."""
        local = timezone.localtime(moment)
        day, clock = local.date(), local.time()
        hours = ServiceTime.objects.filter(service=OuterRef("pk"), days__contains=WEEKDAYS[day.weekday()])
        hours = hours.filter(opens_at__lte=clock, closes_at__gte=clock)
        hours = hours.filter(Q(since=None) | Q(since__lte=day)).filter(Q(until=None) | Q(until__gte=day))
        return self.filter(Exists(hours), status=Service.Status.ACTIVE)

    def fitting_age(self, age: int) -> "ServiceQuerySet":
        """Those for people of this age, or of any."""
        young = Q(minimum_age=None) | Q(minimum_age__lte=age)
        return self.filter(young).filter(Q(maximum_age=None) | Q(maximum_age__gte=age))

    def about_words(self, words: str) -> "ServiceQuerySet":
        """Those that say every one of the words somewhere."""
        found = self
        for word in words.split()[:8]:
            term = Exists(ServiceTerm.objects.filter(service=OuterRef("pk"), name__icontains=word))
            found = found.filter(
                Q(name__icontains=word)
                | Q(alternate_name__icontains=word)
                | Q(description__icontains=word)
                | Q(organisation__name__icontains=word)
                | term
            )
        return found


class Service(models.Model):
    """Something that an organisation offers to residents."""

    class Status(models.TextChoices):
        ACTIVE = "active", "Active"
        INACTIVE = "inactive", "Inactive"
        DEFUNCT = "defunct", "Defunct"
        TEMPORARILY_CLOSED = "temporarily closed", "Temporarily closed"

    PERSONAL = ()
    reference = ReferenceField()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="services")
    feed = models.CharField(max_length=60, blank=True, help_text="Which feed it came from; empty: entered by hand")
    feed_id = models.CharField(
        max_length=60, blank=True, db_index=True, help_text="The id in the feed that it came from"
    )
    digest = models.CharField(max_length=64, blank=True, help_text="Of what the feed said: unchanged means untouched")
    name = models.CharField(max_length=250)
    alternate_name = models.CharField(max_length=250, blank=True)
    description = models.TextField(blank=True)
    url = models.URLField(max_length=500, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    status = models.CharField(max_length=20, choices=Status, default=Status.ACTIVE)
    fees = models.TextField(blank=True)
    alert = models.TextField(blank=True)
    eligibility = models.TextField(blank=True)
    minimum_age = models.PositiveSmallIntegerField(null=True, blank=True)
    maximum_age = models.PositiveSmallIntegerField(null=True, blank=True)
    assured_on = models.DateField(null=True, blank=True)
    changed_at = models.DateTimeField(null=True, blank=True, help_text="When the feed says that it last changed")
    seen_in_feed_at = models.DateTimeField(null=True, blank=True)
    accepts_referrals = models.BooleanField(default=False, help_text="An administrator says so, never a feed")

    objects = ServiceQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        indexes = [models.Index(fields=["name", "id"], name="directory_service_name")]
        constraints = [
            models.UniqueConstraint(fields=["feed", "feed_id"], condition=~Q(feed=""), name="directory_service_once")
        ]

    def __str__(self) -> str:
        return self.name


class ServicePlace(models.Model):
    """Where a service can be met. A place of a service, not of a person."""

    PERSONAL = ()
    ROWS_MAY_GO = True  # replaced as a whole by each fetch of the feed
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="places")  # cascade: mirrors the feed
    feed_id = models.CharField(max_length=60, blank=True)
    name = models.CharField(max_length=250, blank=True)
    lines = models.CharField(max_length=500, blank=True)
    postcode = models.CharField(max_length=10, blank=True)
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)

    def __str__(self) -> str:
        return self.name or self.lines


class ServiceTime(models.Model):
    """When a service is open, from the feed's schedules."""

    PERSONAL = ()
    ROWS_MAY_GO = True  # replaced as a whole by each fetch of the feed
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="times")  # cascade: mirrors the feed
    days = models.CharField(max_length=60, blank=True, help_text="MO,TU … of a weekly pattern; empty for any other")
    opens_at = models.TimeField(null=True, blank=True)
    closes_at = models.TimeField(null=True, blank=True)
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)
    description = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.days


class ServiceTerm(models.Model):
    """A term of a taxonomy that describes a service, as a CURIE: esdNeed:12, esdServiceType:7."""

    PERSONAL = ()
    ROWS_MAY_GO = True  # replaced as a whole by each fetch of the feed
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="terms")  # cascade: mirrors the feed
    code = models.CharField(max_length=120)
    name = models.CharField(max_length=250)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["service", "code"], name="directory_serviceterm_once")]

    def __str__(self) -> str:
        return self.name


class FeedOrganisation(models.Model):
    """Which of our organisations a feed means by an id."""

    PERSONAL = ()
    feed = models.CharField(max_length=60)
    feed_id = models.CharField(max_length=60)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="feed_ids")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["feed", "feed_id"], name="directory_feedorganisation_once")]

    def __str__(self) -> str:
        return f"{self.feed} {self.feed_id}"


class FeedRun(models.Model):
    """One reading of a feed: what was taken, what was refused and why."""

    PERSONAL = ()
    reference = ReferenceField()
    feed = models.CharField(max_length=60, blank=True)
    source = models.CharField(max_length=300)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    taken = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    repeated = models.PositiveIntegerField(default=0, help_text="Said more than once in the same feed")
    withdrawn = models.PositiveIntegerField(default=0, help_text="No longer in the feed: marked inactive")
    refused = models.PositiveIntegerField(default=0)
    reasons = models.JSONField(default=list, help_text="Why services were refused: shown, never queried")

    class Meta:
        ordering = ["-started_at"]

    def __str__(self) -> str:
        return f"Feed {self.pk}"
