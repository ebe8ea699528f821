"""A child of an alleged perpetrator and of whom they are alleged to harm: no page about the child leads from the one to the other."""

from datetime import date

import pytest

from accounts.models import Role
from intake.changesets.differing import differences, held_by, taken
from ledger.acting import acting_as
from residents import actions
from residents.models import Involvement, LikelyPair, Resident
from residents.reach import ways_to_reach, ways_to_reach_all
from residents.withheld import without_victims
from tests import make
from triage.models import TriageItem

pytestmark = pytest.mark.django_db
TODAY = make.TODAY


@pytest.fixture
def beside(parted, ben, cath):
    """Kim, who lives with Paul and with Vera; Cath works with Paul's household, so with Kim too. Kim's record says where Vera is."""
    kim, vera, paul = parted["kim"], parted["vera"], parted["paul"]
    actions.move_to(kim, lines="3 Their Road", postcode="RM8 2BB", since=date(2026, 3, 1), by=ben)
    actions.move_to(paul, lines="3 Their Road", postcode="RM8 2BB", since=date(2026, 3, 1), by=ben)
    actions.record_care_of(
        kim, care_of="Mums place", lines="12, hidden row", postcode="RM10 7AB", safe_to_post=True, by=ben
    )
    actions.add_phone(kim, number="07700 900321", safe_to_call=True, note="Mums phone", by=ben)
    actions.add_phone(kim, number="07700 900777", safe_to_call=True, by=ben)
    actions.add_email(kim, address="Vera@hidden.example", safe_to_write=True, by=ben)
    actions.add_email(vera, address="vera@hidden.example", by=ben)
    for parent in (vera, paul):
        actions.add_relationship(kim, other=parent, side="parent", by=ben)
    Involvement.objects.create(resident=kim, kind="lead", user=cath, what="Leads their case", since=TODAY)
    return parted | {"never": (*parted["never"], "900 321", "hidden row", "hidden.example", "Mums")}


def test_a_child_of_both_leads_nobody_to_the_victim(beside, sign_in, ben, cath):
    """Paul's page names Kim; no page about Kim says where she is with Vera, or that there is a Vera. Ben, who works with Vera, reads all."""
    kim, paul, home = beside["kim"], beside["paul"], beside["home"]
    places = {one.address.lines: one.pk for one in kim.addresses.all()}
    person = f"/residents/{kim.reference}"
    assert kim.reference in sign_in(cath).get(f"/residents/{paul.reference}").content.decode()
    lists = (
        "",
        "?whole=on",
        "?kind=residents",
        "/relationships",
        "/household",
        "/household/new",
        "/address",
        "/details",
    )
    lists += (f"/address/{places['3 Their Road']}/others",)
    for page in (*(f"{person}{one}" for one in lists), f"/households/{home.reference}?whole=on"):
        said = sign_in(cath).get(page)
        assert said.status_code == 200, page
        assert not [word for word in beside["never"] if word in said.content.decode()], page
    shown = sign_in(cath).get(person).content.decode()
    assert "Part of this record is not shown here" in shown and "Not shown here – ask the duty manager" in shown
    assert "3 Their Road" in shown and "07700 900777" in shown and "Paul Lund" in shown
    knows = sign_in(ben).get(person).content.decode()
    assert all(
        word in knows for word in ("Vera", "12 Hidden Row", "07700 900321", "hidden.example", beside["new"].reference)
    )
    assert "not shown here" not in knows


def test_rows_of_a_child_that_lead_to_the_victim_cannot_be_opened(beside, sign_in, ben, cath):
    kim = beside["kim"]
    part = kim.memberships.get(household=beside["new"])
    hidden = kim.addresses.get(kind="home", address__lines="12 Hidden Row")
    phone, email = kim.phones.get(number="+447700900321"), kim.emails.get()
    person = f"/residents/{kim.reference}"
    for page in (
        f"/address/{hidden.pk}", f"/address/{hidden.pk}/end", f"/address/{hidden.pk}/others", f"/phones/{phone.pk}",
        f"/phones/{phone.pk}/end", f"/emails/{email.pk}", f"/emails/{email.pk}/end", f"/household/{part.pk}/leave",
    ):  # fmt: skip
        assert sign_in(cath).get(person + page).status_code == 404, page
        assert sign_in(ben).get(person + page).status_code == 200, page


