"""The database backend: each transaction begins with the signed acting context, LOCAL to it; a connection keeps statements."""

import hashlib
import re
import select
import time
from collections import OrderedDict
from functools import lru_cache
from itertools import count
from typing import Any

from django.db.backends.postgresql import base

from ledger import acting

TRUSTED_SECONDS = 60.0
MOST_KEPT = 256


class DatabaseWrapper(base.DatabaseWrapper):
    """PostgreSQL, with one extra statement a transaction."""

    _kept: OrderedDict[str, None]
    _checked_at = 0.0

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        self._kept = OrderedDict()
        return super().get_new_connection(conn_params)

    def _set_autocommit(self, autocommit: bool) -> None:
        super()._set_autocommit(autocommit)
        if not autocommit and (who := acting.current()):
            with self.connection.cursor() as cursor:
                cursor.execute("SELECT set_config('cs.acting', %s, true)", [who.token()])

    def close_if_health_check_failed(self) -> None:
        """Ask the server before a request only where the line was idle for long, or something came on it.

        A server that stops says so on the line; one that went without a word is found after a minute's silence.
        """
        if self.health_check_enabled and not self.health_check_done and self.connection is not None:
            now, before = time.monotonic(), self._checked_at
            self._checked_at = now
            self.health_check_done = now - before < TRUSTED_SECONDS and _is_quiet(self.connection)
        super().close_if_health_check_failed()

    def kept(self, statement: str, kind: str = "kept") -> str:
        """The name under which this connection keeps a statement and its plan; `%s` stands where its values go.

        Of many it forgets the one that nobody has asked for the longest.
        """
        name, worded = _named(statement, kind)
        self.ensure_connection()
        if name not in self._kept:
            with self.connection.cursor() as cursor:
                if len(self._kept) >= MOST_KEPT:
                    cursor.execute(f"DEALLOCATE {self._kept.popitem(last=False)[0]}")
                cursor.execute(f"PREPARE {name} AS {worded}")
            self._kept[name] = None
        self._kept.move_to_end(name)
        return name


def _is_quiet(line: Any) -> bool:
    """Whether a connection is open and nothing has come on it since the last answer."""
    if line.closed:
        return False
    watch = select.poll()
    watch.register(line.fileno(), select.POLLIN)
    return not watch.poll(0)


@lru_cache(maxsize=512)
def _named(statement: str, kind: str) -> tuple[str, str]:
    """A name for a statement, and its wording for PREPARE: $1, $2 … in the places of its values."""
    numbers = count(1)
    worded = re.sub("%[s%]", lambda found: "%" if found[0] == "%%" else f"${next(numbers)}", statement)
    return f"{kind}_{hashlib.sha256(statement.encode()).hexdigest()[:20]}", worded
