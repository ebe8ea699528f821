"""What the clock does: everything recomputed, and an hour's new work folded in."""

from typing import Any

from bench import figures, ground, table
from bench.boroughs import Borough

RECOMPUTES, HOURS = 2, 3


def measure(towns: list[Borough]) -> dict[str, Any]:
    """Each job at each size in turn. Folding in comes after a real hour of work, by the verbs, which is not timed."""
    measured, seen = figures.collected(), []
    for town in towns:
        ground.inside(town.env, "bench.figuring", "fold_in", process="job")  # what earlier work has left
    for _ in range(HOURS):
        for town in towns:
            done = ground.inside(town.env, "bench.hour", town.residents)
            found = ground.inside(town.env, "bench.figuring", "fold_in", process="job")
            measured["fold_in", town.residents].add(found["seconds"] * 1000)
            seen.append(
                ["fold in", town, found, ", ".join(f"{count} {name}" for name, count in done.items() if name != "day")]
            )
    for _ in range(RECOMPUTES):
        for town in towns:
            found = ground.inside(town.env, "bench.figuring", "recompute", process="job")
            measured["recompute", town.residents].add(found["seconds"] * 1000)
            seen.append(["recompute", town, found, ""])
    rows = figures.rows_of(measured)
    heads = ["job", "residents", "seconds", "months", "figures changed", "peak MB", "after"]
    cells = [
        [name, f"{town.residents:,}", f"{found['seconds']:.2f}", str(found["months"]), str(found["changed"]),
         str(found["peak_mb"]), after]
        for name, town, found, after in seen
    ]  # fmt: skip
    return {
        "rows": table.as_rows(rows),
        "verdicts": table.as_verdicts(figures.verdicts(rows)),
        "tables": [("Each run", heads, cells)],
    }
