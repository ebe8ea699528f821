"""The plan of a case: needs with goals, and actions."""

from datetime import date, timedelta
from functools import partial
from typing import Any

from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from accounts.access import StaffRequest, roles
from cases import actions
from cases.forms.work import (
    ActionForm,
    CloseNeedForm,
    DropForm,
    FinishForm,
    GoalForm,
    NeedForm,
    ProgressForm,
    ReviseActionForm,
)
from cases.models import PlanAction, PlanNeed
from cases.views.frame import WORKERS, done, done_at_once, find_case, find_part, page, sent
from ledger.said import counted, said_due

UNDO = timedelta(minutes=10)


@roles(*WORKERS, methods=("GET",))
def plan(request: StaffRequest, reference: str) -> HttpResponse:
    """Each need with its goal, how far they have come, and who does what by when. Runs two queries for the plan."""
    case = find_case(request, reference)
    todo = PlanAction.objects.select_related("owner", "owner_organisation")
    rows = case.plan_needs.select_related("need", "resident").prefetch_related(Prefetch("actions", queryset=todo))
    today = timezone.localdate()
    needs = [_need(row, today) for row in rows]
    context = {
        "working": [one for one in needs if one["row"].status == PlanNeed.Status.OPEN],
        "settled": [one for one in needs if one["row"].status != PlanNeed.Status.OPEN],
    }
    return page(request, case, "cases/plan_view.html", "plan", **context)


def _need(row: PlanNeed, today: date) -> dict[str, Any]:
    tasks = [
        {
            "row": action,
            "who": action.owner or action.owner_organisation or action.owner_name,
            "todo": action.status == PlanAction.Status.OPEN,
            "late": action.status == PlanAction.Status.OPEN and action.due_on < today,
            "when": said_due(action.due_on, today),
            "undo": bool(action.ended_at and timezone.now() - action.ended_at < UNDO),
        }
        for action in row.actions.all()
    ]
    shown = [task for task in tasks if task["todo"] or task["undo"]]
    ended = [task for task in tasks if not (task["todo"] or task["undo"])]
    return {"row": row, "actions": tasks, "shown": shown, "ended": ended, "many": counted(len(ended), "action")}


@roles(*WORKERS)
def add_need(request: StaffRequest, reference: str) -> HttpResponse:
    """Put a need on the plan."""
    case = find_case(request, reference)
    form = NeedForm(sent(request), case=case)
    if done(request, form, partial(actions.add_need, case), "Need added"):
        return redirect("cases:plan", reference)
    words = {"heading": "Add a need to the plan", "submit": "Add the need"}
    return page(request, case, "cases/case_form.html", "plan", form=form, words=words)


def _find_need(request: StaffRequest, reference: str) -> PlanNeed:
    return find_part(request, PlanNeed.objects.visible_to(request.user).select_related("need"), reference=reference)


@roles(*WORKERS)
def need(request: StaffRequest, reference: str) -> HttpResponse:
    """Put the goal in other words; two who do so at once see both texts."""
    row = _find_need(request, reference)
    form = GoalForm(sent(request), initial={"version": row.version, "goal": row.goal})

    def act(version: int, **fields: Any) -> None:
        actions.revise_goal(row, seen=version, **fields)

    if done(request, form, act, "Goal revised"):
        return redirect("cases:plan", row.case.reference)
    current = getattr(form, "current", None)
    words = {"heading": "Revise the goal", "submit": "Save the goal", "text": row.need.label}
    theirs = current.goal if current else ""
    return page(request, row.case, "cases/case_form.html", "plan", form=form, words=words, theirs=theirs)


@roles(*WORKERS)
def progress(request: StaffRequest, reference: str) -> HttpResponse:
    """Say how far the household has come."""
    row = _find_need(request, reference)
    form = ProgressForm(sent(request), initial={"latest": row.latest})
    if done(request, form, partial(actions.record_progress, row), "Progress saved"):
        return redirect("cases:plan", row.case.reference)
    words = {"heading": "Record progress", "submit": "Save progress", "text": f"{row.need.label}: {row.goal}"}
    return page(request, row.case, "cases/case_form.html", "plan", form=form, words=words)


