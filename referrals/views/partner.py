"""Pages for partners who sign in: the inbox, one referral, and their own referrals as a file."""

import csv
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.access import StaffRequest, open_record, roles
from accounts.models import Role
from ledger import trail
from ledger.said import counted
from referrals import actions, pages, sharing
from referrals.forms import AnswerForm, CompleteForm, MessageForm
from referrals.models import Referral

TABS = (("new", "New"), ("going", "Going on"), ("over", "Over"))
STATUSES = {"new": Referral.UNANSWERED, "going": pages.GOING, "over": pages.OVER}
MOST_EXPORTED = 5000
COLUMNS = (
    "reference",
    "status",
    "sent_at",
    "answer_due_at",
    "answered_at",
    "shared_name",
    "shared_contact",
    "shared_need",
    "goal",
    "shared_risks",
    "shared_access_needs",
    "waiting_until",
    "completed_at",
    "outcome",
)


@roles(Role.PARTNER, methods=("GET",))
def inbox(request: StaffRequest) -> HttpResponse:
    """What was sent to one's own organisation, 25 a page: new ones by the time left, others by when they came."""
    show = request.GET.get("show", "new")
    show = show if show in STATUSES else "new"
    rows = Referral.objects.visible_to(request.user).filter(status__in=STATUSES[show]).select_related("service")
    new = show == "new"
    field = "answer_due_at" if new else "sent_at"
    page = pages.page_of(rows, field=field, after=request.GET.get("after", ""), at=timezone.now(), ascending=new)
    sharing.hide_withdrawn(row.referral for row in page.rows)
    tabs = [{"text": text, "href": f"/inbox?show={key}", "active": key == show} for key, text in TABS]
    context = {"page": page, "tabs": tabs, "show": show, "later": bool(request.GET.get("after"))}
    context["unseen"] = new and any(row.referral.can("receive") for row in page.rows)
    return render(request, "referrals/inbox_list.html", context)


@roles(Role.PARTNER)
def receive_several(request: StaffRequest) -> HttpResponse:
    """Say of those that were ticked that they have arrived: names each, then does all of them or none."""
    picked = pages.picked(request)
    found = Referral.objects.visible_to(request.user).filter(reference__in=picked, status=Referral.Status.SENT)
    rows = list(found.order_by("answer_due_at", "pk"))
    if request.method == "POST":
        try:
            actions.receive_several(pages.all_there(rows, picked), by=request.user, at=timezone.now())
        except ValidationError as refusal:
            messages.warning(request, " ".join(refusal.messages))
        else:
            messages.success(request, f"Thank you: they know that you have {'it' if len(rows) == 1 else 'them'}.")
        return redirect("referrals:inbox")
    sharing.hide_withdrawn(rows)
    words = {
        "heading": f"You have {counted(len(rows), 'referral')}",
        "text": "This tells the council that they have arrived. You still answer each one by its time.",
        "submit": "We have them and will answer later",
        "none": "Tick the new referrals that have arrived.",
    }
    named = [
        {"reference": one.reference, "name": one.shared_name or "A resident", "when": pages.left(one)} for one in rows
    ]
    context = {"rows": named, "words": words, "back": reverse("referrals:inbox")}
    return render(request, "referrals/several_confirm.html", context)


@roles(Role.PARTNER, methods=("GET",))
def referral(request: StaffRequest, reference: str) -> HttpResponse:
    """One referral: what was shared, and what may be answered."""
    return _page(request, _open(request, reference))


@roles(Role.PARTNER, methods=("POST",))
def receive(request: StaffRequest, reference: str) -> HttpResponse:
    """Say that it has arrived."""
    return _do(
        request, reference, lambda one, **by: actions.receive(one, **by), "Thank you: they know that you have it."
    )


@roles(Role.PARTNER, methods=("POST",))
def answer(request: StaffRequest, reference: str) -> HttpResponse:
    """Accept, accept with a wait, or decline."""
    form = AnswerForm(request.POST)
    return _do(
        request, reference, lambda one, **by: give_answer(one, form, **by), "Your answer is saved.", answer_form=form
    )


@roles(Role.PARTNER, methods=("POST",))
def start(request: StaffRequest, reference: str) -> HttpResponse:
    """Say that work has begun."""
    return _do(request, reference, lambda one, **by: actions.start(one, **by), "Saved: work has begun.")


@roles(Role.PARTNER, methods=("POST",))
def complete(request: StaffRequest, reference: str) -> HttpResponse:
    """Say what came of it."""
    form = CompleteForm(request.POST)
    return _do(
        request,
        reference,
        lambda one, **by: actions.complete(one, **form.cleaned_data, **by),
        "Completed.",
        complete_form=form,
    )


