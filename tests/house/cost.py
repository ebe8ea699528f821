"""What a page costs: statements, kilobytes, shared buffers of its questions, and large tables read from end to end."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction
from django.http import HttpResponse

LARGE_TABLE = 10_000
Sizes = dict[str, tuple[str, int]]
_ASKED = ("SELECT", "WITH", "EXECUTE ASKED_")
_WHOLE = ("seqscan", "bitmapscan", "hashjoin", "mergejoin")
_PLAN = {
    "large": "; ".join(f"SET LOCAL enable_{way} = off" for way in _WHOLE)
    + "; SET LOCAL seq_page_cost = 1000; SET LOCAL plan_cache_mode = force_custom_plan",
    "as it is": "; ".join(f"SET LOCAL enable_{way} = on" for way in _WHOLE)
    + "; SET LOCAL seq_page_cost TO DEFAULT; SET LOCAL plan_cache_mode TO DEFAULT",
}
_SIZES = """
    SELECT c.relname, coalesce(p.relname, c.relname), c.reltuples FROM pg_class c
    LEFT JOIN pg_inherits i ON i.inhrelid = c.oid LEFT JOIN pg_class p ON p.oid = i.inhparent
    WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
"""


@dataclass
class Cost:
    """One answer and what it took."""

    status: int = 0
    size: int = 0  # bytes
    statements: list[str] = field(default_factory=list)
    blocks: int = 0
    scanned: set[str] = field(default_factory=set)

    @property
    def queries(self) -> int:
        """Statements that Django sent: session and user, the trail and savepoints included."""
        return len(self.statements)


def cost_of(ask: Callable[[], HttpResponse], *, sizes: Sizes, by_index: bool = False) -> Cost:
    """Ask, and have the database explain each question as the same person in the same transaction.

    `by_index` plans as for a large table, where the tables are so small that to read one whole is the cheapest: each row is
    looked up by an index. What that takes is what the same page may take in a borough of any size.
    """
    cost = Cost()
    with connection.execute_wrapper(_explainer(cost, sizes, by_index)):
        response = ask()
        body = b"".join(response.streaming_content) if response.streaming else response.content
    cost.status, cost.size = response.status_code, len(body)
    return cost


def _explainer(cost: Cost, sizes: Sizes, by_index: bool) -> Any:
    def explain(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        result = execute(sql, params, many, context)
        cost.statements.append(sql)
        if sql.lstrip("( \n").upper().startswith(_ASKED):
            # A connection of Django's own would be counted and explained again: this is the driver's.
            with _one_transaction(), connection.connection.cursor() as cursor:
                if by_index:
                    cursor.execute(_PLAN["large"])
                    cursor.execute("DISCARD PLANS")  # functions keep theirs
                cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) {sql}", params)
                plan = cursor.fetchone()[0]
                if by_index:
                    cursor.execute(_PLAN["as it is"])
            plan = (json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]
            cost.blocks += plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
            cost.scanned |= read_through(plan, sizes)
        return result

    return explain


@contextmanager
def _one_transaction() -> Iterator[None]:
    """The open one, or one of its own: questions before the view have none."""
    if connection.in_atomic_block:
        yield
    else:
        with transaction.atomic():
            yield


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A plan and everything below it."""
    yield plan
    for below in plan.get("Plans", ()):
        yield from nodes(below)


def table_sizes() -> Sizes:
    """Each table: the one that it is a part of (or itself), and its rows."""
    with connection.cursor() as cursor:
        cursor.execute(_SIZES)
        return {name: (whole, max(int(rows), 0)) for name, whole, rows in cursor.fetchall()}


def read_through(plan: dict[str, Any], sizes: Sizes) -> set[str]:
    """Tables of which a plan reads more than 10,000 rows from end to end; parts of a table kept by month count together."""
    rows: dict[str, int] = {}
    for part in {one["Relation Name"] for one in nodes(plan) if one["Node Type"] == "Seq Scan"} & sizes.keys():
        whole, size = sizes[part]
        rows[whole] = rows.get(whole, 0) + size
    return {whole for whole, size in rows.items() if size > LARGE_TABLE}
