"""The computations, publishing a month, and the notes on charts."""

from time import time
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.access import StaffRequest, roles
from accounts.models import Role
from ledger.once import sent_key
from reporting import actions
from reporting.forms import AnnotationForm, FreezeForm
from reporting.models import Annotation, Reading, Run
from reporting.months import words
from reporting.periods import months_over, read_period

ROWS = 25
WAIT_SECONDS = 60


@roles(Role.MANAGER, methods=("GET",))
def runs(request: StaffRequest) -> HttpResponse:
    """What has been computed lately and how it went. While one runs, the page asks again by itself."""
    latest = list(Run.objects.all()[:ROWS])
    rows = [{"run": run, "took": _took(run), "progress": f"{run.steps_done} of {run.steps}"} for run in latest]
    busy = any(run.state == Run.State.RUNNING for run in latest)
    here = request.get_full_path() if busy or _asked_lately(request) else ""
    return render(request, "reporting/run_list.html", {"rows": rows, "refresh": here})


@roles(Role.MANAGER, methods=("POST",))
def recompute(request: StaffRequest) -> HttpResponse:
    """Ask for everything to be recomputed now."""
    actions.ask_for_recompute(by=request.user, key=str(sent_key(request) or uuid4()))
    messages.success(request, "Asked. It begins within a few seconds, unless one is running already.")
    return redirect(f"{reverse('reporting:runs')}?asked={int(time())}")


@roles(Role.MANAGER)
def freeze(request: StaffRequest) -> HttpResponse:
    """Publish a month: its figures are frozen, and what changes later is marked."""
    today = timezone.localdate()
    months = months_over(read_period(request.GET, today).known, today)
    form = FreezeForm(request.POST or None, months=months)
    if form.is_valid():
        month = form.cleaned_data["month"]
        try:
            count = actions.freeze_month(month, by=request.user, at=timezone.now())
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, f"{words(month)} is published: {count} figures are frozen.")
            return redirect("reporting:freeze")
    done = Reading.objects.filter(frozen_at__isnull=False, slice="", measure="contacts").order_by("-month")[:12]
    return render(request, "reporting/freeze.html", {"form": form, "published": done})


@roles(Role.MANAGER)
def annotate(request: StaffRequest) -> HttpResponse:
    """Write a dated note that charts show."""
    form = AnnotationForm(request.POST or None)
    if form.is_valid():
        actions.add_annotation(**form.cleaned_data, by=request.user)
        messages.success(request, "The note is on the charts.")
        return redirect("reporting:annotate")
    notes = Annotation.objects.order_by("-on")[:50]
    return render(request, "reporting/annotation_form.html", {"form": form, "notes": notes})


def _asked_lately(request: StaffRequest) -> bool:
    """Whether somebody waits here for a run that has not begun; not for ever, or an idle page would never sign out."""
    asked = request.GET.get("asked", "")
    return asked.isdecimal() and len(asked) < 12 and abs(time() - int(asked)) < WAIT_SECONDS


def _took(run: Run) -> str:
    if run.ended_at is None:
        return f"{(timezone.now() - run.started_at).seconds} seconds so far"
    seconds = (run.ended_at - run.started_at).total_seconds()
    return f"{seconds:.1f} seconds" if seconds < 100 else f"{seconds / 60:.0f} minutes"
