"""Inside an empty database: a register of bare residents, copied in, and everything that they are found by."""

import json
import sys
import time
from datetime import date
from random import Random
from typing import Any

from django.db import connection, models, transaction
from django.utils import timezone

import bench.begun  # noqa: F401
from bench.townsfolk import Home, Person, Register
from ledger.acting import acting_as_system
from ledger.bulk import continue_keys, copy_rows
from ledger.references import new_reference
from residents.models import Address, Phone, Resident, ResidentAddress
from residents.search_rebuild import rebuild_all

SINCE, MOVED = date(2021, 3, 1), date(2024, 5, 1)


def fill(number: int, seed: int) -> dict[str, Any]:
    """Write so many people, and what finds them. Returns how long each took."""
    people = Register(number, seed).people
    began = time.monotonic()
    with acting_as_system("system:bench"), transaction.atomic():
        _residents(people, seed)
        _places(people)
        phones = [(person.pk, number, SINCE) for person in people for number in person.phones]
        _copy(Phone, ("resident_id", "number", "since"), phones)
    copied, began = time.monotonic() - began, time.monotonic()
    rebuild_all()
    return {"people": len(people), "copied": round(copied, 1), "keys": round(time.monotonic() - began, 1)}


def _residents(people: list[Person], seed: int) -> None:
    random, now, seen = Random(f"references {seed}"), timezone.now(), set()
    rows = []
    for person in people:
        while (reference := new_reference(random)) in seen:
            continue
        seen.add(reference)
        rows.append((person.pk, reference, person.name, person.born, "full", now))
    _copy(Resident, ("id", "reference", "name", "born_on", "birth", "created_at"), rows)
    continue_keys(Resident._meta.db_table)
    history = Resident.events.rel.related_model  # type: ignore[attr-defined]
    former = [
        (now, "changed", row[0], *row[:2], person.former, *row[3:])
        for person, row in zip(people, rows, strict=True)
        if person.former
    ]
    columns = ("pgh_created_at", "pgh_label", "pgh_obj_id", "id", "reference", "name", "born_on", "birth", "created_at")
    _copy(history, columns, former)


def _places(people: list[Person]) -> None:
    homes: dict[str, tuple[int, Home]] = {}
    for person in people:
        for home in filter(None, (person.home, person.old_home)):
            homes.setdefault(home.uprn, (len(homes) + 1, home))
    _copy(
        Address,
        ("id", "uprn", "lines", "postcode"),
        [(pk, one.uprn, one.lines, one.postcode) for pk, one in homes.values()],
    )
    continue_keys(Address._meta.db_table)
    lived = [(person.pk, homes[person.home.uprn][0], MOVED, None) for person in people]
    lived += [(person.pk, homes[person.old_home.uprn][0], SINCE, MOVED) for person in people if person.old_home]
    _copy(ResidentAddress, ("resident_id", "address_id", "since", "until"), lived)


def _copy(model: type[models.Model], columns: tuple[str, ...], rows: list[tuple]) -> None:
    """Rows of a model; what no column names is what a new row holds."""
    rest = [
        field
        for field in model._meta.concrete_fields
        if field.column not in columns and not field.primary_key and not field.null
    ]
    more = tuple(field.get_default() for field in rest)
    copy_rows(model._meta.db_table, (*columns, *(field.column for field in rest)), (row + more for row in rows))


def main() -> None:
    """Fill the register; print what it took."""
    done = fill(int(sys.argv[1]), int(sys.argv[2]))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    print(json.dumps(done))


if __name__ == "__main__":
    main()
