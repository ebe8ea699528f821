"""Notes, plan, reviews, people: every move from every status, and what each verb leaves behind."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction

from accounts.models import Role
from cases import actions
from cases.models import Note, PlanAction, PlanNeed, Review
from ledger.acting import acting_as
from ledger.moves import InvalidMove
from ledger.versions import StaleVersion
from residents.models import ChronologyEntry, Involvement
from tests import make
from tests.make import NOON, TODAY

LATER = NOON + timedelta(days=7)


@pytest.fixture
def case(ben):
    return make.case(lead=ben)


@pytest.fixture
def need(case, ben):
    return actions.add_need(case, need=make.need(), goal="Rent paid", baseline=2, by=ben, at=NOON)


@pytest.fixture
def action(need, ben):
    return actions.add_action(need, what="Ring the landlord", due_on=TODAY, owner=ben, by=ben, at=NOON)


# --- notes -------------------------------------------------------------------------------------------------------


def test_a_note_stands_in_the_story_without_its_text(case, ben):
    with acting_as(ben):
        note = actions.write_note(
            case, kind="visit", text="A secret", happened_at=NOON, child_seen=True, by=ben, at=LATER
        )
    entry = ChronologyEntry.objects.get(reference=note.reference)
    assert (entry.heading, entry.at, entry.detail) == ("Home visit recorded, child seen", NOON, "")


def test_nobody_changes_a_note_not_even_by_hand(case, ben):
    note = actions.write_note(case, kind="visit", text="As it was", happened_at=NOON, by=ben, at=NOON)
    for statement in ("UPDATE cases_note SET text = 'x'", "DELETE FROM cases_note"):
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)
                assert cursor.rowcount == 0
        except DatabaseError:
            pass
    assert Note.objects.get(pk=note.pk).text == "As it was"


def test_an_addendum_stands_under_the_first_note(case, ben, dev):
    note = actions.write_note(case, kind="visit", text="As it was", happened_at=NOON, by=ben, at=NOON)
    first = actions.add_addendum(note, text="Not quite", by=dev, at=LATER)
    second = actions.add_addendum(first, text="Nor that", by=ben, at=LATER)
    assert first.addendum_to == second.addendum_to == note
    assert Note.objects.get(pk=note.pk).text == "As it was"
    with pytest.raises(ValidationError, match="added or corrected"):
        actions.add_addendum(note, text=" \n", by=ben, at=LATER)


def test_what_a_note_refuses(case, ben, dev):
    with pytest.raises(ValidationError, match="future"):
        actions.write_note(case, kind="call", text="x", happened_at=LATER, by=ben, at=NOON)
    with pytest.raises(ValidationError, match="Say what happened"):
        actions.write_note(case, kind="call", text="  ", happened_at=NOON, by=ben, at=NOON)
    with pytest.raises(ValidationError, match="Only a manager"):
        actions.write_note(case, kind="supervision", text="x", happened_at=NOON, by=ben, at=NOON)
    assert actions.write_note(case, kind="supervision", text="x", happened_at=NOON, by=dev, at=NOON).pk


# --- the plan ----------------------------------------------------------------------------------------------------


def test_a_need_of_one_person_is_told_in_their_story_only(ben):
    amina, joy = make.resident(), make.resident("Joy")
    case = make.case(lead=ben, household=make.household(amina, joy))
    need = actions.add_need(case, need=make.need(), goal="x", baseline=1, resident=joy, by=ben, at=NOON)
    assert [e.resident for e in ChronologyEntry.objects.filter(reference=need.reference)] == [joy]
    with pytest.raises(ValidationError, match="who is on the case"):
        actions.add_need(case, need=make.need(), goal="x", baseline=1, resident=make.resident("X"), by=ben, at=NOON)


@pytest.mark.parametrize("number", [0, 6, -1])
def test_the_scale_has_five_steps(case, need, ben, number):
    with pytest.raises(ValidationError, match="1 .stuck. to 5"):
        actions.add_need(case, need=make.need(), goal="x", baseline=number, by=ben, at=NOON)
    with pytest.raises(ValidationError, match="1 .stuck. to 5"):
        actions.record_progress(need, latest=number, by=ben, at=NOON)


def test_a_goal_is_revised_with_the_version_that_was_seen(need, ben, dev):
    fresh = actions.revise_goal(need, goal="By June", seen=1, by=dev, at=NOON)
    assert (fresh.goal, fresh.version) == ("By June", 2)
    with pytest.raises(StaleVersion) as refusal:
        actions.revise_goal(need, goal="By July", seen=1, by=ben, at=NOON)
    assert refusal.value.current.goal == "By June"


def test_progress_is_told_and_a_settled_need_makes_none(need, ben):
    assert actions.record_progress(need, latest=4, by=ben, at=NOON).latest == 4
    assert "from 2 to 4 of 5" in ChronologyEntry.objects.filter(verb="cases.record_progress").get().heading
    actions.close_need(need, result="met", outcome="Paid", latest=5, by=ben, at=LATER)
    with pytest.raises(InvalidMove):
        actions.record_progress(need, latest=5, by=ben, at=LATER)


@pytest.mark.parametrize("result", PlanNeed.CLOSED)
def test_a_need_is_settled_and_reopened(need, ben, result):
    with pytest.raises(InvalidMove):
        actions.reopen_need(need, by=ben, at=NOON)
    closed = actions.close_need(need, result=result, outcome="So", latest=3, by=ben, at=LATER)
    assert (closed.status, closed.closed_at, closed.latest) == (result, LATER, 3)
    for other in PlanNeed.CLOSED:
        with pytest.raises(InvalidMove):
            actions.close_need(need, result=other, outcome="So", latest=3, by=ben, at=LATER)
    again = actions.reopen_need(closed, by=ben, at=LATER)
    assert (again.status, again.closed_at, again.outcome) == ("open", None, "")


def test_a_need_is_not_settled_over_open_actions_or_without_words(need, action, ben):
    with pytest.raises(ValidationError, match="1 action for this need is still to do"):
        actions.close_need(need, result="met", outcome="x", latest=5, by=ben, at=LATER)
    with pytest.raises(ValidationError, match="what came of it"):
        actions.close_need(need, result="met", outcome="", latest=5, by=ben, at=LATER)
    with pytest.raises(ValidationError, match="met, partly met or not met"):
        actions.close_need(need, result="open", outcome="x", latest=5, by=ben, at=LATER)


def test_every_move_of_an_action_from_every_status(action, ben):
    verbs = {
        "finish": lambda: actions.finish_action(action, result="", by=ben, at=LATER),
        "drop": lambda: actions.drop_action(action, result="Not needed", by=ben, at=LATER),
        "reopen": lambda: actions.reopen_action(action, by=ben, at=LATER),
    }
    allowed = {"open": {"finish", "drop"}, "done": {"reopen"}, "dropped": {"reopen"}}
    for status, may in allowed.items():
        for verb, act in verbs.items():
            ended = None if status == "open" else LATER
            PlanAction.objects.filter(pk=action.pk).update(status=status, ended_at=ended)
            if verb in may:
                assert act().status == PlanAction.MOVES[verb].target
            else:
                with pytest.raises(InvalidMove):
                    act()


def test_an_action_has_one_owner_and_a_day_to_come(need, ben):
    school = make.organisation("School")
    owners = [{"owner": ben}, {"owner_organisation": school}, {"owner_name": "Amina"}]
    for owner in owners:
        assert actions.add_action(need, what="x", due_on=TODAY, **owner, by=ben, at=NOON).pk
    for wrong in ({}, {"owner": ben, "owner_name": "Amina"}, {"owner_name": "  "}):
        with pytest.raises(ValidationError, match="one owner"):
            actions.add_action(need, what="x", due_on=TODAY, **wrong, by=ben, at=NOON)
    with pytest.raises(ValidationError, match="today or later"):
        actions.add_action(need, what="x", due_on=TODAY - timedelta(days=1), owner=ben, by=ben, at=NOON)
    with pytest.raises(ValidationError, match="not needed any more"):
        actions.drop_action(need.actions.first(), result="", by=ben, at=NOON)


def test_a_settled_need_takes_and_reopens_no_actions(need, action, ben):
    actions.finish_action(action, by=ben, at=LATER)
    actions.close_need(need, result="met", outcome="x", latest=5, by=ben, at=LATER)
    with pytest.raises(InvalidMove):
        actions.add_action(need, what="x", due_on=LATER.date(), owner=ben, by=ben, at=LATER)
    action.refresh_from_db()
    with pytest.raises(InvalidMove, match="need of this action is closed"):
        actions.reopen_action(PlanAction.objects.get(pk=action.pk), by=ben, at=LATER)


def test_an_action_gets_another_day_with_the_version_that_was_seen(action, ben):
    day = TODAY + timedelta(days=9)
    assert actions.revise_action(action, what="Write", due_on=day, seen=1, by=ben, at=NOON).due_on == day
    with pytest.raises(StaleVersion):
        actions.revise_action(action, what="Call", due_on=day, seen=1, by=ben, at=NOON)
    done = actions.finish_action(action, by=ben, at=LATER)
    with pytest.raises(InvalidMove):
        actions.revise_action(done, what="Call", due_on=day, seen=3, by=ben, at=NOON)


# --- reviews -----------------------------------------------------------------------------------------------------


def hold(case, by, **fields):
    return actions.hold_review(
        case, **{"outcome": "continue", "progress": True, "summary": "x", "by": by, "at": LATER, **fields}
    )


def test_a_review_sets_when_the_next_is_due(case, ben):
    due = case.review_due_on
    review = hold(case, ben)
    case.refresh_from_db()
    assert review.was_due_on == due
    assert case.review_due_on == review.next_due_on == LATER.date() + timedelta(days=42)
    hold(case, ben, next_due_on=LATER.date() + timedelta(days=7))
    case.refresh_from_db()
    assert case.review_due_on == LATER.date() + timedelta(days=7)


@pytest.mark.parametrize("days", [0, -1, 43])
def test_the_next_review_is_within_six_weeks(case, ben, days):
    with pytest.raises(ValidationError, match="within six weeks"):
        hold(case, ben, next_due_on=LATER.date() + timedelta(days=days))


def test_two_reviews_without_progress_need_the_managers_words(case, ben, dev):
    hold(case, ben, progress=False)
    with pytest.raises(ValidationError, match="second review in a row"):
        hold(case, ben, progress=False)
    with pytest.raises(ValidationError, match="neither"):
        hold(case, ben, discussed_with=dev)
    with pytest.raises(ValidationError, match="Choose a manager"):
        hold(case, ben, progress=False, discussed_with=ben, manager_words="x")
    assert hold(case, ben, progress=False, discussed_with=dev, manager_words="Bring in housing").pk
    assert hold(case, ben, progress=True).pk
    assert hold(case, ben, progress=False).pk, "one after progress is the first again"
    assert Review.objects.count() == 4


# --- people ------------------------------------------------------------------------------------------------------


def test_an_agency_stands_on_each_members_record_until_it_leaves(case, ben):
    school = make.organisation("School")
    agency = actions.add_agency(case, organisation=school, part="Attendance", by=ben, at=NOON)
    live = Involvement.objects.filter(reference=case.reference, organisation=school, until=None)
    assert live.get().what == "Attendance"
    with pytest.raises(ValidationError, match="already"):
        actions.add_agency(case, organisation=school, part="x", by=ben, at=NOON)
    actions.end_agency(agency, by=ben, at=LATER)
    assert not live.exists()
    with pytest.raises(InvalidMove, match="ended already"):
        actions.end_agency(agency, by=ben, at=LATER)


def test_a_member_joins_with_lead_and_agencies_and_leaves_again(case, ben):
    actions.add_agency(case, organisation=make.organisation("School"), part="x", by=ben, at=NOON)
    father = make.resident("Emeka Okafor")
    member = actions.add_member(case, resident=father, by=ben, at=NOON)
    live = Involvement.objects.filter(resident=father, reference=case.reference, until=None)
    assert live.count() == 2
    with pytest.raises(ValidationError, match="already"):
        actions.add_member(case, resident=father, by=ben, at=NOON)
    actions.end_member(member, reason="Moved out", by=ben, at=LATER)
    assert not live.exists()
    with pytest.raises(ValidationError, match="only person"):
        actions.end_member(case.members.get(until=None), reason="x", by=ben, at=LATER)


def test_a_restricted_person_joins_by_a_manager_and_restricts_the_case(case, ben, dev):
    rosa = make.restricted_resident(named=[dev])
    with pytest.raises(ValidationError, match="Only a manager"):
        actions.add_member(case, resident=rosa, by=ben, at=NOON)
    actions.add_member(case, resident=rosa, by=dev, at=NOON)
    case.refresh_from_db()
    assert case.restricted and rosa.access_grants.filter(user=ben, until=None).exists()
    lin = make.user("Lin Chow", Role.CASEWORKER)
    with pytest.raises(ValidationError, match="Only a manager"):
        actions.name_person(case, user=lin, reason="x", by=ben, at=NOON)
    named = actions.name_person(case, user=lin, reason="x", by=dev, at=NOON)
    assert rosa.access_grants.filter(user=lin, until=None).exists()
    actions.end_person(named, by=dev, at=LATER)
    assert not rosa.access_grants.filter(user=lin, until=None).exists()


def test_whom_one_may_not_name(case, ben, cath, finn, ela):
    for wrong in (finn, ela):
        with pytest.raises(ValidationError, match="caseworker or a manager"):
            actions.name_person(case, user=wrong, reason="x", by=ben, at=NOON)
    with pytest.raises(ValidationError, match="already"):
        actions.name_person(case, user=ben, reason="x", by=ben, at=NOON)
    with pytest.raises(ValidationError, match="why they need"):
        actions.name_person(case, user=cath, reason=" ", by=ben, at=NOON)


def test_a_named_colleague_can_take_themselves_off(case, ben, cath):
    named = actions.name_person(case, user=cath, reason="Money", by=ben, at=NOON)
    with acting_as(cath):
        assert actions.end_person(named, by=cath, at=LATER).until == LATER.date()
