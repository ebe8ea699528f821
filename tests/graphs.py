"""Random people with everything that can hang on a person, for the properties of merging. Seeded; one maker for each model."""

import uuid
from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any

from django.apps import apps
from django.db import models

from accounts.models import Organisation, Role, User
from cases.models import Case, CaseMember, IncomeGain, PlanNeed
from intake.models import Changeset, ImportedRecord, ImportRun, ProposedChange, QuarantinedMatch
from residents.merging.relations import is_history
from residents.models import (
    AccessGrant,
    Address,
    Characteristics,
    ChronologyEntry,
    EmailAddress,
    Household,
    Involvement,
    LikelyPair,
    Membership,
    PersonWhoMatters,
    Phone,
    Relationship,
    Resident,
    ResidentAddress,
    Restriction,
    SearchDocument,
    ShownBefore,
    Warning,
)
from residents.search import write_keys
from tests import make
from tests.house.rules import ROOMS
from triage.models import Decision, SafeguardingEpisode, Urgency

FIRST, LAST = ["Amina", "Omar", "Rosa", "Sami", "Leila"], ["Okafor", "Haddad", "Hidden", "Petrov"]
MAKERS: dict[str, Callable[["Graph", Resident], Any]] = {}


def maker(label: str) -> Callable[[Callable[["Graph", Resident], Any]], Callable[["Graph", Resident], Any]]:
    """Says which column the function makes rows for: `residents.Phone.resident`."""

    def keep(function: Callable[["Graph", Resident], Any]) -> Callable[["Graph", Resident], Any]:
        MAKERS[label] = function
        return function

    return keep


class Graph:
    """A small world out of which rows are drawn, so that they clash as often as they differ."""

    def __init__(self, random: Random, people: int) -> None:
        self.random = random
        self.managers = [make.user(f"Manager {n}", Role.MANAGER, teams=[make.team()]) for n in range(2)]
        self.users = [*self.managers, make.user("Worker", Role.CASEWORKER, teams=[make.team()])]
        self.partners: list[Organisation] = [make.organisation() for _ in range(2)]
        self.homes: list[Household] = [make.household(), make.household()]
        self.places = [Address.objects.create(lines=f"{n} Quiet Row", postcode="IG11 7XX") for n in range(2)]
        self.cases: list[Case] = [make.case(lead=self.managers[0], household=home) for home in self.homes]
        # Others, to whom the people of the graph stand in the same ways: some were on record before them, some come after.
        self.before = [make.resident(f"Before {n}") for n in range(2)]
        self.after = [make.resident(f"After {n}", pk=10**9 + n) for n in range(2)]
        self.file = Changeset.objects.create(source="made", file="people.csv", checksum="0" * 64)
        self.traits = {"gender": self.maybe("woman"), "ethnicity": self.maybe("BCRB"), "disabilities": self.maybe("VI")}
        self.people = [self.person() for _ in range(people)]

    def one(self, choices: Any) -> Any:
        """One of them."""
        return self.random.choice(list(choices))

    def maybe(self, value: Any, otherwise: Any = "") -> Any:
        """The value, or nothing."""
        return self.one([value, otherwise])

    def day(self) -> date:
        """A day of the last years."""
        return date(2022, 1, 1) + timedelta(days=self.random.randrange(0, 1400, 100))

    def moment(self) -> Any:
        """A moment, to the microsecond."""
        return make.NOON - timedelta(days=self.random.randrange(400), microseconds=self.random.randrange(10**6))

    def dates(self) -> dict[str, Any]:
        """From a day on, and perhaps until a later one."""
        since = self.day()
        return {"since": since, "until": self.maybe(None, since + timedelta(days=30))}

    def person(self) -> Resident:
        """Somebody, with up to two of each kind of row."""
        restricted = self.random.random() < 0.3
        person = make.resident(
            f"{self.one(FIRST)} {self.one(LAST)}",
            born_on=self.maybe(self.day().replace(year=1984), None),
            preferred_name=self.maybe("Ami"),
            language=self.maybe(self.one(["Somali", "Polish"])),
            needs_interpreter=self.one([True, False]),
            restricted=restricted,
            version=self.random.randrange(1, 5),
        )
        if restricted:
            AccessGrant.objects.create(resident=person, user=self.managers[0], reason="Named", since=self.moment())
            self.restriction(person, until=None)
        for label, build in MAKERS.items():
            if label == "residents.AccessGrant.resident" and not restricted:
                continue
            for _ in range(self.random.randrange(3)):
                build(self, person)
        write_keys(person)
        return person

    def restriction(self, person: Resident, until: Any) -> None:
        """One spell for which a record is restricted."""
        category = self.one(Restriction.Category.values)
        Restriction.objects.create(
            resident=person, category=category, reason=self.one(["Refuge", "Works here"]), since=self.moment(), review_on=self.day(), until=until
        )  # fmt: skip


@maker("residents.Membership.resident")
def _membership(g: Graph, person: Resident) -> None:
    home, dates = g.one(g.homes), g.dates()
    if not Membership.objects.filter(resident=person, household=home, until=None).exists():
        Membership.objects.create(resident=person, household=home, part=g.one(["adult", "child"]), **dates)


