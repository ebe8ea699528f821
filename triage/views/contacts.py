"""A contact after it was logged: answers added or put right, withdrawn."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.access import StaffRequest, open_record, roles
from accounts.models import STAFF
from intake.answers import SCREENING_KEYS
from intake.models import Contact
from triage import actions
from triage.forms import AnswersForm, WithdrawForm
from triage.models import TriageItem
from triage.questions import as_initial
from triage.wording import what_changed


@roles(*STAFF)
def answers(request: StaffRequest, reference: str) -> HttpResponse:
    """Add answers or put them right; says what that does to the suggestion."""
    contact = contact_of(request, reference)
    given = {row.question: as_initial(row) for row in contact.answers.all()}
    version = request.POST.get("version", "") if request.method == "POST" else str(contact.version)
    form = AnswersForm(request.POST or None, initial=given)
    if request.method == "POST" and form.is_valid():
        before = TriageItem.objects.filter(contact=contact).first()
        seen = int(version) if version.isdigit() and len(version) < 9 else 0
        try:
            actions.answer_questions(contact, answers=form.answers(), seen=seen, by=request.user, at=timezone.now())
        except ValidationError as refusal:
            form.add_error(None, refusal.messages)  # type: ignore[arg-type]
            version = str(Contact.objects.get(pk=contact.pk).version)
        else:
            after = TriageItem.objects.filter(contact=contact).first()
            messages.success(request, f"The answers are saved. {what_changed(before, after)}".strip())
            return redirect("triage:item", reference=contact.reference)
    page = {"contact": contact, "form": form, "version": version, "five": SCREENING_KEYS}
    return render(request, "triage/answers.html", page)


@roles(*STAFF)
def withdraw(request: StaffRequest, reference: str) -> HttpResponse:
    """Nobody needs to look at it any more."""
    contact = contact_of(request, reference)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.withdraw_from_queue(contact, **form.cleaned_data, by=request.user, at=timezone.now())
        except ValidationError as refusal:
            form.add_error(None, refusal.messages)  # type: ignore[arg-type]
        else:
            messages.success(request, f"Contact {contact.reference} is withdrawn.")
            return redirect("triage:queue")
    return render(request, "triage/withdraw.html", {"contact": contact, "form": form})


def contact_of(request: StaffRequest, reference: str) -> Contact:
    """The contact that the person may open, or 404; one read entry in the trail."""
    contacts = Contact.objects.visible_to(request.user).select_related("resident", "household", "team")
    return open_record(contacts, request, reference=reference)
