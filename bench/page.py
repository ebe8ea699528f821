"""The five most used pages through Lighthouse itself, on its throttled phone, in Chromium, behind the proxy of production."""

import json
import os
import shutil
import subprocess
from hashlib import sha256
from statistics import median
from typing import Any

from bench import front, ground, plan, table
from bench.boroughs import Borough
from bench.figures import Verdict
from community_solutions.local import HOME, ROOT

FOLDER = HOME / "node"
SOURCES = ("package.json", "package-lock.json")
FLAGS = [
    "--headless=new",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--ignore-certificate-errors",  # the proxy's certificate is this machine's own
]
RUNS = 3


def measure(town: Borough) -> dict[str, Any]:
    """Each page three times; the medians."""
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not (chromium and shutil.which("node") and shutil.which("npm")):
        return _nothing("Lighthouse needs Chromium, Node 18 or later and npm")
    install()
    flags = FLAGS + (["--no-sandbox"] if os.geteuid() == 0 else [])
    asked = {"modules": str(FOLDER), "chromium": chromium, "flags": flags, "throttling": "simulate"}
    seen: dict[str, list[dict[str, Any]]] = {}
    with front.before(town.port) as (address, proxy):
        for number in range(1, RUNS + 1):
            ground.say(f"page: look {number} of {RUNS}, through {proxy}")
            for one in _look(asked | {"pages": pages_of(town, address)}):
                seen.setdefault(one["name"], []).append(one)
    cells, verdicts = [], []
    for name, runs in seen.items():
        middle = {
            key: median(run[key] or 0 for run in runs)
            for key in ("performance", "accessibility", "fcp", "lcp", "tbt", "cls")
        }
        trouble = next((run["trouble"] for run in runs if run["trouble"]), "") or _elsewhere(runs)
        faults = ", ".join(sorted({fault for run in runs for fault in run["faults"]}))
        if again := [code for run in runs for code in run["again"]]:
            faults = f"looked {len(again)} more times after {', '.join(sorted(set(again)))}; {faults}"
        cells.append([name, *(f"{middle[key]:,.0f}" for key in ("performance", "accessibility", "fcp", "lcp", "tbt")),
                      f"{middle['cls']:.3f}", trouble or faults])  # fmt: skip
        if trouble:
            verdicts.append(Verdict("page", f"{name}: {trouble}", 1, 0, "failures"))
            continue
        verdicts += [
            Verdict("page", f"{name}: Lighthouse performance", middle["performance"], plan.SCORE, "", at_least=True),
            Verdict(
                "page", f"{name}: Lighthouse accessibility", middle["accessibility"], plan.SCORE, "", at_least=True
            ),
            Verdict("page", f"{name}: first contentful paint", round(middle["fcp"]), plan.FIRST_PAINT_MS, "ms"),
            Verdict("page", f"{name}: layout shift", round(middle["cls"], 4), 0, ""),
        ]
    heads = ["page", "performance", "accessibility", "FCP ms", "LCP ms", "TBT ms", "CLS", "what it finds"]
    version = next((run["version"] for runs in seen.values() for run in runs), "")
    title = f"Lighthouse {version}, mobile preset (simulated slow 4G, processor 4 × slower), median of {RUNS}, through {proxy}"
    return {"verdicts": table.as_verdicts(verdicts), "tables": [(title, heads, cells)]}


def pages_of(town: Borough, address: str) -> list[dict[str, str]]:
    """Where a day is spent, each as the person who spends it there."""
    cast = town.cast
    wanted = [
        ("Home", "worker", "/"),
        ("New contact", "front", f"/contacts/new?resident={cast['residents'][0]}"),
        ("Resident", "front", f"/residents/{cast['residents'][0]}"),
        ("Triage queue", "front", "/triage"),
        ("Case", "worker", f"/cases/{cast['long_case']}"),
    ]
    return [
        {"name": name, "url": f"{address}{path}", "cookie": f"sessionid={cast['sessions'][who]}"}
        for name, who, path in wanted
    ]


def install() -> None:
    """Lighthouse from the lock file, into a folder of its own; nothing of it runs while it is installed."""
    want = sha256(b"".join((ROOT / "bench" / name).read_bytes() for name in SOURCES)).hexdigest()
    stamp = FOLDER / ".installed"
    if stamp.exists() and stamp.read_text() == want:
        return
    ground.say("installing Lighthouse into a folder of its own")
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in SOURCES:
        shutil.copy(ROOT / "bench" / name, FOLDER / name)
    if subprocess.run(
        ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], cwd=FOLDER
    ).returncode:
        raise SystemExit("Lighthouse could not be installed.")
    stamp.write_text(want)


def _look(asked: dict[str, Any]) -> list[dict[str, Any]]:
    line = ["node", str(ROOT / "bench" / "lighthouse.mjs")]
    env = {**os.environ, "CHROME_PATH": asked["chromium"]}
    done = subprocess.run(line, input=json.dumps(asked), stdout=subprocess.PIPE, text=True, cwd=FOLDER, env=env)
    if done.returncode:
        raise SystemExit("Lighthouse could not look at the pages.")
    return json.loads(done.stdout.strip().splitlines()[-1])


def _elsewhere(runs: list[dict[str, Any]]) -> str:
    return "ended at the sign-in page" if any("/accounts/login" in run["ended"] for run in runs) else ""


def _nothing(why: str) -> dict[str, Any]:
    missed = Verdict("page", f"{why}: not measured", 1, 0, "failures")
    return {"verdicts": table.as_verdicts([missed]), "tables": []}
