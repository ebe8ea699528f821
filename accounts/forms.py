"""What an administrator fills in, and how the trail is searched."""

from datetime import time
from typing import Any
from urllib.parse import urlencode

from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import HTML, Field, Fieldset, Layout, Size
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q

from accounts.models import Organisation, Role, Team, User
from ledger.fields import GovDateField, text_field
from ledger.references import read_reference

NAMED = 10
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class UserForm(forms.Form):
    """An account."""

    email = forms.EmailField(label="Email address", error_messages={"required": "Enter an email address"})
    name = text_field("Full name", max_length=150)
    role = forms.ChoiceField(
        label="Role", choices=Role.choices, widget=forms.RadioSelect, error_messages={"required": "Select a role"}
    )
    organisation = forms.ModelChoiceField(
        Organisation.objects.filter(active=True),
        label="Organisation",
        empty_label="Choose one",
        error_messages={"required": "Select an organisation"},
    )
    teams = forms.ModelMultipleChoiceField(
        Team.objects.filter(active=True),
        label="Teams",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="For the council’s people",
    )
    duty_manager = forms.BooleanField(label="Duty manager: may lower a hard stop at triage", required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, changing: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if changing:
            del self.fields["email"]
        self.helper = FormHelper()
        names = [Field.text("email")] if not changing else []
        self.helper.layout = Layout(
            *names,
            Field.text("name"),
            Field.radios("role", legend_size=Size.SMALL),
            "organisation",
            Field.checkboxes("teams", legend_size=Size.SMALL),
            Field.checkboxes("duty_manager", small=True),
            "version",
        )

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("duty_manager") and found.get("role") != Role.MANAGER:
            self.add_error("duty_manager", "Only a manager can be a duty manager")
        return found

    @classmethod
    def of(cls, user: User) -> dict[str, Any]:
        """The account as it stands."""
        return {
            "name": user.name,
            "role": user.role,
            "organisation": user.organisation_id,
            "teams": list(user.teams.values_list("pk", flat=True)),
            "duty_manager": user.duty_manager,
            "version": user.version,
        }


class OrganisationForm(forms.Form):
    """A partner."""

    name = text_field("Name", max_length=200)
    email = forms.EmailField(
        label="Email address for referrals",
        help_text="Links to referrals go here",
        error_messages={"required": "Enter an email address"},
    )
    phone = text_field("Phone", max_length=30, required=False)
    active = forms.BooleanField(label="We refer to them", required=False, initial=True)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class TeamForm(forms.Form):
    """A team of the council."""

    name = text_field("Name of the team", max_length=100)


class OpeningForm(forms.Form):
    """When a team is open: two times a day, both empty where it is closed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = []
        for day, name in enumerate(WEEKDAYS):
            for part, words in (("opens", "opens at"), ("closes", "closes at")):
                self.fields[f"{part}_{day}"] = forms.TimeField(
                    label=f"{name} {words}", required=False, input_formats=["%H:%M", "%H.%M", "%I:%M%p", "%I%p", "%H"],
                    error_messages={"invalid": f"{name} {words} must be a time, like 9:00"}, widget=forms.TextInput(attrs={"inputmode": "text"}),
                )  # fmt: skip
            rows.append(
                Fieldset(
                    HTML(""),
                    Field.text(f"opens_{day}", field_width=5),
                    Field.text(f"closes_{day}", field_width=5),
                    legend=name,
                    legend_size=Size.SMALL,
                )
            )
        self.helper = FormHelper()
        self.helper.layout = Layout(*rows)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        for day, name in enumerate(WEEKDAYS):
            opens, closes = found.get(f"opens_{day}"), found.get(f"closes_{day}")
            if bool(opens) != bool(closes) and not {f"opens_{day}", f"closes_{day}"} & set(self.errors):
                self.add_error(f"closes_{day}" if opens else f"opens_{day}", f"Enter both times for {name}, or neither")
        return found

    def hours(self) -> dict[int, tuple[time, time]]:
        """The days on which the team is open."""
        said = self.cleaned_data
        return {day: (said[f"opens_{day}"], said[f"closes_{day}"]) for day in range(7) if said.get(f"opens_{day}")}

    @staticmethod
    def of(team: Team) -> dict[str, str]:
        """The hours as they stand."""
        hours = {}
        for opening in team.openings.all():
            hours[f"opens_{opening.weekday}"] = f"{opening.opens_at:%H:%M}"
            hours[f"closes_{opening.weekday}"] = f"{opening.closes_at:%H:%M}"
        return hours


class TrailForm(forms.Form):
    """Who saw what: by record, by person, by day. Sent by POST; the address then keeps references and days only."""

    record = text_field("Reference of a resident or record", max_length=20, name="Reference", required=False)
    person = text_field("Who did it", max_length=150, name="Who did it", required=False)
    since = GovDateField(label="From", name="From", required=False)
    until = GovDateField(label="To", name="To", required=False)
    what = forms.ChoiceField(
        label="What",
        required=False,
        choices=[
            ("", "Everything"),
            ("open", "Records opened"),
            ("search", "Searches"),
            ("export", "Exports"),
            ("refused", "Refused"),
            ("sign_in", "Sign-ins"),
        ],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].help_text = "Name or reference"

    def clean_record(self) -> str:
        """A reference in its written form."""
        typed = self.cleaned_data["record"]
        if typed and not (found := read_reference(typed)):
            raise ValidationError("Reference must be like CS-7F3K-92X: check each character")
        return found if typed else ""

    def clean_person(self) -> User | None:
        """The one person whom the name or the reference fits. Runs one query."""
        typed = self.cleaned_data["person"]
        if not typed:
            return None
        reference = read_reference(typed)
        fitting = Q(reference=reference) if reference else Q(name__icontains=typed)
        found = list(User.objects.filter(fitting).order_by("name")[: NAMED + 1])
        if not found:
            raise ValidationError("Nobody of that name has an account: check the spelling")
        exact = [one for one in found if one.name.casefold() == typed.casefold()]
        if len(exact or found) > 1:
            told = "; ".join(f"{one.name} ({one.reference})" for one in found[:NAMED])
            raise ValidationError(f"More than one person fits. Enter one of these references: {told}")
        return (exact or found)[0]

    def address(self) -> str:
        """What was chosen, for the address: a person by reference."""
        chosen = {name: self.cleaned_data[name] for name in ("record", "what")}
        chosen["person"] = self.cleaned_data["person"].reference if self.cleaned_data["person"] else ""
        for name in ("since", "until"):
            if day := self.cleaned_data[name]:
                chosen |= {f"{name}_0": day.day, f"{name}_1": day.month, f"{name}_2": day.year}
        return urlencode({name: value for name, value in chosen.items() if value})
