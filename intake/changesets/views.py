"""Files of people: the list of imports, one file with its rows, one row beside what we hold, and what is asked before many change."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Exists, OuterRef, QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.access import StaffRequest, open_record, roles
from accounts.models import Role
from intake.changesets import actions
from intake.changesets.columns import guess
from intake.changesets.differing import differences, held_by
from intake.changesets.facts import birth_in
from intake.changesets.forms import ColumnsForm, DecisionForm, UploadForm
from intake.changesets.journal import builds_on, in_words
from intake.models import Changeset, ProposedChange, QuarantinedMatch
from ledger import trail
from ledger.acting import reading_as_system
from ledger.said import counted
from residents.identity import said_birth
from residents.models import Resident

A_PAGE, FILES_SHOWN, MOST_PAGES = 20, 50, 1_000
State, Verdict = ProposedChange.State, ProposedChange.Verdict
BUSY = (Changeset.Status.READING, Changeset.Status.TAKING, Changeset.Status.UNDOING)
SETTLED = (Verdict.UNCHANGED, Verdict.REFUSED)
OVER = (Changeset.Status.UNDONE, Changeset.Status.DISCARDED)
COLOURS = {"new": "blue", "matched": "green", "conflicting": "yellow", "unchanged": "grey", "refused": "red"}
_TABS = (
    ("waiting", "To look at"),
    ("conflicting", "To be decided"),
    ("matched", "Matched"),
    ("new", "New"),
    ("refused", "Refused"),
    ("accepted", "Taken in"),
    ("rejected", "Turned down"),
    ("unchanged", "Nothing new"),
    ("undone", "Undone"),
    ("left", "Left"),
)


def _one(request: StaffRequest, reference: str) -> Changeset:
    changesets = Changeset.objects.visible_to(request.user).select_related("made_by")
    return open_record(changesets, request, reference=reference.upper())


def _posted(request: StaffRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


@roles(Role.MANAGER, methods=("GET",))
def changesets(request: StaffRequest) -> HttpResponse:
    """Files of people, the last one first."""
    waits = ProposedChange.objects.visible_to(request.user).filter(changeset=OuterRef("pk"), state=State.WAITING)
    rows = Changeset.objects.visible_to(request.user).select_related("made_by").annotate(waits=Exists(waits))
    return render(request, "intake/changeset_list.html", {"rows": rows[:FILES_SHOWN]})


@roles(Role.MANAGER)
def begin(request: StaffRequest) -> HttpResponse:
    """Send a file."""
    form = UploadForm(_posted(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        made = actions.begin_changeset(form.sheet, source=" ".join(given["source"].split()), file=given["file"].name, by=request.user)  # fmt: skip
        return redirect("intake:changeset_columns", reference=made.reference)
    return render(request, "intake/changeset_new.html", {"form": form})


@roles(Role.MANAGER)
def columns(request: StaffRequest, reference: str) -> HttpResponse:
    """Say what each column holds."""
    found = _one(request, reference)
    if not found.can("choose_columns"):
        return redirect("intake:changeset", reference=found.reference)
    first = ProposedChange.objects.visible_to(request.user).filter(changeset=found).order_by("number")[:3]
    examples = [row.cells for row in first]
    form = ColumnsForm(_posted(request), headings=found.columns, examples=examples, mapping=guess(found.columns))
    if request.method == "POST" and form.is_valid():
        actions.choose_columns(found, mapping=form.mapping, by=request.user)
        return redirect("intake:changeset", reference=found.reference)
    return render(
        request, "intake/changeset_columns.html", {"changeset": found, "form": form, "before": _before(request, found)}
    )


def _before(request: StaffRequest, found: Changeset) -> Changeset | None:
    """The very same file, where it was sent before and is still here."""
    same = Changeset.objects.visible_to(request.user).filter(source=found.source, checksum=found.checksum)
    gone = [Changeset.Status.UNDONE, Changeset.Status.DISCARDED]
    return same.filter(pk__lt=found.pk).exclude(status__in=gone).first()


@roles(Role.MANAGER, methods=("GET",))
def changeset(request: StaffRequest, reference: str) -> HttpResponse:
    """One file: how many rows stand where, and the rows."""
    found = _one(request, reference)
    rows = ProposedChange.objects.visible_to(request.user).filter(changeset=found).exclude(verdict=Verdict.UNREAD)
    totals = _counts(rows.order_by().values_list("state", "verdict").annotate(many=Count("pk")))
    tabs = [(key, text) for key, text in _TABS if totals.get(key) or (key == "waiting" and found.status not in OVER)]
    over = found.status in OVER and next((key for key in ("undone", "left") if totals.get(key)), "")
    show = request.GET.get("show", over or "waiting")
    show = show if show in dict(_TABS) else "waiting"
    page = _page(request)
    some = list(_shown(rows, show).select_related("resident")[(page - 1) * A_PAGE : page * A_PAGE + 1])
    trail.record(
        "list", found, by=request.user, about=[row.resident.reference for row in some[:A_PAGE] if row.resident]
    )
    bulk = sum(totals.get(key, 0) for key in ("new", "matched"))
    context = {
        "changeset": found,
        "rows": [_row(row) for row in some[:A_PAGE]],
        "tabs": [{"text": text, "href": f"?show={key}", "active": key == show, "count": totals.get(key)} for key, text in tabs],
        "newer": f"?show={show}&page={page - 1}" if page > 1 else "",
        "older": f"?show={show}&page={page + 1}" if len(some) > A_PAGE else "",
        "bulk": counted(bulk, "row") if bulk and found.can("begin_taking") else "",
        "decided": found.status == Changeset.Status.READY and not totals["waiting"],
        "accepted": totals.get("accepted", 0),
        "busy": found.status in BUSY,
        "read": any(totals.values()),
        "building": in_words(found, found.building, by=request.user),
    }  # fmt: skip
    return render(request, "intake/changeset.html", context)


def _counts(changes: Iterable[tuple[str, str, int]]) -> dict[str, int]:
    """How many rows stand under which heading of the file's page."""
    found: dict[str, int] = {State.WAITING: 0}
    for state, verdict, many in changes:
        by_verdict = state == State.WAITING or (state == State.LEFT and verdict in SETTLED)
        headings = {verdict if by_verdict else state} | ({State.WAITING} if state == State.WAITING else set())
        for key in headings:
            found[key] = found.get(key, 0) + many
    return found


