"""Nothing is lost and nothing is done twice: the queue, the worker and the relay are killed while 200 verbs run.

A real Valkey, a real worker and the real relay over a database of their own, killed with -9 in the middle of their work and
started again; the queue is flushed besides. Every verb that committed has its effect exactly once, and none failed.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2
import pytest
import redis
from django.db import connection

from community_solutions.local import start_valkey
from tests import database

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]
NAME = f"cs_kill_{os.getpid()}"
VERBS, UNDONE = 200, 20
PATIENCE = 120.0  # half a minute is usual; a machine with much else to do needs more
TABLE = "CREATE TABLE kill_effect (id bigserial PRIMARY KEY, number int NOT NULL); GRANT SELECT, INSERT ON kill_effect TO cs_app, cs_job; GRANT USAGE ON SEQUENCE kill_effect_id_seq TO cs_app, cs_job"


@pytest.fixture(scope="session")
def parameters(django_db_setup, django_db_blocker) -> Iterator[dict]:
    """How to reach a database of this test's own, as its owner: a copy of the test database."""
    with django_db_blocker.unblock():
        connection.close()  # a database that somebody uses cannot be copied
        database.copy_when_left(connection.settings_dict["NAME"], NAME)
        found = connection.get_connection_params() | {"dbname": NAME}
    yield found
    with django_db_blocker.unblock():
        drop_when_left(NAME)


def ask(parameters: dict, statement: str) -> list[tuple]:
    """The owner asks."""
    with closing(psycopg2.connect(**parameters)) as owner:
        owner.autocommit = True
        with owner.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []


class Processes:
    """The queue, the worker, the relay and the driver, each of which can be killed by itself."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.log = (home / "said.log").open("ab")
        self.running: dict[str, subprocess.Popen] = {}
        self.socket = start_valkey(home)
        self.env = {**os.environ, "CS_PROCESS": "job", "REDIS_SOCKET": str(self.socket), "PYTHONPATH": str(ROOT)}
        self.env.pop("REDIS_URL", None)
        self.env["DJANGO_SETTINGS_MODULE"] = "community_solutions.settings"
        for name in ("DATABASE_URL", "DATABASE_JOB_URL", "DATABASE_APP_URL"):
            if self.env.get(name):
                self.env[name] = urlunsplit(urlsplit(self.env[name])._replace(path=f"/{NAME}"))

    def start(self, name: str, *line: str, **options) -> subprocess.Popen:
        """Start a process in a group of its own, so that its children die with it."""
        options = {"stdout": self.log, "stderr": self.log, **options}
        self.running[name] = subprocess.Popen(
            [sys.executable, *line], cwd=ROOT, env=self.env, start_new_session=True, **options
        )
        return self.running[name]

    def start_worker(self) -> None:
        """Two at a time, as on a laptop."""
        words = ["worker", "--loglevel", "WARNING", "--concurrency", "2", "--without-gossip", "--without-mingle"]
        self.start("worker", "-m", "celery", "-A", "tests.house.kill_app", "--quiet", *words)

    def start_relay(self) -> None:
        """The real one, which here sends again after three seconds rather than thirty."""
        self.start("relay", "manage.py", "relay", "--pause", "0.1", "--again-after", "3")

    def kill(self, name: str) -> None:
        """With -9, its children too."""
        process = self.running.pop(name)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def kill_queue(self) -> None:
        """With -9; what it held is gone."""
        os.kill(int((self.home / "valkey.pid").read_text()), signal.SIGKILL)

    def flush(self) -> None:
        """Everything in the queue is forgotten."""
        with redis.Redis(unix_socket_path=str(self.socket)) as queue:
            queue.flushall()

    def end(self) -> None:
        """Leave nothing behind."""
        for name in list(self.running):
            self.kill(name)
        with suppress(OSError, ValueError):
            self.kill_queue()
        self.log.close()


def drop_when_left(name: str) -> None:
    """Drop the database once the last process that was killed has let go of it: another role's may not be sent away."""
    for patience in range(100, -1, -1):
        try:
            database._run(*database._copy("template1", name)[:1])
        except (psycopg2.errors.InsufficientPrivilege, psycopg2.errors.ObjectInUse):
            if not patience:
                raise
            time.sleep(0.2)
        else:
            return


@pytest.fixture
def processes(tmp_path) -> Iterator[Processes]:
    """What is to be killed."""
    found = Processes(tmp_path)
    try:
        yield found
    finally:
        found.end()


def test_every_effect_happens_exactly_once(parameters, processes, record_property):
    ask(parameters, TABLE)
    began = time.monotonic()
    processes.start_worker()
    processes.start_relay()
    faults = {
        30: processes.kill_queue,
        60: lambda: start_valkey(processes.home),
        80: lambda: (processes.kill("worker"), processes.start_worker()),
        110: processes.flush,
        130: lambda: (processes.kill("relay"), processes.start_relay()),
        160: lambda: (processes.kill("worker"), processes.kill_queue()),
        180: lambda: (start_valkey(processes.home), processes.start_worker()),
    }
    driver = processes.start("driver", "-m", "tests.house.kill_driver", str(VERBS), stdout=subprocess.PIPE, text=True)
    said = []
    for line in driver.stdout:
        said.append(line.split()[0])
        if fault := faults.get(len(said)):
            fault()
    processes.kill("driver")
    effects = wait_for_effects(parameters, VERBS - UNDONE, until=time.monotonic() + PATIENCE)
    record_property("seconds", round(time.monotonic() - began, 1))
    record_property("effects", effects)

    assert (said.count("done"), said.count("undone")) == (VERBS - UNDONE, UNDONE), "a verb failed"
    assert effects == (VERBS - UNDONE, VERBS - UNDONE), "effects: (different, in all)"
    time.sleep(1)  # what is still in the queue finds its work done
    assert ask(parameters, "SELECT count(*) FROM kill_effect") == [(VERBS - UNDONE,)]
    assert ask(parameters, "SELECT count(*) FROM kill_effect WHERE number % 10 = 9") == [(0,)]
    waiting = (
        "SELECT count(*) FROM ledger_outboxjob WHERE job = 'test.effect' AND (done_at IS NULL OR parked_at IS NOT NULL)"
    )
    assert ask(parameters, waiting) == [(0,)]
    assert ask(parameters, "SELECT count(*) FROM ledger_outboxjob WHERE job = 'test.effect' AND tries > 1") > [(0,)]
    assert ask(parameters, "SELECT count(*) FROM intake_contact WHERE words = 'Killed'") == [(VERBS - UNDONE,)]


def wait_for_effects(parameters: dict, wanted: int, *, until: float) -> tuple[int, int]:
    """(different effects, effects in all), as soon as all are there or patience ends."""
    while True:
        found = ask(parameters, "SELECT count(DISTINCT number), count(*) FROM kill_effect")[0]
        if found[0] >= wanted or time.monotonic() > until:
            return found
        time.sleep(0.2)
