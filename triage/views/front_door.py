"""Log a contact on one page: the person first, then what they said, then what happens."""

from collections.abc import Sequence
from copy import deepcopy
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.access import StaffRequest, open_record, roles
from accounts.models import STAFF
from intake.answers import SCREENING_KEYS
from intake.call_back import how_to_reach
from intake.models import Contact
from ledger import drafts
from ledger.models import Draft
from ledger.references import read_reference
from residents.merging.former import stands_for
from residents.models import Resident
from triage import actions
from triage.forms import ContactForm
from triage.models import Decision
from triage.most_used import most_used
from triage.tiers import Tier
from triage.views.people import people
from triage.views.suggestion import proof_of_opening, suggestion

EARLIER = 3
OTHER_WAYS = (
    "channel received_on received_time speaking speaker_name speaker_relationship speaker_organisation speaker_reply_to"
    " consent_to_act safe_contact"
)
"""The fields of the last fold."""
RARELY = f"next_step next_step_on next_step_time next_step_how what_we_did demand life_event life_event_on {OTHER_WAYS}"
"""The fields of all four folds, which are in one of their own on a phone."""


@roles(*STAFF)
def log(request: StaffRequest) -> HttpResponse:
    """One page for one contact; light help is decided as suggested in the same go."""
    at, subject = timezone.now(), read_reference(request.GET.get("resident", "")) or ""
    options: dict[str, Any] = {"most_used": most_used(), "at": at}
    if request.method != "POST":
        return _opened(request, subject, options)
    if _still_looking(request):
        return _page(request, drafts.fill(ContactForm, request.POST, **options), subject=subject)
    form = ContactForm(request.POST, **options)
    if form.is_valid():
        try:
            contact = _record(request, form, at)
        except ValidationError as refusal:
            form.add_error(None, refusal.messages)  # type: ignore[arg-type]
        else:
            return _leave(request, contact)
    return _page(request, form, subject=subject)


@roles(*STAFF, methods=("GET",))
def logged(request: StaffRequest, reference: str) -> HttpResponse:
    """The reference to read out, and what happens next."""
    contacts = Contact.objects.visible_to(request.user).select_related("resident", "logged_by")
    contact = open_record(contacts, request, reference=reference)
    decision = contact.decisions.order_by("-made_at", "-id").first()
    context = {"contact": contact, "decision": decision, "back": how_to_reach(contact) if contact.next_step else None}
    return render(request, "triage/contact_logged.html", context)


def _opened(request: StaffRequest, subject: str, options: dict[str, Any]) -> HttpResponse:
    """A fresh form, or what was typed and not sent."""
    drafts_of = list(Draft.objects.visible_to(request.user).filter(form="contact"))
    draft = next((one for one in drafts_of if one.subject == subject), None)
    others = [one for one in drafts_of if one is not draft]
    if draft:
        typed = {name: values for name, values in draft.data.items() if name != "find"}
        form = drafts.fill(ContactForm, typed, **options)
    else:
        initial = {"resident": subject, "channel": request.session.get("channel", Contact.Channel.PHONE_IN)}
        form = ContactForm(initial=initial, **options)
    return _page(request, form, subject=subject, draft=draft, others=others)


def _page(
    request: StaffRequest,
    form: ContactForm,
    *,
    subject: str,
    draft: Draft | None = None,
    others: Sequence[Draft] = (),
) -> HttpResponse:
    reference = request.POST.get("choose") or form["resident"].value() or ""
    if "unchoose" in request.POST:
        reference = ""
    residents = Resident.objects.visible_to(request.user).prefetch_related("warnings")
    person = _open(request, residents, reference) if reference else None
    form.initial["resident"] = person.reference if person else ""
    words = str(form["find"].value() or "").strip()
    if person and not form.errors and not draft:
        form.fields["words"] = deepcopy(form.fields["words"])
        form.fields["words"].widget.attrs["autofocus"] = True
    looking = not person and bool(words) and request.method == "POST" and "\x00" not in words
    context = {
        "form": form,
        "person": person,
        **people(words if looking else "", by=request.user),
        "earlier": _earlier(request, person),
        "draft": draft,
        "fresh": draft is None and request.method != "POST",
        "draft_name": f"contact/{subject}" if subject else "contact",
        "other_drafts": others,
        "opened": proof_of_opening(request.user, person) if person else "",
        "five": SCREENING_KEYS,
        "other_ways": OTHER_WAYS,
        "rarely": RARELY,
        **(suggestion(form, by=request.user, person=person) if form.is_bound else {}),
    }
    return render(request, "triage/contact_log.html", context)


def _open(request: StaffRequest, people: QuerySet[Resident], reference: str) -> Resident:
    """The person whom the form is about; of a record that was merged since, the one that stands."""
    try:
        return open_record(people, request, reference=reference)
    except Http404:
        if stands := stands_for(reference):
            return open_record(people, request, reference=stands)
        raise


def _earlier(request: StaffRequest, person: Resident | None) -> list[dict[str, Any]]:
    """The last contacts of somebody, to be read before typing. Runs two queries."""
    if person is None:
        return []
    latest = Decision.objects.visible_to(request.user).filter(contact=OuterRef("pk")).order_by("-made_at", "-id")
    contacts = Contact.objects.visible_to(request.user).filter(resident=person).prefetch_related("needs")
    rows = contacts.annotate(tier=Subquery(latest.values("chosen_tier")[:1]))[:EARLIER]
    return [{"contact": one, "came": Tier(one.tier).label if one.tier else one.get_status_display()} for one in rows]


def _still_looking(request: StaffRequest) -> bool:
    """Whether the person is being looked for: then nothing is judged or recorded yet."""
    post = request.POST
    if "choose" in post or "unchoose" in post:
        return True
    words = post.get("find", "").strip()
    fresh = "look" in post or words != post.get("looked_for", "").strip()
    return bool(words) and fresh and not post.get("resident") and not post.get("not_known")


def _record(request: StaffRequest, form: ContactForm, at: datetime) -> Contact:
    person = None
    if reference := form.cleaned_data["resident"]:
        person = Resident.objects.visible_one(request.user, reference)
        person = person or Resident.objects.visible_one(request.user, stands_for(reference))
        if person is None:
            raise ValidationError("Find the person again: their record cannot be opened any more.")
    return actions.log_contact(person, **form.details(), by=request.user, at=at)


def _leave(request: StaffRequest, contact: Contact) -> HttpResponse:
    if request.session.get("channel") != contact.channel:  # each change of a session is a transaction of its own
        request.session["channel"] = contact.channel
    if contact.status == Contact.Status.DECIDED:
        return redirect("triage:logged", reference=contact.reference)
    messages.success(
        request, f"Contact {contact.reference} is recorded. Now decide how much help, or leave it in the queue."
    )
    return redirect("triage:item", reference=contact.reference)
