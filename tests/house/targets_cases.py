"""Records that the access table is tried on: cases. Ben leads his own, Cath hers in another team, Lin a restricted one in Ben's team."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from accounts.models import Role, User
from cases.models import Case, CaseAgency, CasePerson, IncomeGain, Note, Placement, PlanAction, PlanNeed
from tests import make
from tests.make import NOON, TODAY

NOBODY = {"reference": "CS-2222-22C"}
Kwargs = dict[str, dict[str, Any]]


def _lin() -> User:
    found = User.objects.filter(email="lin.chow@example.org").first()
    return found or make.user("Lin Chow", Role.CASEWORKER, teams=[make.team()])


def _cases(world: Any) -> dict[str, Case]:
    lin = _lin()
    hidden = make.restricted_resident(named=[lin])
    return {
        "own": make.case(lead=world.ben),
        "other": make.case(lead=world.cath),
        "restricted": make.case(lead=lin, household=make.household(hidden), restricted=True),
    }


def _case(world: Any) -> Kwargs:
    found = {name: {"reference": case.reference} for name, case in _cases(world).items()}
    return {**found, "missing": NOBODY}


def _closed(world: Any) -> Kwargs:
    found = _cases(world)
    for case in found.values():
        Case.objects.filter(pk=case.pk).update(
            status="closed", closed_at=NOON, closure_reason=make.outcomes_met(), check_on=TODAY + timedelta(days=184)
        )
    return {**{name: {"reference": case.reference} for name, case in found.items()}, "missing": NOBODY}


def _need(case: Case) -> PlanNeed:
    return PlanNeed.objects.create(case=case, need=make.need(), goal="Rent paid", baseline=2, latest=2, added_at=NOON)


def _action(case: Case) -> PlanAction:
    return PlanAction.objects.create(
        case=case, plan_need=_need(case), what="Ring the landlord", owner=case.lead, due_on=TODAY, added_at=NOON
    )


def _note(case: Case) -> Note:
    return Note.objects.create(
        case=case, kind=Note.Kind.CALL, text="Rang", happened_at=NOON, written_at=NOON, by=case.lead
    )


def _placement(case: Case) -> Placement:
    return Placement.objects.create(
        case=case, household=case.household, kind=Placement.Kind.HOSTEL, starts_on=TODAY, recorded_at=NOON
    )


def _gain(case: Case) -> IncomeGain:
    return IncomeGain.objects.create(
        resident=case.members.get().resident,
        case=case,
        kind=IncomeGain.Kind.PIP,
        weekly_after_pence=100,
        value_pence=5200,
        claimed_on=TODAY,
        recorded_at=NOON,
    )


def _agency(case: Case) -> CaseAgency:
    return CaseAgency.objects.create(case=case, organisation=make.organisation(), part="Food", since=TODAY)


def _person(case: Case) -> CasePerson:
    friend = make.user(f"Friend {case.pk}", Role.CASEWORKER)
    return CasePerson.objects.create(case=case, user=friend, reason="Money advice", since=TODAY)


def _of_case(build: Callable[[Case], Any], *, by_number: bool = False) -> Callable[[Any], Kwargs]:
    def targets(world: Any) -> Kwargs:
        rows = {name: build(case) for name, case in _cases(world).items()}
        if by_number:
            return {**{name: {"number": row.pk} for name, row in rows.items()}, "missing": {"number": 0}}
        return {**{name: {"reference": row.reference} for name, row in rows.items()}, "missing": NOBODY}

    return targets


def _decision(world: Any) -> Kwargs:
    def waiting(person: Any) -> dict[str, Any]:
        return {"reference": make.decision(make.contact(person), household=make.household(person)).reference}

    return {"own": waiting(make.resident()), "restricted": waiting(make.restricted_resident()), "missing": NOBODY}


OF_CASE = (
    "case", "plan", "people", "notes", "story", "reviews", "housing", "money", "add_need", "add_member", "add_agency",
    "name_person", "step_up", "step_down", "reallocate", "close",
)  # fmt: skip
OF_NEED = ("need", "progress", "close_need", "reopen_need", "add_action")
OF_ACTION = ("action", "finish_action", "drop_action", "reopen_action")
TARGETS: dict[str, Callable[[Any], Kwargs]] = {
    "cases:allocate_one": _decision,
    "cases:check": _closed,
    "cases:addendum": _of_case(_note),
    "cases:end_member": _of_case(lambda case: case.members.get(), by_number=True),
    "cases:end_agency": _of_case(_agency, by_number=True),
    "cases:end_person": _of_case(_person, by_number=True),
    **{f"cases:{page}": _case for page in OF_CASE},
    **{f"cases:{page}": _of_case(_need) for page in OF_NEED},
    **{f"cases:{page}": _of_case(_action) for page in OF_ACTION},
    **{f"cases:{page}": _of_case(_placement) for page in ("move_placement", "end_placement")},
    **{f"cases:{page}": _of_case(_gain) for page in ("gain", "refuse_gain")},
}
