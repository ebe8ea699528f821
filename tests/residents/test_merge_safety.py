"""What a merge must never do: tell of a danger, open a restricted record, lose a decision, or let a merged record be found as a person."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from intake.changesets import actions as changesets
from intake.changesets.columns import guess
from intake.changesets.reading import read_sheet
from ledger.acting import acting_as
from ledger.fields import PartialDate
from ledger.models import OutboxJob
from residents import actions, tasks
from residents.likely import facts_of_people, likely_duplicates, typed_facts
from residents.merging.actions import merge_residents, undo_merge
from residents.models import LikelyPair, PairKey, Relationship, Resident, Restriction, behind_the_wall, in_danger
from residents.withheld import without_victims
from tests import make

NOON = make.NOON
NEUTRAL = "Ask the duty manager"


@pytest.fixture
def mo(system):
    """A manager of another team who is no duty manager."""
    return make.user("Mo Adeyemi", Role.MANAGER, teams=[make.team("Housing")])


def record(name="Amina Okafor", **more):
    return actions.register_resident(name=name, by=None, at=NOON, **more)


def now(person):
    return Resident.objects.get(pk=person.pk)


def merge(survivor, other, *, by, **more):
    one, two = now(survivor), now(other)
    given = {"why": "Same passport", "at": NOON, **more}
    with acting_as(by):
        return merge_residents(one, other=two, seen=one.version, other_seen=two.version, by=by, **given)


def undo(merge, *, by, at=NOON, **more):
    with acting_as(by):
        return undo_merge(merge, why="Two people after all", by=by, at=at, **more)


def alleged(first, second, by):
    return Relationship.objects.create(first=first, second=second, kind="alleged", recorded_by=by, recorded_at=NOON)


def words(page):
    return page.content.decode()


def url(page, *references):
    return reverse(f"residents:{page}", args=references)


# --- the wall -----------------------------------------------------------------------------------------------------


def test_an_alleged_perpetrator_and_a_victim_are_never_made_one(sign_in, dev, mo, ben):
    paul, vera = record("Paul Bell"), record("Vera Bell")
    alleged(paul, vera, ben)
    with pytest.raises(ValidationError, match=NEUTRAL):
        merge(paul, vera, by=mo)
    with pytest.raises(ValidationError, match="alleged to harm"):
        merge(paul, vera, by=dev)
    page = words(sign_in(mo).get(url("merge_with", paul.reference, vera.reference)))
    assert NEUTRAL in page and "alleged" not in page.lower() and "<textarea" not in page


def test_what_would_stand_both_ways_is_put_right_first(dev, mo, ben):
    paul, vera, second = record("Paul Bell"), record("Vera Bell"), record("Vera Bell")
    alleged(paul, vera, ben)
    alleged(second, paul, ben)
    with pytest.raises(ValidationError, match=NEUTRAL):
        merge(vera, second, by=mo)
    with pytest.raises(ValidationError, match="the other way round"):
        merge(vera, second, by=dev)


def test_the_wall_stands_before_a_victim_whose_records_were_merged(sign_in, dev, mo, cath, ben):
    paul, vera, second = record("Paul Bell"), record("Vera Hollis"), record("Vera Bell")
    alleged(paul, vera, ben)
    again = alleged(paul, second, dev)
    done = merge(second, vera, by=mo)
    with acting_as(cath):
        assert set(Resident.objects.filter(pk__in=behind_the_wall(paul.pk))) == {second}
        assert set(Resident.objects.filter(pk__in=in_danger(second.pk))) == {second}
        assert not Relationship.objects.exists()
    again.refresh_from_db()
    assert again.recorded_by in (ben, dev) and Relationship.objects.filter(second=second, until=None).count() == 1
    # What leaves about him names her by neither name.
    told = without_victims(paul, {"words": "He asked where Vera Hollis is. Vera Bell is away."})["words"]
    assert "Hollis" not in told and "Vera" not in told
    undo(done, by=dev)
    assert {row.second for row in Relationship.objects.filter(first=paul)} == {vera, second}


def test_a_perpetrators_pages_of_merging_tell_of_no_victim(sign_in, mo, ben):
    paul, pavel, vera = record("Paul Bell"), record("Pavel Bell"), record("Vera Hollis")
    alleged(pavel, vera, ben)
    browser = sign_in(mo)
    typed = {"seen": 1, "other_seen": 1, "why": "Passport", "keep_name": "survivor"}
    place = url("merge_with", paul.reference, pavel.reference)
    for page in (browser.get(place), browser.post(place, typed)):
        assert "relationship" not in words(page).lower() and "Vera" not in words(page)
    done = merge(paul, pavel, by=mo)
    assert Relationship.objects.get().first == paul
    way_back = url("undo_merge", paul.reference, done.reference)
    assert "relationship" not in words(browser.get(way_back)).lower()


def test_who_may_not_know_what_was_written_since_does_not_decide_about_it(sign_in, dev, mo, ben):
    paul, pavel, vera = record("Paul Bell"), record("Pavel Bell"), record("Vera Hollis")
    done = merge(paul, pavel, by=mo)
    since = alleged(paul, vera, ben)
    page = words(sign_in(mo).get(url("undo_merge", paul.reference, done.reference)))
    assert NEUTRAL in page and "alleged" not in page.lower() and "Vera" not in page
    with pytest.raises(ValidationError, match=NEUTRAL):
        undo(done, by=mo)
    undo(done, by=dev, choices={f"residents.Relationship:{since.pk}": "other"})
    since.refresh_from_db()
    assert since.first == pavel


# --- restricted ---------------------------------------------------------------------------------------------------


def restrict(person, dev, category, days):
    with acting_as(dev):
        actions.restrict_resident(now(person), named=[], reason=category, category=category, by=dev, at=NOON)
    Restriction.objects.filter(resident=person).update(review_on=make.TODAY + timedelta(days=days))


def test_of_two_restrictions_one_holds_the_graver_and_the_sooner_reviewed(dev):
    amina, ami = record(), record()
    restrict(amina, dev, "staff_interest", 20)
    restrict(ami, dev, "high_risk", 60)
    before = list(Restriction.objects.order_by("pk").values())
    done = merge(amina, ami, by=dev)
    one = Restriction.objects.get(resident=amina, until=None)

    assert (one.category, one.review_on) == ("high_risk", make.TODAY + timedelta(days=20))
    assert one.reason == "high_risk; staff_interest"
    undo(done, by=dev)
    assert list(Restriction.objects.order_by("pk").values()) == before


def test_a_record_restricted_or_opened_since_is_reviewed_as_it_stands(dev, ben):
    amina, ami, rosa, hidden = record(), record(), record("Rosa Petrov"), record("Rosa Petrov")
    restrict(hidden, dev, "high_risk", 60)
    first, second = merge(amina, ami, by=dev), merge(rosa, hidden, by=dev)
    restrict(amina, dev, "high_risk", 60)
    with acting_as(dev):
        actions.lift_restriction(now(rosa), by=dev, at=NOON)
    for done in (first, second):
        undo(done, by=dev)
    restricted = [now(person).restricted for person in (amina, ami, rosa, hidden)]
    reviewed = [Restriction.objects.in_force().filter(resident=person).count() for person in (amina, ami, rosa, hidden)]

    assert restricted == [True, True, False, True] and reviewed == [1, 1, 0, 1]


# --- pairs --------------------------------------------------------------------------------------------------------


def jobs():
    for key in OutboxJob.objects.filter(job="residents.look_for_pairs", done_at=None).values_list("key", flat=True):
        tasks.look_for_pairs(key)


def test_from_the_queue_a_manager_goes_on_to_make_them_one_and_others_leave_it_to_them(sign_in, dev, finn, client):
    born = PartialDate(1984, 5, 17)
    amina, ami = record(born=born), record("Amina Okafer", born=born)
    for person in (amina, ami):
        actions.add_phone(person, number="07700 900123", by=None)
    jobs()
    pair = LikelyPair.objects.get()
    place = f"/residents/pairs/{pair.pk}"
    assert sign_in(finn).post(place, {"decision": "same", "note": "Same passport"})["Location"] == "/residents/pairs"
    assert "A manager makes the two records one." in words(client.get(place))
    browser = sign_in(dev)
    assert place in words(browser.get("/residents/pairs?show=same"))
    onward = url("merge_with", pair.one.reference, pair.other.reference)
    assert onward in words(browser.get(place))
    assert "Same passport" in words(browser.get(onward)), "what was noted is the answer already"
    done = merge(amina, ami, by=dev)
    jobs()
    assert place not in words(browser.get("/residents/pairs?show=same"))
    assert set(PairKey.objects.values_list("resident", flat=True)) == {amina.pk}
    assert [pk for pk, _ in facts_of_people([amina.pk, ami.pk])] == [amina.pk]
    found = likely_duplicates(typed_facts({"name": "Amina Okafer", "born": born}), by=finn)
    assert [one.resident for one in found] == [amina]
    ((_, facts),) = facts_of_people([amina.pk])
    assert ["okafer" in name for name in facts.names].count(True) == 1, "found by the name of before as well"
    undo(done, by=dev)
    jobs()
    assert LikelyPair.objects.get().status == LikelyPair.Status.APART
    facts = dict(facts_of_people([amina.pk, ami.pk]))[amina.pk]
    assert not any("okafer" in name for name in facts.names)


def test_whoever_was_told_apart_is_not_merged_unless_that_is_taken_back(sign_in, dev):
    amina, ami = record(), record()
    undo(merge(amina, ami, by=dev), by=dev)
    page = words(sign_in(dev).get(url("merge_with", amina.reference, ami.reference)))
    pair = LikelyPair.objects.get()
    assert "Two people after all" in page and f"/residents/pairs/{pair.pk}" in page
    with pytest.raises(ValidationError, match="not the same person"):
        merge(amina, ami, by=dev)
    with acting_as(dev):
        actions.think_again(pair, by=dev)
    merge(amina, ami, by=dev)


def test_whom_the_one_record_was_told_apart_from_is_told_apart_from_both(dev):
    amina, ami, cousin = record(), record(), record()
    done = merge(amina, ami, by=dev)
    jobs()
    pair = LikelyPair.objects.get(one=amina, other=cousin)
    with acting_as(dev):
        actions.keep_apart(pair, note="Cousins", by=dev, at=NOON + timedelta(days=1))
        undo(done, by=dev, at=NOON + timedelta(days=2))

    told = {(row.one, row.other, row.note) for row in LikelyPair.objects.filter(status="apart")}
    assert told == {
        (amina, cousin, "Cousins"),
        (ami, cousin, "Cousins"),
        (amina, ami, "Two people after all"),
    }


# --- imports ------------------------------------------------------------------------------------------------------


def test_an_import_is_not_undone_under_a_merge(dev):
    amina = record(born=None)
    sheet = read_sheet(b"id,name,date of birth\n1,Leila Haddad,1990-02-03")
    with acting_as(dev):
        changeset = changesets.begin_changeset(sheet, source="Housing", file="people.csv", by=dev)
        changeset = changesets.choose_columns(changeset, mapping=guess(sheet.headings), by=dev)
        changesets.accept_waiting(changeset, by=dev, at=NOON)
    leila = Resident.objects.get(name="Leila Haddad")
    done = merge(amina, leila, by=dev)
    assert changeset.changes.get().resident == amina
    with acting_as(dev), pytest.raises(ValidationError):
        changesets.undo_changeset(changeset, by=dev, at=NOON)
    undo(done, by=dev, at=timezone.now())
    assert changeset.changes.get().resident == leila
    with acting_as(dev), pytest.raises(ValidationError, match="merge"):
        changesets.undo_changeset(changeset, by=dev, at=NOON)
    assert now(leila).born_on == date(1990, 2, 3)
