"""What somebody is to others on record, and who matters to them elsewhere: recorded, corrected, ended."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render

from accounts.access import StaffRequest, roles
from accounts.models import User
from ledger.versions import StaleVersion
from residents import actions
from residents.models import Relationship, Resident, behind_the_wall, walls_of
from residents.models.ties import RelationshipQuerySet
from residents.tie_forms import (
    CorrectRelationshipForm,
    EndRelationshipForm,
    PersonWhoMattersForm,
    RelationshipForm,
)
from residents.views.choosing import ask_which, chosen, found_for
from residents.views.parts import PEOPLE, one_of, posted, refuse, resident_of, stale

TIE = ("kind", *(f"{side}__{name}" for side in ("first", "second") for name in ("name", "preferred_name", "reference")))


def ties_of(user: User, resident: Resident, walls: dict[str, list[int]]) -> RelationshipQuerySet:
    """What a resident is to others now, for the pages about them: nobody behind their walls, as `walls_of` gives them."""
    rows = Relationship.objects.visible_to(user).open().of([resident.pk])
    return rows.apart_from(walls["behind"])


@roles(*PEOPLE, methods=("GET",))
def relationships(request: StaffRequest, reference: str) -> HttpResponse:
    """Relationships now and before, and people who matter elsewhere."""
    resident = resident_of(request, reference)
    everything = Relationship.objects.visible_to(request.user).of([resident.pk]).filter(mistaken=False)
    rows = everything.apart_from(behind_the_wall(resident.pk)).select_related("first", "second", "recorded_by")
    said = [{"row": row, "said": row.said_from(resident), "who": row.other(resident)} for row in rows]
    people = list(resident.people_who_matter.all())
    context = {
        "resident": resident,
        "now": [one for one in said if one["row"].until is None],
        "former": [one for one in said if one["row"].until],
        "people": [one for one in people if one.until is None],
        "gone": [one for one in people if one.until],
    }
    return render(request, "residents/relationship_list.html", context)


@roles(*PEOPLE)
def add_relationship(request: StaffRequest, reference: str) -> HttpResponse:
    """Look for somebody, choose them, and say what they are to this person; an unlikely age is asked about once."""
    resident = resident_of(request, reference)
    found = found_for(request, resident)
    form = RelationshipForm(posted(request), found=found)
    unlikely: list[str] = []
    if form.is_valid():
        other = chosen(request)
        if other is None:
            form = ask_which(request, form, found, "Select the person")
        elif unlikely := _unlikely(form, resident, other):
            form = _sure(form, found, other)
        else:
            given = {name: form.cleaned_data[name] for name in ("side", "note", "since")}
            try:
                actions.add_relationship(resident, other=other, **given, by=request.user)
            except ValidationError as refusal:
                refuse(form, refusal)
            else:
                messages.success(request, _recorded(given["side"]))
                return redirect("residents:relationships", reference)
    context = {"resident": resident, "form": form, "unlikely": unlikely}
    return render(request, "residents/relationship_new.html", context)


def _unlikely(form: RelationshipForm, resident: Resident, other: Resident) -> list[str]:
    """What is hard to believe, unless it was said of these two that it is right."""
    if form.cleaned_data["sure"] == f"{other.reference} {form.cleaned_data['side']}":
        return []
    return actions.doubts(resident, other, form.cleaned_data["side"])


def _sure(form: RelationshipForm, found: list[Any], other: Resident) -> RelationshipForm:
    """The same form, to be sent again on purpose."""
    typed = form.data.copy()  # type: ignore[attr-defined]
    typed["sure"] = f"{other.reference} {form.cleaned_data['side']}"
    again = RelationshipForm(typed, found=found)
    again.is_valid()
    return again


def _recorded(side: str) -> str:
    if side.startswith("alleged"):
        return "Recorded. Only those who work with the victim see who it is, and the other record tells nothing of it."
    return "Relationship recorded."


@roles(*PEOPLE)
def correct_relationship(request: StaffRequest, reference: str, number: int) -> HttpResponse:
    """Say anew since when, and what is to be known; a stale form shows both texts."""
    resident = resident_of(request, reference)
    row = one_of(ties_of(request.user, resident, walls_of(resident.pk)).select_related("first", "second"), number)
    now = {"note": row.note, "since": row.since, "seen": row.version}
    form, both = CorrectRelationshipForm(posted(request), initial=now), []
    if form.is_valid():
        given = dict(form.cleaned_data)
        try:
            actions.correct_relationship(row, seen=given.pop("seen") or 0, **given, by=request.user)
        except StaleVersion as refusal:
            fresh: Any = refusal.current
            form, both = stale(form, refusal, {"note": fresh.note, "since": fresh.since}, fresh.version)
        except ValidationError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, "Relationship corrected.")
            return redirect("residents:relationships", reference)
    return _about(request, resident, row, form, "Correct this relationship", both)


@roles(*PEOPLE)
def end_relationship(request: StaffRequest, reference: str, number: int) -> HttpResponse:
    """Say until when it held, or that it never did."""
    resident = resident_of(request, reference)
    row = one_of(ties_of(request.user, resident, walls_of(resident.pk)).select_related("first", "second"), number)
    form = EndRelationshipForm(posted(request))
    if form.is_valid():
        try:
            actions.end_relationship(row, **form.cleaned_data, by=request.user)
        except ValidationError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, "Relationship ended.")
            return redirect("residents:relationships", reference)
    return _about(request, resident, row, form, "End this relationship", [])


def _about(
    request: StaffRequest, resident: Resident, row: Relationship, form: Any, heading: str, both: list[dict[str, str]]
) -> HttpResponse:
    said = {"said": row.said_from(resident), "who": row.other(resident)}
    context = {"resident": resident, "form": form, "heading": heading, "both": both, "tie": said, "row": row}
    return render(request, "residents/relationship_change.html", context)


@roles(*PEOPLE)
def add_person_who_matters(request: StaffRequest, reference: str) -> HttpResponse:
    """Write down somebody who matters and lives elsewhere."""
    resident = resident_of(request, reference)
    form = PersonWhoMattersForm(posted(request))
    if form.is_valid():
        given = {name: value for name, value in form.cleaned_data.items() if name != "seen"}
        try:
            actions.add_person_who_matters(resident, **given, by=request.user)
        except ValidationError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, "Recorded.")
            return redirect("residents:relationships", reference)
    context = {"resident": resident, "form": form, "heading": "Somebody who matters and lives elsewhere"}
    return render(request, "residents/relationship_change.html", context)


@roles(*PEOPLE)
def change_person_who_matters(request: StaffRequest, reference: str, number: int) -> HttpResponse:
    """Say anew who they are; a stale form shows both texts."""
    resident = resident_of(request, reference)
    person = one_of(resident.people_who_matter.filter(until=None), number)
    form, both = PersonWhoMattersForm(posted(request), initial=PersonWhoMattersForm.of(person)), []
    if form.is_valid():
        given = dict(form.cleaned_data)
        try:
            actions.change_person_who_matters(person, seen=given.pop("seen") or 0, **given, by=request.user)
        except StaleVersion as refusal:
            fresh: Any = refusal.current
            form, both = stale(form, refusal, PersonWhoMattersForm.of(fresh), fresh.version)
        except ValidationError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, "Changed.")
            return redirect("residents:relationships", reference)
    context = {"resident": resident, "form": form, "both": both, "heading": "Change who matters"}
    return render(request, "residents/relationship_change.html", context)


@roles(*PEOPLE)
def end_person_who_matters(request: StaffRequest, reference: str, number: int) -> HttpResponse:
    """Take them off the list, after a page that asks."""
    resident = resident_of(request, reference)
    person = one_of(resident.people_who_matter.filter(until=None), number)
    if request.method == "POST":
        try:
            actions.end_person_who_matters(person, by=request.user)
        except ValidationError as refusal:
            messages.warning(request, " ".join(refusal.messages))
        else:
            messages.success(request, "Taken off the list.")
        return redirect("residents:relationships", reference)
    return render(request, "residents/relationship_end_person.html", {"resident": resident, "person": person})
