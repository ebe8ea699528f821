"""Passages through the safeguarding hub: the open ones by clock, and what each came to."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.access import StaffRequest, open_record, roles
from accounts.models import Role
from triage import actions
from triage.forms import EpisodeForm
from triage.models import SafeguardingEpisode, Urgency
from triage.wording import COLOURS, URGENCY_WORDS, time_left

SHOWN = 25


@roles(Role.MANAGER, methods=("GET",))
def safeguarding(request: StaffRequest) -> HttpResponse:
    """Open episodes, the soonest first; or the last that were completed."""
    done = request.GET.get("show") == "completed"
    status = SafeguardingEpisode.Status.COMPLETED if done else SafeguardingEpisode.Status.OPEN
    episodes = SafeguardingEpisode.objects.visible_to(request.user).filter(status=status).select_related("resident")
    episodes = episodes.order_by("-completed_at") if done else episodes.order_by("due_at", "id")
    now = timezone.now()
    rows = [
        {
            "episode": one,
            "left": "" if done else time_left(one.due_at, now, one.urgency),
            "late": not done and one.due_at < now,
            "urgency": URGENCY_WORDS[Urgency(one.urgency)],
            "colour": COLOURS[Urgency(one.urgency)],
        }
        for one in episodes[:SHOWN]
    ]
    tabs = [
        {"text": "Open", "href": "?show=open", "active": not done},
        {"text": "Completed", "href": "?show=completed", "active": done},
    ]
    return render(request, "triage/safeguarding.html", {"rows": rows, "tabs": tabs, "done": done})


@roles(Role.MANAGER)
def episode(request: StaffRequest, reference: str) -> HttpResponse:
    """One episode, and what the hub decided."""
    episodes = SafeguardingEpisode.objects.visible_to(request.user)
    found = open_record(episodes.select_related("resident", "contact", "completed_by"), request, reference=reference)
    form = EpisodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.complete_episode(found, **form.cleaned_data, by=request.user, at=timezone.now())
        except ValidationError as refusal:
            form.add_error(None, refusal.messages)  # type: ignore[arg-type]
        else:
            messages.success(request, "The safeguarding episode is completed.")
            return redirect("triage:safeguarding")
    decision = found.contact.decisions.order_by("made_at").first()
    fired = [rule for rule in decision.fired.all() if rule.number in actions.MASH_RULES] if decision else []
    now = timezone.now()
    context = {
        "episode": found,
        "form": form,
        "fired": fired,
        "left": time_left(found.due_at, now, found.urgency),
        "urgency": URGENCY_WORDS[Urgency(found.urgency)],
        "colour": COLOURS[Urgency(found.urgency)],
    }
    return render(request, "triage/episode.html", context)
