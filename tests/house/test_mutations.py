"""The tests of access are tested: every policy is changed, one at a time, and each must be noticed.

The cells of the table are changed in test_access_matrix.py, beside the answers that take a minute to ask for.
"""

import re
from collections import Counter

import pytest
from django.db import connection, transaction

from tests.house.second_lock import Lock, Policy, as_owner, undone

pytestmark = pytest.mark.django_db

ASKS = {"SELECT": "see", "INSERT": "add", "UPDATE": "change", "DELETE": "delete"}


def mutants(policy: Policy) -> list[tuple[str, str, tuple[str, ...]]]:
    """(what is done, the statement, the questions of which one must notice) for one policy."""
    found = []
    for clause, text in (("USING", policy.using), ("WITH CHECK", policy.check)):
        if text is None:
            continue
        moves = policy.command == "UPDATE" and clause == "WITH CHECK"
        questions = ("move", "change") if moves else (ASKS[policy.command],)
        for value in ("true", "false", *weaker(text)):
            if value != text:
                found.append(
                    (
                        f"{clause} ({' '.join(value.split())})",
                        f'ALTER POLICY {policy.name} ON "{policy.table}" {clause} ({value})',
                        questions,
                    )
                )
    found.append(("dropped", f'DROP POLICY {policy.name} ON "{policy.table}"', (ASKS[policy.command],)))
    return found


def weaker(text: str) -> list[str]:
    """The policy with one of its conditions gone: each AND … and each OR … at any depth left out in turn."""
    found = []
    for place in re.finditer(r"\s(AND|OR)\s", text):
        end = _end_of_term(text, place.end())
        found.append(text[: place.start()] + text[end:])
    return found


def _end_of_term(text: str, start: int) -> int:
    """Where the term that begins at `start` ends: at the next AND or OR of its depth, or where its bracket closes."""
    depth = 0
    for at in range(start, len(text)):
        if text[at] == "(":
            depth += 1
        elif text[at] == ")":
            depth -= 1
            if depth < 0:
                return at
        elif depth == 0 and re.match(r"\s(AND|OR)\s", text[at:]):
            return at
    return len(text)


def indifferent(policy: Policy, done: str, *, looks: bool) -> str:
    """Why no test can tell this mutant from the policy, or nothing."""
    if policy.command == "UPDATE" and policy.using == "false" and done.startswith("WITH CHECK"):
        return "no row may be changed, so there is no new row to check"
    if policy.command == "UPDATE" and policy.using == "false" and done == "dropped":
        return "without a policy nothing may be changed either"
    if policy.command == "UPDATE" and done == "WITH CHECK (true)" and not looks:
        return "it asks who changes, not what: whoever may change a row may make any row of it"
    if policy.table in {"ledger_auditevent", "ledger_auditseal"} and policy.command == "UPDATE":
        return "the application's roles have no grant to change the trail: a third lock stands before this one"
    return ""


def test_every_changed_policy_is_noticed(db, record_property):
    counts, alive = Counter(), []
    with transaction.atomic():
        lock = Lock()
        for policy in lock.policies:
            table = lock.tables[policy.table]
            for done, statement, questions in mutants(policy):
                if indifferent(policy, done, looks=bool(table.steering)):
                    counts["cannot matter"] += 1
                    continue
                with undone():
                    with as_owner(), connection.cursor() as cursor:
                        cursor.execute(statement)
                    noticed = any(notices(lock, table, question) for question in questions)
                counts["noticed" if noticed else "not noticed"] += 1
                if not noticed:
                    alive.append(f"{policy.table}.{policy.name} ({policy.command}): {done}")
        transaction.set_rollback(True)

    record_property("mutants", dict(counts))
    assert not alive, f"{counts}: no principal and no row of the World tells these apart:\n" + "\n".join(alive)


def notices(lock: Lock, table, question: str) -> bool:
    """Whether any principal gets another answer than expected."""
    return any(lock.observe(table, who, question) != lock.expected(table, who, question) for who in lock.principals)


def test_a_table_without_its_switch_is_noticed(db):
    alive = []
    with transaction.atomic():
        lock = Lock()
        for name, table in lock.tables.items():
            with undone():
                with as_owner(), connection.cursor() as cursor:
                    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                    cursor.execute(f'ALTER TABLE "{name}" DISABLE ROW LEVEL SECURITY')
                if not notices(lock, table, "see"):
                    alive.append(name)
        transaction.set_rollback(True)

    assert not alive, alive


def test_every_changed_function_of_the_policies_is_noticed(db):
    """The functions that policies ask: each is made to give nothing, and to give everything."""
    alive = []
    with transaction.atomic():
        lock = Lock()
        for function, source, everything in FUNCTIONS:
            for value in ("SELECT NULL::bigint WHERE false", everything):
                with undone():
                    with as_owner(), connection.cursor() as cursor:
                        cursor.execute(
                            f"CREATE OR REPLACE FUNCTION acting.{function}() RETURNS SETOF bigint LANGUAGE sql STABLE "
                            f"SECURITY DEFINER SET search_path = pg_catalog AS $$ {value} $$"
                        )
                    if not any(notices(lock, lock.tables[name], "see") for name in source):
                        alive.append(f"acting.{function}: {value}")
        transaction.set_rollback(True)

    assert not alive, alive


def test_every_changed_view_of_the_policies_is_noticed(db):
    """The views that policies ask: each is made to show nothing, and to show everything."""
    alive = []
    with transaction.atomic():
        lock = Lock()
        for view, table, everything in VIEWS:
            for value in (f"SELECT * FROM ({everything}) AS rows WHERE false", everything):
                if value == everything and view == "restricted_addresses":
                    continue  # whoever sees that somebody lived there sees the address all the same
                with undone():
                    with as_owner(), connection.cursor() as cursor:
                        cursor.execute(f"CREATE OR REPLACE VIEW acting.{view} AS {value}")
                    if not notices(lock, lock.tables[table], "see"):
                        alive.append(f"acting.{view}: {value}")
        transaction.set_rollback(True)

    assert not alive, alive


FUNCTIONS = [
    ("my_residents", ["residents_resident"], "SELECT id FROM public.residents_resident"),
    ("my_teams", ["cases_case"], "SELECT id FROM public.accounts_team"),
    ("my_cases", ["cases_case"], "SELECT id FROM public.cases_case"),
]
VIEWS = [
    ("restricted_residents", "residents_phone", "SELECT id FROM public.residents_resident"),
    ("restricted_members", "residents_household", "SELECT household_id, resident_id FROM public.residents_membership"),
    ("restricted_addresses", "residents_address", "SELECT id AS address_id FROM public.residents_address"),
]
