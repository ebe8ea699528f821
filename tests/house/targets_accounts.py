"""Records that the access table is tried on: accounts."""

from tests.house.targets import Kwargs
from tests.house.world import MISSING, World


def _user(world: World) -> Kwargs:
    return {"own": {"reference": world.ben.reference}, "missing": {"reference": MISSING}}


def _organisation(world: World) -> Kwargs:
    return {"own": {"reference": world.harbour.reference}, "missing": {"reference": MISSING}}


def _team(world: World) -> Kwargs:
    return {"own": {"reference": world.team.reference}, "missing": {"reference": MISSING}}


TARGETS = {
    "accounts:user": _user,
    "accounts:end_account": _user,
    "accounts:organisation": _organisation,
    "accounts:team": _team,
}
