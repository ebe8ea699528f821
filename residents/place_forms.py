"""What is asked about where someone lives. A postcode alone asks for the addresses that are known there."""

from collections.abc import Sequence
from typing import Any

from crispy_forms_gds.choices import Choice as Option
from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Field, Fixed, Fluid, Layout, Size
from django import forms
from django.core.exceptions import ValidationError

from ledger.fields import GovDateField, text_field
from residents.models import ResidentAddress, Tenure, Ward
from residents.places import Choice, read_choice
from residents.written import read_postcode

SMALL = Size.SMALL
NONE, NONE_OF_THESE = "none", "None of these: I type it below"
MOST_RADIOS = 8
_TENURES = [one for one in Tenure.choices if one[0] != Tenure.NONE]


def _text(name: str, width: Any = Fluid.TWO_THIRDS) -> Field:
    return Field.text(name, label_size=SMALL, field_width=width)


def _words(name: str) -> Field:
    return Field.textarea(name, label_size=SMALL, rows=3)


def _day(name: str) -> Field:
    return Field(name, context={"legend_size": Size.for_legend(SMALL)})


def _select(name: str) -> Field:
    return Field(name, context={"label_size": Size.for_label(SMALL)})


def _since(label: str) -> GovDateField:
    return GovDateField(label=label, name="Date", past=True, required=False, help_text="Leave empty for today")


def _safe_to_post() -> forms.BooleanField:
    return forms.BooleanField(label="Safe to send post to: nobody else there opens or sees their post", required=False)


