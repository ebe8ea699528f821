"""Tables without indexes, keys and triggers while millions of rows are copied into them, and everything as it was after.

Only for a database that nobody uses meanwhile: the demonstration borough, the first load of a new council.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import connection, transaction

MEMORY = "512MB"
_CONSTRAINTS = """
    SELECT conname, conrelid::regclass::text, contype, pg_get_constraintdef(oid)
    FROM pg_constraint
    WHERE conparentid = 0 AND (conrelid = ANY(%(tables)s::regclass[]) AND contype IN ('p', 'u', 'x', 'f')
       OR confrelid = ANY(%(tables)s::regclass[]) AND contype = 'f')
    ORDER BY contype = 'f' DESC, conrelid::regclass::text, conname
"""
_INDEXES = """
    SELECT indexrelid::regclass::text, indrelid::regclass::text, pg_get_indexdef(indexrelid)
    FROM pg_index
    WHERE indrelid = ANY(%(tables)s::regclass[]) AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid)
    ORDER BY 2, 1
"""
_KEYS_OF_PARTS = """
    SELECT conname, conrelid::regclass::text, pg_get_constraintdef(oid)
    FROM pg_constraint WHERE contype IN ('p', 'u', 'x') AND conrelid = ANY(%(tables)s::regclass[])
    ORDER BY conrelid::regclass::text, conname
"""
# A table that is not kept in parts has no tree: it is a leaf by itself.
_LEAVES = """
    SELECT coalesce(relid::regclass, whole)::text FROM unnest(%(tables)s::regclass[]) whole
    LEFT JOIN LATERAL pg_partition_tree(whole) ON true WHERE isleaf IS NOT FALSE ORDER BY 1
"""
_CATALOGUE = """
    SELECT 'constraint', conrelid::regclass::text, conname, contype::text || ' ' || pg_get_constraintdef(oid), convalidated::text
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND conrelid <> 0
    UNION ALL
    SELECT 'index', indrelid::regclass::text, indexrelid::regclass::text, pg_get_indexdef(indexrelid),
           concat(indisvalid, indisready, indisprimary, indisunique, indisclustered, indisreplident,
                  ' of ' || (SELECT inhparent::regclass FROM pg_inherits WHERE inhrelid = indexrelid))
    FROM pg_index JOIN pg_class ON pg_class.oid = indrelid WHERE relnamespace = 'public'::regnamespace
    UNION ALL
    SELECT 'trigger', tgrelid::regclass::text, tgname, pg_get_triggerdef(pg_trigger.oid), tgenabled::text
    FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid WHERE relnamespace = 'public'::regnamespace AND NOT tgisinternal
    UNION ALL
    SELECT 'options', oid::regclass::text, '', array_to_string(reloptions, ' '), '' FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND reloptions IS NOT NULL
    UNION ALL
    SELECT 'column', attrelid::regclass::text, attname, format_type(atttypid, atttypmod), attnotnull::text || attidentity::text
    FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND attnum > 0
    ORDER BY 1, 2, 3
"""


@dataclass
class Bare:
    """What was taken off: by table what to build again, then what to declare, check and switch on.

    A table in parts is built part by part, so that all processes have their share; `whole` then only joins the parts.
    """

    tables: list[str]
    build: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    whole: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    declare: list[str] = field(default_factory=list)
    check: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    before: list[tuple] = field(default_factory=list)
    leaves: list[str] = field(default_factory=list)


@transaction.atomic
def make_bare(tables: Iterable[str]) -> Bare:
    """Take indexes, keys and foreign keys off the tables and switch their triggers off. Runs as their owner."""
    bare = Bare(list(tables), before=catalogue())
    with connection.cursor() as cursor:
        cursor.execute(_LEAVES, {"tables": bare.tables})
        bare.leaves = [name for (name,) in cursor.fetchall()]
        parts = sorted(set(bare.leaves) - set(bare.tables))
        cursor.execute(_KEYS_OF_PARTS, {"tables": parts})
        for name, part, definition in cursor.fetchall():
            bare.build[part].append(f'ALTER TABLE {part} ADD CONSTRAINT "{name}" {definition}')
        cursor.execute(_INDEXES, {"tables": parts})
        for _, part, definition in cursor.fetchall():
            if not _stays(definition):
                bare.build[part].append(definition)
        cursor.execute(_CONSTRAINTS, {"tables": bare.tables})
        constraints = cursor.fetchall()
        cursor.execute(_INDEXES, {"tables": bare.tables})
        indexes = cursor.fetchall()
        in_parts = set(bare.tables) - set(bare.leaves)
        for name, table, kind, definition in constraints:
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
            if kind == "f":
                bare.declare.append(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition} NOT VALID')
                bare.check[table].append(f'ALTER TABLE {table} VALIDATE CONSTRAINT "{name}"')
            else:
                again = bare.whole if table in in_parts else bare.build
                again[table].append(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')
        for name, table, definition in indexes:
            if _stays(definition):
                continue
            cursor.execute(f"DROP INDEX {name}")
            again = bare.whole if table in in_parts else bare.build
            again[table].append(
                definition.replace(" ON ONLY ", " ON ", 1)
            )  # so that it takes the index of each part in
        for table in bare.tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        # Nobody tidies up behind the copying, a minute's worth at a time: that is for the end.
        for leaf in bare.leaves:
            cursor.execute(f"ALTER TABLE {leaf} SET (autovacuum_enabled = false)")
    return bare


def run(statements: Iterable[str]) -> None:
    """Run statements one after the other, with memory for sorting, each for itself."""
    with connection.cursor() as cursor:
        for what in ("maintenance_work_mem", "work_mem"):
            cursor.execute("SELECT set_config(%s, %s, false)", [what, MEMORY])
        cursor.execute("SET max_parallel_maintenance_workers = 0")
        for statement in statements:
            cursor.execute(statement)


def declare(bare: Bare) -> None:
    """Between building and checking: parts are joined, foreign keys hold for what is written from now on, triggers fire again."""
    for statements in bare.whole.values():
        run(statements)
    run(bare.declare)
    run(f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in bare.tables)
    run(f"ALTER TABLE {leaf} RESET (autovacuum_enabled)" for leaf in bare.leaves)


def _stays(definition: str) -> bool:
    """PostgreSQL words such a condition otherwise when it reads its own words: the index stays, it is small."""
    return "(ARRAY[" in definition


def is_as_before(bare: Bare) -> list[str]:
    """What is not as it was, in words; nothing where all is well."""
    before, now = set(bare.before), set(catalogue())
    lost = [f"lost: {kind} {name} of {table}" for kind, table, name, *_ in sorted(before - now, key=str)]
    return lost + [f"new or other: {kind} {name} of {table}" for kind, table, name, *_ in sorted(now - before, key=str)]


def catalogue() -> list[tuple]:
    """Every column, constraint, index and trigger of the database as it is described."""
    with connection.cursor() as cursor:
        cursor.execute(_CATALOGUE)
        return cursor.fetchall()
