"""What is asked about households as wholes, relationships, and people who matter elsewhere."""

from typing import Any

from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Field, Fieldset, Layout, Size
from django import forms
from django.core.exceptions import ValidationError

from ledger.fields import GovDateField, text_field
from residents.models import Membership, PersonWhoMatters, Relationship

SMALL = Size.SMALL


def _layout(form: forms.Form, *rows: Any) -> None:
    form.helper = FormHelper()  # type: ignore[attr-defined]
    form.helper.layout = Layout(*rows)  # type: ignore[attr-defined]


def _text(name: str) -> Field:
    return Field.text(name, label_size=SMALL)


def _select(name: str) -> Field:
    return Field(name, context={"label_size": Size.for_label(SMALL)})


def _day(name: str) -> Field:
    return Field(name, context={"legend_size": Size.for_legend(SMALL)})


class SeparateForm(forms.Form):
    """Who goes where from a day on: one question for each person of the household."""

    STAY, MOVE, BOTH = "stay", "move", "both"
    PLACES = (
        (STAY, "Stays here"),
        (MOVE, "Goes to the new household"),
        (BOTH, "Lives in both"),
    )
    on = GovDateField(
        label="Since when do they live apart?",
        name="Since when they live apart",
        past=True,
        help_text="The day on which the new household began",
    )

    def __init__(self, *args: Any, members: list[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.members = members
        rows = []
        for one in members:
            self.fields[f"m{one.pk}"] = forms.ChoiceField(
                label=str(one.resident.name), choices=self.PLACES, initial=self.STAY, widget=forms.RadioSelect
            )
            rows.append(Field.radios(f"m{one.pk}", legend_size=SMALL, small=True, inline=True))
        _layout(self, _day("on"), Fieldset(*rows, legend="Who goes where?", legend_size=Size.MEDIUM))

    def going(self, where: str) -> list[Membership]:
        """Those who go there."""
        return [one for one in self.members if self.cleaned_data[f"m{one.pk}"] == where]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        said = [found.get(f"m{one.pk}", self.STAY) for one in self.members]
        if self.MOVE not in said:
            raise ValidationError("Choose at least one person who goes to the new household")
        if self.STAY not in said and self.BOTH not in said:
            raise ValidationError("Choose at least one person who stays. If all of them move, change their address")
        return found


class ChoosePersonForm(forms.Form):
    """Somebody on record: looked for, then chosen."""

    words = text_field(
        "Who is it?",
        max_length=300,
        name="Who it is",
        help_text="Name, date of birth, phone, postcode or reference",
    )
    other = forms.ChoiceField(label="Which of these?", required=False, widget=forms.RadioSelect)
    asked = forms.CharField(widget=forms.HiddenInput, required=False)
    MORE: tuple[Any, ...] = ()

    def __init__(self, *args: Any, found: list[tuple[str, Any]] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows: list[Any] = [_text("words")]
        if found:
            self.fields["other"].choices = found  # type: ignore[attr-defined]
            rows.append(Field.radios("other", legend_size=SMALL))
        else:
            del self.fields["other"]
        _layout(self, *rows, *self.MORE, "asked")


class UniteForm(ChoosePersonForm):
    """Whose household joins this one, and since when."""

    on = GovDateField(label="Since when do they live together?", name="Since when they live together", past=True)
    MORE = (_day("on"),)


class RelationshipForm(ChoosePersonForm):
    """What somebody else on record is to a person."""

    side = forms.ChoiceField(
        label="What are they to this person?",
        choices=[("", "Choose"), *((key, said) for key, (_, _, said) in Relationship.SIDES.items())],
        error_messages={"required": "Select what they are to this person"},
    )
    note = text_field("Note", max_length=300, required=False, help_text="For example: has parental responsibility")
    since = GovDateField(
        label="Since when?",
        name="Date",
        past=True,
        required=False,
        help_text="Leave empty if it was always so, or is not known",
    )
    sure = forms.CharField(widget=forms.HiddenInput, required=False, max_length=60)
    MORE = (_select("side"), _text("note"), _day("since"), "sure")


class CorrectRelationshipForm(forms.Form):
    """Since when, and what is to be known of a relationship."""

    note = text_field("Note", max_length=300, required=False)
    since = GovDateField(
        label="Since when?", name="Date", past=True, required=False, help_text="Leave empty if it is not known"
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _layout(self, _text("note"), _day("since"), "seen")


class EndRelationshipForm(forms.Form):
    """Until when a relationship held; or that it never did."""

    on = GovDateField(label="Until when?", name="Date", past=True, required=False, help_text="Leave empty for today")
    mistaken = forms.BooleanField(label="It was recorded by mistake, and never was so", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _layout(self, _day("on"), Field.checkbox("mistaken", small=True))


class PersonWhoMattersForm(forms.Form):
    """Somebody who matters, lives elsewhere and has no record."""

    name = text_field("Name", max_length=200)
    relation = forms.ChoiceField(
        label="What are they to this person?",
        choices=[("", "Choose"), *PersonWhoMatters.Relation.choices],
        error_messages={"required": "Select what they are to this person"},
    )
    lives = text_field(
        "Where do they live?",
        max_length=200,
        name="Where they live",
        required=False,
        help_text="In words: Leeds, with his mother",
    )
    phone = text_field("Phone number", max_length=40, required=False)
    may_be_called = forms.BooleanField(label="The person is content that we call them", required=False)
    note = text_field("Note", max_length=300, required=False)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = (_text("name"), _select("relation"), _text("lives"), _text("phone"))
        _layout(self, *rows, Field.checkbox("may_be_called", small=True), _text("note"), "seen")

    @staticmethod
    def of(person: PersonWhoMatters) -> dict[str, Any]:
        """As they stand."""
        names = ("name", "relation", "lives", "phone", "may_be_called", "note")
        return {name: getattr(person, name) for name in names} | {"seen": person.version}
