"""Records that the access table is tried on: contacts in the queue, nameless ones, safeguarding episodes."""

from typing import Any

from tests import make
from tests.house.targets_intake import MISSING, contacts
from tests.make import NOON
from triage import actions
from triage.models import SafeguardingEpisode


def _contact(world: Any) -> dict[str, dict]:
    found = contacts(world)
    return {**{name: {"reference": contact.reference} for name, contact in found.items()}, "missing": MISSING}


def _queued(world: Any) -> dict[str, dict]:
    found = contacts(world)
    for contact in found.values():
        actions.queue_contact(contact, by=None, at=NOON)
    return {**{name: {"reference": contact.reference} for name, contact in found.items()}, "missing": MISSING}


def _nameless(world: Any) -> dict[str, dict]:
    return {
        **_contact(world),
        "own": {"reference": make.contact(None, logged_by=world.finn).reference},
        "other": {"reference": make.contact(None, logged_by=world.ben).reference},
    }


def _episode(world: Any) -> dict[str, dict]:
    rows = {
        name: SafeguardingEpisode.objects.create(
            contact=contact, resident=contact.resident, urgency="red", opened_at=NOON, due_at=NOON
        )
        for name, contact in contacts(world).items()
    }
    return {**{name: {"reference": row.reference} for name, row in rows.items()}, "missing": MISSING}


TARGETS = {
    "triage:logged": _contact,
    "triage:link": _nameless,
    "triage:item": _queued,
    "triage:claim": _queued,
    "triage:release": _queued,
    "triage:answers": _queued,
    "triage:withdraw": _queued,
    "triage:episode": _episode,
}
