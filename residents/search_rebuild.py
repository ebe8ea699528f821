"""Writing what finds everybody afresh: after a migrate that changed the keys, on all cores, while people go on working."""

import os
from collections.abc import Callable
from datetime import timedelta
from multiprocessing import get_context

from django.db import connection, connections, transaction
from django.db.models import Exists, Max, Min, OuterRef, Q
from django.utils import timezone

from ledger.acting import acting_as_system
from ledger.bulk import copy_lines, copy_rows
from ledger.models import Marker
from residents.keys import VERSION
from residents.models import Resident, RestrictedKey, SearchDocument, SearchKey
from residents.search_rows import Line, in_batches, lines_of, rebuild_keys, write_lines

MARKER = "search keys"
A_PART, AT_ONCE = 20_000, 2_000
# Keys of the release before; its web may search in them until it ends, so they go with the migrate after.
FORMER_TABLE = "residents_searchkey"


def after_migrate(told: Callable[[str], None]) -> None:
    """Write all keys afresh unless they are of this version; with nobody on record there is nothing to write."""
    with acting_as_system("system:residents.rebuild"):
        present = Marker.objects.filter(name=MARKER).values_list("value", flat=True).first()
        anybody = Resident.objects.exists()
    if present == VERSION:
        _drop_former()
        return
    if anybody:
        told("Writing what residents are found by …")
        people = rebuild_all()
        _analyse()
        told(f"  {people:,} residents are found by the present keys.")
    with acting_as_system("system:residents.rebuild"):
        Marker.objects.update_or_create(name=MARKER, defaults={"value": VERSION})


def _analyse() -> None:
    """So that the first search is planned for tables that are full."""
    with connection.cursor() as cursor:
        for model in (SearchDocument, SearchKey, RestrictedKey):
            cursor.execute(f"ANALYZE {model._meta.db_table}")


def _drop_former() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP FUNCTION IF EXISTS acting.find_residents(text[], integer)")
        cursor.execute(f"DROP TABLE IF EXISTS {FORMER_TABLE}")


def rebuild_all(processes: int | None = None) -> int:
    """Write the keys and documents of everybody, on so many processes. Returns how many people there are.

    Into empty tables the rows are copied; otherwise each person is brought up to date, and what is as it was stays untouched.
    """
    with acting_as_system("system:residents.rebuild"):
        ends = Resident.objects.aggregate(first=Min("pk"), last=Max("pk"))
        empty = not SearchDocument.objects.exists() and not SearchKey.objects.exists()
    if ends["first"] is None:
        return 0
    parts = [(first, first + A_PART, empty) for first in range(ends["first"], ends["last"] + 1, A_PART)]
    processes = min(processes or len(os.sched_getaffinity(0)), len(parts))
    if processes == 1:
        return sum(_part(part) for part in parts)
    connections.close_all()
    with get_context("fork").Pool(processes) as pool:
        people = sum(pool.imap_unordered(_part_alone, parts))
        pool.close()
        pool.join()  # they leave by themselves: told to end, each would say that it was interrupted
    return people


def _part_alone(part: tuple[int, int, bool]) -> int:
    """A part in a process of its own, which hands its connection back."""
    done = _part(part)
    connection.close()
    return done


def _part(part: tuple[int, int, bool]) -> int:
    first, end, empty = part
    total = 0
    for ids in in_batches(Resident.objects.filter(pk__gte=first, pk__lt=end), AT_ONCE):
        with acting_as_system("system:residents.rebuild"), transaction.atomic():
            lines = list(lines_of(ids))
            if empty:
                _copy(lines)
            else:
                write_lines(lines)
        total += len(lines)
    return total


def _copy(lines: list[Line]) -> None:
    document, key, restricted = (model._meta.db_table for model in (SearchDocument, SearchKey, RestrictedKey))
    open_lines = [line for line in lines if not line.restricted]
    keys = sorted((number, line.pk) for line in open_lines for number in line.keys)
    copy_lines(key, ("key", "resident_id"), [f"{number}\t{pk}" for number, pk in keys])
    hidden = [(number, line.pk, number in line.told) for line in lines if line.restricted for number in line.keys]
    copy_rows(restricted, ("key", "resident_id", "told"), hidden)
    copy_rows(
        document,
        ("resident_id", "said", "keys"),
        [
            (line.pk, line.said, "{{{}}}".format(",".join(map(str, () if line.restricted else line.keys))))
            for line in lines
        ],
    )


def catch_up(*, since: timedelta = timedelta(days=2)) -> int:
    """Bring those up to date who have no document yet, or were changed lately: what another release wrote meanwhile.

    Returns how many people were looked at.
    """
    there = SearchDocument.objects.filter(resident=OuterRef("pk"))
    changed = Resident.events.rel.related_model.objects.filter(  # type: ignore[attr-defined]
        pgh_obj=OuterRef("pk"), pgh_created_at__gt=timezone.now() - since
    )
    late = Resident.objects.filter(~Exists(there) | Q(Exists(changed)))
    count = late.count()
    rebuild_keys(late)
    return count
