"""Beginning a referral: for a resident, from a case, from a contact, or again after one that came back."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from accounts.access import StaffRequest, roles
from accounts.models import STAFF
from cases.models import Case
from directory.models import Service
from intake.models import Contact
from ledger import trail
from ledger.drafts import typed_before
from ledger.requests import where_from
from referrals import actions
from referrals.forms import ReferralForm
from referrals.models import Referral
from residents.models import Agreement, Resident

DRAFT = "referral"


@roles(*STAFF)
def new(request: StaffRequest) -> HttpResponse:
    """Write a draft referral. Whom and what it is about stands in the address, by reference."""
    about = _about(request)
    if about is None:
        return render(request, "referrals/referral_whom.html", {"service": request.GET.get("service", "")})
    resident = about["resident"]
    trail.opened(resident, about=[resident.reference], by=request.user, where=where_from(request))
    draft = f"{DRAFT}/{resident.reference}"
    kept = typed_before(ReferralForm, draft, by=request.user) if request.method == "GET" else None
    form = kept or ReferralForm(request.POST or None, initial=_initial(request, about))
    if form.is_valid():
        asked = {name: value for name, value in form.cleaned_data.items() if name != "version"}
        try:
            made = actions.draft_referral(
                resident, **asked, contact=about["contact"], case=about["case"], by=request.user, at=timezone.now()
            )
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            return redirect("referrals:referral", made.reference)
    agreements = Agreement.objects.live(timezone.localdate()).filter(resident=resident).select_related("organisation")
    context = {"form": form, "resident": resident, "case": about["case"], "contact": about["contact"]}
    context |= {"agreements": list(agreements), "draft": draft}
    return render(request, "referrals/referral_form.html", context)


def _about(request: StaffRequest) -> dict[str, Any] | None:
    """The resident, and the case or contact that it comes from; 404 for what the person may not see."""
    asked = {name: request.GET.get(name, "") for name in ("resident", "case", "contact", "again")}
    found: dict[str, Any] = {"resident": None, "case": None, "contact": None, "again": None}
    user = request.user
    if asked["again"]:
        rows = Referral.objects.visible_to(user).select_related("resident", "case", "contact")
        found["again"] = get_object_or_404(rows, reference=asked["again"])
        found |= {name: getattr(found["again"], name) for name in ("resident", "case", "contact")}
    if asked["case"]:
        found["case"] = get_object_or_404(Case.objects.visible_to(user), reference=asked["case"])
    if asked["contact"]:
        rows = Contact.objects.visible_to(user).select_related("resident")
        found["contact"] = get_object_or_404(rows, reference=asked["contact"])
        found["resident"] = found["contact"].resident
    if asked["resident"]:
        found["resident"] = get_object_or_404(Resident.objects.visible_to(user), reference=asked["resident"])
    if found["resident"] is None and found["case"]:
        living = found["case"].members.filter(until=None).select_related("resident")
        found["resident"] = living[0].resident if len(living) == 1 else None
    return found if found["resident"] else None


def _initial(request: StaffRequest, about: dict[str, Any]) -> dict[str, Any]:
    """What the form begins with: the referral that came back, or the service that was chosen."""
    again = about["again"]
    initial = {"reason": again.reason, "goal": again.goal} if again else {}
    if service := Service.objects.referable().filter(reference=request.GET.get("service", "")).first():
        initial["taker"] = f"s:{service.reference}"
    return initial
