"""Queue, claim, decide, step, withdraw: what may happen at triage, and what is refused."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from intake import actions as intake
from intake.models import Contact
from intake.reference_data import seed_needs
from ledger.models import AuditEvent
from ledger.moves import InvalidMove
from residents.models import ChronologyEntry, Involvement
from tests import make
from tests.make import NOON
from triage import actions
from triage.actions import decisions
from triage.assessing import assess_contact, facts_before, facts_of
from triage.models import Decision, SafeguardingEpisode, TriageItem
from triage.tiers import Tier

SAFE = {
    "safe_now": "yes",
    "sleep_tonight": "yes",
    "child_at_home": "no",
    "hurt_or_controlled": "no",
    "needs_essentials": "no",
}
LATER = NOON + timedelta(minutes=20)


@pytest.fixture(autouse=True)
def _needs(system):
    seed_needs()


def record(resident=None, *, by, answers=None, needs=("information",), **fields):
    """A contact by phone at noon."""
    return intake.record_contact(
        resident,
        **{
            "channel": Contact.Channel.PHONE_IN,
            "received_at": NOON,
            "words": "Where do I get a form?",
            "basis": Contact.Basis.PRIVACY_NOTICE,
            "needs": needs,
            "answers": SAFE if answers is None else answers,
            "by": by,
            "at": NOON,
            **fields,
        },
    )


def test_one_question_with_nothing_to_worry_about_is_access(finn):
    contact = record(make.resident(), by=finn)

    decision = actions.decide_tier(contact, tier=Tier.ACCESS, outcome="advice", by=finn, at=LATER)

    contact.refresh_from_db()
    assert (decision.suggested_tier, decision.chosen_tier) == (Tier.ACCESS, Tier.ACCESS)
    assert [rule.number for rule in decision.fired.all()] == ["R40"]
    assert contact.status == Contact.Status.DECIDED and contact.outcome == "advice"
    assert decision.answers["given"]["safe_now"] == {"said": "yes", "value": "", "why": ""}
    assert decision.answers["assessment"]["version"] == decision.rule_set_version
    assert not decision.needs_case and decision.household is None


def test_unknown_is_not_no_and_the_queue_says_by_when(finn):
    item = actions.queue_contact(record(make.resident(), by=finn, answers={}), by=finn, at=NOON)

    assert item.suggested_tier == Tier.TRIAGE and item.urgency == "amber"
    assert "R38" in item.rules.split()
    assert item.due_at > NOON and item.contact.status == Contact.Status.WAITING


def test_support_gives_the_household_a_decision_that_waits_for_a_lead(finn, ben):
    person = make.resident()
    contact = record(person, by=finn, needs=["debt"], answers={**SAFE, "arrears": "rent utilities"})

    decision = actions.decide_tier(contact, tier=Tier.SUPPORT, outcome="referred", by=ben, at=LATER)

    assert decision.needs_case and decision.household.memberships.get().resident == person
    assert Decision.objects.awaiting_allocation().get() == decision
    assert ChronologyEntry.objects.get(verb="decide_tier").resident == person


def test_lower_needs_a_reason_and_words(finn, ben):
    contact = record(make.resident(), by=finn, needs=["debt"], answers={**SAFE, "arrears": "rent utilities"})

    with pytest.raises(ValidationError, match="Select why"):
        actions.decide_tier(contact, tier=Tier.UNIVERSAL, outcome="advice", by=ben, at=LATER)
    with pytest.raises(ValidationError, match="own words"):
        actions.decide_tier(
            contact, tier=Tier.UNIVERSAL, outcome="advice", lower_reason="already_met", reason=" ", by=ben, at=LATER
        )
    lower = actions.decide_tier(
        contact,
        tier=Tier.UNIVERSAL,
        outcome="advice",
        lower_reason="already_met",
        reason="Paid today.",
        by=ben,
        at=LATER,
    )
    assert lower.suggested_tier == Tier.SUPPORT and lower.chosen_tier == Tier.UNIVERSAL


def test_up_is_free(finn):
    decision = actions.decide_tier(record(make.resident(), by=finn), tier=5, outcome="to_statutory", by=finn, at=LATER)

    assert decision.lower_reason == "" and decision.needs_case


def test_a_hard_stop_is_lowered_only_by_a_duty_manager_who_did_not_log_it(finn, ben, dev):
    answers = {**SAFE, "danger_to_life": "yes"}
    lower = {"tier": Tier.SUPPORT, "outcome": "advice", "lower_reason": "known_safe", "reason": "Police are there."}

    with pytest.raises(ValidationError, match="Only a duty manager"):
        actions.decide_tier(record(make.resident(), by=finn, answers=answers), **lower, by=ben, at=LATER)
    with pytest.raises(ValidationError, match="You logged this"):
        actions.decide_tier(record(make.resident(), by=dev, answers=answers), **lower, by=dev, at=LATER)
    done = actions.decide_tier(record(make.resident(), by=finn, answers=answers), **lower, by=dev, at=LATER)
    assert done.hard_stop and done.chosen_tier == Tier.SUPPORT


def test_the_second_of_two_is_told_what_was_decided(finn, ben):
    contact = record(make.resident(), by=finn)
    first = actions.decide_tier(contact, tier=Tier.ACCESS, outcome="advice", by=finn, at=LATER)

    with pytest.raises(ValidationError, match="Finn Archer has decided this already: Access"):
        actions.decide_tier(contact, tier=Tier.UNIVERSAL, outcome="advice", by=ben, at=LATER)
    again = actions.decide_tier(
        contact, tier=Tier.UNIVERSAL, outcome="advice", previous=first, by=ben, at=LATER + timedelta(hours=1)
    )
    assert again.previous == first


def test_one_person_claims_and_the_other_is_told_who(finn, ben, dev):
    item = actions.queue_contact(record(make.resident(), by=finn, answers={}), by=finn, at=NOON)
    actions.claim(item, by=ben, at=NOON)

    assert actions.claim(item, by=ben, at=NOON).claimed_by == ben
    with pytest.raises(ValidationError, match="Ben Osei took this at 12:00pm"):
        actions.claim(item, by=finn, at=NOON)
    with pytest.raises(ValidationError, match="Ben Osei took this"):
        actions.decide_tier(item.contact, tier=Tier.SUPPORT, outcome="to_triage", by=finn, at=LATER)
    with pytest.raises(ValidationError, match="Only they or a manager"):
        actions.release(item, by=finn, at=NOON)
    assert actions.release(item, by=dev, at=NOON).status == TriageItem.Status.WAITING


def test_deciding_settles_the_queue(finn, ben):
    item = actions.queue_contact(record(make.resident(), by=finn, answers={}), by=finn, at=NOON)
    actions.claim(item, by=ben, at=NOON)

    actions.decide_tier(item.contact, tier=Tier.TRIAGE, outcome="to_triage", by=ben, at=LATER)

    item.refresh_from_db()
    assert item.status == TriageItem.Status.DECIDED
    with pytest.raises(ValidationError, match="no longer be done"):
        actions.claim(item, by=finn, at=LATER)


def test_a_child_at_risk_opens_a_safeguarding_episode_that_a_manager_completes(finn, ben, dev):
    contact = record(make.resident(), by=finn, answers={**SAFE, "child_abuse": "yes"})
    actions.decide_tier(contact, tier=Tier.INTERVENTION, outcome="to_statutory", by=ben, at=LATER)
    episode = SafeguardingEpisode.objects.get()

    assert episode.urgency == "red" and not episode.for_adult
    assert episode.due_at == NOON  # phone the hub now
    with pytest.raises(ValidationError, match="Only a manager"):
        actions.complete_episode(episode, outcome="assessment", rationale="Threshold met.", by=ben, at=LATER)
    with pytest.raises(ValidationError, match="Say why"):
        actions.complete_episode(episode, outcome="assessment", rationale=" ", by=dev, at=LATER)
    done = actions.complete_episode(episode, outcome="assessment", rationale="Threshold met.", by=dev, at=LATER)
    assert done.completed_by == dev
    with pytest.raises(InvalidMove):
        actions.complete_episode(episode, outcome="care", rationale="Again.", by=dev, at=LATER)


def test_an_adult_at_risk_opens_an_adult_episode(finn, ben):
    answers = {**SAFE, "adult_abuse_or_neglect": "yes", "adult_care_need": "yes", "cannot_protect_self": "yes"}
    actions.decide_tier(
        record(make.resident(), by=finn, answers=answers), tier=5, outcome="to_statutory", by=ben, at=LATER
    )

    assert SafeguardingEpisode.objects.get().for_adult


def test_answers_given_later_change_the_suggestion(finn, ben):
    contact = record(make.resident(), by=finn, answers={})
    item = actions.queue_contact(contact, by=finn, at=NOON)

    actions.answer_questions(contact, answers=SAFE, by=ben, at=LATER)

    item.refresh_from_db()
    assert item.suggested_tier == Tier.ACCESS and item.rules == "R40"
    with pytest.raises(ValidationError, match="no such question"):
        actions.answer_questions(contact, answers={"favourite_colour": "yes"}, by=ben, at=LATER)


def test_a_nameless_contact_may_be_decided_and_needs_a_case_once_it_is_linked(finn, ben):
    contact = record(None, by=finn, needs=["homeless"], answers={**SAFE, "sleep_tonight": "no", "child_abuse": "yes"})
    decision = actions.decide_tier(contact, tier=Tier.INTERVENTION, outcome="to_statutory", by=ben, at=LATER)
    assert not Decision.objects.awaiting_allocation().exists()

    person = make.resident()
    actions.link_contact(contact, resident=person, by=ben, at=LATER)

    assert Decision.objects.awaiting_allocation().get() == decision
    assert SafeguardingEpisode.objects.get().resident == person
    assert {"link_resident", "decide_tier"} <= set(
        ChronologyEntry.objects.filter(resident=person).values_list("verb", flat=True)
    )
    with pytest.raises(ValidationError, match="linked to somebody already"):
        actions.link_contact(contact, resident=make.resident("Other Person"), by=ben, at=LATER)


def test_a_step_goes_the_way_it_says_and_has_a_reason(finn, dev):
    home = make.household()
    first = make.decision(make.contact(home.memberships.get().resident), household=home)
    step = {"previous": first, "kind": "step_up", "reason": "Drift at two reviews.", "by": dev, "at": LATER}

    with pytest.raises(ValidationError, match="higher"):
        actions.record_step(home, **{**step, "tier": Tier.UNIVERSAL})
    with pytest.raises(ValidationError, match="Say why"):
        actions.record_step(home, **{**step, "reason": " ", "tier": Tier.INTERVENTION})
    up = actions.record_step(home, **step, tier=Tier.INTERVENTION)
    assert up.previous == first and up.chosen_tier == Tier.INTERVENTION and not up.needs_case
    with pytest.raises(ValidationError, match="in the meantime"):
        actions.record_step(home, **step, tier=Tier.INTERVENTION)


def test_withdrawing_empties_the_queue_but_not_over_a_hard_stop(finn, dev):
    quiet = actions.queue_contact(record(make.resident(), by=finn, answers={}), by=finn, at=NOON)
    danger = actions.queue_contact(
        record(make.resident(), by=finn, answers={**SAFE, "danger_to_life": "yes"}), by=finn, at=NOON
    )

    actions.withdraw_from_queue(quiet.contact, outcome="abandoned", by=finn, at=LATER)

    quiet.refresh_from_db()
    assert quiet.status == TriageItem.Status.WITHDRAWN
    with pytest.raises(ValidationError, match="dangerous"):
        actions.withdraw_from_queue(danger.contact, outcome="abandoned", by=finn, at=LATER)


# --- what the record knows ---------------------------------------------------------------------------------------


def test_the_third_contact_about_the_same_need_counts_the_household(finn):
    one, two = make.resident(), make.resident("Bola Okafor")
    make.household(one, two)
    for days in (60, 20):
        record(two, by=finn, needs=["benefits"], received_at=NOON - timedelta(days=days))
    record(two, by=finn, needs=["benefits"], received_at=NOON - timedelta(days=100))

    third = record(one, by=finn, needs=["benefits"])

    assert "R36" in assess_contact(third).numbers
    assert "R36" not in assess_contact(record(make.resident(), by=finn, needs=["benefits"])).numbers


def test_three_contacts_about_neglect_in_a_year(finn):
    person = make.resident()
    for days in (300, 100):
        record(person, by=finn, needs=["child_abuse_or_neglect"], received_at=NOON - timedelta(days=days))

    assert "R18" in assess_contact(record(person, by=finn, needs=["child_abuse_or_neglect"])).numbers
    assert "R18" not in assess_contact(record(person, by=finn, needs=["benefits"])).numbers


def test_work_closed_lately_and_work_still_open(finn, ben):
    home = make.household()
    person = home.memberships.get().resident
    earlier = NOON - timedelta(days=200)
    make.decision(make.contact(person, received_at=earlier), tier=Tier.INTERVENTION, household=home)
    lead = Involvement.objects.create(
        resident=person,
        kind="lead",
        user=ben,
        what="Lead",
        since=earlier.date(),
        until=(NOON - timedelta(days=30)).date(),
    )

    closed = assess_contact(record(person, by=finn))
    assert "R37" in closed.numbers and closed.suggested_tier == Tier.SUPPORT

    Involvement.objects.filter(pk=lead.pk).update(until=None, what="Social worker")
    assert "R17" in assess_contact(record(person, by=finn)).numbers


def test_a_minor_in_the_household_is_known_from_the_record(finn):
    adult, child = make.resident(), make.resident("Tayo Okafor", born_on=NOON.date() - timedelta(days=3000))
    make.household(adult, child)

    contact = record(adult, by=finn, needs=["debt", "parenting", "adult_mental_health"])

    assert "R33" in assess_contact(contact).numbers


@pytest.mark.parametrize(("channel", "ended"), [("phone_in", True), ("phone_out", True), ("phone_in", False)])
def test_what_is_known_before_a_contact_is_written_is_what_is_known_after(finn, ben, channel, ended, monkeypatch):
    adult, child = make.resident(), make.resident("Tayo Okafor", born_on=NOON.date() - timedelta(days=3000))
    home, earlier = make.household(adult, child), NOON - timedelta(days=80)
    make.decision(make.contact(child, received_at=earlier), tier=Tier.INTERVENTION, household=home)
    since, until = earlier.date(), (NOON - timedelta(days=30)).date() if ended else None
    Involvement.objects.create(resident=child, kind="lead", user=ben, what="Lead", since=since, until=until)
    Involvement.objects.create(resident=adult, kind="agency", who="A school", what="Social work", since=since)
    for needs in (["child_abuse_or_neglect"], ["debt"], ["debt", "benefits"]):
        record(child, by=finn, needs=needs, received_at=NOON - timedelta(days=20))
    foreseen = []
    monkeypatch.setattr(
        decisions, "facts_before", lambda *a, **k: foreseen.append(facts_before(*a, **k)) or foreseen[-1]
    )

    details = {"channel": channel, "received_at": NOON, "words": "Again", "basis": "privacy_notice", "by": finn}
    contact = actions.log_contact(
        adult, needs=["debt", "child_abuse_or_neglect"], answers=SAFE, outcome="to_triage", at=NOON, **details
    )

    assert foreseen == [facts_of(Contact.objects.get(pk=contact.pk))]
    tier = foreseen[0].closed_from_tier if ended else foreseen[0].open_tier
    assert tier == Tier.INTERVENTION
    assert foreseen[0].household_ages


def test_logging_into_the_queue_leaves_what_recording_and_queueing_leave(finn):
    person = make.resident()
    make.household(person)
    details = {"channel": "phone_in", "received_at": NOON, "words": "Again", "basis": "privacy_notice"}

    one = actions.log_contact(person, needs=["debt"], answers=SAFE, outcome="to_triage", by=finn, at=NOON, **details)
    two = record(person, by=finn, needs=["debt"], outcome="to_triage", words="Again")
    actions.queue_contact(two, by=finn, at=NOON)

    def left(contact):
        row = Contact.objects.filter(pk=contact.pk).values().get()
        told = ChronologyEntry.objects.filter(reference=contact.reference).values("verb", "heading", "household")
        said = AuditEvent.objects.filter(reference=contact.reference).order_by("pk")
        was = Contact._meta.apps.get_model("intake", "ContactHistory").objects.filter(pgh_obj_id=contact.pk)
        return (
            {k: v for k, v in row.items() if k not in ("id", "reference")},
            list(told),
            list(said.values("verb", "person_id", "role", "about", "fields")),
            list(contact.answers.order_by("question").values("question", "said", "value", "why", "by", "at")),
            list(contact.contact_needs.values("need__code", "place")),
            list(was.values("status", "version", "pgh_label")),
        )

    assert left(one) == left(two)
    assert TriageItem.objects.get(contact=one).due_at == TriageItem.objects.get(contact=two).due_at
