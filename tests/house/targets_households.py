"""Records that the pages about households, relationships and people who matter elsewhere are tried on."""

from typing import Any

from tests.house.world import MISSING, MISSING_NUMBER


def _home(world: Any) -> dict[str, dict]:
    homes = {"own": world.home, "other": world.other_home, "restricted": world.hidden_home}
    return {name: {"reference": home.reference} for name, home in homes.items()} | {"missing": {"reference": MISSING}}


def _person(world: Any) -> dict[str, dict]:
    people = {"own": world.amina, "restricted": world.rosa}
    return {name: {"reference": one.reference} for name, one in people.items()} | {"missing": {"reference": MISSING}}


def _row(name: str) -> Any:
    """A row of a person: the one that is theirs, one of a restricted person, and a number that is nobody's."""

    def targets(world: Any) -> dict[str, dict]:
        own, hidden = getattr(world, name), getattr(world, f"restricted_{name}")
        return {
            "own": {"reference": world.amina.reference, "number": own.pk},
            "restricted": {"reference": world.rosa.reference, "number": hidden.pk},
            "missing": {"reference": world.amina.reference, "number": MISSING_NUMBER},
        }

    return targets


TARGETS = {
    **{
        f"residents:{page}": _home
        for page in ("household_page", "separate_household", "undo_separation", "unite_households", "undo_unite")
    },
    **{f"residents:{page}": _person for page in ("relationships", "add_relationship", "add_person_who_matters")},
    **{f"residents:{page}": _row("tie") for page in ("correct_relationship", "end_relationship")},
    **{f"residents:{page}": _row("matters") for page in ("change_person_who_matters", "end_person_who_matters")},
}
