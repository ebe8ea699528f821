"""My work: what someone must do, put in one order from the facts of all rooms. Nothing is stored or ticked off."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.urls import reverse
from django.utils import timezone

from accounts.models import STAFF, User
from cases import desk_due, safety_due
from cases import work_due as of_cases
from cases.work_due import MOST, WorkItem
from ledger.said import counted, said_time_left
from referrals import work_due as of_referrals

WORKS_WITH_RESIDENTS = STAFF
A_FEW = 3
A_PAGE = 50


@dataclass(frozen=True)
class Kind:
    """How a kind of work is spoken of: many of it, what one does about it, and where all of it is if not in my work."""

    many: str
    do: str
    page: str = ""


# In the order in which they press: among things that are late, a hard stop comes before a six-month check.
KINDS = {
    "hard_stop": Kind("hard stops wait in triage", "Take the contact", "triage:queue"),
    "episode": Kind("safeguarding episodes to complete", "Open the episode"),
    "proposal": Kind("proposed warnings to answer", "Agree or refuse"),
    "bnb": Kind("households to move on from bed and breakfast", "Open their housing"),
    "triage": Kind("contacts to decide", "Decide the contact"),
    "promise": Kind("promises to keep", "Open the contact"),
    "returned": Kind("referrals came back", "Open the referral"),
    "contact": Kind("new contacts to read", "Open the case"),
    "action": Kind("actions on plans", "Open the plan"),
    "review": Kind("reviews to hold", "Hold the review"),
    "restriction": Kind("restricted records to review", "Review it", "residents:restrictions"),
    "warning": Kind("warnings to review", "Review the warning"),
    "allocate": Kind("decisions wait for a lead", "Choose a lead", "cases:awaiting"),
    "waiting_list": Kind("waiting lists to ask about", "Open the referral"),
    "silent": Kind("cases without a note for four weeks", "Write a note"),
    "supervision": Kind("cases without supervision", "Record supervision"),
    "gain": Kind("income gains to confirm", "Confirm the gain"),
    "draft_referral": Kind("referrals begun and not sent", "Open the referral"),
    "check": Kind("checks after closing", "Do the check"),
    "file": Kind("files of people to look at", "See the files"),
    "pair": Kind("pairs of records to compare", "Compare records"),
}
ONE = {"file": "file of people to look at", "pair": "pair of records to compare"}
PLACES = ("Late", "Today", "This week", "When there is time")
ORDER = {kind: number for number, kind in enumerate(KINDS)}


def work_for(user: User, at: datetime, *, briefly: bool = False) -> list[WorkItem]:
    """Everything that a person must do now or within a week: late first, then by when it is due. Runs about ten queries."""
    if user.role not in WORKS_WITH_RESIDENTS:
        return []
    found = [*of_cases.work_for(user, at, briefly=briefly), *of_referrals.work_for(user, at)]
    found += [*desk_due.work_for(user, at), *safety_due.work_for(user, at)]
    return sorted(found, key=lambda item: (not item.late, item.due, item.what, item.reference))


def in_words(items: Iterable[WorkItem], at: datetime) -> list[dict[str, Any]]:
    """The items as the page's list wants them: time first, then who, then what to do and why."""
    return [
        {
            "heap": said_many(item),
            "who": item.about or "Nobody named",
            "what": item.what,
            "why": item.why,
            "do": KINDS[item.kind].do if item.kind in KINDS else "Open",
            "href": reverse(item.link, args=[item.reference] if item.reference else []),
            "when": "Any time" if item.many else said_time_left(item.due, at),
            "late": item.late,
        }
        for item in items
    ]


def said_many(item: WorkItem) -> str:
    """12 pairs of records to compare, for an item that stands for so many; nothing for any other."""
    if not item.many:
        return ""
    most = desk_due.COUNTED
    how_many = f"More than {most}" if item.many > most else f"{item.many}"
    return f"{how_many} {ONE[item.kind] if item.many == 1 else KINDS[item.kind].many}"


