"""Asks the database alone, as each principal, what it would show and let in; and compares with the rules in plain Python.

Everything runs in one transaction as the application's role. Each attempt to write is made and undone inside the database.
"""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from ledger import acting
from ledger.acting import Acting
from ledger.grants import APPEND_ONLY
from tests.house.expected import Facts, Principal, Row, rules_for
from tests.house.world import World

# Attempts, made in the database so that hundreds cost one journey. Each is undone by an error of our own (CS001).
ATTEMPTS = """
CREATE FUNCTION pg_temp.try_add(t text, rows json) RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE one json; said text[] := '{}';
BEGIN
  FOR one IN SELECT json_array_elements(rows) LOOP
    BEGIN
      EXECUTE format('INSERT INTO public.%I SELECT * FROM json_populate_record(NULL::public.%I, $1)', t, t) USING one;
      RAISE EXCEPTION USING ERRCODE = 'CS001';
    EXCEPTION
      WHEN insufficient_privilege THEN said := said || 'refused'::text;
      WHEN OTHERS THEN said := said || 'let in'::text;  -- a policy that refuses speaks before any constraint
    END;
  END LOOP;
  RETURN said;
END $$;
CREATE FUNCTION pg_temp.try_change(t text, columns text[], one json) RETURNS text LANGUAGE plpgsql AS $$
DECLARE n bigint; sets text;
BEGIN
  SELECT string_agg(format('%I = (json_populate_record(NULL::public.%I, $1)).%I', c, t, c), ', ') INTO sets FROM unnest(columns) c;
  BEGIN
    EXECUTE format('UPDATE public.%I SET %s', t, sets) USING one;
    GET DIAGNOSTICS n = ROW_COUNT;
    RAISE EXCEPTION USING ERRCODE = 'CS001';
  EXCEPTION
    WHEN insufficient_privilege THEN RETURN 'refused';
    WHEN SQLSTATE 'CS001' THEN RETURN n::text;
    WHEN OTHERS THEN RETURN 'stopped';
  END;
END $$;
CREATE FUNCTION pg_temp.try_delete(t text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE n bigint;
BEGIN
  BEGIN
    EXECUTE format('DELETE FROM public.%I', t);
    GET DIAGNOSTICS n = ROW_COUNT;
    RAISE EXCEPTION USING ERRCODE = 'CS001';
  EXCEPTION
    WHEN insufficient_privilege THEN RETURN 'refused';
    WHEN SQLSTATE 'CS001' THEN RETURN n::text;
    WHEN OTHERS THEN RETURN 'stopped';
  END;
END $$;
"""


@dataclass(frozen=True)
class Policy:
    """One policy as the database has it."""

    table: str
    name: str
    command: str
    using: str | None
    check: str | None


@dataclass
class Table:
    """A protected table: its rows as the owner sees them, and how to try it."""

    name: str
    key: str
    rows: list[Row]
    harmless: str = ""  # a column that no policy looks at and that may take any row's value
    steering: list[str] = field(default_factory=list)  # columns by which the policy for updates decides


