"""What is asked about a warning: what it says, what it rests on, whether the person knows, and until when."""

from typing import Any

from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Field, Layout, Size
from django import forms

from ledger.fields import GovDateField, text_field
from residents.models import Warning

SMALL = Size.SMALL


def _words(name: str, rows: int) -> Field:
    return Field.textarea(name, label_size=SMALL, rows=rows)


def _day(name: str) -> Field:
    return Field(name, context={"legend_size": Size.for_legend(SMALL)})


class WarningForm(forms.Form):
    """A warning, and when to look at it again."""

    kind = forms.ChoiceField(
        label="What kind of warning?",
        choices=Warning.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Select a kind of warning"},
    )
    text = text_field(
        "What must a worker know before they act?",
        max_length=500,
        rows=4,
        name="What a worker must know",
        help_text="In words that the person may read one day",
    )
    evidence = text_field(
        "What does it rest on?",
        max_length=500,
        rows=3,
        name="What it rests on",
        help_text="Who saw or said what, and when; a reference of the police or the court",
    )
    told = forms.ChoiceField(
        label="Was the person told of it?",
        choices=[(Warning.Told.YES, "Yes"), (Warning.Told.NO, "No")],
        widget=forms.RadioSelect,
        error_messages={"required": "Select whether the person was told"},
    )
    told_on = GovDateField(label="If yes, when?", name="The day on which they were told", past=True, required=False)
    not_told_because = text_field("If no, why not?", max_length=300, name="Why they were not told", required=False)
    review_on = GovDateField(label="Review by", name="The review date", future=True, help_text="Within 12 months")
    expires_on = GovDateField(
        label="Ends by itself on",
        name="The day on which it ends",
        future=True,
        required=False,
        help_text="For example when an order runs out. Leave empty if it holds until somebody ends it",
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, changing: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = [] if changing else [Field.radios("kind", legend_size=SMALL, small=True)]
        if changing:
            del self.fields["kind"]
        told = (
            Field.radios("told", legend_size=SMALL, inline=True),
            _day("told_on"),
            Field.text("not_told_because", label_size=SMALL),
        )
        self.helper = FormHelper()
        days = (_day("review_on"), _day("expires_on"))
        self.helper.layout = Layout(*rows, _words("text", 4), _words("evidence", 3), *told, *days, "seen")

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("told") == Warning.Told.YES and not found.get("told_on") and "told_on" not in self.errors:
            self.add_error("told_on", "Enter the day on which they were told")
        if found.get("told") == Warning.Told.NO and not found.get("not_told_because"):
            self.add_error("not_told_because", "Enter why they were not told")
        return found

    @staticmethod
    def of(warning: Warning) -> dict[str, Any]:
        """The warning as it stands."""
        names = ("text", "evidence", "told", "told_on", "not_told_because", "review_on", "expires_on")
        return {**{name: getattr(warning, name) for name in names}, "seen": warning.version}


class AnswerForm(forms.Form):
    """A manager's answer to a warning that somebody proposed."""

    answer = forms.ChoiceField(
        label="Do you agree?",
        choices=[("agree", "Yes, it stands on every page from now on"), ("refuse", "No")],
        widget=forms.RadioSelect,
        error_messages={"required": "Select whether you agree"},
    )
    because = text_field("If no, why not?", max_length=300, name="Why you do not agree", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout(Field.radios("answer", legend_size=SMALL), Field.text("because", label_size=SMALL))

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("answer") == "refuse" and not found.get("because"):
            self.add_error("because", "Enter why you do not agree")
        return found
