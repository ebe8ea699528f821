"""docker-compose.yml is what a council runs: its rules, and one contact walked through its services without an engine."""

import gzip
import json
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import closing

import psycopg2
import pytest

from tests.platform.installation import COMPOSE, HOST, ROOT, SERVICES, Installation
from tests.platform.visitor import Visitor

PASSWORD = "three invented words 5"
SAID = "Quillfeather cannot pay the gas bill"  # what must stand in no log
NAME = "Ottoline Quillfeather"
APPLICATION = ("web", "worker", "beat", "relay", "migrate")
LEFT_OUT = {"migrate": "runs once: its exit status is its health", "restore": "runs by hand"}


# --- the file ----------------------------------------------------------------------------------------------------


def test_every_part_of_an_installation_is_there():
    wanted = {"proxy", "web", "worker", "beat", "relay", "migrate", "database", "queue", "backup", "restore"}
    assert set(SERVICES) == wanted


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_an_ordinary_user_who_can_change_nothing(name):
    service = SERVICES[name]
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", service["user"])
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in service
    assert re.search(r":\d+\.\d+", service["image"]), "pinned by a version"
    assert name in LEFT_OUT or service["healthcheck"]["test"]


def test_only_the_proxy_listens_outside():
    assert [name for name, service in SERVICES.items() if service.get("ports")] == ["proxy"]
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    assert SERVICES["proxy"]["networks"] == ["edge"], "the proxy does not reach the database"
    for name in ("database", "queue", "backup", "relay", "beat", "migrate"):
        assert SERVICES[name]["networks"] == ["inside"]


def test_no_secret_stands_in_the_file():
    for name, service in SERVICES.items():
        for key, value in (service.get("environment") or {}).items():
            secret = re.search(r"SECRET|PASSWORD|TOKEN", key)
            assert not secret or (key.endswith("_FILE") and value.startswith("/run/secrets/")), f"{name}: {key}"
            assert not re.search(r"://[^/@]*:[^/@]*@", value), f"{name}: {key} holds a password"
    assert all(path["file"].startswith("deploy/secrets/") for path in COMPOSE["secrets"].values())
    ignored = (ROOT / ".gitignore").read_text().split()
    assert {"deploy/secrets/", "*.env"} <= set(ignored)


def test_each_process_is_given_the_one_login_that_is_its_own():
    logins = {"web": "app", "worker": "job", "beat": "job", "relay": "job", "migrate": "owner"}
    for name, login in logins.items():
        service = SERVICES[name]
        found = [key for key in service["environment"] if key.startswith("DATABASE_") and key.endswith("_URL")]
        assert found == [f"DATABASE_{login.upper()}_URL"]
        assert [
            word for word in service["secrets"] if word.endswith("_password") and word[:2] in {"ap", "jo", "ow"}
        ] == [f"{login}_password"]
    assert "backup_key" not in SERVICES["backup"]["secrets"], "what encrypts cannot decrypt"


def test_secrets_that_are_used_are_made():
    made = (ROOT / "deploy/make_secrets.sh").read_text()
    assert [name for name in COMPOSE["secrets"] if name not in made] == []


def test_the_proxy_buffers_hides_keys_and_compresses_nothing():
    text = (ROOT / "deploy/nginx.conf").read_text()
    for line in (
        "proxy_buffering on;", "proxy_request_buffering on;", "gzip off;", "server_tokens off;", "client_header_timeout 5s;",
        "proxy_set_header X-Forwarded-For $remote_addr;", "proxy_set_header X-Forwarded-Proto https;",
        "ssl_protocols TLSv1.2 TLSv1.3;", "return 301 https://$host$request_uri;", "error_log /dev/stderr crit;",
    ):  # fmt: skip
        assert line in text
    logged = re.search(r"log_format plain(.*?);\n", text, re.DOTALL)[1]
    for word in ("$request ", "$request_uri", "$args", "$http_referer", "$remote_addr", "$http_cookie", "$uri"):
        assert word not in logged
    assert "~^/answer/" in text


# --- the walk ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Iterator[Installation]:
    place = Installation(tmp_path_factory.mktemp("place"))
    try:
        yield place
    finally:
        place.end()
        shutil.rmtree(place.home, ignore_errors=True)


def ask(place: Installation, statement: str, user: str = "cs_owner", name: str = "community_solutions") -> list[tuple]:
    """Ask the database as one of its logins."""
    secret = {"cs_owner": "owner", "cs_app": "app", "cs_backup": "backup", "postgres": "postgres"}[user]
    password = (place.home / "secrets" / f"{secret}_password").read_text().strip()
    where = {"host": "127.0.0.1", "port": place.ports["database"], "dbname": name, "user": user, "password": password}
    with closing(psycopg2.connect(**where)) as connection, connection, connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


def wait(question, seconds: float, words: str):
    """What the question gives, as soon as it gives something."""
    end = time.monotonic() + seconds
    while not (found := question()):
        assert time.monotonic() < end, words
        time.sleep(0.1)
    return found


