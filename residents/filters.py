"""How people are looked for, and how their story is narrowed."""

from collections.abc import Iterable
from typing import Any

from django import forms

from ledger.fields import text_field
from residents.models import Resident

FEWEST_LETTERS = 3
"""Nobody is suggested before so many were typed."""


class FindForm(forms.Form):
    """The one box."""

    words = text_field("Name, date of birth, phone, postcode or reference", max_length=300, name="What to look for")


class StoryFilter(forms.Form):
    """Which part of the chronology to show; kept in the address."""

    KINDS = (
        ("", "Everything"),
        ("intake", "Contacts"),
        ("triage", "Decisions"),
        ("cases", "Casework"),
        ("referrals", "Referrals"),
        ("residents", "This record"),
    )
    kind = forms.ChoiceField(label="Show", choices=KINDS, required=False)
    agency = forms.ChoiceField(label="Agency", required=False)
    significant = forms.BooleanField(label="Significant events only", required=False)

    def __init__(self, *args: Any, agencies: Iterable[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        if known := list(agencies):
            self.fields["agency"].choices = [("", "Any"), *known]
        else:
            del self.fields["agency"]


class HomeStoryFilter(forms.Form):
    """Which part of a household's story to show; kept in the address."""

    kind = forms.ChoiceField(label="Show", choices=StoryFilter.KINDS, required=False)
    person = forms.ChoiceField(label="About", required=False)
    significant = forms.BooleanField(label="Significant events only", required=False)

    def __init__(self, *args: Any, people: Iterable[Resident], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["person"].choices = [("", "Everybody"), *((one.reference, one.name) for one in people)]  # type: ignore[attr-defined]
