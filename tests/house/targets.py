"""Which records each page of the access table is tried on: what the rooms say in `targets_<room>.py`, put together.

Each says `TARGETS = {"cases:case": function}`, where function(world) gives the keywords of the address for each target:
`{"own": {...}, "other": {...}, "restricted": {...}, "missing": {...}}`. The World has the records to choose from; `by_reference` and
`by_number` write the usual four.
"""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from tests.house.world import MISSING, MISSING_NUMBER, World

Kwargs = dict[str, dict[str, object]]
Target = Callable[[World], Kwargs]


def by_reference(record: str, *, without: tuple[str, ...] = (), name: str = "reference") -> Target:
    """Targets by reference: `by_reference("case")` tries world.case, world.other_case, world.restricted_case and none."""

    def targets(world: World) -> Kwargs:
        found = {
            target: {name: getattr(world, prefix + record).reference}
            for target, prefix in (("own", ""), ("other", "other_"), ("restricted", "restricted_"))
            if target not in without
        }
        return found | {"missing": {name: MISSING}}

    return targets


def by_number(record: str, *, without: tuple[str, ...] = (), of: str = "", name: str = "number") -> Target:
    """Targets by number; `of` names the record whose reference stands before it in the address."""

    def targets(world: World) -> Kwargs:
        found: Kwargs = {}
        for target, prefix in (("own", ""), ("other", "other_"), ("restricted", "restricted_")):
            if target not in without:
                found[target] = {name: getattr(world, prefix + record).pk}
                if of:
                    found[target]["reference"] = getattr(world, prefix + of).reference
        found["missing"] = {name: MISSING_NUMBER} | ({"reference": getattr(world, of).reference} if of else {})
        return found

    return targets


def all_targets() -> dict[str, Target]:
    """What every room says, merged. Two rooms may not speak for one page."""
    merged: dict[str, Target] = {}
    for path in sorted(Path(__file__).parent.glob("targets_*.py")):
        said = import_module(f"tests.house.{path.stem}").TARGETS
        if twice := merged.keys() & said.keys():
            raise ValueError(f"{path.name} speaks for pages that another file has spoken for: {sorted(twice)}")
        merged |= said
    return merged
