"""Records for the pages of warnings, places and restricted records."""

from typing import Any

from residents.models import Address, Resident, ResidentAddress, Restriction, Warning
from tests import make
from tests.house.targets_residents import MISSING, _with


def _proposal(one: Resident, world: Any) -> int:
    return Warning.objects.create(resident=one, kind="self", text="x", added_at=make.NOON, review_on=make.TODAY).pk


def _place(one: Resident, world: Any) -> int:
    home = Address.objects.create(lines=f"{one.pk} Try Street", postcode="IG11 7XX")
    return ResidentAddress.objects.create(resident=one, address=home, since=make.TODAY).pk


def _kept(world: Any) -> dict[str, dict]:
    """A record that Dev is named for, and one that nobody of the cast is."""
    found = {"own": make.restricted_resident(named=[world.dev]), "restricted": make.restricted_resident()}
    for one in found.values():
        Restriction.objects.create(resident=one, reason="x", since=make.NOON, review_on=make.TODAY)
    return {**{name: {"reference": one.reference} for name, one in found.items()}, "missing": MISSING}


TARGETS = {
    "residents:keep_restriction": _kept,
    "residents:answer_warning": _with(_proposal),
    "residents:correct_address": _with(_place),
    "residents:end_address": _with(_place),
    "residents:others_at_address": _with(_place),
}
