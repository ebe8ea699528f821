"""What is asked about a person. Only the name is ever compulsory."""

from typing import Any

from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Field, Fieldset, Fluid, Layout, Size
from django import forms

from accounts.models import STAFF, Organisation, Role, User
from ledger.fields import GovDateField, PartialDate, PartialDateField, text_field
from residents.models import Agreement, Birth, Membership, Resident, Restriction, Tenure

SMALL = Size.SMALL
_TENURES = [one for one in Tenure.choices if one[0] != Tenure.NONE]


def _layout(form: forms.Form, *rows: Any) -> None:
    form.helper = FormHelper()  # type: ignore[attr-defined]
    form.helper.layout = Layout(*rows)  # type: ignore[attr-defined]


def _text(name: str, width: Any = Fluid.TWO_THIRDS) -> Field:
    return Field.text(name, label_size=SMALL, field_width=width)


def _words(name: str, rows: int) -> Field:
    return Field.textarea(name, label_size=SMALL, rows=rows)


def _select(name: str) -> Field:
    return Field(name, context={"label_size": Size.for_label(SMALL)})


def _day(name: str) -> Field:
    return Field(name, context={"legend_size": Size.for_legend(SMALL)})


class PersonForm(forms.Form):
    """Who someone is."""

    name = text_field("Name", max_length=200, help_text="As the person gives it")
    preferred_name = text_field("What they like to be called", max_length=100, required=False)
    born = PartialDateField(
        label="Date of birth",
        name="Date of birth",
        past=True,
        required=False,
        help_text="As much as is known: the year alone will do",
    )
    born_estimated = forms.BooleanField(label="This is an estimate", required=False)
    language = text_field("First language, if it is not English", max_length=60, name="Language", required=False)
    needs_interpreter = forms.BooleanField(label="Needs an interpreter", required=False)
    communication_needs = text_field(
        "Communication needs",
        max_length=500,
        rows=2,
        required=False,
        help_text="For example large print, British Sign Language, someone to read letters aloud",
    )
    nhs_number = text_field("NHS number", max_length=20, required=False)

    ABOUT = (
        _text("name"),
        _text("preferred_name", Fluid.ONE_HALF),
        _day("born"),
        Field.checkbox("born_estimated", small=True),
    )
    SPEAKING = (
        _text("language", Fluid.ONE_HALF),
        Field.checkbox("needs_interpreter", small=True),
        _words("communication_needs", 2),
        _text("nhs_number", Fluid.ONE_THIRD),
    )


class DetailsForm(PersonForm):
    """Who someone is, changed."""

    died_on = GovDateField(label="Date of death", name="Date of death", past=True, required=False)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        death = _day("died_on")
        _layout(self, *self.ABOUT, *self.SPEAKING, death, "seen")

    @staticmethod
    def of(resident: Resident) -> dict[str, Any]:
        """The details as they stand."""
        names = ("name", "preferred_name", "language", "needs_interpreter", "communication_needs", "nhs_number")
        precision = "full" if resident.birth == Birth.FULL else resident.birth
        estimated = resident.birth == Birth.ESTIMATED
        if estimated and resident.born_on:  # a first of January is a year of which no more was said
            precision = "year" if (resident.born_on.month, resident.born_on.day) == (1, 1) else "full"
        return {
            **{name: getattr(resident, name) for name in names},
            "born": PartialDate.of(resident.born_on, precision),
            "born_estimated": estimated,
            "died_on": resident.died_on,
            "seen": resident.version,
        }


class _Safe(forms.Form):
    """What is safe to do with a number: nothing, until someone says so."""

    safe_to_call = forms.BooleanField(label="Safe to call", required=False)
    safe_to_text = forms.BooleanField(label="Safe to text", required=False)
    safe_to_leave_message = forms.BooleanField(label="Safe to leave a message", required=False)
    note = text_field("Note", max_length=200, required=False, help_text="Whose phone it is, safe hours, a code word")

    SAFE = Fieldset(
        Field.checkbox("safe_to_call", small=True),
        Field.checkbox("safe_to_text", small=True),
        Field.checkbox("safe_to_leave_message", small=True),
        legend="What is safe with this number?",
        legend_size=SMALL,
        css_class="govuk-fieldset app-close",
    )


class RegisterForm(PersonForm, _Safe):
    """A new person, with a number and an address if they are at hand."""

    number = text_field("Phone number", max_length=40, required=False)
    lines = text_field("Address", max_length=300, rows=2, required=False, help_text="House number and street")
    postcode = text_field("Postcode", max_length=12, required=False)
    lives_with = forms.CharField(widget=forms.HiddenInput, required=False)
    # References of the likely duplicates that its writer was shown: sent again on purpose.
    sure = forms.CharField(widget=forms.HiddenInput(attrs={"data-draft-never": ""}), required=False, max_length=600)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reach = (_text("number", Fluid.ONE_HALF), self.SAFE)
        home = (_words("lines", 3), _text("postcode", Fluid.ONE_THIRD))
        _layout(self, *self.ABOUT, *reach, *home, *self.SPEAKING, "lives_with", "sure")
        del self.fields["note"]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("postcode") and not found.get("lines"):
            self.add_error("lines", "Enter the house number and street that go with the postcode")
        return found

    def in_search_words(self) -> str:
        """What is typed, as somebody would look for it."""
        given = self.cleaned_data  # of what could be read: the form may still be in the making
        born: PartialDate = given.get("born") or PartialDate()
        day = f"{born.day}/{born.month}/{born.year}" if born.precision == "full" else born.year or ""
        return " ".join(str(one or "") for one in (given["name"], day, given.get("number"), given.get("postcode")))


