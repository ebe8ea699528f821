"""Everything in one terminal, for real: served, each process with its own login, stopped together, refused in words."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import psutil
import psycopg2
import pytest

from community_solutions import local

ROOT = Path(__file__).resolve().parents[2]


class Running:
    """A `./dev up` beside the tests, with a home of its own."""

    def __init__(self, home):
        with socket.socket() as door:
            door.bind(("127.0.0.1", 0))
            self.port = door.getsockname()[1]
        env = {k: v for k, v in os.environ.items() if not k.startswith(("DATABASE_", "REDIS_", "CS_", "DJANGO_"))}
        line = [sys.executable, "-m", "community_solutions.up", "--no-borough", "--port", str(self.port)]
        self.log = home / "up.log"
        self.process = subprocess.Popen(
            line, cwd=ROOT, env=env | {"CS_HOME": str(home)}, stdout=self.log.open("w"), stderr=subprocess.STDOUT
        )

    def wait_for(self, words, seconds=90):
        end = time.monotonic() + seconds
        while words not in self.said():
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < end, self.said()
            time.sleep(0.1)
        return self

    def said(self):
        return self.log.read_text()

    def get(self, path):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
            return answer.status

    def children(self):
        """The processes by what they are; waits for all four."""
        end = time.monotonic() + 20
        while True:
            found = {}
            for child in psutil.Process(self.process.pid).children():
                words = child.cmdline()
                found |= {name: child for name in ("gunicorn", "worker", "beat", "relay") if name in words}
            if len(found) == 4 or time.monotonic() > end:
                return found
            time.sleep(0.1)

    def end(self):
        if self.process.poll() is None:
            self.process.terminate()
        return self.process.wait(30)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    home = tmp_path_factory.mktemp("up")
    yield home
    local.wipe(home)


@pytest.fixture
def running(home):
    running = Running(home)
    yield running
    running.end()


def test_it_serves_and_gives_each_process_its_own_login_only(running):
    running.wait_for("ready in")
    assert running.get("/healthz") == 200
    children = running.children()
    assert sorted(children) == ["beat", "gunicorn", "relay", "worker"]
    for name, child in children.items():
        logins = {key for key in child.environ() if key in local.DATABASES}
        assert logins == {"DATABASE_APP_URL" if name == "gunicorn" else "DATABASE_JOB_URL"}, name
    assert running.end() == 0
    assert not any(child.is_running() for child in children.values())
    assert not (running.log.parent / "postgres" / "postmaster.pid").exists()


def test_one_dead_process_stops_the_rest(running):
    running.wait_for("ready in")
    children = running.children()
    children["relay"].kill()
    assert running.process.wait(30) == 1
    assert "relay ended with status -9; stopping the rest" in running.said()
    assert not any(child.is_running() for child in children.values())


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ties a process to its parent")
def test_kill_9_leaves_nothing_that_holds_the_port(running):
    running.wait_for("ready in")
    children = running.children()
    running.process.send_signal(signal.SIGKILL)
    _, alive = psutil.wait_procs(children.values(), timeout=20)
    assert not alive
    with pytest.raises(OSError, match="refused"):
        running.get("/healthz")


def test_a_database_that_is_newer_than_the_code_is_refused_by_name(home):
    owner = local.start_postgres(home)["owner"]
    connection = psycopg2.connect(owner)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('ledger', '9999_later', now())")
        refused = Running(home)
        try:
            assert refused.process.wait(60) == 1
            assert "The database is newer than this code" in refused.said()
            assert "ledger.9999_later" in refused.said()
            assert "Traceback" not in refused.said()
        finally:
            refused.end()
    connection.close()
    connection = psycopg2.connect(local.start_postgres(home)["owner"])
    with connection, connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE name = '9999_later'")
    connection.close()
