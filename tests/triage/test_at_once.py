"""Two people at the same moment, on two connections: one wins, the other is told what happened."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from accounts.models import Role, User
from ledger.acting import acting_as, acting_as_system
from tests import make
from triage import actions
from triage.models import Decision, TriageItem

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("committed")]


@pytest.fixture(autouse=True)
def _django_db_marker():
    """The mark asks for the test database; `committed` does what a transaction does elsewhere."""


def both(people: list[User], verb: Callable[[User], object]) -> list[str]:
    """Each person does the verb in a thread of their own, at once; returns "done" or the words of the refusal."""
    start = Barrier(len(people))

    def run(person: User) -> str:
        try:
            with acting_as(person):
                start.wait(timeout=10)
                verb(person)
            return "done"
        except ValidationError as refusal:
            return " ".join(refusal.messages)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(people)) as pool:
        return list(pool.map(run, people))


def scene() -> tuple[list[User], TriageItem]:
    """Two caseworkers and a contact that waits."""
    with acting_as_system("system:test"):
        team = make.team("Family help")
        people = [make.user(name, Role.CASEWORKER, teams=[team]) for name in ("Ben Osei", "Cath Lowe")]
        item = actions.queue_contact(make.contact(make.resident()), by=None, at=make.NOON)
    return people, item


def test_two_claims_at_once():
    people, item = scene()

    said = both(people, lambda person: actions.claim(item, by=person, at=timezone.now()))

    with acting_as_system("system:test"):
        item.refresh_from_db()
    winner = people[said.index("done")]
    assert item.claimed_by == winner
    assert next(words for words in said if words != "done").startswith(f"{winner} took this at")


def test_two_decisions_at_once():
    people, item = scene()

    said = both(
        people,
        lambda person: actions.decide_tier(item.contact, tier=4, outcome="to_triage", by=person, at=timezone.now()),
    )

    winner = people[said.index("done")]
    with acting_as_system("system:test"):
        assert Decision.objects.get().made_by == winner
    assert next(words for words in said if words != "done").startswith(f"{winner} has decided this already: Support")
