"""Two records of one person: choosing them, comparing them, making them one, and making them two again. A manager's pages."""

from datetime import datetime
from typing import Any

from crispy_forms_gds.choices import Choice
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.access import StaffRequest, roles
from accounts.models import Role, User
from accounts.working_time import local_day
from ledger.acting import reading_as_system
from ledger.drafts import typed_before
from ledger.versions import StaleVersion
from residents import search
from residents.identity import row_of, said_birth
from residents.likely import pairs_of
from residents.merging import comparing, since
from residents.merging.actions import merge_residents, undo_merge
from residents.merging.forms import MergeForm, SamePersonForm, UndoForm
from residents.merging.why_not import ASK_UNDO, hidden_since, known_of, why_not
from residents.models import (
    Characteristics,
    ChronologyEntry,
    EmailAddress,
    LikelyPair,
    Merge,
    Phone,
    Resident,
    behind_the_wall,
    kept_back,
)
from residents.views.parts import posted, refuse, resident_of, residents_of
from residents.written import say_phone

_WHEN = (
    "received_at",
    "made_at",
    "opened_at",
    "added_at",
    "recorded_at",
    "claimed_on",
    "since",
    "at",
)  # the day of a row
MOST_ASKED = 40  # rows of what happened since that one page asks about


@roles(Role.MANAGER)
def choose(request: StaffRequest, reference: str) -> HttpResponse:
    """Look for the other record of the same person; and the merges of before, each with its way back."""
    person = resident_of(request, reference)
    found = _found(request, person) if request.method == "POST" else []
    form = SamePersonForm(posted(request), found=found)
    if form.is_valid():
        chosen = request.POST.get("other", "") or (found[0].value if len(found) == 1 else "")
        if chosen:
            return redirect("residents:merge_with", reference, chosen)
        form = _ask_which(request, form, found)
    merges = [_as_line(person, one) for one in comparing.merges_of(person)]
    return render(request, "residents/merge_choose.html", {"resident": person, "form": form, "merges": merges})


def _found(request: StaffRequest, person: Resident) -> list[Any]:
    rows = [row_of(one) for one in search.find(request.POST.get("words", ""), by=request.user)]
    return [
        Choice(
            row["resident"].reference,
            row["resident"].name,
            hint=f"{row['resident'].reference}, {_born(row)}, {row['place']}",
        )
        for row in rows[:10]
        if row["resident"].pk != person.pk
    ]


def _born(row: dict[str, Any]) -> str:
    return f"born {row['born']}" if row["born"] else "date of birth not known"


def _ask_which(request: StaffRequest, form: SamePersonForm, found: list[Any]) -> SamePersonForm:
    """Lay out whom the words fit. It is an error only when this list was seen before and nobody was chosen."""
    words = form.cleaned_data["words"]
    if not found:
        form.add_error("words", "No other record was found. Check the reference, or ask the duty manager")
        return form
    typed = request.POST.copy()
    typed["asked"] = words
    again = SamePersonForm(typed, found=found)
    again.full_clean()
    if form.cleaned_data["asked"] == words:
        again.add_error("other", "Select the other record of this person")
    return again


def _as_line(person: Resident, merge: Merge) -> dict[str, Any]:
    """One merge as the list shows it."""
    other = merge.survivor if merge.other_id == person.pk else merge.other
    return {"merge": merge, "other": other.reference, "stands": merge.undone_at is None}


@roles(Role.MANAGER)
def merge(request: StaffRequest, reference: str, other: str) -> HttpResponse:
    """Both records side by side, whose value is kept of each field, a page that asks once more, and done."""
    survivor, second = residents_of(request, reference, other)
    if survivor.pk == second.pk:
        messages.info(request, "That is this record. Choose another one.")
        return redirect("residents:merge", survivor.reference)
    lines, homes = comparing.compare(survivor, second, request.user)
    with reading_as_system(comparing.SYSTEM):
        known, goes_over = known_of(survivor, second), comparing.what_goes_over(second, request.user)
    if refusal := why_not(known, survivor, second, request.user):
        return _not_these(request, survivor, second, lines, refusal)
    draft = f"merge/{survivor.reference}"
    options: dict[str, Any] = {"lines": lines, "restricted": survivor.restricted or second.restricted, "homes": homes}
    first = {"seen": survivor.version, "other_seen": second.version, "why": known.said_same}
    if options["restricted"] and request.method == "GET":
        first["named"] = comparing.working_with(survivor, second)
    kept = typed_before(MergeForm, draft, by=request.user, **options) if request.method == "GET" else None
    form = MergeForm(posted(request), initial=first, **options)
    if kept:
        form = MergeForm(initial=first | kept.initial, **options)
    context = {
        "resident": survivor,
        "other": second,
        "lines": _beside(lines, form, survivor, second),
        "choosing": form.choosing,
        "form": form,
        "draft": draft,
        "restored": bool(kept),
        "goes_over": goes_over,
    }
    if form.is_valid() and request.POST.get("step") != "back":
        if request.POST.get("step") != "merge":
            return render(request, "residents/merge_confirm.html", {**context, **_last_word(request, survivor, second)})
        try:
            merge_residents(survivor, other=second, keep=form.keep, **_given(form), by=request.user, at=timezone.now())
        except StaleVersion as refusal:
            _shown_again(form, refusal, survivor, second)
        except ValidationError as refusal:
            refuse(form, refusal)
        else:
            words = f"{second.reference} and {survivor.reference} are one record now. You can undo this at any time."
            messages.success(request, words)
            return redirect("residents:resident", survivor.reference)
    return render(request, "residents/merge_compare.html", context)


