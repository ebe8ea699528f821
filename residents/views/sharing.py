"""Agreements: what someone agreed that we share, and taking it back."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.access import StaffRequest, roles
from ledger.drafts import typed_before
from residents import actions
from residents.forms import AgreementForm
from residents.models import Agreement
from residents.views.parts import PEOPLE, refuse, resident_of


@roles(*PEOPLE, methods=("GET",))
def agreements(request: StaffRequest, reference: str) -> HttpResponse:
    """What is shared, with whom and until when; what was withdrawn or has run out too."""
    resident = resident_of(request, reference)
    today = timezone.localdate()
    rows = list(resident.agreements.select_related("organisation", "authorised_by"))
    live = [row for row in rows if row.withdrawn_at is None and (row.until is None or row.until >= today)]
    over = [row for row in rows if row not in live]
    return render(request, "residents/resident_agreements.html", {"resident": resident, "live": live, "over": over})


@roles(*PEOPLE)
def record_agreement(request: StaffRequest, reference: str) -> HttpResponse:
    """Record what someone agreed, or the legal reason without it."""
    resident = resident_of(request, reference)
    draft = f"agreement/{reference}"
    form = (
        AgreementForm(request.POST) if request.method == "POST" else typed_before(AgreementForm, draft, by=request.user)
    )
    form = form or AgreementForm()
    if request.method == "POST" and form.is_valid():
        try:
            actions.record_agreement(
                resident, **form.cleaned_data, since=timezone.localdate(), by=request.user, at=timezone.now()
            )
        except ValidationError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, "Agreement recorded.")
            return redirect("residents:agreements", reference)
    return render(request, "residents/resident_agreement.html", {"resident": resident, "form": form, "draft": draft})


@roles(*PEOPLE)
def withdraw_agreement(request: StaffRequest, reference: str, agreement: str) -> HttpResponse:
    """Stop sharing from now on, after a page that asks."""
    resident = resident_of(request, reference)
    row = resident.agreements.select_related("organisation").filter(reference=agreement).first()
    if row is None:
        raise Http404
    if request.method == "POST":
        _withdraw(request, row)
        return redirect("residents:agreements", reference)
    return render(request, "residents/resident_withdraw.html", {"resident": resident, "agreement": row})


def _withdraw(request: StaffRequest, agreement: Agreement) -> None:
    seen = int(version) if (version := request.POST.get("version", "")).isdecimal() else 0
    try:
        actions.withdraw_agreement(agreement, seen=seen, by=request.user, at=timezone.now())
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, "Withdrawn. Nothing more may be shared under it.")
