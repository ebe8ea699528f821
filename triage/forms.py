"""What a well-formed contact, answer, decision and episode outcome look like."""

from collections.abc import Mapping
from datetime import datetime, time
from functools import lru_cache
from typing import Any

from django import forms
from django.utils import timezone

from accounts.working_time import at_local, local_day
from intake.answers import SCREENING, SCREENING_KEYS
from intake.at_hand import live_needs
from intake.models import Contact
from intake.needs import HUB_NEEDS, NEED_BY_CODE, Headline
from ledger.fields import GovDateField, text_field
from triage.models import Decision, SafeguardingEpisode
from triage.most_used import AT_FIRST
from triage.promises import ClockField, read_promise
from triage.questions import answers_in, further_fields, screening_fields, why_field
from triage.tiers import Tier

SIMPLE = HUB_NEEDS | {"information"}
Outcome = Contact.Outcome
OUTCOMES = [
    (Outcome.ADVICE, "Advice given"),
    (Outcome.RESOLVED, "Resolved"),
    (Outcome.SIGNPOSTED, "Signposted: told where to go, nothing sent"),
    (Outcome.TO_TRIAGE, "Not settled: somebody must look at it"),
    (Outcome.REFERRED, "To be referred to a partner"),
    (Outcome.TO_STATUTORY, "To a statutory service"),
    (Outcome.JOINED, "Joined to an open case"),
    (Outcome.OUT_OF_AREA, "Out of area"),
    (Outcome.ABANDONED, "They broke off"),
]
CHANNELS = [one for one in Contact.Channel.choices if one[0] != Contact.Channel.IMPORTED]

SAME_NAMES = (
    *("channel", "words", "basis", "speaking", "speaker_name", "speaker_relationship", "speaker_organisation"),
    *("speaker_reply_to", "consent_to_act", "safe_contact", "person_named", "life_event", "life_event_on"),
    *("transactional", "outcome", "what_we_did", "next_step", "next_step_how"),
)
"""Fields of the form that the action knows by the same name."""

MEANS = {
    Tier.ACCESS: "information or advice, settled now. No case.",
    Tier.UNIVERSAL: "a hub or a service for everybody, and a check after 28 days. No case.",
    Tier.TRIAGE: "risk is not clear yet: somebody holds it, with a clock.",
    Tier.SUPPORT: "the whole household, one lead, a plan.",
    Tier.INTERVENTION: "statutory help now, beside one household plan.",
}


