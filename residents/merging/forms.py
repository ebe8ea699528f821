"""What is asked before two records become one, and before they are two again."""

from typing import Any

from crispy_forms_gds.choices import Choice
from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Field, Layout, Size
from django import forms

from accounts.models import STAFF, User
from ledger.fields import text_field
from residents.merging.comparing import Line
from residents.merging.safer import HOUSEHOLD

SMALL = Size.SMALL
KEEP_HOME = f"keep_{HOUSEHOLD}"


def _layout(form: forms.Form, *rows: Any) -> None:
    form.helper = FormHelper()  # type: ignore[attr-defined]
    form.helper.layout = Layout(*rows)  # type: ignore[attr-defined]


class SamePersonForm(forms.Form):
    """Which other record is the same person’s: looked for, then chosen."""

    words = text_field(
        "Which other record is theirs?",
        max_length=300,
        name="Which other record",
        help_text="A reference finds exactly one. A name, date of birth or phone number works too",
    )
    other = forms.ChoiceField(label="Which of these?", required=False, widget=forms.RadioSelect)
    asked = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, found: list[Any] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows: list[Any] = [Field.text("words", label_size=SMALL)]
        self.fields["other"].choices = found or []  # type: ignore[attr-defined]
        if found:
            rows.append(Field.radios("other", legend_size=SMALL))
        else:
            del self.fields["other"]
        _layout(self, *rows, "asked")


class MergeForm(forms.Form):
    """Whose value is kept of each field in which they differ, and how it is known that they are one person."""

    why = text_field(
        "How do you know that they are the same person?",
        max_length=500,
        rows=3,
        name="How you know",
        help_text="For example: same passport, they told us, their social worker confirmed it",
    )
    named = forms.ModelMultipleChoiceField(
        User.objects.none(),
        label="Who else may open the record afterwards?",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="The record will be restricted. Ticked are those who work with them now.",
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)
    other_seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, lines: list[Line], restricted: bool, homes: tuple[str, str] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.choosing = [line for line in lines if line.name]
        for line in self.choosing:
            self.fields[f"keep_{line.name}"] = forms.ChoiceField(
                label=line.label,
                choices=[Choice("survivor", line.mine), Choice("other", line.theirs)],
                initial=line.usual,
                widget=forms.RadioSelect,
                error_messages={"required": f"Select which {line.label.lower()} to keep"},
            )
        rows: list[Any] = []  # the choices stand in the table, beside each other
        self.homes = homes
        if homes:
            both = "Both: they live in two households"
            self.fields[KEEP_HOME] = forms.ChoiceField(
                label="Which household do they live in now?",
                help_text="The other one is kept as a former household. A child of separated parents often lives in two.",
                choices=[Choice("survivor", homes[0]), Choice("other", homes[1]), Choice("both", both)],
                widget=forms.RadioSelect,
                error_messages={"required": "Select which household they live in now, or both"},
            )
            rows.append(Field.radios(KEEP_HOME, legend_size=SMALL))
        if restricted:
            staff = User.objects.filter(role__in=STAFF, is_active=True).order_by("name")
            self.fields["named"].queryset = staff  # type: ignore[attr-defined]
            rows.append(Field.checkboxes("named", legend_size=SMALL, small=True))
        else:
            del self.fields["named"]
        _layout(self, *rows, Field.textarea("why", label_size=SMALL, rows=3), "seen", "other_seen")

    def sides(self, line: Line, references: tuple[str, str]) -> list[dict[str, Any]]:
        """What both records say of one thing, as the table shows it; with the choice, where there is one."""
        chosen = self[f"keep_{line.name}"].value() if line.name else ""
        ids = (f"id_keep_{line.name}", f"id_keep_{line.name}_other")
        return [
            {"value": value, "reference": reference, "choice": line.name and side, "chosen": side == chosen, "id": key}
            for value, reference, side, key in zip(
                (line.mine, line.theirs), references, ("survivor", "other"), ids, strict=True
            )
        ]

    @property
    def keep(self) -> dict[str, str]:
        """The choices, as the action takes them."""
        kept = {line.name: self.cleaned_data[f"keep_{line.name}"] for line in self.choosing}
        return kept | ({HOUSEHOLD: self.cleaned_data[KEEP_HOME]} if self.homes else {})

    @property
    def decided(self) -> list[tuple[str, str]]:
        """What will stand on the record, by label."""
        kept = self.keep
        decided = [(line.label, line.theirs if kept[line.name] == "other" else line.mine) for line in self.choosing]
        if self.homes:
            mine, theirs = self.homes
            said = {"survivor": mine, "other": theirs, "both": f"{mine}; {theirs}"}
            decided.append(("Household", said[kept[HOUSEHOLD]]))
        return decided

    @property
    def sent_again(self) -> list[tuple[str, str]]:
        """Every answer as it was sent, to be carried over a page that asks for a last word."""
        typed: Any = self.data
        return [(name, value) for name in self.fields for value in typed.getlist(name)]


class UndoForm(forms.Form):
    """What becomes of what has happened since two records were merged."""

    going = forms.MultipleChoiceField(
        label="Written since",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="What is not ticked stays with the record that it stands on now.",
    )
    restore = forms.MultipleChoiceField(
        label="Changed since. Tick what should be as it was before the merge",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="What is not ticked keeps the change.",
    )
    why = text_field(
        "How do you know that they are two people?",
        max_length=500,
        rows=3,
        name="How you know",
        help_text="Kept with both",
    )

    def __init__(self, *args: Any, other: str, added: list[Any], changed: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["going"].label = f"Written since. Tick what goes to {other}"
        rows = []
        for name, choices in (("going", added), ("restore", changed)):
            if choices:
                self.fields[name].choices = choices  # type: ignore[attr-defined]
                rows.append(Field.checkboxes(name, legend_size=SMALL, small=True))
            else:
                del self.fields[name]
        _layout(self, *rows, Field.textarea("why", label_size=SMALL, rows=3))

    @property
    def choices(self) -> dict[str, str]:
        """As the action takes them."""
        going = dict.fromkeys(self.cleaned_data.get("going", ()), "other")
        return going | dict.fromkeys(self.cleaned_data.get("restore", ()), "restore")
