"""The rows of the borough are those of the verbs: each story is replayed through the real actions and compared row by row."""

import json
from datetime import date, timedelta
from itertools import zip_longest

import pytest

from cases.models import ClosureReason, IncomeGain, Placement, PlanNeed
from cases.reference_data import seed_closure_reasons
from directory.models import Service
from intake.models import Need
from intake.reference_data import seed_needs
from residents.models import Agreement, Membership, Resident, RestrictedKey, SearchDocument
from residents.search_rows import lines_of
from tests import make
from tests.desk.replay import Borough, Real, Ticking, highest, left_behind, undone
from triage.tiers import Tier

START = make.NOON
SAFE = {
    "safe_now": "yes", "sleep_tonight": "yes", "child_at_home": "yes", "child_worry": "no", "hurt_or_controlled": "no",
    "needs_essentials": "no", "agreement": "yes",
}  # fmt: skip
DEBTS = SAFE | {"arrears": "rent council_tax", "arrears_pence": "286000"}
PART = Membership.Part


class Scene:
    """Who takes part in a story."""

    def __init__(self, do, people) -> None:
        self.do, self.clock, self.people = do, Ticking(do, START), people
        self.__dict__.update(people)

    def family(self):
        """A mother, her son and her daughter come onto the record."""
        do, finn, day = self.do, self.finn, START.date()
        at = self.clock.later()
        mother = do.register_resident(
            name="Amina Begum", preferred_name="Mina", born_on=date(1988, 5, 4), language="Bengali", needs_interpreter=True, by=finn, at=at
        )  # fmt: skip
        home = do.start_household(mother, part=PART.PARENT, since=date(2020, 1, 1), by=finn)
        do.add_phone(
            mother, number="+447700900123", safe_to_call=True, safe_to_text=True, safe_to_leave_message=False, since=day, by=finn
        )  # fmt: skip
        do.add_email(mother, address="mina@example.org", safe_to_write=True, since=day, by=finn)
        do.move_to(
            mother, lines="3 Linnet Road", postcode="RM10 4AC", uprn="999000000001", tenure="council", since=date(2020, 1, 1), by=finn
        )  # fmt: skip
        for name, born in (("Imran Miah", date(2015, 3, 2)), ("Sara Begum", date(2018, 6, 1))):
            child = do.register_resident(name=name, born_on=born, by=finn, at=self.clock.later())
            do.join_household(child, household=home, part=PART.CHILD, since=date(2020, 1, 1), by=finn)
        return mother, home

    def contact(self, resident, *, answers=DEBTS, needs=("debt", "benefits"), **more):
        """She rings."""
        at = self.clock.later()
        given = {
            "channel": "phone_in", "received_at": at - timedelta(minutes=6), "words": "I am behind with everything.",
            "basis": "privacy_notice", "needs": list(needs), "answers": answers, "demand": "value", **more,
        }  # fmt: skip
        return self.do.record_contact(resident, by=self.finn, at=at, **given)

    def decided(self, resident, *, tier=Tier.SUPPORT, outcome="to_triage", answers=DEBTS, needs=("debt",), **more):
        """Her contact goes through the queue and is decided."""
        contact = self.contact(resident, answers=answers, needs=needs)
        item = self.do.queue_contact(contact, by=self.finn, at=self.clock.later())
        self.do.claim(item, by=self.dev, at=self.clock.later())
        return self.do.decide_tier(
            contact, tier=tier, outcome=outcome, item=item, by=self.dev, at=self.clock.later(), **more
        )

    def case(self):
        """A case under Ben."""
        mother, _ = self.family()
        decision = self.decided(mother)
        at = self.clock.later(days=2)
        return mother, self.do.open_case(decision, lead=self.ben, team=self.family_help, by=self.dev, at=at)


def light_touch(scene):
    mother, _ = scene.family()
    contact = scene.contact(
        mother, answers=SAFE, needs=["work"], life_event="Lost a job", life_event_on=date(2026, 2, 1)
    )
    at = scene.clock.later()
    scene.do.decide_tier(
        contact, tier=Tier.UNIVERSAL, outcome="advice", next_step="Ring back", next_step_by=at + timedelta(days=1),
        next_step_how="By phone", by=scene.finn, at=at,
    )  # fmt: skip
    scene.do.keep_promise(contact, by=scene.finn, at=scene.clock.later(hours=3))


def nameless(scene):
    answers = {key: "not_applicable" for key in SAFE if key not in ("agreement", "child_worry")}
    contact = scene.contact(None, answers=answers, needs=["information"], transactional=True)
    scene.do.decide_tier(contact, tier=Tier.ACCESS, outcome="resolved", by=scene.finn, at=scene.clock.later())


