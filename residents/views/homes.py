"""One household: who lives and lived there, what they are to each other, who matters elsewhere, the work, and its story."""

from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from accounts.access import StaffRequest, open_record, roles
from ledger.gathered import gather
from ledger.references import read_reference
from residents.filters import HomeStoryFilter
from residents.identity import said_age
from residents.models import (
    ChronologyEntry,
    Household,
    Involvement,
    Membership,
    PersonWhoMatters,
    Relationship,
    Resident,
    United,
    Warning,
    in_danger_at,
    walls_of_home,
)
from residents.picture import Picture, Someone, Tie, picture_of
from residents.views.parts import PEOPLE
from residents.views.relationships import TIE
from residents.views.telling import A_PAGE, ALL, month_of, read_place, write_place

PERSON = ("name", "preferred_name", "reference", "born_on", "birth", "died_on")
PART = Membership.Part
# In which row of the picture somebody stands of whom no relationship tells.
LEVELS = {PART.CHILD: 1, PART.GRANDPARENT: -1}
MOST_TOLD = 30  # a separation is told in fewer stories; a household of which more is told has been worked with
RELATION = PersonWhoMatters.Relation
ABOVE = {RELATION.PARENT: "parent", RELATION.GRANDPARENT: "grandparent"}
BELOW = {RELATION.CHILD: "parent", RELATION.GRANDCHILD: "grandparent"}
BESIDE = {RELATION.PARTNER: "partner", RELATION.FORMER: "former_partner", RELATION.SIBLING: "sibling"}


@roles(*PEOPLE, methods=("GET",))
def household(request: StaffRequest, reference: str) -> HttpResponse:
    """Everything about a household that the reader may know; nobody behind the wall of one of its members."""
    home = open_record(Household.objects.visible_to(request.user), request, reference=reference)
    hidden = walls_of_home(home.pk)
    rows = rows_of(request, home, hidden)
    today = timezone.localdate()
    now = [one for one in rows["members"] if one.until is None]
    context = {
        "home": home,
        "name": name_of(now),
        "warnings": _warnings(rows),
        "members": [_said(one, rows, today) for one in now],
        "former": _former(rows["members"]),
        "elsewhere": rows["elsewhere"],
        "picture": picture(rows, today),
        "involvements": _once(rows["involvements"]),
        "next": _what_next(request, now),
        "undo": _may_undo(rows),
        "undo_unite": _may_undo_unite(rows),
        **_story(request, home, rows["members"], hidden),
    }
    return render(request, "residents/household_view.html", context)


def _former(members: list[Membership]) -> list[Membership]:
    """Who lived there; not what a merge ended on the day it began, where the same person lives there now."""
    now = {one.resident_id for one in members if one.until is None}
    return [one for one in members if one.until and not (one.until == one.since and one.resident_id in now)]


def _what_next(request: StaffRequest, members: list[Membership]) -> dict[str, Any]:
    """After people separated, or two households became one: what is still to be done, and the household whose cases stay."""
    for change in ("separated", "joined"):
        if reference := read_reference(request.GET.get(change, "")):
            other = Household.objects.visible_to(request.user).filter(reference=reference).first()
            return {"change": change, "other": other, "people": members} if other else {}
    return {}


def _may_undo(rows: dict[str, list[Any]]) -> bool:
    """Whether the household seems as it was when people separated; the page that undoes it looks closely."""
    members, told = rows["members"], rows["told"]
    if any(one.until for one in members) or len({one.since for one in members}) != 1 or len(told) == MOST_TOLD:
        return False
    return {one.verb for one in told} == {"separate_household"}


def _may_undo_unite(rows: dict[str, list[Any]]) -> bool:
    """Whether nothing seems to have happened since another household joined; the page that undoes it looks closely."""
    last = next(iter(rows["united"]), None)
    return last is not None and not any(one.written_at > last.at for one in rows["told"])