def test_lists_of_people_do_not_say_where_the_child_is_with_the_victim(beside, sign_in, cath, dev):
    """Search, suggestions, choosing somebody, likely duplicates, and two records beside each other, by a manager who does not know."""
    kim, mona = beside["kim"], make.user("Mona Reid", Role.MANAGER, teams=[make.team("Homes and money")])
    kim.addresses.filter(kind="home", until=None).update(until=TODAY)
    actions.move_to(kim, lines="12 Hidden Row", postcode="RM10 7AB", by=None)
    twin = make.resident("Kim Lund", born_on=date(2014, 1, 1))
    one, other = sorted((kim, twin), key=lambda person: person.pk)
    pair = LikelyPair.objects.create(one=one, other=other, per_mille=900, levels="family:same", weights="1")
    asked = {"words": kim.reference, "find": kim.reference, "asked": "", "other": "", "name": "Kim Lund",
             "born_0": "1", "born_1": "1", "born_2": "2014"}  # fmt: skip
    pages = [(cath, page) for page in ("/find", "/find/suggestions", f"/residents/{twin.reference}/household",
             f"/residents/{twin.reference}/relationships/new", "/residents/new/alike")]  # fmt: skip
    for by, page in (*pages, (mona, f"/residents/{twin.reference}/same"), (dev, "/find")):
        said = sign_in(by).post(page, asked).content.decode()
        assert kim.reference in said or "redirect" in said or page.endswith("/same"), page
        if by != dev:
            assert not [word for word in beside["never"] if word in said and word != "lleged"], (
                page
            )  # a choice of the form
    assert "Hidden Row" in said  # Dev is a duty manager
    for page in (f"/residents/pairs/{pair.pk}", f"/residents/{twin.reference}/same/{kim.reference}"):
        said = sign_in(mona).get(page).content.decode()
        assert "Kim Lund" in said
        assert not [word for word in beside["never"] if word in said], page
        assert "Hidden Row" in sign_in(dev).get(page).content.decode(), page


def test_nobody_is_registered_into_a_household_that_is_not_shown(beside, sign_in, ben, cath):
    typed = {"name": "Nia Bell", "lives_with": beside["kim"].reference, "sure": ""}
    for person, may in ((cath, False), (ben, True)):
        said = sign_in(person).post("/residents/new", typed)
        assert (said.status_code == 302) is may
        assert may or "Ask the duty manager, who can record it" in said.content.decode()
        assert Resident.objects.filter(name="Nia Bell").exists() is may


def test_work_about_the_child_does_not_say_where_the_victim_is(beside, sign_in, ben, cath):
    """A contact that was logged for the household of the two, its place in the queue, and how the child may be reached."""
    kim, new = beside["kim"], beside["new"]
    contact = make.contact(kim, household=new)
    TriageItem.objects.create(
        contact=contact, suggested_tier=2, urgency=2, rule_set_version="x", due_at=make.NOON, queued_at=make.NOON
    )
    for page in (
        f"/contacts/{contact.reference}",
        f"/triage/{contact.reference}",
        f"/contacts/new?resident={kim.reference}",
    ):
        said = sign_in(cath).get(page)
        assert said.status_code == 200, page
        assert not [word for word in beside["never"] if word in said.content.decode()], page
    mona = make.user("Mona Reid", Role.MANAGER, teams=[make.team("Homes and money")])
    decision = make.decision(make.contact(kim), household=new, team=mona.teams.get())
    said = sign_in(mona).get(f"/allocate/{decision.reference}").content.decode()
    assert "Kim Lund" in said and "Vera" not in said
    for person, sees in ((cath, False), (ben, True)):
        with acting_as(person):
            for reach in (ways_to_reach(kim), ways_to_reach_all([kim])[kim.pk]):
                said = " ".join(way.words for way in reach.ways)
                assert "07700 900777" in said
                assert all((word in said.lower()) is sees for word in ("900321", "hidden row", "hidden.example"))


def test_a_file_beside_the_child_shows_nothing_of_where_the_victim_is(beside, ben, cath):
    """Who reviews a file sees of the child what their page shows; the hidden address is as one that must not be told: it stays."""
    kim = beside["kim"]
    said = {"name": kim.name, "lines": "1 Other Street", "postcode": "RM8 2BB", "phone": "+447700900555"}
    with acting_as(cath):
        shown = differences(said, held_by([kim.pk])[kim.pk])
    assert not [word for word in beside["never"] if word in str(shown)]
    assert "home" not in taken(shown, take={"home"})
    with acting_as(ben):
        whole = held_by([kim.pk])[kim.pk]
    assert "+447700900321" in whole.phones


def test_what_is_sent_about_the_child_says_nothing_of_where_the_victim_is(beside, ben):
    """Whoever writes it: her name may be the point, a number or an address is not. The victim's own referrals are not touched."""
    told = "Vera Lund brings her from 12 Hidden Row RM107AB, 07700 900 321. School: 3 Their Road."
    for person, hidden in ((beside["kim"], True), (beside["lee"], True), (beside["vera"], False)):
        said = without_victims(person, {"need": told, "contact": "07700 900321: call"})
        assert "Vera Lund brings her" in said["need"] and "3 Their Road" in said["need"]
        assert ("Hidden Row" not in said["need"] and "900 321" not in said["need"] and not said["contact"]) is hidden


def test_the_victims_own_page_and_household_stay_whole(beside, sign_in, cath, finn):
    """The front door helps the victim: what is theirs is no page of the perpetrator, also where a child is a victim too."""
    vera, lee, new = beside["vera"], beside["lee"], beside["new"]
    with acting_as(finn):
        actions.add_relationship(lee, other=beside["paul"], side="alleged_perpetrator", by=finn)
    for page in (f"/residents/{vera.reference}", f"/households/{new.reference}", f"/residents/{lee.reference}"):
        said = sign_in(cath).get(page).content.decode()
        assert "Vera Lund" in said and "Lee Lund" in said, page
        assert "Part of this record" not in said
    assert "12 Hidden Row" in sign_in(cath).get(f"/residents/{vera.reference}").content.decode()
