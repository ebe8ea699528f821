"""What the rules would suggest for a contact that is still being typed, and what is missing before it can be saved."""

from typing import Any

from django.core import signing
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.access import StaffRequest, open_record, roles
from accounts.models import STAFF, User
from accounts.working_time import local_day
from intake.models import Contact
from ledger.templatetags.govuk_forms import summary_errors
from residents.actions.households import household_of
from residents.models import Resident
from triage.assessing import URGENCY, opening_of, plain, read_facts
from triage.facts import FACT_KEYS
from triage.forms import ContactForm
from triage.history import NEGLECT, history_before
from triage.most_used import most_used
from triage.questions import answers_in
from triage.rules.assess import Assessment, assess
from triage.wording import COLOURS, URGENCY_WORDS, time_left

SHOWN = 3
A_SITTING = 8 * 3600
SALT = "triage.suggestion"


@roles(*STAFF, methods=("POST",))
def suggest(request: StaffRequest) -> HttpResponse:
    """A part of the page: the tier with its reasons, and what is missing. Nothing is recorded."""
    at = timezone.now()
    form = ContactForm(request.POST, most_used=most_used(), at=at)
    form.is_valid()
    return render(request, "triage/_suggestion.html", suggestion(form, by=request.user, person=_person(request)))


def suggestion(form: ContactForm, *, by: User, person: Resident | None) -> dict[str, Any]:
    """What the panel beside the form shows of a form that was read."""
    missing = [pair for name in form.errors if name in form.fields for pair in summary_errors(form[name])]
    try:
        assessment = _assess(form, by=by, person=person) if _said_something(form) else None
    except ValidationError as impossible:
        return {"suggested": None, "missing": [("id_words", words) for words in impossible.messages] + missing}
    return {"suggested": _in_words(assessment, form) if assessment else None, "missing": missing}


def proof_of_opening(user: User, person: Resident) -> str:
    """For the page to hand back: the trail says already that this person opened the record, and need not say it again."""
    return signing.dumps([user.pk, person.pk], salt=SALT)


def _person(request: StaffRequest) -> Resident | None:
    reference = request.POST.get("resident", "")
    if not reference:
        return None
    visible = Resident.objects.visible_to(request.user)
    person = visible.filter(reference=reference).first()
    if person is None or not _was_opened(request, person):
        person = open_record(visible, request, reference=reference)
    return person


def _was_opened(request: StaffRequest, person: Resident) -> bool:
    try:
        proof = signing.loads(request.POST.get("opened", ""), salt=SALT, max_age=A_SITTING)
    except signing.BadSignature:
        return False
    return bool(proof == [request.user.pk, person.pk])


def _said_something(form: ContactForm) -> bool:
    """Whether anything is ticked that the rules read."""
    cleaned = form.cleaned_data
    given = answers_in({name: value for name, value in cleaned.items() if value != "not_asked"})
    return bool(
        form.needs or given or cleaned.get("transactional") or cleaned.get("basis") == Contact.Basis.SAFEGUARDING
    )


def _assess(form: ContactForm, *, by: User, person: Resident | None) -> Assessment:
    cleaned, at = form.cleaned_data, form.received_at
    given = answers_in(cleaned)
    answers: dict[str, Any] = {key: plain(key, answer) for key, answer in given.items() if key in FACT_KEYS}
    answers["needs"] = form.needs
    answers["transactional"] = bool(cleaned.get("transactional"))
    answers["safeguarding_reason"] = cleaned.get("basis") == Contact.Basis.SAFEGUARDING
    history: dict[str, Any] = {}
    if person:
        neglect = NEGLECT in form.needs or cleaned.get("child_abuse") == "yes"
        home = household_of(person, local_day(at))
        history = history_before(person, household=home, needs=form.needs, neglect=neglect, at=at)
    return assess(read_facts(answers, history), at, opening_of(by.teams.order_by("id").first()))


def _in_words(assessment: Assessment, form: ContactForm) -> dict[str, Any]:
    urgency = URGENCY[assessment.rag]
    fired = sorted(assessment.fired, key=lambda rule: (-rule.hard_stop, -rule.tier, rule.due_at))
    why = list(dict.fromkeys(rule.title for rule in fired))
    return {
        "tier": assessment.suggested_tier.label,
        "urgency": URGENCY_WORDS[urgency],
        "colour": COLOURS[urgency],
        "when": f"To be decided: {time_left(assessment.due_at, form.at, urgency).lower()}.",
        "why": why[:SHOWN],
        "more": max(len(why) - SHOWN, 0),
        "stop": assessment.hard_stop_tier.label if assessment.hard_stop_tier else "",
    }
