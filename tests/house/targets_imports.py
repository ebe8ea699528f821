"""Files of people that the access table is tried on: every manager's, whoever sent them, but for rows of restricted people."""

from typing import Any

from intake.models import Changeset, ProposedChange
from residents.models import Resident
from tests import make

MISSING = "CS-2222-222"


def _file(**fields: Any) -> Changeset:
    return Changeset.objects.create(source="Rents", file="people.csv", checksum="0" * 64, **fields)


def _with_status(status: str) -> Any:
    def targets(world: Any) -> dict[str, dict]:
        found = {name: {"reference": _file(made_by=by, status=status).reference} for name, by in (("own", world.dev), ("other", world.mona))}  # fmt: skip
        return {**found, "missing": {"reference": MISSING}}

    return targets


def _row(world: Any) -> dict[str, dict]:
    people: dict[str, Resident] = {"own": make.resident(), "other": make.resident("Omar Haddad"), "restricted": make.restricted_resident()}  # fmt: skip
    file = _file(made_by=world.dev, status="ready")
    found = {}
    for number, (name, person) in enumerate(people.items(), 2):
        ProposedChange.objects.create(changeset=file, number=number, resident=person, facts={"name": "Amina Okafor"})
        found[name] = {"reference": file.reference, "number": number}
    return {**found, "missing": {"reference": file.reference, "number": 999_999}}


TARGETS = {
    "intake:changeset": _with_status("ready"),
    "intake:changeset_columns": _with_status("columns"),
    "intake:changeset_accept": _with_status("ready"),
    "intake:changeset_undo": _with_status("ready"),
    "intake:changeset_discard": _with_status("ready"),
    "intake:change": _row,
}
