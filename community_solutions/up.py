"""Everything in one terminal until Ctrl-C: python -m community_solutions.up --port N, or ./dev up.

Prepares the database, then runs the web server, the worker, the clock and the relay, each with its own login.
"""

import argparse
import hashlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import django
import redis
from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command, get_commands
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from community_solutions.local import DATABASES, HOME, ROOT, servers

COLOURS = {"web": 36, "worker": 33, "beat": 34, "relay": 32, "up": 35}
LOGINS = {"web": "DATABASE_APP_URL", "job": "DATABASE_JOB_URL"}
PATIENCE = 60.0
OLDEST = 160000  # the first PostgreSQL that can let a login take on a role without inheriting its rights

# Linux ends a process with its parent where it is asked to (option 1, signal 15), so kill -9 of this one leaves none behind.
TIED = (
    "import ctypes, os, sys; ctypes.CDLL(None).prctl(1, 15); os.execv(sys.executable, [sys.executable, *sys.argv[1:]])"
)


def say(text: str, who: str = "up") -> None:
    """One line of output under the name of the process it comes from."""
    name = f"{who:>6} |"
    print(f"\033[{COLOURS[who]}m{name}\033[0m {text}" if sys.stdout.isatty() else f"{name} {text}", flush=True)


# ---------------------------------------------------------------------------------------------------------- before


def prepare(*, borough: bool) -> None:
    """Bring database, reference data and static files up to date; on first start load the demonstration borough."""
    check_database()
    check_queue()
    migrate()
    check_roles()
    call_command("seed", verbosity=0)
    collect_static()
    if borough:
        load_borough()


def check_database() -> None:
    """Stop with a sentence where the database does not answer."""
    try:
        connection.ensure_connection()
    except OperationalError as refusal:
        where = "the server that DATABASE_URL names" if os.environ.get("DATABASE_URL") else "the bundled PostgreSQL"
        raise SystemExit(
            f"\nNo answer from {where}:\n{refusal}\nIs the address right, and is the server up?\n"
        ) from None


def check_queue() -> None:
    """Stop with a sentence where the queue does not answer."""
    address = os.environ.get("REDIS_URL") or f"unix://{os.environ['REDIS_SOCKET']}"
    try:
        with redis.Redis.from_url(address, socket_timeout=5, socket_connect_timeout=5) as queue:
            queue.ping()
    except (redis.RedisError, ValueError, OSError) as refusal:
        where = "the server that REDIS_URL names" if os.environ.get("REDIS_URL") else "the bundled Valkey"
        raise SystemExit(
            f"\nNo answer from {where}:\n{refusal}\nIs the address right, and is the server up?\n"
        ) from None


def migrate() -> None:
    """Apply what is missing; refuse a database that a later version of the code has changed already."""
    executor = MigrationExecutor(connection)
    loader = executor.loader
    unknown = sorted(
        f"{app}.{name}"
        for app, name in loader.applied_migrations
        if app in loader.migrated_apps and (app, name) not in loader.disk_migrations
    )
    if unknown:
        raise SystemExit(
            "\nThe database is newer than this code. It has migrations that are unknown here:\n  "
            + "\n  ".join(unknown[:10])
            + "\nUse the version of the code that made them, or (local data only) ./dev reset.\n"
        )
    plan = executor.migration_plan(loader.graph.leaf_nodes())
    if plan:
        say(f"migrating ({len(plan)} steps)")
    call_command("migrate", verbosity=0, interactive=False)  # grants and this month's partitions too, so at every start


def check_roles() -> None:
    """Stop with a sentence where one login serves all processes and may not take on their roles."""
    if not os.environ.get("DATABASE_URL"):
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, rolname FROM pg_roles WHERE rolname = ANY(%s)", [["cs_app", "cs_job"]])
        found = cursor.fetchall()
        refused = []
        for _, role in found:
            cursor.execute("SELECT pg_has_role(current_user, %s, 'SET')", [role])
            refused += [] if cursor.fetchone() == (True,) else [role]
    if len(found) < 2 or refused:
        who = found[0][0] if found else "the login"
        raise SystemExit(
            f"\nThe login in DATABASE_URL ({who}) may not take on the roles that the web server and the workers need.\n"
            f"As an operator of that server, once:  GRANT cs_app, cs_job TO {who} WITH INHERIT FALSE, SET TRUE\n"
        )


def collect_static() -> None:
    """Gather static files for the web server, unless none has changed since the last time."""
    total = hashlib.sha256()
    for finder in finders.get_finders():
        for path, storage in finder.list([".*"]):
            found = Path(storage.path(path)).stat()
            total.update(f"{path} {found.st_size} {found.st_mtime_ns}\n".encode())
    stamp, want = Path(settings.STATIC_ROOT) / ".stamp", total.hexdigest()
    if stamp.exists() and stamp.read_text() == want:
        return
    say("gathering static files")
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    stamp.write_text(want)


def load_borough() -> None:
    """Fill a database without residents with invented ones."""
    if "make_borough" not in get_commands():
        say("the demonstration borough is not part of this version: the database stays empty")
        return
    if apps.get_model("residents", "Resident").objects.exists():
        return
    call_command("make_borough")


# ---------------------------------------------------------------------------------------------------------- the processes


@dataclass
class Child:
    """One process of the application and the thread that passes on what it says."""

    name: str
    process: subprocess.Popen[str]
    pump: threading.Thread

    def signal(self, number: int) -> None:
        """Send a signal to the process and everything it started."""
        try:
            os.killpg(self.process.pid, number)
        except ProcessLookupError:
            pass


