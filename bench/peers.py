"""The peer: django-helpdesk on the same PostgreSQL, with the same volumes, asked in the same way."""

import json
import os
import subprocess
import sys
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import cycle
from pathlib import Path
from typing import Any

from bench import ground
from bench.client import Answer, Browser
from bench.figures import Measured
from bench.work import attempt
from community_solutions.local import HOME, ROOT
from community_solutions.up import TIED

LOCK = ROOT / "bench" / "requirements-peer.lock"
VENV = HOME / "peer-venv"
PYTHON = VENV / "bin" / "python"
TICKETS = 200_000
WAIT = "/healthz"


@dataclass
class Peer:
    """The peer, filled: its database, its server's port, what to ask with."""

    tickets: int
    env: dict[str, str] = field(repr=False)
    port: int = 0
    cast: dict[str, Any] = field(default_factory=dict, repr=False)


def environment() -> None:
    """Make the peer's own environment from the lock: every file is checked against its hash."""
    want = sha256(LOCK.read_bytes()).hexdigest()
    stamp = VENV / ".installed"
    if stamp.exists() and stamp.read_text() == want:
        return
    ground.say("installing django-helpdesk and stock crispy-forms-gds into an environment of their own")
    uv = Path(sys.executable).with_name("uv")
    if uv.exists():
        _run(uv, "venv", "--quiet", "--allow-existing", "--python", sys.executable, VENV)
        _run(uv, "pip", "sync", "--quiet", "--python", PYTHON, "--require-hashes", LOCK)
    else:
        _run(sys.executable, "-m", "venv", VENV)
        _run(PYTHON, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", LOCK)
    stamp.write_text(want)


def _run(*line: object) -> None:
    if subprocess.run([str(word) for word in line], cwd=ROOT).returncode:
        raise SystemExit("The peer's environment could not be made.")


def ready(tickets: int, *, fresh: bool = False) -> Peer:
    """The peer with so many tickets, filled where it is missing or half filled."""
    environment()
    name = f"bench_peer_{tickets}"
    want = sha256((ROOT / "bench/peer/fill.py").read_bytes() + LOCK.read_bytes()).hexdigest()[:16]
    env = ground.database(name) if not fresh and ground.mark(name) == want else _fill(name, tickets, want)
    peer = Peer(tickets, env)
    peer.cast = inside(peer.env, "bench.peer.fill", "cast")
    return peer


def _fill(name: str, tickets: int, want: str) -> dict[str, str]:
    ground.say(f"filling django-helpdesk with {tickets:,} tickets")
    ground.drop(name)
    env = ground.database(name)
    inside(env, "bench.peer.fill", "fill", tickets)
    ground.set_mark(name, want)
    return env


def inside(env: dict[str, str], module: str, *words: object, given: str | None = None) -> Any:
    """Run a module in the peer's environment; what it prints last is JSON."""
    line = [str(PYTHON), "-m", module, *map(str, words)]
    done = subprocess.run(line, cwd=ROOT, env=_surroundings(env), stdout=subprocess.PIPE, input=given, text=True)
    if done.returncode:
        raise SystemExit(f"{module} failed in the peer's environment (status {done.returncode}).")
    return json.loads(done.stdout.strip().splitlines()[-1])


def _surroundings(env: dict[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in ("VIRTUAL_ENV", "PYTHONHOME")}
    own = {"DJANGO_SETTINGS_MODULE": "bench.peer.settings", "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"}
    return kept | env | own


def start_web(peer: Peer, port: int) -> "subprocess.Popen[bytes]":
    """The same server as ours, with the same number of workers."""
    line = ["gunicorn", "--bind", f"127.0.0.1:{port}", "--workers", "2", "--worker-class", "sync", "--preload"]
    line += ["--timeout", "120", "--log-level", "warning", "--no-control-socket", "bench.peer.wsgi"]
    tied = ["-S", "-c", TIED] if sys.platform == "linux" else []
    process = subprocess.Popen([str(PYTHON), *tied, "-m", *line], cwd=ROOT, env=_surroundings(peer.env))
    peer.port = port
    ground.wait_for(f"http://127.0.0.1:{port}{WAIT}", process)
    return process


class Steps:
    """What a member of staff does in it."""

    def __init__(self, peer: Peer) -> None:
        self.peer, self.staff = peer, Browser(peer.port, peer.cast["session"])
        self.names = cycle(peer.cast["names"])

    def all(self) -> dict[str, Callable[[], Answer]]:
        """By the key of the action."""
        return {
            "peer_create": self._create,
            "peer_search": lambda: self._listed(next(self.names)),
            "peer_list": self._listed,
            "peer_open": lambda: self.staff.get(f"/tickets/{self.peer.cast['long']}/"),
            "peer_dashboard": lambda: self.staff.get("/dashboard/"),
        }

    def _create(self) -> Answer:
        fields = {
            "queue": self.peer.cast["queue"],
            "title": "Rent arrears",
            "body": "I am two months behind with the rent and the landlord has written. I do not know what to do.",
            "priority": 3,
            "submitter_email": "person@example.org",
        }
        return self.staff.post("/tickets/submit/", fields, expect=302)

    def _listed(self, words: str = "") -> Answer:
        """A list as a person gets it: the page, then the 50 rows that its script asks for."""
        query = {"filtering": {"status__in": [1, 2]}, "sorting": "created", "search_string": words}
        if words:
            query["filtering"] = {}
        packed = b64encode(json.dumps(query).encode()).decode()
        page = self.staff.get(f"/tickets/?saved_query=&q={words.replace(' ', '+')}")
        rows = self.staff.get(f"/datatables_ticket_list/{packed}?draw=1&start=0&length=50")
        queries = (page.queries or 0) + (rows.queries or 0)
        return Answer(rows.status, page.body + rows.body, page.ms + rows.ms, queries)


def measure(steps: Steps, measured: Measured, *, times: int, creations: int) -> None:
    """One round of the peer's actions; what takes no longer than ours is asked as often as ours, for a median that holds."""
    for key, step in steps.all().items():
        if not measured[key, steps.peer.tickets].ms:
            attempt(measured, key, steps.peer.tickets, step, warm=True)
        for _ in range(creations if key == "peer_create" else times):
            attempt(measured, key, steps.peer.tickets, step)
