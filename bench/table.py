"""The table: on the terminal, in the file, and between two marks in docs/performance.md."""

import json
import os
import platform
import sys
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from bench import plan
from bench.figures import Row, Verdict
from community_solutions.local import HOME, ROOT

FILE = HOME.parent / "bench.json"
DOCUMENT = ROOT / "docs" / "performance.md"
BEGINS, ENDS = "<!-- bench: the table begins -->", "<!-- bench: the table ends -->"
HEADS = ("what", "size", "n", "p50 ms", "p95 ms", "p99 ms", "queries", "kB", "× floor")


def machine() -> dict[str, str]:
    """What it ran on, without the machine's name."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "cores": str(cores),
        "memory": f"{memory:.0f} GiB",
        "processor": _processor(),
        "system": f"{platform.system()} {platform.release().partition('-')[0]}",
        "python": platform.python_version(),
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.machine()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def keep(family: str, found: dict[str, Any]) -> dict[str, Any]:
    """Put what a family found into the file, beside the latest of the other families. Returns everything."""
    whole = kept() if FILE.exists() else {}
    whole["machine"] = machine()
    whole.setdefault("families", {})[family] = {"at": f"{datetime.now().astimezone():%Y-%m-%d %H:%M %Z}", **found}
    whole["rows"] = [row for one in _in_order(whole) for row in one.get("rows", [])]
    FILE.write_text(json.dumps(whole, indent=1, ensure_ascii=False) + "\n")
    return whole


def kept() -> dict[str, Any]:
    """Everything that was measured last."""
    if not FILE.exists():
        raise SystemExit("Nothing was measured yet. Begin with ./dev bench.")
    return json.loads(FILE.read_text())


def _in_order(whole: dict[str, Any]) -> list[dict[str, Any]]:
    return [whole["families"][name] for name in plan.FAMILIES if name in whole["families"]]


def as_rows(rows: Iterable[Row]) -> list[dict[str, Any]]:
    """Rows for the file, with the words of each."""
    return [asdict(row) | {"words": plan.ACTION[row.action].words} for row in rows]


def as_verdicts(found: Iterable[Verdict]) -> list[dict[str, Any]]:
    """Verdicts for the file."""
    return [one.as_dict() for one in found]


def lines_of(family: dict[str, Any]) -> list[str]:
    """What a family found, as tables that read well on a terminal and in a document."""
    lines: list[str] = []
    if rows := family.get("rows"):
        lines += [*_table(HEADS, [_cells(row) for row in rows]), ""]
    for title, heads, cells in family.get("tables", []):
        lines += [f"**{title}**", "", *_table(heads, cells), ""]
    if held := family.get("verdicts"):
        cells = [
            [one["name"], _number(one["value"], one["unit"]), _limit(one), "pass" if one["met"] else "**MISS**"]
            for one in held
        ]
        lines += [*_table(("held to", "measured", "limit", ""), cells), ""]
    return lines


def _cells(row: dict[str, Any]) -> list[str]:
    if row["failed"]:
        return [row["words"], f"{row['size']:,}", "0", row["failed"], "", "", "", "", ""]
    optional = [row["queries"], row["kb"], row["floor_ratio"]]
    times = [f"{row[name]:,.1f}" for name in ("p50", "p95", "p99")]
    return [
        row["words"],
        f"{row['size']:,}",
        str(row["n"]),
        *times,
        *("" if one is None else str(one) for one in optional),
    ]


def _limit(one: dict[str, Any]) -> str:
    return f"{'at least' if one['at_least'] else 'at most'} {_number(one['limit'], one['unit'])}"


def _number(value: float, unit: str) -> str:
    if unit == "×" and 0 < value < 0.1:
        return f"1/{1 / value:,.0f}"
    said = f"{value:,.{2 if unit else 3}f}".rstrip("0").rstrip(".")  # what recall misses counts in thousandths
    return said + (f" {unit}" if unit else "")


def _table(heads: Iterable[str], rows: list[list[str]]) -> list[str]:
    every = [list(heads), *rows]
    widths = [max(len(str(row[column])) for row in every) for column in range(len(every[0]))]
    lines = [
        "| " + " | ".join(f"{cell!s:<{width}}" for cell, width in zip(row, widths, strict=True)) + " |" for row in every
    ]
    return [lines[0], "|" + "|".join("-" * (width + 2) for width in widths) + "|", *lines[1:]]


def show(family: str, found: dict[str, Any]) -> None:
    """Print what a family found."""
    sys.stdout.write(f"\n=== {family} ===\n\n" + "\n".join(lines_of(found)) + "\n")
    sys.stdout.flush()


def write_document(whole: dict[str, Any]) -> list[str]:
    """Put everything that was measured into the document. Returns the misses of which the document names no cause."""
    text = DOCUMENT.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGINS)
    _, _, after = rest.partition(ENDS)
    machine_line = ", ".join(f"{name} {value}" for name, value in whole["machine"].items())
    parts = [f"Machine: {machine_line}.", ""]
    for name in plan.FAMILIES:
        if found := whole["families"].get(name):
            parts += [f"### {name} ({found['at']}; {found['what']})", "", *lines_of(found)]
    DOCUMENT.write_text(f"{before}{BEGINS}\n\n" + "\n".join(parts).rstrip() + f"\n\n{ENDS}{after}", encoding="utf-8")
    missed = [
        one["name"] for found in whole["families"].values() for one in found.get("verdicts", []) if not one["met"]
    ]
    return [name for name in missed if name not in after]