class ContactForm(forms.Form):
    """One approach to the front door, on one page."""

    find = text_field("Find the person", max_length=300, required=False, name="What to look for")
    resident = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20)
    not_known = forms.BooleanField(label="Not known to us, or gives no name", required=False)
    person_named = text_field("Name, if they gave one", max_length=200, required=False, name="Name")
    words = text_field("What did they say, in their own words?", rows=4, max_length=10_000, name="What they said")
    life_event = text_field("What changed?", max_length=200, required=False, name="What changed")
    life_event_on = GovDateField(label="When?", name="The day it changed", past=True, required=False)
    all_five = forms.BooleanField(label="I asked all five, and nothing is worrying", required=False)
    transactional = forms.BooleanField(label="A simple enquiry: the five questions do not apply", required=False)
    why_not_asked = why_field()
    channel = forms.ChoiceField(label="How did they reach us?", choices=CHANNELS, initial=Contact.Channel.PHONE_IN)
    received_on = GovDateField(
        label="Day it was received", name="The day it was received", past=True, required=False,
        help_text="Leave the day and the time empty if it was just now",
    )  # fmt: skip
    received_time = ClockField(label="Time it was received", required=False, max_length=10)
    speaking = forms.ChoiceField(
        label="Who is speaking?",
        choices=Contact.Speaking.choices,
        initial=Contact.Speaking.SELF,
        widget=forms.RadioSelect,
    )
    speaker_name = text_field("Name of who is speaking, if not the resident", max_length=200, required=False)
    speaker_relationship = text_field("What they are to the resident", max_length=100, required=False)
    speaker_organisation = text_field("Organisation, if a professional", max_length=200, required=False)
    speaker_reply_to = text_field("Where to reply to them", max_length=200, required=False)
    consent_to_act = forms.BooleanField(label="The resident agrees that they speak for them", required=False)
    safe_contact = text_field(
        "How and when is it safe to reach the resident?", max_length=300, required=False, name="Safe contact"
    )
    basis = forms.ChoiceField(
        label="Were they told how we use what they say?",
        choices=[
            (Contact.Basis.PRIVACY_NOTICE, "Yes, privacy notice given"),
            (Contact.Basis.LATER, "Not yet: at the next contact"),
            (Contact.Basis.SAFEGUARDING, "No: recorded for safeguarding"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Select whether they were told how we use what they say"},
    )
    outcome = forms.ChoiceField(
        label="What came of it?",
        choices=OUTCOMES,
        widget=forms.RadioSelect,
        error_messages={"required": "Select what came of it"},
    )
    what_we_did = text_field(
        "What did you do or say?", max_length=1000, rows=3, required=False, name="What you did or said"
    )
    next_step = text_field("What did we promise?", max_length=300, required=False, name="What we promised")
    next_step_on = GovDateField(label="By which day?", name="The day we promised", required=False)
    next_step_time = ClockField(
        label="By what time?", required=False, max_length=10, help_text="5pm if you leave it empty"
    )
    next_step_how = text_field("How will they hear?", max_length=200, required=False, name="How they will hear")
    demand = forms.ChoiceField(
        label="Why did they have to contact us?",
        choices=Contact.Demand.choices,
        initial=Contact.Demand.NOT_CODED,
        required=False,
    )

    def __init__(self, *args: Any, most_used: tuple[str, ...] = AT_FIRST, at: datetime | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.at = at or timezone.now()
        needs, self.headlines = _needs_fields(live_needs(), most_used)
        self.fields.update(needs)
        self.fields.update(screening_fields())
        self.fields.update(further_fields())

    def clean(self) -> dict[str, Any]:
        """Bring the parts of the page together, and refuse what contradicts itself."""
        cleaned = super().clean() or {}
        if not cleaned.get("resident") and not cleaned.get("not_known") and "find" not in self.errors:
            self.add_error("find", "Find and choose the person, or say that they are not known to us")
        self._check_screening(cleaned)
        self.needs = [
            code for name in ("needs", *(n for n, _, _ in self.headlines)) for code in cleaned.get(name) or []
        ]
        if cleaned.get("transactional") and set(self.needs) - SIMPLE:
            self.add_error("transactional", "The five questions apply to what they came with, so ask them")
        self.received_at = _received_at(self, cleaned)
        self.next_step_by = read_promise(self, cleaned, after=self.received_at)
        return cleaned

    def _check_screening(self, cleaned: dict[str, Any]) -> None:
        for item in SCREENING:
            safe = "no" if item.worrying == "yes" else "yes"
            if cleaned.get("all_five") and cleaned.get(item.key) not in ("", None, safe):
                self.add_error("all_five", "You said that nothing is worrying, and gave an answer that says otherwise")
                break
            if cleaned.get("all_five"):
                cleaned[item.key] = safe
        unasked = [key for key in SCREENING_KEYS if cleaned.get(key) in ("", None, "not_asked")]
        said_why = cleaned.get("why_not_asked") or "why_not_asked" in self.errors
        if unasked and not cleaned.get("transactional") and not said_why:
            self.add_error("why_not_asked", "Answer the five questions, or say why you did not ask")
        if not cleaned.get("transactional"):
            cleaned.update(dict.fromkeys(unasked, "not_asked"))

    def details(self) -> dict[str, Any]:
        """What `record_contact` is told, by its own names."""
        same = SAME_NAMES
        return {name: self.cleaned_data[name] for name in same} | {
            "needs": self.needs,
            "answers": answers_in(self.cleaned_data, why=self.cleaned_data["why_not_asked"]),
            "received_at": self.received_at,
            "next_step_by": self.next_step_by,
            "demand": self.cleaned_data["demand"] or Contact.Demand.NOT_CODED,
            "not_linked_because": "Not known, or gave no name" if self.cleaned_data["not_known"] else "",
        }


class _Shared(dict):
    """Fields that every form of a class has in common: Django would copy them for each, which took a tenth of a save.

    A page that changes one takes a copy of it first.
    """

    def __deepcopy__(self, memo: dict[int, Any]) -> dict[str, forms.Field]:
        return dict(self)


ContactForm.base_fields = _Shared(ContactForm.base_fields)  # type: ignore[attr-defined]


class AnswersForm(forms.Form):
    """The answers of a contact, to add to or to put right."""

    def __init__(self, *args: Any, first: tuple[str, ...] = (), **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields.update(screening_fields())
        self.fields["why_not_asked"] = why_field()
        self.fields.update(further_fields())

    def answers(self) -> Mapping[str, Any]:
        """What was filled in."""
        return answers_in(self.cleaned_data, why=self.cleaned_data.get("why_not_asked", ""))


class DecisionForm(forms.Form):
    """How much help, and why if it is less than suggested."""

    previous = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20)
    tier = forms.TypedChoiceField(
        label="How much help?",
        coerce=int,
        choices=Tier.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Select how much help"},
    )
    lower_reason = forms.ChoiceField(
        label="If lower than suggested: why?",
        choices=[("", "Not lower"), *Decision.Lower.choices],
        required=False,
    )
    reason = text_field("In your own words", max_length=2000, rows=3, required=False, name="Your reason")
    outcome = forms.ChoiceField(
        label="What happens with the contact?",
        choices=OUTCOMES,
        widget=forms.RadioSelect,
        error_messages={"required": "Select what happens with the contact"},
    )
    next_step = text_field("What did we promise?", max_length=300, required=False, name="What we promised")
    next_step_on = GovDateField(label="By which day?", name="The day we promised", required=False)
    next_step_time = ClockField(label="By what time?", required=False, max_length=10)
    next_step_how = text_field("How will they hear?", max_length=200, required=False, name="How they will hear")

    def __init__(self, *args: Any, suggested: int, opens_episode: bool = False, promised: bool = False, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.holds = opens_episode or promised
        self.fields["tier"].choices = [  # type: ignore[attr-defined]
            (one.value, f"{one.label}{' (suggested)' if one == suggested else ''}: {MEANS[one]}") for one in Tier
        ]

    def clean(self) -> dict[str, Any]:
        """Triage is a place to wait in only while somebody holds the clock."""
        cleaned = super().clean() or {}
        self.next_step_by = read_promise(self, cleaned, after=None)
        if cleaned.get("tier") == Tier.TRIAGE and not self.holds and not cleaned.get("next_step"):
            self.add_error("next_step", "Nobody may rest at Triage: say what happens next and by when")
        return cleaned

    def details(self) -> dict[str, Any]:
        """What `decide_tier` is told, by its own names."""
        same = ("tier", "lower_reason", "reason", "outcome", "next_step", "next_step_how")
        return {name: self.cleaned_data[name] for name in same} | {"next_step_by": self.next_step_by}


class WithdrawForm(forms.Form):
    """Why nobody needs to look at it any more."""

    outcome = forms.ChoiceField(
        label="What happened?",
        choices=[(Outcome.WITHDRAWN, "They no longer want help"), (Outcome.ABANDONED, "It broke off")],
        widget=forms.RadioSelect,
        error_messages={"required": "Select what happened"},
    )


class EpisodeForm(forms.Form):
    """What the safeguarding hub decided."""

    outcome = forms.ChoiceField(
        label="What did the hub decide?",
        choices=SafeguardingEpisode.Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Select what the hub decided"},
    )
    rationale = text_field("Why?", rows=5, max_length=2000, name="Why")


class LinkForm(forms.Form):
    """Whom a nameless contact was about."""

    find = text_field("Name, date of birth, phone, postcode or reference", max_length=300, name="What to look for")


def _received_at(form: forms.Form, cleaned: dict[str, Any]) -> datetime:
    """When it was received: just now unless a day or a time was given."""
    day, at = cleaned.get("received_on"), cleaned.get("received_time")
    now: datetime = form.at  # type: ignore[attr-defined]
    if day is None and at is None:
        return now
    moment = at_local(day or local_day(now), at or time(9))
    if at is None and day == local_day(now):
        return min(moment, now)
    if moment > now:
        form.add_error("received_time" if at else "received_on", "The time it was received must be now or earlier")
    elif moment.year < now.year - 5:
        form.add_error("received_on", "The day it was received must be in the last five years")
    return moment


Headlines = tuple[tuple[str, str, list[tuple[str, str]]], ...]


@lru_cache(maxsize=8)
def _needs_fields(
    live: tuple[tuple[str, str], ...], most_used: tuple[str, ...]
) -> tuple[dict[str, forms.Field], Headlines]:
    """The needs as the list of them stands, the most used first, then by headline; shared, as the questions are."""
    labels = dict(live)
    top = [code for code in most_used if code in labels]
    fields = {"needs": _needs_field("What did they come with?", [(code, labels[code]) for code in top])}
    headlines = tuple(
        (f"needs_{headline.value}", str(headline.label), rows)
        for headline in Headline
        if (rows := [(code, label) for code, label in live if code not in top and _under(code, headline)])
    )
    return fields | {name: _needs_field(label, rows) for name, label, rows in headlines}, headlines


def _needs_field(label: str, choices: list[tuple[str, str]]) -> forms.Field:
    return forms.MultipleChoiceField(label=label, choices=choices, required=False, widget=forms.CheckboxSelectMultiple)


def _under(code: str, headline: Headline) -> bool:
    return NEED_BY_CODE[code].headline == headline if code in NEED_BY_CODE else headline == Headline.PRACTICAL
