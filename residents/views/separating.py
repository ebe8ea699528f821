"""Two whole changes of a household, each with a page that says in words what will happen before it does."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.access import StaffRequest, open_record, roles
from accounts.models import User
from residents import actions
from residents.models import Household, Membership, Resident, United, behind_the_walls_of, in_danger_together
from residents.separated import became_one, began_apart
from residents.tie_forms import SeparateForm, UniteForm
from residents.views.choosing import ask_which, chosen, found_for
from residents.views.households import ASK_FIRST, leads_behind_a_wall
from residents.views.parts import PEOPLE, posted, refuse


def _home(request: StaffRequest, reference: str) -> Household:
    return open_record(Household.objects.visible_to(request.user), request, reference=reference)


def _members(user: User, home: Household) -> list[Membership]:
    """Who lives there now, as the reader may know. Runs one query."""
    rows = Membership.objects.visible_to(user).filter(household=home, until=None).select_related("resident")
    return list(rows.exclude(resident__in=behind_the_walls_of(home.pk)).order_by("since", "pk"))


@roles(*PEOPLE)
def separate(request: StaffRequest, reference: str) -> HttpResponse:
    """They separate: who goes where from a day on; then a page that says it; then it is done."""
    home = _home(request, reference)
    members = _members(request.user, home)
    form = SeparateForm(posted(request), members=members)
    if form.is_valid():
        parts = {"moving": form.going(form.MOVE), "both": form.going(form.BOTH)}
        given = {"on": form.cleaned_data["on"], **parts}
        try:
            if "confirmed" not in request.POST:
                _try(actions.separate_household, home, request, **given)
                return _confirm(request, home, form, _said_apart(form), "They separate")
            new = actions.separate_household(home, **given, by=request.user)
        except ValidationError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, "The new household has begun.")
            return redirect(f"{reverse('residents:household_page', args=[new.reference])}?separated={reference}")
    return render(request, "residents/household_separate.html", {"home": home, "members": members, "form": form})


def _said_apart(form: SeparateForm) -> list[str]:
    """The separation in sentences."""
    day = _said(form)
    moving, both, stay = (form.going(where) for where in (form.MOVE, form.BOTH, form.STAY))
    lines = [f"{_names(moving)} {_are(moving)} in a new household from {day}, and in this one no longer."]
    if stay:
        lines.append(f"{_names(stay)} {'stays' if len(stay) == 1 else 'stay'} in this household.")
    if both:
        lines.append(f"{_names(both)} {_are(both)} in both households from {day}.")
    return lines


@roles(*PEOPLE)
def undo(request: StaffRequest, reference: str) -> HttpResponse:
    """Before a separation is undone, or why it cannot be: the household is no longer as it began."""
    home = _home(request, reference)
    old = began_apart(home)
    if old and not Household.objects.visible_to(request.user).filter(pk=old.pk).exists():
        old = None
    if old and request.method == "POST":
        try:
            actions.undo_separation(home, by=request.user)
        except ValidationError as refusal:
            messages.warning(request, " ".join(refusal.messages))
            return redirect("residents:household_page", reference)
        messages.success(request, "The separation is undone. Check where everybody lives now.")
        return redirect("residents:household_page", old.reference)
    lines = _said_back(_members(request.user, home), old) if old else []
    return render(request, "residents/household_undo.html", {"home": home, "lines": lines})


def _said_back(members: list[Membership], old: Household) -> list[str]:
    """What an undone separation means, in sentences. Names nobody of the other household."""
    return [
        f"{_names(members)} {_are(members)} in household {old.reference} again, as if nobody had left it.",
        "This household is empty then.",
        "Addresses, relationships and cases stay as they are now.",
    ]


@roles(*PEOPLE)
def unite(request: StaffRequest, reference: str) -> HttpResponse:
    """Two households become one: look for somebody of the other one; then a page that says it; then it is done."""
    home = _home(request, reference)
    members = _members(request.user, home)
    found = found_for(request, *(one.resident for one in members))
    form = UniteForm(posted(request), found=found)
    if form.is_valid():
        person = chosen(request)
        if person is None:
            form = ask_which(request, form, found, "Select the person whose household joins this one")
        elif (other := actions.household_of(person, timezone.localdate())) is None:
            form.add_error(
                _box(form), "This person has no household on record. Add them by “Change who they live with”"
            )
        elif leads_behind_a_wall(person, other, request.user):
            form.add_error(_box(form), ASK_FIRST)
        else:
            coming = _members(request.user, other)
            given = {"other": other, "moving": coming, "on": form.cleaned_data["on"]}
            try:
                if "confirmed" not in request.POST:
                    _try(actions.unite_households, home, request, **given)
                    lines = [
                        f"{_names(coming)} {_are(coming)} in this household from {_said(form)}.",
                        f"They live in household {other.reference} no longer; its story stays readable.",
                    ]
                    danger = in_danger_together([], [home.pk, other.pk])
                    if Resident.objects.visible_to(request.user).filter(pk__in=danger).exists():
                        lines.append("Somebody of them is in danger from somebody. Ask the duty manager first.")
                    return _confirm(request, home, form, lines, "Two households become one", other)
                actions.unite_households(home, **given, by=request.user)
            except ValidationError as refusal:
                refuse(form, refusal)
            else:
                messages.success(request, "The two households are one.")
                return redirect(f"{reverse('residents:household_page', args=[reference])}?joined={other.reference}")
    return render(request, "residents/household_unite.html", {"home": home, "members": members, "form": form})


@roles(*PEOPLE)
def undo_unite(request: StaffRequest, reference: str) -> HttpResponse:
    """Before two households are two again, or why they cannot be: something was built on the one that they became."""
    home = _home(request, reference)
    found = became_one(home)
    if found and not Household.objects.visible_to(request.user).filter(pk=found.other_id).exists():
        found = None
    if found and request.method == "POST":
        try:
            actions.undo_unite(home, by=request.user)
        except ValidationError as refusal:
            messages.warning(request, " ".join(refusal.messages))
            return redirect("residents:household_page", reference)
        messages.success(request, "The two households are two again. Check where everybody lives now.")
        return redirect("residents:household_page", reference)
    members = _members(request.user, home)
    context = {"home": home, "members": members, "lines": _said_two(members, found) if found else []}
    return render(request, "residents/household_undo_unite.html", context)


def _said_two(members: list[Membership], found: United) -> list[str]:
    """What it means that two households are two again, in sentences."""
    came = [one for one in members if one.pk in found.begun]
    stay = [one for one in members if one not in came]
    lines = []
    if came:
        lines.append(
            f"{_names(came)} {_are(came)} in household {found.other.reference} again, and in this one no longer."
        )
    if len(found.ended) > len(found.begun):
        lines.append(f"Who lived in both households lives in {found.other.reference} again, too.")
    if stay:
        lines.append(f"{_names(stay)} {'stays' if len(stay) == 1 else 'stay'} in this household.")
    return [*lines, "Addresses, relationships and cases stay as they are now."]


def _box(form: UniteForm) -> str:
    """Where a person was chosen: in the list, or, where no list is shown, by the words."""
    return "other" if "other" in form.fields else "words"


def _try(act: Any, home: Household, request: StaffRequest, **given: Any) -> None:
    """Whether it would be let through: done, and undone at once. Raises ValidationError as the verb itself does."""
    with transaction.atomic():
        act(home, **given, by=request.user)
        transaction.set_rollback(True)


def _confirm(
    request: StaffRequest, home: Household, form: Any, lines: list[str], heading: str, other: Household | None = None
) -> HttpResponse:
    """What will happen, in words, with what was typed kept for the button that does it."""
    left_out = {"csrfmiddlewaretoken", "once", "confirmed"}
    kept = [(name, value) for name, value in form.data.items() if name not in left_out]
    context = {"home": home, "heading": heading, "lines": lines, "kept": kept, "other": other}
    return render(request, "residents/household_confirm.html", context)


def _names(rows: list[Membership]) -> str:
    names = [one.resident.name for one in rows]
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names) or "Nobody"


def _are(rows: list[Membership]) -> str:
    return "lives" if len(rows) == 1 else "live"


def _said(form: Any) -> str:
    day = form.cleaned_data["on"]
    return f"{day.day} {day:%B %Y}"
