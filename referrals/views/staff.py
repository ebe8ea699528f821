"""Pages for those who refer: what came back, what waits, one referral and what may be done with it."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.access import StaffRequest, open_record, roles
from accounts.models import STAFF, Role, User
from accounts.working_time import local_day
from ledger.requests import list_filters
from ledger.said import counted
from ledger.versions import StaleVersion
from referrals import actions, pages, sharing
from referrals.actions.returns import Settle
from referrals.forms import AgreementForm, MessageForm, ReasonForm, ReferralForm, SettleForm
from referrals.models import Referral, ReferralQuerySet, came_back
from residents.actions import record_agreement
from residents.models import Agreement

SECTIONS = (
    ("returned", "Came back to you"),
    ("drafts", "Not sent yet"),
    ("unanswered", "Waiting for an answer"),
    ("going", "Going on"),
    ("over", "Over"),
)


@roles(*STAFF, methods=("GET",))
def mine(request: StaffRequest) -> HttpResponse:
    """One's own referrals (a manager's team's with `whose=team`): what came back first. One query a section."""
    team = request.user.role == Role.MANAGER and request.GET.get("whose") == "team"
    rows = Referral.objects.visible_to(request.user).select_related("organisation", "resident")
    if team:
        rows = rows.filter(made_by__in=User.objects.filter(teams__in=request.user.teams.values("pk")))
    else:
        rows = rows.of_worker(request.user)
    wanted, at = request.GET.get("show", ""), timezone.now()
    sections = [
        {
            "key": key,
            "heading": heading,
            "page": _section(rows, key, request.GET.get("after", "") if wanted else "", at),
        }
        for key, heading in SECTIONS
        if wanted == key or (not wanted and key != "over")
    ]
    empty = not any(one["page"].rows for one in sections)
    back = next((one["page"].rows for one in sections if one["key"] == "returned"), [])
    context = {
        "sections": sections,
        "silent": sum(row.referral.status in Referral.UNANSWERED for row in back) > 1 and not team,
        "empty": empty,
        "team": team,
        "whose": "team" if team else "mine",
        "wanted": wanted,
        "came": f"?{urlencode({'list': request.GET.urlencode()})}" if request.GET else "",
    }
    return render(request, "referrals/referral_list.html", context)


def _section(rows: ReferralQuerySet, key: str, after: str, at: Any) -> pages.Page:
    back = came_back()
    filters = {
        "returned": back,
        "drafts": Q(status=Referral.Status.DRAFT),
        "unanswered": Q(status__in=Referral.UNANSWERED) & ~back,
        "going": Q(status__in=pages.GOING),
        "over": Q(status__in=pages.OVER) & ~back,
    }
    return pages.page_of(rows.filter(filters[key]), field="made_at", after=after, at=at)


@roles(*STAFF)
def chase(request: StaffRequest) -> HttpResponse:
    """Ask again all partners who have not answered in time: names each, then does all of them or none."""
    silent = Referral.objects.visible_to(request.user).of_worker(request.user).returned()
    silent = silent.filter(status__in=Referral.UNANSWERED).select_related("organisation", "resident")
    wanted, at = pages.picked(request), timezone.now()
    if request.method == "POST":
        silent = silent.filter(reference__in=wanted)
    rows = list(silent.order_by("answer_due_at", "pk")[: pages.MOST_PICKED])
    if request.method == "POST":
        try:
            actions.chase_several(pages.all_there(rows, wanted), by=request.user, at=at)
        except ValidationError as refusal:
            messages.warning(request, " ".join(refusal.messages))
        else:
            messages.success(request, f"Asked again: {counted(len(rows), 'referral')}, five more working days each.")
        return redirect("referrals:mine")
    words = {
        "heading": "Ask again those who have not answered",
        "text": "Each partner hears of it and has five more working days. Leave out those that you take elsewhere.",
        "submit": "Ask them again",
        "none": "Nobody owes you an answer: referrals come here when five working days have passed.",
    }
    named = [
        {"reference": one.reference, "name": f"{one.resident}, to {one.organisation.name}", "when": pages.left(one)}
        for one in rows
    ]
    context = {"rows": named, "words": words, "back": reverse("referrals:mine")}
    return render(request, "referrals/several_confirm.html", context)


