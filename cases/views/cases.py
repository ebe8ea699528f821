"""The overview of a case, and the steps in its life: passing on, stepping, closing, checking."""

from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from accounts.access import StaffRequest, roles
from accounts.models import Role
from accounts.working_time import local_day
from cases import actions
from cases.forms.cases import CheckForm, CloseForm, ReallocateForm, StepDownForm, StepForm
from cases.households import child_on
from cases.models import Case, Placement, PlanAction
from cases.nights import MOST_NIGHTS, WARN_NIGHTS, bed_and_breakfast_since, leave_by, nights_between
from cases.views.frame import WORKERS, done, find_case, members_of_case, page, sent
from intake.models import Answer, Contact
from residents.models import ChronologyEntry

EVENTS = 20
SOON = timedelta(days=7)


@roles(*WORKERS, methods=("GET",))
def case(request: StaffRequest, reference: str) -> HttpResponse:
    """What to do next, then the household's story. Runs about twelve queries."""
    found = find_case(request, reference)
    members = members_of_case(found)
    story, older = _story(request, found, [one.resident_id for one in members])
    context = {"members": members, "steps": next_steps(found, members, timezone.now()), "story": story, "older": older}
    return page(request, found, "cases/case_view.html", "case", **context)


def _story(request: StaffRequest, case: Case, people: list[int]) -> tuple[list[dict[str, Any]], str]:
    """The household's events, newest first, each told once although it stands on several records. Runs one query."""
    entries = (
        ChronologyEntry.objects.visible_to(request.user).filter(resident__in=people).select_related("by", "resident")
    )
    if before := _moment(request.GET.get("before", "")):
        entries = entries.filter(at__lt=before)
    events: dict[Any, dict[str, Any]] = {}
    for entry in entries[: (EVENTS + 1) * max(len(people), 1)]:
        event = events.setdefault(
            entry.event, {"heading": entry.heading, "by": entry.by, "when": entry.at, "names": []}
        )
        event["names"].append(str(entry.resident))
        event["text"] = entry.detail
        if entry.significant:
            event["tag"] = {"text": "Significant", "colour": "blue"}
    told = list(events.values())
    for event in told[:EVENTS]:
        if len(event["names"]) < len(people):
            event["text"] = "\n".join(part for part in (f"About {', '.join(event['names'])}", event["text"]) if part)
    older = f"?before={told[EVENTS - 1]['when'].timestamp():.6f}" if len(told) > EVENTS else ""
    return told[:EVENTS], older


def _moment(typed: str) -> datetime | None:
    try:
        return datetime.fromtimestamp(float(typed), tz=timezone.get_current_timezone())
    except (ValueError, OverflowError, OSError):
        return None


def next_steps(case: Case, members: list[Any], at: datetime) -> list[dict[str, Any]]:
    """What the case itself asks for, soonest first. Runs four queries."""
    if not case.can("close"):
        return _after_closing(case, at)
    today = local_day(at)
    steps = [_step(case.review_due_on, "Review the plan", "reviews", case, today, "Every six weeks at the latest")]
    todo = case.plan_actions.filter(status=PlanAction.Status.OPEN, due_on__lte=today + SOON)
    for action in todo.select_related("owner", "owner_organisation")[:10]:
        who = action.owner or action.owner_organisation or action.owner_name
        steps.append(_step(action.due_on, action.what, "plan", case, today, f"{who}"))
    if limit := bed_and_breakfast_limit(case, members, today):
        steps.append(_step(limit[0], "Move on from bed and breakfast", "housing", case, today, limit[1]))
    people = [one.resident_id for one in members]
    last = case.notes.order_by("-written_at").values_list("written_at", flat=True).first() or case.opened_at
    news = Contact.objects.filter(resident__in=people, logged_at__gt=last).order_by("-logged_at").first()
    if news:
        words = f"{news.get_channel_display()}, {news.reference}. Write a note once you have dealt with it."
        steps.append(_step(local_day(news.logged_at), "They came to the front door", "notes", case, today, words))
    return [step for _, step in sorted(steps, key=lambda pair: pair[0])]


def _step(due: date, text: str, tab: str, case: Case, today: date, detail: str) -> tuple[date, dict[str, Any]]:
    href = reverse(f"cases:{tab}", args=[case.reference])
    when = "Today" if due == today else f"{due.day} {due:%B}"
    late = due < today
    tag = {"text": "Overdue", "colour": "red"} if late else None
    return due, {"text": text, "href": href, "detail": detail, "when": when, "late": late, "tag": tag}


def _after_closing(case: Case, at: datetime) -> list[dict[str, Any]]:
    if case.check_on is None or case.checked_at:
        return []
    words = "Six months after closing: has what was reached lasted?"
    return [_step(case.check_on, "Check after closing", "check", case, local_day(at), words)[1]]


def bed_and_breakfast_limit(case: Case, members: list[Any], today: date) -> tuple[date, str] | None:
    """By when a household with a child or a pregnancy must leave bed and breakfast, once four weeks have passed."""
    chain = list(Placement.objects.filter(household=case.household_id).order_by("starts_on"))
    first = bed_and_breakfast_since(chain)
    if (
        first is None
        or (nights := nights_between(first, today)) < WARN_NIGHTS
        or not child_or_pregnancy(case, members, today)
    ):
        return None
    return leave_by(first), f"{nights} nights with a child or pregnancy; the limit is {MOST_NIGHTS}"


def child_or_pregnancy(case: Case, members: list[Any], today: date) -> bool:
    """Whether a child is on the case, or the contact behind it told of a child or a pregnancy. At most one query."""
    if child_on([one.resident for one in members], today):
        return True
    told = Answer.objects.filter(question="child_at_home", said=Answer.Said.YES)
    return told.filter(contact__decisions__case=case).exists()


@roles(Role.MANAGER)
def reallocate(request: StaffRequest, reference: str) -> HttpResponse:
    """Give the case to another lead."""
    found = find_case(request, reference)
    form = ReallocateForm(sent(request), initial={"team": found.team})
    if done(request, form, partial(actions.reallocate, found), f"Case {reference} passed on"):
        still = Case.objects.visible_to(request.user).filter(pk=found.pk).exists()
        return redirect("cases:case", reference) if still else redirect("cases:cases")
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
