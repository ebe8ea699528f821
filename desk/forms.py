"""What somebody asks for at the desk: a place to go, and whether keys open pages."""

from typing import Any

from django import forms

from ledger.fields import text_field


class GoForm(forms.Form):
    """A reference, or the name of a page."""

    NOTHING = "Nothing was found. Check the reference, or choose a page from the list"
    SEVERAL = "Several pages have these words. Type more, or choose one"

    words = text_field(
        "Reference or page",
        max_length=60,
        help_text="For example CS-7F3K-92X, or triage",
        error_messages={"required": "Enter a reference or the name of a page"},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_bound:  # the page is one question; after an error its summary has the focus
            self.fields["words"].widget.attrs["autofocus"] = True


class ShortcutsForm(forms.Form):
    """On or off."""

    on = forms.ChoiceField(choices=[("yes", "On"), ("no", "Off")], widget=forms.HiddenInput)
