"""What may be asked of the directory."""

from django import forms

from directory.models import ServiceTerm
from ledger.fields import text_field

MOST_TERMS = 200


class FinderForm(forms.Form):
    """Which services; every field may be left out."""

    words = text_field("Words", name="Words", max_length=100, required=False)
    term = forms.ChoiceField(label="Kind of need or service", required=False)
    age = forms.IntegerField(
        label="Age of the person",
        required=False,
        min_value=0,
        max_value=130,
        error_messages={
            "invalid": "Age must be a whole number",
            "min_value": "Age must be 0 or more",
            "max_value": "Age must be 130 or less",
        },
    )
    open_now = forms.BooleanField(label="Open now", required=False)
    referable = forms.BooleanField(label="Takes referrals from us", required=False)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        terms = ServiceTerm.objects.order_by("name", "code").values_list("code", "name").distinct()[:MOST_TERMS]
        self.fields["term"].choices = [("", "Any"), *terms]  # type: ignore[attr-defined]
        self.fields["age"].widget.attrs |= {"class": "govuk-input govuk-input--width-3", "inputmode": "numeric"}


class ReferableForm(forms.Form):
    """Whether a service takes referrals, and how its organisation hears of them."""

    accepts = forms.TypedChoiceField(
        label="Does this service take referrals from us?",
        choices=[("yes", "Yes"), ("no", "No")],
        coerce=lambda answer: answer == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": "Select yes if the service takes referrals from us"},
    )
    email = forms.EmailField(
        label="Where the organisation hears of a referral",
        help_text="One address for the whole organisation. The message names nobody.",
        required=False,
        error_messages={"invalid": "Enter an email address in the correct format, like name@example.org"},
    )