@roles(*STAFF, methods=("GET",))
def referral(request: StaffRequest, reference: str) -> HttpResponse:
    """One referral: what the partner sees, the agreement, what has happened, what may be done."""
    return _page(request, _open(request, reference))


@roles(*STAFF)
def change(request: StaffRequest, reference: str) -> HttpResponse:
    """Change a draft."""
    found = _open(request, reference)
    if found.status != Referral.Status.DRAFT:
        return redirect("referrals:referral", found.reference)
    form = ReferralForm(request.POST or None, initial=ReferralForm.of(found))
    current = None
    if form.is_valid():
        asked = dict(form.cleaned_data)
        try:
            actions.change_draft(found, seen=asked.pop("version") or 0, **asked, by=request.user)
        except StaleVersion as stale:
            form.add_error(None, stale)
            current = stale.current
            form.data = form.data.copy()
            form.data["version"] = str(stale.current.version)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, "Draft saved.")
            return redirect("referrals:referral", found.reference)
    context = {"form": form, "referral": found, "resident": found.resident, "current": current}
    return render(request, "referrals/referral_form.html", context)


@roles(*STAFF, methods=("POST",))
def send(request: StaffRequest, reference: str) -> HttpResponse:
    """Send a draft."""
    return _do(
        request, reference, lambda found: actions.send_referral(found, by=request.user, at=timezone.now()), "Sent."
    )


@roles(*STAFF, methods=("POST",))
def cancel(request: StaffRequest, reference: str) -> HttpResponse:
    """Give up a draft."""
    return _do(
        request, reference, lambda found: actions.cancel_draft(found, by=request.user, at=timezone.now()), "Cancelled."
    )


@roles(*STAFF, methods=("POST",))
def resend(request: StaffRequest, reference: str) -> HttpResponse:
    """Send the partner a fresh link."""
    return _do(
        request,
        reference,
        lambda found: actions.resend_link(found, by=request.user, at=timezone.now()),
        "A new link is on its way.",
    )


@roles(*STAFF, methods=("POST",))
def message(request: StaffRequest, reference: str) -> HttpResponse:
    """Write to the partner."""
    form = MessageForm(request.POST)
    return _do(
        request,
        reference,
        lambda found: actions.send_message(found, **form.cleaned_data, by=request.user, at=timezone.now()),
        "Message sent.",
        message_form=form,
    )


@roles(*STAFF, methods=("POST",))
def withdraw(request: StaffRequest, reference: str) -> HttpResponse:
    """Take a referral back."""
    form = ReasonForm(request.POST)
    return _do(
        request,
        reference,
        lambda found: actions.withdraw_referral(found, **form.cleaned_data, by=request.user, at=timezone.now()),
        "Taken back.",
        withdraw_form=form,
    )


@roles(*STAFF, methods=("POST",))
def agree(request: StaffRequest, reference: str) -> HttpResponse:
    """Record the agreement that the referral needs, without leaving its page."""
    form = AgreementForm(request.POST)

    def record(found: Referral) -> Agreement:
        now = timezone.now()
        return record_agreement(
            found.resident,
            organisation=found.organisation,
            **form.cleaned_data,
            since=local_day(now),
            by=request.user,
            at=now,
        )

    return _do(request, reference, record, "Agreement recorded.", agreement_form=form)


