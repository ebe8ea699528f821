"""Households as wholes, what residents are to each other, and the wall between an alleged perpetrator and whom they harm."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from ledger.acting import acting_as
from ledger.models import AuditEvent
from referrals import sharing
from residents import actions, chronology
from residents.models import Household, Involvement, PersonWhoMatters, Relationship, Resident
from tests import make

pytestmark = pytest.mark.django_db
TODAY = make.TODAY


@pytest.fixture
def family(system):
    """Vera and Paul, with their children Kim and Lee, in one household."""
    people = [
        make.resident("Vera Lund", born_on=date(1988, 1, 1)),
        make.resident("Paul Lund", born_on=date(1985, 1, 1)),
        make.resident("Kim Lund", born_on=date(2014, 1, 1)),
        make.resident("Lee Lund", born_on=date(2017, 1, 1)),
    ]
    home = make.household(*people)
    return {"home": home, **dict(zip(("vera", "paul", "kim", "lee"), people, strict=True))}


def rows(home, *people):
    return list(home.memberships.filter(resident__in=people, until=None))


def homes(person):
    return set(Household.objects.filter(memberships__resident=person, memberships__until=None))


def test_people_separate_and_a_child_lives_in_two(family, ben):
    home, on = family["home"], date(2026, 2, 1)

    new = actions.separate_household(
        home, on=on, moving=rows(home, family["vera"], family["lee"]), both=rows(home, family["kim"]), by=ben
    )

    assert homes(family["vera"]) == homes(family["lee"]) == {new}
    assert homes(family["paul"]) == {home}
    assert homes(family["kim"]) == {home, new}
    ended = home.memberships.get(resident=family["vera"])
    assert ended.until == on
    assert new.memberships.get(resident=family["vera"]).since == on
    told = {
        one.resident.name: one.heading
        for one in family["vera"].chronology.model.objects.filter(verb="separate_household")
    }
    assert set(told) == {"Vera Lund", "Paul Lund", "Kim Lund", "Lee Lund"}
    assert not any(one.name.split()[0] in heading for one in Resident.objects.all() for heading in told.values())


def test_a_separation_must_make_sense(family, ben):
    home = family["home"]
    everybody = list(home.memberships.all())
    vera = rows(home, family["vera"])

    for moving, on, words in (
        ([], TODAY, "at least one person who goes"),
        (everybody, TODAY, "at least one person who stays"),
        (vera, TODAY + timedelta(days=400), "today or in the past"),
        (vera, date(2019, 12, 31), "1 January 2020 or later"),
    ):
        with pytest.raises(ValidationError, match=words):
            actions.separate_household(home, on=on, moving=moving, by=ben)
    actions.separate_household(home, on=TODAY, moving=vera, by=ben)
    with pytest.raises(ValidationError, match="has left this household already"):
        actions.separate_household(home, on=TODAY, moving=vera, by=ben)


def test_two_households_become_one_and_nobody_is_there_twice(family, ben):
    home, on = family["home"], date(2026, 2, 1)
    moving, both = rows(home, family["vera"]), rows(home, family["kim"])
    new = actions.separate_household(home, on=on, moving=moving, both=both, by=ben)
    there = list(new.memberships.filter(until=None))

    with pytest.raises(ValidationError, match="1 February 2026 or later"):
        actions.unite_households(home, other=new, moving=there, on=date(2026, 1, 1), by=ben)
    actions.unite_households(home, other=new, moving=there, on=date(2026, 2, 20), by=ben)

    assert not new.memberships.filter(until=None).exists()
    assert home.memberships.filter(until=None).count() == 4
    assert homes(family["kim"]) == {home}


def test_of_a_restricted_person_who_goes_the_others_are_not_told(family, ben, dev):
    home = family["home"]
    actions.restrict_resident(family["vera"], named=[ben], reason="Safety", by=dev, at=make.NOON)

    actions.separate_household(home, on=TODAY, moving=rows(home, family["vera"]), by=ben)

    assert family["vera"].chronology.filter(verb="separate_household").exists()
    assert not family["paul"].chronology.filter(verb="separate_household").exists()


# --- relationships ------------------------------------------------------------------------------------------------


def test_one_row_is_read_from_both_sides_and_said_once(family, ben):
    vera, kim = family["vera"], family["kim"]
    row = actions.add_relationship(kim, other=vera, side="parent", by=ben)

    assert (row.said_from(kim), row.said_from(vera)) == ("Parent", "Child")
    for one, other, side in ((vera, kim, "child"), (kim, vera, "parent"), (vera, kim, "parent")):
        with pytest.raises(ValidationError, match="on record already"):
            actions.add_relationship(one, other=other, side=side, by=ben)
    with pytest.raises(IntegrityError), transaction.atomic():
        Relationship.objects.create(first=kim, second=vera, kind="parent")
    with pytest.raises(ValidationError, match="nobody is related to themselves"):
        actions.add_relationship(vera, other=vera, side="sibling", by=ben)
    actions.end_relationship(row, mistaken=True, by=ben)
    assert actions.add_relationship(vera, other=kim, side="child", by=ben)
    heading = kim.chronology.filter(verb="add_relationship").first().heading
    assert heading == "Relationship recorded: Parent and child"


def test_unlikely_ages_are_asked_about_and_never_refused(family, ben, sign_in):
    kim, lee = family["kim"], family["lee"]
    typed = {"words": lee.reference, "other": lee.reference, "side": "child", "asked": "", "note": ""}
    url = f"/residents/{kim.reference}/relationships/new"

    asked = sign_in(ben).post(url, typed)
    assert "only 3 years older" in asked.content.decode()
    assert not Relationship.objects.exists()
    done = sign_in(ben).post(url, typed | {"sure": f"{lee.reference} child"})

    assert done.status_code == 302
    assert Relationship.objects.get().first == kim


def test_people_who_matter_are_kept_once_and_end(family, ben):
    vera = family["vera"]
    nan = actions.add_person_who_matters(vera, name="Nan  Lund", relation="parent", phone="07700 900123", by=ben)

    assert (nan.name, nan.phone) == ("Nan Lund", "+447700900123")
    with pytest.raises(ValidationError, match="on the record already"):
        actions.add_person_who_matters(vera, name="nan lund", relation="parent", by=ben)
    actions.end_person_who_matters(nan, by=ben)
    assert not PersonWhoMatters.objects.filter(until=None).exists()


# --- the wall -----------------------------------------------------------------------------------------------------


@pytest.fixture
def wall(family, ben, cath, finn):
    """Ben works with Vera, who named Paul to him. Cath and Finn do not; all four still live together."""
    Involvement.objects.create(resident=family["vera"], kind="lead", user=ben, what="Leads their case", since=TODAY)
    with acting_as(ben):
        row = actions.add_relationship(family["vera"], other=family["paul"], side="alleged_perpetrator", by=ben)
        actions.add_relationship(family["vera"], other=family["paul"], side="former_partner", by=ben)
    return {**family, "row": row}


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


# --- the page of a household --------------------------------------------------------------------------------------


def test_the_page_of_a_household(sign_in, ben, family):
    home, kim = family["home"], family["kim"]
    for parent in ("vera", "paul"):
        actions.add_relationship(kim, other=family[parent], side="parent", by=ben)
    actions.add_relationship(family["vera"], other=family["paul"], side="partner", by=ben)
    actions.add_person_who_matters(family["vera"], name="Nan <Lund>", relation="parent", lives="Leeds", by=ben)
    gone = date(2026, 1, 10)
    actions.leave_household(home.memberships.get(resident=family["lee"]), on=gone, by=ben)
    for day, words in ((gone, "While Lee was here"), (gone + timedelta(days=2), "After Lee had gone")):
        chronology.add(family["lee"], "x", words, subject=home, by=ben, at=chronology_noon(day))
    client = sign_in(ben)

    text = client.get(f"/households/{home.reference}").content.decode()

    assert "While Lee was here" in text
    assert "After Lee had gone" not in text
    assert "Nan &lt;Lund&gt;" in text
    assert "parent of Vera Lund" in text
    assert "parent of Kim Lund; partner of Paul Lund" in text
    assert text.count("app-family__line--partner") == 1
    only = client.get(f"/households/{home.reference}?person={kim.reference}").content.decode()
    assert "While Lee was here" not in only


def chronology_noon(day):
    return make.NOON.replace(year=day.year, month=day.month, day=day.day)
