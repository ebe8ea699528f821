"""The bare insert: the very rows that the saving of one contact wrote, written again by plain SQL in one transaction.

Same tables, same indexes, same constraints and triggers; what the triggers write (history, marks on months) is left to them.
"""

import time
import uuid
from dataclasses import dataclass, field

from psycopg2 import sql
from psycopg2.extensions import cursor as Cursor

from ledger.references import new_reference

KEYED = """
    SELECT c.table_name FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
    WHERE c.table_schema = 'public' AND c.column_name = 'id' AND c.data_type = 'bigint' AND t.table_type = 'BASE TABLE'
      AND c.table_name NOT IN (SELECT relname FROM pg_class WHERE relispartition)
    ORDER BY 1
"""
KEYS = """
    SELECT a.attname, r.relname FROM pg_constraint k
    JOIN pg_class t ON t.oid = k.conrelid JOIN pg_class r ON r.oid = k.confrelid
    JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.conkey[1]
    WHERE k.contype = 'f' AND t.relname = %s
"""
COLUMNS = """
    SELECT column_name, data_type FROM information_schema.columns
    WHERE table_schema = 'public' AND table_name = %s AND is_generated = 'NEVER' ORDER BY ordinal_position
"""
BY_TRIGGERS = ("history", "event", "touchedmonth")
FORMS = "ledger_sentform"


@dataclass
class Sheet:
    """The rows of one table, as text, and which of its columns point at which other table of ours."""

    table: str
    columns: list[str]
    rows: list[list[str | None]]
    points_at: dict[str, str]
    fresh: dict[str, str] = field(default_factory=dict)  # columns that must be new each time: reference or uuid
    ids: list[int] = field(default_factory=list)


def highest(cursor: Cursor) -> dict[str, int]:
    """The highest key of every table that is numbered."""
    cursor.execute(KEYED)
    tables = [name for (name,) in cursor.fetchall() if not name.endswith(BY_TRIGGERS) or name == "ledger_auditevent"]
    found = {}
    for table in tables:
        cursor.execute(sql.SQL("SELECT coalesce(max(id), 0) FROM {}").format(sql.Identifier(table)))
        found[table] = cursor.fetchone()[0]
    return found


def written_since(cursor: Cursor, before: dict[str, int]) -> list[Sheet]:
    """Everything that was inserted since, parents before children."""
    found = []
    for table, last in before.items():
        sheet = _sheet(cursor, table, sql.SQL("id > {}").format(sql.Literal(last)), has_id=True)
        if sheet.rows:
            found.append(sheet)
    form = _sheet(cursor, FORMS, sql.SQL("at = (SELECT max(at) FROM ledger_sentform)"), has_id=False)
    return sorted([*found, form], key=lambda one: _depth(one, {sheet.table: sheet for sheet in found}))


def _depth(sheet: Sheet, all_of: dict[str, Sheet]) -> int:
    parents = [all_of[table] for table in sheet.points_at.values() if table in all_of and table != sheet.table]
    return 1 + max((_depth(one, all_of) for one in parents), default=0)


def _sheet(cursor: Cursor, table: str, where: sql.Composable, *, has_id: bool) -> Sheet:
    cursor.execute(COLUMNS, [table])
    kinds = dict(cursor.fetchall())
    columns = [name for name in kinds if not (has_id and name == "id")]
    wanted = sql.SQL(", ").join(
        sql.SQL("{}::text").format(sql.Identifier(name)) for name in (["id"] * has_id + columns)
    )
    cursor.execute(sql.SQL("SELECT {} FROM {} WHERE {}").format(wanted, sql.Identifier(table), where))
    rows = [list(row) for row in cursor.fetchall()]
    cursor.execute(KEYS, [table])
    sheet = Sheet(table, columns, [row[1:] if has_id else row for row in rows], dict(cursor.fetchall()))
    sheet.ids = [int(row[0]) for row in rows] if has_id else []
    unique = _alone_unique(cursor, table)
    for name in columns:
        if kinds[name] == "uuid":
            sheet.fresh[name] = "uuid"
        elif name == "reference" and name in unique:
            sheet.fresh[name] = "reference"
    return sheet


def _alone_unique(cursor: Cursor, table: str) -> set[str]:
    cursor.execute(
        "SELECT a.attname FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid JOIN pg_attribute a ON a.attrelid = t.oid"
        " AND a.attnum = i.indkey[0] WHERE i.indisunique AND i.indnatts = 1 AND t.relname = %s",
        [table],
    )
    return {name for (name,) in cursor.fetchall()}


def insert_again(cursor: Cursor, sheets: list[Sheet]) -> float:
    """Write the rows once more, with keys of their own. Returns the milliseconds from BEGIN to COMMIT."""
    names = [
        {name: (str(uuid.uuid4()) if kind == "uuid" else new_reference()) for name, kind in sheet.fresh.items()}
        for sheet in sheets
    ]
    new: dict[str, dict[str, str]] = {}
    began = time.perf_counter()
    cursor.execute("BEGIN")
    for sheet, given in zip(sheets, names, strict=True):
        rows = [tuple(_value(sheet, name, value, given, new) for name, value in zip(sheet.columns, row, strict=True))
                for row in sheet.rows]  # fmt: skip
        _insert(cursor, sheet, rows, new)
    cursor.execute("COMMIT")
    return (time.perf_counter() - began) * 1000


def _value(
    sheet: Sheet, name: str, value: str | None, given: dict[str, str], new: dict[str, dict[str, str]]
) -> str | None:
    if value is None:
        return None
    if name in given and len(sheet.rows) == 1:
        return given[name]
    if name in sheet.fresh:
        return str(uuid.uuid4()) if sheet.fresh[name] == "uuid" else new_reference()
    return new.get(sheet.points_at.get(name, ""), {}).get(value, value)


def _insert(cursor: Cursor, sheet: Sheet, rows: list[tuple[str | None, ...]], new: dict[str, dict[str, str]]) -> None:
    columns = ", ".join(f'"{name}"' for name in sheet.columns)
    row = "(" + ", ".join(["%s"] * len(sheet.columns)) + ")"
    back = " RETURNING id" if sheet.ids else ""
    statement = f'INSERT INTO "{sheet.table}" ({columns}) VALUES ' + ", ".join([row] * len(rows)) + back
    cursor.execute(statement, [value for one in rows for value in one])
    if sheet.ids:
        fresh = [str(key) for (key,) in cursor.fetchall()]
        new[sheet.table] = dict(zip(map(str, sheet.ids), fresh, strict=True))


def told(sheets: list[Sheet]) -> str:
    """Which rows are written, in words."""
    return ", ".join(f"{len(sheet.rows)} {sheet.table}" for sheet in sheets)
