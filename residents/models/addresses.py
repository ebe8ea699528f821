"""Where people live: addresses with UPRN, dated wards, tenure, no fixed abode and care-of."""

from django.db import models
from django.db.models import F, Q

from accounts.models import User
from ledger.history import keep_history
from ledger.merges import OneOpen
from residents.models.people import OfResidentQuerySet, Resident


class Ward(models.Model):
    """An electoral ward, with the dates between which its boundary holds."""

    PERSONAL = ()
    code = models.CharField(max_length=9, unique=True, help_text="ONS code, E05…")
    name = models.CharField(max_length=80)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class PostcodeWard(models.Model):
    """In which ward a postcode lies, from a file that an operator loads."""

    PERSONAL = ()
    postcode = models.CharField(max_length=8, unique=True)
    ward = models.ForeignKey(Ward, on_delete=models.PROTECT, related_name="postcodes")

    def __str__(self) -> str:
        return self.postcode


class Tenure(models.TextChoices):
    """By what right someone lives where they live."""

    COUNCIL = "council", "Council tenant"
    HOUSING_ASSOCIATION = "housing_association", "Housing association tenant"
    PRIVATE = "private", "Private tenant"
    OWNER = "owner", "Owner"
    FAMILY_OR_FRIENDS = "family_or_friends", "With family or friends"
    TEMPORARY = "temporary", "Temporary accommodation"
    SUPPORTED = "supported", "Supported housing"
    INSTITUTION = "institution", "Hospital, prison or other institution"
    NONE = "none", "No fixed abode"
    UNKNOWN = "unknown", "Not known"


class Address(models.Model):
    """A place. The UPRN is not unique on purpose: a unique number would say that a hidden record exists."""

    PERSONAL = ("lines", "postcode", "uprn")
    uprn = models.CharField(max_length=12, blank=True, db_index=True)
    lines = models.CharField(max_length=300)
    postcode = models.CharField(max_length=8, blank=True)
    ward = models.ForeignKey(Ward, on_delete=models.PROTECT, null=True, blank=True, related_name="addresses")

    class AddressQuerySet(models.QuerySet["Address"]):
        """Places."""

        def visible_to(self, user: User) -> "Address.AddressQuerySet":
            """Those of residents that the person may see."""
            return self.filter(pk__in=ResidentAddress.objects.visible_to(user).values("address"))

    objects = AddressQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(uprn="") | Q(uprn__regex=r"^\d{1,12}$"), name="residents_address_uprn"),
        ]

    def __str__(self) -> str:
        return ", ".join(part for part in (self.lines, self.postcode) if part)


@keep_history
class ResidentAddress(models.Model):
    """From when to when someone lives (or can be reached) somewhere; without an address: no fixed abode."""

    class Kind(models.TextChoices):
        HOME = "home", "Home"
        CARE_OF = "care_of", "Care of"
        NO_FIXED_ABODE = "nfa", "No fixed abode"

    PERSONAL = ("care_of",)
    # Which of two homes is the present one is chosen by whoever merges; what is confidential stays so (merging/safer.py).
    ON_MERGE = {"resident": OneOpen(same=("kind", "address_id"))}
    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="addresses")
    address = models.ForeignKey(Address, on_delete=models.PROTECT, null=True, blank=True, related_name="occupants")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.HOME)
    care_of = models.CharField(max_length=200, blank=True)
    tenure = models.CharField(max_length=20, choices=Tenure, default=Tenure.UNKNOWN)
    confidential = models.BooleanField(default=False, help_text="A refuge, or anywhere that must not be told")
    safe_to_post = models.BooleanField(default=False, help_text="Nobody else there opens or sees their post")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    objects = OfResidentQuerySet.as_manager()

    class Meta:
        ordering = ["-since", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="nfa") | Q(address__isnull=False), name="residents_residentaddress_somewhere"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="residents_residentaddress_order"
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
