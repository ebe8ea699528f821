"""Opening, joining, passing on, stepping and closing a case: who may, what it leaves behind, and what is refused in words."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from accounts.models import Role
from cases import actions
from cases.models import Case, ClosureReason
from intake.models import Need
from ledger.acting import acting_as
from ledger.models import AuditEvent
from ledger.moves import InvalidMove
from residents.models import AccessGrant, ChronologyEntry, Involvement
from tests import make
from tests.make import NOON, TODAY
from triage.models import Decision
from triage.tiers import Tier

LATER = NOON + timedelta(days=10)
DONE = {"summary": "Arrears cleared.", "resident_view": "We can breathe again."}


def reason(code: str, *, needs_manager: bool = False) -> ClosureReason:
    return ClosureReason.objects.get_or_create(
        code=code,
        defaults={"label": code.replace("_", " ").capitalize(), "needs_manager": needs_manager, "since": TODAY},
    )[0]


def decided(*members, tier=Tier.SUPPORT, **fields) -> Decision:
    home = make.household(*members)
    person = home.memberships.first().resident
    return make.decision(make.contact(person), household=home, tier=tier, **fields)


def test_a_manager_opens_a_case_for_the_household_that_is_there(ben, dev):
    amina, joy = make.resident(), make.resident("Joy Okafor", born_on=None)
    decision = decided(amina, joy)
    with acting_as(dev):
        case = actions.open_case(decision, lead=ben, team=make.team(), by=dev, at=NOON)
    assert (case.lead, case.tier, case.status) == (ben, Tier.SUPPORT, "open")
    assert case.review_due_on == TODAY + timedelta(days=42)
    assert {m.resident for m in case.members.all()} == {amina, joy}
    told = ChronologyEntry.objects.filter(reference=case.reference)
    assert {entry.resident for entry in told} == {amina, joy} and len({entry.event for entry in told}) == 1
    assert told[0].heading == "Case opened at Support, led by Ben Osei"
    assert {i.resident for i in Involvement.objects.filter(reference=case.reference, user=ben, until=None)} == {
        amina,
        joy,
    }
    assert not Decision.objects.awaiting_allocation().exists()


def test_what_another_team_leads_waits_for_nobody(cath, dev):
    homes = make.team("Homes and money")
    wendy = make.user("Wendy Okoro", Role.MANAGER, teams=[homes])
    decision = decided()
    with acting_as(wendy):
        actions.open_case(decision, lead=cath, team=homes, by=wendy, at=NOON)
    with acting_as(dev):
        assert not Case.objects.exists()  # he may not see it, and it must not look as if it were not there
        assert not Decision.objects.awaiting_allocation().exists()


def test_the_trail_says_who_opened_it_and_about_whom(ben, dev, as_owner):
    decision = decided()
    case = actions.open_case(decision, lead=ben, team=make.team(), by=dev, at=NOON)
    with as_owner():
        entry = AuditEvent.objects.get(verb="open_case")
    assert (entry.person_id, entry.reference, entry.about) == (dev.pk, case.reference, case.about())


@pytest.mark.parametrize("who", ["ben", "finn"])
def test_only_a_manager_allocates(request, ben, who):
    with pytest.raises(ValidationError, match="Only a manager"):
        actions.open_case(decided(), lead=ben, team=make.team(), by=request.getfixturevalue(who), at=NOON)


def test_a_manager_allocates_in_their_own_teams_to_people_of_the_team(ben, cath, dev):
    with pytest.raises(ValidationError, match="caseworker or manager of Family help"):
        actions.open_case(decided(), lead=cath, team=make.team(), by=dev, at=NOON)
    with pytest.raises(ValidationError, match="your own teams"):
        actions.open_case(decided(), lead=cath, team=make.team("Homes and money"), by=dev, at=NOON)


def test_a_decision_opens_one_case_and_a_household_has_one(ben, dev):
    decision = decided()
    case = actions.open_case(decision, lead=ben, team=make.team(), by=dev, at=NOON)
    with pytest.raises(InvalidMove, match="allocated already"):
        actions.open_case(decision, lead=ben, team=make.team(), by=dev, at=NOON)
    second = make.decision(decision.contact, household=case.household, tier=Tier.INTERVENTION)
    with pytest.raises(ValidationError, match=case.reference):
        actions.open_case(second, lead=ben, team=make.team(), by=dev, at=NOON)
    joined = actions.join_case(second, by=dev, at=NOON)
    assert joined == case and joined.tier == Tier.INTERVENTION and joined.version == 2
    assert not Decision.objects.awaiting_allocation().exists()
    third = make.decision(decision.contact, household=case.household, tier=Tier.SUPPORT)
    assert actions.join_case(third, by=dev, at=NOON).tier == Tier.INTERVENTION


def test_joining_needs_an_open_case(dev):
    with pytest.raises(ValidationError, match="no open case"):
        actions.join_case(decided(), by=dev, at=NOON)


def test_a_decision_without_household_or_below_support_opens_nothing(ben, dev):
    nobody = make.decision(make.contact(None), household=None)
    with pytest.raises(ValidationError, match="no household"):
        actions.open_case(nobody, lead=ben, team=make.team(), by=dev, at=NOON)
    low = decided(tier=Tier.UNIVERSAL, needs_case=True)
    with pytest.raises(ValidationError, match="Support or Intervention"):
        actions.open_case(low, lead=ben, team=make.team(), by=dev, at=NOON)


def test_a_restricted_member_makes_the_case_restricted_and_lets_the_lead_in(ben, dev):
    rosa = make.restricted_resident(named=[dev])
    sam = make.resident("Sam Open")
    decision = decided(rosa, sam)
    with acting_as(dev):
        case = actions.open_case(decision, lead=ben, team=make.team(), by=dev, at=NOON)
    assert case.restricted
    assert AccessGrant.objects.filter(resident=rosa, user=ben, until=None).exists()
    assert not ChronologyEntry.objects.filter(resident=sam).exists(), (
        "an open record must not tell of a restricted case"
    )
    colleague = make.user("Lin Chow", Role.CASEWORKER, teams=[make.team()])
    with acting_as(dev):
        case = actions.reallocate(case, lead=colleague, team=make.team(), reason="Leave", by=dev, at=LATER)
    assert not AccessGrant.objects.filter(resident=rosa, user=ben, until=None).exists()
    assert AccessGrant.objects.filter(resident=rosa, user=colleague, until=None).exists()


def test_a_manager_who_may_not_open_the_household_allocates_nothing(ben, dev):
    decision = decided(make.restricted_resident())
    with pytest.raises(ValidationError, match="cannot open this household"):
        actions.open_case(decision, lead=ben, team=make.team(), by=dev, at=NOON)


def test_a_case_changes_hands_also_to_another_team(ben, cath, dev):
    case = make.case(lead=ben)
    with acting_as(dev):
        case = actions.reallocate(
            case, lead=cath, team=make.team("Homes and money"), reason="Moved ward", by=dev, at=LATER
        )
    assert (case.lead, case.team.name, case.version) == (cath, "Homes and money", 2)
    assert Case.objects.visible_to(cath).filter(pk=case.pk).exists()
    assert not Case.objects.visible_to(dev).filter(pk=case.pk).exists()
    live = Involvement.objects.filter(reference=case.reference, until=None)
    assert [i.user for i in live] == [cath]
    with pytest.raises(ValidationError, match="leads this case already"):
        actions.reallocate(case, lead=cath, team=make.team("Homes and money"), reason="x", by=dev, at=LATER)
    with pytest.raises(ValidationError, match="Only a manager"):
        actions.reallocate(case, lead=ben, team=make.team(), reason="x", by=ben, at=LATER)


def test_a_case_closes_with_a_reason_and_sets_its_check(ben, dev):
    case = actions.open_case(decided(), lead=ben, team=make.team(), by=dev, at=NOON)
    with acting_as(ben):
        case = actions.close_case(case, reason=make.outcomes_met(), **DONE, by=ben, at=LATER)
    assert (case.status, case.closed_by, case.closure_reason.code) == ("closed", ben, "outcomes_met")
    assert case.check_on.isoformat() == "2026-09-14"
    assert not Involvement.objects.filter(reference=case.reference, until=None).exists()
    with pytest.raises(InvalidMove, match="closed"):
        actions.close_case(case, reason=make.outcomes_met(), **DONE, by=ben, at=LATER)


def test_a_case_cannot_close_while_work_remains_and_says_what(ben):
    case = make.case(lead=ben)
    need = actions.add_need(case, need=make.need(), goal="Rent paid", baseline=2, by=ben, at=NOON)
    action = actions.add_action(need, what="Ring the landlord", due_on=TODAY, owner=ben, by=ben, at=NOON)
    stay = actions.start_placement(case, kind="hostel", starts_on=TODAY, by=ben, at=NOON)
    amina = case.members.first().resident
    gain = actions.claim_gain(amina, case=case, kind="pip", weekly_after_pence=7265, claimed_on=TODAY, by=ben, at=NOON)
    with pytest.raises(ValidationError) as refusal:
        actions.close_case(case, reason=make.outcomes_met(), **DONE, by=ben, at=LATER)
    words = " ".join(refusal.value.messages)
    for part in ("1 action is still to do", "1 need is still", "temporary accommodation", "1 income gain"):
        assert part in words
    actions.finish_action(action, by=ben, at=LATER)
    actions.close_need(need, result="met", outcome="Paid", latest=5, by=ben, at=LATER)
    actions.end_placement(stay, on=LATER.date(), because="settled", by=ben, at=LATER)
    actions.refuse_gain(gain, evidence="Letter of 9 March", by=ben, at=LATER)
    assert actions.close_case(case, reason=make.outcomes_met(), **DONE, by=ben, at=LATER).status == "closed"


def test_a_room_above_can_keep_a_case_open(ben, monkeypatch):
    monkeypatch.setattr(actions.checks, "CLOSURE_CHECKS", [lambda case: "1 referral is waiting for an answer"])
    with pytest.raises(ValidationError, match="waiting for an answer"):
        actions.close_case(make.case(lead=ben), reason=make.outcomes_met(), **DONE, by=ben, at=LATER)


def test_some_reasons_need_a_manager(ben, dev):
    lost = reason("disengaged", needs_manager=True)
    with pytest.raises(ValidationError, match="Only a manager"):
        actions.close_case(make.case(lead=ben), reason=lost, summary="No answer", resident_view="", by=ben, at=LATER)
    case = make.case(lead=ben)
    assert (
        actions.close_case(case, reason=lost, summary="No answer", resident_view="", by=dev, at=LATER).status
        == "closed"
    )


def test_closing_asks_for_the_households_view_and_no_time_travel(ben):
    case = make.case(lead=ben)
    with pytest.raises(ValidationError, match="household thinks"):
        actions.close_case(case, reason=make.outcomes_met(), summary="x", resident_view=" ", by=ben, at=LATER)
    with pytest.raises(ValidationError, match="before it opened"):
        actions.close_case(case, reason=make.outcomes_met(), **DONE, by=ben, at=NOON - timedelta(days=1))


@pytest.mark.parametrize("code", ["died", "duplicate"])
def test_nobody_is_checked_after_a_death_or_a_duplicate(dev, ben, code):
    case = make.case(lead=ben)
    closed = actions.close_case(
        case, reason=reason(code, needs_manager=True), summary="x", resident_view="", by=dev, at=LATER
    )
    assert closed.check_on is None
    with pytest.raises(InvalidMove):
        actions.record_check(closed, sustained=True, text="x", by=ben, at=LATER)


@pytest.mark.parametrize("sustained", [True, False, None])
def test_the_check_after_closing_is_made_once(ben, sustained):
    case = make.case(lead=ben)
    with pytest.raises(InvalidMove):
        actions.record_check(case, sustained=True, text="x", by=ben, at=LATER)
    closed = actions.close_case(case, reason=make.outcomes_met(), **DONE, by=ben, at=LATER)
    checked = actions.record_check(
        closed, sustained=sustained, text="Rang them", by=ben, at=LATER + timedelta(days=180)
    )
    assert checked.sustained is sustained and checked.checked_at
    with pytest.raises(InvalidMove, match="already"):
        actions.record_check(checked, sustained=True, text="x", by=ben, at=LATER)


def test_stepping_up_is_free_with_a_reason_and_is_a_decision(ben):
    case = make.case(lead=ben)
    with acting_as(ben):
        case = actions.step_up(case, tier=Tier.INTERVENTION, reason="He came back", by=ben, at=LATER)
    step = Decision.objects.get(kind="step_up")
    assert case.tier == Tier.INTERVENTION
    assert (step.previous, step.chosen_tier, step.needs_case, step.household) == (
        case.decision, Tier.INTERVENTION, False, case.household,
    )  # fmt: skip
    with pytest.raises(ValidationError, match="higher tier"):
        actions.step_up(case, tier=Tier.INTERVENTION, reason="x", by=ben, at=LATER)
    with pytest.raises(ValidationError, match="what has changed"):
        actions.step_up(make.case(lead=ben), tier=Tier.INTERVENTION, reason=" ", by=ben, at=LATER)


def test_stepping_down_needs_a_manager_and_a_named_receiver(ben, dev):
    case = make.case(lead=ben, tier=Tier.INTERVENTION)
    down = {"tier": Tier.SUPPORT, "reason": "Safe for ten weeks.", "at": LATER}
    with pytest.raises(ValidationError, match="Only a manager"):
        actions.step_down(case, receiver="Ben", by=ben, **down)
    with pytest.raises(ValidationError, match="who takes over"):
        actions.step_down(case, receiver=" ", by=dev, **down)
    with acting_as(dev):
        case = actions.step_down(case, receiver="Ben Osei", by=dev, **down)
    assert (case.tier, case.status) == (Tier.SUPPORT, "open")
    step = Decision.objects.get(kind="step_down")
    assert "Taken over by: Ben Osei." in step.reason
    with pytest.raises(ValidationError, match="lower tier"):
        actions.step_down(case, receiver="Ben", by=dev, **down)


def test_stepping_down_below_support_closes_the_case_once_work_is_settled(ben, dev):
    reason("stepped_down")
    case = make.case(lead=ben)
    need = actions.add_need(case, need=make.need(), goal="Rent paid", baseline=2, by=ben, at=NOON)
    down = {"tier": Tier.UNIVERSAL, "receiver": "Homes and Money Hub", "reason": "Plan met.", "by": dev, "at": LATER}
    with pytest.raises(ValidationError, match="1 need"):
        actions.step_down(case, **down, **DONE)
    assert not Decision.objects.filter(kind="step_down").exists(), "a refusal leaves nothing behind"
    actions.close_need(need, result="met", outcome="Paid", latest=5, by=ben, at=LATER)
    case = actions.step_down(case, **down, **DONE)
    assert (case.status, case.tier, case.closure_reason.code) == ("closed", Tier.UNIVERSAL, "stepped_down")
    with pytest.raises(ValidationError, match="use Step down"):
        actions.close_case(make.case(lead=ben), reason=reason("stepped_down"), **DONE, by=dev, at=LATER)


def test_steps_follow_each_other_in_one_chain(ben, dev):
    case = make.case(lead=ben)
    case = actions.step_up(case, tier=Tier.INTERVENTION, reason="x", by=ben, at=LATER)
    case = actions.step_down(case, tier=Tier.SUPPORT, receiver="Ben", reason="y", by=dev, at=LATER + timedelta(days=1))
    down = Decision.objects.get(kind="step_down")
    assert down.previous.kind == "step_up" and down.previous.previous == case.decision


def test_a_closed_case_takes_no_more_work(ben, dev, cath):
    case = make.case(lead=ben)
    need = actions.add_need(case, need=make.need(), goal="Rent paid", baseline=2, by=ben, at=NOON)
    actions.close_need(need, result="partly_met", outcome="Half", latest=3, by=ben, at=NOON)
    member = case.members.first()
    person = actions.name_person(case, user=cath, reason="Money", by=ben, at=NOON)
    case = actions.close_case(case, reason=make.outcomes_met(), **DONE, by=ben, at=LATER)
    common = {"by": dev, "at": LATER}
    other = Need.objects.create(code="other", label="Other", headline="money", since=TODAY)
    tries = [
        lambda: actions.step_up(case, tier=5, reason="x", **common),
        lambda: actions.step_down(case, tier=1, receiver="x", reason="x", **common),
        lambda: actions.reallocate(case, lead=dev, team=make.team(), reason="x", **common),
        lambda: actions.add_need(case, need=other, goal="x", baseline=1, **common),
        lambda: actions.reopen_need(need, **common),
        lambda: actions.hold_review(case, outcome="continue", progress=True, summary="x", **common),
        lambda: actions.start_placement(case, kind="hostel", starts_on=TODAY, **common),
        lambda: actions.add_member(case, resident=make.resident("New"), **common),
        lambda: actions.end_member(member, reason="x", **common),
        lambda: actions.add_agency(case, organisation=make.organisation(), part="x", **common),
        lambda: actions.name_person(case, user=dev, reason="x", **common),
        lambda: actions.claim_gain(
            member.resident, case=case, kind="pip", weekly_after_pence=1, claimed_on=TODAY, **common
        ),
    ]
    for attempt in tries:
        with pytest.raises(InvalidMove):
            attempt()
    assert actions.write_note(case, kind="record", text="Late note", happened_at=NOON, by=ben, at=LATER).pk
    assert actions.end_person(person, **common).until == LATER.date()
