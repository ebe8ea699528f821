"""Services that help, as an Open Referral UK feed tells of them, and each fetch of a feed."""

from django.db import models

from accounts.models import Organisation
from ledger.references import ReferenceField


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
    feed_id = models.CharField(
        max_length=60, blank=True, db_index=True, help_text="The id in the feed that it came from"
    )
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
    accepts_referrals = models.BooleanField(default=False)

    class Meta:
        ordering = ["name"]

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
    days = models.CharField(max_length=60, blank=True)
    opens_at = models.TimeField(null=True, blank=True)
    closes_at = models.TimeField(null=True, blank=True)
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


class FeedRun(models.Model):
    """One reading of a feed: what was taken, what was refused and why."""

    PERSONAL = ()
    reference = ReferenceField()
    source = models.CharField(max_length=300)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    taken = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    withdrawn = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    reasons = models.JSONField(default=list, help_text="Why services were refused: shown, never queried")

    class Meta:
        ordering = ["-started_at"]

    def __str__(self) -> str:
        return f"Feed {self.pk}"
