"""Notes and reviews of a case."""

from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from accounts.access import StaffRequest, roles
from cases import actions
from cases.forms.work import AddendumForm, NoteFilterForm, NoteForm, ReviewForm
from cases.models import Case, Note, Review
from cases.views.frame import WORKERS, done, find_case, find_part, list_of, page, sent
from cases.views.story import by_month
from ledger.drafts import typed_before
from residents.views.telling import read_place, write_place

PAGE = 12
SHORT = 160
ALL = 500  # for paper
MOST_WORDS = 25_000  # characters on a page: whoever writes at length gets fewer notes a page
FOLLOWS = {
    Review.Outcome.STEP_UP: "cases:step_up",
    Review.Outcome.STEP_DOWN: "cases:case",
    Review.Outcome.CLOSE: "cases:close",
    Review.Outcome.CHANGE: "cases:plan",
}


@roles(*WORKERS)
def notes(request: StaffRequest, reference: str) -> HttpResponse:
    """Write a note on top; read the others below by month, filtered by what the address says. Runs three queries for them."""
    case, user = find_case(request, reference), request.user
    kept = typed_before(NoteForm, f"note/{reference}", by=user, user=user) if request.method == "GET" else None
    form = kept or NoteForm(sent(request), user=user)
    if done(request, form, partial(actions.write_note, case), "Note saved"):
        return redirect("cases:notes", reference)
    chosen = NoteFilterForm(request.GET, authors=_authors(case))
    wanted = {name: value for name, value in chosen.cleaned_data.items() if value} if chosen.is_valid() else {}
    whole = "whole" in request.GET
    shown, following = _page(_filtered(case, wanted), request.GET.get("before", ""), whole=whole)
    asked = {name: str(value) for name, value in wanted.items()}
    if came := list_of(request):
        asked["list"] = came[1:]
    here = reverse("cases:notes", args=[reference])
    context = {
        "form": form,
        "months": by_month(shown, "at"),
        "chosen": chosen,
        "filtered": bool(wanted),
        "older": f"{here}?{urlencode(asked | {'before': following})}#notes" if following else "",
        "newer": f"{here}?{urlencode(asked)}#notes" if request.GET.get("before") else "",
        "whole": f"{here}?{urlencode(asked | {'whole': 'on'})}#notes" if following and not whole else "",
    }
    return page(request, case, "cases/note_list.html", "notes", **context)


def _authors(case: Case) -> list[tuple[str, str]]:
    """Who has written notes here. Runs one query."""
    found = case.notes.filter(by__isnull=False).order_by("by__name").values_list("by__reference", "by__name")
    return list(found.distinct())


def _filtered(case: Case, kept: dict[str, Any]) -> QuerySet[Note]:
    additions = Prefetch("addenda", queryset=Note.objects.select_related("by").order_by("written_at"))
    rows = case.notes.filter(addendum_to=None).select_related("by").prefetch_related(additions)
    if kept.get("kind"):
        rows = rows.filter(kind=kept["kind"])
    if kept.get("author"):
        rows = rows.filter(by__reference=kept["author"])
    return rows.filter(significant=True) if kept.get("significant") else rows


def _page(rows: QuerySet[Note], before: str, *, whole: bool = False) -> tuple[list[dict[str, Any]], str]:
    """Up to 12 notes, fewer where they are long, and where the next page begins. Runs two queries."""
    if place := read_place(before):
        rows = rows.filter(Q(happened_at__lt=place[0]) | Q(happened_at=place[0], pk__lt=place[1]))
    number = ALL if whole else PAGE
    found = list(rows.order_by("-happened_at", "-pk")[: number + 1])
    shown, length = [], 0
    for note in found[:number]:
        length += len(note.text) + sum(len(one.text) for one in note.addenda.all())
        if shown and length > MOST_WORDS and not whole:
            break
        shown.append({"note": note, "at": note.happened_at, "folds": len(note.text) > SHORT, "start": _start(note)})
    last = shown[-1]["note"] if shown else None
    return shown, write_place(last.happened_at, last.pk) if last and len(shown) < len(found) else ""


def _start(note: Note) -> str:
    """The first words of a long note, which stand for it until it is unfolded."""
    words = " ".join(note.text.split())
    return words if len(words) <= SHORT else words[:SHORT].rpartition(" ")[0] + " …"


@roles(*WORKERS)
def addendum(request: StaffRequest, reference: str) -> HttpResponse:
    """Add to a note, which itself stays as it was."""
    note = find_part(request, Note.objects.visible_to(request.user), reference=reference)
    form = AddendumForm(sent(request))
    if done(request, form, partial(actions.add_addendum, note), "Addition saved"):
        place = write_place(note.happened_at, note.pk + 1)
        return redirect(f"{reverse('cases:notes', args=[note.case.reference])}?before={place}#{note.reference}")
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
