"""Records that may be of one person: shown while entered, found afterwards and each night, decided by people, and never merged by themselves."""

import html
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Role
from ledger.acting import acting_as, acting_as_system
from ledger.fields import PartialDate
from ledger.models import AuditEvent, OutboxJob
from ledger.moves import InvalidMove
from residents import actions, tasks
from residents.likely import likely_duplicates, never_again, typed_facts
from residents.models import LikelyPair, MatchRun, Relationship, Resident, ShownBefore
from residents.weights import BOROUGH
from tests import make

BORN = PartialDate(1984, 5, 17)
TYPED = {"name": "Amina Okafor", "born_0": "17", "born_1": "5", "born_2": "1984"}


def text_of(page):
    return html.unescape(page.content.decode())


def begin(name="Amina Okafor", born=BORN, by=None, **more):
    return actions.register_resident(name=name, born=born, by=by, at=timezone.now(), **more)


def run_jobs():
    for key in OutboxJob.objects.filter(job="residents.look_for_pairs", done_at=None).values_list("key", flat=True):
        tasks.look_for_pairs(key)


def test_a_new_record_is_compared_once_it_is_committed_and_people_decide(system, finn, ben):
    first, second = begin(), begin("Amina Okafer")
    relative = begin("Samuel Okafor", PartialDate(2010, 3, 7))
    run_jobs()

    pair = LikelyPair.objects.get()
    assert {pair.one, pair.other} == {first, second} and pair.per_mille >= 500
    assert "okaf" not in pair.levels and relative.pk not in (pair.one_id, pair.other_id)
    assert not never_again(first, second)
    with pytest.raises(ValidationError, match="how you know"):
        actions.keep_apart(pair, by=ben, at=timezone.now())
    pair = actions.keep_apart(pair, note="Spoke to both", by=ben, at=timezone.now())
    assert never_again(first, second) and never_again(second, first)
    with pytest.raises(InvalidMove):
        actions.call_same(pair, by=ben, at=timezone.now())

    actions.find_pairs(whole=True)
    actions.change_details(second, seen=second.version, by=ben, name="Amina Okafor")
    actions.find_pairs()
    assert LikelyPair.objects.get().status == LikelyPair.Status.APART, "never suggested again"


def test_who_was_not_sure_is_asked_again_when_something_new_is_known(system, ben):
    first, second = begin(), begin("Amina Okafer")
    actions.find_pairs()
    actions.leave_unsure(LikelyPair.objects.get(), by=ben, at=timezone.now())
    actions.find_pairs()
    assert LikelyPair.objects.get().status == LikelyPair.Status.UNSURE

    for one in (first, second):
        actions.add_phone(one, number="07700 900123", by=ben)
    actions.find_pairs()
    assert LikelyPair.objects.get().status == LikelyPair.Status.OPEN

    actions.change_details(second, seen=second.version, by=ben, name="Rosa Silva", born=PartialDate(1950))
    actions.end_phone(second.phones.get(), by=ben)
    Resident.events.rel.related_model.objects.all()  # former names stay: she may still be her
    actions.find_pairs()
    assert LikelyPair.objects.get().status in (LikelyPair.Status.OPEN, LikelyPair.Status.FADED)


def test_each_night_compares_what_changed_and_new_weights_compare_everybody(system, monkeypatch):
    begin()
    assert actions.find_pairs().whole, "the first run"
    MatchRun.objects.update(began_at=timezone.now() + timedelta(hours=2))
    begin("Amina Okafer")
    night = actions.find_pairs(at=timezone.now())
    assert (night.whole, night.people, night.found) == (False, 1, 1)

    monkeypatch.setattr("residents.actions.pairs.BOROUGH", type("New", (), {"version": "next"}))
    monkeypatch.setattr("residents.actions.pairs.timezone", timezone)
    assert actions.find_pairs().whole
    assert LikelyPair.objects.get().weights == "next" != BOROUGH.version


def known(name, born, number, lines="12 Heathway", postcode="RM10 7AB"):
    """Somebody with a telephone and an address."""
    person = begin(name, born)
    actions.add_phone(person, number=number, by=None)
    actions.move_to(person, lines=lines, postcode=postcode, by=None)
    return person


def test_families_namesakes_and_shared_numbers_stay_apart_and_a_second_run_changes_nothing(system):
    """Twins, father and son of one name, a mother's mobile on her child's record, a flatmate, two of one common name."""
    for name, born in (
        ("Tom Okafor", PartialDate(2010, 3, 7)),
        ("Jim Okafor", PartialDate(2010, 3, 7)),
        ("John Okafor", PartialDate(1980, 6, 1)),
        ("John Okafor", PartialDate(2006, 9, 9)),
        ("Grace Okafor", PartialDate(1982, 2, 2)),
        ("Piotr Nowak", PartialDate(1981, 2, 3)),
    ):
        known(name, born, "07700 900123")
    for day, number in ((3, "07700 900201"), (21, "07700 900955")):
        known("Mohammed Khan", PartialDate(1990, 5, day), number, f"{day} Bevan Avenue", "IG11 9NS")
    twice = [known("Amina Silva", BORN, "07700 900301", place) for place in ("3 Quiet Row", "9 New Street")]

    actions.find_pairs(whole=True)
    pair = LikelyPair.objects.get()
    assert {pair.one, pair.other} == set(twice)
    for whole in (True, False, True):
        actions.find_pairs(whole=whole)
    assert LikelyPair.objects.get().weighed_at == pair.weighed_at
    assert not LikelyPair.events.rel.related_model.objects.exists(), "nothing was written again"


