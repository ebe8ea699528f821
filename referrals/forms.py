"""What a well-formed referral, answer, message or agreement looks like."""

from typing import Any

from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import ConditionalQuestion, ConditionalRadios, Field, Layout, Size
from django import forms

from accounts.models import Organisation, Role, User
from directory.models import Service
from ledger.fields import GovDateField, text_field
from referrals import sharing
from referrals.actions.returns import Settle
from referrals.models import Referral
from residents.models import Agreement

MOST_CHOICES = 500


def takers() -> list[tuple[str, Any]]:
    """Services that take referrals under their organisation, and organisations as a whole. Runs two queries."""
    groups: dict[str, list[tuple[str, str]]] = {}
    partners = Organisation.objects.filter(kind=Organisation.Kind.PARTNER, active=True).order_by("name")
    for organisation in partners[:MOST_CHOICES]:
        groups[organisation.name] = [(f"o:{organisation.reference}", f"{organisation.name}: any of their services")]
    services = Service.objects.referable().select_related("organisation").order_by("name")
    for service in services[:MOST_CHOICES]:
        groups.setdefault(service.organisation.name, []).insert(0, (f"s:{service.reference}", service.name))
    return [("", "Choose a service"), *sorted(groups.items())]


class ReferralForm(forms.Form):
    """A referral before it is sent."""

    taker = forms.ChoiceField(label="Refer to", error_messages={"required": "Select a service or an organisation"})
    reason = text_field(
        "What do they need?",
        name="What they need",
        rows=4,
        max_length=1000,
        help_text="The partner reads this. Only what they need to know to help.",
    )
    goal = text_field("What should be different afterwards?", name="The goal", rows=2, max_length=500, required=False)
    risks = text_field(
        "What must they know to stay safe?",
        name="What they must know",
        rows=2,
        max_length=500,
        required=False,
        help_text="Shared only if the agreement covers risks. Warnings of danger to staff are added by themselves.",
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["taker"].choices = takers()  # type: ignore[attr-defined]
        self.helper = FormHelper()
        self.helper.layout = Layout(
            Field("taker", context={"label_size": Size.for_label("s")}),
            *(Field.textarea(name, label_size=Size.SMALL, rows=rows) for name, rows in _ROWS),
            "version",
        )

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        kind, _, reference = str(found.pop("taker", "")).partition(":")
        found["service"] = None
        if kind == "s":
            found["service"] = Service.objects.select_related("organisation").get(reference=reference)
            found["organisation"] = found["service"].organisation
        elif kind == "o":
            found["organisation"] = Organisation.objects.get(reference=reference)
        return found

    @staticmethod
    def of(referral: Referral) -> dict[str, Any]:
        """What the form shows of a draft. Reads its service and organisation."""
        taker = f"s:{referral.service.reference}" if referral.service else f"o:{referral.organisation.reference}"
        return {
            "taker": taker,
            "reason": referral.reason,
            "goal": referral.goal,
            "risks": referral.shared_risks,
            "version": referral.version,
        }


_ROWS = (("reason", 4), ("goal", 2), ("risks", 2))


class AgreementForm(forms.Form):
    """What the resident agrees that this organisation is told."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "agreement_%s", **kwargs})

    purpose = text_field("What for?", name="What for", max_length=300)
    shared = forms.MultipleChoiceField(
        label="What may be shared?",
        choices=list(sharing.LABELS.items()),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Select what may be shared"},
    )
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
        required=False,
        empty_label="Choose a manager",
        help_text="Only for safeguarding",
    )
    until = GovDateField(label="Until when?", name="The last day", future=True, required=False)

    helper = FormHelper()
    helper.layout = Layout(
        Field.text("purpose", label_size=Size.SMALL),
        Field.checkboxes("shared", legend_size=Size.SMALL, small=True),
        Field.radios("basis", legend_size=Size.SMALL, small=True),
        Field.textarea("reason", label_size=Size.SMALL, rows=2),
        Field("authorised_by", context={"label_size": Size.for_label("s")}),
        Field("until", context={"legend_size": Size.for_legend("s")}),
    )

    def clean_shared(self) -> str:
        """In the words that the agreement keeps: Name, safe contact, what they need."""
        labels = [sharing.LABELS[kind] for kind in sharing.LABELS if kind in self.cleaned_data["shared"]]
        return ", ".join([labels[0], *(label.lower() for label in labels[1:])])


class MessageForm(forms.Form):
    """A message to the other side."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "message_%s", **kwargs})

    text = text_field("Message", name="Your message", rows=3, max_length=2000)


class ReasonForm(forms.Form):
    """Why a referral is taken back."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "withdraw_%s", **kwargs})

    reason = text_field("Why do you take it back?", name="Why you take it back", max_length=300)


class SettleForm(forms.Form):
    """What the referrer does about a referral that came back."""

    how = forms.ChoiceField(
        label="What do you do about it?",
        widget=forms.RadioSelect,
        error_messages={"required": "Select what you do about it"},
    )
    text = text_field("Anything to add", name="What you add", max_length=300, required=False)

    def __init__(self, *args: Any, silent: bool, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "settle_%s", **kwargs})
        ways = [way for way in Settle.choices if silent or way[0] != Settle.MORE_TIME]
        self.fields["how"].choices = ways  # type: ignore[attr-defined]


class AnswerForm(forms.Form):
    """A partner's answer: yes, yes but later, or no and why."""

    answer = forms.ChoiceField(
        label="Can you take this on?",
        choices=[
            ("accept", "We accept"),
            ("wait", "We accept, but they must wait"),
            ("decline", "We cannot take this on"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Select your answer"},
    )
    until = GovDateField(label="By when do you expect a place?", name="The day", future=True, required=False)
    reason = forms.ChoiceField(
        label="Why?", choices=[("", "Choose a reason"), *Referral.Declined.choices], required=False
    )
    text = text_field("Anything we should know", name="What we should know", rows=2, max_length=500, required=False)
    alternative = text_field("Who could help instead?", name="Who could help", max_length=200, required=False)
    who = text_field("Your name", max_length=200)

    def __init__(self, *args: Any, by_link: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "answer_%s", **kwargs})
        if not by_link:
            del self.fields["who"]
        self.helper = FormHelper()
        self.helper.layout = Layout(
            ConditionalRadios(
                "answer",
                "We accept",
                ConditionalQuestion("We accept, but they must wait", "until"),
                ConditionalQuestion(
                    "We cannot take this on",
                    Field.select("reason"),
                    Field.textarea("text", rows=2),
                    Field.text("alternative"),
                ),
            ),
            *([Field.text("who")] if by_link else []),
        )

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("answer") == "wait" and not found.get("until") and "until" not in self.errors:
            self.add_error("until", "Enter the day by which you expect a place")
        if found.get("answer") == "decline" and not found.get("reason"):
            self.add_error("reason", "Select why you cannot take this on")
        return found


class CompleteForm(forms.Form):
    """What came of the partner's work."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "complete_%s", **kwargs})

    outcome = forms.ChoiceField(
        label="What came of it?",
        choices=Referral.Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Select what came of it"},
    )
    text = text_field("In your words", name="What came of it", rows=3, max_length=1000, required=False)

    helper = FormHelper()
    helper.layout = Layout(
        Field.radios("outcome", legend_size=Size.SMALL, small=True),
        Field.textarea("text", label_size=Size.SMALL, rows=3),
    )