@roles(*WORKERS)
def close_need(request: StaffRequest, reference: str) -> HttpResponse:
    """Say how far the need was met."""
    row = _find_need(request, reference)
    form = CloseNeedForm(sent(request), initial={"latest": row.latest})
    if done(request, form, partial(actions.close_need, row), "Need settled"):
        return redirect("cases:plan", row.case.reference)
    words = {"heading": "Settle this need", "submit": "Settle the need", "text": f"{row.need.label}: {row.goal}"}
    return page(request, row.case, "cases/case_form.html", "plan", form=form, words=words)


@roles(*WORKERS, methods=("POST",))
def reopen_need(request: StaffRequest, reference: str) -> HttpResponse:
    """Work on a need again."""
    row = _find_need(request, reference)
    done_at_once(request, partial(actions.reopen_need, row), "Need reopened")
    return redirect("cases:plan", row.case.reference)


@roles(*WORKERS)
def add_action(request: StaffRequest, reference: str) -> HttpResponse:
    """Say who does what by when for a need."""
    row = _find_need(request, reference)
    form = ActionForm(sent(request), initial={"owner": request.user.pk})
    if done(request, form, partial(actions.add_action, row), "Action added"):
        return redirect("cases:plan", row.case.reference)
    words = {"heading": "Add an action", "submit": "Add the action", "text": f"{row.need.label}: {row.goal}"}
    return page(request, row.case, "cases/case_form.html", "plan", form=form, words=words)


def _find_action(request: StaffRequest, reference: str) -> PlanAction:
    return find_part(request, PlanAction.objects.visible_to(request.user), reference=reference)


@roles(*WORKERS)
def action(request: StaffRequest, reference: str) -> HttpResponse:
    """Put an action in other words or give it another day; two who do so at once see both."""
    row = _find_action(request, reference)
    initial = {"version": row.version, "what": row.what, "due_on": row.due_on}
    form = ReviseActionForm(sent(request), initial=initial)

    def act(version: int, **fields: Any) -> None:
        actions.revise_action(row, seen=version, **fields)

    if done(request, form, act, "Action changed"):
        return redirect("cases:plan", row.case.reference)
    current = getattr(form, "current", None)
    theirs = f"{current.what} (by {current.due_on.day} {current.due_on:%B %Y})" if current else ""
    words = {"heading": "Change an action", "submit": "Save the action"}
    return page(request, row.case, "cases/case_form.html", "plan", form=form, words=words, theirs=theirs)


@roles(*WORKERS)
def finish_action(request: StaffRequest, reference: str) -> HttpResponse:
    """Say that an action is done; from the plan with one press, or here with what came of it."""
    row = _find_action(request, reference)
    form = FinishForm(sent(request))
    if done(request, form, partial(actions.finish_action, row), "Action done"):
        return _back_to(row)
    words = {"heading": "Is this action done?", "submit": "It is done", "text": row.what}
    return page(request, row.case, "cases/case_form.html", "plan", form=form, words=words)


@roles(*WORKERS)
def drop_action(request: StaffRequest, reference: str) -> HttpResponse:
    """Say why an action is not needed any more."""
    row = _find_action(request, reference)
    form = DropForm(sent(request))
    if done(request, form, partial(actions.drop_action, row), "Action dropped"):
        return redirect("cases:plan", row.case.reference)
    words = {"heading": "Drop this action", "submit": "Drop the action", "text": row.what}
    return page(request, row.case, "cases/case_form.html", "plan", form=form, words=words)


@roles(*WORKERS, methods=("POST",))
def reopen_action(request: StaffRequest, reference: str) -> HttpResponse:
    """Put an action back to do."""
    row = _find_action(request, reference)
    done_at_once(request, partial(actions.reopen_action, row), "Action reopened")
    return _back_to(row)


def _back_to(row: PlanAction) -> HttpResponse:
    """The plan, at the action: what was done there can be undone there."""
    return redirect(f"{reverse('cases:plan', args=[row.case.reference])}#{row.reference}")
