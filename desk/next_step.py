"""The one green button of the home page: what this person does next, as their work stands now."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from accounts.models import Role, User
from cases.work_due import WorkItem
from desk import work
from desk.home import Tile
from ledger.said import counted, said_time_left


@dataclass(frozen=True)
class Step:
    """What the button says, where it leads, about whom it is and why it comes first."""

    text: str
    href: str
    why: str = ""
    who: str = ""


def next_step(user: User, items: list[WorkItem], tiles: list[Tile], at: datetime) -> Step:
    """From what the page has read already: runs no query."""
    return _STEPS[Role(user.role)](items, tiles, at)


def _front_door(items: list[WorkItem], tiles: list[Tile], at: datetime) -> Step:
    """Who answers the phone logs contacts, unless a hard stop waits: that is somebody in danger."""
    stop = work.most_pressing([one for one in items if one.kind == "hard_stop"], at)
    return _do(stop, at) if stop else Step("Log a contact", reverse("triage:log"))


def _caseworker(items: list[WorkItem], tiles: list[Tile], at: datetime) -> Step:
    if first := work.most_pressing(work.with_a_day(items), at):
        return _do(first, at)
    return Step(
        "Look at your cases", reverse("cases:cases"), "Nothing is due this week: look ahead, or write up a visit."
    )


def _manager(items: list[WorkItem], tiles: list[Tile], at: datetime) -> Step:
    """Somebody in danger, then decisions that wait for a lead, then what presses most."""
    for kind in ("hard_stop", "episode"):
        if urgent := work.most_pressing([one for one in items if one.kind == kind and one.late], at):
            return _do(urgent, at)
    waiting = [one for one in items if one.kind == "allocate"]
    if oldest := work.most_pressing(waiting, at):
        several = f"{work.number_of(waiting)} {'decision waits' if len(waiting) == 1 else 'decisions wait'} for a lead"
        return Step(
            "Choose a lead", reverse("cases:awaiting"), f"{several}, the first {said_time_left(oldest.due, at)}."
        )
    if first := work.most_pressing(items, at):
        return _do(first, at)
    return Step("Open the dashboard", reverse("reporting:dashboard"), "Nothing waits for you. See how the month goes.")


def _partner(items: list[WorkItem], tiles: list[Tile], at: datetime) -> Step:
    new, late, going = tiles
    inbox = reverse("referrals:inbox")
    if new.count:
        words = f"{counted(new.count, 'referral waits', 'referrals wait')} for your answer"
        how_late = f", {late.count} of them late" if late.count else ""
        return Step("Answer the referrals" if new.count > 1 else "Answer the referral", inbox, f"{words}{how_late}.")
    if going.count:
        return Step(
            "See what is going on", f"{inbox}?show=going", "Every referral is answered. Say what came of the others."
        )
    return Step("Open the inbox", inbox, "Nothing waits. You hear of each new referral by email.")


def _governance(items: list[WorkItem], tiles: list[Tile], at: datetime) -> Step:
    refused = tiles[1]
    if refused.count:
        words = f"{counted(refused.count, 'request was', 'requests were')} refused in seven days."
        return Step("Look at what was refused", refused.href, words)
    return Step("Look into the trail", reverse("accounts:trail"), "Nothing was refused in seven days.")


def _administrator(items: list[WorkItem], tiles: list[Tile], at: datetime) -> Step:
    _, silent, closed = tiles
    if closed.count:
        words = f"{counted(closed.count, 'team has', 'teams have')} none, so that their clocks cannot run."
        return Step("Set opening hours", closed.href, words)
    if silent.count:
        words = f"{counted(silent.count, 'partner has', 'partners have')} none, so they hear of no referral."
        return Step("Add the missing email addresses", silent.href, words)
    return Step("Add a person", reverse("accounts:add_user"))


def _do(item: WorkItem, at: datetime) -> Step:
    """The thing itself, never the heap that it may lie in."""
    href = reverse(item.link, args=[item.reference] if item.reference else [])
    what = work.KINDS[item.kind].do if item.kind in work.KINDS else "Start with this"
    if item.many:
        return Step(what, href, f"{work.said_many(item)}. {item.why}.")
    return Step(what, href, f"{item.what}, {said_time_left(item.due, at)}", item.about or "Nobody named")


_STEPS: dict[Role, Callable[[list[WorkItem], list[Tile], datetime], Step]] = {
    Role.FRONT_DOOR: _front_door,
    Role.CASEWORKER: _caseworker,
    Role.MANAGER: _manager,
    Role.PARTNER: _partner,
    Role.GOVERNANCE: _governance,
    Role.ADMINISTRATOR: _administrator,
}