def _page(request: StaffRequest) -> int:
    asked = request.GET.get("page", "1")
    return min(max(int(asked), 1), MOST_PAGES) if asked.isdigit() and len(asked) < 6 else 1


def _shown(rows: QuerySet[ProposedChange], show: str) -> QuerySet[ProposedChange]:
    if show == "waiting":
        return rows.filter(state=State.WAITING)
    if show in (State.ACCEPTED, State.REJECTED, State.UNDONE):
        return rows.filter(state=show)
    if show == State.LEFT:
        return rows.filter(state=show).exclude(verdict__in=SETTLED)
    return rows.filter(verdict=show, state=State.LEFT if show in SETTLED else State.WAITING)


def _row(change: ProposedChange) -> dict[str, Any]:
    by_verdict = change.state == State.WAITING or (change.state == State.LEFT and change.verdict in SETTLED)
    return {
        "change": change,
        "name": change.facts.get("name", ""),
        "born": str(birth_in(change.facts)) if change.facts.get("born") else "",
        "says": change.get_verdict_display() if by_verdict else change.get_state_display(),
        "colour": COLOURS.get(change.verdict, "grey") if by_verdict else "grey",
        "ours_born": said_birth(change.resident) if change.resident else "",
    }


@roles(Role.MANAGER)
def change(request: StaffRequest, reference: str, number: int) -> HttpResponse:
    """One row beside what we hold of who may be meant, and what becomes of it."""
    rows = ProposedChange.objects.visible_to(request.user).select_related("changeset", "resident", "repeats__resident")
    found = open_record(rows, request, changeset__reference=reference.upper(), number=number)
    people = _people(found, request)
    beside = _beside(found, people, request)
    ours = held_by([beside.pk])[beside.pk] if beside else None
    lines = differences(found.facts, ours) if found.facts.get("name") else []
    repeats = found.repeats.number if found.repeats and found.state == State.WAITING else None
    form = None
    if found.state == State.WAITING and found.changeset.can("begin_taking"):
        form = DecisionForm(
            _posted(request), into=f"{beside.name}, {beside.reference}" if beside else "", repeats=repeats, lines=lines
        )
    if request.method == "POST":
        if form is None:
            messages.error(request, "This row is decided already.")
            return redirect("intake:changeset", reference=found.changeset.reference)
        if form.is_valid() and (answer := _decide(request, found, beside, form)):
            return answer
    context = {
        "change": found,
        "row": _row(found),
        "lines": lines,
        "beside": beside,
        "people": [_candidate(found, one, beside) for one in people],
        "quarantined": QuarantinedMatch.objects.visible_to(request.user)
        .filter(change=found)
        .select_related("resident"),
        "form": form,
    }
    return render(request, "intake/change.html", context)


