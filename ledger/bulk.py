"""Rows in bulk: COPY as the owner, for the demonstration borough and for whole imports. No triggers' work is done for you."""

import io
import json
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db import connection

PIECE = 1 << 18
"""So many bytes go to the database at a time: psycopg2 takes 8 kB by itself, and each piece costs."""
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def copy_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Append rows to a table in the open transaction. Returns how many."""
    lines = ["\t".join(map(as_text, row)) for row in rows]
    if lines:
        copy_lines(table, columns, lines)
    return len(lines)


def copy_lines(table: str, columns: Sequence[str], lines: list[str]) -> None:
    """Append rows that are written as COPY reads them already."""
    names = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        written = io.BytesIO(("\n".join(lines) + "\n").encode())
        cursor.copy_expert(f'COPY "{table}" ({names}) FROM STDIN', written, PIECE)


def continue_keys(table: str, key: str = "id") -> None:
    """Let the table's own numbering go on after its highest key."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT setval(pg_get_serial_sequence(%s, %s), highest) FROM (SELECT max({key}) AS highest FROM {table}) rows"
            " WHERE highest IS NOT NULL",
            [table, key],
        )


def as_text(value: Any) -> str:
    """One value as COPY reads it: a list is an array, a dictionary is JSON."""
    if value is None:
        return "\\N"
    if isinstance(value, str):
        return str(value).translate(_ESCAPES)
    if value is True or value is False:
        return "t" if value else "f"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return json.dumps(value).translate(_ESCAPES)
    if isinstance(value, list):
        return "{" + ",".join(f'"{one}"' for one in value) + "}"
    return str(value)
