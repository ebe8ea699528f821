"""Merging as managers do it: what stands afterwards, who may open it, what happened since, and two who merge at once."""

from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Role
from cases.models import Case, CaseMember
from ledger import drafts
from ledger.acting import acting_as, acting_as_system
from ledger.models import AuditEvent, Draft
from ledger.versions import StaleVersion
from residents import actions, search
from residents.merging.actions import merge_residents, undo_merge
from residents.merging.since import what_happened
from residents.models import Agreement, ChronologyEntry, Membership, Merge, Phone, Resident, ResidentAddress
from tests import make

NOON = make.NOON


def record(name="Amina Okafor", **more):
    return actions.register_resident(name=name, by=None, at=NOON, **more)


def merge(survivor, other, *, by, **more):
    one, two = Resident.objects.get(pk=survivor.pk), Resident.objects.get(pk=other.pk)
    given = {"why": "Same passport", "at": NOON, **more}
    with acting_as(by):
        return merge_residents(one, other=two, seen=one.version, other_seen=two.version, by=by, **given)


def undo(merge, *, by, **more):
    with acting_as(by):
        return undo_merge(merge, why="Two people after all", by=by, at=NOON, **more)


def found(text, by):
    with acting_as(by):
        return [one.resident.reference for one in search.find(text, by=by)]


def phone(person, number="+447700900123", **more):
    return Phone.objects.create(resident=person, number=number, since=date(2024, 1, 1), **more)


def test_the_chosen_values_stand_and_the_others_still_find_the_person(dev, finn):
    amina, ami = record(), record("Aminah Yusuf", preferred_name="Mina")
    merge(amina, ami, by=dev, keep={"name": "survivor"})
    amina.refresh_from_db()

    assert (amina.name, amina.preferred_name) == ("Amina Okafor", "Mina")
    assert found("aminah yusuf", finn) == found(ami.reference, finn) == [amina.reference]
    assert not Resident.objects.visible_to(dev).filter(pk=ami.pk).exists()


def test_after_undoing_each_is_found_by_their_own_name_only(dev, finn):
    amina, ami = record(), record("Aminah Yusuf")
    undo(merge(amina, ami, by=dev, keep={"name": "other"}), by=dev)

    assert found("yusuf", finn) == [ami.reference]
    assert found("okafor", finn) == [amina.reference]


def test_the_safer_answer_holds(dev):
    amina, ami = record(), record()
    kept, coming = phone(amina, safe_to_call=True, note="after six"), phone(ami, note="say it is the library")
    merge(amina, ami, by=dev)
    kept.refresh_from_db()
    coming.refresh_from_db()

    assert (kept.until, kept.safe_to_call, kept.note) == (None, False, "after six; say it is the library")
    assert (coming.resident, coming.until) == (amina, coming.since)


def test_sharing_that_was_withdrawn_later_is_withdrawn(dev, ela):
    amina, ami = record(), record()
    agreed = make.agreement(amina, ela.organisation)
    again = make.agreement(amina, ela.organisation, recorded_at=NOON + timedelta(days=9))
    make.agreement(ami, ela.organisation, withdrawn_at=NOON + timedelta(days=3))
    merge(amina, ami, by=dev)
    agreed.refresh_from_db()
    again.refresh_from_db()

    assert agreed.withdrawn_at == NOON + timedelta(days=3)
    assert again.withdrawn_at is None, "agreed anew after that"
    assert Agreement.objects.filter(resident=amina).count() == 3


def test_the_home_that_was_not_chosen_is_a_former_one_and_a_refuge_stays_secret(dev):
    amina, ami = record(), record()
    for person, lines, secret in (
        (amina, "1 Quiet Row", False),
        (ami, "2 Quiet Row", False),
        (ami, "1 Quiet Row", True),
    ):
        actions.move_to(person, lines=lines, confidential=secret, since=date(2024, 1, 1), by=None)
    merge(amina, ami, by=dev, keep={"home": "other"})
    homes = ResidentAddress.objects.filter(resident=amina, address__lines="1 Quiet Row")

    assert {home.confidential for home in homes} == {True}
    assert homes.filter(until=None).count() == 1


