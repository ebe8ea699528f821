"""Beginning a record, and changing who someone is."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.access import StaffRequest, roles
from ledger.fields import PartialDate
from ledger.references import read_reference
from ledger.versions import StaleVersion
from residents import actions
from residents.forms import DetailsForm, RegisterForm
from residents.models import Resident
from residents.search import read_search
from residents.views.parts import PEOPLE, refuse, resident_of, stale, typed_before
from residents.written import say_phone


@roles(*PEOPLE)
def register(request: StaffRequest) -> HttpResponse:
    """Begin the record of a person; what was typed into the search box is carried over by POST."""
    lives_with = read_reference(request.POST.get("lives_with") or request.GET.get("lives_with", "")) or ""
    draft = f"resident/{lives_with}" if lives_with else "resident"
    if "carried" in request.POST:
        form = RegisterForm(initial=_carried(request.POST["carried"]))
    elif request.method == "POST":
        form = RegisterForm(request.POST)
    else:
        form = typed_before(request, RegisterForm, draft) or RegisterForm(initial={"lives_with": lives_with})
    if request.method == "POST" and form.is_valid():
        try:
            resident = _begin(request, form.cleaned_data)
        except ValidationError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, "Record begun.")
            return redirect("residents:resident", resident.reference)
    context = {"form": form, "draft": draft, "lives_with": lives_with, "restored": _restored(request, form)}
    return render(request, "residents/resident_form.html", context)


def _restored(request: StaffRequest, form: Any) -> bool:
    """Whether the form holds a draft that was typed before."""
    return request.method == "GET" and form.is_bound


def _carried(typed: str) -> dict[str, Any]:
    """What the search box held, laid out over the form."""
    asked = read_search(typed)
    name = asked.name.title() if asked.name.islower() or asked.name.isupper() else asked.name
    born = PartialDate(year=asked.year) if asked.year else PartialDate.of(asked.births[0] if asked.births else None)
    number = say_phone(asked.phone) if asked.phone else ""
    return {"name": name[:200], "born": born, "number": number, "postcode": asked.postcode}


@transaction.atomic
def _begin(request: StaffRequest, given: dict[str, Any]) -> Resident:
    """The person, with their number, address and household if these were given: all or nothing."""
    by, about = request.user, dict(given)
    number = about.pop("number")
    safe = {name: about.pop(name) for name in ("safe_to_call", "safe_to_text", "safe_to_leave_message")}
    lines, postcode, lives_with = about.pop("lines"), about.pop("postcode"), about.pop("lives_with")
    resident = actions.register_resident(**about, by=by, at=timezone.now())
    if number:
        actions.add_phone(resident, number=number, **safe, by=by)
    if lines:
        actions.move_to(resident, lines=lines, postcode=postcode, by=by)
    other = Resident.objects.visible_to(by).filter(reference=lives_with).first() if lives_with else None
    if other:
        today = timezone.localdate()
        household = actions.household_of(other, today, create=True, by=by)
        if household:
            actions.join_household(resident, household=household, by=by)
    return resident


@roles(*PEOPLE)
def details(request: StaffRequest, reference: str) -> HttpResponse:
    """Change who someone is; a stale form shows both texts."""
    resident = resident_of(request, reference)
    draft = f"details/{reference}"
    form = DetailsForm(request.POST) if request.method == "POST" else _details_to_edit(request, resident, draft)
    both: list[dict[str, str]] = []
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        try:
            actions.change_details(resident, seen=given.pop("seen") or 0, **given, by=request.user)
        except StaleVersion as refusal:
            fresh = Resident.objects.get(pk=resident.pk)
            form, both = stale(form, refusal, DetailsForm.of(fresh), fresh.version)
        except ValidationError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, "Details changed.")
            return redirect("residents:resident", reference)
    context = {"resident": resident, "form": form, "draft": draft, "both": both, "restored": _restored(request, form)}
    return render(request, "residents/resident_details.html", context)


def _details_to_edit(request: StaffRequest, resident: Resident, draft: str) -> DetailsForm:
    """The details as they stand, or as a draft kept them together with the version that its writer saw."""
    return typed_before(request, DetailsForm, draft) or DetailsForm(initial=DetailsForm.of(resident))
