"""Go to: the pages of a role, a record by its reference, and where a person was lately.

A record that someone may not see is not found, as one that does not exist. Where a person was is read from the trail.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import F, Model, Q, QuerySet, Value
from django.db.models.expressions import Combinable
from django.urls import resolve, reverse

from accounts.models import STAFF, Organisation, Role, Team, User
from cases.models import Case, IncomeGain, Note, Placement, PlanAction, PlanNeed, Review
from desk.navigation import MENU
from directory.models import Service
from intake.models import Contact
from ledger import trail
from ledger.references import read_reference
from referrals.models import Referral
from residents.merging.former import stands_for
from residents.models import Agreement, Household, Resident
from triage.models import Decision, SafeguardingEpisode

WORKERS = (Role.CASEWORKER, Role.MANAGER)
MOST_RECENT = 8
PAGES = (
    ("Home", "desk:home"),
    ("My work", "desk:work"),
    ("Log a contact", "triage:log"),
    ("Find a resident", "residents:find"),
    ("Register a new person", "residents:register"),
    ("Who may be recorded twice", "residents:pairs"),
    ("Files of people", "intake:changesets"),
    ("Triage", "triage:queue"),
    ("Promises", "intake:promised"),
    ("Cases", "cases:cases"),
    ("Allocate", "cases:awaiting"),
    ("Safeguarding", "triage:safeguarding"),
    ("Restricted records to review", "residents:restrictions"),
    ("Referrals", "referrals:mine"),
    ("Services", "directory:services"),
    ("Dashboard", "reporting:dashboard"),
    ("Measures", "reporting:measures"),
    ("Published figures", "reporting:published"),
    ("Computations", "reporting:runs"),
    ("Keyboard shortcuts", "desk:shortcuts"),
    ("Help", "desk:help"),
    ("Accessibility statement", "accounts:accessibility"),
    ("Privacy", "accounts:privacy"),
)


@dataclass(frozen=True)
class Kind:
    """Records that are reached by a reference: for whom, on which page, and by whose reference that page is asked for."""

    noun: str
    model: type[Model]
    page: str
    roles: tuple[Role, ...]
    of: str = "reference"
    name: Combinable | None = None  # who or what it is about; kinds without one are never a place of their own


_household = StringAgg("members__resident__name", ", ", filter=Q(members__until=None), order_by="members__pk")
KINDS = (
    Kind("Person", Resident, "residents:resident", STAFF, name=F("name")),
    Kind("Household", Household, "residents:household_page", STAFF),
    Kind("Case", Case, "cases:case", WORKERS, name=_household),
    Kind("Contact", Contact, "intake:contact", STAFF, name=F("resident__name")),
    Kind("Referral", Referral, "referrals:referral", STAFF, name=F("resident__name")),
    Kind("Referral", Referral, "referrals:received", (Role.PARTNER,), name=F("shared_name")),
    Kind("Safeguarding", SafeguardingEpisode, "triage:episode", (Role.MANAGER,), name=F("resident__name")),
    Kind("Service", Service, "directory:service", tuple(Role), name=F("name")),
    Kind("Decision", Decision, "intake:contact", STAFF, of="contact__reference"),
    Kind("Agreement", Agreement, "residents:agreements", STAFF, of="resident__reference"),
    Kind("Note", Note, "cases:notes", WORKERS, of="case__reference"),
    Kind("Need", PlanNeed, "cases:plan", WORKERS, of="case__reference"),
    Kind("Action", PlanAction, "cases:plan", WORKERS, of="case__reference"),
    Kind("Review", Review, "cases:reviews", WORKERS, of="case__reference"),
    Kind("Placement", Placement, "cases:housing", WORKERS, of="case__reference"),
    Kind("Income gain", IncomeGain, "cases:money", WORKERS, of="case__reference"),
    Kind("Account", User, "accounts:user", (Role.ADMINISTRATOR,), name=F("name")),
    Kind("Team", Team, "accounts:team", (Role.ADMINISTRATOR,), name=F("name")),
    Kind("Organisation", Organisation, "accounts:organisation", (Role.ADMINISTRATOR,), name=F("name")),
)


@dataclass(frozen=True)
class Place:
    """Somewhere to go: what it is called, what it is, and its address (without names)."""

    text: str
    hint: str
    href: str


@cache
def may_ask(role: str, page: str) -> bool:
    """Whether the role may ask for a page that has no record in its address."""
    access = resolve(reverse(page)).func.access  # type: ignore[attr-defined]
    return access["public"] or role in access["roles"]


@cache
def pages_for(role: str) -> tuple[Place, ...]:
    """The role's pages by name: those of its menu first."""
    named = dict.fromkeys(MENU[role] + tuple(one for one in PAGES if may_ask(role, one[1])))
    found = {page: text for text, page in reversed(named)}
    return tuple(Place(found[page], "Page", reverse(page)) for page in dict.fromkeys(page for _, page in named))


def look_up(words: str, user: User) -> list[Place]:
    """Where the words lead: one place, several pages to choose from, or none. Runs at most two queries."""
    if reference := read_reference(words):
        return _record(reference, user)
    wanted = " ".join(words.casefold().split())
    pages = pages_for(user.role)
    return [one for one in pages if one.text.casefold() == wanted] or [
        one for one in pages if wanted in one.text.casefold()
    ]


def _record(reference: str, user: User) -> list[Place]:
    """The page of a record that the person may see. One query, whatever the reference is; a refusal stands in the trail."""
    found = [
        _seen(kind, user).filter(reference=reference).order_by().values_list(Value(number), F(kind.of))
        for number, kind in enumerate(KINDS)
        if user.role in kind.roles
    ]
    for number, target in found[0].union(*found[1:], all=True):
        if target:
            return [Place(reference, KINDS[number].noun, reverse(KINDS[number].page, args=[target]))]
    if user.role in STAFF and (stands := stands_for(reference)):
        return [Place(stands, KINDS[0].noun, reverse(KINDS[0].page, args=[reference]))]
    trail.record("ask", kind="desk:go", reference=reference, outcome="refused", by=user)
    return []


def _seen(kind: Kind, user: User) -> QuerySet[Any]:
    rows: Any = kind.model._default_manager
    return rows.visible_to(user) if hasattr(rows, "visible_to") else rows.all()


def recent_places(user: User) -> list[Place]:
    """The records that the person opened last and may still see. Runs two queries."""
    opened = trail.recent_places(MOST_RECENT)
    kinds = {kind.model._meta.label: kind for kind in KINDS if kind.name is not None and user.role in kind.roles}
    names = _names([one for one in opened if one[0] in kinds], kinds, user)
    return [
        Place(
            names[one] or "Nobody known yet",
            f"{kinds[one[0]].noun} {one[1]}",
            reverse(kinds[one[0]].page, args=[one[1]]),
        )
        for one in opened
        if one in names
    ]


def _names(opened: list[tuple[str, str]], kinds: dict[str, Kind], user: User) -> dict[tuple[str, str], str]:
    found = []
    for label in dict.fromkeys(label for label, _ in opened):
        rows = _seen(kinds[label], user).filter(reference__in=[reference for one, reference in opened if one == label])
        named = rows.order_by().annotate(called=kinds[label].name)
        found.append(named.values_list(Value(label), "reference", "called"))
    rows = found[0].union(*found[1:], all=True) if found else []
    return {(label, reference): name or "" for label, reference, name in rows}
