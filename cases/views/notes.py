"""Notes and reviews of a case."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from accounts.access import StaffRequest, roles, where_typed
from cases import actions
from cases.forms.work import AddendumForm, NoteForm, ReviewForm
from cases.models import Note, Review
from cases.views.frame import WORKERS, done, find_case, find_part, page, sent
from ledger import drafts

PAGE = 25
FOLLOWS = {
    Review.Outcome.STEP_UP: "cases:step_up",
    Review.Outcome.STEP_DOWN: "cases:case",
    Review.Outcome.CLOSE: "cases:close",
    Review.Outcome.CHANGE: "cases:plan",
}


@roles(*WORKERS)
def notes(request: StaffRequest, reference: str) -> HttpResponse:
    """Write a note on top; read the others below, newest first. Runs two queries for the notes."""
    case, user = find_case(request, reference), request.user
    if "save_draft" in request.POST:
        return _keep(request, reference)
    draft = drafts.find_draft("note", by=user, subject=reference) if request.method == "GET" else None
    form = drafts.fill(NoteForm, draft, user=user) if draft else NoteForm(sent(request), user=user)
    if not draft and done(request, form, partial(actions.write_note, case), "Note saved"):
        drafts.discard_draft("note", by=user, subject=reference)
        return redirect("cases:notes", reference)
    rows = case.notes.filter(addendum_to=None).select_related("by").prefetch_related("addenda__by")
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 19 and (edge := case.notes.filter(pk=before).first()):
        rows = rows.filter(happened_at__lt=edge.happened_at)
    shown = list(rows[: PAGE + 1])
    older = f"?before={shown[PAGE - 1].pk}" if len(shown) > PAGE else ""
    context = {"form": form, "notes": shown[:PAGE], "older": older, "newer": "?" if before else "", "draft": draft}
    context["writing"] = "write" in request.GET
    return page(request, case, "cases/note_list.html", "notes", **context)


def _keep(request: StaffRequest, reference: str) -> HttpResponse:
    """Keep the note as a draft, where the browser runs no script."""
    data = drafts.fields_of(request.POST)
    try:
        drafts.save_draft("note", by=request.user, path=where_typed(request), data=data, subject=reference)
        messages.success(request, "Draft saved. Nobody else sees it.")
    except ValidationError as refusal:
        messages.warning(request, " ".join(refusal.messages))
    return redirect("cases:notes", reference)


@roles(*WORKERS)
def addendum(request: StaffRequest, reference: str) -> HttpResponse:
    """Add to a note, which itself stays as it was."""
    note = find_part(request, Note.objects.visible_to(request.user), reference=reference)
    form = AddendumForm(sent(request))
    if done(request, form, partial(actions.add_addendum, note), "Addition saved"):
        return redirect("cases:notes", note.case.reference)
    return page(request, note.case, "cases/note_addendum.html", "notes", form=form, note=note)


@roles(*WORKERS)
def reviews(request: StaffRequest, reference: str) -> HttpResponse:
    """Hold a review; read the earlier ones."""
    case = find_case(request, reference)
    form = ReviewForm(sent(request))
    if done(request, form, partial(actions.hold_review, case), "Review saved"):
        return redirect(FOLLOWS.get(form.cleaned_data["outcome"], "cases:reviews"), reference)
    held = list(case.reviews.select_related("by", "discussed_with")[:50])
    drifting = bool(held) and not held[0].progress
    context = {"form": form, "held": held, "drifting": drifting, "overdue": case.review_due_on < timezone.localdate()}
    return page(request, case, "cases/review_list.html", "reviews", **context)