def _not_these(request: StaffRequest, survivor: Resident, second: Resident, lines: list[Any], why: str) -> HttpResponse:
    """Both records side by side, and why they are not made one."""
    pair = LikelyPair.objects.visible_to(request.user).filter(pk__in=pairs_of(survivor, second)).first()
    sides = _beside(lines, None, survivor, second)
    context = {"resident": survivor, "other": second, "lines": sides, "refusal": why, "pair": pair}
    return render(request, "residents/merge_compare.html", context)


def _beside(lines: list[comparing.Line], form: MergeForm | None, *people: Resident) -> list[dict[str, Any]]:
    """The lines with both sides as the table shows them."""
    references = (people[0].reference, people[1].reference)
    found = []
    for line in lines:
        if form:
            sides = form.sides(line, references)
        else:
            sides = [
                {"value": value, "reference": one}
                for value, one in zip((line.mine, line.theirs), references, strict=True)
            ]
        found.append({"label": line.label, "name": line.name, "sides": sides})
    return found


def _last_word(request: StaffRequest, survivor: Resident, second: Resident) -> dict[str, Any]:
    """What the page that asks once more says beside the choices."""
    return {
        "may_open": comparing.who_may_open(survivor, second, request.user),
        "becomes_restricted": survivor.restricted != second.restricted,
    }


def _given(form: MergeForm) -> dict[str, Any]:
    given = form.cleaned_data
    return {name: given[name] for name in ("why", "seen", "other_seen", "named") if name in given}


def _shown_again(form: MergeForm, refusal: StaleVersion, survivor: Resident, second: Resident) -> None:
    """Somebody changed one of them: the page shows both as they are now, and what was chosen stays chosen."""
    form.add_error(None, refusal)
    form.data = form.data.copy()  # type: ignore[attr-defined]
    form.data.update({"seen": "", "other_seen": ""})
    form.data["seen"], form.data["other_seen"] = str(survivor.version), str(second.version)


@roles(Role.MANAGER)
def undo(request: StaffRequest, reference: str, merge: str) -> HttpResponse:
    """What has happened since two records were merged, what becomes of it, and the way back."""
    person = resident_of(request, reference)
    with reading_as_system(comparing.SYSTEM):
        there = since.merge_of(person, merge)
    if there is None:
        raise Http404
    found, happened, refusal = there
    if not refusal and hidden_since(happened, request.user):
        refusal = ASK_UNDO
    second = found.other.reference
    told = _told_of(happened, person, request.user)
    asked = [one for one in told if not one.follows]
    asked.sort(key=lambda one: isinstance(one.row, ChronologyEntry))
    changed = [Choice(one.key, _what_changed(one)) for one in happened.changed]
    form = UndoForm(posted(request), other=second, added=[_choice(one) for one in asked[:MOST_ASKED]], changed=changed)
    if not refusal and form.is_valid():
        try:
            undo_merge(found, choices=form.choices, why=form.cleaned_data["why"], by=request.user, at=timezone.now())
        except ValidationError as refused:
            refuse(form, refused)
        else:
            messages.success(request, f"{person.reference} and {second} are two records again, as they were.")
            return redirect("residents:resident", person.reference)
    context = {
        "resident": person,
        "merge": found,
        "other": second,
        "who": found.other,
        "born": said_birth(found.other),
        "form": form,
        "refusal": refusal,
        "follows": [_told(one) for one in told if one.follows],
        "more": max(len(asked) - MOST_ASKED, 0),
        "away": reverse("residents:merge", args=[person.reference]),
    }
    return render(request, "residents/merge_undo.html", context)


def _told_of(happened: since.Happened, person: Resident, by: User) -> list[since.Added]:
    """What was written since, without what stands in the story of somebody behind a wall too, or leads there. Runs up to three queries."""
    story = [one.row.pk for one in happened.added if isinstance(one.row, ChronologyEntry)]
    ways = {(Phone, "phone"), (EmailAddress, "email")}
    kept = {
        row
        for model, what in ways
        if any(isinstance(one.row, model) for one in happened.added)
        for row in model.objects.filter(pk__in=kept_back(what, [person.pk]))
    }
    happened.added = [one for one in happened.added if one.row not in kept]
    if not story:
        return happened.added
    rows = ChronologyEntry.objects.visible_to(by).filter(pk__in=story).apart_from(behind_the_wall(person.pk))
    seen = set(rows.values_list("pk", flat=True))
    return [one for one in happened.added if not isinstance(one.row, ChronologyEntry) or one.row.pk in seen]


def _told(one: since.Added) -> str:
    """A row that was written since, in words."""
    words = comparing.words_for(one.relation.label, 1)
    if isinstance(one.row, ChronologyEntry):
        return f"Chronology, {one.row.at.day} {one.row.at:%B %Y}: {one.row.heading}"
    return f"{words.capitalize()}: {_said(one.row)}"


def _said(row: Any) -> str:
    """What a row calls itself, and the day of what it tells."""
    said = say_phone(row.number) if isinstance(row, Phone) else str(row)
    when = next((getattr(row, name) for name in _WHEN if getattr(row, name, None)), None)
    day = local_day(when) if isinstance(when, datetime) else when
    return f"{said}, {day.day} {day:%B %Y}" if day else said


def _choice(one: since.Added) -> Any:
    return Choice(one.key, _told(one))


def _what_changed(one: since.Changed) -> str:
    """A row that was changed since, with what it said before the merge and says now."""
    words = comparing.words_for(one.model._meta.label, 1).capitalize()
    if one.model is Characteristics:  # no page of casework says them
        return f"{words}, changed since"
    fields = "; ".join(
        f"{str(one.model._meta.get_field(name).verbose_name).capitalize()} was {_value(was)}, is {_value(now)}"
        for name, (was, now) in one.columns.items()
    )
    return f"{words}. {fields}"


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"“{value}”" if value not in (None, "") else "empty"