def test_only_a_manager_who_may_open_both_merges(dev, ben, finn):
    amina, hidden = record(), make.restricted_resident()
    for person in (ben, finn):
        with pytest.raises(ValidationError, match="manager"):
            merge(amina, record(), by=person)
    with pytest.raises(ValidationError, match="no longer there"):
        merge(amina, hidden, by=dev)


def test_a_restricted_record_makes_the_whole_one_restricted_with_its_cases(dev, ben, cath):
    amina = record()
    home = make.household(amina)
    case = make.case(lead=ben, household=home)
    hidden = make.restricted_resident(named=[dev])
    done = merge(amina, hidden, by=dev, named=[ben])
    amina.refresh_from_db()
    case.refresh_from_db()

    assert amina.restricted and case.restricted
    assert [person for person in (ben, cath, dev) if Resident.objects.visible_to(person).filter(pk=amina.pk)] == [
        ben,
        dev,
    ]
    assert found("okafor", cath) == []
    undo(done, by=dev)
    case.refresh_from_db()
    assert not case.restricted and Resident.objects.visible_to(cath).filter(pk=amina.pk).exists()
    assert not Resident.objects.visible_to(cath).filter(pk=hidden.pk).exists()


def test_a_record_that_was_restricted_since_leaves_two_restricted_ones(dev, ben):
    amina, ami = record(), record()
    done = merge(amina, ami, by=dev)
    with acting_as(dev):
        actions.restrict_resident(Resident.objects.get(pk=amina.pk), named=[ben], reason="Refuge", by=dev, at=NOON)
    undo(done, by=dev)

    assert list(Resident.objects.filter(pk__in=[amina.pk, ami.pk]).values_list("restricted", flat=True)) == [True, True]
    assert Resident.objects.visible_to(ben).filter(pk=ami.pk).exists()


def test_no_record_is_left_that_nobody_may_open(dev):
    amina, hidden = record(), make.restricted_resident(named=[dev])
    done = merge(amina, hidden, by=dev)
    with acting_as(dev):
        actions.lift_restriction(Resident.objects.get(pk=amina.pk), by=dev, at=NOON)
    undo(done, by=dev)

    assert Resident.objects.visible_to(dev).filter(pk=hidden.pk, restricted=True).exists()


def test_what_happened_since_goes_where_it_is_told(dev, ben):
    amina, ami = record(), record()
    number = phone(amina, safe_to_call=True)
    phone(ami)
    call = make.contact(ami)
    done = merge(amina, ami, by=dev)
    stays, goes = phone(amina, "+447700900200"), phone(amina, "+447700900300")
    decided = make.decision(call, resident=amina)
    Phone.objects.filter(pk=number.pk).update(safe_to_call=True, note="her own")
    happened = what_happened(done)

    assert {one.key: one.follows for one in happened.added} == {
        f"residents.Phone:{stays.pk}": False,
        f"residents.Phone:{goes.pk}": False,
        f"triage.Decision:{decided.pk}": True,
    }
    assert [one.key for one in happened.changed] == [f"residents.Phone:{number.pk}"]
    undo(done, by=dev, choices={f"residents.Phone:{goes.pk}": "other", f"residents.Phone:{number.pk}": "keep"})
    for row in (stays, goes, decided, number):
        row.refresh_from_db()
    assert (stays.resident, goes.resident, decided.resident) == (amina, ami, ami)
    assert number.note == "her own"


def test_a_number_that_was_opened_again_since_does_not_stop_the_undoing(dev):
    amina, ami = record(), record()
    older, newer = phone(ami), Phone.objects.create(resident=amina, number="+447700900123", since=date(2025, 1, 1))
    done = merge(amina, ami, by=dev)
    Phone.objects.filter(pk=older.pk).update(until=date(2025, 6, 1))
    again = phone(amina)
    undo(done, by=dev)

    assert Phone.objects.get(resident=amina, until=None) == again
    newer.refresh_from_db()
    assert newer.until == newer.since


