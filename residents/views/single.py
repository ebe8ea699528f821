"""The single view: one person, everything that whoever reads may know, and the story that wrote itself."""

from datetime import datetime
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from accounts.access import StaffRequest, roles
from accounts.models import Role, User
from accounts.working_time import local_day
from ledger.gathered import GatheredOnce
from residents.filters import StoryFilter
from residents.identity import said_place, works_with
from residents.models import (
    NO_WALLS,
    ChronologyEntry,
    Household,
    Involvement,
    Merge,
    Resident,
    ResidentAddress,
    Warning,
    walls_of,
    without,
)
from residents.views.households import living_with
from residents.views.parts import PEOPLE, resident_of
from residents.views.relationships import TIE, ties_of
from residents.views.telling import A_PAGE, ALL, month_of, read_place, write_place


@roles(*PEOPLE, methods=("GET",))
def resident(request: StaffRequest, reference: str) -> HttpResponse:
    """Who they are, how to reach them, where and with whom they live, who works with them, and their chronology."""
    person = resident_of(request, reference)
    walls = walls_of(person.pk)
    rows = _rows_of(request, person, walls)
    context = {
        "resident": person,
        "warnings": sorted(rows["warnings"], key=lambda one: one.kind != Warning.Kind.DISCLOSURE),
        "proposed": rows["proposed"],
        "actions": [{"text": "Log a contact", "href": f"{reverse('triage:log')}?{urlencode({'resident': reference})}"}],
        "manages": request.user.role == Role.MANAGER,
        "phones": _present_first(rows["phones"]),
        "emails": _present_first(rows["emails"]),
        "places": _places(request, person, rows, walls["place"]),
        "members": rows["members"],
        "homes": list({one.household_id: one.household for one in rows["members"]}.values()),
        "ties": [
            {"said": one.said_from(person), "who": one.other(person)} for one in rows["ties"] if not one.sensitive
        ],
        "elsewhere": rows["elsewhere"],
        "dangers": [one.other(person) for one in rows["ties"] if one.sensitive and one.second_id == person.pk],
        "involvements": rows["involvements"],
        "merges": rows.get("merges", []),
        "kept_back": any(walls[name] for name in ("place", "phone", "email", "home")),
        **_story(request, person, walls, _agencies(rows["partners"])),
    }
    return render(request, "residents/resident_single.html", context)


def _asked(user: User, at: datetime, key: int) -> dict[str, QuerySet[Any]]:
    """Everything about someone that the page lists, what stands near a wall still among it."""
    own, person = ("since", "until"), Resident(pk=key)
    involved = person.involvements.filter(Q(until=None) | Q(kind=Involvement.Kind.PARTNER)).only(
        *("kind", "who", "what", "reference", *own),
        *("organisation__name", "organisation__reference", "team__name", "user__name"),
    )
    merges = Merge.objects.visible_to(user).standing().filter(stands_in=person).only("at")
    return {
        **({"merges": merges} if user.role == Role.MANAGER else {}),
        "warnings": person.warnings.in_force(),
        "proposed": Warning.objects.visible_to(user).proposed().filter(resident=person),
        "phones": person.phones.all(),
        "emails": person.emails.all(),
        "places": person.addresses.only(
            *("kind", "care_of", "tenure", "confidential", "safe_to_post", *own),
            *("address__lines", "address__postcode", "address__ward__name"),
        ),
        "members": living_with(user, person, NO_WALLS).only(
            *("part", *own),
            *(f"resident__{name}" for name in ("name", "reference", "born_on", "birth", "died_on")),
            "household__reference",
        ),
        "involvements": involved,
        "ties": ties_of(user, person, NO_WALLS).only(*TIE),
        "elsewhere": person.people_who_matter.filter(until=None).only("name", "relation", "lives"),
    }


ABOUT = GatheredOnce(Resident, _asked, days=local_day)


