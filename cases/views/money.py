"""Housing and money of a case: nights in temporary accommodation, income gains."""

from functools import partial
from typing import Any

from django.db.models import Q, Sum
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.access import StaffRequest, open_record, roles
from cases import actions
from cases.forms.money import ConfirmForm, GainForm, LeaveForm, MoveForm, PlacementForm, RefuseForm
from cases.households import child_or_pregnancy
from cases.models import Case, IncomeGain, Placement
from cases.nights import MOST_NIGHTS, bed_and_breakfast_since, leave_by, nights_between
from cases.views.frame import WORKERS, done, find_case, find_part, members_of_case, page, sent


@roles(*WORKERS)
def housing(request: StaffRequest, reference: str) -> HttpResponse:
    """Where the household is placed, for how many nights, and the six weeks where they count. Begins a placement."""
    case, today = find_case(request, reference), timezone.localdate()
    form = PlacementForm(sent(request))
    if done(request, form, partial(actions.start_placement, case), "Placement recorded"):
        return redirect("cases:housing", reference)
    rows = list(Placement.objects.visible_to(request.user).filter(household=case.household_id).select_related("case"))
    members = members_of_case(case)
    context = {
        "form": form,
        "members": members,
        "now": next((row for row in rows if row.ends_on is None), None),
        "rows": [{"row": row, "nights": row.nights(today)} for row in rows],
        "nights": sum(row.nights(today) for row in rows),
        "limit": _limit(case, members, rows, today),
    }
    return page(request, case, "cases/housing_view.html", "housing", **context)


def _limit(case: Case, members: list[Any], rows: list[Placement], today: Any) -> dict[str, Any] | None:
    first = bed_and_breakfast_since(rows)
    if first is None or not child_or_pregnancy(case, [one.resident for one in members], today):
        return None
    nights = nights_between(first, today)
    return {"nights": nights, "most": MOST_NIGHTS, "by": leave_by(first), "over": nights > MOST_NIGHTS}


@roles(*WORKERS)
def move_placement(request: StaffRequest, reference: str) -> HttpResponse:
    """Record a move to other temporary accommodation: not a new placement."""
    row = find_part(request, Placement.objects.visible_to(request.user), reference=reference)
    form = MoveForm(sent(request))
    if done(request, form, partial(actions.move_placement, row), "Move recorded"):
        return redirect("cases:housing", row.case.reference)
    text = f"Now in {row.get_kind_display().lower()}. The nights go on; this is not counted as a new placement."
    words = {"heading": "Move within temporary accommodation", "submit": "Record the move", "text": text}
    return page(request, row.case, "cases/case_form.html", "housing", form=form, words=words)


@roles(*WORKERS)
def end_placement(request: StaffRequest, reference: str) -> HttpResponse:
    """Record that the household left temporary accommodation."""
    row = find_part(request, Placement.objects.visible_to(request.user), reference=reference)
    form = LeaveForm(sent(request))
    if done(request, form, partial(actions.end_placement, row), "Leaving recorded"):
        return redirect("cases:housing", row.case.reference)
    text = "The night before the day of leaving counts as the last."
    words = {"heading": "They left temporary accommodation", "submit": "Record that they left", "text": text}
    return page(request, row.case, "cases/case_form.html", "housing", form=form, words=words)


@roles(*WORKERS)
def money(request: StaffRequest, reference: str) -> HttpResponse:
    """What was claimed and what is confirmed. Records a claim."""
    case = find_case(request, reference)
    form = GainForm(sent(request), case=case)

    def act(**fields: Any) -> None:
        actions.claim_gain(fields.pop("resident"), case=case, **fields)

    if done(request, form, act, "Claim recorded. It counts once it is confirmed."):
        return redirect("cases:money", reference)
    gains = IncomeGain.objects.visible_to(request.user).filter(case=case)
    confirmed = gains.filter(status=IncomeGain.Status.CONFIRMED).aggregate(pence=Sum("value_pence"))["pence"] or 0
    context = {"form": form, "gains": list(gains.select_related("resident")[:100]), "confirmed": confirmed}
    return page(request, case, "cases/money_view.html", "money", **context)


def _find_gain(request: StaffRequest, reference: str) -> IncomeGain:
    """A gain of one of the person's own cases, or of none; else 404: what belongs to others' cases stays there."""
    own = Q(case=None) | Q(case__in=Case.objects.visible_to(request.user))
    gains = IncomeGain.objects.visible_to(request.user).filter(own)
    gains = gains.select_related("resident", "case", "case__lead", "case__team", "case__closure_reason")
    return open_record(gains, request, reference=reference)


def _gain_page(request: StaffRequest, gain: IncomeGain, words: dict[str, str], form: Form) -> HttpResponse:
    """Under the household's bar, where there is a case."""
    context = {"gain": gain, "words": words, "form": form, "back": _back(gain)}
    if gain.case:
        return page(request, gain.case, "cases/gain_answer.html", "money", **context)
    return render(request, "cases/gain_answer.html", context)


def _back(gain: IncomeGain) -> str:
    if gain.case:
        return reverse("cases:money", args=[gain.case.reference])
    return reverse("residents:resident", args=[gain.resident.reference])


@roles(*WORKERS)
def gain(request: StaffRequest, reference: str) -> HttpResponse:
    """Confirm a claim by evidence, with the amounts that were awarded in fact."""
    row = _find_gain(request, reference)
    initial = {
        "before": _pounds(row.weekly_before_pence),
        "after": _pounds(row.weekly_after_pence),
        "per": "week",
        "weeks": row.weeks,
        "one_off_pence": _pounds(row.one_off_pence),
    }
    form = ConfirmForm(sent(request), initial=initial)
    if done(request, form, partial(actions.confirm_gain, row), "Income gain confirmed"):
        return redirect(_back(row))
    text = "Correct the amounts if less or more was awarded."
    words = {"heading": "Confirm an income gain", "submit": "Confirm it", "text": text}
    return _gain_page(request, row, words, form)


@roles(*WORKERS)
def refuse_gain(request: StaffRequest, reference: str) -> HttpResponse:
    """Record that a claim was refused."""
    row = _find_gain(request, reference)
    form = RefuseForm(sent(request))
    if done(request, form, partial(actions.refuse_gain, row), "Refusal recorded"):
        return redirect(_back(row))
    words = {"heading": "Was this claim refused?", "submit": "Record the refusal", "text": ""}
    return _gain_page(request, row, words, form)


def _pounds(pence: int) -> str:
    return f"{pence // 100}.{pence % 100:02d}" if pence else ""
