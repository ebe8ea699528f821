"""Whom a contact is about: people who fit while somebody types, beside the form and for a contact without a name."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.access import StaffRequest, roles
from accounts.models import STAFF, User
from residents import search
from residents.filters import FEWEST_LETTERS, FindForm
from residents.identity import row_of
from residents.models import Resident
from triage import actions
from triage.forms import LinkForm
from triage.views.contacts import contact_of

MOST = 5


@roles(*STAFF, methods=("POST",))
def suggest_people(request: StaffRequest) -> HttpResponse:
    """A part of the form: who fits what is typed so far, each to be chosen with all that the form holds."""
    form = FindForm({"words": request.POST.get("find", "")})
    words = form.cleaned_data["words"].strip() if form.is_valid() else ""
    long_enough = len(words) >= FEWEST_LETTERS
    return render(request, "triage/_people.html", people(words if long_enough else "", by=request.user))


def people(words: str, *, by: User) -> dict[str, Any]:
    """What the list of people shows for these words; nothing is looked for without any."""
    seen = search.look(words, by=by, most=MOST) if words else search.Search()
    return {
        "looked": bool(words),
        "found": [row_of(one) for one in seen.found],
        "restricted": seen.restricted,
        "ask_more": seen.ask_more,
    }


@roles(*STAFF)
def link(request: StaffRequest, reference: str) -> HttpResponse:
    """Say whom a nameless contact was about."""
    contact = contact_of(request, reference)
    if contact.resident_id:
        return redirect("intake:contact", reference=contact.reference)
    form, words = LinkForm(request.POST or None), ""
    if request.method == "POST" and (chosen := request.POST.get("choose")):
        person = Resident.objects.visible_to(request.user).filter(reference=chosen).first()
        if person is None:
            raise Http404
        try:
            actions.link_contact(contact, resident=person, by=request.user, at=timezone.now())
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        return redirect("intake:contact", reference=contact.reference)
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data["find"]
    context = {"contact": contact, "form": form, **people(words, by=request.user)}
    return render(request, "triage/link.html", context)
