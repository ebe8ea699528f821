"""Beginning a record, and changing who someone is."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.access import StaffRequest, roles
from ledger import trail
from ledger.drafts import typed_before
from ledger.fields import PartialDate
from ledger.references import read_reference
from ledger.versions import StaleVersion
from residents import actions, search
from residents.forms import DetailsForm, RegisterForm
from residents.likely import Likely, likely_duplicates, typed_facts
from residents.models import Resident
from residents.search import read_search
from residents.views.households import home_to_join
from residents.views.pairs import as_likely
from residents.views.parts import PEOPLE, posted, refuse, resident_of, stale
from residents.written import say_phone

MOST_ALIKE, MOST_SHOWN_AT_ALL, MOST_COMPARED = 5, 40, 20


@roles(*PEOPLE)
def register(request: StaffRequest) -> HttpResponse:
    """Begin the record of a person; what was typed into the search box is carried over by POST."""
    lives_with = read_reference(request.POST.get("lives_with") or request.GET.get("lives_with", "")) or ""
    draft = f"resident/{lives_with}" if lives_with else "resident"
    kept = typed_before(RegisterForm, draft, by=request.user) if request.method == "GET" else None
    if "carried" in request.POST:
        form = RegisterForm(initial=_carried(request.POST["carried"]))
    elif request.method == "POST":
        form = RegisterForm(request.POST)
    else:
        form = kept or RegisterForm(initial={"lives_with": lives_with})
    alike: list[dict[str, Any]] = []
    if request.method == "POST" and form.is_valid() and (alike := _alike(request, form)):
        form = _sure(form, alike)
    elif request.method == "POST" and form.is_valid():
        try:
            resident = _begin(request, form.cleaned_data)
        except ValidationError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, "Record begun.")
            return redirect("residents:resident", resident.reference)
    context = {"form": form, "draft": draft, "lives_with": lives_with, "restored": bool(kept), "alike": alike}
    return render(request, "residents/resident_form.html", context)


@roles(*PEOPLE, methods=("POST",))
def alike(request: StaffRequest) -> HttpResponse:
    """While a person is typed: who on record may be that person, as far as what is typed can say."""
    form = RegisterForm(request.POST)
    form.is_valid()
    return render(request, "residents/_alike.html", {"alike": as_likely(_likely(request, form))})


def _likely(request: StaffRequest, form: RegisterForm) -> list[Likely]:
    """Who on record may be the one being entered, as far as what is typed can say; that they are shown is in the trail."""
    if not form.cleaned_data.get("name"):
        return []
    # Whom the search finds as well: a record of this very moment may not have met the matching yet.
    among = [one.pk for one in search.ranked(read_search(form.in_search_words()))[:MOST_COMPARED]]
    found = likely_duplicates(typed_facts(form.cleaned_data), by=request.user, among=among)[:MOST_ALIKE]
    if found:
        about = [one.resident.reference for one in found]
        trail.record("show_likely", kind="residents.Resident", by=request.user, about=about, why=f"{len(found)} shown")
    return found


def _alike(request: StaffRequest, form: RegisterForm) -> list[dict[str, Any]]:
    """The same once the form is sent; when somebody has said that they are sure, only if somebody came since."""
    seen = set(form.cleaned_data["sure"].split())
    shown = _likely(request, form)
    return [] if {one.resident.reference for one in shown} <= seen else as_likely(shown)


def _sure(form: RegisterForm, alike: list[dict[str, Any]]) -> RegisterForm:
    """The same form, to be sent again on purpose, with whom its writer was shown."""
    typed = form.data.copy()  # type: ignore[attr-defined]
    seen = dict.fromkeys([*typed.get("sure", "").split(), *(row["resident"].reference for row in alike)])
    typed["sure"] = " ".join(list(seen)[:MOST_SHOWN_AT_ALL])
    again = RegisterForm(typed)
    again.is_valid()
    return again


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
    number, shown = about.pop("number"), about.pop("sure").split()
    safe = {name: about.pop(name) for name in ("safe_to_call", "safe_to_text", "safe_to_leave_message")}
    lines, postcode, lives_with = about.pop("lines"), about.pop("postcode"), about.pop("lives_with")
    resident = actions.register_resident(**about, by=by, at=timezone.now())
    if number:
        actions.add_phone(resident, number=number, **safe, by=by)
    if lines:
        actions.move_to(resident, lines=lines, postcode=postcode, by=by)
    other = Resident.objects.visible_to(by).filter(reference=lives_with).first() if lives_with else None
    if other and (household := home_to_join(other, by=by)):
        actions.join_household(resident, household=household, by=by)
    if shown:
        people = Resident.objects.visible_to(by).filter(reference__in=shown).exclude(pk=resident.pk)
        actions.record_shown(resident, shown=people, by=by, at=timezone.now())
    return resident


@roles(*PEOPLE)
def details(request: StaffRequest, reference: str) -> HttpResponse:
    """Change who someone is; a stale form shows both texts."""
    resident = resident_of(request, reference)
    draft = f"details/{reference}"
    # A draft is kept together with the version that its writer saw.
    kept = typed_before(DetailsForm, draft, by=request.user) if request.method == "GET" else None
    form = kept or DetailsForm(posted(request), initial=DetailsForm.of(resident))
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
    context = {"resident": resident, "form": form, "draft": draft, "both": both, "restored": bool(kept)}
    return render(request, "residents/resident_details.html", context)
