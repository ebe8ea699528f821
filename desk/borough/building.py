"""Building the borough: a small one in one go, a large one on several processes, with bare tables and the indexes after."""

import csv
import gc
import os
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

from django.apps import apps
from django.db import connection, connections, transaction
from django.db.models import AutoField

from accounts.working_time import bank_holidays
from desk.borough import truth
from desk.borough.make import Plan, Told, hire_staff, invent
from desk.borough.numbers import highest
from desk.borough.pages import Pages
from desk.borough.staff import Staff
from desk.borough.ways import Ways
from ledger import bare_tables
from ledger.bulk import continue_keys
from ledger.models import AuditEvent

A, B, T = TypeVar("A"), TypeVar("B"), TypeVar("T")
ROOMS = ("residents", "intake", "triage", "cases", "referrals")
REFERENCE_DATA = {"residents_ward", "intake_need", "cases_closurereason"}
WARM = 12
"""So many months are lived through once, for nothing, before the processes part: each knows what the rules say of most contacts."""
_TASTE = "SET default_statistics_target = 10"
"""A table in parts is looked at part by part, and a taste of each is enough: the usual 30,000 rows of each month took a minute."""


@dataclass
class Built:
    """What was written: rows by table, and the truth that stands in none of them."""

    rows: Counter[str] = field(default_factory=Counter)
    truth: dict[int, list[tuple]] = field(default_factory=dict)
    districts: list[Staff] = field(default_factory=list)
    not_analysed: list[str] = field(default_factory=list)

    def take(self, number: int, rows: dict[str, int], lines: list[tuple]) -> None:
        """Add one neighbourhood."""
        self.rows.update(rows)
        self.truth[number] = lines

    def write_truth(self, path: Path) -> None:
        """One line for each household, as `docs/borough.md` explains."""
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8", newline="") as out:
            sheet = csv.writer(out, lineterminator="\n")
            sheet.writerow(truth.COLUMNS)
            for number in sorted(self.truth):
                sheet.writerows(self.truth[number])


def build(plan: Plan, password: str, told: Told, *, processes: int) -> Built:
    """Write the whole borough into an empty database. The rows do not depend on the number of processes."""
    if plan.small:
        with transaction.atomic():
            return build_here(plan, password, told)
    with transaction.atomic():
        districts = hire_staff(plan, password)
    used = keys_in_use()
    bare = bare_tables.make_bare(tables())
    try:
        built = _live(plan, districts, used, told, processes)
    finally:
        _build_up(bare, told, processes)
    for table, column in numbered():
        continue_keys(table, column)
    if wrong := bare_tables.is_as_before(bare):
        raise RuntimeError("The tables are not as they were: " + "; ".join(wrong[:20]))
    built.not_analysed = sorted(_every_table() - set(tables()))
    return built


def build_here(plan: Plan, password: str, told: Told) -> Built:
    """One neighbourhood after the other in the open transaction."""
    districts, used, ways = hire_staff(plan, password), keys_in_use(), Ways(apart=True)
    built = Built(districts=districts)
    for number in range(plan.neighbourhoods):
        part = _told_of(told, number, plan.neighbourhoods)
        book = _without_rubbish(
            lambda number=number, part=part: invent(plan, number, districts, part, used=used, ways=ways)
        )
        built.take(number, book.pages.written, book.truth)
    for table, column in numbered():
        continue_keys(table, column)
    built.not_analysed = sorted(_every_table())
    return built


def tables() -> list[str]:
    """The tables that hold the borough's rows."""
    models = [model for room in ROOMS for model in apps.get_app_config(room).get_models(include_auto_created=True)]
    named = {model._meta.db_table for model in models if model._meta.managed and not model._meta.proxy} - REFERENCE_DATA
    return sorted(named | {AuditEvent._meta.db_table})


def _every_table() -> set[str]:
    models = [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]
    return {model._meta.db_table for model in models if not model._meta.proxy}


def numbered() -> list[tuple[str, str]]:
    """Those of them that number their rows, with the column that does."""
    by_table = {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}
    keys = [(table, by_table[table]._meta.pk) for table in tables()]
    return [(table, key.column) for table, key in keys if isinstance(key, AutoField)]


def keys_in_use() -> dict[str, int]:
    """The highest key of each table."""
    return {table: highest(table, column) for table, column in numbered()}


def _told_of(told: Told, number: int, among: int) -> Told:
    return lambda what, share: told(what, (number + share) / among)


def _without_rubbish(work: Callable[[], T]) -> T:
    """Invent without the collector of rubbish, which would look at millions of rows that all stay."""
    gc.disable()
    try:
        return work()
    finally:
        gc.enable()


# --- on several processes ----------------------------------------------------------------------------------------

_shared: dict = {}


def _live(plan: Plan, districts: list[Staff], used: dict[str, int], told: Told, processes: int) -> Built:
    """Each neighbourhood lives in a process of its own, whose end gives back its memory: to tidy up takes a tenth of the time."""
    built = Built()
    for year in range(plan.start.year - 1, plan.end.year + 2):
        bank_holidays(year)  # once, and not in every process
    _shared.update(plan=plan, districts=districts, used=used)
    told("living through", 0.0)
    short = replace(plan, months=min(plan.months, WARM))
    _without_rubbish(lambda: invent(short, 0, districts, lambda what, share: None, used=used, pages=Pages(_nowhere)))
    for number, rows, lines in _each(_one, range(plan.neighbourhoods), processes):
        built.take(number, rows, lines)
        told("living through", len(built.truth) / plan.neighbourhoods)
    return built


def _one(number: int) -> tuple[int, dict[str, int], list[tuple]]:
    gc.disable()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")
        book = invent(_shared["plan"], number, _shared["districts"], lambda what, share: None, used=_shared["used"])
    connection.close()
    _shared["book"] = book  # nothing of it is let go one by one
    return number, book.pages.written, book.truth


def _nowhere(table: str, columns: Sequence[str], lines: list[str]) -> None:
    """Where rows go that nobody wants."""


def _build_up(bare: bare_tables.Bare, told: Told, processes: int) -> None:
    """Keys and indexes, largest tables first; then foreign keys; then a look at everything for the planner."""
    looks = {name: [*([_TASTE] if name in bare.whole else []), f"ANALYZE {name}"] for name in bare.tables}
    done, steps = 0, len(bare.build) + len(bare.check) + len(looks)
    for phase, jobs in (("building indexes", bare.build), ("checking links", bare.check), ("looking at tables", looks)):
        if phase == "checking links":
            bare_tables.declare(bare)
        told(phase, done / steps)
        for _ in _each(_run, [jobs[name] for name in _by_size(jobs)], processes):
            done += 1
            told(phase, done / steps)


def _by_size(names: Iterable[str]) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM unnest(%s) name ORDER BY (SELECT sum(pg_relation_size(relid)) FROM pg_partition_tree(name::regclass)) DESC",
            [list(names)],
        )
        return [name for (name,) in cursor.fetchall()]


def _run(statements: list[str]) -> None:
    bare_tables.run(statements)
    connection.close()


def _each(work: Callable[[A], B], over: Iterable[A], processes: int) -> Iterable[B]:
    """Do a piece of work for each, on so many processes, as they are ready."""
    connections.close_all()
    with get_context("fork").Pool(processes, maxtasksperchild=1) as pool:
        yield from pool.imap_unordered(work, over)


def worth_while() -> int:
    """How many processes: one more than cores, so that another invents while one waits for the database to take its lines."""
    return 1 + len(os.sched_getaffinity(0))