@maker("residents.Phone.resident")
def _phone(g: Graph, person: Resident) -> None:
    number, dates = g.one(["+447700900123", "+447700900124"]), g.dates()
    if not person.phones.filter(number=number, until=None).exists():
        safe = {"safe_to_call": g.one([True, False]), "safe_to_text": g.one([True, False])}
        Phone.objects.create(
            resident=person, number=number, note=g.one(["", "after six", "her sister’s"]), **safe, **dates
        )


@maker("residents.EmailAddress.resident")
def _email(g: Graph, person: Resident) -> None:
    address, dates = g.one(["a@example.org", "b@example.org"]), g.dates()
    if not person.emails.filter(address=address, until=None).exists():
        EmailAddress.objects.create(resident=person, address=address, safe_to_write=g.one([True, False]), **dates)


@maker("residents.ResidentAddress.resident")
def _address(g: Graph, person: Resident) -> None:
    kind = g.one(["home", "nfa", "care_of"])
    place, dates = None if kind == "nfa" else g.one(g.places), g.dates()
    kinds = ["care_of"] if kind == "care_of" else ["home", "nfa"]
    if not person.addresses.filter(kind__in=kinds, until=None).exists():
        confidential = g.one([True, False, False])
        ResidentAddress.objects.create(resident=person, kind=kind, address=place, confidential=confidential, **dates)


@maker("residents.Warning.resident")
def _warning(g: Graph, person: Resident) -> None:
    Warning.objects.create(resident=person, kind="staff", text="Two to visit", added_at=g.moment(), review_on=g.day())


@maker("residents.AccessGrant.resident")
def _grant(g: Graph, person: Resident) -> None:
    user: User = g.one(g.users)
    if not person.access_grants.filter(user=user, until=None).exists():
        AccessGrant.objects.create(resident=person, user=user, reason="Asked for", since=g.moment())


@maker("residents.Characteristics.resident")
def _traits(g: Graph, person: Resident) -> None:
    if not Characteristics.objects.filter(resident=person).exists():
        Characteristics.objects.create(resident=person, **{name: g.maybe(value) for name, value in g.traits.items()})


@maker("residents.ChronologyEntry.resident")
def _entry(g: Graph, person: Resident) -> None:
    told = {"verb": "add_phone", "heading": "Phone number added", "kind": "residents.Phone"}
    at = g.moment()
    ChronologyEntry.objects.create(event=uuid.uuid4(), resident=person, at=at, written_at=at, **told)


@maker("residents.Involvement.resident")
def _involvement(g: Graph, person: Resident) -> None:
    Involvement.objects.create(
        resident=person, kind="agency", organisation=g.one(g.partners), what=g.one(["Advice", "Food"]), **g.dates()
    )


@maker("residents.Agreement.resident")
def _agreement(g: Graph, person: Resident) -> None:
    recorded = g.moment()
    withdrawn = g.maybe(None, recorded + timedelta(days=g.random.randrange(1, 200), microseconds=7))
    make.agreement(person, g.one(g.partners), recorded_at=recorded, withdrawn_at=withdrawn)


@maker("residents.PersonWhoMatters.resident")
def _matters(g: Graph, person: Resident) -> None:
    dates = g.dates()
    if not person.people_who_matter.filter(until=None).exists():
        said = {"may_be_called": g.one([True, False]), "note": g.one(["", "after six", "her sister’s"])}
        PersonWhoMatters.objects.create(resident=person, name="Aunt May", relation="relative", **said, **dates)


@maker("residents.Restriction.resident")
def _past_restriction(g: Graph, person: Resident) -> None:
    g.restriction(person, until=make.NOON)


def _related(g: Graph, first: Resident, second: Resident, kind: str) -> None:
    """Whichever way round, two are related so once at a time."""
    pair = [first, second]
    if not Relationship.objects.filter(kind=kind, first__in=pair, second__in=pair).exists():
        said = {"note": g.one(["", "by his account"]), "since": g.maybe(g.day(), None), "recorded_at": g.moment()}
        Relationship.objects.create(first=first, second=second, kind=kind, recorded_by=g.one(g.users), **said)


@maker("residents.Relationship.first")
def _tie(g: Graph, person: Resident) -> None:
    kind = g.one(["sibling", "parent"])  # a child stands after everybody: nobody is the parent of their parent
    _related(g, person, g.one(g.after if kind == "parent" else [*g.before, *g.after]), kind)


@maker("residents.Relationship.second")
def _tied(g: Graph, person: Resident) -> None:
    kind = g.one(["sibling", "parent", "alleged"])
    _related(g, g.one([*g.before, *g.after] if kind == "sibling" else g.before), person, kind)


def _pair(g: Graph, one: Resident, other: Resident) -> None:
    if LikelyPair.objects.filter(one=one, other=other).exists():
        return
    status = g.one(LikelyPair.Status.values)
    at = g.moment() if status in ("same", "apart", "unsure") else None
    said = {"decided_at": at, "decided_by": at and g.one(g.users), "note": (at and "Spoke to both") or ""}
    LikelyPair.objects.create(one=one, other=other, status=status, per_mille=g.random.randrange(500, 900), **said)


