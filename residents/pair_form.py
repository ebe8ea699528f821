"""What is asked about two records that may be of one person."""

from typing import Any

from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Field, Layout, Size
from django import forms

from ledger.fields import text_field
from residents.models import LikelyPair


class PairForm(forms.Form):
    """What somebody makes of two records that may be of one person."""

    DECISIONS = (
        ("same", "The same person"),
        ("apart", "Not the same person: never suggest them again"),
        ("unsure", "Not sure: bring them back when something new is known"),
        ("again", "Take back what was decided"),
    )
    decision = forms.ChoiceField(
        label="What do you say?",
        choices=DECISIONS,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Say whether they are the same person",
            "invalid_choice": "Somebody has decided in the meantime. Read above what they said",
        },
    )
    note = text_field(
        "How you know",
        max_length=300,
        rows=2,
        required=False,
        help_text="For example: spoke to both. Needed where they are not the same",
    )

    MOVES = {"same": "call_same", "apart": "keep_apart", "unsure": "leave_unsure", "again": "think_again"}

    def __init__(self, *args: Any, pair: LikelyPair, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        may = ["again"] if pair.can("think_again") else ["same", "apart", "unsure"]
        self.fields["decision"].choices = [  # type: ignore[attr-defined]
            one for one in self.DECISIONS if one[0] in may and pair.can(self.MOVES[one[0]])
        ]
        self.helper = FormHelper()
        self.helper.layout = Layout(
            Field.radios("decision", legend_size=Size.MEDIUM, small=True),
            Field.textarea("note", label_size=Size.SMALL, rows=2),
        )