class PhoneForm(_Safe):
    """A phone number."""

    number = text_field("Phone number", max_length=40)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, changing: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = [] if changing else [_text("number", Fluid.ONE_HALF)]
        if changing:
            del self.fields["number"]
        _layout(self, *rows, self.SAFE, _text("note"), "seen")


class EmailForm(forms.Form):
    """An e-mail address."""

    address = forms.EmailField(
        label="Email address",
        error_messages={
            "required": "Enter an email address",
            "invalid": "Enter an email address in the correct format, like name@example.com",
        },
    )
    safe_to_write = forms.BooleanField(label="Safe to write to", required=False)
    note = text_field("Note", max_length=200, required=False, help_text="Who else can read it")
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, changing: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = [] if changing else [_text("address")]
        if changing:
            del self.fields["address"]
        _layout(self, *rows, Field.checkbox("safe_to_write", small=True), _text("note"), "seen")


def _since(label: str) -> GovDateField:
    return GovDateField(label=label, name="Date", past=True, required=False, help_text="Leave empty for today")


class LiveWithForm(forms.Form):
    """Whom someone lives with: looked for, then chosen."""

    words = text_field(
        "Who do they live with?",
        max_length=300,
        name="Who they live with",
        help_text="Name, date of birth, phone, postcode or reference of anyone in that household",
    )
    other = forms.ChoiceField(label="Which of these?", required=False, widget=forms.RadioSelect)
    part = forms.ChoiceField(label="As what?", choices=Membership.Part.choices, initial=Membership.Part.ADULT)
    since = _since("Since when?")
    asked = forms.CharField(widget=forms.HiddenInput, required=False)
    stay = forms.BooleanField(label="They also stay in their present household", required=False)
    sure = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20)

    def __init__(self, *args: Any, found: list[tuple[str, Any]] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["other"].choices = found or []  # type: ignore[attr-defined]
        rows: list[Any] = [_text("words")]
        if found:
            rows.append(Field.radios("other", legend_size=SMALL))
        else:
            del self.fields["other"]
        since = _day("since")
        _layout(self, *rows, _select("part"), since, Field.checkbox("stay", small=True), "asked", "sure")


class AgreementForm(forms.Form):
    """What is shared with one organisation, and by what right."""

    organisation = forms.ModelChoiceField(
        Organisation.objects.filter(active=True, kind=Organisation.Kind.PARTNER),
        label="With whom?",
        empty_label="Choose an organisation",
        error_messages={"required": "Select an organisation"},
    )
    purpose = text_field("What for?", max_length=300, name="What for", help_text="For example: help with food")
    shared = text_field("What is shared?", max_length=300, name="What is shared", initial="Name, safe contact, need")
    basis = forms.ChoiceField(
        label="On what basis?",
        choices=Agreement.Basis.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Select a basis"},
    )
    reason = text_field(
        "Why without agreement?", max_length=500, rows=2, required=False, help_text="Only for safeguarding"
    )
    authorised_by = forms.ModelChoiceField(
        User.objects.filter(role=Role.MANAGER, is_active=True),
        label="Which manager authorised it?",
        empty_label="Choose a manager",
        required=False,
        help_text="Only for safeguarding",
    )
    until = GovDateField(
        label="Until when?", name="Last day", future=True, required=False, help_text="Leave empty if it has no end"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _layout(
            self,
            _select("organisation"),
            _text("purpose"),
            _text("shared"),
            Field.radios("basis", legend_size=SMALL, small=True),
            _words("reason", 2),
            _select("authorised_by"),
            _day("until"),
        )


def _staff() -> Any:
    return User.objects.filter(role__in=STAFF, is_active=True).order_by("name")


def _category() -> Field:
    return Field.radios("category", legend_size=SMALL, small=True)


class KeepForm(forms.Form):
    """A restriction, looked at again."""

    category = forms.ChoiceField(
        label="What kind of record?",
        choices=[one for one in Restriction.Category.choices if one[0] != Restriction.Category.UNKNOWN],
        widget=forms.RadioSelect,
        error_messages={"required": "Select what kind of record it is"},
    )
    reason = text_field("Why does it stay restricted?", max_length=300, rows=2, name="Why it stays restricted")
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _layout(self, _category(), _words("reason", 2), "seen")


class RestrictForm(forms.Form):
    """Who may open a record once it is restricted."""

    named = forms.ModelMultipleChoiceField(
        _staff(),
        label="Who else may open this record?",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="You are named yourself. Nobody else will find the record.",
    )
    category = forms.ChoiceField(
        label="What kind of record?",
        choices=[one for one in Restriction.Category.choices if one[0] != Restriction.Category.UNKNOWN],
        widget=forms.RadioSelect,
        error_messages={"required": "Select what kind of record it is"},
    )
    reason = text_field("Why?", max_length=300, rows=2, name="Why", help_text="Kept with each person’s access")

    def __init__(self, *args: Any, without: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["named"].queryset = _staff().exclude(pk=without.pk)  # type: ignore[attr-defined]
        _layout(self, _category(), _words("reason", 2), Field.checkboxes("named", legend_size=SMALL, small=True))


class GrantForm(forms.Form):
    """One more person who may open a restricted record."""

    user = forms.ModelChoiceField(
        _staff(), label="Who?", empty_label="Choose a person", error_messages={"required": "Select a person"}
    )
    reason = text_field("Why?", max_length=300, name="Why")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _layout(self, _select("user"), _text("reason"))


class LeaveForm(forms.Form):
    """From which day someone is gone from a household."""

    on = GovDateField(
        label="When did they leave?", name="Date", past=True, required=False, help_text="Leave empty for today"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _layout(self, _day("on"))
