"""Fixtures for all tests: the cast, and a database that is made by the owner and used as the application."""

from contextlib import closing

import psycopg2
import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.cache import caches
from django.db import connection
from django.db.backends.signals import connection_created
from django.test import testcases

from accounts.models import Role
from ledger import acting
from ledger.context import KNOWN
from ledger.grants import apply_grants
from tests import database, make

KEPT = {"django_migrations", "django_content_type", "auth_permission"}


def _become_application(sender, connection, **kwargs):
    """Every connection of the tests takes on the web's role: row-level security holds in tests as it does in life."""
    with connection.connection.cursor() as cursor:
        cursor.execute("SET ROLE cs_app")
    if not connection.connection.autocommit:
        connection.connection.commit()


@pytest.fixture(scope="session")
def django_db_keepdb(request, django_db_keepdb, django_db_createdb, django_db_modify_db_settings):
    """Whether the test database is there already: a copy of one that this state of the code has migrated before."""
    return django_db_keepdb or (not django_db_createdb and database.restore())


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_keepdb, django_db_blocker):
    """Make the test database as its owner, then step down."""
    with django_db_blocker.unblock():
        if not django_db_keepdb:
            database.keep()
        apply_grants()
        connection.close()
        connection_created.connect(_become_application)
        yield
        connection_created.disconnect(_become_application)
        connection.close()


@pytest.fixture
def committed(django_db_setup, django_db_blocker):
    """Rows are committed, so that other connections see them; afterwards the owner empties the tables."""
    with django_db_blocker.unblock():
        connection.close()
        yield
        tables = set(connection.introspection.django_table_names(only_existing=True, include_views=False)) - KEPT
        connection.close()
        _empty(sorted(tables))


def _empty(tables: list[str]) -> None:
    """On a connection of its own, as the owner; the trail lets itself be emptied for that moment only."""
    names = ", ".join(f'"{table}"' for table in tables)
    with closing(psycopg2.connect(**connection.get_connection_params())) as owner, owner, owner.cursor() as cursor:
        cursor.execute("ALTER TABLE ledger_auditevent DISABLE TRIGGER no_truncate")
        cursor.execute(f"TRUNCATE {names}")
        cursor.execute("ALTER TABLE ledger_auditevent ENABLE TRIGGER no_truncate")


@pytest.fixture
def as_owner(db):
    """Inside the block the database is asked as its owner: to look behind the policies, never to do the work."""
    from contextlib import contextmanager

    @contextmanager
    def block():
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SET ROLE cs_app")

    return block


@pytest.fixture(autouse=True)
def _nothing_known():
    """A process keeps in mind whether its database is a demonstration, and what it drew; here each test has its own."""
    KNOWN.clear()
    caches["drawn"].clear()


@pytest.fixture
def system(db):
    """Act as a system principal: what a builder or a job sees."""
    with acting.acting_as_system("system:test"):
        yield


# --- the cast: access tests read like gossip ---------------------------------------------------------------------


@pytest.fixture
def finn(system):
    """Finn answers the front door."""
    return make.user("Finn Archer", Role.FRONT_DOOR, teams=[make.team("Front door")])


@pytest.fixture
def ben(system):
    """Ben is a caseworker in Family help."""
    return make.user("Ben Osei", Role.CASEWORKER, teams=[make.team("Family help")])


@pytest.fixture
def cath(system):
    """Cath is a caseworker in another team, with no part in Ben's cases."""
    return make.user("Cath Lowe", Role.CASEWORKER, teams=[make.team("Homes and money")])


@pytest.fixture
def dev(system):
    """Dev manages Family help and is a duty manager."""
    return make.user("Dev Patel", Role.MANAGER, teams=[make.team("Family help")], duty_manager=True)


@pytest.fixture
def ela(system):
    """Ela works for Harbour Food Bank, a partner."""
    return make.user("Ela Novak", Role.PARTNER, organisation=make.organisation("Harbour Food Bank"))


@pytest.fixture
def gus(system):
    """Gus looks after information governance."""
    return make.user("Gus Whyte", Role.GOVERNANCE)


@pytest.fixture
def ada(system):
    """Ada is the administrator."""
    return make.user("Ada Bright", Role.ADMINISTRATOR)


@pytest.fixture
def sign_in(client):
    """A browser without pictures, signed in as someone: `sign_in(finn).get("/")`."""

    def sign_in(person):
        client.force_login(person)
        return client

    return sign_in


# Files that take longest, one test of them a minute: they go first, so that two workers end together.
LONGEST = (
    "test_access_matrix.py",
    "test_every_page.py",
    "test_up.py",
    "test_compose.py",
    "test_kill.py",
    "test_walk.py",
)


def pytest_configure(config):
    """Live servers find static files where they are written; the helper knows Django's own app only by its name."""
    testcases._StaticFilesHandler = StaticFilesHandler


def pytest_collection_modifyitems(items):
    """Put the longest files first; the rest stay in their order."""
    items.sort(key=lambda item: LONGEST.index(item.path.name) if item.path.name in LONGEST else len(LONGEST))
