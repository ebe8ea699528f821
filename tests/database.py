"""The test database is migrated once for each state of the code and copied after that: half a second in place of ten.

Only on the throw-away server that the tests start themselves.
"""

import hashlib
import os
import time
from contextlib import closing
from pathlib import Path

import psycopg2
from django.db import connection
from psycopg2 import sql

ROOT = Path(__file__).resolve().parents[1]
PREFIX = "migrated_"
PATIENCE = 5.0
SHOW_OUT = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = {source} AND state = 'idle'"


def _state() -> str:
    """A name for everything that decides what migrating makes."""
    files = [
        *ROOT.glob("*/migrations/*.py"),
        *ROOT.glob("ledger/*.py"),
        *ROOT.glob("*/models.py"),
        *ROOT.glob("*/models/*.py"),
    ]
    files += [ROOT / "community_solutions" / "settings.py", ROOT / "requirements-test.lock"]
    total = hashlib.sha256()
    for path in sorted(files):
        total.update(f"{path.relative_to(ROOT)}\n".encode() + path.read_bytes())
    return PREFIX + total.hexdigest()[:16]


def _ours() -> bool:
    return bool(os.environ.get("DATABASE_OWNER_URL")) and "PYTEST_XDIST_WORKER" not in os.environ


def _run(*statements: sql.Composed) -> None:
    with closing(psycopg2.connect(**connection.get_connection_params() | {"dbname": "postgres"})) as owner:
        owner.autocommit = True
        with owner.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)


def _copy(source: str, target: str) -> list[sql.Composed]:
    names = {"source": sql.Identifier(source), "target": sql.Identifier(target)}
    return [
        sql.SQL("DROP DATABASE IF EXISTS {target} WITH (FORCE)").format(**names),
        sql.SQL("CREATE DATABASE {target} TEMPLATE {source}").format(**names),
    ]


def restore() -> bool:
    """Make the test database as a copy of one that this state of the code has migrated; False where there is none."""
    if not _ours():
        return False
    try:
        _run(*_copy(_state(), connection.creation._get_test_db_name()))
    except psycopg2.errors.InvalidCatalogName:
        return False
    return True


def keep() -> None:
    """Keep a copy of the freshly migrated test database for the next run, and forget those of earlier states."""
    if not _ours():
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [PREFIX + "%"])
        earlier = [row[0] for row in cursor.fetchall()]
    connection.close()  # a database that somebody uses cannot be copied
    drops = [sql.SQL("DROP DATABASE {}").format(sql.Identifier(name)) for name in earlier]
    _run(*drops, *_copy(connection.settings_dict["NAME"], _state()))


def copy(name: str) -> None:
    """A further database, migrated and without rows of ours."""
    try:
        copy_when_left(_state() if _ours() else connection.settings_dict["NAME"], name)
    except psycopg2.errors.InvalidCatalogName:
        copy_when_left(connection.settings_dict["NAME"], name)


def copy_when_left(source: str, target: str) -> None:
    """Copy a database once nobody uses it. A thread of an earlier test that never said goodbye is shown out after a while."""
    left = time.monotonic() + PATIENCE
    while True:
        try:
            return _run(*_copy(source, target))
        except psycopg2.errors.ObjectInUse:
            if time.monotonic() > left:
                _run(sql.SQL(SHOW_OUT).format(source=sql.Literal(source)))
            time.sleep(0.2)


def drop(name: str) -> None:
    """Throw a further database away."""
    _run(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
