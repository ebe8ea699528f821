"""Records that the access table is tried on: the desk."""

from tests.house.targets import Kwargs
from tests.house.world import World


def _topic(world: World) -> Kwargs:
    return {"own": {"topic": "triage"}, "missing": {"topic": "nothing"}}


TARGETS = {"desk:help_topic": _topic}