def test_who_is_related_on_record_is_two_people(system, ben):
    first, second = begin(), begin("Amina Okafer")
    actions.find_pairs()
    actions.add_relationship(first, other=second, side="sibling", by=ben)
    assert LikelyPair.objects.get().status == LikelyPair.Status.FADED

    tie = Relationship.objects.get()
    actions.find_pairs(whole=True)
    assert LikelyPair.objects.get().status == LikelyPair.Status.FADED
    actions.end_relationship(tie, mistaken=True, by=ben)
    actions.find_pairs(whole=True)
    assert LikelyPair.objects.get().status == LikelyPair.Status.OPEN, "it never was so"


def test_a_restricted_person_is_nobodys_likely_duplicate_but_for_those_named(system, finn, ben, sign_in):
    hidden = make.restricted_resident("Amina Okafor", born_on=date(1984, 5, 17), named=[ben])
    open_one = begin()
    actions.find_pairs()
    pair = LikelyPair.objects.get()

    facts = typed_facts({"name": "Amina Okafor", "born": BORN})
    with acting_as(finn):
        assert not LikelyPair.objects.visible_to(finn).exists() and not LikelyPair.objects.exists()
        assert [one.resident for one in likely_duplicates(facts, by=finn)] == [open_one]
    with acting_as(ben):
        assert LikelyPair.objects.visible_to(ben).get() == pair
        assert {one.resident for one in likely_duplicates(facts, by=ben)} == {open_one, hidden}
    assert sign_in(finn).get(f"/residents/pairs/{pair.pk}").status_code == 404
    assert hidden.reference not in text_of(sign_in(finn).get("/residents/pairs"))


def test_somebody_who_was_shown_a_record_and_begins_another_is_written_down(system, sign_in, finn, as_owner):
    known = begin()
    run_jobs()
    live = text_of(sign_in(finn).post("/residents/new/alike", {**TYPED, "born_2": ""}))
    assert known.reference in live and "<form" not in live
    assert not text_of(sign_in(finn).post("/residents/new/alike", {"born_2": "1984"})).strip()
    asked = text_of(sign_in(finn).post("/residents/new", TYPED))
    assert known.reference in asked and "Agrees: first name, family name, date of birth" in asked
    late = begin()  # somebody else enters her in the same minute
    run_jobs()
    again = text_of(sign_in(finn).post("/residents/new", {**TYPED, "sure": known.reference}))
    assert late.reference in again, "nobody is sure about a record that they were not shown"
    done = sign_in(finn).post("/residents/new", {**TYPED, "sure": f"{known.reference} {late.reference}"})
    assert done.status_code == 302

    third = Resident.objects.latest("pk")
    assert {(row.begun, row.shown, row.by) for row in ShownBefore.objects.all()} == {
        (third, known, finn),
        (third, late, finn),
    }
    with as_owner():
        assert AuditEvent.objects.get(verb="begin_all_the_same").why == "2 shown"


def test_the_queue_puts_two_records_side_by_side(system, sign_in, dev):
    first, second = begin(), begin("Amina Okafer")
    actions.move_to(first, lines="12 Heathway", postcode="RM10 7AB", by=dev)
    run_jobs()
    pair = LikelyPair.objects.get()
    desk = sign_in(dev)

    assert f"/residents/pairs/{pair.pk}" in text_of(desk.get("/residents/pairs"))
    page = text_of(desk.get(f"/residents/pairs/{pair.pk}"))
    assert first.reference in page and second.reference in page and "12 Heathway" in page
    assert "Say whether they are the same person" in text_of(desk.post(f"/residents/pairs/{pair.pk}", {}))
    assert "Say how you know" in text_of(desk.post(f"/residents/pairs/{pair.pk}", {"decision": "apart"}))
    for decision, note, status in (
        ("unsure", "", "unsure"),
        ("apart", "Spoke to both", "apart"),
        ("again", "", "open"),
        ("same", "", "same"),
    ):
        assert desk.post(f"/residents/pairs/{pair.pk}", {"decision": decision, "note": note}).status_code == 302
        assert LikelyPair.objects.get().status == status
    assert Resident.objects.count() == 2, "nothing merges by itself"


@pytest.mark.usefixtures("committed")
def test_ten_officers_who_enter_one_person_two_hundred_times_leave_no_silent_duplicate():
    """Each pair was shown to the one who began the later record, or is in the review queue."""
    with acting_as_system("system:test"):
        officers = [make.user(f"Officer {number}", Role.FRONT_DOOR) for number in range(10)]
    together = Barrier(len(officers))

    def enter(officer):
        try:
            together.wait(20)
            for _ in range(20):
                with acting_as(officer), transaction.atomic():
                    facts = typed_facts({"name": "Amina Okafor", "born": BORN})
                    shown = [one.resident for one in likely_duplicates(facts, by=officer)]
                    resident = begin(by=officer)
                    actions.record_shown(resident, shown=shown, by=officer, at=timezone.now())
        finally:
            connection.close()

    def work(keys):
        try:
            for key in keys:
                tasks.look_for_pairs(key)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(officers)) as pool:
        list(pool.map(enter, officers))
    with acting_as_system("system:test"):
        keys = list(OutboxJob.objects.filter(job="residents.look_for_pairs").values_list("key", flat=True))
    with ThreadPoolExecutor(2) as pool:  # two workers take turns
        list(pool.map(work, (keys[::2], keys[1::2])))

    with acting_as_system("system:test"):
        people = sorted(Resident.objects.values_list("pk", flat=True))
        every = {(one, other) for one in people for other in people if one < other}
        queued = set(LikelyPair.objects.waiting().values_list("one_id", "other_id"))
        shown = {tuple(sorted(pair)) for pair in ShownBefore.objects.values_list("begun_id", "shown_id")}
    assert len(people) == 200 and len(every) == 19_900
    assert not every - queued - shown