def asked_again(scene):
    mother, _ = scene.family()
    contact = scene.contact(mother, answers=SAFE | {"needs_essentials": "not_asked"}, needs=["loneliness"])
    item = scene.do.queue_contact(contact, by=scene.finn, at=scene.clock.later())
    scene.do.claim(item, by=scene.finn, at=scene.clock.later())
    answers = {"needs_essentials": "no", "carer": "yes"}
    scene.do.answer_questions(contact, item, answers=answers, by=scene.finn, at=scene.clock.later())
    scene.do.decide_tier(
        contact, tier=Tier.SUPPORT, outcome="to_triage", reason="More than she says", item=item, by=scene.finn, at=scene.clock.later()
    )  # fmt: skip


def lowered(scene):
    mother, _ = scene.family()
    reason = {"lower_reason": "already_met", "reason": "Sorted out with the landlord."}
    scene.decided(mother, tier=Tier.UNIVERSAL, outcome="advice", **reason)


def withdrawn(scene):
    mother, _ = scene.family()
    contact = scene.contact(mother)
    item = scene.do.queue_contact(contact, by=scene.finn, at=scene.clock.later())
    scene.do.withdraw_contact(contact, item, outcome="abandoned", by=scene.finn, at=scene.clock.later())


def safeguarding(scene):
    mother, _ = scene.family()
    answers = SAFE | {"child_abuse": "yes", "child_worry": "yes"}
    decision = scene.decided(
        mother, tier=Tier.INTERVENTION, outcome="to_statutory", answers=answers, needs=["child_abuse_or_neglect"]
    )
    episode = scene.do.episode_of(decision.contact)
    scene.do.complete_episode(
        episode, outcome="early_help", rationale="Needs, no harm.", by=scene.dev, at=scene.clock.later(days=1)
    )


def second_look(scene):
    mother, _ = scene.family()
    answers = SAFE | {"adult_care_need": "yes"}
    first = scene.decided(mother, tier=Tier.TRIAGE, answers=answers, needs=["adult_care"])
    scene.do.decide_tier(
        first.contact, tier=Tier.SUPPORT, outcome="to_triage", previous=first, by=scene.dev, at=scene.clock.later(days=2)
    )  # fmt: skip


def support(scene):
    do, clock, ben = scene.do, scene.clock, scene.ben
    _, case = scene.case()
    at = clock.later(days=1)
    do.write_note(
        case, kind="visit", text="Visited.", happened_at=at - timedelta(hours=2), child_seen=True, significant=True, by=ben, at=at
    )  # fmt: skip
    need = do.add_need(
        case, need=Need.objects.get(code="debt"), goal="The rent is paid.", baseline=2, resident=None, by=ben, at=clock.later()
    )  # fmt: skip
    due = clock.at.date() + timedelta(days=20)
    mine = do.add_action(need, what="Ring the landlord", due_on=due, owner=ben, by=ben, at=clock.later())
    theirs = do.add_action(need, what="Bring letters", due_on=due, owner_name="Mina", by=ben, at=clock.later())
    do.add_agency(case, organisation=scene.ela.organisation, part="Food each week", by=ben, at=clock.later())
    do.finish_action(mine, result="Done.", by=ben, at=clock.later(days=10))
    do.record_progress(need, latest=3, by=ben, at=clock.later())
    do.hold_review(
        case, outcome="continue", progress=True, summary="Better.", household_view="It helps.", by=ben, at=clock.later(days=9)
    )  # fmt: skip
    do.drop_action(theirs, result="Not needed", by=ben, at=clock.later(days=20))
    do.close_need(
        need, result=PlanNeed.Status.MET, outcome="Paid for two months.", latest=4, by=ben, at=clock.later()
    )  # fmt: skip
    reason = ClosureReason.objects.get(code="outcomes_met")
    do.close_case(case, reason=reason, summary="In place.", resident_view="Good.", by=ben, at=clock.later(days=5))
    do.record_check(case, sustained=True, text="It has held.", by=ben, at=clock.later(days=180))


def drifting(scene):
    _, case = scene.case()
    for number in range(2):
        more = {"discussed_with": scene.dev, "manager_words": "Offer evenings."} if number else {}
        scene.do.hold_review(
            case, outcome="change", progress=False, summary="Little has changed.", by=scene.ben, at=scene.clock.later(days=20), **more
        )  # fmt: skip
    at = scene.clock.later()
    scene.do.write_note(case, kind="supervision", text="Go on.", happened_at=at, by=scene.dev, at=at)


