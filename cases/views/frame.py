"""What every page of a case has in common: the door, the bar with the household, and how a form is answered."""

from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from accounts.access import StaffRequest, open_record
from accounts.models import Role
from cases.models import Case, CaseMember
from ledger.requests import list_filters, list_shown
from ledger.versions import StaleVersion
from residents.models import Warning
from triage.tiers import Tier

WORKERS = (Role.CASEWORKER, Role.MANAGER)
MOST_NAMES = 3
ALLOCATING = "allocate"
"""What `list` says where somebody came from the decisions that wait for a lead."""
TABS = (
    ("case", "Overview"),
    ("plan", "Plan"),
    ("notes", "Notes"),
    ("story", "Story"),
    ("reviews", "Reviews"),
    ("people", "People"),
    ("housing", "Housing"),
    ("money", "Money"),
)
TIER_COLOURS = {Tier.INTERVENTION: "red", Tier.SUPPORT: "blue"}


def with_members(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Cases with all who are or were members, and their warnings in force: two queries more."""
    warnings = Prefetch("resident__warnings", queryset=Warning.objects.in_force(), to_attr="in_force")
    members = CaseMember.objects.select_related("resident").prefetch_related(warnings)
    return cases.select_related("lead", "team", "closure_reason").prefetch_related(Prefetch("members", members))


def find_case(request: StaffRequest, reference: str) -> Case:
    """The case, or 404. Runs four queries, one of them the trail's."""
    return open_record(with_members(Case.objects.visible_to(request.user)), request, reference=reference)


def find_part(request: StaffRequest, rows: QuerySet[Any], **which: Any) -> Any:
    """A row that belongs to a case, with the case, or 404."""
    return open_record(
        rows.select_related("case", "case__lead", "case__team", "case__closure_reason"), request, **which
    )


def members_of_case(case: Case) -> list[CaseMember]:
    """The present members, eldest first, with the warnings in force. Runs two queries unless the case brought them."""
    if "members" not in getattr(case, "_prefetched_objects_cache", {}):
        case = with_members(Case.objects.all()).get(pk=case.pk)
    present = [one for one in case.members.all() if one.until is None]
    return sorted(present, key=lambda one: (one.resident.born_on or date.max, one.pk))


def household_name(members: list[CaseMember]) -> str:
    """The names of the household, or how many more there are."""
    names = [str(one.resident) for one in members]
    if len(names) > MOST_NAMES:
        return f"{', '.join(names[: MOST_NAMES - 1])} and {len(names) - MOST_NAMES + 1} others"
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names) or "Restricted household"


def page(request: StaffRequest, case: Case, template: str, tab: str, **context: Any) -> HttpResponse:
    """A page of the case, under the bar that names the household. Runs two queries."""
    members = context.pop("members", None) or members_of_case(case)
    warnings = [
        {"text": f"{warning.get_kind_display()}: {one.resident}", "colour": "red"}
        for one in members
        for warning in one.resident.in_force
    ]
    facts = [
        {"label": "Tier", "value": case.get_tier_display()},
        {"label": "Led by", "value": case.lead.name},
        {"label": "Team", "value": case.team.name},
    ]
    if case.restricted:
        warnings.insert(0, {"text": "Restricted", "colour": "purple"})
    if not case.can("close"):
        facts.insert(0, {"label": "Status", "value": "Closed"})
    came = came_from(request)
    tabs = [
        {"text": text, "href": reverse(f"cases:{name}", args=[case.reference]) + came, "active": name == tab}
        for name, text in TABS
    ]
    bar = {"name": household_name(members), "facts": facts, "warnings": warnings, "tabs": tabs}
    bar |= _way_back(request, case) | {"here": tabs[0]["href"], "notes": tabs[2]["href"]}
    return render(
        request, template, {"case": case, "bar": bar, "members": members, "open": case.can("close"), **context}
    )


def _way_back(request: StaffRequest, case: Case) -> dict[str, str]:
    if list_shown(request).get("list") == ALLOCATING:
        return {"back": reverse("cases:awaiting"), "back_to": "Decisions waiting for a lead"}
    return {"back": f"{reverse('cases:cases')}{list_of(request)}#{case.reference}", "back_to": "Cases"}


def list_of(request: StaffRequest) -> str:
    """The filters of the list of cases from which somebody came."""
    return list_filters(request, ("whose", "status", "tier", "late", "after"))


def came_from(request: StaffRequest) -> str:
    """What the other pages of the case carry along, so that one can go back to the list as it was."""
    kept = ALLOCATING if list_shown(request).get("list") == ALLOCATING else list_of(request)[1:]
    return f"?{urlencode({'list': kept})}" if kept else ""


def sent(request: StaffRequest) -> Any:
    """What was posted, or None where the page was only asked for."""
    return request.POST if request.method == "POST" else None


def done(request: StaffRequest, form: forms.Form, act: Callable[..., Any], said: str) -> bool:
    """Whether the form was sent, well formed and not refused. A refusal goes into the form, in words.

    After a stale version the form keeps what was typed, takes the version of today and shows `form.current` beside it.
    """
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        act(**form.cleaned_data, by=request.user, at=timezone.now())
    except ValidationError as refusal:
        if isinstance(refusal, StaleVersion):
            form.data = form.data.copy()
            form.data["version"] = str(refusal.current.version)  # type: ignore[attr-defined]
            form.current = refusal.current  # type: ignore[attr-defined]
        form.add_error(None, refusal)
        return False
    messages.success(request, said)
    return True


def done_at_once(request: StaffRequest, act: Callable[..., Any], said: str) -> bool:
    """For a button without fields: does it, or says on the next page why not."""
    try:
        act(by=request.user, at=timezone.now())
    except ValidationError as refusal:
        messages.warning(request, " ".join(refusal.messages))
        return False
    messages.success(request, said)
    return True