class PlaceForm(forms.Form):
    """An address: chosen from those of its postcode, or typed."""

    postcode = text_field(
        "Postcode",
        max_length=12,
        required=False,
        help_text="With the postcode alone, the next page lists its addresses",
    )
    place = forms.ChoiceField(label="Which of these?", required=False, widget=forms.RadioSelect)
    lines = text_field("Address", max_length=300, rows=3, required=False, help_text="House number and street")

    def __init__(self, *args: Any, found: Sequence[Choice] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        carried_value = self.data.get("place", "")
        carried = read_choice(carried_value) if carried_value and not found else None
        self.known = [carried] if carried else list(found)  # signed: what was chosen need not be looked up again
        self.at_hand: list[Any] = []
        if self.known:
            options = [Option(carried_value if carried else one.value, one.lines) for one in self.known]
            self.at_hand = [self._to_choose_from(options)]
        else:
            del self.fields["place"]

    def _to_choose_from(self, options: list[Option]) -> Field:
        """A few addresses as radios, a whole street to open."""
        field: Any = self.fields["place"]
        if len(options) <= MOST_RADIOS:
            options[-1].divider = "or"
            field.choices = [*options, Option(NONE, NONE_OF_THESE)]
            return Field.radios("place", legend_size=SMALL, small=True)
        field.widget = forms.Select()
        field.choices = [("", "Choose an address"), *((one.value, one.label) for one in options), (NONE, NONE_OF_THESE)]
        return _select("place")

    def say_what_is_missing(self, words: str) -> None:
        """Say beside the addresses that some may be missing."""
        self["place"].help_text = words

    def wants_the_list(self) -> bool:
        """Whether a postcode was typed and no address yet: the addresses of it are to be shown."""
        typed = self.data.get("postcode", "").strip()
        return self.is_bound and bool(typed) and not (self.data.get("lines", "").strip() or self.data.get("place"))

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        chosen = found.pop("place", "")
        if chosen and chosen != NONE and found.get("lines"):
            self.add_error("lines", "Select an address or type one, not both")
        elif chosen and chosen != NONE and (choice := read_choice(chosen)):
            found |= {"lines": choice.lines, "postcode": choice.postcode}
            found |= {"uprn": choice.uprn or found.get("uprn", "")} if "uprn" in self.fields else {}
        elif not found.get("lines") and "lines" not in self.errors:
            self.add_error("lines", "Enter the address: house number and street at least")
        return found

    def asked_postcode(self) -> str:
        """The postcode as it is written; its refusal goes beside the box."""
        try:
            return read_postcode(self.data.get("postcode", ""))
        except ValidationError as refusal:
            self.add_error("postcode", refusal)
            return ""


class HomeForm(PlaceForm):
    """Where someone lives from now on."""

    uprn = text_field("UPRN", max_length=20, required=False, help_text="The property’s own number, if you have it")
    ward = forms.ModelChoiceField(
        Ward.objects.filter(until=None),
        label="Ward",
        required=False,
        empty_label="By the postcode",
        help_text="Filled in from the postcode where it is known",
    )
    tenure = forms.ChoiceField(label="Tenure", choices=_TENURES, initial=Tenure.UNKNOWN)
    confidential = forms.BooleanField(
        label="Confidential: a refuge, or anywhere that must not be told. Only those who work with the person see it",
        required=False,
    )
    safe_to_post = _safe_to_post()
    since = _since("Since when?")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        marks = (Field.checkbox("confidential", small=True), Field.checkbox("safe_to_post", small=True))
        self.helper = FormHelper()
        self.helper.layout = Layout(
            _text("postcode", Fixed.TEN),
            *self.at_hand,
            _words("lines"),
            _text("uprn", Fixed.TWENTY),
            _select("ward"),
            _select("tenure"),
            *marks,
            _day("since"),
        )


class CareOfForm(PlaceForm):
    """Where someone can be reached without living there."""

    care_of = text_field("Who takes their post?", max_length=200, name="Who takes their post")
    confidential = forms.BooleanField(label="Confidential: must not be told", required=False)
    safe_to_post = _safe_to_post()
    since = _since("Since when?")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        marks = (Field.checkbox("confidential", small=True), Field.checkbox("safe_to_post", small=True))
        self.helper = FormHelper()
        self.helper.layout = Layout(
            _text("care_of"), _text("postcode", Fixed.TEN), *self.at_hand, _words("lines"), *marks, _day("since")
        )


class NoFixedAbodeForm(forms.Form):
    """Since when someone has had no fixed abode."""

    since = _since("Since when have they had no fixed abode?")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout(_day("since"))


class CorrectForm(forms.Form):
    """An address on the record, put right: a slip of the pen, not a move."""

    lines = text_field("Address", max_length=300, rows=3, help_text="House number and street")
    postcode = text_field("Postcode", max_length=12, required=False)
    uprn = text_field("UPRN", max_length=20, required=False)
    tenure = forms.ChoiceField(label="Tenure", choices=Tenure.choices)
    confidential = forms.BooleanField(label="Confidential: must not be told", required=False)
    safe_to_post = _safe_to_post()
    since = GovDateField(label="Since when?", name="Date", past=True)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, row: ResidentAddress, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        marks: tuple[Any, ...] = (
            Field.checkbox("confidential", small=True),
            Field.checkbox("safe_to_post", small=True),
        )
        place: tuple[Any, ...] = (_words("lines"), _text("postcode", Fixed.TEN), _text("uprn", Fixed.TWENTY))
        if row.address is None:
            for name in ("lines", "postcode", "uprn", "confidential", "safe_to_post"):
                del self.fields[name]
            place = marks = ()
        self.helper = FormHelper()
        self.helper.layout = Layout(*place, _select("tenure"), *marks, _day("since"), "seen")

    @staticmethod
    def of(row: ResidentAddress) -> dict[str, Any]:
        """The address as it stands."""
        place = row.address
        said = {"lines": place.lines, "postcode": place.postcode, "uprn": place.uprn} if place else {}
        marks = {"confidential": row.confidential, "safe_to_post": row.safe_to_post}
        return said | marks | {"tenure": row.tenure, "since": row.since, "seen": row.resident.version}


class EndForm(forms.Form):
    """Until when someone lived somewhere."""

    on = GovDateField(label="Until when?", name="Date", past=True, required=False, help_text="Leave empty for today")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout(_day("on"))