def steps(scene):
    mother, case = scene.case()
    scene.do.step_up(case, tier=Tier.INTERVENTION, reason="Worse.", by=scene.ben, at=scene.clock.later(days=4))
    scene.do.step_down(
        case, tier=Tier.SUPPORT, receiver="Ben goes on", reason="Calmer.", by=scene.dev, at=scene.clock.later(days=30)
    )
    scene.do.reallocate(
        case, lead=scene.bea, team=scene.family_help, reason="Hours", by=scene.dev, at=scene.clock.later(days=3)
    )
    second = scene.decided(mother, tier=Tier.SUPPORT)
    scene.do.join_case(second, case=case, by=scene.dev, at=scene.clock.later())
    scene.do.step_down(
        case, tier=Tier.UNIVERSAL, receiver="Harbour Food Bank", reason="Enough.", by=scene.dev, at=scene.clock.later(days=9),
        closing=ClosureReason.objects.get(code="stepped_down"), summary="Done.", resident_view="Good.",
    )  # fmt: skip


def placement_with_a_move(scene):
    _, case = scene.case()
    kind, today = Placement.Kind, scene.clock.at.date
    first = scene.do.start_placement(
        case, kind=kind.BED_AND_BREAKFAST, place="Harbour Lodge", out_of_area=False, starts_on=today(), by=scene.ben, at=scene.clock.later()
    )  # fmt: skip
    at = scene.clock.later(days=20)
    second = scene.do.move_placement(
        first, kind=kind.PRIVATE_LEASED, place="Sextant Court", out_of_area=True, on=at.date(), by=scene.ben, at=at
    )
    at = scene.clock.later(days=90)
    scene.do.end_placement(second, on=at.date(), because=Placement.Ended.SETTLED, by=scene.ben, at=at)


def gains(scene):
    mother, case = scene.case()
    at = scene.clock.later()
    claimed = {"case": case, "claimed_on": at.date(), "by": scene.ben}
    weekly = {"weekly_before_pence": 2_500, "weekly_after_pence": 9_000, "one_off_pence": 5_000}
    one = scene.do.claim_gain(mother, kind=IncomeGain.Kind.PIP, at=at, **claimed, **weekly)
    two = scene.do.claim_gain(mother, kind=IncomeGain.Kind.GRANT, one_off_pence=20_000, at=at, **claimed)
    at = scene.clock.later(days=30)
    scene.do.confirm_gain(one, evidence="Award letter", confirmed_on=at.date(), by=scene.ben, at=at)
    scene.do.refuse_gain(two, evidence="Decision letter", by=scene.ben, at=scene.clock.later())


def _sent(scene, *, case=None, mother=None):
    do, clock, ben = scene.do, scene.clock, scene.ben
    if mother is None:
        mother, case = scene.case()
    agreement = do.record_agreement(
        mother, organisation=scene.ela.organisation, purpose="So that they can help", shared="Name, safe contact, need, risks and access needs",
        basis=Agreement.Basis.AGREED, since=clock.at.date(), until=None, by=ben, at=clock.later(),
    )  # fmt: skip
    referral = do.draft_referral(
        mother, organisation=scene.ela.organisation, service=scene.service, reason="No food", goal="Food", case=case, by=ben, at=clock.later()
    )  # fmt: skip
    do.send_referral(referral, agreement=agreement, by=ben, at=clock.later())
    return agreement, referral


def referral_completed(scene):
    do, clock, ela = scene.do, scene.clock, scene.ela
    agreement, referral = _sent(scene)
    do.receive(referral, by=ela, at=clock.later(hours=2))
    do.send_message(referral, text="We will ring.", by=ela, at=clock.later())
    do.send_message(referral, text="After three.", by=scene.ben, at=clock.later())
    do.accept(referral, by=ela, at=clock.later(days=1))
    do.start(referral, by=ela, at=clock.later(days=2))
    do.complete(referral, outcome="met", text="Done.", by=ela, at=clock.later(days=30))
    do.withdraw_agreement(agreement, by=scene.ben, at=clock.later())


def referral_declined(scene):
    _, referral = _sent(scene)
    scene.do.put_on_waiting_list(
        referral, until=scene.clock.at.date() + timedelta(days=30), by=scene.ela, at=scene.clock.later(days=1)
    )
    scene.do.decline(referral, reason="capacity", text="We are full.", by=scene.ela, at=scene.clock.later(days=2))
    scene.do.settle_return(referral, text="Found another", by=scene.ben, at=scene.clock.later(days=1))


