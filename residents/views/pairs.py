"""Records that may be of one person: the queue, and two of them side by side. What is decided stands on the pair."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Prefetch, prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.access import StaffRequest, roles
from accounts.models import Role, User
from ledger import trail
from ledger.requests import where_from
from residents import actions
from residents.identity import said_age, said_birth, said_place
from residents.likely import Likely
from residents.matching import home_of
from residents.models import LikelyPair, ResidentAddress, ShownBefore, kept_back
from residents.pair_form import PairForm
from residents.sides import sides_of
from residents.views.parts import PEOPLE, one_of, posted, refuse

A_PAGE = 10
_TABS = (("waiting", "To look at"), ("unsure", "Not sure"), ("same", "To be made one"), ("apart", "Not the same"))
_OF = {"waiting": "open", "unsure": "unsure", "same": "same", "apart": "apart"}
_DONE = {
    "same": "Recorded as the same person. A manager makes the two records one.",
    "apart": "Recorded as different people. They are not suggested again.",
    "unsure": "Left for later. The pair comes back when something new is known of either.",
    "again": "The pair waits to be looked at again.",
}


@roles(*PEOPLE, methods=("GET",))
def pairs(request: StaffRequest) -> HttpResponse:
    """Who may be recorded twice, likeliest first."""
    show = request.GET.get("show", "waiting")
    show = show if show in _OF else "waiting"
    rows = LikelyPair.objects.visible_to(request.user).filter(status=_OF[show])
    order = ("-decided_at", "-id") if show in ("same", "apart") else ("-per_mille", "id")
    found = list(rows.select_related("one", "other", "decided_by").order_by(*order)[: A_PAGE + 1])
    tabs = [{"text": text, "href": f"?show={name}", "active": name == show} for name, text in _TABS]
    context = {
        "rows": [_row(pair) for pair in found[:A_PAGE]],
        "more": len(found) > A_PAGE,
        "tabs": tabs,
        "show": show,
        "decided": show in ("same", "apart"),
    }
    return render(request, "residents/pair_list.html", context)


def _row(pair: LikelyPair) -> dict[str, Any]:
    agrees, differs = actions.said_of(pair)
    people = [{"resident": one, "born": said_birth(one)} for one in (pair.one, pair.other)]
    return {"pair": pair, "people": people, "agrees": agrees, "differs": differs}


@roles(*PEOPLE)
def pair(request: StaffRequest, number: int) -> HttpResponse:
    """Two records side by side, and what somebody makes of them."""
    rows = LikelyPair.objects.visible_to(request.user).select_related("one", "other", "decided_by")
    found: LikelyPair = one_of(rows, number)
    trail.opened(found, about=found.about(), by=request.user, where=where_from(request))
    form = PairForm(posted(request), pair=found)
    if form.is_valid():
        try:
            _decide(found, request, form.cleaned_data)
        except ValidationError as refusal:
            refuse(form, refusal)
        else:
            return _decided(found, request, form.cleaned_data["decision"])
    agrees, differs = actions.said_of(found)
    context = {
        "pair": found, "form": form, "decided": found.can("think_again"), "rows": sides_of(found, request.user), "agrees": agrees, "differs": differs,
        "merge": merge_page(found, request.user) if found.status == LikelyPair.Status.SAME else "", "shown": _shown(found, request),
    }  # fmt: skip
    return render(request, "residents/pair_single.html", context)


def _decided(found: LikelyPair, request: StaffRequest, decision: str) -> HttpResponse:
    """On to making them one, for whoever may; else back to the queue with a word on what becomes of it."""
    merge = merge_page(found, request.user) if decision == "same" else ""
    if not merge:
        messages.success(request, _DONE[decision])
    return redirect(merge or "residents:pairs")


def _decide(found: LikelyPair, request: StaffRequest, given: dict[str, Any]) -> None:
    by, at, note = request.user, timezone.now(), given["note"]
    if given["decision"] == "same":
        actions.call_same(found, note=note, by=by, at=at)
    elif given["decision"] == "apart":
        actions.keep_apart(found, note=note, by=by, at=at)
    elif given["decision"] == "unsure":
        actions.leave_unsure(found, note=note, by=by, at=at)
    else:
        actions.think_again(found, by=by)


def _shown(found: LikelyPair, request: StaffRequest) -> ShownBefore | None:
    """Who was shown the one record and began the other all the same."""
    both = [found.one_id, found.other_id]
    rows = ShownBefore.objects.visible_to(request.user).select_related("by", "begun", "shown")
    return rows.filter(begun__in=both, shown__in=both).first()


def merge_page(found: LikelyPair, user: User) -> str:
    """Where a manager makes the two records one; nothing for anybody else."""
    if user.role != Role.MANAGER:
        return ""
    return reverse("residents:merge_with", args=[found.one.reference, found.other.reference])


def as_likely(found: list[Likely]) -> list[dict[str, Any]]:
    """Likely duplicates as the form shows them. A confidential address is never shown in a list. Runs two queries."""
    today = timezone.localdate()
    people = [one.resident for one in found]
    places = ResidentAddress.objects.select_related("address")
    places = places.exclude(pk__in=kept_back("place", [one.pk for one in people]))
    prefetch_related_objects(people, Prefetch("addresses", places))
    return [
        {
            "resident": one.resident,
            "born": said_birth(one.resident),
            "age": said_age(one.resident, today),
            "place": said_place(home_of(one.resident)),
            "agrees": one.likeness.agrees,
            "differs": one.likeness.differs,
        }
        for one in found
    ]
