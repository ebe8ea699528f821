"""./dev bench: make what is missing, measure, print, keep. See docs/performance.md."""

import argparse
import os
import sys
import time
from contextlib import ExitStack
from typing import Any

import bench.not_production  # noqa: F401
from bench import boroughs, figures, ground, jobs, load, page, peers, plan, render, searching, table, work
from bench.boroughs import Borough
from bench.match import measure
from community_solutions.local import DATABASES, HOME, servers

FIRST_PORT = 8920
TIMES, PEER_TIMES = 20, 2


def main() -> int:
    """Measure the families that were asked for; 1 where a figure misses its limit and somebody wants to know (--strict)."""
    if sys.argv[1:2] == ["match"]:
        return _match(sys.argv[2:])
    asked = _asked()
    if asked.family == "write":
        return _write(table.kept())
    for name in DATABASES:
        os.environ.pop(name, None)  # the bench has a server of its own
    began = time.monotonic()
    HOME.mkdir(parents=True, exist_ok=True)
    with servers(HOME):
        ground.tune()
        ground.gather_static()
        whole = _measure(asked)
    if asked.write_docs:
        _write(whole)
    missed = [
        one["name"] for found in whole["families"].values() for one in found.get("verdicts", []) if not one["met"]
    ]
    ground.say(f"{time.monotonic() - began:.0f} s; {len(missed)} misses; {table.FILE}")
    return 1 if asked.strict and missed else 0


def _match(words: list[str]) -> int:
    """Matching stands apart: it asks no borough and has a yardstick of its own."""
    for name in DATABASES:
        os.environ.pop(name, None)
    HOME.mkdir(parents=True, exist_ok=True)
    with servers(HOME):
        ground.tune()
        return measure.main(words)


def _write(whole: dict[str, Any]) -> int:
    """Write what was measured into the document, and name the misses that it does not explain."""
    for name in table.write_document(whole):
        ground.say(f"docs/performance.md names no cause for: {name}")
    return 0


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__)
    parser.add_argument("family", nargs="?", choices=[*plan.FAMILIES, "all", "write"], default="all")
    parser.add_argument("--residents", default="22000,220000", help="sizes, the larger last (default 22000,220000)")
    parser.add_argument("--years", type=int, default=10, help="how long each borough has lived (default 10)")
    parser.add_argument("--rounds", type=int, default=5, help="rounds, each with every action (default 5)")
    parser.add_argument("--questions", type=int, default=searching.QUESTIONS, help="so many searches (default 1000)")
    parser.add_argument("--tickets", type=int, default=peers.TICKETS, help="volume of the peer (default 200000)")
    parser.add_argument("--no-peer", action="store_true", help="leave django-helpdesk out")
    parser.add_argument("--people", type=int, default=plan.LOAD_PEOPLE, help="how many work at once under load")
    parser.add_argument("--seconds", type=int, default=plan.LOAD_SECONDS, help="how long they work")
    parser.add_argument("--fresh", action="store_true", help="make boroughs and peer anew")
    parser.add_argument("--keep", action="store_true", help="keep boroughs although their generator has changed since")
    parser.add_argument("--write-docs", action="store_true", help="write the table into docs/performance.md")
    parser.add_argument("--strict", action="store_true", help="end with status 1 where a figure misses its limit")
    asked = parser.parse_args()
    asked.sizes = sorted({int(size) for size in asked.residents.split(",")})
    asked.families = plan.FAMILIES if asked.family == "all" else (asked.family,)
    return asked


def _measure(asked: argparse.Namespace) -> dict[str, Any]:
    towns = [boroughs.ready(size, asked.years, fresh=asked.fresh, keep=asked.keep) for size in asked.sizes]
    whole: dict[str, Any] = {"families": {}}
    with ExitStack() as stack:
        for number, town in enumerate(towns):
            _serve(town, FIRST_PORT + number, stack)
        for family in asked.families:
            ground.say(f"{family}: begins")
            began = time.monotonic()
            try:
                found = FAMILIES[family](asked, towns, stack)
            except (SystemExit, Exception) as trouble:  # the other families are still worth an hour's wait
                ground.say(f"{family} failed: {type(trouble).__name__}: {trouble}")
                failed = figures.Verdict(family, f"Family {family}: could not be measured", 1, 0, "failures")
                found = {"verdicts": table.as_verdicts([failed])}
            sizes = " and ".join(f"{size:,}" for size in asked.sizes)
            found["what"] = f"{sizes} residents over {asked.years} years; {time.monotonic() - began:.0f} s"
            table.show(family, found)
            whole = table.keep(family, found)
    return whole


def _serve(town: Borough, port: int, stack: ExitStack) -> None:
    """Start a borough's web server and sign its people in."""
    town.port, town.web = port, ground.start_web(town.env, port)
    stack.callback(ground.stop, [town.web])
    town.cast = ground.inside(town.env, "bench.subjects", "cast")


def _work(asked: argparse.Namespace, towns: list[Borough], stack: ExitStack) -> dict[str, Any]:
    """Pages, saves and files of both sizes, the floor, the bare insert and the peer, in turn in each round."""
    measured = figures.collected()
    ours = [work.Steps(town) for town in towns]
    theirs = None
    if not asked.no_peer:
        peer = peers.ready(asked.tickets, fresh=asked.fresh)
        process = peers.start_web(peer, FIRST_PORT + len(towns))
        stack.callback(ground.stop_plain, process)
        theirs = peers.Steps(peer)
    for number in range(1, asked.rounds + 1):
        work.measure(ours, measured, times=TIMES)
        if theirs:
            peers.measure(theirs, measured, times=PEER_TIMES, creations=TIMES)
        ground.say(f"work: round {number} of {asked.rounds}")
    rows = figures.rows_of(measured)
    made = [
        [f"{t.residents:,}", *(str(v) for v in t.cast["counts"].values()), f"{ground.megabytes(t.name):,.0f}"]
        for t in towns
    ]
    tables = [
        (
            "Special subjects",
            ["residents", "cases of one worker", "notes of one case", "referrals of one partner", "MB"],
            made,
        )
    ]
    return {"rows": table.as_rows(rows), "verdicts": table.as_verdicts(figures.verdicts(rows)), "tables": tables}


def _jobs(asked: argparse.Namespace, towns: list[Borough], stack: ExitStack) -> dict[str, Any]:
    return jobs.measure(towns)


def _form(asked: argparse.Namespace, towns: list[Borough], stack: ExitStack) -> dict[str, Any]:
    return render.measure(towns[0])


def _page(asked: argparse.Namespace, towns: list[Borough], stack: ExitStack) -> dict[str, Any]:
    return page.measure(towns[-1])


def _load(asked: argparse.Namespace, towns: list[Borough], stack: ExitStack) -> dict[str, Any]:
    """Everything that runs in production runs: web, worker, clock, relay."""
    town = towns[-1]
    children = ground.start_jobs(town.env, town.port)
    try:
        return load.measure(town, people=asked.people, seconds=asked.seconds, web=town.web, jobs=children)
    finally:
        ground.stop(children)


def _search(asked: argparse.Namespace, towns: list[Borough], stack: ExitStack) -> dict[str, Any]:
    return searching.measure(towns, questions=asked.questions)


FAMILIES = {"work": _work, "jobs": _jobs, "form": _form, "page": _page, "load": _load, "search": _search}

if __name__ == "__main__":
    sys.exit(main())