def referral_met_with_silence(scene):
    _, referral = _sent(scene)
    scene.do.mark_unanswered(referral, at=scene.clock.later(days=9))
    scene.do.withdraw_referral(referral, reason="Elsewhere", by=scene.ben, at=scene.clock.later(days=1))


def protected(scene):
    mother, _ = scene.family()
    at = scene.clock.later()
    review = at.date() + timedelta(days=180)
    warning = scene.do.add_warning(
        mother, kind="disclosure", text="Confirm to nobody.", review_on=review, by=scene.dev, at=at
    )
    again = review + timedelta(days=90)
    scene.do.review_warning(warning, text="Confirm to nobody.", review_on=again, by=scene.dev, at=scene.clock.later())
    scene.do.end_warning(warning, by=scene.dev, at=scene.clock.later(), on=scene.clock.at.date())
    decision = scene.decided(mother)
    scene.do.restrict_resident(
        mother, named=[scene.ben], reason="Related to staff", by=scene.dev, at=scene.clock.later()
    )
    scene.do.keep_restriction(
        scene.do.restriction_of(mother), category="staff_interest", reason="Still", by=scene.dev, at=scene.clock.later()
    )
    case = scene.do.open_case(decision, lead=scene.ben, team=scene.family_help, by=scene.dev, at=scene.clock.later())
    at = scene.clock.later()
    scene.do.write_note(case, kind="call", text="Rang.", happened_at=at, by=scene.ben, at=at)


def moved_on(scene):
    mother, _ = scene.family()
    scene.do.now = scene.clock.later(days=3)
    scene.do.record_no_fixed_abode(mother, since=scene.clock.at.date(), by=scene.finn)
    scene.do.record_care_of(
        mother,
        care_of="A friend",
        lines="9 Gorse Avenue",
        postcode="RM10 4AC",
        since=scene.clock.at.date(),
        by=scene.finn,
    )


STORIES = (
    light_touch, nameless, asked_again, lowered, withdrawn, safeguarding, second_look, support, drifting, steps, placement_with_a_move,
    gains, referral_completed, referral_declined, referral_met_with_silence, protected, moved_on,
)  # fmt: skip


@pytest.fixture
def people(finn, ben, dev, ela):
    seed_needs()
    seed_closure_reasons()
    return {
        "finn": finn,
        "ben": ben,
        "dev": dev,
        "ela": ela,
        "bea": make.user("Bea Hall", "caseworker", teams=[make.team("Family help")]),
        "family_help": make.team("Family help"),
        "service": Service.objects.create(
            organisation=ela.organisation, name="Food parcels", accepts_referrals=True, email="x@example.org"
        ),
    }


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
def test_a_story_of_the_borough_leaves_the_rows_of_the_verbs(story, people, as_owner, monkeypatch):
    people["ela"].organisation.email = "office@example.org"
    people["ela"].organisation.save(update_fields=["email"])
    with as_owner():
        before = highest()
    with undone():
        do = Real(START)
        monkeypatch.setattr("django.utils.timezone.now", lambda: do.now)
        story(Scene(do, people))
        with as_owner():
            real = left_behind(before)
    monkeypatch.undo()
    with undone(), as_owner():
        do = Borough(START)
        story(Scene(do, people))
        do.write()
        ours = left_behind(before)
        found_by = {one.pk: (one.said, one.keys) for one in SearchDocument.objects.all()}
        people = lines_of(list(Resident.objects.values_list("pk", flat=True)))
        wanted = {one.pk: one for one in people}
        assert {pk: (one.said, [] if one.restricted else one.keys) for pk, one in wanted.items()} == found_by
        assert _hidden_keys() == {
            (one.pk, key, key in one.told) for one in wanted.values() if one.restricted for key in one.keys
        }
    assert sum(map(len, real.values())) > 10
    for table in real:
        assert differences(real[table], ours[table]) == [], table


def _hidden_keys():
    return set(RestrictedKey.objects.values_list("resident", "key", "told"))


def differences(real, ours):
    """Fields that differ, row by row; whole rows where there are more on one side."""
    lacking, extra = [one for one in real if one not in ours], [one for one in ours if one not in real]
    found = []
    for one, other in zip_longest(map(json.loads, lacking), map(json.loads, extra)):
        if one and other:
            found.append({name: (one[name], other[name]) for name in one if one[name] != other[name]})
        else:
            found.append(("only in the verbs", one) if one else ("only in the borough", other))
    return found or ([] if len(real) == len(ours) else [(len(real), len(ours))])
