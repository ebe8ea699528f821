"""Where a form's typing is kept while it is being typed."""

from django.core.exceptions import ValidationError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone

from accounts.access import StaffRequest, roles, where_typed
from accounts.models import Role
from ledger import drafts, once


@roles(*Role, methods=("POST",))
def save(request: StaffRequest) -> HttpResponse:
    """Keep what was typed. The form says which draft it is: `name` or `name/subject`. Writes one row."""
    form, _, subject = request.POST.get("draft", "").partition("/")
    if not form:
        return JsonResponse({"error": "This form has no draft."}, status=400)
    try:
        drafts.save_draft(
            form[:60],
            by=request.user,
            path=where_typed(request),
            data=drafts.fields_of(request.POST),
            subject=subject[:60],
        )
    except ValidationError as refusal:
        return JsonResponse({"error": " ".join(refusal.messages)}, status=413)
    if once.was_sent(request.POST.get("sent_with", ""), by=request.user):  # a save that the form itself has overtaken
        drafts.discard_draft(form, by=request.user, subject=subject)
    return JsonResponse({"saved_at": timezone.localtime().strftime("%-I:%M%p").lower()})


@roles(*Role, methods=("POST",))
def discard(request: StaffRequest) -> HttpResponse:
    """Throw a draft away, and go back to the empty form."""
    form, _, subject = request.POST.get("draft", "").partition("/")
    found = drafts.find_draft(form, by=request.user, subject=subject)
    drafts.discard_draft(form, by=request.user, subject=subject)
    return redirect(found.path if found else "/")