def spawn(name: str, kind: str, *line: str, port: int) -> Child:
    """Start one process. It gets the one login that is its own, and a group of its own, so that Ctrl-C reaches only us."""
    own = LOGINS[kind]
    env = {key: value for key, value in os.environ.items() if key not in DATABASES or key in {own, "DATABASE_URL"}}
    env |= {"CS_PROCESS": kind, "PYTHONUNBUFFERED": "1", "PUBLIC_ADDRESS": _address(port)}
    tied = ["-S", "-c", TIED] if sys.platform == "linux" else []
    process = subprocess.Popen(
        [sys.executable, *tied, *line],
        cwd=ROOT,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,
    )

    def pass_on() -> None:
        for text in process.stdout or ():
            say(text.rstrip(), name)

    pump = threading.Thread(target=pass_on, daemon=True)
    pump.start()
    return Child(name, process, pump)


def _cores() -> str:
    return str(max(2, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 2))


def spawn_web(port: int) -> Child:
    """Start the web server, one worker a core."""
    line = ["gunicorn", "--bind", f"127.0.0.1:{port}", "--workers", _cores(), "--worker-class", "sync", "--preload"]
    line += ["--timeout", "60", "--log-level", "warning", "--no-control-socket", "community_solutions.wsgi"]
    return spawn("web", "web", "-m", *line, port=port)


def spawn_jobs(port: int) -> list[Child]:
    """Start the worker, the clock and the relay."""
    # Whoever works as root on a laptop knows it; Celery's seven lines about it would hide what matters.
    celery = ["-W", "ignore:You're running the worker", "-m", "celery", "-A", "community_solutions", "--quiet"]
    worker = ["worker", "--loglevel", "WARNING", "--concurrency", _cores(), "--without-gossip", "--without-mingle"]
    beat = ["beat", "--loglevel", "WARNING", "--schedule", str(HOME / "beat-schedule"), "--pidfile="]
    return [
        spawn("worker", "job", *celery, *worker, port=port),
        spawn("beat", "job", *celery, *beat, port=port),
        spawn("relay", "job", "manage.py", "relay", port=port),
    ]


def stop_all(children: list[Child]) -> None:
    """Ask every process to end, wait ten seconds, then insist."""
    for child in children:
        if child.process.poll() is None:
            child.process.terminate()
    end = time.monotonic() + 10
    for child in children:
        try:
            child.process.wait(max(0.1, end - time.monotonic()))
        except subprocess.TimeoutExpired:
            say(f"{child.name} does not end; it is made to")
        child.signal(signal.SIGKILL)
        child.process.wait()
        child.pump.join(1)


def _address(port: int) -> str:
    return os.environ.get("PUBLIC_ADDRESS") or f"http://localhost:{port}"


def wait_until_ready(port: int, children: list[Child], stop: threading.Event) -> bool:
    """Wait until the web server answers; False when a process ended, somebody stopped us or patience ran out."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and not stop.is_set() and all(child.process.poll() is None for child in children):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2):
                return True
        except urllib.error.HTTPError as answer:
            say(f"the web server answers {answer.code} to the question whether it is well; what it says stands above")
            return False
        except OSError:
            stop.wait(0.1)
    return False


def serve(port: int, began: float, stop: threading.Event) -> int:
    """Run the processes until one ends or somebody stops us; the exit status."""
    children = [spawn_web(port)]
    try:
        if wait_until_ready(port, children, stop):
            children += spawn_jobs(port)
            say(f"ready in {time.monotonic() - began:.1f} s:  {_address(port)}/   (Ctrl-C stops everything)")
            if "demo_signins" in get_commands():
                call_command("demo_signins")
            connection.close()
        elif not stop.is_set() and all(child.process.poll() is None for child in children):
            say("the web server is not ready; stopping")
            return 1
        while not stop.wait(0.3):
            for child in children:
                if child.process.poll() is not None:
                    child.pump.join(1)
                    say(f"{child.name} ended with status {child.process.returncode}; stopping the rest")
                    return 1
        return 0
    finally:
        stop_all(children)


def port_is_free(port: int) -> bool:
    """Whether the web server could listen there."""
    with socket.socket() as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def main() -> int:
    """Prepare, serve, clear up."""
    parser = argparse.ArgumentParser(prog="./dev up", description=main.__doc__)
    parser.add_argument("--port", type=int, default=8000, help="where the pages are served (default: 8000)")
    parser.add_argument("--no-borough", action="store_true", help="leave an empty database empty")
    asked = parser.parse_args()
    began = float(os.environ.pop("CS_BEGAN", 0)) or time.monotonic()
    if not port_is_free(asked.port):
        raise SystemExit(f"\nPort {asked.port} is taken. Choose another:  ./dev up --port {asked.port + 1}\n")
    stop = threading.Event()

    def leave(*_: object) -> None:
        if stop.is_set() or not serving:
            raise KeyboardInterrupt
        stop.set()

    serving = False
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, leave)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "community_solutions.settings")
    os.environ["CS_PROCESS"] = "owner"
    try:
        with servers():
            try:
                django.setup()
            except ImproperlyConfigured as wrong:
                raise SystemExit(f"\n{wrong}\n") from None
            prepare(borough=not asked.no_borough)
            serving = True
            status = serve(asked.port, began, stop)
    except KeyboardInterrupt:
        say("stopped at once" if serving else "stopped before it was ready")
        return 130
    say("stopped")
    return status


if __name__ == "__main__":
    sys.exit(main())