def rows_of(request: StaffRequest, home: Household, hidden: list[int]) -> dict[str, list[Any]]:
    """Everything about a household that its page lists, without who is `hidden` behind a wall. Runs one query."""
    user = request.user
    members = Membership.objects.visible_to(user).filter(household=home).exclude(resident__in=hidden)
    people = home.memberships.filter(until=None).values("resident")
    ties = Relationship.objects.visible_to(user).open().of(people).apart_from(hidden)
    elsewhere = PersonWhoMatters.objects.visible_to(user).filter(resident__in=people, until=None)
    involved = Involvement.objects.visible_to(user).filter(resident__in=people, until=None)
    others = Membership.objects.visible_to(user).filter(resident__in=people, until=None).exclude(household=home)
    warnings = Warning.objects.visible_to(user).in_force().filter(resident__in=people)
    danger = Resident.objects.visible_to(user).filter(pk__in=in_danger_at(home.pk)).exclude(pk__in=hidden)
    return gather(
        home,
        danger=danger.only("pk"),
        members=members.only("part", "since", "until", *(f"resident__{name}" for name in PERSON)).order_by(
            "since", "pk"
        ),
        ties=ties.only(*TIE, *(f"{side}__{name}" for side in ("first", "second") for name in PERSON)),
        elsewhere=elsewhere.exclude(resident__in=hidden).only(
            "name", "relation", "lives", "phone", "resident__name", "resident__reference"
        ),
        involvements=involved.exclude(resident__in=hidden).only(
            *("kind", "who", "what", "reference", "since", "organisation__name", "team__name", "user__name")
        ),
        others=others.exclude(household__memberships__resident__in=hidden).only("resident_id"),
        warnings=warnings.exclude(resident__in=hidden).only("kind", "resident__name"),
        told=home.chronology.order_by("-written_at").only("verb", "written_at")[:MOST_TOLD],
        united=United.objects.visible_to(user).standing().filter(household=home).only("at")[:1],
    )


def name_of(members: list[Membership]) -> str:
    """Amina Okafor and Sami Okafor; or the first two and how many more."""
    names = [one.resident.name for one in members]
    if len(names) > 3:
        return f"{', '.join(names[:2])} and {len(names) - 2} others"
    return _listed(names) or "Nobody now"