def test_merges_are_undone_from_the_last_one_back(dev):
    amina, ami, mina = record(), record(), record()
    first, second = merge(amina, ami, by=dev), merge(mina, amina, by=dev)
    with pytest.raises(ValidationError, match=mina.reference):
        undo(first, by=dev)
    undo(second, by=dev)
    undo(first, by=dev)
    with pytest.raises(ValidationError, match="already"):
        undo(first, by=dev)


def test_a_stale_page_and_a_merged_record_are_refused(dev):
    amina, ami, mina = record(), record(), record()
    with pytest.raises(StaleVersion), acting_as(dev):
        merge_residents(amina, other=ami, seen=amina.version - 1, other_seen=ami.version, why="x", by=dev, at=NOON)
    merge(amina, ami, by=dev)
    with pytest.raises(ValidationError, match="no longer there"):
        merge(mina, ami, by=dev)


def test_both_trails_and_the_story_say_so(dev, as_owner):
    amina, ami = record(), record()
    undo(merge(amina, ami, by=dev), by=dev)
    with as_owner():
        entries = AuditEvent.objects.filter(verb__in=["merge_residents", "undo_merge"]).order_by("id")
        assert [(one.verb, set(one.about)) for one in entries] == [
            (verb, {amina.reference, ami.reference}) for verb in ("merge_residents", "undo_merge")
        ]
    told = ChronologyEntry.objects.filter(kind="residents.Merge")
    assert [told.filter(resident=person).count() for person in (amina, ami)] == [2, 1]


def test_what_is_written_about_the_other_record_goes_to_the_one_that_stands(dev):
    amina, ami = record(), record()
    merge(amina, ami, by=dev)

    assert make.contact(ami).refresh_from_db() is None
    assert amina.contacts.count() == 1
    home = make.household(ami)
    assert Membership.objects.get(household=home).resident == amina


def test_somebody_counted_twice_counts_once(dev, ben):
    amina, ami = record(), record()
    home = make.household(amina, ami)
    case = make.case(lead=ben, household=home)
    merge(amina, ami, by=dev)

    assert Membership.objects.filter(household=home, until=None).count() == 1
    assert CaseMember.objects.filter(case=case, until=None).count() == 1
    assert Case.objects.get(pk=case.pk).about() == [amina.reference] * 2


# --- pages --------------------------------------------------------------------------------------------------------


def url(page, *references):
    return reverse(f"residents:{page}", args=references)


def test_a_merged_reference_opens_the_record_that_stands(sign_in, dev, finn):
    amina, ami = record(), record("Aminah Yusuf")
    merge(amina, ami, by=dev)
    Draft.objects.create(
        person_id=finn.pk, form="details", subject=ami.reference, path=url("details", ami.reference), saved_at=NOON
    )
    browser = sign_in(finn)
    page = browser.get(url("resident", ami.reference), follow=True)
    assert page.redirect_chain == [(url("resident", amina.reference), 302)]
    assert f"{ami.reference} is the same person" in page.content.decode()
    sent = browser.post(url("details", ami.reference), {"draft": f"warning/{ami.reference}", "name": "Amina"})
    assert sent["Location"] == url("details", amina.reference)
    with acting_as(finn):
        kept = {draft.form: draft for draft in Draft.objects.visible_to(finn)}
    assert {draft.subject for draft in kept.values()} == {amina.reference} and kept["warning"].data == {
        "name": ["Amina"]
    }


def test_a_merged_reference_of_a_restricted_person_is_not_there(sign_in, dev, cath):
    hidden, ami = make.restricted_resident(named=[dev]), record("Aminah Yusuf")
    merge(hidden, ami, by=dev)

    assert sign_in(cath).get(url("resident", ami.reference)).status_code == 404