def _rows_of(request: StaffRequest, person: Resident, walls: dict[str, list[int]]) -> dict[str, list[Any]]:
    """Everything about someone that the page lists, without what `walls` keep back. Runs one query."""
    found, behind = ABOUT.rows(person.pk, request.user, timezone.now()), set(walls["behind"])
    found["phones"], found["emails"] = (
        without(found["phones"], walls["phone"]),
        without(found["emails"], walls["email"]),
    )
    at_home = [row for row in found["members"] if row.household_id not in walls["home"]]
    found["members"] = [row for row in at_home if row.resident_id not in behind]
    found["ties"] = [row for row in found["ties"] if not {row.first_id, row.second_id} & behind]
    found["partners"] = [row for row in found["involvements"] if row.kind == Involvement.Kind.PARTNER]
    found["involvements"] = [row for row in found["involvements"] if row.until is None]
    person._prefetched_objects_cache = {"warnings": found["warnings"]}  # the identity bar asks for them again
    person.in_danger = bool(walls["danger"])
    return found


def _present_first(rows: list[Any]) -> dict[str, list[Any]]:
    """Those that hold, and those of before: not what a merge ended on the day it began, where the same holds now."""
    now = [row for row in rows if row.until is None]
    held = {str(row) for row in now}
    return {
        "now": now,
        "former": [row for row in rows if row.until and not (row.until == row.since and str(row) in held)],
    }


def _places(
    request: StaffRequest, person: Resident, found: dict[str, list[Any]], kept_back: list[int]
) -> dict[str, list[Any]]:
    """Where they live and lived; a confidential address in full only for those who have reason to know it."""
    rows: list[ResidentAddress] = found["places"]
    knows = any(row.confidential for row in rows) and works_with(request.user, person, found["involvements"])
    said = []
    for row in rows:
        kept = row.pk in kept_back
        hidden = kept or (row.confidential and not knows)
        said.append({"row": row, "said": said_place(row, open_to_reader=knows, kept_back=kept), "hidden": hidden})
    return {
        "now": [one for one in said if one["row"].until is None],
        "former": [one for one in said if one["row"].until],
    }


def _agencies(partners: list[Involvement]) -> dict[str, tuple[str, list[str]]]:
    """The organisations that work or worked with them, by name, each with the references of its referrals."""
    found: dict[str, tuple[str, list[str]]] = {}
    known = [(row.organisation, row.reference) for row in partners if row.organisation]
    for organisation, reference in sorted(known, key=lambda one: one[0].name.casefold()):
        found.setdefault(organisation.reference, (organisation.name, []))[1].append(reference)
    return found


def _story(
    request: StaffRequest, person: Resident, walls: dict[str, list[int]], agencies: dict[str, tuple[str, list[str]]]
) -> dict[str, Any]:
    """One page of the chronology, newest first, by a place in the story and never by an offset. Runs one query."""
    form = StoryFilter(request.GET or None, agencies=[(key, name) for key, (name, _) in agencies.items()])
    kept: dict[str, Any] = form.cleaned_data if form.is_valid() else {}
    rows = ChronologyEntry.objects.filter(resident=person).apart_from(walls["behind"]).select_related("by")
    rows = rows.exclude(kind=Household._meta.label, household__in=walls["home"])
    if kept.get("kind"):
        rows = rows.filter(kind__startswith=f"{kept['kind']}.")
    if kept.get("agency"):
        rows = rows.filter(reference__in=agencies[kept["agency"]][1])
    if kept.get("significant"):
        rows = rows.filter(significant=True)
    place = read_place(request.GET.get("before", ""))
    if place:
        at, key = place
        rows = rows.filter(Q(at__lt=at) | Q(at=at, pk__lt=key))
    whole = "whole" in request.GET
    number = ALL if whole else A_PAGE
    entries = list(rows.order_by("-at", "-pk")[: number + 1])
    chosen = {name: str(value) for name, value in kept.items() if value}
    shown, more = entries[:number], len(entries) > number
    return {
        "filter": form,
        "filtered": bool(chosen),
        "clear": reverse("residents:resident", args=[person.reference]),
        "months": [
            {"title": f"{month:%B %Y}", "entries": list(some)}
            for month, some in groupby(shown, lambda one: month_of(one.at))
        ],
        "older": f"?{urlencode(chosen | {'before': write_place(shown[-1].at, shown[-1].pk)})}#chronology"
        if more
        else "",
        "whole": f"?{urlencode(chosen | {'whole': 'on'})}#chronology" if (more or place) and not whole else "",
        "newest": f"?{urlencode(chosen)}#chronology" if place else "",
    }
