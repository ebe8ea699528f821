"""The database alone shows nobody a forbidden row, with every filter of ours gone; and lets nobody write one.

Each protected table is asked as each principal; what comes back is compared with rules in plain Python (expected.py).
"""

import pytest
from django.apps import apps
from django.db import connection, transaction

from accounts.models import User
from ledger.acting import acting_as
from tests.house.conftest import everything_visible
from tests.house.second_lock import Lock, as_owner, tables_with_people

pytestmark = pytest.mark.django_db

# Tables with people in them and no policies, each with the reason. Their pages are guarded by `visible_to` and roles.
WITHOUT = {
    "accounts_user": "staff, not residents: sign-in reads it before anybody acts",
}
# Doors over tables without people in them: a directory has no secrets, but its lists begin at a door all the same.
WITHOUT_PEOPLE = {"directory_service"}
QUESTIONS = ("see", "add", "change", "move", "delete")


@pytest.fixture
def lock(db):
    """The World in the database, and the questions."""
    with transaction.atomic():
        yield Lock()
        transaction.set_rollback(True)


def lines(found: list[str]) -> str:
    """The first of them, shortened."""
    return f"{len(found)} in all:\n" + "\n".join(line[:300] for line in found[:40])


def people_of(lock: Lock) -> list[str]:
    """The principals who are people."""
    return [who for who in lock.principals if isinstance(getattr(lock.world, who, None), User)]


def test_the_database_answers_as_the_rules_say(lock):
    """What each principal sees, may add, change, move elsewhere and delete, in every protected table."""
    wrong = [line for table in lock.tables.values() for question in QUESTIONS for line in lock.wrong(table, question)]

    assert not wrong, lines(wrong)


def test_every_protected_table_has_rows_in_the_world(lock):
    """A table without a row proves nothing."""
    empty = [name for name, table in lock.tables.items() if not table.rows]

    assert not empty, f"Give the World (tests/house/world.py) a row of each: {empty}"


def test_every_table_with_people_is_protected(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity AND relnamespace = 'public'::regnamespace")
        enabled = {row[0] for row in cursor.fetchall()}
        cursor.execute("SELECT DISTINCT tablename FROM pg_policies WHERE schemaname = 'public'")
        with_policies = {row[0] for row in cursor.fetchall()}

    people = set(tables_with_people()) - set(WITHOUT) - WITHOUT_PEOPLE
    bare = sorted(people - (enabled & with_policies))
    idle = sorted(with_policies - enabled)

    assert not bare, f"These tables hold people and have no row-level security: {bare}"
    assert not idle, f"These tables have policies that are not switched on: {idle}"


def test_the_roles_of_the_application_cannot_step_round_the_policies(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolname, rolsuper, rolbypassrls FROM pg_roles WHERE rolname IN ('cs_app', 'cs_job')")
        assert [row for row in cursor.fetchall() if row[1] or row[2]] == []
        cursor.execute("SELECT count(*) FROM pg_tables WHERE tableowner IN ('cs_app', 'cs_job')")
        assert cursor.fetchone() == (0,)


def test_with_every_filter_gone_the_models_show_nothing_forbidden(lock):
    """The same through the models, as a forgetful developer would ask: every `visible_to` gives everything."""
    compared, wrong = 0, []
    people = people_of(lock)
    with everything_visible():
        for model in apps.get_models():
            table = lock.tables.get(model._meta.db_table)
            if table is None or not hasattr(model._default_manager.get_queryset(), "visible_to"):
                continue
            for who in people:
                user = getattr(lock.world, who)
                with acting_as(user):
                    found = sorted(model._default_manager.visible_to(user).values_list("pk", flat=True))
                compared += 1
                if found != lock.expected(table, who, "see"):
                    wrong.append(f"{table.name}, {who}")

    assert not wrong, lines(wrong)
    assert compared > 200


def test_filter_and_policy_agree(lock):
    """Nothing passes `visible_to` that the database hides, and what it hides besides is written down here."""
    wrong = []
    for model in apps.get_models():
        table = lock.tables.get(model._meta.db_table)
        if table is None or not hasattr(model._default_manager.get_queryset(), "visible_to"):
            continue
        for who in people_of(lock):
            user = getattr(lock.world, who)
            with as_owner():
                passed = set(model._default_manager.visible_to(user).values_list("pk", flat=True))
            more = passed - set(lock.expected(table, who, "see"))
            if more and (table.name, user.role) not in FILTER_IS_WIDER:
                wrong.append(f"{table.name}, {who}: the filter passes {len(more)} rows that the database hides")

    assert not wrong, lines(wrong)


# Where the filter alone would pass more than the database shows, with the reason.
FILTER_IS_WIDER: dict[tuple[str, str], str] = {
    (
        "residents_likelypair",
        role,
    ): "Whose wall it is the filter asks of the database, which answers for whoever acts, here for nobody."
    for role in ("front_door", "caseworker", "manager")
}