def _people(change: ProposedChange, request: StaffRequest) -> list[Resident]:
    """The candidates whom the person may see, likeliest first; that they were shown stands in the trail."""
    order = [one["id"] for one in change.candidates]
    wanted = {*order, *filter(None, (change.resident_id, change.repeats and change.repeats.resident_id))}
    if not wanted:
        return []
    rows = Resident.objects.visible_to(request.user).filter(pk__in=wanted)
    people = list(rows)
    trail.record("look_at_candidates", change, by=request.user, about=[one.reference for one in people])
    return sorted(people, key=lambda one: order.index(one.pk) if one.pk in order else -1)


def _beside(change: ProposedChange, people: list[Resident], request: StaffRequest) -> Resident | None:
    asked = request.GET.get("with", "").upper()
    if chosen := next((one for one in people if one.reference == asked), None):
        return chosen
    if change.resident_id:
        return next((one for one in people if one.pk == change.resident_id), None)
    return people[0] if people else None


def _candidate(change: ProposedChange, person: Resident, beside: Resident | None) -> dict[str, Any]:
    said = next(
        (one for one in change.candidates if one["id"] == person.pk), {"agrees": [], "differs": [], "chance": None}
    )
    return {"person": person, "born": said_birth(person), "chosen": person == beside, "agrees": said["agrees"], "differs": said["differs"]}  # fmt: skip


def _decide(request: StaffRequest, change: ProposedChange, beside: Resident | None, form: DecisionForm) -> HttpResponse | None:  # fmt: skip
    """Carry out the decision; nothing where it was refused, with the reason on the form."""
    by, at, choice = request.user, timezone.now(), form.cleaned_data["decision"]
    try:
        if choice == form.REJECT:
            done = actions.reject_change(change, reason=form.cleaned_data["reason"], by=by, at=at)
        elif choice == form.APART:
            done = actions.part_rows(change, by=by)
        else:
            into = beside if choice == form.INTO else None
            done = actions.accept_change(change, into=into, take=form.take, by=by, at=at)
    except ValidationError as refusal:
        form.add_error(None, refusal.messages)
        return None
    if done.state == State.WAITING:
        messages.info(request, f"Row {done.number}: {done.reason}.")
        return redirect("intake:change", reference=change.changeset.reference, number=change.number)
    if done.verdict == Verdict.REFUSED:
        messages.error(request, done.reason)
    else:
        messages.success(request, f"Row {done.number}: {done.get_state_display().lower()}.")
    return _next(request, change)


def _next(request: StaffRequest, change: ProposedChange) -> HttpResponse:
    """On to the next row that must be decided; after the last one to the file."""
    rows = ProposedChange.objects.visible_to(request.user).filter(changeset=change.changeset, state=State.WAITING)
    rest = rows.filter(verdict=Verdict.CONFLICTING).order_by("number")
    number = rest.filter(number__gt=change.number).values_list("number", flat=True).first()
    if number is None:
        return redirect("intake:changeset", reference=change.changeset.reference)
    return redirect("intake:change", reference=change.changeset.reference, number=number)


