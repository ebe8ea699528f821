"""The queue by clock, one contact in it, and the decision."""

from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from accounts.access import StaffRequest, open_record, roles
from accounts.models import STAFF
from accounts.working_time import local_day
from intake.call_back import how_to_reach
from intake.models import Contact
from triage import actions
from triage.assessing import URGENCY, assess_contact
from triage.forms import DecisionForm
from triage.models import Decision, TriageItem, Urgency
from triage.overview import OPEN, earlier_contacts, overview_of
from triage.rules.assess import Assessment
from triage.tiers import Tier
from triage.wording import COLOURS, URGENCY_WORDS, time_left, when_in_words, why_in_a_line

PAGE = 20
FILTERS = {"all": "All", "unclaimed": "Nobody has taken", "mine": "Mine", "urgent": "Urgent"}


@roles(*STAFF, methods=("GET",))
def queue(request: StaffRequest) -> HttpResponse:
    """Contacts that wait for a decision, the soonest first; asked for the `next`, the first that nobody else has taken."""
    show = request.GET.get("show", "all")
    show = show if show in FILTERS else "all"
    items = _filtered(TriageItem.objects.visible_to(request.user).filter(status__in=OPEN), show, request)
    if "next" in request.GET and (first := _free(items, request)):
        return redirect(reverse("triage:item", args=[first]) + _which(request))
    rows = list(
        _after(items, request)
        .select_related("contact__resident", "claimed_by")
        .prefetch_related("contact__needs")[: PAGE + 1]
    )
    now, more = timezone.now(), len(rows) > PAGE
    rows = rows[:PAGE]
    shown = [_row(item, now, request) for item in rows]
    context = {
        "rows": shown,
        "groups": [{"title": title, "rows": list(some)} for title, some in groupby(shown, itemgetter("group"))],
        "show": show,
        "tabs": [{"text": text, "href": f"?show={key}", "active": key == show} for key, text in FILTERS.items()],
        "older": f"?show={show}&after={rows[-1].due_at.isoformat().replace('+', '%2B')}_{rows[-1].pk}" if more else "",
        "newer": f"?show={show}" if "after" in request.GET else "",
    }
    return render(request, "triage/queue.html", context)  # fmt: skip


@roles(*STAFF, methods=("POST",))
def claim(request: StaffRequest, reference: str) -> HttpResponse:
    """Take a contact from the queue."""
    item = _item(request, reference)
    try:
        actions.claim(item, by=request.user, at=timezone.now())
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect(_list(request, reference))
    return redirect(reverse("triage:item", args=[reference]) + _which(request))


@roles(*STAFF, methods=("POST",))
def release(request: StaffRequest, reference: str) -> HttpResponse:
    """Put a contact back."""
    try:
        actions.release(_item(request, reference), by=request.user, at=timezone.now())
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, "The contact is back in the queue.")
    return redirect(_list(request, reference))


@roles(*STAFF)
def item(request: StaffRequest, reference: str) -> HttpResponse:
    """What the rules say of a contact and why, what was not asked, and the decision."""
    contacts = Contact.objects.visible_to(request.user).select_related("resident", "household", "team", "logged_by")
    contact = open_record(contacts, request, reference=reference)
    rows = overview_of(contact, request.user, timezone.now())
    latest = next(iter(rows["decisions"]), None)
    assessment = assess_contact(contact, people=rows["people"], involved=rows["involved"])
    form = _decision_form(request, contact, latest, assessment)
    if request.method == "POST" and form.is_valid():
        try:
            decision = actions.decide_tier(
                contact, **form.details(), previous=_seen(form, contact), by=request.user, at=timezone.now()
            )
        except ValidationError as refusal:
            _add_refusal(form, refusal)
        else:
            messages.success(request, f"Decided: {Tier(decision.chosen_tier).label}.")
            return redirect(f"{reverse('intake:contact', args=[contact.reference])}?queue={_show(request) or 'all'}")
    return render(request, "triage/item.html", _item_page(request, contact, rows, assessment, form))


def _show(request: StaffRequest) -> str:
    """The part of the queue that somebody came from; nothing where it was all of it."""
    show = request.POST.get("show") or request.GET.get("show", "")
    return show if show in FILTERS and show != "all" else ""


def _which(request: StaffRequest) -> str:
    """The same, as it stands in the address."""
    return f"?show={show}" if (show := _show(request)) else ""


def _list(request: StaffRequest, reference: str) -> str:
    """Back to the queue where one was, at the row that one came from."""
    return f"{reverse('triage:queue')}{_which(request)}#{reference}"


def _filtered(items: QuerySet[TriageItem], show: str, request: StaffRequest) -> QuerySet[TriageItem]:
    if show == "mine":
        return items.filter(claimed_by=request.user)
    if show == "unclaimed":
        return items.filter(status=TriageItem.Status.WAITING)
    return items.filter(urgency=Urgency.RED) if show == "urgent" else items


