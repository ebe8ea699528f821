"""Records that the access table is tried on: contacts of somebody, of somebody restricted, of nobody."""

from datetime import timedelta
from typing import Any

from intake.models import Contact
from tests import make
from tests.make import NOON

MISSING = {"reference": "CS-2222-22C"}
PROMISED = {"next_step": "Call back", "next_step_by": NOON + timedelta(days=1)}


def contacts(world: Any, **fields: Any) -> dict[str, Contact]:
    """One contact logged by Finn, one by Ben, one of somebody whom none of the cast may open."""
    return {
        "own": make.contact(make.resident(), logged_by=world.finn, **fields),
        "other": make.contact(make.resident("Other Person"), logged_by=world.ben, **fields),
        "restricted": make.contact(make.restricted_resident(), **fields),
    }


def _contact(world: Any) -> dict[str, dict]:
    found = contacts(world, **PROMISED)
    return {**{name: {"reference": contact.reference} for name, contact in found.items()}, "missing": MISSING}


TARGETS = {"intake:contact": _contact, "intake:keep_promise": _contact}
