"""Nights in temporary accommodation, and confirmed income gains."""

from datetime import date

from django.db import models
from django.db.models import F, Q

from accounts.models import User
from cases.models.case import Case, OfCase, OfCaseQuerySet
from ledger.history import keep_history
from ledger.merges import Moves
from ledger.moves import Moving, move
from ledger.references import ReferenceField
from ledger.versions import Versioned
from residents.models import Household, Resident
from residents.models.people import OfResidentQuerySet


@keep_history
class Placement(OfCase, Versioned):
    """Nights in temporary accommodation (TA), of a type, from a first night to a day of leaving."""

    class Kind(models.TextChoices):
        BED_AND_BREAKFAST = "bed_and_breakfast", "Bed and breakfast"
        NIGHTLY_PAID = "nightly_paid", "Nightly paid, self-contained"
        HOSTEL = "hostel", "Hostel or refuge"
        PRIVATE_LEASED = "private_leased", "Private sector leased"
        COUNCIL_STOCK = "council_stock", "Council or housing association stock"
        OTHER = "other", "Other"

    class Ended(models.TextChoices):
        MOVED_WITHIN = "moved_within", "Moved to other temporary accommodation"
        SETTLED = "settled", "Moved to a settled home"
        LEFT = "left", "Left, whereabouts known"
        LOST_TOUCH = "lost_touch", "Left, lost touch"
        DUTY_ENDED = "duty_ended", "The duty ended"

    PERSONAL = ("place",)
    reference = ReferenceField()
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="placements")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="placements")
    kind = models.CharField(max_length=20, choices=Kind)
    place = models.CharField(max_length=300, blank=True)
    out_of_area = models.BooleanField(default=False)
    starts_on = models.DateField(help_text="First night")
    ends_on = models.DateField(null=True, blank=True, help_text="Day of leaving: the night before it was the last")
    ended_because = models.CharField(max_length=15, choices=Ended, blank=True)
    moved_from = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="moved_to")
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()

    objects = OfCaseQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "-id"]
        indexes = [models.Index(fields=["starts_on", "ends_on"], name="cases_placement_nights")]
        constraints = [
            models.UniqueConstraint(fields=["household"], condition=Q(ends_on=None), name="cases_placement_one_open"),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gt=F("starts_on")), name="cases_placement_order"
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None, ended_because="") | (Q(ends_on__isnull=False) & ~Q(ended_because="")),
                name="cases_placement_ended_because",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def nights(self, today: date) -> int:
        """Nights so far, or in all; the day of leaving is not a night."""
        return max(((self.ends_on or today) - self.starts_on).days, 0)


@keep_history
class IncomeGain(Moving, Versioned):
    """Additional income for a resident. Only what is confirmed counts; a year of it is the unit (52 weeks, or the shorter term)."""

    class Status(models.TextChoices):
        CLAIMED = "claimed", "Claimed"
        CONFIRMED = "confirmed", "Confirmed"
        REFUSED = "refused", "Refused"

    class Kind(models.TextChoices):
        UNIVERSAL_CREDIT = "universal_credit", "Universal Credit"
        PIP = "pip", "Personal Independence Payment"
        DLA_CHILD = "dla_child", "Disability Living Allowance for a child"
        ATTENDANCE = "attendance", "Attendance Allowance"
        CARERS = "carers", "Carer's Allowance"
        PENSION_CREDIT = "pension_credit", "Pension Credit"
        HOUSING_BENEFIT = "housing_benefit", "Housing Benefit"
        COUNCIL_TAX = "council_tax", "Council tax support or discount"
        CRISIS_PAYMENT = "crisis_payment", "Crisis Payment"
        HOUSING_PAYMENT = "housing_payment", "Housing Payment"
        HEALTHY_START = "healthy_start", "Healthy Start"
        SCHOOL_MEALS = "school_meals", "Free school meals"
        WARM_HOME = "warm_home", "Warm Home Discount"
        SOCIAL_TARIFF = "social_tariff", "Social tariff"
        WRITE_OFF = "write_off", "Debt written off"
        GRANT = "grant", "Grant"
        OTHER = "other", "Other"

    MOVES = {
        "confirm": move([Status.CLAIMED], Status.CONFIRMED),
        "refuse": move([Status.CLAIMED], Status.REFUSED),
    }
    PERSONAL = ("evidence",)
    ON_MERGE = {"resident": Moves()}
    reference = ReferenceField()
    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="income_gains")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, blank=True, related_name="income_gains")
    kind = models.CharField(max_length=20, choices=Kind)
    status = models.CharField(max_length=10, choices=Status, default=Status.CLAIMED)
    weekly_before_pence = models.PositiveIntegerField(default=0)
    weekly_after_pence = models.PositiveIntegerField(default=0)
    weeks = models.PositiveSmallIntegerField(default=52, help_text="52, or fewer where the award is shorter")
    one_off_pence = models.PositiveIntegerField(default=0, help_text="Backdated award or single payment")
    value_pence = models.PositiveIntegerField(help_text="(after - before) x weeks + one-off: what is added in a year")
    claimed_on = models.DateField()
    confirmed_on = models.DateField(null=True, blank=True)
    evidence = models.CharField(max_length=300, blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()

    objects = OfResidentQuerySet.as_manager()

    class Meta:
        ordering = ["-claimed_on", "-id"]
        indexes = [
            models.Index(fields=["confirmed_on"], name="cases_incomegain_confirmed", condition=Q(status="confirmed"))
        ]
        constraints = [
            models.CheckConstraint(condition=Q(weeks__range=(1, 52)), name="cases_incomegain_weeks"),
            models.CheckConstraint(
                condition=Q(weekly_after_pence__gte=F("weekly_before_pence")), name="cases_incomegain_more"
            ),
            models.CheckConstraint(
                condition=Q(
                    value_pence=(F("weekly_after_pence") - F("weekly_before_pence")) * F("weeks") + F("one_off_pence")
                ),
                name="cases_incomegain_value",
            ),
            models.CheckConstraint(condition=Q(value_pence__gt=0), name="cases_incomegain_something"),
            models.CheckConstraint(
                condition=(Q(status="confirmed", confirmed_on__isnull=False) & ~Q(evidence=""))
                | (~Q(status="confirmed") & Q(confirmed_on=None)),
                name="cases_incomegain_confirmed_has_evidence",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def about(self) -> list[str]:
        """Whom the record concerns, for the trail."""
        return [self.resident.reference]
