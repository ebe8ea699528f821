"""Records that the access table is tried on: the directory."""

from typing import Any

from directory.models import FeedRun, Service
from tests import make

MISSING = {"reference": "CS-2222-22C"}


def _service(world: Any) -> dict[str, dict]:
    found = Service.objects.create(organisation=make.organisation(), name="Hot meals")
    return {"own": {"reference": found.reference}, "missing": MISSING}


def _run(world: Any) -> dict[str, dict]:
    run = FeedRun.objects.create(feed="borough", source="borough", started_at=make.NOON)
    return {"own": {"reference": run.reference}, "missing": MISSING}


TARGETS = {"directory:service": _service, "directory:referable": _service, "directory:feed": _run}
