"""Forms of the daily work: notes, the plan, reviews."""

from datetime import datetime, time
from typing import Any

from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Div, Field, Layout, Size
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import Organisation, Role, User
from accounts.working_time import LONDON
from cases.forms.cases import RECORD, PickField, colleagues
from cases.models import Case, Note, PlanNeed, Review
from intake.models import Need
from ledger.fields import GovDateField, text_field
from residents.models import Resident

SCALE = [
    ("1", "1: stuck"),
    ("2", "2: accepting help"),
    ("3", "3: trying"),
    ("4", "4: getting there"),
    ("5", "5: sustained"),
]


class NoteForm(forms.Form):
    """What happened on the case."""

    kind = forms.ChoiceField(
        label="What kind of note?",
        choices=Note.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Select the kind of note"},
    )
    text = text_field("What happened", rows=8, max_length=20_000, help_text=RECORD + " Keep fact and opinion apart.")
    day = GovDateField(
        label="Which day was it?",
        name="The day it happened",
        past=True,
        required=False,
        help_text="Leave empty if it was today.",
    )
    clock = forms.TimeField(
        label="At what time?",
        required=False,
        input_formats=["%H:%M", "%I:%M%p", "%I%p", "%H.%M", "%H"],
        help_text="Like 14:30 or 2:30pm.",
        widget=forms.TextInput(attrs={"class": "govuk-input--width-5"}),
        error_messages={"invalid": "Enter a time, like 14:30 or 2:30pm"},
    )
    child_seen = forms.BooleanField(label="A child was seen", required=False)
    significant = forms.BooleanField(label="A significant event", required=False)

    helper = FormHelper()
    helper.layout = Layout(
        Field.radios("kind", legend_size=Size.SMALL, inline=True, small=True),
        Field.textarea("text", label_size=Size.SMALL, rows=4),
        Div(
            Field("day", context={"legend_size": Size.for_legend("s")}),
            Field.text("clock", label_size=Size.SMALL),
            Div(
                Field.checkbox("child_seen", small=True),
                Field.checkbox("significant", small=True),
                css_class="app-close",
            ),
            css_class="app-beside",
        ),
    )

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        if user.role != Role.MANAGER:
            self.fields["kind"].choices = [one for one in Note.Kind.choices if one[0] != Note.Kind.SUPERVISION]

    def clean(self) -> dict[str, Any]:
        """Day and time become one moment: now where both are empty, midday where only the time is."""
        found = super().clean() or {}
        now = timezone.localtime()
        day, clock = found.pop("day", None), found.pop("clock", None)
        if day is None and clock is None:
            found["happened_at"] = now
        else:
            day = day or now.date()
            earlier = time(12) if day < now.date() else min(time(12), now.time())
            found["happened_at"] = datetime.combine(day, clock or earlier, tzinfo=LONDON)
        if found["happened_at"] > timezone.now():
            self.add_error("clock", "What happened cannot lie in the future")
        return found