def by_day(items: list[WorkItem], at: datetime) -> list[dict[str, Any]]:
    """The items under Late, Today, This week and When there is time; more than three of a kind are one line, so that no heap hides the rest."""
    ordered = sorted(items, key=lambda item: _pressing(item, at))
    groups = []
    for place, found in groupby(ordered, key=lambda item: _place(item, at)):
        rows = [row for _, kind in groupby(found, key=lambda item: item.kind) for row in _few_or_heap(list(kind), at)]
        groups.append({"heading": PLACES[place], "rows": rows})
    return groups


def first_rows(items: list[WorkItem], at: datetime, most: int) -> tuple[list[dict[str, Any]], bool]:
    """The first so many rows, then what has no day, which would else always be crowded out; whether there are more."""
    dated = [row for group in by_day(with_a_day(items), at) for row in group["rows"]]
    rest = [row for group in by_day([item for item in items if item.many], at) for row in group["rows"]]
    return [*dated[:most], *rest], len(dated) > most


def with_a_day(items: Iterable[WorkItem]) -> list[WorkItem]:
    """Without what may be done at any time."""
    return [item for item in items if not item.many]


def most_pressing(items: Iterable[WorkItem], at: datetime) -> WorkItem | None:
    """What stands first of all in the list."""
    return min(items, key=lambda item: _pressing(item, at), default=None)


def number_of(items: list[WorkItem]) -> str:
    """How many, where a list was perhaps cut short."""
    return f"More than {MOST}" if len(items) > MOST else f"{len(items)}"


def of_kind(items: list[WorkItem], kind: str) -> list[WorkItem]:
    """All of one kind, the oldest first."""
    return [item for item in items if item.kind == kind]


def _few_or_heap(items: list[WorkItem], at: datetime) -> list[dict[str, Any]]:
    """Up to three stand by themselves; more of one kind are told in one line that leads to all of them."""
    if len(items) <= A_FEW:
        return in_words(items, at)
    kind, first = KINDS[items[0].kind], items[0]
    href = reverse(kind.page) if kind.page else f"{reverse('desk:work')}?show={first.kind}"
    oldest = said_time_left(first.due, at)
    why = f"The oldest is {oldest}" if first.late else f"The first: {oldest}"
    heap = {
        "heap": f"{number_of(items)} {kind.many}",
        "why": why,
        "when": PLACES[_place(first, at)],
        "late": first.late,
    }
    return [{**heap, "href": href, "do": "See all"}]


def _pressing(item: WorkItem, at: datetime) -> tuple[int, int, datetime]:
    return _place(item, at), ORDER.get(item.kind, len(ORDER)), item.due


def _place(item: WorkItem, at: datetime) -> int:
    if item.many:
        return len(PLACES) - 1
    if item.late:
        return 0
    return 1 if timezone.localdate(item.due) <= timezone.localdate(at) else 2


def how_much(items: list[WorkItem]) -> str:
    """3 things are late, 5 are due this week. What has no day is not counted; where a list was cut short it is "at least"."""
    dated = with_a_day(items)
    late = sum(item.late for item in dated)
    rest = len(dated) - late
    shared = Counter(item.kind for item in dated if item.kind in KINDS and KINDS[item.kind].page)
    if max(shared.values(), default=0) > MOST:
        return f"At least {counted(late or rest, 'thing is', 'things are')} {'late' if late else 'due this week'}."
    if late and rest:
        return (
            f"{counted(late, 'thing is', 'things are')} late, {rest} more {'is' if rest == 1 else 'are'} due this week."
        )
    if late:
        return f"{counted(late, 'thing is', 'things are')} late."
    if not rest:
        return "Nothing is due this week."
    return f"Nothing is late. {counted(rest, 'thing is', 'things are')} due this week."
