"""Restricted records: a manager's pages."""

from contextlib import suppress
from datetime import date, timedelta

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import connection
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.access import StaffRequest, roles
from accounts.models import Role, User
from ledger.versions import StaleVersion
from residents import actions
from residents.forms import GrantForm, KeepForm, RestrictForm
from residents.models import Resident, Restriction
from residents.views.parts import one_of, posted, refuse, resident_of, stale

A_PAGE = 20
SOON = timedelta(days=30)
DUE = "SELECT id, reference, review_on, is_mine, ask FROM acting.restrictions_to_review(%s, %s, %s)"


@roles(Role.MANAGER)
def restriction(request: StaffRequest, reference: str) -> HttpResponse:
    """Restrict a record, or see and add to who may open it."""
    resident = resident_of(request, reference)
    if resident.restricted:
        return _named(request, resident)
    working = User.objects.filter(involvements__resident=resident, involvements__until=None)
    form = RestrictForm(posted(request), without=request.user, initial={"named": working})
    if form.is_valid():
        try:
            actions.restrict_resident(resident, **form.cleaned_data, by=request.user, at=timezone.now())
        except ValidationError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, "Record restricted. Only the people named below may open it.")
            return redirect("residents:restriction", reference)
    return render(request, "residents/resident_restrict.html", {"resident": resident, "form": form})


def _named(request: StaffRequest, resident: Resident) -> HttpResponse:
    """Who may open a restricted record, and a form to name one more."""
    form = GrantForm(posted(request))
    if form.is_valid():
        try:
            actions.grant_access(resident, **form.cleaned_data, by=request.user, at=timezone.now())
        except ValidationError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, "They may open this record now.")
            return redirect("residents:restriction", resident.reference)
    restriction = Restriction.objects.visible_to(request.user).in_force().filter(resident=resident).first()
    grants = resident.access_grants.live().select_related("user", "granted_by").order_by("user__name")
    return render(
        request,
        "residents/resident_named.html",
        {"resident": resident, "form": form, "grants": grants, "restriction": restriction},
    )


@roles(Role.MANAGER)
def lift_restriction(request: StaffRequest, reference: str) -> HttpResponse:
    """Open the record again to all staff, after a page that asks."""
    resident = resident_of(request, reference)
    if request.method == "POST":
        try:
            actions.lift_restriction(resident, by=request.user, at=timezone.now())
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        else:
            messages.success(request, "Restriction lifted: all staff may open this record.")
        return redirect("residents:resident", reference)
    return render(request, "residents/resident_lift.html", {"resident": resident})


@roles(Role.MANAGER)
def end_access(request: StaffRequest, reference: str, number: int) -> HttpResponse:
    """End one person's access, after a page that asks."""
    resident = resident_of(request, reference)
    grant = one_of(resident.access_grants.live().select_related("user"), number)
    if request.method == "POST":
        try:
            actions.end_access(grant, by=request.user, at=timezone.now())
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        else:
            messages.success(request, "Their access has ended.")
        if grant.user_id == request.user.pk:
            return redirect("residents:find")
        return redirect("residents:restriction", reference)
    return render(request, "residents/resident_end_access.html", {"resident": resident, "grant": grant})


@roles(Role.MANAGER)
def keep_restriction(request: StaffRequest, reference: str) -> HttpResponse:
    """Look at a restriction again: keep it with the reason, or go on to lift it."""
    resident = resident_of(request, reference)
    restriction = Restriction.objects.visible_to(request.user).in_force().filter(resident=resident).first()
    if restriction is None:
        raise Http404
    now = {"category": restriction.category, "reason": restriction.review_reason, "seen": restriction.version}
    form, both = KeepForm(posted(request), initial={"category": now["category"], "seen": now["seen"]}), []
    if form.is_valid():
        given = dict(form.cleaned_data)
        try:
            actions.keep_restriction(
                restriction, seen=given.pop("seen") or 0, **given, by=request.user, at=timezone.now()
            )
        except StaleVersion as refusal:
            form, both = stale(form, refusal, now, restriction.version)
        except ValidationError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, "Kept restricted. It comes back in 90 days.")
            return redirect("residents:restrictions")
    context = {"resident": resident, "form": form, "restriction": restriction, "both": both}
    return render(request, "residents/resident_keep_restriction.html", context)


@roles(Role.MANAGER, methods=("GET",))
def restrictions(request: StaffRequest) -> HttpResponse:
    """Every restricted record by its next review: the reference alone, and whom to ask, for managers who are not named."""
    today = timezone.localdate()
    with connection.cursor() as cursor:
        cursor.execute(DUE, [*_read_place(request.GET.get("after", "")), A_PAGE + 1])
        found = cursor.fetchall()
    rows = [
        {
            "reference": reference,
            "review_on": day,
            "late": day < today,
            "soon": day < today + SOON,
            "mine": mine,
            "ask": ask,
        }
        for _, reference, day, mine, ask in found[:A_PAGE]
    ]
    last = found[A_PAGE - 1] if len(found) > A_PAGE else None
    older = f"?after={last[2].toordinal()}-{last[0]}" if last else ""
    newest = "?" if "after" in request.GET else ""
    return render(request, "residents/restriction_list.html", {"rows": rows, "older": older, "newest": newest})


def _read_place(text: str) -> tuple[date, int]:
    """After which row the page begins; nonsense in the address gives the first page."""
    day, _, key = text.partition("-")
    if day.isdecimal() and key.isdecimal() and len(day) < 8 and len(key) < 19:
        with suppress(ValueError):
            return date.fromordinal(int(day)), int(key)
    return date.min, 0
