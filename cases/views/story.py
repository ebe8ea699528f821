"""The household's story: what happened, by month, each event told once although it stands on several records."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from accounts.access import StaffRequest, roles
from accounts.models import User
from cases.models import Case, Note
from cases.views.frame import WORKERS, find_case, list_of, members_of_case, page
from ledger.among import Among
from residents.models import ChronologyEntry, Involvement, Resident, walls_of_home
from residents.views.telling import A_PAGE, ALL, read_place, write_place

KINDS = {
    "notes": ("Notes", ("cases.Note",)),
    "front-door": ("The front door", ("intake.", "triage.")),
    "plan": ("Plan and reviews", ("cases.PlanNeed", "cases.PlanAction", "cases.Review")),
    "partners": ("Partners", ("referrals.", "cases.CaseAgency")),
    "housing-money": ("Housing and money", ("cases.Placement", "cases.IncomeGain")),
    "case": ("Steps of the case", ("cases.Case",)),
    "record": ("Their record", ("residents.",)),
}


class StoryForm(forms.Form):
    """Which part of the story is shown; the choices of people and agencies are the case's own."""

    kind = forms.ChoiceField(
        label="What", required=False, choices=[("", "Everything"), *((key, said[0]) for key, said in KINDS.items())]
    )
    person = forms.ChoiceField(label="About", required=False)
    agency = forms.ChoiceField(label="Agency", required=False)
    significant = forms.BooleanField(label="Significant events only", required=False)

    def __init__(self, *args: Any, people: list[Resident], agencies: Iterable[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["person"].choices = [("", "Everybody"), *((one.reference, one.name) for one in people)]
        self.fields["agency"].choices = [("", "Any"), *agencies]


@roles(*WORKERS, methods=("GET",))
def story(request: StaffRequest, reference: str) -> HttpResponse:
    """The story by month, filtered by what the address says, 15 events a page. Runs three queries for it."""
    case = find_case(request, reference)
    people = [one.resident for one in members_of_case(case)]
    partners = _partners(people)
    form = StoryForm(request.GET, people=people, agencies=[(key, name) for key, (name, _) in partners.items()])
    kept = {name: value for name, value in form.cleaned_data.items() if value} if form.is_valid() else {}
    about = [one for one in people if one.reference == kept.get("person")] or people
    rows = _filtered(_entries(request.user, case, about, people), kept, partners)
    whole = "whole" in request.GET
    events, following = _page(rows, len(about), request.GET.get("before", ""), ALL if whole else A_PAGE)
    asked = {name: str(value) for name, value in kept.items()}
    if came := list_of(request):
        asked["list"] = came[1:]
    here = reverse("cases:story", args=[reference])
    context = {
        "form_": form,
        "filtered": bool(kept),
        "months": by_month(_told(events, people, _words(case, events)), "when"),
        "older": f"{here}?{urlencode(asked | {'before': following})}" if following else "",
        "newer": f"{here}?{urlencode(asked)}" if request.GET.get("before") else "",
        "whole": f"{here}?{urlencode(asked | {'whole': 'on'})}" if following and not whole else "",
    }
    return page(request, case, "cases/story_view.html", "story", **context)


def latest(user: User, case: Case, people: list[Resident], number: int) -> list[dict[str, Any]]:
    """The newest events, for the overview. Runs two queries."""
    events, _ = _page(_entries(user, case, people, people), len(people), "", number)
    return _told(events, people, {})


def by_month(entries: list[dict[str, Any]], moment: str) -> list[dict[str, Any]]:
    """Entries that are in order, under November 2026 and so on."""
    groups = groupby(entries, key=lambda one: f"{timezone.localtime(one[moment]):%B %Y}")
    return [{"name": name, "entries": list(found)} for name, found in groups]


def _entries(user: User, case: Case, about: list[Resident], people: list[Resident]) -> QuerySet[ChronologyEntry]:
    """What happened to those `about` whom it is asked and whom the reader may open; nobody behind a wall of the household who is not on the case now."""
    open_ = Resident.objects.visible_to(user).filter(pk__in=[one.pk for one in about])
    found = ChronologyEntry.objects.filter(Among("resident_id", open_.values("pk")))
    found = found.apart_from(walls_of_home(case.household_id), but=people)
    return found.select_related("by").order_by("-at", "-pk")


def _partners(people: list[Resident]) -> dict[str, tuple[str, list[str]]]:
    """The partners who work or worked with these people, with the references of their referrals. Runs one query."""
    rows = Involvement.objects.filter(resident__in=people, kind=Involvement.Kind.PARTNER, organisation__isnull=False)
    found: dict[str, tuple[str, list[str]]] = {}
    for key, name, reference in rows.order_by("organisation__name").values_list(
        "organisation__reference", "organisation__name", "reference"
    ):
        found.setdefault(key, (name, []))[1].append(reference)
    return found


def _filtered(
    rows: QuerySet[ChronologyEntry], kept: dict[str, Any], partners: dict[str, tuple[str, list[str]]]
) -> QuerySet[ChronologyEntry]:
    if kept.get("kind"):
        wanted = Q()
        for prefix in KINDS[kept["kind"]][1]:
            wanted |= Q(kind__startswith=prefix) if prefix.endswith(".") else Q(kind=prefix)
        rows = rows.filter(wanted)
    if kept.get("agency"):
        rows = rows.filter(reference__in=partners[kept["agency"]][1])
    return rows.filter(significant=True) if kept.get("significant") else rows


def _page(
    rows: QuerySet[ChronologyEntry], each: int, before: str, number: int = A_PAGE
) -> tuple[list[list[ChronologyEntry]], str]:
    """Up to so many events, each with its entries on the records of the household, and where the next page begins."""
    if place := read_place(before):
        rows = rows.filter(Q(at__lt=place[0]) | Q(at=place[0], pk__lt=place[1]))
    events: dict[Any, list[ChronologyEntry]] = {}
    for entry in rows[: (number + 1) * max(each, 1)]:
        events.setdefault(entry.event, []).append(entry)
    told = list(events.values())
    if len(told) <= number:
        return told, ""
    last = told[number - 1][-1]
    return told[:number], write_place(last.at, last.pk)


def _words(case: Case, events: list[list[ChronologyEntry]]) -> dict[str, str]:
    """The words of the notes among the events, to be unfolded. Runs one query."""
    references = [event[0].reference for event in events if event[0].kind == Note._meta.label]
    notes = Note.objects.filter(case=case, reference__in=references)
    return dict(notes.values_list("reference", "text")) if references else {}


def _told(events: list[list[ChronologyEntry]], people: list[Resident], words: dict[str, str]) -> list[dict[str, Any]]:
    names = {one.pk: str(one) for one in people}
    told = []
    for event in events:
        entry = event[0]
        on = [names[one.resident_id] for one in event if one.resident_id in names]
        told.append(
            {
                "heading": entry.heading,
                "by": entry.by,
                "when": entry.at,
                "about": ", ".join(on) if len(on) < len(people) else "",
                "detail": entry.detail,
                "words": words.get(entry.reference, "") if entry.kind == Note._meta.label else "",
                "significant": entry.significant,
                "reference": entry.reference,
                "entry": entry,
            }
        )
    return told
