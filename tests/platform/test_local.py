"""The bundled servers: who may do what, what the log keeps quiet, and coming back after kill -9."""

import os
import signal
import stat
import time
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg2
import pytest

from community_solutions import local, local_machine, local_postgres

ASK_ROLE = "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = current_user"
ASK_OWNED = "SELECT count(*) FROM pg_class WHERE relowner = current_user::regrole"


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    home = tmp_path_factory.mktemp("bundled")
    yield home
    local.wipe(home)


@pytest.fixture(scope="module")
def addresses(home):
    return local.start_postgres(home)


def ask(address, statement, *values):
    connection = psycopg2.connect(address)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchall() if cursor.description else None
    finally:
        connection.close()


def connect_until_answered(address, seconds=20):
    end = time.monotonic() + seconds
    while True:
        try:
            return ask(address, "SELECT 1")
        except psycopg2.OperationalError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)


@pytest.mark.parametrize("who", ["app", "job"])
def test_the_application_is_no_superuser_passes_no_policy_and_owns_nothing(addresses, who):
    assert ask(addresses[who], ASK_ROLE) == [(False, False, False, False)]
    assert ask(addresses[who], ASK_OWNED) == [(0,)]
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        ask(addresses[who], "CREATE TABLE mine (id int)")


@pytest.mark.parametrize("other", ["cs_owner", "cs_backup", "postgres"])
def test_the_application_may_not_become_anybody_else(addresses, other):
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        ask(addresses["app"], f"SET ROLE {other}")


def test_the_owner_owns_the_database_and_is_no_superuser(addresses):
    assert ask(addresses["owner"], ASK_ROLE) == [(False, False, True, False)]
    assert ask(
        addresses["owner"], "SELECT datdba::regrole::text FROM pg_database WHERE datname = current_database()"
    ) == [("cs_owner",)]
    ask(addresses["owner"], "CREATE TABLE owned (id int)")
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        ask(addresses["app"], "SELECT * FROM owned")
    ask(addresses["owner"], "DROP TABLE owned")


def test_the_owner_may_become_the_application(addresses):
    assert ask(addresses["owner"], "SET ROLE cs_app; SELECT current_user::text") == [("cs_app",)]


def test_the_backup_reads_past_policies_and_writes_nothing(addresses):
    ask(
        addresses["owner"],
        "CREATE TABLE kept (id int); INSERT INTO kept VALUES (1); ALTER TABLE kept ENABLE ROW LEVEL SECURITY",
    )
    assert ask(addresses["backup"], "SELECT count(*) FROM kept") == [(1,)]
    with pytest.raises((psycopg2.errors.InsufficientPrivilege, psycopg2.errors.ReadOnlySqlTransaction)):
        ask(addresses["backup"], "INSERT INTO kept VALUES (2)")
    ask(addresses["owner"], "DROP TABLE kept")


@pytest.mark.parametrize("user", ["cs_owner", "cs_app", "cs_job", "cs_backup", "postgres"])
@pytest.mark.parametrize("password", ["", "wrong"])
def test_nobody_comes_in_without_the_password(addresses, user, password):
    folder = parse_qs(urlsplit(addresses["app"]).query)["host"][0]
    with pytest.raises(psycopg2.OperationalError, match="password"):
        psycopg2.connect(host=folder, user=user, password=password, dbname="postgres")


def test_only_we_may_read_the_passwords_and_reach_the_socket(home, addresses):
    assert stat.S_IMODE((home / "passwords.json").stat().st_mode) == 0o600
    folder = parse_qs(urlsplit(addresses["app"]).query)["host"][0]
    assert stat.S_IMODE(Path(folder).stat().st_mode) & 0o077 == 0
    assert ask(addresses["app"], "SHOW listen_addresses") == [("",)]


def test_the_log_keeps_statements_and_values_to_itself(home, addresses):
    ask(addresses["owner"], "CREATE TABLE named (name text UNIQUE)")
    ask(addresses["owner"], "INSERT INTO named VALUES ('Canary Wharf')")
    with pytest.raises(psycopg2.errors.UniqueViolation):
        ask(addresses["owner"], "INSERT INTO named VALUES (%s)", "Canary Wharf")
    with pytest.raises(psycopg2.errors.InvalidTextRepresentation):
        ask(addresses["owner"], "SELECT %s::int", "Canary Wharf")
    ask(addresses["owner"], "DROP TABLE named")
    log = (local_postgres.plan_for(home).base / "postgres.log").read_text()
    assert "ready to accept connections" in log
    assert "Canary" not in log
    assert "named" not in log


