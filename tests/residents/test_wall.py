"""The wall between an alleged perpetrator and whom they are alleged to harm: on every page that lists others, and on what leaves the council."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from accounts.models import Role
from cases.models import Case, CaseMember
from ledger.acting import acting_as
from ledger.models import AuditEvent
from referrals import actions as referring
from referrals import sharing
from referrals.models import Referral
from residents import actions, chronology
from residents.models import LikelyPair, Membership, Relationship
from tests import make
from triage.models import TriageItem

pytestmark = pytest.mark.django_db
TODAY = make.TODAY


def test_the_link_is_seen_by_who_works_with_the_victim(wall, ben, cath, finn, dev, as_owner):
    for person, sees in ((ben, True), (cath, False), (finn, False), (dev, True)):  # Dev is a duty manager
        with acting_as(person):
            assert Relationship.objects.filter(pk=wall["row"].pk).exists() is sees, person
            assert Relationship.objects.visible_to(person).filter(pk=wall["row"].pk).exists() is sees, person
    assert not wall["paul"].chronology.filter(verb="add_relationship", heading__icontains="alleged").exists()
    with as_owner():
        about = AuditEvent.objects.filter(verb="add_relationship", subject_id=wall["row"].pk).get().about
    assert about == [wall["vera"].reference]


def test_the_perpetrators_pages_say_nothing_of_the_victim(wall, sign_in, ben, cath):
    """Neither their record, nor the household that both live in, nor the story that both stand in."""
    paul, vera, home = wall["paul"], wall["vera"], wall["home"]
    chronology.add([paul, vera], "visit", "Vera opened the door", subject=home, household=home, by=ben, at=make.NOON)
    pages = (f"/residents/{paul.reference}", f"/residents/{paul.reference}/relationships", f"/residents/{paul.reference}/household",
             f"/households/{home.reference}", f"/households/{home.reference}/separate")  # fmt: skip

    for page in pages:
        hidden = sign_in(cath).get(page).content.decode()
        assert "Vera" not in hidden, page
        assert vera.reference not in hidden, page
        assert "lleged" not in hidden, page
        assert "Vera" in sign_in(ben).get(page).content.decode(), page


def test_a_link_that_a_job_wrote_is_a_wall_too(wall, sign_in, cath):
    Relationship.objects.filter(pk=wall["row"].pk).update(recorded_by=None)

    assert "Vera" not in sign_in(cath).get(f"/residents/{wall['paul'].reference}").content.decode()


def test_the_victims_page_warns_everybody_and_names_nobody_to_most(wall, sign_in, ben, cath):
    page = f"/residents/{wall['vera'].reference}"

    told, knows = (sign_in(one).get(page).content.decode() for one in (cath, ben))

    assert "Somebody is alleged to harm this person" in told
    assert "In danger from somebody" in told
    assert "It is <a" not in told
    assert "It is <a" in knows


def test_naming_the_same_person_again_tells_nobody_that_it_was_known(wall, cath):
    with acting_as(cath):
        again = actions.add_relationship(wall["paul"], other=wall["vera"], side="alleged_victim", by=cath)

    assert again is None
    assert Relationship.objects.filter(kind="alleged").count() == 1
    with pytest.raises(ValidationError, match="Only a manager"):
        actions.end_relationship(wall["row"], by=cath)


def test_a_referral_of_the_perpetrator_shares_nothing_of_the_victim(wall, ben):
    vera, paul = wall["vera"], wall["paul"]
    for person in (vera, paul):
        actions.add_phone(person, number="020 8227 5000", safe_to_call=True, by=ben)
    actions.add_phone(vera, number="07700 900321", by=ben)
    actions.move_to(vera, lines="12 Hidden Row", postcode="RM10 7AB", by=ben)
    told = "Left Vera Lund, now at 12 Hidden Row RM107AB. Ring vera on 07700 900 321. Paul wants help."
    agreement = make.agreement(paul, make.organisation(), shared="Name, contact, need, risks")

    shared = sharing.what_is_shared(paul, agreement, reason=told, risks="Vera fears him")

    said = " ".join(shared.values())
    assert not any(word in said.lower() for word in ("vera", "hidden row", "rm10", "900321", "900 321", "8227"))
    assert "Paul wants help" in shared["shared_need"]
    assert shared["shared_name"] == "Paul Lund"


def test_after_they_part_no_page_about_the_perpetrator_leads_to_the_victim(parted, sign_in, ben, cath):
    """Every page that lists others, asked by somebody who does not work with her; the same by Ben shows that there is something."""
    paul, home = parted["paul"], parted["home"]
    place = paul.addresses.get()
    person, house = f"/residents/{paul.reference}", f"/households/{home.reference}"
    lists = (
        "",
        "/relationships",
        "/household",
        "/household/new",
        f"/address/{place.pk}/others",
        f"/address/{place.pk}",
    )
    pages = [f"{person}{page}" for page in (*lists, "?whole=on", "?kind=residents")]
    kim = f"?person={parted['kim'].reference}"
    pages += [f"{house}{page}" for page in ("", "/separate", "/separate/undo", "/unite", "?whole=on", kim)]
    for page in pages:
        said = sign_in(cath).get(page).content.decode()
        assert "Paul" in said or "cannot be undone" in said, page
        assert not [word for word in parted["never"] if word in said], page
    assert "Vera" in sign_in(ben).get(house).content.decode()
    assert "Vera" in sign_in(ben).get(f"{person}/address/{place.pk}/others").content.decode()


def test_the_work_about_the_perpetrator_does_not_tell_who_left(parted, sign_in, ben, cath):
    """The case that stayed with the household, a contact of his in the queue, and a decision that waits for a lead."""
    paul, vera, home = parted["paul"], parted["vera"], parted["home"]
    case = make.case(lead=cath, household=home)
    CaseMember.objects.create(case=case, resident=vera, since=date(2025, 1, 1), until=date(2026, 2, 1))
    chronology.add([paul, vera], "visit", "Vera opened the door", subject=case, household=home, by=ben, at=make.NOON)
    contact = make.contact(paul, household=home)
    TriageItem.objects.create(
        contact=contact, suggested_tier=2, urgency=2, rule_set_version="x", due_at=make.NOON, queued_at=make.NOON
    )
    pages = [f"/cases/{case.reference}{page}" for page in ("", "/story", "/people", "/people/member")]
    for page in (*pages, f"/triage/{contact.reference}", f"/contacts/{contact.reference}"):
        said = sign_in(cath).get(page)
        assert said.status_code == 200, page
        assert not [word for word in parted["never"] if word in said.content.decode()], page

    actions.join_household(
        vera, household=home, leave_present=False, by=ben
    )  # she came back: his page still says nothing
    mona = make.user("Mona Reid", Role.MANAGER, teams=[make.team("Homes and money")])
    Case.objects.update(status="closed", closed_at=make.NOON, closure_reason=make.outcomes_met())
    for about, sees in ((paul, False), (vera, True)):
        decision = make.decision(make.contact(about), household=home, team=mona.teams.get())
        said = sign_in(mona).get(f"/allocate/{decision.reference}").content.decode()
        assert "Kim Lund" in said and "Paul Lund" in said
        assert ("Vera" in said) is sees


def test_a_pair_of_the_two_is_suggested_to_nobody_and_seen_by_those_only_who_know(wall, sign_in, ben, cath, dev):
    paul, vera = wall["paul"], wall["vera"]
    one, other = sorted((paul, vera), key=lambda person: person.pk)
    pair = LikelyPair.objects.create(one=one, other=other, per_mille=900, levels="family:same", weights="1")

    for person, sees in ((ben, True), (dev, True), (cath, False)):
        with acting_as(person):
            assert LikelyPair.objects.visible_to(person).exists() is sees
            assert LikelyPair.objects.exists() is sees, "the second lock"
        assert sign_in(person).get(f"/residents/pairs/{pair.pk}").status_code == (200 if sees else 404)
        assert (vera.reference in sign_in(person).get("/residents/pairs").content.decode()) is sees
    actions.find_pairs()
    pair.refresh_from_db()
    assert pair.status == LikelyPair.Status.FADED


def test_neither_the_goal_nor_a_message_names_the_victim(wall, ben):
    food = make.organisation("Harbour Food Bank", email="inbox@harbour.example")
    agreement = make.agreement(wall["paul"], food, shared="Name, contact, need, risks")
    goal = "Lives apart from Vera " + "Lund " * 90
    unsent = {"status": "draft", "sent_at": None, "answer_due_at": None, "agreement": None}
    draft = make.referral(to=food, resident=wall["paul"], made_by=ben, goal=goal, **unsent)

    shared = sharing.what_is_shared(wall["paul"], agreement, reason="Food", goal=draft.goal)
    assert "Vera" not in shared["goal"] and len(shared["goal"]) <= 500
    sent = referring.send_referral(draft, by=ben, at=make.NOON)
    assert "Vera" not in Referral.objects.get(pk=sent.pk).goal
    message = referring.send_message(sent, text="Vera Lund must not meet him", by=ben, at=make.NOON)
    assert message.text == "[not shared] must not meet him"


def test_nobody_is_brought_to_live_with_somebody_in_danger_without_a_question(parted, sign_in, cath, dev):
    """By whomever they are looked for: Kim's latest household is her mother's. The question is the same whoever comes."""
    paul, kim, home = parted["paul"], parted["kim"], parted["home"]
    typed = {"words": kim.reference, "other": kim.reference, "part": "adult", "asked": "", "since_0": ""}
    for person in (paul, make.resident("Nia Bell")):
        url = f"/residents/{person.reference}/household"
        asked = sign_in(cath).post(url, typed)
        said = asked.content.decode()
        assert asked.status_code == 200 and "in danger from somebody" in said
        assert not [word for word in ("Vera", parted["new"].reference) if word in said]
    lee, day = parted["lee"], {"on_0": "2", "on_1": "3", "on_2": "2026"}
    unite = sign_in(cath).post(f"/households/{home.reference}/unite", {"words": "x", "other": lee.reference, **day})
    assert "in danger from somebody" in unite.content.decode()
    refused = sign_in(cath).post(url, typed | {"sure": kim.reference}).content.decode()
    assert "Ask the duty manager, who can record it" in refused, "Kim leads behind the wall"
    for said in (refused, unite.content.decode()):
        assert not [word for word in ("Vera", parted["new"].reference) if word in said]
    with acting_as(cath):
        assert not Membership.objects.filter(resident__name="Nia Bell").exists()
    assert sign_in(dev).post(url, typed | {"sure": kim.reference}).status_code == 302