def test_a_contact_walks_through_an_installation(place):
    began = time.monotonic()

    def passed(what: str) -> None:
        print(f"{time.monotonic() - began:5.1f} s  {what}", flush=True)

    place.mail.start()
    place.start_database()
    place.start("queue")
    passed("database")
    done = place.run("migrate")
    assert done.returncode == 0, done.stderr
    gathered = place.run("migrate", "python", "manage.py", "collectstatic", "--no-input", "--verbosity", "0")
    assert gathered.returncode == 0, gathered.stderr
    passed("migrate")
    for name in ("web", "worker", "beat", "relay"):
        place.start(name)
    proxy = place.start_proxy()
    passed("through the proxy" if proxy else "as the proxy would ask")
    port = place.ports["proxy" if proxy else "web"]

    def visitor() -> Visitor:
        return Visitor(HOST, port, proxy=proxy)

    wait(lambda: answers(visitor()), 90, f"the web process does not answer\n{place.logs()}")
    passed("web")
    no_demonstration(place, visitor())
    ada = ada_is_invited(place, visitor())
    ada_adds(ada, "Finn Archer", "finn.archer@anytown.example", "front_door")
    ada_adds(ada, "Dev Patel", "dev.patel@anytown.example", "manager")
    finn, dev = (comes_by_mail(place, visitor(), name) for name in ("finn.archer", "dev.patel"))
    passed("signed in")
    contact = finn_logs_a_contact(finn)
    dev_decides(dev, contact)
    dev.get("/runs").send("/runs/recompute").sees("It begins within a few seconds")
    static_files_are_kept_for_a_year(dev, visitor())
    passed("decided")
    figures_come_in(place)
    passed("figures")
    everything_is_well(place, visitor(), proxy)
    passed("health")
    a_backup_comes_back(place)
    passed("backup")
    ends = place.end()
    assert set(ends.values()) <= {0, -15, 143}, (ends, place.logs())
    said = place.logs()
    for word in ("Quillfeather", "gas bill", PASSWORD, "finn.archer", "Traceback"):
        assert word not in said, f"{word}\n{said}"
    passed("all")


def answers(visitor: Visitor) -> bool:
    try:
        return visitor.get("/healthz").status == 200
    except OSError:
        return False


def no_demonstration(place: Installation, visitor: Visitor) -> None:
    """A fresh installation has no account and no banner; pages come over TLS only, compressed for this site alone."""
    assert ask(place, "SELECT count(*) FROM accounts_user") == [(0,)]
    visitor.get("/").sees("Sign in")
    assert "Demonstration" not in visitor.text
    assert visitor.headers["strict-transport-security"].startswith("max-age=31536000")
    for site, coding in (("cross-site", None), ("none", "gzip")):
        visitor.ask("GET", "/accounts/login/", **{"Accept-Encoding": "gzip", "Sec-Fetch-Site": site})
        assert visitor.headers.get("content-encoding") == coding


def ada_is_invited(place: Installation, visitor: Visitor) -> Visitor:
    """The first administrator: a link that works once, and no password that anybody else knew."""
    who = ["--email", "ada.bright@anytown.example", "--name", "Ada Bright"]
    done = place.run("worker", "python", "manage.py", "invite_administrator", *who)
    assert done.returncode == 0, done.stderr
    link = re.search(rf"https://{HOST}(/\S+)", done.stdout)[1]
    chooses_a_password(visitor, link)
    visitor.get(link).sees("This link no longer works")
    signs_in(visitor, "ada.bright@anytown.example").get("/people").sees("Ada Bright")
    return visitor


def chooses_a_password(visitor: Visitor, link: str) -> None:
    visitor.get(link).sees("Choose a new password")
    visitor.send("password1", password1=PASSWORD, password2=PASSWORD).sees("assword")
    assert "password1" not in visitor.text, visitor.text[-3000:]


def signs_in(visitor: Visitor, email: str) -> Visitor:
    visitor.get("/accounts/login/").send("login", login=email, password=PASSWORD)
    assert "__Host-session" in visitor.cookies and visitor.status == 200
    return visitor


def ada_adds(ada: Visitor, name: str, email: str, role: str) -> None:
    ada.get("/people/new")
    council = re.search(r'<option value="(\d+)"[^>]*>\s*Anytown Council', ada.text)[1]
    team = re.search(r'name="teams"[^>]*value="(\d+)"|value="(\d+)"[^>]*name="teams"', ada.text)
    ada.send("email", name=name, email=email, role=role, organisation=council, teams=team[1] or team[2]).sees(
        "Account made"
    )


def comes_by_mail(place: Installation, visitor: Visitor, who: str) -> Visitor:
    """Somebody asks for a password, gets the link by e-mail, and signs in."""
    visitor.get("/accounts/password/reset/").send("email", email=f"{who}@anytown.example")
    written = wait(lambda: [m for m in place.mail.messages if who in m and "/reset/key/" in m], 10, "no e-mail came")
    link = re.search(rf"https://{HOST}(/\S+)", written[-1].replace("=\r\n", "").replace("=3D", "="))[1]
    chooses_a_password(visitor, link)
    return signs_in(visitor, f"{who}@anytown.example")