@roles(Role.PARTNER, methods=("POST",))
def message(request: StaffRequest, reference: str) -> HttpResponse:
    """Write to the council."""
    form = MessageForm(request.POST)
    return _do(
        request,
        reference,
        lambda one, **by: actions.send_message(one, **form.cleaned_data, **by),
        "Message sent.",
        message_form=form,
    )


@roles(Role.PARTNER, methods=("GET",))
def export(request: StaffRequest) -> HttpResponse:
    """One's own referrals as a file, so that nobody types them twice. Cells that a spreadsheet would run are disarmed."""
    rows = list(Referral.objects.visible_to(request.user).order_by("-sent_at", "-pk")[:MOST_EXPORTED])
    sharing.hide_withdrawn(rows)
    sharing.hide_unsafe(rows)
    about = {row.behind[0] for row in rows}
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="referrals.csv"'
    response.write("\ufeff")
    writer = csv.writer(response, quoting=csv.QUOTE_ALL)
    writer.writerow(column.removeprefix("shared_").replace("_", " ") for column in COLUMNS)
    for row in rows:
        writer.writerow(_cell(row, column) for column in COLUMNS)
    trail.record("export", kind=Referral._meta.label, by=request.user, about=sorted(about))
    return response


def give_answer(one: Referral, form: AnswerForm, **by: Any) -> Referral:
    """Do what the answer says. Also used where somebody answers by a link."""
    said = form.cleaned_data
    signed = {"who": said["who"]} if "who" in said else {}
    if said["answer"] == "accept":
        return actions.accept(one, **signed, **by)
    if said["answer"] == "wait":
        return actions.put_on_waiting_list(one, until=said["until"], **signed, **by)
    words = {name: said[name] for name in ("reason", "text", "alternative")}
    return actions.decline(one, **words, **signed, **by)


def _cell(row: Referral, column: str) -> str:
    display = getattr(row, f"get_{column}_display", None)
    value = display() if display else getattr(row, column)
    text = "" if value is None else value if isinstance(value, str) else _said(value)
    return f"'{text}" if text.lstrip()[:1] in ("=", "+", "-", "@") or text[:1] in ("\t", "\r", "\n") else text


def _said(value: Any) -> str:
    return timezone.localtime(value).strftime("%Y-%m-%d %H:%M") if hasattr(value, "hour") else value.isoformat()


def _open(request: StaffRequest, reference: str) -> Referral:
    rows = Referral.objects.visible_to(request.user).select_related("organisation", "service")
    return open_record(rows, request, reference=reference)


def _do(request: StaffRequest, reference: str, act: Callable[..., Any], done: str, **forms: Any) -> HttpResponse:
    """Open the record, check the form if there is one, act, and come back to the page."""
    found = _open(request, reference)
    form = next(iter(forms.values()), None)
    if form is None or form.is_valid():
        try:
            act(found, by=request.user, at=timezone.now())
        except ValidationError as refusal:
            return _page(request, Referral.objects.get(pk=found.pk), refusal=refusal.messages, **forms)
        messages.success(request, done)
        return redirect("referrals:received", found.reference)
    return _page(request, found, **forms)


def _page(request: StaffRequest, found: Referral, **more: Any) -> HttpResponse:
    show = request.GET.get("show", "")
    back = reverse("referrals:inbox") + (f"?show={show}" if show in STATUSES else "")
    return render(request, "referrals/inbox_detail.html", {"back": back, **page_context(found, **more)})


def page_context(found: Referral, *, by_link: bool = False, **more: Any) -> dict[str, Any]:
    """What a partner sees of a referral. Runs four queries; shows nothing but what was shared, and nothing once that was taken back."""
    stopped = bool(sharing.hide_withdrawn([found]))
    sharing.hide_unsafe([found])
    talk = [] if stopped else list(found.messages.select_related("by"))
    faulty = next((form for form in more.values() if getattr(form, "errors", None)), None)
    return {
        "referral": found,
        "stopped": stopped,
        "row": pages.row_of(found, timezone.now()),
        "entries": pages.story(found, talk, ours=False),
        "can_answer": found.can("accept"),
        "can_receive": found.can("receive"),
        "can_start": found.can("start"),
        "can_complete": found.can("complete"),
        "form": faulty,
        "answer_form": AnswerForm(by_link=by_link),
        "complete_form": CompleteForm(),
        "message_form": MessageForm(),
        **more,
    }
