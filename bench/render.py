"""The contact form, ours against stock crispy-forms-gds with the same fields, in turn, each in its own process."""

import json
from typing import Any

from bench import figures, ground, peers, plan, table
from bench.boroughs import Borough

ROUNDS, TIMES, WARM = 5, 30, 5
TYPED = {"words": "I am two months behind with the rent.", "channel": "phone_in", "speaking": "self"}


def measure(town: Borough) -> dict[str, Any]:
    """Fresh and filled in, rounds of both in turn; medians of all."""
    peers.environment()
    specs = ground.inside(town.env, "bench.ours", "specs")
    ms: dict[tuple[str, bool], list[float]] = {}
    kb: dict[tuple[str, bool], float] = {}
    for _ in range(ROUNDS):
        for filled in (False, True):
            asked = json.dumps({"times": TIMES, "warm": WARM, "filled": filled, "data": TYPED, "specs": specs})
            found = {
                "ours": ground.inside(town.env, "bench.ours", "render", process="web", given=asked),
                "stock": peers.inside(town.env, "bench.peer.stock", given=asked),
            }
            for who, one in found.items():
                ms.setdefault((who, filled), []).extend(one["ms"])
                kb[who, filled] = round(one["kb"], 1)
    cells, verdicts = [], []
    for filled in (False, True):
        state = "filled in" if filled else "fresh"
        for who in ("ours", "stock"):
            seen = ms[who, filled]
            shares = [figures.percentile(seen, share) for share in (0.5, 0.95, 0.99)]
            cells.append(
                [
                    f"contact form, {state}: {who}",
                    str(len(seen)),
                    *(f"{one:.2f}" for one in shares),
                    f"{kb[who, filled]}",
                ]
            )
        ratio = round(figures.percentile(ms["ours", filled], 0.5) / figures.percentile(ms["stock", filled], 0.5), 3)
        name = f"Contact form, {len(specs)} fields, {state}: v stock crispy-forms-gds"
        verdicts.append(figures.Verdict("form", name, ratio, plan.FORM_SHARE))
    heads = ["form", "n", "p50 ms", "p95 ms", "p99 ms", "kB"]
    return {
        "verdicts": table.as_verdicts(verdicts),
        "tables": [("Building and rendering, processor time", heads, cells)],
    }