@roles(Role.MANAGER)
def accept(request: StaffRequest, reference: str) -> HttpResponse:
    """Before all rows that need no decision are taken in."""
    found = _one(request, reference)
    if request.method == "POST":
        return _carried_out(
            request, found, actions.accept_waiting, "The rows are taken in. What must be decided stays."
        )
    rows = ProposedChange.objects.visible_to(request.user).filter(changeset=found, state=State.WAITING)
    many = {key: rows.filter(verdict=key).count() for key in (Verdict.NEW, Verdict.MATCHED)}
    words = {
        "heading": "Take in all rows that need no decision?",
        "consequences": [
            f"{counted(many[Verdict.NEW], 'record')} will be begun",
            f"{counted(many[Verdict.MATCHED], 'row')} will be added to records that we hold, or to the record of an earlier row",
            "Nothing of ours is overwritten",
            "Phone numbers, email addresses and post count as not safe until somebody has asked",
        ],
        "submit": "Take them in",
    }  # fmt: skip
    return _ask(request, found, words)


@roles(Role.MANAGER)
def undo(request: StaffRequest, reference: str) -> HttpResponse:
    """Before a whole import is undone, or why it cannot be."""
    found = _one(request, reference)
    if request.method == "POST":
        return _carried_out(request, found, actions.undo_changeset, "The import is undone. Every record is as it was.")
    with reading_as_system("system:import"):
        many = found.changes.filter(state=State.ACCEPTED).count()
        building = builds_on(found) if many <= actions.IN_THE_REQUEST else []
    building = in_words(found, building, by=request.user)
    words = {
        "heading": "Undo the whole import?",
        "text": f"{counted(many, 'row')} of it {'is' if many == 1 else 'are'} taken in. Records that it began go, and what it added or changed is put back as it was.",
        "consequences": [] if many <= actions.IN_THE_REQUEST else [
            "First it is checked that nobody has worked with its records since",
            "With so many rows this goes on by itself for some minutes",
        ],
        "submit": "Undo the import",
        "warning": True,
    }  # fmt: skip
    if building or not many or found.status != Changeset.Status.READY:
        words |= {"heading": "The import cannot be undone", "text": _why_not(found, building), "consequences": building, "cannot": True}  # fmt: skip
    return _ask(request, found, words)


def _why_not(found: Changeset, building: list[str]) -> str:
    if building:
        return "People have worked with its records since. Nothing is undone while this builds on it:"
    return (
        "Nothing of it is taken in."
        if found.status == Changeset.Status.READY
        else f"It is now: {found.get_status_display().lower()}."
    )


@roles(Role.MANAGER)
def discard(request: StaffRequest, reference: str) -> HttpResponse:
    """Before what waits of a file is thrown away."""
    found = _one(request, reference)
    if request.method == "POST":
        return _carried_out(request, found, actions.discard_changeset, "The rest of the file is thrown away.")
    words = {
        "heading": "Throw away the rest of the file?",
        "text": "What the file says of people who were not taken in is deleted, of rows that were refused as well. Records that were taken in stay.",
        "submit": "Throw it away",
        "warning": True,
    }
    return _ask(request, found, words)


def _ask(request: StaffRequest, found: Changeset, words: dict[str, Any]) -> HttpResponse:
    context = {"changeset": found, "words": words, "back": reverse("intake:changeset", args=[found.reference])}
    return render(request, "intake/changeset_confirm.html", context)


def _carried_out(request: StaffRequest, found: Changeset, verb: Any, words: str) -> HttpResponse:
    try:
        done: Changeset = verb(found, by=request.user, at=timezone.now())
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect("intake:changeset", reference=found.reference)
    if done.status not in BUSY:  # the page itself says how far it is
        messages.success(request, words)
    return redirect("intake:changeset", reference=found.reference)