def test_starting_again_finds_the_same_server(home, addresses):
    began = time.monotonic()
    assert local.start_postgres(home) == addresses
    assert time.monotonic() - began < 5


def test_it_comes_back_after_kill_9_with_everything_that_was_committed(home, addresses):
    ask(addresses["owner"], "CREATE TABLE kept (id int)")
    for number in range(3):
        ask(addresses["owner"], "INSERT INTO kept VALUES (%s)", number)
        pid, _ = local_postgres.postmaster(local_postgres.plan_for(home).data)
        os.kill(pid, signal.SIGKILL)
        assert local.start_postgres(home) == addresses
        assert ask(addresses["owner"], "SELECT count(*) FROM kept") == [(number + 1,)]


def test_a_pid_file_that_names_another_program_does_not_deceive(home, addresses):
    data = local_postgres.plan_for(home).data
    pid, _ = local_postgres.postmaster(data)
    lines = (data / "postmaster.pid").read_text()
    os.kill(pid, signal.SIGKILL)
    end = time.monotonic() + 10
    while local_machine.is_alive(pid, str(data)) and time.monotonic() < end:
        time.sleep(0.02)
    (data / "postmaster.pid").write_text(lines.replace(str(pid), str(os.getpid()), 1))
    assert local.start_postgres(home) == addresses
    assert ask(addresses["app"], "SELECT 1") == [(1,)]


def test_another_password_file_is_refused_in_words(home, addresses):
    kept = (home / "passwords.json").read_text()
    (home / "passwords.json").write_text(
        '{"postgres": "x", "cs_owner": "x", "cs_app": "x", "cs_job": "x", "cs_backup": "x"}'
    )
    try:
        with pytest.raises(SystemExit, match="passwords.json"):
            local.start_postgres(home)
    finally:
        (home / "passwords.json").write_text(kept)


def test_valkey_answers_on_its_socket_and_comes_back_after_kill_9(home):
    path = local.start_valkey(home)
    assert local._answers_ping(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o700
    os.kill(int((home / "valkey.pid").read_text()), signal.SIGKILL)
    assert local.start_valkey(home) == path
    assert local._answers_ping(path)
    local.stop_valkey(home)
    assert not local._answers_ping(path)


def test_a_deep_folder_gets_a_short_private_socket(tmp_path):
    home = tmp_path / ("deep" * 30) / "with a space"
    try:
        addresses = local.start_postgres(home)
        assert connect_until_answered(addresses["app"]) == [(1,)]
        path = local.start_valkey(home)
        assert len(str(path)) < local_machine.SOCKET_LIMIT
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    finally:
        local.wipe(home)
    assert not home.exists()
    assert not path.parent.exists()


def test_a_folder_that_somebody_else_put_in_our_place_is_refused(tmp_path):
    trap = tmp_path / "trap"
    trap.symlink_to(tmp_path)
    with pytest.raises(SystemExit, match="belongs to somebody else"):
        local_machine.own_folder(trap, 0o700)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root needs another user")
def test_where_namespaces_are_refused_it_runs_as_nobody(tmp_path, monkeypatch):
    monkeypatch.setenv("CS_NO_NAMESPACE", "1")
    try:
        addresses = local.start_postgres(tmp_path)
        assert ask(addresses["app"], "SELECT current_user::text") == [("cs_app",)]
        assert local_postgres.plan_for(tmp_path).data.stat().st_uid == local_postgres.plan_for(tmp_path).uid != 0
    finally:
        local.wipe(tmp_path)


def test_the_last_one_out_stops_the_servers(tmp_path, monkeypatch):
    for name in local.DATABASES | local.QUEUES:
        monkeypatch.delenv(name, raising=False)
    with local.servers(tmp_path):
        mine = os.environ.pop("DATABASE_APP_URL")
        others = {name: os.environ.pop(name) for name in ("DATABASE_OWNER_URL", "DATABASE_JOB_URL", "REDIS_SOCKET")}
        with local.servers(tmp_path):
            assert os.environ["DATABASE_APP_URL"] == mine
        assert ask(mine, "SELECT 1") == [(1,)]
        os.environ.update(others, DATABASE_APP_URL=mine)
    with pytest.raises(psycopg2.OperationalError):
        ask(mine, "SELECT 1")
    assert not local.DATABASES & os.environ.keys()
