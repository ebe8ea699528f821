"""What a well-formed note and a well-formed publication look like."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Field, Layout, Size
from django import forms

from ledger.fields import GovDateField, text_field
from reporting.measures import MEASURES
from reporting.months import words


class AnnotationForm(forms.Form):
    """Something dated that a reader of a chart must know."""

    on = GovDateField(label="When did it happen?", name="The day it happened")
    text = text_field("What happened", max_length=200)
    measures = forms.MultipleChoiceField(
        label="Which charts does it concern?",
        help_text="Leave empty for all of them",
        choices=[(measure.key, measure.label) for measure in MEASURES],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    source = text_field("Where is this written?", name="The source", max_length=300, required=False)
    helper = FormHelper()
    helper.layout = Layout(
        "on",
        Field.text("text", label_size=Size.SMALL),
        Field.checkboxes("measures", legend_size=Size.SMALL, small=True),
        Field.text("source", label_size=Size.SMALL),
    )


class FreezeForm(forms.Form):
    """Which month is published."""

    month = forms.ChoiceField(
        label="Which month do you publish?", error_messages={"required": "Select the month that you publish"}
    )

    def __init__(self, *args: Any, months: Sequence[date], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["month"].choices = [("", "")] + [(month.isoformat(), words(month)) for month in months]

    def clean_month(self) -> date:
        """The first day of the month."""
        return date.fromisoformat(self.cleaned_data["month"])