class Lock:
    """The World in the database, the principals, the expected answers, and the questions."""

    def __init__(self) -> None:
        with acting.acting_as_system("system:test"):
            self.world = World()
        self.principals = principals(self.world)
        with as_owner():
            self.policies = read_policies()
            self.tables = {name: self._table(name) for name in sorted({p.table for p in self.policies})}
            with connection.cursor() as cursor:
                cursor.execute(ATTEMPTS)
                for table in self.tables.values():
                    table.harmless = self._harmless(cursor, table)
        self.facts = Facts({name: table.rows for name, table in self.tables.items()}, timezone.now())
        self._expected: dict[tuple[str, str, str], Any] = {}

    def _table(self, name: str) -> Table:
        with connection.cursor() as cursor:
            key = connection.introspection.get_primary_key_column(cursor, name) or "id"
            cursor.execute(f'SELECT row_to_json(t) FROM "{name}" t')
            rows = [row if isinstance(row, dict) else json.loads(row) for (row,) in cursor.fetchall()]
            key = "id" if name == "ledger_auditevent" else key
            said = " ".join(f"{p.using} {p.check}" for p in self.policies if p.table == name and p.command == "UPDATE")
            # A bare id is the row's own; one with a table before it is a parent's.
            columns = [c for c in (rows[0] if rows else {}) if re.search(rf"(?<![.\w]){c}\b|\b{name}\.{c}\b", said)]
        return Table(name, key, rows, steering=columns)

    def _harmless(self, cursor: Any, table: Table) -> str:
        """The first column that all rows may be given the first row's value of."""
        looked_at = " ".join(f"{p.using} {p.check}" for p in self.policies if p.table == table.name)
        free = [c for c in (table.rows[0] if table.rows else {}) if not re.search(rf"\b{c}\b", looked_at)]
        for column in free:
            if column in {table.key, "id", "reference", "key"}:
                continue
            cursor.execute("SELECT pg_temp.try_change(%s, %s, %s)", [table.name, [column], json.dumps(table.rows[0])])
            if cursor.fetchone()[0] == str(len(table.rows)):
                return column
        return next(iter(free), "")  # a table that nobody may change: any column will do

    # --- what the database says --------------------------------------------------------------------------------------

    def observe(self, table: Table, who: str, what: str) -> Any:
        """What the database shows (`see`), lets in (`add`), changes, moves or deletes for a principal."""
        with self.acting(who), connection.cursor() as cursor:
            if what == "see":
                cursor.execute(f'SELECT "{table.key}" FROM "{table.name}"')
                return sorted(row[0] for row in cursor.fetchall())
            if what == "add":
                cursor.execute("SELECT pg_temp.try_add(%s, %s)", [table.name, json.dumps(table.rows)])
                return cursor.fetchone()[0]
            if what == "change":
                cursor.execute(
                    "SELECT pg_temp.try_change(%s, %s, %s)", [table.name, [table.harmless], json.dumps(table.rows[0])]
                )
                return _count(cursor.fetchone()[0], without_grant=table.name in APPEND_ONLY)
            if what == "delete":
                cursor.execute("SELECT pg_temp.try_delete(%s)", [table.name])
                return _count(cursor.fetchone()[0], without_grant=True)
            moved = []
            for row in self._targets(table):
                cursor.execute("SELECT pg_temp.try_change(%s, %s, %s)", [table.name, table.steering, json.dumps(row)])
                moved.append({"0": "nothing", "refused": "refused"}.get(cursor.fetchone()[0], "let in"))
            return moved

    def _targets(self, table: Table) -> list[Row]:
        """One row for each different way in which the policy for updates could decide."""
        found = {json.dumps([row[c] for c in table.steering]): row for row in table.rows}
        return list(found.values()) if table.steering else []

    @contextmanager
    def acting(self, who: str) -> Iterator[None]:
        """As a principal, in the open transaction."""
        p = self.principals[who]
        context = Acting(p.person or 0, p.role, p.organisation or 0) if p.role else None
        with acting.acting(context):
            if context is None:
                acting.apply_context()
            yield

    # --- what it should say ------------------------------------------------------------------------------------------

    def expected(self, table: Table, who: str, what: str) -> Any:
        """The same by the rules in plain Python."""
        key = (table.name, who, what)
        if key not in self._expected:
            self._expected[key] = self._expect(table, self.principals[who], what)
        return self._expected[key]

    def _expect(self, table: Table, p: Principal, what: str) -> Any:
        rules = rules_for(table.name)
        assert rules, f"Nobody has said in tests/house/expected.py who may see {table.name}"
        if what == "see":
            return sorted(row[table.key] for row in table.rows if rules.see(self.facts, p, row))
        if what == "add":
            may_add, rows = rules.of("add"), map(self.facts.followed, table.rows)
            return ["let in" if may_add(self.facts, p, row) else "refused" for row in rows]
        change = rules.of("change")
        if what == "change":
            return sum(change(self.facts, p, row) for row in table.rows)
        if what == "delete":
            return sum(rules.delete(self.facts, p, row) for row in table.rows) if rules.delete else 0
        mine = [row for row in table.rows if change(self.facts, p, row)]
        said = []
        for target in self._targets(table):
            copies = [{**row, **{c: target[c] for c in table.steering}} for row in mine]
            may = all(change(self.facts, p, self.facts.followed(copy)) for copy in copies)
            said.append("nothing" if not mine else "let in" if may else "refused")
        return said

    def wrong(self, table: Table, what: str) -> list[str]:
        """Where the database and the rules differ, principal by principal, in words."""
        return [
            f"{table.name}, {who}, {what}: expected {wanted}, the database says {found}"
            for who in self.principals
            if (found := self.observe(table, who, what)) != (wanted := self.expected(table, who, what))
        ]


def _count(said: str, *, without_grant: bool) -> int | str:
    """How many rows. A refusal for want of a grant changes nothing, as a policy that hides every row does."""
    return 0 if said == "refused" and without_grant else int(said) if said.isdigit() else said


def principals(world: World) -> dict[str, Principal]:
    """Everybody who could ask."""

    def person(name: str, user: User) -> Principal:
        teams = frozenset(user.teams.values_list("pk", flat=True))
        return Principal(name, user.pk, str(user.role), user.organisation_id, teams, user.duty_manager)

    cast = ["finn", "ben", "cath", "dev", "ela", "gus", "ada", "fay", "kit", "nia", "mona", "otis"]
    found = [person(name, getattr(world, name)) for name in cast]
    found += [
        Principal("link", world.referral.pk, "link", world.harbour.pk),
        Principal("other link", world.other_referral.pk, "link", world.anchor.pk),
        # Numbers of records and numbers of people are different things, even where they are equal.
        Principal("link with Ben's number", world.ben.pk, "link", world.harbour.pk),
        Principal("partner without a name", 0, "partner", world.anchor.pk),
        Principal("unknown role", world.ben.pk, "volunteer", world.ben.organisation_id, frozenset([world.team.pk])),
        Principal("job", 0, "system", 0),
        Principal("nobody", None, None, None),
    ]
    return {p.name: p for p in found}


def read_policies() -> list[Policy]:
    """Every policy, as the database has it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename, policyname, cmd, qual, with_check FROM pg_policies "
            "WHERE schemaname = 'public' ORDER BY tablename, policyname"
        )
        return [Policy(*row) for row in cursor.fetchall()]


def tables_with_people() -> dict[str, str]:
    """Tables of our rooms that hold people: of models with PERSONAL fields or a door, and their histories, by model."""
    found = {}
    for model in apps.get_models():
        door = hasattr(model._default_manager.get_queryset(), "visible_to")
        table = model._meta.db_table
        if door or getattr(model, "PERSONAL", ()) or table.endswith("history"):
            found[table] = model._meta.label
    return found


@contextmanager
def as_owner() -> Iterator[None]:
    """Behind the policies, as the owner of the tables."""
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SET ROLE cs_app")


@contextmanager
def undone() -> Iterator[None]:
    """A savepoint that is rolled back."""
    mark = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(mark)
        transaction.savepoint_commit(mark)
