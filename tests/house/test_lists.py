"""List pages cost the same number of queries with a few rows and with thirty more of everything."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from directory.models import Service
from intake.models import Contact
from ledger import trail
from ledger.acting import acting_as_system
from residents import chronology
from tests import make
from tests.house.answers import our_pages
from tests.house.world import NOON, World
from triage.models import SafeguardingEpisode, TriageItem, Urgency
from triage.tiers import Tier

pytestmark = pytest.mark.django_db
MORE = 30
# Pages about one record that list what hangs on it, beside all pages without a record.
WITH_LISTS = {
    "residents:resident": "resident",
    "cases:case": "case",
    "cases:notes": "case",
    "cases:story": "case",
    "cases:plan": "case",
    "cases:people": "case",
    "cases:money": "case",
    "cases:housing": "case",
    "cases:reviews": "case",
}


def crowd(world: World) -> None:
    """Thirty more of everything that lists show, as Ben's, Finn's, Dev's and Ela's day would have it."""
    soon = timezone.now() + timedelta(hours=4)
    for number in range(MORE):
        person = make.resident(f"Crowd {number}")
        home = make.household(person)
        case = make.case(lead=world.ben, household=home)
        case.notes.create(kind="call", text="Spoke", happened_at=NOON, written_at=NOON, by=world.ben)
        world.case.notes.create(kind="call", text="Spoke", happened_at=NOON, written_at=NOON, by=world.ben)
        need = world.case.plan_needs.create(
            need=make.need(f"need_{number}"), goal="Better", baseline=1, latest=2, added_at=NOON
        )
        need.actions.create(case=world.case, what="Call", owner=world.ben, due_on=make.TODAY, added_at=NOON)
        world.case.income_gains.create(
            resident=world.resident,
            kind="pip",
            weekly_after_pence=100,
            value_pence=5_200,
            claimed_on=make.TODAY,
            recorded_at=NOON,
            recorded_by=world.ben,
        )
        world.case.reviews.create(
            was_due_on=make.TODAY, held_at=NOON, outcome="continue", progress=True, summary="Fine", by=world.ben
        )
        waiting = make.contact(
            make.resident(f"Caller {number}"),
            needs=["rent_arrears"],
            status=Contact.Status.WAITING,
            outcome="to_triage",
            logged_by=world.finn,
            next_step="Call back",
            next_step_by=soon,
        )
        TriageItem.objects.create(
            contact=waiting,
            suggested_tier=Tier.SUPPORT,
            urgency=Urgency.GREEN,
            rule_set_version="test",
            due_at=soon,
            queued_at=NOON,
        )
        SafeguardingEpisode.objects.create(
            contact=waiting, resident=waiting.resident, urgency=Urgency.AMBER, opened_at=NOON, due_at=soon
        )
        decided = make.contact(person, status=Contact.Status.DECIDED, outcome="to_triage")
        make.decision(decided, household=make.household(make.resident(f"Waiting {number}")), team=world.team)
        make.referral(case, to=world.harbour, made_by=world.ben)
        chronology.add([world.resident], "note", "Something happened", subject=world.case, by=world.ben, at=NOON)
        partner = make.organisation(f"Partner of the crowd {number}")
        make.user(f"Worker {number}", Role.CASEWORKER, teams=[world.team])
        make.team(f"Team {number}")
        Service.objects.create(organisation=partner, name=f"Service {number}")
        trail.record("open", person, by=world.ben, about=[person.reference])


def asked(user, path: str) -> int:
    """How many queries a page costs, warm."""
    client = Client()
    client.force_login(user)
    client.get(path)
    with CaptureQueriesContext(connection) as found:
        answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return len(found)


def pages_and_people(world: World) -> list[tuple[str, str, object]]:
    """(page, address, who) for every list, by every role that may ask."""
    found = []
    for page, entry in our_pages().items():
        access = entry.callback.access
        if "GET" not in access["methods"] or access["public"]:
            continue
        if page in WITH_LISTS:
            path = reverse(page, kwargs={"reference": getattr(world, WITH_LISTS[page]).reference})
        elif not entry.pattern.regex.groups:
            path = reverse(page)
        else:
            continue
        people = [user for user in world.columns.values() if user and str(user.role) in access["roles"]]
        found += [(page, path, user) for user in people]
    return found


def test_lists_cost_the_same_with_thirty_more_rows(db):
    with acting_as_system("system:test"):
        world = World()
        make.contact(world.resident, logged_by=world.finn, next_step="Ring", next_step_by=timezone.now())
    asks = []
    for page, path, user in pages_and_people(world):
        client = Client()
        client.force_login(user)
        if client.get(path).status_code == 200:
            asks.append((page, path, user))
    few = {(page, user.name): asked(user, path) for page, path, user in asks}
    with acting_as_system("system:test"):
        crowd(world)
    many = {(page, user.name): asked(user, path) for page, path, user in asks}

    dearer = [
        f"{page} for {who}: {few[page, who]} queries, then {many[page, who]}"
        for page, who in few
        if many[page, who] > few[page, who]
    ]
    assert len(few) > 20
    assert not dearer, "\n".join(dearer)
