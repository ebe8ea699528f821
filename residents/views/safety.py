"""Warnings: read by all, proposed by all, agreed, reviewed and ended by managers."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.access import StaffRequest, roles
from accounts.models import Role
from ledger.drafts import typed_before
from ledger.versions import StaleVersion
from residents import actions
from residents.models import Warning
from residents.safety_forms import AnswerForm, WarningForm
from residents.views.parts import PEOPLE, one_of, posted, refuse, resident_of, stale


@roles(*PEOPLE, methods=("GET",))
def warnings(request: StaffRequest, reference: str) -> HttpResponse:
    """Every warning about someone that the reader may know, those that have ended too."""
    resident = resident_of(request, reference)
    rows = Warning.objects.visible_to(request.user).filter(resident=resident)
    rows = rows.select_related("added_by", "decided_by")
    today = timezone.localdate()
    shown = [{"row": row, "ended": row.ended_by(today), "late": row.review_on < today} for row in rows]
    context = {"resident": resident, "warnings": shown, "manages": request.user.role == Role.MANAGER}
    return render(request, "residents/resident_warnings.html", context)


@roles(*PEOPLE)
def add_warning(request: StaffRequest, reference: str) -> HttpResponse:
    """Put a warning at the top of every page about someone, or propose it to a manager."""
    resident = resident_of(request, reference)
    manages, draft = request.user.role == Role.MANAGER, f"warning/{reference}"
    form = WarningForm(request.POST) if request.method == "POST" else typed_before(WarningForm, draft, by=request.user)
    form = form or WarningForm()
    if request.method == "POST" and form.is_valid():
        given = {name: value for name, value in form.cleaned_data.items() if name != "seen"}
        try:
            actions.add_warning(resident, **given, by=request.user, at=timezone.now())
        except ValidationError as refusal:
            refuse(form, refusal)
        else:
            added = "Warning added. It stands at the top of every page about this person."
            messages.success(
                request, added if manages else "Warning proposed. It shows to others when a manager has agreed."
            )
            return redirect("residents:warnings", reference)
    heading = "Add a warning" if manages else "Propose a warning"
    context = {"resident": resident, "form": form, "draft": draft, "heading": heading, "proposes": not manages}
    return render(request, "residents/resident_warning.html", context)


@roles(Role.MANAGER)
def answer_warning(request: StaffRequest, reference: str, number: int) -> HttpResponse:
    """Agree to what somebody proposed, or refuse it with a reason."""
    resident = resident_of(request, reference)
    warning = one_of(resident.warnings.proposed().select_related("added_by"), number)
    form = AnswerForm(posted(request))
    if form.is_valid():
        agreed, about = form.cleaned_data["answer"] == "agree", {"by": request.user, "at": timezone.now()}
        try:
            if agreed:
                actions.agree_warning(warning, **about)
            else:
                actions.refuse_warning(warning, because=form.cleaned_data["because"], **about)
        except ValidationError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, "Warning agreed." if agreed else "Warning refused. Its author reads why.")
            return redirect("residents:warnings", reference)
    return render(
        request, "residents/resident_answer_warning.html", {"resident": resident, "form": form, "warning": warning}
    )


@roles(Role.MANAGER)
def review_warning(request: StaffRequest, reference: str, number: int) -> HttpResponse:
    """Keep a warning, with its words and its next review as they are now; a stale form shows both texts."""
    resident = resident_of(request, reference)
    warning = one_of(resident.warnings.filter(ended_on=None, status=Warning.Status.AGREED), number)
    now = WarningForm.of(warning)
    first = {name: value for name, value in now.items() if name != "review_on"}
    form, both = WarningForm(posted(request), initial=first, changing=True), []
    if form.is_valid():
        given = dict(form.cleaned_data)
        try:
            actions.review_warning(warning, seen=given.pop("seen") or 0, **given, by=request.user, at=timezone.now())
        except StaleVersion as refusal:
            form, both = stale(form, refusal, now, warning.version, changing=True)
        except ValidationError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, "Warning reviewed.")
            return redirect("residents:warnings", reference)
    context = {"resident": resident, "form": form, "warning": warning, "both": both, "heading": "Review a warning"}
    return render(request, "residents/resident_warning.html", context)


@roles(Role.MANAGER)
def end_warning(request: StaffRequest, reference: str, number: int) -> HttpResponse:
    """Take a warning away, after a page that asks."""
    resident = resident_of(request, reference)
    warning = one_of(resident.warnings.filter(ended_on=None, status=Warning.Status.AGREED), number)
    if request.method == "POST":
        seen = int(version) if (version := request.POST.get("version", "")).isdecimal() else 0
        try:
            actions.end_warning(warning, seen=seen, by=request.user, at=timezone.now())
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        else:
            messages.success(request, "Warning ended.")
        return redirect("residents:warnings", reference)
    return render(request, "residents/resident_end_warning.html", {"resident": resident, "warning": warning})