def test_choosing_comparing_merging_and_undoing(sign_in, dev):
    amina, ami = record(language="Somali"), record("Aminah Yusuf", language="Polish")
    phone(ami)
    browser = sign_in(dev)
    chosen = browser.post(url("merge", amina.reference), {"words": ami.reference})
    assert chosen["Location"] == url("merge_with", amina.reference, ami.reference)
    with CaptureQueriesContext(connection) as asked:
        page = browser.get(chosen["Location"])
    words = page.content.decode()
    assert (
        len(asked) <= 12 + 4 and len(words) < 60_000
    )  # 4: this test's own savepoints and context, "\n".join(one["sql"][:110] for one in asked)
    assert "Aminah Yusuf" in words and "1 phone number" in words and "1 line of the chronology" in words
    typed = {"keep_name": "other", "keep_language": "survivor", "seen": 1, "other_seen": 1}
    assert "Enter how you know" in browser.post(chosen["Location"], typed).content.decode()
    typed["why"] = "She told us"
    asks = browser.post(chosen["Location"], typed).content.decode()
    assert "one record?" in asks and 'value="She told us"' in asks and not Merge.objects.exists()
    back = browser.post(chosen["Location"], {**typed, "step": "back"}).content.decode()
    assert "She told us" in back and "Are these one person?" in back
    done = browser.post(chosen["Location"], {**typed, "step": "merge"})
    assert done["Location"] == url("resident", amina.reference)
    amina.refresh_from_db()
    assert (amina.name, amina.language) == ("Aminah Yusuf", "Somali")
    added = phone(amina, "+447700900200")
    history = browser.get(url("merge", amina.reference)).content.decode()
    assert "She told us" in history and ami.reference in history
    way_back = url("undo_merge", amina.reference, Merge.objects.get().reference)
    with CaptureQueriesContext(connection) as asked:
        assert "Phone number: 07700 900200" in browser.get(way_back).content.decode()
    undone = browser.post(way_back, {"why": "Twins", "going": [f"residents.Phone:{added.pk}"]})
    assert undone["Location"] == url("resident", amina.reference)
    assert set(ami.phones.values_list("number", flat=True)) == {"+447700900123", "+447700900200"}
    assert "They are two people." in browser.get(url("merge", ami.reference)).content.decode()


def test_a_stale_comparison_shows_both_as_they_are_now(sign_in, dev):
    amina, ami = record(), record("Aminah Yusuf")
    typed = {"keep_name": "other", "seen": 1, "other_seen": 1, "why": "She told us", "step": "merge"}
    actions.change_details(ami, seen=1, name="Aminah Yusuf-Bell", by=None)
    page = sign_in(dev).post(url("merge_with", amina.reference, ami.reference), typed).content.decode()

    assert "Someone else changed this" in page and "Yusuf-Bell" in page and 'name="other_seen" value="2"' in page


def test_drafts_of_another_person_stay_theirs(finn, ben):
    with acting_as(finn):
        drafts.save_draft("contact", by=finn, path="/x/CS-1", data={}, subject="CS-1")
    with acting_as(ben):
        assert drafts.readdress("CS-1", to="CS-2", by=ben) == 0


# --- at once ------------------------------------------------------------------------------------------------------


def test_of_two_who_merge_the_same_records_at_once_one_is_told(committed):
    with acting_as_system("system:test"):
        managers = [make.user(f"Manager {n}", Role.MANAGER) for n in range(2)]
        people = [make.resident(), make.resident("Aminah Yusuf")]
    together, said = Barrier(2), []

    def work(number):
        by, (survivor, other) = managers[number], (people if number else people[::-1])
        together.wait()
        try:
            with acting_as(by):
                merge_residents(survivor, other=other, seen=1, other_seen=1, why="Same", by=by, at=NOON)
            said.append("done")
        except ValidationError as refusal:
            said.append(refusal.messages[0])
        finally:
            connections.close_all()

    threads = [Thread(target=work, args=[number]) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with acting_as_system("system:test"):
        assert Merge.objects.count() == Resident.objects.exclude(merged_into=None).count() == 1
    said.remove("done")
    assert "merged" in said[0] or "Try again" in said[0], "on a machine that is busy the second one waits no longer"
