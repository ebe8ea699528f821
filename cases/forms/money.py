"""Forms for nights in temporary accommodation and for income gains."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from cases.forms.cases import PickField
from cases.income import MOST_PENCE, Per, weekly_pence
from cases.models import Case, IncomeGain, Placement
from ledger.fields import GovDateField, text_field
from residents.models import Resident

AMOUNT = re.compile(r"£?\s*(\d{1,3}(,\d{3})+|\d+)(\.\d{1,2})?")


class PoundsField(forms.CharField):
    """An amount as people write it (£1,234.50): gives whole pence, 0 where it is empty."""

    def __init__(self, label: str, **options: Any) -> None:
        widget = forms.TextInput(attrs={"class": "govuk-input--width-10", "inputmode": "decimal"})
        super().__init__(label=label, widget=widget, **options)

    def clean(self, value: Any) -> int:
        """The pence. Raises ValidationError in words where it is not an amount."""
        typed = str(super().clean(value)).strip()
        if not typed:
            return 0
        if not AMOUNT.fullmatch(typed):
            raise ValidationError(f"{self.label} must be an amount in pounds, like 72.65")
        pence = int(Decimal(re.sub(r"[£,\s]", "", typed)) * 100)
        if pence > MOST_PENCE:
            raise ValidationError(f"{self.label} must be £1,000,000 or less")
        return pence


class PlacementForm(forms.Form):
    """A first night in temporary accommodation."""

    kind = forms.ChoiceField(
        label="What kind of accommodation?",
        choices=Placement.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Select the kind of accommodation"},
    )
    place = text_field(
        "Where is it?", name="Where it is", max_length=300, required=False, help_text="Leave empty for a refuge."
    )
    out_of_area = forms.BooleanField(label="It is outside the borough", required=False)
    starts_on = GovDateField(label="Which was the first night?", name="The first night", past=True)


class MoveForm(PlacementForm):
    """The day of a move within temporary accommodation, and where to."""

    starts_on = None  # type: ignore[assignment]
    on = GovDateField(label="On which day did they move?", name="The day they moved", past=True)


class LeaveForm(forms.Form):
    """The day on which the household left."""

    on = GovDateField(label="On which day did they leave?", name="The day they left", past=True)
    because = forms.ChoiceField(
        label="Why did they leave?",
        choices=[one for one in Placement.Ended.choices if one[0] != Placement.Ended.MOVED_WITHIN],
        widget=forms.RadioSelect,
        error_messages={"required": "Select why they left"},
    )


class AmountsForm(forms.Form):
    """Income before and after, as it is paid."""

    before = PoundsField("Amount before", required=False, help_text="For Universal Credit: the whole award before.")
    after = PoundsField("Amount after", required=False, help_text="Only what is added counts.")
    per = forms.ChoiceField(
        label="How often is it paid?", choices=Per.choices, initial=Per.WEEK, required=False, widget=forms.RadioSelect
    )
    weeks = forms.IntegerField(
        label="For how many weeks?",
        min_value=1,
        max_value=52,
        initial=52,
        required=False,
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-3"}),
        help_text="52, or fewer where the award ends sooner.",
        error_messages={
            "min_value": "The number of weeks must be from 1 to 52",
            "max_value": "The number of weeks must be from 1 to 52",
        },
    )
    one_off_pence = PoundsField("Single or backdated payment", required=False)

    def clean(self) -> dict[str, Any]:
        """Amounts a week, in pence."""
        found = super().clean() or {}
        per = found.pop("per", "") or Per.WEEK
        for mine, theirs in (("before", "weekly_before_pence"), ("after", "weekly_after_pence")):
            found[theirs] = weekly_pence(found.pop(mine, 0) or 0, per)
        found["weeks"] = found.get("weeks") or 52
        return found


class GainForm(AmountsForm):
    """A claim that should bring more income."""

    resident = PickField("Whose income is it?", ask="Select whose income it is", widget=forms.RadioSelect)
    kind = forms.ChoiceField(
        label="What is claimed?",
        choices=[("", "Choose a kind"), *IncomeGain.Kind.choices],
        error_messages={"required": "Select what is claimed"},
    )
    claimed_on = GovDateField(label="On which day was it claimed?", name="The day of the claim", past=True)
    field_order = ["resident", "kind", "claimed_on"]

    def __init__(self, *args: Any, case: Case, **options: Any) -> None:
        super().__init__(*args, **options)
        members = case.members.filter(until=None).values("resident")
        self.fields["resident"].queryset = Resident.objects.filter(pk__in=members)
        self.fields["resident"].empty_label = None


class ConfirmForm(AmountsForm):
    """What was awarded in fact, and what shows it."""

    evidence = text_field(
        "What shows it?",
        name="What shows it",
        max_length=300,
        help_text="An award letter, a journal entry, a bank statement: which, and of what date.",
    )
    confirmed_on = GovDateField(label="On which day was it confirmed?", name="The day of confirmation", past=True)
    field_order = ["evidence", "confirmed_on"]


class RefuseForm(forms.Form):
    """By what we know that a claim was refused."""

    evidence = text_field("How do you know that it was refused?", name="How you know", max_length=300)
