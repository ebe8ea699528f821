"""The overview of a case, and the steps in its life: passing on, stepping, closing, checking."""

from functools import partial

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from accounts.access import StaffRequest, roles
from accounts.models import Role
from cases import actions
from cases.forms.cases import CheckForm, CloseForm, ReallocateForm, StepDownForm, StepForm
from cases.models import Case
from cases.overview import next_steps, overview_of
from cases.views import story
from cases.views.frame import WORKERS, done, find_case, list_of, members_of_case, page, sent

EVENTS = 5


@roles(*WORKERS, methods=("GET",))
def case(request: StaffRequest, reference: str) -> HttpResponse:
    """What to do next, the plan at a glance, who is on it, and the latest of the story. Runs at most twelve queries."""
    found, now = find_case(request, reference), timezone.now()
    members, told = members_of_case(found), overview_of(found, request.user, now)
    context = {
        "members": members,
        "told": told,
        "steps": next_steps(found, told, members, now),
        "entries": story.latest(request.user, found, [one.resident for one in members], EVENTS),
    }
    return page(request, found, "cases/case_view.html", "case", **context)


@roles(Role.MANAGER)
def reallocate(request: StaffRequest, reference: str) -> HttpResponse:
    """Give the case to another lead."""
    found = find_case(request, reference)
    form = ReallocateForm(sent(request), initial={"team": found.team})
    if done(request, form, partial(actions.reallocate, found), f"Case {reference} passed on"):
        still = Case.objects.visible_to(request.user).filter(pk=found.pk).exists()
        return redirect("cases:case", reference) if still else redirect(f"{reverse('cases:cases')}{list_of(request)}")
    words = {"heading": "Give this case to another lead", "submit": "Pass the case on"}
    return page(request, found, "cases/case_form.html", "case", form=form, words=words)


@roles(*WORKERS)
def step_up(request: StaffRequest, reference: str) -> HttpResponse:
    """Raise the tier."""
    found = find_case(request, reference)
    form = StepForm(sent(request), case=found)
    if done(request, form, partial(actions.step_up, found), "Stepped up"):
        return redirect("cases:case", reference)
    text = f"The case is at {found.get_tier_display()} now. Stepping up needs no permission: say what has changed."
    words = {"heading": "Step up", "submit": "Step up", "text": text}
    return page(request, found, "cases/case_form.html", "case", form=form, words=words)


@roles(Role.MANAGER)
def step_down(request: StaffRequest, reference: str) -> HttpResponse:
    """Lower the tier, to a named receiver; below Support this closes the case."""
    found = find_case(request, reference)
    form = StepDownForm(sent(request), case=found)
    if done(request, form, partial(actions.step_down, found), "Stepped down"):
        return redirect("cases:case", reference)
    words = {
        "heading": "Step down",
        "submit": "Step down",
        "text": f"The case is at {found.get_tier_display()} now. Below Support it closes, once all work is settled.",
    }
    return page(request, found, "cases/case_form.html", "case", form=form, words=words)


@roles(*WORKERS)
def close(request: StaffRequest, reference: str) -> HttpResponse:
    """Close the case, or read what remains to be settled first."""
    found = find_case(request, reference)
    form = CloseForm(sent(request))
    if done(request, form, partial(actions.close_case, found), "Case closed"):
        return redirect("cases:case", reference)
    remaining = actions.remaining_work(found) if found.can("close") else []
    return page(request, found, "cases/case_close.html", "case", form=form, remaining=remaining)


@roles(*WORKERS)
def check(request: StaffRequest, reference: str) -> HttpResponse:
    """Record what the check after closing found."""
    found = find_case(request, reference)
    form = CheckForm(sent(request))
    if done(request, form, partial(actions.record_check, found), "Check recorded"):
        return redirect("cases:case", reference)
    words = {"heading": "Check after closing", "submit": "Save the check"}
    return page(request, found, "cases/case_form.html", "case", form=form, words=words)
