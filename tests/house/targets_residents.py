"""Records that the access table is tried on: a person, one whom none of the cast is named for, and what belongs to them."""

from typing import Any

from accounts.models import Role
from residents.models import (
    AccessGrant,
    EmailAddress,
    Household,
    LikelyPair,
    Merge,
    MergedRow,
    Phone,
    Resident,
    Warning,
)
from tests import make

MISSING = {"reference": "CS-2222-22C"}


def people() -> dict[str, Resident]:
    """One whom all staff may open, and one whom none of the cast may."""
    return {"own": make.resident(), "restricted": make.restricted_resident()}


def _resident(world: Any) -> dict[str, dict]:
    return {**{name: {"reference": one.reference} for name, one in people().items()}, "missing": MISSING}


def _with(build: Any, keyword: str = "number") -> Any:
    """Each person with one row of theirs in the address."""

    def targets(world: Any) -> dict[str, dict]:
        found = {name: {"reference": one.reference, keyword: build(one, world)} for name, one in people().items()}
        return {**found, "missing": {**MISSING, keyword: MISSING["reference"] if keyword == "agreement" else 1}}

    return targets


def _phone(one: Resident, world: Any) -> int:
    return Phone.objects.create(resident=one, number="+447700900123", since=make.TODAY).pk


def _email(one: Resident, world: Any) -> int:
    return EmailAddress.objects.create(resident=one, address="a@example.org", since=make.TODAY).pk


def _membership(one: Resident, world: Any) -> int:
    home: Household = make.household(one)
    return home.memberships.get().pk


def _warning(one: Resident, world: Any) -> int:
    return Warning.objects.create(
        resident=one, kind="staff", text="x", added_at=make.NOON, review_on=make.TODAY, status="agreed"
    ).pk


def _grant(one: Resident, world: Any) -> int:
    somebody = make.user(f"Named {one.pk}", Role.MANAGER)
    return AccessGrant.objects.create(resident=one, user=somebody, reason="Named", since=make.NOON).pk


def _pair(world: Any) -> dict[str, dict]:
    """Two records of whom one may be restricted."""
    beside = make.resident("Amina Okafer")
    found = {
        name: {
            "number": LikelyPair.objects.create(
                one=beside, other=one, per_mille=700, levels="given:same", weights="1"
            ).pk
        }
        for name, one in people().items()
    }
    return {**found, "missing": {"number": 999_999_999}}


def _agreement(one: Resident, world: Any) -> str:
    return make.agreement(one, make.organisation()).reference


def _two(world: Any) -> dict[str, dict]:
    """A person, and a second record: one that all staff may open, one that none of the cast may."""
    own = make.resident().reference
    seconds = {"own": make.resident(), "restricted": make.restricted_resident()}
    found = {name: {"reference": own, "other": second.reference} for name, second in seconds.items()}
    return {**found, "missing": {"reference": own, "other": MISSING["reference"]}}


def _merges(world: Any) -> dict[str, dict]:
    """A merge into a person of each kind."""
    found = {}
    for name, one in people().items():
        former = make.restricted_resident("Amina Okafor")
        Resident.objects.filter(pk=former.pk).update(merged_into=one)
        merge = Merge.objects.create(
            survivor=one, other=former, stands_in=one, was_restricted=one.restricted, why="Same passport", at=make.NOON
        )
        row = {"model": Resident._meta.label, "row": former.pk}
        before, after = {"merged_into_id": None, "restricted": False}, {"merged_into_id": one.pk, "restricted": True}
        MergedRow.objects.create(merge=merge, before=before, after=after, **row)
        found[name] = {"reference": one.reference, "merge": merge.reference}
    return {**found, "missing": {**MISSING, "merge": MISSING["reference"]}}


TARGETS = {
    **{
        f"residents:{page}": _resident
        for page in (
            "resident", "details", "add_phone", "add_email", "address", "no_fixed_abode", "care_of", "household", "start_household",
            "warnings", "add_warning", "restriction", "lift_restriction", "agreements", "record_agreement", "merge",
        )
    },
    "residents:merge_with": _two,
    "residents:undo_merge": _merges,
    "residents:change_phone": _with(_phone),
    "residents:end_phone": _with(_phone),
    "residents:change_email": _with(_email),
    "residents:end_email": _with(_email),
    "residents:leave_household": _with(_membership),
    "residents:review_warning": _with(_warning),
    "residents:end_warning": _with(_warning),
    "residents:pair": _pair,
    "residents:end_access": _with(_grant),
    "residents:withdraw_agreement": _with(_agreement, "agreement"),
}  # fmt: skip