@maker("residents.LikelyPair.one")
def _pair_with_one_after(g: Graph, person: Resident) -> None:
    _pair(g, person, g.one(g.after))


@maker("residents.LikelyPair.other")
def _pair_with_one_before(g: Graph, person: Resident) -> None:
    _pair(g, g.one(g.before), person)


@maker("residents.ShownBefore.begun")
def _shown(g: Graph, person: Resident) -> None:
    ShownBefore.objects.get_or_create(begun=person, shown=g.one(g.before), defaults={"at": g.moment()})


@maker("residents.ShownBefore.shown")
def _begun_all_the_same(g: Graph, person: Resident) -> None:
    ShownBefore.objects.get_or_create(begun=g.one(g.after), shown=person, defaults={"at": g.moment()})


@maker("intake.Contact.resident")
def _contact(g: Graph, person: Resident) -> None:
    make.contact(person, received_at=g.moment())


@maker("intake.ImportedRecord.our_id")
def _imported(g: Graph, person: Resident) -> None:
    run = ImportRun.objects.first() or ImportRun.objects.create(
        source="made", file="people.csv", checksum="0" * 64, started_at=make.NOON
    )
    ImportedRecord.objects.create(
        source="made", table="people", their_id=uuid.uuid4().hex, checksum="0", kind="residents.Resident", our_id=person.pk, run=run
    )  # fmt: skip


def _row(g: Graph, **more: Any) -> ProposedChange:
    return ProposedChange.objects.create(changeset=g.file, number=ProposedChange.objects.count() + 2, **more)


@maker("intake.ProposedChange.resident")
def _proposed(g: Graph, person: Resident) -> None:
    _row(g, resident=person, state="accepted", decided_at=make.NOON)


@maker("intake.QuarantinedMatch.resident")
def _quarantined(g: Graph, person: Resident) -> None:
    QuarantinedMatch.objects.create(change=_row(g), resident=person, per_mille=900)


@maker("triage.Decision.resident")
def _decision(g: Graph, person: Resident) -> Decision:
    return make.decision(make.contact(person, received_at=g.moment()))


@maker("triage.SafeguardingEpisode.resident")
def _episode(g: Graph, person: Resident) -> None:
    contact = make.contact(person, received_at=g.moment())
    SafeguardingEpisode.objects.create(
        contact=contact, resident=person, urgency=Urgency.RED, opened_at=make.NOON, due_at=make.NOON
    )


@maker("cases.CaseMember.resident")
def _member(g: Graph, person: Resident) -> None:
    case, dates = g.one(g.cases), g.dates()
    if not case.members.filter(resident=person, until=None).exists():
        CaseMember.objects.create(case=case, resident=person, **dates)
        if person.restricted and not case.restricted:
            Case.objects.filter(pk=case.pk).update(restricted=True)
            case.refresh_from_db()


@maker("cases.PlanNeed.resident")
def _plan_need(g: Graph, person: Resident) -> None:
    PlanNeed.objects.create(
        case=g.one(g.cases),
        need=make.need(),
        resident=person,
        goal="Rent paid",
        baseline=1,
        latest=2,
        added_at=make.NOON,
    )


@maker("cases.IncomeGain.resident")
def _gain(g: Graph, person: Resident) -> None:
    IncomeGain.objects.create(
        resident=person, kind="pip", one_off_pence=500, value_pence=500, claimed_on=g.day(), recorded_at=make.NOON
    )


@maker("referrals.Referral.resident")
def _referral(g: Graph, person: Resident) -> None:
    make.referral(to=g.one(g.partners), resident=person)


def rows_of(model: type[models.Model]) -> dict[Any, dict[str, Any]]:
    """Every row of a table, by key."""
    return {row[model._meta.pk.attname]: row for row in model._base_manager.values()}


APPENDED = {
    "residents.Merge",
    "residents.MergedRow",
    "ledger.AuditEvent",
    "ledger.OutboxJob",
    "reporting.TouchedMonth",
    "residents.SearchDocument",  # derived: compared by what finds whom
    "residents.SearchKey",
    "residents.RestrictedKey",
}


def everything() -> dict[str, Any]:
    """Every row of every table but those that only grow: trail, history, journal. Search keys without their own keys."""
    found: dict[str, Any] = {}
    for model in apps.get_models(include_auto_created=True):
        label = model._meta.label
        if label in APPENDED or model._meta.app_label not in ROOMS or is_history(model):
            continue
        found[label] = rows_of(model)
    # Whoever undoes a merge has said that the two are not one person: a row more, and of no weight.
    pairs = found["residents.LikelyPair"]
    found["residents.LikelyPair"] = {key: row for key, row in pairs.items() if row["per_mille"]}
    told = found["residents.ChronologyEntry"]
    found["residents.ChronologyEntry"] = {key: row for key, row in told.items() if row["kind"] != "residents.Merge"}
    found["search"] = {
        row.pk: {"said": row.said, "keys": sorted(row.keys)} for row in SearchDocument.objects.all() if row.said
    }
    return found