def _listed(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _warnings(rows: dict[str, list[Any]]) -> list[dict[str, str]]:
    return [{"text": f"{one.get_kind_display()}: {one.resident}", "colour": "red"} for one in rows["warnings"]]


def _said(one: Membership, rows: dict[str, list[Any]], today: date) -> dict[str, Any]:
    """A member, with what they are to the others who live there."""
    present = {row.resident_id for row in rows["members"] if row.until is None}
    ties = [tie for tie in rows["ties"] if not tie.sensitive and one.resident_id in (tie.first_id, tie.second_id)]
    to = [tie for tie in ties if tie.other(one.resident).pk in present]

    def by_label(tie: Relationship) -> str:
        return tie.said_from(one.resident)

    return {
        "row": one,
        "in_danger": any(row.pk == one.resident_id for row in rows["danger"]),
        "age": said_age(one.resident, today),
        "ties": [
            {"said": said, "who": _listed([tie.other(one.resident).name for tie in some])}
            for said, some in groupby(sorted(to, key=by_label), by_label)
        ],
        "two_homes": any(row.resident_id == one.resident_id for row in rows["others"]),
    }


def _once(rows: list[Involvement]) -> list[Involvement]:
    """Who works with several of them is named once."""
    return list(
        {
            (row.kind, row.user_id, row.organisation_id, row.team_id, row.who, row.reference): row for row in rows
        }.values()
    )


def picture(rows: dict[str, list[Any]], today: date) -> Picture:
    """The household drawn: its members, those they are related to elsewhere, and people who matter without a record."""
    people: dict[str, Someone] = {}
    two = {row.resident_id for row in rows["others"]}
    for row in rows["members"]:
        if row.until is None:
            words = [
                said_age(row.resident, today),
                row.get_part_display().lower(),
                "two homes" if row.resident_id in two else "",
            ]
            people[_key(row.resident)] = _someone(row.resident, words, generation=LEVELS.get(PART(row.part), 0))
    ties = [row for row in rows["ties"] if not row.sensitive]
    for row in ties:
        for one in (row.first, row.second):
            words = [said_age(one, today), "lives elsewhere" if not one.died_on else ""]
            people.setdefault(_key(one), _someone(one, words, here=False))
    drawn = [Tie(row.kind, _key(row.first), _key(row.second)) for row in ties]
    for number, row in enumerate(rows["elsewhere"]):
        tie = _tie_of(row, f"e{number}")
        if tie:
            words = row.get_relation_display().lower() if tie.kind in BESIDE.values() else "lives elsewhere"
            people[f"e{number}"] = Someone(f"e{number}", row.name, f"{words}", here=False)
            drawn.append(tie)
    return picture_of(people.values(), drawn, title="The household, and family elsewhere")


def _key(resident: Resident) -> str:
    return f"r{resident.pk}"


def _someone(one: Resident, words: list[str], *, here: bool = True, generation: int = 0) -> Someone:
    said = ", ".join(word for word in words if word)
    href = reverse("residents:resident", args=[one.reference])
    return Someone(_key(one), one.name, said, here, generation, f"{one.born_on or '9999'}", href)


def _tie_of(row: PersonWhoMatters, key: str) -> Tie | None:
    """The line to somebody without a record; none where they are no family."""
    relation, own = RELATION(row.relation), f"r{row.resident_id}"
    if relation in ABOVE:
        return Tie(ABOVE[relation], key, own)
    if relation in BELOW:
        return Tie(BELOW[relation], own, key)
    return Tie(BESIDE[relation], own, key) if relation in BESIDE else None


def _story(request: StaffRequest, home: Household, members: list[Membership], hidden: list[int]) -> dict[str, Any]:
    """One page of what happened to each member while they lived there, each event once. Runs one query."""
    people = list({row.resident_id: row.resident for row in members}.values())
    form = HomeStoryFilter(request.GET or None, people=people)
    kept: dict[str, Any] = form.cleaned_data if form.is_valid() else {}
    told = [row for row in members if not kept.get("person") or row.resident.reference == kept["person"]]
    rows = ChronologyEntry.objects.visible_to(request.user).filter(_while_there(told)).apart_from(hidden)
    if kept.get("kind"):
        rows = rows.filter(kind__startswith=f"{kept['kind']}.")
    if kept.get("significant"):
        rows = rows.filter(significant=True)
    place = read_place(request.GET.get("before", ""))
    if place:
        rows = rows.filter(Q(at__lt=place[0]) | Q(at=place[0], pk__lt=place[1]))
    whole = "whole" in request.GET
    number = ALL if whole else A_PAGE
    events: dict[Any, list[ChronologyEntry]] = {}
    for entry in rows.select_related("by").order_by("-at", "-pk")[: (number + 1) * max(len(people), 1)]:
        events.setdefault(entry.event, []).append(entry)
    shown, more = list(events.values())[:number], len(events) > number
    chosen = {name: str(value) for name, value in kept.items() if value}
    names = {one.pk: one.name for one in people}
    return {
        "filter": form,
        "filtered": bool(chosen),
        "clear": reverse("residents:household_page", args=[home.reference]),
        "months": [
            {"title": f"{month:%B %Y}", "entries": [_event(one, names) for one in some]}
            for month, some in groupby(shown, lambda one: month_of(one[0].at))
        ],
        "older": f"?{urlencode(chosen | {'before': write_place(shown[-1][-1].at, shown[-1][-1].pk)})}#chronology"
        if more
        else "",
        "whole": f"?{urlencode(chosen | {'whole': 'on'})}#chronology" if (more or place) and not whole else "",
        "newest": f"?{urlencode(chosen)}#chronology" if place else "",
    }


def _while_there(members: list[Membership]) -> Q:
    """Entries of each person from the day they came to the day they left, both included."""
    found = Q(pk__in=[])
    for row in members:
        mine = Q(resident=row.resident_id, at__gte=_morning(row.since))
        found |= mine & Q(at__lt=_morning(row.until + timedelta(days=1))) if row.until else mine
    return found


def _morning(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _event(entries: list[ChronologyEntry], names: dict[int, str]) -> dict[str, Any]:
    """An event, told once, with whom it is about where that is not everybody."""
    first = entries[0]
    about = [names[one.resident_id] for one in entries if one.resident_id in names]
    return {
        "heading": first.heading,
        "by": first.by,
        "when": first.at,
        "about": ", ".join(about) if len(about) < len(names) else "",
        "detail": first.detail,
        "significant": first.significant,
        "reference": first.reference,
        "entry": first,
    }
