"""Fifty people at work for five minutes: each does what their role does, thinks, and goes on. Nothing is repeated by rote."""

import itertools
import os
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from bench import figures, ground, plan, table
from bench.boroughs import Borough
from bench.client import Browser, Unexpected
from bench.work import CONTACT, FINDER, NOTE
from community_solutions.up import Child

THINK = (2.0, 12.0)  # seconds between two pages: a busy Monday, not a quiet one
SETTLE_SECONDS = 60  # until every kind of page has been asked for once


@dataclass
class Seen:
    """What the crowd saw."""

    ms: dict[str, list[float]] = field(default_factory=dict)
    errors: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, name: str, ms: float) -> None:
        """Keep one answer."""
        with self.lock:
            self.ms.setdefault(name, []).append(ms)

    def fail(self, words: str) -> None:
        """Keep one that was none."""
        with self.lock:
            self.errors[words] += 1


class Person(threading.Thread):
    """One of the crowd."""

    def __init__(self, number: int, who: dict[str, Any], town: Borough, seen: Seen, until: float) -> None:
        super().__init__(daemon=True)
        self.random, self.who, self.town, self.seen, self.until = Random(number), who, town, seen, until
        self.browser = Browser(town.port, who["session"])

    def run(self) -> None:
        """Work until it is time to go home."""
        day = {
            "front_door": self._front,
            "caseworker": self._casework,
            "manager": self._manage,
            "partner": self._answer,
        }
        time.sleep(self.random.uniform(0, THINK[1]))
        while time.monotonic() < self.until:
            day[self.who["role"]]()

    def _do(self, name: str, path: str, form: dict[str, Any] | None = None) -> None:
        if time.monotonic() >= self.until:
            return
        try:
            answer = self.browser.get(path) if form is None else self.browser.post(path, form, expect=302)
        except Unexpected as wrong:
            self.seen.fail(f"{name}: {wrong}")
        else:
            self.seen.add(name, answer.ms)
        time.sleep(min(self.random.uniform(*THINK), max(0.0, self.until - time.monotonic())))

    def _search(self) -> None:
        words = self.random.choice(self.town.cast["searches"])
        try:
            self.seen.add("search", self.browser.post("/find", {"words": words}).ms)
        except Unexpected as wrong:
            self.seen.fail(f"search: {wrong}")
        time.sleep(self.random.uniform(*THINK))

    def _front(self) -> None:
        resident = self.random.choice(self.town.cast["residents"])
        self._do("home", "/")
        self._search()
        self._do("resident", f"/residents/{resident}")
        self._do("new contact page", f"/contacts/new?resident={resident}")
        self._do("save a contact", "/contacts/new", {**CONTACT, "resident": resident})
        self._do("triage queue", "/triage")
        if self.town.cast["waiting"]:
            self._do("triage page", f"/triage/{self.random.choice(self.town.cast['waiting'])}")
        self._do("find a service", f"/services?words={self.random.choice(FINDER)}")

    def _casework(self) -> None:
        self._do("my work", "/work")
        for reference in self.random.sample(self.who["cases"], min(2, len(self.who["cases"]))):
            self._do("case", f"/cases/{reference}")
            self._do("notes", f"/cases/{reference}/notes")
            self._do("save a note", f"/cases/{reference}/notes", {"kind": "call", "text": NOTE})
            self._do("plan", f"/cases/{reference}/plan")
        self._search()
        self._do("resident", f"/residents/{self.random.choice(self.town.cast['residents'])}")

    def _manage(self) -> None:
        self._do("home", "/")
        self._do("dashboard", "/dashboard")
        self._do("team page", "/cases")
        self._do("waiting for a lead", "/allocate")
        self._do("triage queue", "/triage")

    def _answer(self) -> None:
        self._do("inbox", "/inbox")
        self._do("inbox, going on", "/inbox?show=going")
        if self.who["received"]:
            reference = self.random.choice(self.who["received"])
            self._do("referral received", f"/inbox/{reference}")
            self._do("write to the council", f"/inbox/{reference}/message", {"text": "We will call them on Friday."})
        self._do("find a service", f"/services?words={self.random.choice(FINDER)}")


def measure(town: Borough, *, people: int, seconds: int, web: Child, jobs: list[Child]) -> dict[str, Any]:
    """Let them work; answer times, errors, and the memory of each process when it has warmed up and at the end."""
    began = time.monotonic()
    seen, until = Seen(), began + seconds
    crowd = [
        Person(number, who, town, seen, until)
        for number, who in zip(range(people), itertools.cycle(town.cast["crowd"]), strict=False)
    ]
    for one in crowd:
        one.start()
    time.sleep(min(SETTLE_SECONDS, seconds / 4))
    children = {"web": web, **{child.name: child for child in jobs}}
    first = {name: memory_of(child.process.pid) for name, child in children.items()}
    for one in crowd:
        one.join()
    last = {name: memory_of(child.process.pid) for name, child in children.items()}
    return _told(seen, first, last, time.monotonic() - began)


def memory_of(pid: int) -> list[float]:
    """MB of a process and of everything that it started, each page shared by several counted in its part."""
    found = []
    for one in [pid, *_below(pid)]:
        try:
            lines = Path(f"/proc/{one}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        found += [int(line.split()[1]) / 1000 for line in lines if line.startswith("Pss:")]
    return found


def _below(pid: int) -> list[int]:
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
    except OSError:
        return []
    children = [int(one) for task in tasks for one in (task / "children").read_text().split()]
    return [*children, *(deeper for child in children for deeper in _below(child))]


def _told(seen: Seen, first: dict[str, list[float]], last: dict[str, list[float]], took: float) -> dict[str, Any]:
    every = [ms for values in seen.ms.values() for ms in values]
    cells = [_cells(name, values) for name, values in sorted(seen.ms.items())]
    cells.append(_cells("all", every))
    errors = sum(seen.errors.values())
    for words, count in seen.errors.most_common(5):
        ground.say(f"{count} × {words}")
    memory = [
        [
            f"{name} ({len(last[name])} processes)",
            f"{sum(first[name]):,.0f}",
            f"{sum(last[name]):,.0f}",
            f"{max(last[name], default=0):,.0f}",
        ]
        for name in first
    ]
    verdicts = [
        figures.Verdict("load", "Errors", errors, 0, "errors"),
        figures.Verdict(
            "load", "p95 of all answers", round(figures.percentile(every or [1e9], 0.95), 1), plan.LOAD_P95_MS, "ms"
        ),
    ]
    for name in first:
        grown = round(sum(last[name]) / sum(first[name]), 3) if first[name] else 0.0
        verdicts.append(figures.Verdict("load", f"Memory of {name}: end v start", grown, plan.LOAD_MEMORY))
    title = f"{len(every):,} answers in {took:.0f} s ({len(every) / took:.1f} a second), {errors} errors; load average {os.getloadavg()[0]:.1f}"
    return {
        "verdicts": table.as_verdicts(verdicts),
        "tables": [
            (title, ["what", "n", "p50 ms", "p95 ms", "p99 ms"], cells),
            ("Memory (MB, shared pages in parts)", ["process", "after a minute", "at the end", "largest one"], memory),
        ],
    }


def _cells(name: str, values: list[float]) -> list[str]:
    shares = [f"{figures.percentile(values, share):,.1f}" for share in (0.5, 0.95, 0.99)] if values else ["", "", ""]
    return [name, str(len(values)), *shares]
