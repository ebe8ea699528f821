"""What the bench stands on: one PostgreSQL for everything, a database for each borough, web servers as in production."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

import psycopg2
from psycopg2 import sql

from community_solutions import up
from community_solutions.local import HOME, ROOT, start_postgres, stop_postgres

READY_SECONDS = 240.0
# As a council's engineer would set a server of its own; the bundled default is made for laptops.
SETTINGS = {
    "shared_buffers": "2GB",
    "effective_cache_size": "8GB",
    "maintenance_work_mem": "512MB",
    "max_wal_size": "8GB",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
}


def say(text: str) -> None:
    """One line of what goes on."""
    print(f"bench | {text}", flush=True)


def tune() -> None:
    """Give the server the settings above, once; it is started anew where they are fresh."""
    with operator("postgres") as cursor:
        cursor.execute("SELECT current_setting('shared_buffers')")
        if cursor.fetchone() == (SETTINGS["shared_buffers"],):
            return
        for name, value in SETTINGS.items():
            cursor.execute(sql.SQL("ALTER SYSTEM SET {} = %s").format(sql.Identifier(name)), [value])
    stop_postgres(HOME)
    start_postgres(HOME)


def connect(database: str) -> psycopg2.extensions.connection:
    """A line to the bundled server as its operator, who passes every policy. It commits each statement."""
    password = json.loads((HOME / "passwords.json").read_text())["postgres"]
    line = psycopg2.connect(host=_socket(), user="postgres", password=password, dbname=database)
    line.autocommit = True
    return line


@contextmanager
def operator(database: str) -> Iterator[psycopg2.extensions.cursor]:
    """The operator for a moment: to make databases, and to look behind the policies."""
    with closing(connect(database)) as line, line.cursor() as cursor:
        yield cursor


def _socket() -> str:
    """Where the server listens, as its own addresses say it."""
    return parse_qs(urlsplit(os.environ["DATABASE_OWNER_URL"]).query)["host"][0]


def database(name: str) -> dict[str, str]:
    """Make the database where it is missing; the environment by which processes reach it, each as its own role."""
    addresses = start_postgres(HOME, name=name)
    return {f"DATABASE_{role.upper()}_URL": addresses[role] for role in ("owner", "app", "job")}


def drop(name: str) -> None:
    """Remove a database."""
    with operator("postgres") as cursor:
        cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def mark(name: str) -> str:
    """What was written on a database when it was whole; empty for one that is missing or was left half made."""
    with operator("postgres") as cursor:
        cursor.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s",
            [name],
        )
        found = cursor.fetchone()
    return (found[0] or "") if found else ""


def set_mark(name: str, text: str) -> None:
    """Write on a database what it was made from."""
    with operator("postgres") as cursor:
        cursor.execute(sql.SQL("COMMENT ON DATABASE {} IS %s").format(sql.Identifier(name)), [text])


def megabytes(name: str) -> float:
    """How large a database is."""
    with operator("postgres") as cursor:
        cursor.execute("SELECT pg_database_size(%s)", [name])
        return round(cursor.fetchone()[0] / 1e6)


# --- processes ---------------------------------------------------------------------------------------------------


@contextmanager
def surroundings(env: dict[str, str]) -> Iterator[None]:
    """The environment of processes that are started inside the block."""
    before = dict(os.environ)
    os.environ.update(env)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def inside(env: dict[str, str], module: str, *words: object, process: str = "owner", given: str | None = None) -> Any:
    """Run a module of the bench inside the product, against one database; what it prints last is JSON."""
    line = [sys.executable, "-m", module, *map(str, words)]
    done = subprocess.run(
        line,
        cwd=ROOT,
        env={**os.environ, **env, "CS_PROCESS": process},
        stdout=subprocess.PIPE,
        input=given,
        text=True,
    )
    if done.returncode:
        raise SystemExit(f"{module} {' '.join(map(str, words))} failed (status {done.returncode}).")
    return json.loads(done.stdout.strip().splitlines()[-1])


def command(env: dict[str, str], *words: object, process: str = "owner") -> None:
    """Run a management command against one database, and let it speak."""
    line = [sys.executable, "manage.py", *map(str, words)]
    if subprocess.run(line, cwd=ROOT, env={**os.environ, **env, "CS_PROCESS": process}).returncode:
        raise SystemExit(f"manage.py {words[0]} failed.")


def gather_static() -> None:
    """Static files as production serves them: compressed, with names that never change."""
    line = [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity", "0"]
    if subprocess.run(line, cwd=ROOT, env={**os.environ, "CS_PROCESS": "owner"}).returncode:
        raise SystemExit("Static files could not be gathered.")


def start_web(env: dict[str, str], port: int) -> up.Child:
    """The product's web server: the same line as `./dev up`, the bench's settings."""
    with surroundings(env):
        child = up.spawn_web(port)
    wait_for(f"http://127.0.0.1:{port}/healthz", child.process)
    return child


def start_jobs(env: dict[str, str], port: int) -> list[up.Child]:
    """Worker, clock and relay."""
    with surroundings(env):
        return up.spawn_jobs(port)


def wait_for(address: str, process: "subprocess.Popen[Any]") -> None:
    """Wait until a server answers, with whatever status."""
    end = time.monotonic() + READY_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=30):
                return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"No answer from {address}.")


def wait_for_door(host: str, port: int, process: "subprocess.Popen[Any]") -> None:
    """Wait until something listens there."""
    end = time.monotonic() + READY_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            socket.create_connection((host, port), timeout=5).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit(f"Nobody listens at {host}:{port}.")


def stop(children: list[up.Child]) -> None:
    """End processes of the product."""
    up.stop_all(children)


def stop_plain(process: "subprocess.Popen[Any]") -> None:
    """End another process."""
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
