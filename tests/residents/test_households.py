"""Households as wholes, separations that are undone, and what residents are to each other."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, ProgrammingError, connection, transaction

from ledger.acting import acting_as, acting_as_system
from residents import actions, chronology
from residents.models import Household, Membership, PersonWhoMatters, Relationship, Resident, United
from tests import make

pytestmark = pytest.mark.django_db
TODAY = make.TODAY


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


def parted(family, ben, on=date(2026, 2, 1)):
    """Vera and Lee went, and Kim lives in both."""
    home = family["home"]
    moving, both = rows(home, family["vera"], family["lee"]), rows(home, family["kim"])
    return actions.separate_household(home, on=on, moving=moving, both=both, by=ben)


def as_they_live():
    return sorted(Membership.objects.values_list("household", "resident", "part", "since", "until"))


def test_a_separation_that_was_a_mistake_is_undone_exactly(family, ben, sign_in):
    home, before = family["home"], as_they_live()
    new = parted(family, ben)
    page = f"/households/{new.reference}"
    assert "Undo the separation" in sign_in(ben).get(page).content.decode()
    assert "Undo the separation" not in sign_in(ben).get(f"/households/{home.reference}").content.decode()

    asked = sign_in(ben).get(f"{page}/separate/undo").content.decode()
    assert f"live in household {home.reference} again" in asked and "Paul" not in asked
    done = sign_in(ben).post(f"{page}/separate/undo")

    assert done.url == f"/households/{home.reference}"
    assert as_they_live() == before
    for person in ("vera", "paul", "kim", "lee"):
        assert family[person].chronology.filter(verb="undo_separation").count() == 1
    assert "cannot be undone" in sign_in(ben).post(f"{page}/separate/undo").content.decode()
    assert parted(family, ben) != new, "they may separate again, truly this time"


@pytest.mark.parametrize("since", ["work", "came", "went", "joined", "back"])
def test_what_somebody_builds_on_is_not_undone(family, ben, since):
    home, vera, new = family["home"], family["vera"], parted(family, ben)
    if since == "work":
        chronology.add(vera, "record_contact", "Contact", subject=new, household=new, by=ben, at=make.NOON)
    elif since == "came":
        actions.join_household(make.resident("Nia Bell"), household=new, by=ben)
    elif since == "went":
        actions.leave_household(new.memberships.get(resident=family["lee"]), by=ben)
    elif since == "joined":
        actions.unite_households(new, other=home, moving=rows(home, family["paul"]), on=TODAY, by=ben)
    else:
        actions.join_household(vera, household=home, leave_present=False, by=ben)
    before = as_they_live()

    with pytest.raises(ValidationError, match="not undone"):
        actions.undo_separation(new, by=ben)
    assert as_they_live() == before


def test_only_a_separation_can_be_undone_and_only_the_system_takes_rows_away(family, ben):
    with pytest.raises(ValidationError):
        actions.undo_separation(family["home"], by=ben)
    new = parted(family, ben)
    for who, home in ((ben, new), (None, family["home"])):
        acting = acting_as(who) if who else acting_as_system("system:test")
        with acting, pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT acting.undo_separation(%s)", [home.pk])


def united(family, ben):
    """Vera came back to Paul with Lee and Kim, who had lived in both. Gives the household that they left, and how they lived before."""
    new = parted(family, ben)
    before = as_they_live()
    actions.unite_households(family["home"], other=new, moving=rows(new, *_three(family)), on=date(2026, 2, 20), by=ben)
    return new, before


def _three(family):
    return [family[one] for one in ("vera", "lee", "kim")]


def test_two_households_that_became_one_by_mistake_are_two_again_exactly(family, ben, sign_in):
    home = family["home"]
    new, before = united(family, ben)
    page = f"/households/{home.reference}"
    assert "Undo that another household joined" in sign_in(ben).get(page).content.decode()
    assert "Undo that another household joined" not in sign_in(ben).get(f"/households/{new.reference}").content.decode()

    asked = sign_in(ben).get(f"{page}/unite/undo").content.decode()
    assert f"Vera Lund and Lee Lund live in household {new.reference} again" in asked
    assert "Paul Lund and Kim Lund stay in this household" in asked and "Who lived in both" in asked
    done = sign_in(ben).post(f"{page}/unite/undo")

    assert done.url == page
    assert as_they_live() == before
    for person in ("vera", "paul", "kim", "lee"):
        assert family[person].chronology.filter(verb="undo_unite").count() == 1
    assert "cannot be undone" in sign_in(ben).post(f"{page}/unite/undo").content.decode()
    actions.unite_households(home, other=new, moving=rows(new, *_three(family)), on=date(2026, 2, 20), by=ben)
    actions.undo_unite(home, by=ben)
    assert as_they_live() == before, "they may become one again, truly this time, and that is a mistake again"


@pytest.mark.parametrize("since", ["work", "came", "went", "apart", "there"])
def test_what_somebody_builds_on_a_united_household_is_not_undone(family, ben, sign_in, since):
    home, vera = family["home"], family["vera"]
    new, _ = united(family, ben)
    if since == "work":
        chronology.add(vera, "record_contact", "Contact", subject=home, household=home, by=ben, at=make.NOON)
    elif since == "came":
        actions.join_household(make.resident("Nia Bell"), household=home, by=ben)
    elif since == "went":
        actions.leave_household(home.memberships.get(resident=family["paul"]), by=ben)
    elif since == "apart":
        actions.separate_household(home, on=TODAY, moving=rows(home, vera), by=ben)
    else:
        actions.join_household(make.resident("Nia Bell"), household=new, by=ben)
    before = as_they_live()

    with pytest.raises(ValidationError, match="not undone"):
        actions.undo_unite(home, by=ben)
    assert as_they_live() == before
    said = sign_in(ben).get(f"/households/{home.reference}/unite/undo").content.decode()
    assert "This cannot be undone" in said and "They separate" in said


def test_only_what_became_one_is_made_two_and_only_the_system_takes_rows_away(family, ben):
    with pytest.raises(ValidationError):
        actions.undo_unite(family["home"], by=ben)
    united(family, ben)
    row = United.objects.get()
    for who, number in ((ben, row.pk), (None, row.pk + 1)):
        acting = acting_as(who) if who else acting_as_system("system:test")
        with acting, pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT acting.undo_unite(%s)", [number])


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
