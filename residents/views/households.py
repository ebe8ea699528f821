"""Who lives with whom: joining by looking for someone, starting afresh, leaving."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.access import StaffRequest, roles
from accounts.models import User
from residents import actions
from residents.forms import LeaveForm, LiveWithForm
from residents.models import Household, Membership, Resident, in_danger_together, kept_back, walls_of
from residents.views.choosing import ask_which, chosen, found_for
from residents.views.parts import PEOPLE, one_of, posted, refuse, resident_of

ASK_FIRST = "Somebody there is in danger from somebody. Ask the duty manager, who can record it."


def living_with(user: User, resident: Resident, walls: dict[str, list[int]]) -> QuerySet[Membership]:
    """Everyone in the households that the resident lives in now and the reader may see, themselves included.

    Nobody behind the walls of the resident, and no household that would lead there, as `walls_of` gives them.
    """
    homes = Household.objects.visible_to(user).filter(memberships__in=resident.memberships.filter(until=None))
    homes = homes.exclude(pk__in=walls["home"])
    together = Membership.objects.filter(household__in=homes, until=None)
    return together.exclude(resident__in=walls["behind"]).order_by("household", "since", "pk")


def together_with(request: StaffRequest, resident: Resident) -> list[Membership]:
    """The same as rows. Runs two queries."""
    return list(living_with(request.user, resident, walls_of(resident.pk)).select_related("resident", "household"))


def leads_behind_a_wall(resident: Resident, household: Household, by: User) -> bool:
    """Whether this household of the resident is nothing that whoever acts may know of, so that they bring nobody there."""
    return Household.objects.visible_to(by).filter(pk=household.pk, pk__in=kept_back("home", [resident.pk])).exists()


def home_to_join(other: Resident, *, by: User) -> Household | None:
    """Where somebody lives now (begun, where nowhere is known), for whoever comes to live with them. Raises ValidationError behind a wall."""
    household = actions.household_of(other, timezone.localdate(), create=True, by=by)
    if household and leads_behind_a_wall(other, household, by):
        raise ValidationError(ASK_FIRST)
    return household


@roles(*PEOPLE)
def join(request: StaffRequest, reference: str) -> HttpResponse:
    """Look for someone, choose them, and live in their household from a day on."""
    resident = resident_of(request, reference)
    found = found_for(request, resident)
    form = LiveWithForm(posted(request), found=found)
    danger = False
    if form.is_valid():
        other = chosen(request)
        if other is None:
            form = ask_which(request, form, found, "Select the person whom they live with")
        elif danger := _in_danger(request, form, resident, other):
            typed = request.POST.copy()
            typed["sure"] = other.reference
            form = LiveWithForm(typed, found=found)
            form.is_valid()
        else:
            try:
                _join(request, resident, other, form.cleaned_data)
            except ValidationError as refusal:
                refuse(form, refusal)
            else:
                messages.success(request, "Household changed.")
                return redirect("residents:resident", reference)
    members = together_with(request, resident)
    context = {"resident": resident, "form": form, "members": members, "danger": danger}
    return render(request, "residents/resident_household.html", context)


def _in_danger(request: StaffRequest, form: LiveWithForm, resident: Resident, other: Resident) -> bool:
    """Whether somebody of those who would live together is in danger from somebody, unless it was said to be right."""
    if form.cleaned_data["sure"] == other.reference:
        return False
    home = actions.household_of(other, timezone.localdate())
    people = in_danger_together([resident.pk, other.pk], [home.pk] if home else [])
    return Resident.objects.visible_to(request.user).filter(pk__in=people).exists()


def _join(request: StaffRequest, resident: Resident, other: Resident, given: dict[str, Any]) -> None:
    since = given["since"] or timezone.localdate()
    household = home_to_join(other, by=request.user)
    if household is not None:
        actions.join_household(
            resident,
            household=household,
            part=given["part"],
            since=since,
            leave_present=not given["stay"],
            by=request.user,
        )


@roles(*PEOPLE)
def start(request: StaffRequest, reference: str) -> HttpResponse:
    """Begin a household of their own, after a page that asks."""
    resident = resident_of(request, reference)
    if request.method == "POST":
        actions.start_household(resident, by=request.user)
        messages.success(request, "Household begun.")
        return redirect("residents:resident", reference)
    members = together_with(request, resident)
    return render(request, "residents/resident_start_household.html", {"resident": resident, "members": members})


@roles(*PEOPLE)
def leave(request: StaffRequest, reference: str, number: int) -> HttpResponse:
    """Say from which day someone is gone from a household."""
    resident = resident_of(request, reference)
    homes = Household.objects.visible_to(request.user).exclude(pk__in=kept_back("home", [resident.pk]))
    membership = one_of(resident.memberships.filter(household__in=homes), number)
    form = LeaveForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.leave_household(membership, **form.cleaned_data, by=request.user)
        except ValidationError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, "They have left this household.")
            return redirect("residents:resident", reference)
    return render(request, "residents/resident_leave.html", {"resident": resident, "form": form})