@roles(*STAFF, methods=("POST",))
def settle(request: StaffRequest, reference: str) -> HttpResponse:
    """Deal with a referral that came back; going elsewhere leads to a new one that begins with the same words."""
    found = _open(request, reference)
    form = SettleForm(request.POST, silent=found.status in Referral.UNANSWERED)
    if form.is_valid():
        try:
            actions.settle_return(found, **form.cleaned_data, by=request.user, at=timezone.now())
        except ValidationError as refusal:
            _show(form, refusal)
        else:
            messages.success(request, "Dealt with.")
            if form.cleaned_data["how"] == Settle.ELSEWHERE:
                return redirect(f"/referrals/new?again={found.reference}")
            return redirect("referrals:referral", found.reference)
    return _page(request, found, settle_form=form)


def _open(request: StaffRequest, reference: str) -> Referral:
    rows = Referral.objects.visible_to(request.user)
    rows = rows.select_related("organisation", "service", "resident", "agreement", "case", "contact", "made_by")
    return open_record(rows, request, reference=reference)


def _do(request: StaffRequest, reference: str, act: Callable[[Referral], Any], done: str, **forms: Any) -> HttpResponse:
    """Open the record, check the form if there is one, act, and come back to the page."""
    found = _open(request, reference)
    form = next(iter(forms.values()), None)
    if form is None or form.is_valid():
        try:
            act(found)
        except ValidationError as refusal:
            if form is None:
                return _page(request, found, refusal=refusal.messages)
            _show(form, refusal)
        else:
            messages.success(request, done)
            return redirect("referrals:referral", found.reference)
    return _page(request, found, **forms)


def _show(form: Any, refusal: ValidationError) -> None:
    """Put a refusal where it belongs: beside its field if the form has that, else above."""
    fields = getattr(refusal, "error_dict", {})
    named = all(name in form.fields for name in fields)
    form.add_error(None, refusal if fields and named else ValidationError(refusal.messages))


def _page(request: StaffRequest, found: Referral, **more: Any) -> HttpResponse:
    """The page of a referral, with whichever form has an error as `form`, so that the summary names it."""
    at = timezone.now()
    agreements = Agreement.objects.live(local_day(at)).filter(
        resident=found.resident_id, organisation=found.organisation_id
    )
    agreement = found.agreement or max(agreements, key=lambda one: len(sharing.covered(one)), default=None)
    talk = list(found.messages.select_related("by"))
    faulty = next((form for form in more.values() if getattr(form, "errors", None)), None)
    context = {
        "referral": found,
        "back": reverse("referrals:mine") + list_filters(request, ("show", "whose", "after")),
        "row": pages.row_of(found, at),
        "agreement": agreement,
        "covered": [
            sharing.LABELS[kind] for kind in sharing.LABELS if agreement and kind in sharing.covered(agreement)
        ],
        "shared": _shared(found, agreement),
        "entries": pages.story(found, talk, ours=True),
        "openings": pages.openings(found) if found.sent_at else 0,
        "live": found.status in Referral.LIVE,
        "is_draft": found.status == Referral.Status.DRAFT,
        "can_withdraw": found.can("withdraw"),
        "form": faulty,
        "agreement_form": AgreementForm(initial=_agreement_start(found)),
        "message_form": MessageForm(),
        "withdraw_form": ReasonForm(),
        "settle_form": SettleForm(silent=found.status in Referral.UNANSWERED),
        **more,
    }
    return render(request, "referrals/referral_detail.html", context)


def _shared(found: Referral, agreement: Agreement | None) -> dict[str, str]:
    """What the partner sees, or will see if the draft is sent now."""
    if found.status != Referral.Status.DRAFT:
        return {name: getattr(found, name) for name in ("goal", *(f"shared_{kind}" for kind in sharing.COVERS))}
    if agreement is None:
        return {}
    words = {"reason": found.reason, "goal": found.goal, "risks": found.shared_risks}
    return sharing.what_is_shared(found.resident, agreement, **words)


def _agreement_start(found: Referral) -> dict[str, Any]:
    purpose = f"Referral to {found.service.name}" if found.service else f"Referral to {found.organisation.name}"
    return {"purpose": purpose[:300], "shared": ["name", "contact", "need"]}