class NoteFilterForm(forms.Form):
    """Which notes are shown."""

    kind = forms.ChoiceField(label="Kind", required=False, choices=[("", "All kinds"), *Note.Kind.choices])
    author = forms.ChoiceField(label="Written by", required=False)
    significant = forms.BooleanField(label="Significant only", required=False)

    def __init__(self, *args: Any, authors: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["author"].choices = [("", "Everybody"), *authors]


class AddendumForm(forms.Form):
    """What is to stand under a note."""

    text = text_field("What is to be added or corrected?", name="What is to be added", rows=5, max_length=20_000)


class NeedForm(forms.Form):
    """A need for the plan, with its goal."""

    need = PickField("Need", ask="Select a need", empty="Choose a need")
    resident = PickField(
        "Whose need is it?",
        required=False,
        widget=forms.RadioSelect,
        blank=True,
        initial="",
        empty="The whole household's",
    )
    goal = text_field(
        "What does the household want to reach?", name="What the household wants to reach", rows=3, max_length=500
    )
    baseline = forms.TypedChoiceField(
        label="Where do things stand now?",
        choices=SCALE,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": "Select where things stand now"},
    )

    def __init__(self, *args: Any, case: Case, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["need"].queryset = Need.objects.filter(until=None)
        members = case.members.filter(until=None).values("resident")
        self.fields["resident"].queryset = Resident.objects.filter(pk__in=members)


class GoalForm(forms.Form):
    """The goal in other words, with the version that was seen."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    goal = text_field("Goal", name="The goal", rows=3, max_length=500)


class ProgressForm(forms.Form):
    """How far the household has come."""

    latest = forms.TypedChoiceField(
        label="How far have they come?",
        choices=SCALE,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": "Select how far they have come"},
    )


class CloseNeedForm(ProgressForm):
    """How far a need was met."""

    result = forms.ChoiceField(
        label="How far was the need met?",
        choices=[(one.value, one.label) for one in PlanNeed.CLOSED],
        widget=forms.RadioSelect,
        error_messages={"required": "Select how far the need was met"},
    )
    outcome = text_field("What came of it?", name="What came of it", rows=3, max_length=500)
    field_order = ["result", "latest", "outcome"]


class ActionForm(forms.Form):
    """Who does what by when."""

    what = text_field("What is to be done?", name="What is to be done", max_length=500)
    owner = PickField("A colleague does it", required=False, empty="No colleague")
    owner_organisation = PickField("Or an agency does it", required=False, empty="No agency")
    owner_name = text_field("Or someone of the household does it", name="Who does it", max_length=200, required=False)
    due_on = GovDateField(label="By which day?", name="The day by which it is done", future=True)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["owner"].queryset = colleagues()
        self.fields["owner_organisation"].queryset = Organisation.objects.filter(active=True)

    def clean(self) -> dict[str, Any]:
        """Exactly one owner."""
        found = super().clean() or {}
        if not self.errors and sum(bool(found.get(one)) for one in ("owner", "owner_organisation", "owner_name")) != 1:
            raise ValidationError("Choose one owner: a colleague, an agency, or someone of the household")
        return found


class ReviseActionForm(forms.Form):
    """An action in other words or for another day, with the version that was seen."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    what = text_field("What is to be done?", name="What is to be done", max_length=500)
    due_on = GovDateField(label="By which day?", name="The day by which it is done")


class FinishForm(forms.Form):
    """What came of an action, if there is something to say."""

    result = text_field("What came of it?", name="What came of it", max_length=500, required=False)


class DropForm(forms.Form):
    """Why an action is not needed any more."""

    result = text_field("Why is it not needed any more?", name="Why it is not needed any more", max_length=500)


class ReviewForm(forms.Form):
    """What a review found."""

    progress = forms.TypedChoiceField(
        label="Have things moved since the last review?",
        choices=[("yes", "Yes"), ("no", "No")],
        coerce=lambda said: said == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": "Select whether things have moved"},
    )
    summary = text_field(
        "What did the review find?", name="What the review found", rows=6, max_length=5000, help_text=RECORD
    )
    household_view = text_field(
        "What does the household say?", name="What the household says", rows=3, max_length=1000, required=False
    )
    outcome = forms.ChoiceField(
        label="What follows?",
        choices=Review.Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Select what follows"},
    )
    next_due_on = GovDateField(
        label="When is the next review?",
        name="The next review",
        future=True,
        required=False,
        help_text="Within six weeks. Leave empty for six weeks from today.",
    )
    discussed_with = PickField(
        "Which manager did you discuss it with?",
        required=False,
        empty="Not discussed",
        help_text="Needed after two reviews in a row without progress.",
    )
    manager_words = text_field(
        "What did they direct?", name="What they directed", rows=3, max_length=1000, required=False
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["discussed_with"].queryset = colleagues().filter(role=Role.MANAGER)
