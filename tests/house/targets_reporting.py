"""Records that the access table is tried on: reporting. A measure belongs to nobody, so there is no other or restricted one."""

from typing import Any


def _measure(world: Any) -> dict[str, dict]:
    return {"own": {"key": "contacts"}, "missing": {"key": "no-such-measure"}}


TARGETS = {"reporting:measure": _measure, "reporting:measure_csv": _measure}
