"""The arithmetic: percentiles, rows of the table, ratios and what they are held to. Nothing here measures."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from statistics import median
from typing import Any

from bench import plan


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` of the values do not pass: the nearest rank, so that it is one that was measured."""
    ordered = sorted(values)
    rank = max(1, -(-len(ordered) * round(share * 1000) // 1000))
    return ordered[rank - 1]


@dataclass
class Samples:
    """What one action took at one size: milliseconds, queries and kB of each time, and why it failed where it did."""

    ms: list[float] = field(default_factory=list)
    queries: list[int] = field(default_factory=list)
    kb: list[float] = field(default_factory=list)
    failed: str = ""

    def add(self, ms: float, *, queries: int | None = None, kb: float | None = None) -> None:
        """Keep one measurement."""
        self.ms.append(ms)
        if queries is not None:
            self.queries.append(queries)
        if kb is not None:
            self.kb.append(kb)


Measured = dict[tuple[str, int], Samples]


def collected() -> Measured:
    """An empty collection by action and size."""
    return defaultdict(Samples)


@dataclass(frozen=True)
class Row:
    """One line of the table. Times in milliseconds, queries the median (once a minute a session is written), kB the highest."""

    family: str
    action: str
    size: int
    n: int
    p50: float
    p95: float
    p99: float
    queries: int | None
    kb: float | None
    floor_ratio: float | None
    failed: str = ""


def rows_of(measured: Measured) -> list[Row]:
    """The table, in the order of the plan, the smaller size first; each ratio is against the floor at the same size."""
    rows = []
    for action in plan.ACTIONS:
        for key, size in sorted(measured):
            if key == action.key:
                rows.append(_row(action, size, measured[key, size], measured.get(("floor", size))))
    return rows


def _row(action: plan.Action, size: int, seen: Samples, floor: Samples | None) -> Row:
    if not seen.ms:
        return Row(action.family, action.key, size, 0, 0, 0, 0, None, None, None, seen.failed or "not measured")
    p50, p95, p99 = (round(percentile(seen.ms, share), 2) for share in (0.5, 0.95, 0.99))
    of_floor = action.kind in (plan.FLOOR, plan.PAGE, plan.WRITE, plan.FILE) and floor is not None and bool(floor.ms)
    ratio = round(p95 / percentile(floor.ms, 0.95), 2) if of_floor and floor else None
    queries = int(percentile(seen.queries, 0.5)) if seen.queries else None
    kb = round(max(seen.kb), 1) if seen.kb else None
    return Row(action.family, action.key, size, len(seen.ms), p50, p95, p99, queries, kb, ratio, seen.failed)


@dataclass(frozen=True)
class Verdict:
    """One figure, what it is held to, and whether it holds."""

    family: str
    name: str
    value: float
    limit: float
    unit: str = "×"
    at_least: bool = False

    @property
    def met(self) -> bool:
        """Whether the figure is within its limit."""
        return self.value >= self.limit if self.at_least else self.value <= self.limit

    def as_dict(self) -> dict[str, Any]:
        """For the file."""
        return asdict(self) | {"met": self.met}


def verdicts(rows: Iterable[Row]) -> list[Verdict]:
    """Everything that the rows are held to. A row that could not be measured is a miss."""
    by = {(row.action, row.size): row for row in rows}
    sizes = sorted({row.size for row in by.values() if plan.ACTION[row.action].kind != plan.PEER})
    found = [
        Verdict(row.family, f"{words(row)}: could not be measured", 1, 0, "failures")
        for row in by.values()
        if row.failed
    ]
    if not sizes:
        return found
    large, small = sizes[-1], sizes[0]
    for action in plan.ACTIONS:
        row, earlier = by.get((action.key, large)), by.get((action.key, small))
        if row is None or not row.n:
            continue
        if action.kind == plan.PAGE:
            found += _page(action, row)
        if action.kind in (plan.PAGE, plan.WRITE) and earlier and earlier.n and large > small:
            found.append(
                _ratio(action.family, f"{action.words}: {large:,} v {small:,}", row.p95, earlier.p95, plan.FLAT)
            )
        if limit := plan.JOB_SECONDS.get(action.key):
            found.append(Verdict(action.family, action.words, round(row.p95 / 1000, 2), limit, "s"))
    return found + _inserts(by, large) + _peers(by, large)


def words(row: Row) -> str:
    """An action as the table names it."""
    return f"{plan.ACTION[row.action].words} ({row.size:,})"


def _page(action: plan.Action, row: Row) -> list[Verdict]:
    limit = plan.DASHBOARD_FLOORS if action.key == "dashboard" else plan.PAGE_FLOORS
    found = []
    if row.floor_ratio is not None:
        found.append(Verdict(action.family, f"{action.words}: v floor", row.floor_ratio, limit))
    if row.queries is not None:
        found.append(Verdict(action.family, f"{action.words}: queries", row.queries, plan.MOST_QUERIES, "queries"))
    if row.kb is not None:
        found.append(Verdict(action.family, f"{action.words}: HTML", row.kb, plan.MOST_KB, "kB"))
    return found


def _ratio(family: str, name: str, above: float, below: float, limit: float) -> Verdict:
    return Verdict(family, name, round(above / below, 4), round(limit, 4))


def _inserts(by: dict[tuple[str, int], Row], large: int) -> list[Verdict]:
    save, bare = by.get(("contact_save", large)), by.get(("insert", large))
    if not (save and bare and save.n and bare.n):
        return []
    return [_ratio("work", f"{plan.ACTION['contact_save'].words}: v bare insert", save.p50, bare.p50, plan.INSERTS)]


def _peers(by: dict[tuple[str, int], Row], large: int) -> list[Verdict]:
    found = []
    for theirs, (ours, limit) in plan.PEERS.items():
        peer = next((row for (key, _), row in by.items() if key == theirs and row.n), None)
        mine = [by[key, large] for key in ours if (key, large) in by and by[key, large].n]
        if peer and mine:
            slowest = max(mine, key=lambda row: row.p50)
            name = f"{plan.ACTION[slowest.action].words} v {plan.ACTION[theirs].words}"
            found.append(_ratio("work", name, slowest.p50, peer.p50, limit))
    return found


def middle(values: Sequence[float]) -> float:
    """The median, to two places."""
    return round(median(values), 2)