def _free(items: QuerySet[TriageItem], request: StaffRequest) -> str | None:
    """The reference of the soonest contact that nobody else is deciding."""
    free = items.filter(Q(claimed_by=None) | Q(claimed_by=request.user))
    return free.values_list("contact__reference", flat=True).first()


def _after(items: QuerySet[TriageItem], request: StaffRequest) -> QuerySet[TriageItem]:
    """The rows after the last one of the page before; nonsense in the address gives the first page."""
    due, _, pk = request.GET.get("after", "").rpartition("_")
    try:
        moment = parse_datetime(due) if due else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None or not pk.isdigit() or len(pk) > 18:
        return items
    return items.filter(Q(due_at__gt=moment) | Q(due_at=moment, pk__gt=int(pk)))


def _group(due_at: datetime, now: datetime) -> str:
    if due_at < now:
        return "Late"
    days = (local_day(due_at) - local_day(now)).days
    return {0: "Due today", 1: "Due tomorrow"}.get(days, "Later")


def _row(item: TriageItem, now: datetime, request: StaffRequest) -> dict[str, Any]:
    return {
        "group": _group(item.due_at, now),
        "item": item,
        "contact": item.contact,
        "left": time_left(item.due_at, now, item.urgency),
        "late": item.due_at < now,
        "urgency": "" if item.urgency == Urgency.GREEN else URGENCY_WORDS[Urgency(item.urgency)],
        "colour": COLOURS[Urgency(item.urgency)],
        "came": when_in_words(item.contact.received_at, now),
        "why": why_in_a_line(item),
        "mine": item.claimed_by_id == request.user.pk,
        "needs": ", ".join(need.label for need in item.contact.needs.all()),
    }


def _item(request: StaffRequest, reference: str) -> TriageItem:
    found = TriageItem.objects.visible_to(request.user).filter(contact__reference=reference).first()
    if found is None:
        raise Http404
    return found


def _decision_form(
    request: StaffRequest, contact: Contact, latest: Decision | None, assessment: Assessment
) -> DecisionForm:
    initial = {
        "tier": int(assessment.suggested_tier),
        "outcome": contact.outcome or ("to_statutory" if assessment.suggested_tier == Tier.INTERVENTION else ""),
        "previous": latest.reference if latest else "",
    }
    return DecisionForm(
        request.POST or None,
        initial=initial,
        suggested=assessment.suggested_tier,
        opens_episode=bool(actions.MASH_RULES & set(assessment.numbers)),
        promised=bool(contact.next_step and not contact.next_step_done_at),
    )


def _seen(form: DecisionForm, contact: Contact) -> Decision | None:
    """The decision that the person saw when the page was opened."""
    return contact.decisions.filter(reference=form.cleaned_data["previous"]).first()


def _add_refusal(form: DecisionForm, refusal: ValidationError) -> None:
    if hasattr(refusal, "error_dict"):
        for name, errors in refusal.message_dict.items():
            form.add_error(name if name in form.fields else None, errors)  # type: ignore[arg-type]
    else:
        form.add_error(None, refusal.messages)  # type: ignore[arg-type]


def _item_page(
    request: StaffRequest, contact: Contact, rows: dict[str, list[Any]], assessment: Assessment, form: DecisionForm
) -> dict[str, Any]:
    now, urgency = timezone.now(), URGENCY[assessment.rag]
    queued, people = next(iter(rows["queued"]), None), rows["shown"]
    shown = {one.pk for one in people}
    working = [one for one in reversed(rows["involved"]) if one.until is None and one.resident_id in shown]
    return {
        "contact": contact,
        "back": _list(request, contact.reference),
        "show": request.GET.get("show", ""),
        "latest": next(iter(rows["decisions"]), None),
        "assessment": assessment,
        "suggested": assessment.suggested_tier.label,
        "stop": assessment.hard_stop_tier.label if assessment.hard_stop_tier else "",
        "may_lower": request.user.duty_manager and contact.logged_by_id != request.user.pk,
        "urgency": URGENCY_WORDS[urgency],
        "colour": COLOURS[urgency],
        "left": time_left(assessment.due_at, now, urgency),
        "late": assessment.due_at < now,
        "queued": queued,
        "mine": bool(queued and queued.claimed_by_id == request.user.pk),
        "taken": queued.claimed_by if queued and queued.claimed_by_id not in (None, request.user.pk) else None,
        "people": people,
        "earlier": earlier_contacts(contact, people, request.user, now),
        "working": working[:10],
        "reach": how_to_reach(contact, rows["walls"]) if queued else None,
        "form": form,
    }  # fmt: skip
