"""What is asked about a file of people, about its columns, and about one row."""

from collections.abc import Sequence
from typing import Any

from crispy_forms_gds.choices import Choice
from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Field, Fixed, Layout, Size
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator

from intake.changesets.columns import MEANINGS, wrong_with
from intake.changesets.differing import Line
from intake.changesets.reading import MOST_BYTES, Sheet, read_sheet
from intake.extract.files import Unusable
from ledger.fields import text_field

_WRITTEN = (
    ("utf-8", "CSV UTF-8 (if you do not know, choose this)"),
    ("cp1252", "CSV from an older Excel"),
    ("utf-16", "Unicode text (UTF-16)"),
)


class UploadForm(forms.Form):
    """A file of people and where it comes from. `sheet` holds its rows once the form is valid."""

    file = forms.FileField(
        label="File of people, as CSV",
        help_text=f"One person a row, headings in the first. At most {MOST_BYTES // 1_000_000} MB.",
        error_messages={"required": "Select a CSV file", "empty": "The file cannot be used: it is empty"},
        max_length=100,
    )
    source = text_field("Where it comes from", name="Where it comes from", max_length=60, help_text="The name of the other system or list, always the same: Housing rents")  # fmt: skip
    encoding = forms.ChoiceField(label="How it was saved", choices=_WRITTEN, initial="utf-8")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["source"].validators.append(
            RegexValidator(r"^[\w .-]+$", "Where it comes from must be letters, digits, spaces, dots or hyphens")
        )
        self.sheet: Sheet | None = None
        self.helper = FormHelper()
        self.helper.layout = Layout(*(Field(name, context={"label_size": Size.for_label(Size.SMALL)}) for name in self.fields))  # fmt: skip

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        file = given.get("file")
        if file is not None and given.get("encoding"):
            try:
                self.sheet = read_sheet(file.read(MOST_BYTES + 1), given["encoding"])
            except Unusable as why:
                raise ValidationError({"file": f"The file cannot be used: {why}"}) from None
        return given


class ColumnsForm(forms.Form):
    """What each column holds, with examples of the first rows."""

    def __init__(self, *args: Any, headings: Sequence[str], examples: Sequence[Sequence[str]], mapping: Sequence[str], **options: Any) -> None:  # fmt: skip
        super().__init__(*args, **options)
        for place, heading in enumerate(headings):
            shown = [row[place] for row in examples if len(row) > place and row[place].strip()]
            self.fields[f"column_{place}"] = forms.ChoiceField(
                label=heading or f"Column {place + 1}, without a heading",
                choices=MEANINGS,
                required=False,
                initial=mapping[place] if place < len(mapping) else "",
                help_text=f"Such as: {', '.join(one[:40] for one in shown[:3])}"
                if shown
                else "Empty in the first rows",
            )

    @property
    def mapping(self) -> list[str]:
        """What was chosen, in the order of the columns."""
        return [self.cleaned_data.get(name, "") for name in self.fields]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not self.errors and (wrong := wrong_with([given.get(name, "") for name in self.fields])):
            raise ValidationError(wrong)
        return given


class DecisionForm(forms.Form):
    """What becomes of one row: into the record beside it, a new record, apart from an earlier row, or turned down."""

    INTO, NEW, APART, REJECT = "into", "new", "apart", "reject"

    def __init__(self, *args: Any, into: str, repeats: int | None, lines: Sequence[Line], **options: Any) -> None:
        super().__init__(*args, **options)
        self.into = into
        differing = [line for line in lines if line.differs] if into else []
        for line in differing:
            self.fields[f"take_{line.field}"] = forms.ChoiceField(
                label=f"{line.label}: which stands?",
                choices=[("ours", f"Ours: {line.ours or 'not known'}"), ("theirs", f"The file’s: {line.theirs}")],
                widget=forms.RadioSelect,
                initial="ours",
                required=False,
            )
        choices = (
            [Choice(self.INTO, f"It is {into}", hint="What we do not hold is added to that record")] if into else []
        )
        if repeats:
            choices = [
                Choice(self.INTO, f"The same person as row {repeats}"),
                Choice(self.APART, "Somebody else", hint="The row is then decided by itself"),
            ]
        else:
            choices.append(Choice(self.NEW, "Begin a new record", hint="Nobody here is this person"))
        choices.append(Choice(self.REJECT, "Turn it down", hint="The same row is not asked about again"))
        self.fields["decision"] = forms.ChoiceField(
            label="What becomes of this row?",
            choices=choices,
            widget=forms.RadioSelect,
            error_messages={"required": "Select what becomes of this row"},
        )
        self.fields["record"] = forms.CharField(widget=forms.HiddenInput, required=False, initial=into)
        self.fields["reason"] = text_field("Why, if you turn it down", name="Why", max_length=300, required=False)
        self.helper = FormHelper()
        self.helper.layout = Layout(
            *[Field.radios(f"take_{line.field}", legend_size=Size.SMALL, small=True) for line in differing],
            Field.radios("decision", legend_size=Size.SMALL),
            Field.text("reason", field_width=Fixed.THIRTY),
            "record",
        )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("decision") == self.REJECT and not (given.get("reason") or "").strip():
            raise ValidationError({"reason": "Enter why the row is turned down"})
        if given.get("decision") == self.INTO and (given.get("record") or "") != self.into:
            self.data = self.data.copy()
            self.data["record"] = self.into  # the page shows that one now
            raise ValidationError("The record beside this row is another one now. Look at it, and decide again")
        return given

    @property
    def take(self) -> set[str]:
        """The fields for which the file's word was chosen."""
        return {name.removeprefix("take_") for name, value in self.cleaned_data.items() if value == "theirs"}
