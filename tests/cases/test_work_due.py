"""My work: derived from facts, in order of time, with a bounded number of queries."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases import actions, desk_due, safety_due
from cases.models import Case
from cases.work_due import work_for
from intake.models import Changeset, ProposedChange
from ledger.acting import acting_as
from residents.actions import add_relationship
from residents.models import LikelyPair
from tests import make
from tests.make import NOON, TODAY
from triage.models import SafeguardingEpisode, TriageItem
from triage.tiers import Tier

DAY = timedelta(days=1)


def found_for(user, at=NOON):
    with acting_as(user):
        return [*work_for(user, at), *desk_due.work_for(user, at), *safety_due.work_for(user, at)]


def kinds(user, at=NOON):
    return [item.kind for item in found_for(user, at)]


def one(user, kind, at=NOON):
    found = [item for item in found_for(user, at) if item.kind == kind]
    assert len(found) == 1, found
    assert reverse(found[0].link, args=[found[0].reference] if found[0].reference else [])
    return found[0]


@pytest.fixture
def case(ben):
    return make.case(lead=ben)


def queued(contact, **fields):
    wanted = {
        "suggested_tier": Tier.TRIAGE,
        "urgency": "red",
        "rule_set_version": "t",
        "due_at": NOON,
        "queued_at": NOON,
    }
    return TriageItem.objects.create(contact=contact, **{**wanted, **fields})


def test_a_new_case_asks_nothing_yet(case, ben, dev):
    assert kinds(ben) == kinds(dev) == []


def test_a_review_comes_up_a_week_before_and_is_late_after(case, ben, dev):
    due = NOON + 42 * DAY
    actions.write_note(case, kind="call", text="x", happened_at=NOON, by=ben, at=due - 8 * DAY)
    assert "review" not in kinds(ben, due - 8 * DAY)
    assert not one(ben, "review", due - 7 * DAY).late
    assert one(ben, "review", due + DAY).late
    assert "review" not in kinds(dev, due)
    assert one(dev, "review", due + DAY).what == "Review overdue in your team"


def test_own_actions_and_those_to_chase(case, ben, cath):
    need = actions.add_need(case, need=make.need(), goal="x", baseline=1, by=ben, at=NOON)
    actions.add_action(need, what="Ring", due_on=TODAY + 3 * DAY, owner=ben, by=ben, at=NOON)
    actions.add_action(need, what="Send papers", due_on=TODAY, owner_name="Amina", by=ben, at=NOON)
    assert one(ben, "action").what == "Ring"
    later = NOON + 2 * DAY
    with acting_as(ben):
        found = [(item.what, item.late) for item in work_for(ben, later) if item.kind == "action"]
    assert found == [("Send papers", True), ("Ring", False)]
    assert "action" not in kinds(cath, later)


def test_a_contact_after_the_last_note_is_news_until_a_note_is_written(case, ben):
    person = case.members.get().resident
    make.contact(person, received_at=NOON + DAY)
    found = one(ben, "contact", NOON + DAY)
    assert found.about == person.name
    actions.write_note(case, kind="call", text="x", happened_at=NOON + 2 * DAY, by=ben, at=NOON + 2 * DAY)
    assert "contact" not in kinds(ben, NOON + 2 * DAY)


def test_silence_for_28_days(case, ben, dev):
    assert "silent" not in kinds(ben, NOON + 27 * DAY)
    assert one(ben, "silent", NOON + 28 * DAY).what == "Write a note"
    assert one(dev, "silent", NOON + 28 * DAY).what == "No note in your team"
    actions.write_note(case, kind="call", text="x", happened_at=NOON, by=ben, at=NOON + 20 * DAY)
    assert "silent" not in kinds(ben, NOON + 28 * DAY)


def test_supervision_comes_up_for_the_manager_only(case, ben, dev):
    assert "supervision" not in kinds(dev, NOON + 41 * DAY)
    found = one(dev, "supervision", NOON + 43 * DAY)
    assert found.late and "none since it opened" in found.why
    assert "supervision" not in kinds(ben, NOON + 43 * DAY)
    with acting_as(dev):
        spoken = NOON + 43 * DAY
        actions.write_note(case, kind="supervision", text="x", happened_at=spoken, by=dev, at=spoken)
    assert "supervision" not in kinds(dev, NOON + 44 * DAY)
    Case.objects.filter(pk=case.pk).update(tier=Tier.INTERVENTION)
    assert "supervision" in kinds(dev, NOON + 72 * DAY)


@pytest.mark.parametrize(
    ("days", "shown", "late"), [(27, False, False), (28, True, False), (42, True, False), (43, True, True)]
)
def test_bed_and_breakfast_with_a_child(ben, days, shown, late):
    child = make.resident("Joy", born_on=TODAY - 3000 * DAY)
    case = make.case(lead=ben, household=make.household(make.resident(), child))
    stay = actions.start_placement(case, kind="bed_and_breakfast", starts_on=TODAY, by=ben, at=NOON)
    actions.move_placement(stay, kind="bed_and_breakfast", on=TODAY + 5 * DAY, by=ben, at=NOON + 5 * DAY)
    at = NOON + days * DAY
    assert ("bnb" in kinds(ben, at)) is shown
    if shown:
        assert one(ben, "bnb", at).late is late


def test_bed_and_breakfast_without_a_child_has_no_limit_and_a_pregnancy_has(case, ben):
    actions.start_placement(case, kind="bed_and_breakfast", starts_on=TODAY, by=ben, at=NOON)
    assert "bnb" not in kinds(ben, NOON + 41 * DAY)
    case.decision.contact.answers.create(question="child_at_home", said="yes", at=NOON)
    assert "bnb" in kinds(ben, NOON + 41 * DAY)


def test_a_claim_waits_30_days_for_its_answer(case, ben):
    person = case.members.get().resident
    gain = actions.claim_gain(person, case=case, kind="pip", weekly_after_pence=1, claimed_on=TODAY, by=ben, at=NOON)
    assert "gain" not in kinds(ben, NOON + 30 * DAY)
    assert one(ben, "gain", NOON + 31 * DAY).late
    actions.refuse_gain(gain, evidence="x", by=ben, at=NOON + 31 * DAY)
    assert "gain" not in kinds(ben, NOON + 31 * DAY)


def test_the_check_after_closing(case, ben, dev):
    words = {"summary": "x", "resident_view": "x"}
    closed = actions.close_case(case, reason=make.outcomes_met(), **words, by=ben, at=NOON)
    assert kinds(ben, NOON + 100 * DAY) == []
    assert one(ben, "check", NOON + 180 * DAY).link == "cases:check"
    assert "check" not in kinds(dev, NOON + 180 * DAY)
    actions.record_check(closed, sustained=True, text="x", by=ben, at=NOON + 180 * DAY)
    assert kinds(ben, NOON + 180 * DAY) == []


def test_what_a_manager_sees_of_decisions_and_triage(dev, ben, finn):
    person = make.resident()
    make.decision(make.contact(person), household=make.household(person), tier=Tier.INTERVENTION)
    allocate = one(dev, "allocate", NOON + 3 * DAY)
    assert allocate.late and allocate.about == person.name and "3 days ago" in allocate.why
    hidden = make.restricted_resident()
    make.decision(make.contact(hidden), household=make.household(hidden))
    assert kinds(dev).count("allocate") == 1
    queued(make.contact(make.resident()), hard_stop=True)
    queued(make.contact(make.resident()), hard_stop=False)
    assert one(dev, "hard_stop").link == "triage:item"
    SafeguardingEpisode.objects.create(
        contact=make.contact(person), resident=person, urgency="red", opened_at=NOON, due_at=NOON + DAY / 2
    )
    assert one(dev, "episode").link == "triage:episode"
    assert kinds(ben) == []


def test_front_door_sees_what_it_took_and_promised(finn, ben):
    contact = make.contact(make.resident(), logged_by=finn, next_step="Ring back", next_step_by=NOON + DAY)
    queued(make.contact(make.resident()), claimed_by=finn, claimed_at=NOON, status="claimed")
    assert one(finn, "promise").what == "Ring back"
    assert one(finn, "triage").kind == "triage"
    assert kinds(ben) == []
    type(contact).objects.filter(pk=contact.pk).update(next_step_done_at=NOON)
    assert "promise" not in kinds(finn)


def pair(one, other, **fields):
    first, second = sorted((one, other), key=lambda person: person.pk)
    known = {"per_mille": 900, "levels": "given:same", "weights": "1", **fields}
    return LikelyPair.objects.create(one=first, other=second, **known)


def test_pairs_of_records_are_one_line_for_whoever_may_open_both(system, finn, ben, dev, ela):
    amina = make.resident()
    pair(amina, make.resident("Amina Okafer"))
    pair(amina, make.resident("Amy Okafor"), status="apart", decided_at=NOON)
    for user in (finn, ben, dev):
        assert (one(user, "pair").many, one(user, "pair").late) == (1, False)
    pair(amina, make.restricted_resident(named=[dev]))
    assert [one(user, "pair").many for user in (finn, ben, dev)] == [1, 1, 2]
    assert kinds(ela) == []


def test_a_pair_of_an_alleged_perpetrator_is_counted_for_those_only_who_may_know(system, finn, ben, cath, dev):
    harmed, alleged = make.resident(), make.resident("Carl Okafor")
    with acting_as(ben):
        add_relationship(harmed, other=alleged, side="alleged_perpetrator", by=ben)
    pair(harmed, alleged)
    assert [kinds(user).count("pair") for user in (finn, cath, ben, dev)] == [0, 0, 1, 1]  # Dev is a duty manager


def test_files_of_people_wait_for_managers_until_every_row_is_decided(system, finn, dev):
    file = Changeset.objects.create(source="Housing", file="people.csv", checksum="1")
    assert one(dev, "file").many == 1 and kinds(finn) == []
    Changeset.objects.filter(pk=file.pk).update(status=Changeset.Status.READING)
    assert kinds(dev) == []
    Changeset.objects.filter(pk=file.pk).update(status=Changeset.Status.READY)
    row = ProposedChange.objects.create(changeset=file, number=2)
    assert one(dev, "file").many == 1
    ProposedChange.objects.filter(pk=row.pk).update(state=ProposedChange.State.REJECTED)
    assert kinds(dev) == []


def test_it_comes_in_order_and_costs_the_same_for_30_cases(ben, dev):
    def grow(number):
        for n in range(number):
            case = make.case(lead=ben, review_due_on=TODAY - (n % 5) * DAY)
            need = actions.add_need(case, need=make.need(), goal="x", baseline=1, by=ben, at=NOON)
            actions.add_action(need, what="x", due_on=TODAY, owner=ben, by=ben, at=NOON)
            actions.start_placement(case, kind="bed_and_breakfast", starts_on=TODAY - 40 * DAY, by=ben, at=NOON)
            person = case.members.get().resident
            make.decision(make.contact(person), household=case.household)
            actions.claim_gain(
                person, case=case, kind="pip", weekly_after_pence=1, claimed_on=TODAY - 40 * DAY, by=ben, at=NOON
            )

    def cost(user):
        with acting_as(user), CaptureQueriesContext(connection) as captured:
            found = work_for(user, NOON)
        assert [item.due for item in found] == sorted(item.due for item in found)
        return len([q for q in captured if q["sql"].startswith("SELECT") and "set_config" not in q["sql"]]), len(found)

    grow(1)
    few = {user: cost(user) for user in (ben, dev)}
    grow(30)
    many = {user: cost(user) for user in (ben, dev)}
    assert [c for c, _ in few.values()] == [c for c, _ in many.values()]
    assert many[ben][0] <= 6 and many[dev][0] <= 8
    assert many[ben][1] > 60


def test_a_stranger_to_a_case_has_no_work_from_it(case, cath, ela, gus):
    Case.objects.filter(pk=case.pk).update(review_due_on=TODAY - 30 * DAY)
    for user in (cath, ela, gus):
        assert kinds(user, NOON + 60 * DAY) == []