def finn_logs_a_contact(finn: Visitor) -> str:
    finn.get("/contacts/new").send(
        "words", not_known="on", person_named=NAME, words=SAID, needs="debt", basis="privacy_notice", all_five="on",
        outcome="to_triage",
    )  # fmt: skip
    finn.sees("CS-")
    return re.search(r"CS-[0-9A-Z]{4}-[0-9A-Z]{2,3}", finn.path)[0]


def dev_decides(dev: Visitor, contact: str) -> None:
    dev.get("/triage").sees(NAME)
    dev.get(f"/triage/{contact}").sees("Suggested")
    tier = re.search(r'<input[^>]*name="tier"[^>]*checked[^>]*>', dev.text)[0]
    dev.send("tier", tier=re.search(r'value="(\d+)"', tier)[1], outcome="to_triage").sees("Decided")


def static_files_are_kept_for_a_year(dev: Visitor, other: Visitor) -> None:
    """Hashed, compressed beforehand both ways, and never asked for again."""
    sheet = re.search(r'href="(/static/[^"]+\.css)"', dev.text)[1]
    assert re.search(r"\.[0-9a-f]{12}\.css$", sheet)
    sizes = {}
    for coding in ("identity", "gzip", "br"):
        other.ask("GET", sheet, **{"Accept-Encoding": coding})
        assert other.status == 200
        assert other.headers.get("content-encoding", "identity") == coding
        assert "immutable" in other.headers["cache-control"]
        assert int(re.search(r"max-age=(\d+)", other.headers["cache-control"])[1]) >= 31_536_000
        sizes[coding] = len(other.body)
        if coding == "gzip":
            assert len(gzip.decompress(other.body)) == sizes["identity"]
    assert sizes["br"] < sizes["gzip"] < sizes["identity"] / 4


def figures_come_in(place: Installation) -> None:
    """Beat asks, the worker folds the contact in; the relay carries what Dev asked for."""
    wait(
        lambda: ask(place, "SELECT 1 FROM reporting_reading WHERE numerator > 0 LIMIT 1"),
        90, f"no figure came\n{place.logs()}",
    )  # fmt: skip
    wait(
        lambda: ask(place, "SELECT 1 FROM ledger_outboxjob WHERE job = 'reporting.recompute_now' AND done_at IS NOT NULL"),
        90, f"the job in the outbox was not done\n{place.logs()}",
    )  # fmt: skip


def everything_is_well(place: Installation, visitor: Visitor, proxy: bool) -> None:
    wait(lambda: visitor.get("/readyz").status == 200, 90, f"not ready: {visitor.text}\n{place.logs()}")
    said = json.loads(visitor.text)
    assert said["ready"] is True and said["database"] == said["queue"] == "ok"
    assert said["clock"] < 90 and said["outbox"] < 300
    checks = ["web", "beat", "relay", "worker", "database", *(["proxy"] if proxy and shutil.which("curl") else [])]
    for name in checks:
        done = place.check(name)
        assert done.returncode == 0, (name, done.stdout, done.stderr)


def a_backup_comes_back(place: Installation) -> None:
    """Dumped by the service's own command, encrypted; restored into an empty database with the same rows and locks."""
    assert place.check("backup").returncode == 1, "there is no backup yet"
    done = place.run("backup", "once")
    assert done.returncode == 0, done.stdout + done.stderr
    assert place.check("backup").returncode == 0
    (kept,) = (place.home / "backups").glob("*.dump.cms")
    assert SAID.encode() not in kept.read_bytes() and b"PGDMP" not in kept.read_bytes()
    place.make_roles("restored")
    back = place.run("restore", str(kept), PGDATABASE="restored")
    assert back.returncode == 0, back.stdout + back.stderr
    assert "equal to what was kept" in back.stdout
    count = "SELECT count(*) FROM intake_contact"
    assert ask(place, count, name="restored") == ask(place, count) == [(1,)]
    assert ask(place, count, user="cs_backup", name="restored") == [(1,)]
    assert ask(place, "SELECT value FROM ledger_marker WHERE name = 'epoch'", name="restored") == [("2",)]
    assert ask(place, count, user="cs_app", name="restored") == [(0,)], "nobody acts, so nothing is to be seen"
    owners = "SELECT DISTINCT tableowner::text FROM pg_tables WHERE schemaname IN ('public', 'acting')"
    assert ask(place, owners, name="restored") == [("cs_owner",)]
    again = place.run("restore", str(kept), PGDATABASE="restored")
    assert again.returncode == 1 and "is not empty" in again.stderr
    with kept.open("r+b") as file:
        file.seek(1000)
        other = bytes([file.read(1)[0] ^ 1])
        file.seek(1000)
        file.write(other)
    spoilt = place.run("restore", str(kept), PGDATABASE="restored")
    assert spoilt.returncode == 1 and "has changed" in spoilt.stderr
