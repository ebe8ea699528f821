"""Forms that open, pass on, step and close a case, and that put people on it."""

from typing import Any

from django import forms

from accounts.models import Organisation, Role, Team, User
from cases.models import Case, ClosureReason
from ledger.fields import text_field
from ledger.said import counted
from residents.models import Resident, behind_the_walls_of
from triage.tiers import Tier

RECORD = "Words go on the record. Write as if the household will read them."


def colleagues(teams: Any = None) -> Any:
    """Active caseworkers and managers, of some teams or of all."""
    found = User.objects.filter(is_active=True, role__in=(Role.CASEWORKER, Role.MANAGER)).order_by("name")
    return found if teams is None else found.filter(teams__in=teams).distinct()


class PickField(forms.ModelChoiceField):
    """One of a few records, as radio buttons or from a list."""

    def __init__(self, label: str, *, empty: str = "", required: bool = True, **options: Any) -> None:
        messages = {"required": options.pop("ask", f"Select {label[:1].lower()}{label[1:]}")}
        messages["invalid_choice"] = "Select an answer from the list"
        options.setdefault("empty_label", empty)
        super().__init__(User.objects.none(), label=label, required=required, error_messages=messages, **options)


class LeadForm(forms.Form):
    """Who leads a case, and in which team. What is known already (people with their load, teams) is not asked for again."""

    lead = PickField("Who leads the case", ask="Select who leads the case", empty="Choose a person")
    team = PickField("Team", ask="Select a team", empty="Choose a team")

    def __init__(self, *args: Any, teams: Any, people: list[User] | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["team"].queryset = Team.objects.filter(pk__in=[team.pk for team in teams])
        self.fields["team"].choices = [("", "Choose a team"), *((team.pk, team.name) for team in teams)]
        self.fields["lead"].queryset = colleagues(teams)
        if people is not None:
            self.fields["lead"].choices = [("", "Choose a person"), *((one.pk, self.said(one)) for one in people)]

    @staticmethod
    def said(person: Any) -> str:
        """Ben Osei: 11 open cases, 2 reviews overdue."""
        overdue = f", {counted(person.overdue, 'review')} overdue" if person.overdue else ""
        return f"{person.name}: {counted(person.carried, 'open case')}{overdue}"


class ReallocateForm(LeadForm):
    """Who leads the case from now on, and why."""

    reason = text_field("Why does the case change hands?", name="Why the case changes hands", rows=3, max_length=500)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, teams=list(Team.objects.filter(active=True)), **options)


class StepForm(forms.Form):
    """A higher tier, with the reason."""

    tier = forms.TypedChoiceField(
        label="New tier", coerce=int, widget=forms.RadioSelect, error_messages={"required": "Select the new tier"}
    )
    reason = text_field("What has changed?", name="What has changed", rows=5, max_length=1500, help_text=RECORD)

    def __init__(self, *args: Any, case: Case, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["tier"].choices = [(int(tier), tier.label) for tier in self.offered(case)]

    @staticmethod
    def offered(case: Case) -> list[Tier]:
        """The tiers above the present one."""
        return [tier for tier in Tier if tier > case.tier]


class StepDownForm(StepForm):
    """A lower tier, with who takes over; below Support, with what closing needs."""

    receiver = text_field(
        "Who takes over?", name="Who takes over", max_length=120, help_text="A person or a service who has said yes."
    )
    summary = text_field(
        "What was done and what changed",
        rows=5,
        max_length=5000,
        required=False,
        help_text="Needed below Support, because the case closes.",
    )
    resident_view = text_field(
        "What the household thinks of the work",
        rows=3,
        max_length=1000,
        required=False,
        help_text="As for the summary.",
    )
    field_order = ["tier", "receiver", "reason", "summary", "resident_view"]

    @staticmethod
    def offered(case: Case) -> list[Tier]:
        """Lower tiers that help: not Triage, which is a moment and not a service."""
        return [tier for tier in Tier if tier < case.tier and tier != Tier.TRIAGE]


class CloseForm(forms.Form):
    """Why a case closes and what came of it."""

    reason = PickField("Why does the case close?", ask="Select why the case closes", widget=forms.RadioSelect)
    summary = text_field("What was done and what changed", rows=6, max_length=5000, help_text=RECORD)
    resident_view = text_field(
        "What the household thinks of the work",
        rows=3,
        max_length=1000,
        required=False,
        help_text="In their words. Leave empty only where they can no longer be asked.",
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["reason"].queryset = ClosureReason.objects.filter(until=None).exclude(code="stepped_down")
        self.fields["reason"].empty_label = None


class CheckForm(forms.Form):
    """What the check six months after closing found."""

    sustained = forms.TypedChoiceField(
        label="Has what was reached lasted?",
        choices=[("yes", "Yes"), ("no", "No"), ("unknown", "They could not be reached")],
        coerce=lambda said: {"yes": True, "no": False}.get(said),
        empty_value=None,
        widget=forms.RadioSelect,
        error_messages={"required": "Select whether it has lasted"},
    )
    text = text_field("What you found", rows=3, max_length=500)


class MemberForm(forms.Form):
    """Somebody else of the household, or a parent elsewhere."""

    resident = PickField("Who joins the case?", ask="Select who joins the case", widget=forms.RadioSelect)

    def __init__(self, *args: Any, case: Case, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        on_it = case.members.filter(until=None).values("resident")
        lived = Resident.objects.visible_to(user).filter(memberships__household=case.household_id)
        lived = lived.exclude(pk__in=on_it).exclude(pk__in=behind_the_walls_of(case.household_id))
        self.fields["resident"].queryset = lived.distinct()
        self.fields["resident"].empty_label = None


class ReasonForm(forms.Form):
    """Why somebody leaves the case."""

    reason = text_field("Why are they no longer part of the case?", name="Why they leave the case", max_length=300)


class AgencyForm(forms.Form):
    """An organisation that works on the case with us."""

    organisation = PickField("Organisation", ask="Select an organisation", empty="Choose an organisation")
    part = text_field("What they do on the case", max_length=200)
    contact = text_field("Who there, and how to reach them", max_length=200, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["organisation"].queryset = Organisation.objects.filter(active=True)


class PersonForm(forms.Form):
    """A colleague who is to see and work on the case."""

    user = PickField("Colleague", ask="Select a colleague", empty="Choose a colleague")
    reason = text_field("Why do they need to see this case?", name="Why they need to see this case", max_length=300)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["user"].queryset = colleagues()


class CaseFilterForm(forms.Form):
    """Which cases a list shows."""

    whose = forms.ChoiceField(
        label="Whose cases",
        choices=[("mine", "Mine"), ("team", "My teams’"), ("all", "All that I may see")],
        required=False,
        widget=forms.HiddenInput,
    )
    status = forms.ChoiceField(label="Status", choices=[("open", "Open"), ("closed", "Closed")], required=False)
    tier = forms.TypedChoiceField(
        label="Tier",
        choices=[("", "Any"), (4, "Support"), (5, "Intervention")],
        coerce=int,
        empty_value=None,
        required=False,
    )
    late = forms.BooleanField(label="Only where a review is overdue", required=False)
    lead = forms.CharField(label="Led by", max_length=12, required=False, widget=forms.HiddenInput)
