"""Files of people: compared with whom we know, taken in, taken in again, undone; nobody restricted ever gets an open twin."""

from random import Random

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import DataError, connection
from django.test.utils import CaptureQueriesContext

from intake import tasks
from intake.changesets import actions
from intake.changesets.columns import guess
from intake.changesets.facts import BY_HAND, compared
from intake.changesets.reading import read_sheet
from intake.extract.files import Unusable
from intake.models import Changeset, ImportedRecord, ImportRun, ProposedChange, QuarantinedMatch
from ledger.acting import acting_as
from ledger.models import OutboxJob
from residents.actions import add_phone, find_pairs, look_for_pairs, move_to
from residents.likely import facts_of_people, scale
from residents.models import ChronologyEntry, Phone, Resident
from residents.search import write_keys
from residents.weights import SUGGEST
from tests import make
from tests.make import NOON

pytestmark = pytest.mark.django_db
HEAD = "id,name,date of birth,phone,address,postcode"


def read(rows: str | list[str], *, by, head: str = HEAD, source: str = "Housing") -> Changeset:
    """A file read and judged."""
    body = "\n".join([head, *([rows] if isinstance(rows, str) else rows)])
    sheet = read_sheet(body.encode())
    with acting_as(by):
        changeset = actions.begin_changeset(sheet, source=source, file="people.csv", by=by)
        return actions.choose_columns(changeset, mapping=guess(sheet.headings), by=by)


def verdicts(changeset: Changeset) -> list[tuple[str, str]]:
    return list(changeset.changes.values_list("verdict", "state"))


def known(name: str, born_on, *, phone: str = "", lines: str = "", **fields) -> Resident:
    """Somebody on record, findable by search and matching."""
    person = make.resident(name, born_on=born_on, **fields)
    if phone:
        add_phone(person, number=phone, by=None)
    if lines:
        move_to(person, lines=lines, postcode="RM10 7AB", since=make.TODAY, by=None)
    write_keys(person)
    look_for_pairs([person.pk])
    return Resident.objects.get(pk=person.pk)


def everything() -> dict[str, list]:
    """All rows of the residents' rooms and of the links, for comparing before and after; not what is worked out from them."""
    derived = ("matchrun", "searchkey", "search_", "_key", "pairkey", "nameshare")
    names = [name for name in connection.introspection.table_names() if name.startswith("residents_")]
    tables = [name for name in names if not any(part in name for part in derived)]
    found = {}
    with connection.cursor() as cursor:
        for table in [*tables, "intake_importedrecord", "intake_contact"]:
            if table.endswith("history"):
                continue
            cursor.execute(f'SELECT * FROM "{table}" ORDER BY 1, 2')
            found[table] = cursor.fetchall()
    return found


def test_new_matched_to_be_decided_and_refused_each_with_its_reason(system, dev):
    from datetime import date

    amina = known("Amina Okafor", date(1984, 5, 17), phone="07700 900123", lines="12 Heathway")
    known("Peter Stone", date(1970, 1, 9), lines="4 Oak Street")
    changeset = read(
        [
            "1,Amina Okafor,17/05/1984,07700 900123,12 Heathway,RM10 7AB",
            "2,Amina Okafor,17/05/1984,07700 900999,99 Other Lane,RM9 4ZZ",
            "3,Leila Haddad,1990-02-03,,,",
            "4,Tom Adeyemi,31/02/1990,,,",
            "5,Only A Name,,,,",
            "6,=cmd|calc,03/04/1990,,,",
        ],
        by=dev,
    )
    assert changeset.status == "ready"
    rows = {row.number: row for row in changeset.changes.all()}
    print([(n, r.verdict, r.state, r.reason, r.candidates) for n, r in rows.items()])
    assert (rows[2].verdict, rows[2].resident) == ("matched", amina)
    assert rows[3].verdict in ("conflicting", "matched")
    assert (rows[4].verdict, rows[4].state) == ("new", "waiting")
    assert (rows[5].verdict, rows[5].state) == ("refused", "left") and "31/02/1990" in rows[5].reason
    assert rows[6].reason == BY_HAND
    assert "formula" in rows[7].reason
    assert not any(row.cells for row in rows.values())


def test_the_same_file_again_changes_nothing_and_a_changed_row_is_asked_about(system, dev):
    rows = ["1,Leila Haddad,1990-02-03,07700 900200,,", "2,Omar Haddad,1988-06-07,,,"]
    first = read(rows, by=dev)
    with acting_as(dev):
        actions.accept_waiting(first, by=dev, at=NOON)
    assert verdicts(first) == [("new", "accepted")] * 2
    assert ImportedRecord.objects.filter(source="Housing").count() == 2
    for person in Resident.objects.all():
        look_for_pairs([person.pk])
    before = everything()
    again = read([*rows, "3,Sara Haddad,2015-01-02,,1 Elm Row,RM10 7AB"], by=dev)
    assert verdicts(again) == [("unchanged", "left")] * 2 + [("new", "waiting")]
    with acting_as(dev):
        actions.reject_change(again.changes.get(number=4), reason="Not ours", by=dev, at=NOON)
    changed = read(
        [rows[0].replace("900200", "900201"), rows[1], "3,Sara Haddad,2015-01-02,,1 Elm Row,RM10 7AB"], by=dev
    )
    assert verdicts(changed) == [("matched", "waiting"), ("unchanged", "left"), ("unchanged", "left")]
    assert everything() == before
    with acting_as(dev):
        actions.accept_waiting(changed, by=dev, at=NOON)
    assert Phone.objects.count() == 2 and Resident.objects.count() == 2


def test_twins_stay_two_and_the_same_person_twice_becomes_one(system, dev):
    changeset = read(
        [
            "1,Kehinde Bello,2012-05-05,,7 Valence Avenue,RM8 3AB",
            "2,Taiwo Bello,2012-05-05,,7 Valence Avenue,RM8 3AB",
            "3,Kehinde Bello,05/05/2012,07700 900300,7 Valence Avenue,RM8 3AB",
        ],
        by=dev,
    )
    rows = list(changeset.changes.all())
    assert rows[2].repeats == rows[0] and rows[1].repeats is None
    with acting_as(dev):
        actions.accept_waiting(changeset, by=dev, at=NOON)
    rows = list(changeset.changes.all())
    assert [row.state for row in rows] == ["accepted"] * 3
    assert rows[0].resident == rows[2].resident != rows[1].resident
    assert Resident.objects.count() == 2 and rows[0].resident.phones.count() == 1


def test_an_import_is_undone_exactly_while_nothing_builds_on_it(system, dev):
    from datetime import date

    amina = known("Amina Okafor", date(1984, 5, 17), phone="07700 900123", lines="12 Heathway")
    before = everything()
    changeset = read(
        [
            "1,Amina Okafor-Bell,17/05/1984,07700 900123,14 Heathway,RM10 7AB",
            "2,Leila Haddad,1990-02-03,07700 900200,3 New Road,RM9 4ZZ",
        ],
        by=dev,
    )
    row = changeset.changes.get(number=2)
    with acting_as(dev):
        actions.accept_change(row, into=amina, take={"name", "home"}, by=dev, at=NOON)
        actions.accept_waiting(changeset, by=dev, at=NOON)
    amina.refresh_from_db()
    leila = Resident.objects.get(name="Leila Haddad")
    assert amina.name == "Amina Okafor-Bell" and leila.phones.count() == 1
    look_for_pairs([leila.pk])
    contact = make.contact(leila)
    with acting_as(dev), pytest.raises(ValidationError, match="1 contact"):
        actions.undo_changeset(changeset, by=dev, at=NOON)
    type(contact).objects.filter(pk=contact.pk).update(resident=None)
    kept = everything()["intake_contact"]
    with acting_as(dev):
        actions.undo_changeset(changeset, by=dev, at=NOON)
    after = everything()
    assert after.pop("intake_contact") == kept
    before.pop("intake_contact")
    assert {t for t in before if before[t] != after[t]} == set()
    assert set(changeset.changes.values_list("state", flat=True)) == {"undone"}
    assert read("2,Leila Haddad,1990-02-03,07700 900200,3 New Road,RM9 4ZZ", by=dev).changes.get().verdict == "new"


def noisy(random: Random, name: str, born, phone: str) -> str:
    """A row about a person, written as somebody in a hurry would."""
    first, last = name.split()
    written = random.choice([name, f"{first[:-1]} {last}", f"{last} {first}", name.upper(), f"{first} {last}e"])
    day = random.choice(
        [f"{born:%d/%m/%Y}", f"{born:%Y-%m-%d}", f"{born:%m/%d/%Y}" if born.day <= 12 else f"{born:%d/%m/%Y}"]
    )
    number = random.choice([phone, phone, ""])
    return f",{written},{day},{number},,"


def test_no_import_makes_an_open_record_of_somebody_restricted(system, dev, finn):
    """Property: whatever a file says of restricted people, nobody visible is like them afterwards, and no answer tells."""
    from datetime import date

    random = Random(41)
    firsts = ["Rosa", "Amina", "Tomasz", "Yetunde", "Mohammed", "Grace", "Ivan", "Priya"]
    lasts = ["Hidden", "Okafor", "Nowak", "Bello", "Rahman", "Stone", "Petrov", "Shah"]
    hidden = []
    for number in range(12):
        born = date(1960 + number * 4, random.randint(1, 12), random.randint(1, 28))
        person = make.restricted_resident(f"{random.choice(firsts)} {random.choice(lasts)}", born_on=born)
        phone = f"077009004{number:02d}"
        add_phone(person, number=phone, by=None)
        hidden.append((person, phone))
    find_pairs(whole=True)
    rows = [noisy(random, one.name, one.born_on, phone) for one, phone in hidden for _ in range(4)]
    rows.append(",Only A Name,,,,")
    changeset = read(rows, by=dev)
    with acting_as(dev):
        if actions.in_bulk(changeset):
            actions.accept_waiting(changeset, by=dev, at=NOON)
        for change in changeset.changes.filter(state="waiting"):
            actions.accept_change(change, by=dev, at=NOON)
    visible = Resident.objects.filter(restricted=False)
    theirs = dict(facts_of_people([one.pk for one in visible]))
    weigh = scale().weigh
    for person, _ in hidden:
        (mine,) = dict(facts_of_people([person.pk])).values()
        assert not [pk for pk, facts in theirs.items() if weigh(mine, facts).chance >= SUGGEST]
    kept = set(QuarantinedMatch.objects.values_list("change", flat=True))
    assert len(kept) >= 40
    other = changeset.changes.exclude(pk__in=kept).get(reason=BY_HAND)
    told = {"verdict", "state", "reason", "resident_id", "candidates", "repeats_id", "cells"}
    for change in changeset.changes.filter(pk__in=kept):
        assert {name: getattr(change, name) for name in told} == {name: getattr(other, name) for name in told}
    with acting_as(dev):
        assert not QuarantinedMatch.objects.exists()
    assert not ChronologyEntry.objects.filter(resident__restricted=True, verb="take_in").exists()


def test_somebody_who_is_restricted_after_the_file_was_read_is_kept_apart(system, dev):
    from datetime import date

    rosa = known("Rosa Okafor", date(1984, 5, 17), phone="07700 900123")
    changeset = read("1,Rosa Okafor,17/05/1984,07700 900124,,", by=dev)
    row = changeset.changes.get()
    assert row.resident == rosa
    Resident.objects.filter(pk=rosa.pk).update(restricted=True)
    with acting_as(dev):
        assert not ProposedChange.objects.exists()
    done = actions.accept_change(row, into=rosa, by=dev, at=NOON)
    assert (done.verdict, done.reason) == ("refused", BY_HAND)
    assert rosa.phones.count() == 1


@pytest.mark.parametrize(
    ("written", "why"),
    [
        (b"", "empty"),
        (b"PK\x03\x04" + b"\0" * 2000, "workbook or a packed file"),
        (b"\x1f\x8b" + b"\0" * 2000, "packed file"),
        (b"<html></html>", "web page"),
        (b"name,dob\nA\0B,1990", "null characters"),
        (b"name,dob\n\xff\xfe\xfa,1990", "not UTF-8"),
        (b"\xff\xfen\0a\0", "Unicode text"),
        (b'name,dob\n"A,1990\n', "quotation marks"),
        (b"name;dob\nA;1990\n", "not separated by commas"),
        (b"name,dob\n", "no rows"),
        (b"name,dob\n" + b"a," * 10_000 + b"\n" + b"A,1990," + b"x," * 10_000, "10,001 columns"),
        (b",".join([b"c"] * 61) + b"\nA", "61 columns"),
        (b"name,dob\n" + b"x" * 1_001 + b",1990", "1,001 characters"),
        (b"name,dob\n" + b"A,1990\n" * 20_002, "20,000 rows"),
        (b"x" * 5_000_001, "5 MB"),
    ],
)
def test_hostile_files_are_refused_in_words(written, why):
    with pytest.raises(Unusable, match=why):
        read_sheet(written)


def test_compared_facts_and_columns(system):
    assert guess(["Client ID", "First name", "Surname", "DOB", "Mobile", "Address 1", "Address 2", "Notes"]) == [
        "their_id", "forename", "surname", "born", "phone", "lines", "lines", "",
    ]  # fmt: skip
    assert compared({"name": "A B", "born": "1990-01-01", "birth": "year"}).born == "1990"


def test_a_manager_sends_a_file_and_decides_its_rows_on_the_pages(system, dev, finn, sign_in):
    from datetime import date

    from django.core.files.uploadedfile import SimpleUploadedFile

    known("Amina Okafor", date(1984, 5, 17), phone="07700 900123", lines="12 Heathway")
    body = f"{HEAD},shoe size\n1,Amina Okafor,17/05/1984,07700 900123,14 Long Lane,RM9 4ZZ,5\n2,Leila Haddad,1990-02-03,,,,6\n"
    page = sign_in(dev)
    assert "No file has been sent" in page.get("/imports/people").content.decode()
    wrong = page.post("/imports/people/new", {"source": "Rents", "encoding": "utf-8", "file": SimpleUploadedFile("p.csv", b"PK\x03\x04aa")})  # fmt: skip
    assert "The file cannot be used: it is a workbook" in wrong.content.decode()
    sent = page.post("/imports/people/new", {"source": "Rents", "encoding": "utf-8", "file": SimpleUploadedFile("p.csv", body.encode())})  # fmt: skip
    assert sent.status_code == 302, sent.content.decode()
    shown = page.get(sent["Location"]).content.decode()
    assert "shoe size" in shown and "Such as: Amina Okafor, Leila Haddad" in shown
    columns = {f"column_{place}": meant for place, meant in enumerate(guess([*HEAD.split(","), "shoe size"]))}
    assert (
        "Choose which column holds the name" in page.post(sent["Location"], columns | {"column_1": ""}).content.decode()
    )
    read_ = page.post(sent["Location"], columns)
    where = read_["Location"]
    with CaptureQueriesContext(connection) as asked:
        shown = page.get(where)
    text = shown.content.decode()
    assert "address says something else" in text and len(shown.content) < 60_000
    assert len([one for one in asked if not one["sql"].startswith(("SAVEPOINT", "RELEASE", "SELECT set_config"))]) <= 12
    one = page.get(f"{where}/rows/2").content.decode()
    assert "14 Long Lane, RM9 4ZZ" in one and "12 Heathway, RM10 7AB" in one and "Differs" in one
    assert "Select what becomes of this row" in page.post(f"{where}/rows/2", {}).content.decode()
    amina = Resident.objects.get(name="Amina Okafor")
    other = page.post(f"{where}/rows/2", {"decision": "into", "take_home": "theirs", "record": "Somebody, CS-2222-222"})
    assert (
        "another one now" in other.content.decode() and amina.addresses.get(until=None).address.lines == "12 Heathway"
    )
    seen = f"{amina.name}, {amina.reference}"
    page.post(f"{where}/rows/2", {"decision": "into", "take_home": "theirs", "record": seen})
    assert amina.addresses.get(until=None).address.lines == "14 Long Lane"
    assert "1 record will be begun" in page.get(f"{where}/accept").content.decode()
    page.post(f"{where}/accept", {})
    assert Resident.objects.filter(name="Leila Haddad").exists()
    assert "Undo the whole import?" in page.get(f"{where}/undo").content.decode()
    page.post(f"{where}/undo", {})
    assert not Resident.objects.filter(name="Leila Haddad").exists()
    shown = page.get(where).content.decode()
    assert "Undone (2)" in shown and "To look at" not in shown and "Amina Okafor" in shown
    assert amina.addresses.get(until=None).address.lines == "12 Heathway"
    assert sign_in(finn).get(where).status_code == 403


def work_off(most: int = 50) -> list[str]:
    """What the relay and a worker would do: each job of the outbox once, until none waits. The names of those of a changeset."""
    done = []
    for _ in range(most):
        waiting = OutboxJob.objects.filter(done_at=None, job__startswith="intake.").order_by("pk").first()
        if waiting is None:
            return done
        name = waiting.job.partition(".")[2]
        assert getattr(tasks, name)(waiting.key)
        done.append(name)
    raise AssertionError("the jobs never end")


@pytest.fixture
def in_pieces(monkeypatch):
    """Files of a few rows are long, and taken two rows at a time."""
    for name in ("IN_THE_REQUEST", "TAKEN_IN_THE_REQUEST", "AT_ONCE", "TAKEN_AT_ONCE"):
        monkeypatch.setattr(actions, name, 2)


FIVE = [f"{one},Person Number{one} Ofname{one},19{60 + one}-01-0{one},,," for one in range(1, 6)]


def test_an_operator_sends_a_long_file_and_jobs_read_take_and_undo_it(system, dev, tmp_path, in_pieces):
    file = tmp_path / "people.csv"
    file.write_text("\n".join([HEAD, *FIVE]))
    before = everything()
    call_command("import_people", str(file), source="Rents", verbosity=0)
    changeset = Changeset.objects.get()
    assert changeset.status == "reading"
    assert work_off() == ["read_changeset"] * 3
    changeset.refresh_from_db()
    assert (changeset.status, changeset.done) == ("ready", 5)
    assert not changeset.changes.exclude(keys=[]).exists(), "what rows meet by is not kept"
    with acting_as(dev):
        assert actions.accept_waiting(changeset, by=dev, at=NOON).status == "taking"
    assert work_off() == ["take_changeset", "compare_people", "take_changeset", "compare_people", "take_changeset", "compare_people"]  # fmt: skip
    changeset.refresh_from_db()
    assert (changeset.status, changeset.done, Resident.objects.count()) == ("ready", 5, 5)
    run = ImportRun.objects.get()
    assert (run.state, run.rows, run.taken, run.refused, run.reason) == ("done", 5, 5, 0, "")
    with acting_as(dev):
        assert actions.undo_changeset(changeset, by=dev, at=NOON).status == "undoing"
    assert work_off() == ["undo_changeset"]
    changeset.refresh_from_db()
    assert changeset.status == "undone" and everything() == before
    run.refresh_from_db()
    assert (run.taken, run.reason) == (0, "undone")


def test_a_long_import_on_which_somebody_builds_is_not_undone_and_says_why(system, dev, in_pieces, sign_in):
    changeset = read(FIVE, by=dev)
    work_off()
    with acting_as(dev):
        actions.accept_waiting(changeset, by=dev, at=NOON)
    work_off()
    one, other = Resident.objects.order_by("pk")[:2]
    make.contact(one)
    make.contact(other)
    add_phone(one, number="07700 900777", by=None)
    with acting_as(dev):
        actions.undo_changeset(changeset, by=dev, at=NOON)
    work_off()
    changeset.refresh_from_db()
    assert changeset.status == "ready" and Resident.objects.count() == 5
    page = sign_in(dev).get(f"/imports/people/{changeset.reference}").content.decode()
    assert (
        f"Row 2 ({one.reference}): 1 contact, 1 phone since" in page
        and "chronology" not in page
        and f"Row 3 ({other.reference})" in page
    )
    Resident.objects.filter(pk=other.pk).update(restricted=True)
    page = sign_in(dev).get(f"/imports/people/{changeset.reference}").content.decode()
    assert other.reference not in page and "Row 3" not in page and "A record has been worked with since" in page


def test_rows_of_a_long_file_meet_across_its_pieces(system, dev, in_pieces):
    """As in one piece: the same person, the same number with other words, the very same row."""
    rows = [
        "1,Kehinde Bello,2012-05-05,,7 Valence Avenue,RM8 3AB",
        "2,Taiwo Bello,2012-05-05,,7 Valence Avenue,RM8 3AB",
        "3,Leila Haddad,1990-02-03,,,",
        "4,Kehinde Bello,05/05/2012,07700 900300,7 Valence Avenue,RM8 3AB",
        "1,Kehinde Bello,2012-05-05,,7 Valence Avenue,RM8 3AB",
        "2,Taiwo Bellow,2012-05-05,,9 Valence Avenue,RM8 3AB",
    ]
    changeset = read(rows, by=dev)
    work_off()
    got = list(changeset.changes.all())
    assert [row.repeats and row.repeats.number for row in got] == [None, None, None, 2, 2, None]
    assert [row.verdict for row in got] == ["new", "new", "new", "matched", "unchanged", "refused"]
    assert "used on row 3 already" in got[5].reason
    with acting_as(dev):
        actions.accept_waiting(changeset, by=dev, at=NOON)
    work_off()
    assert Resident.objects.count() == 3


def test_the_same_file_again_meets_whom_the_first_became_and_hinders_no_undo(system, dev):
    first = read("1,Leila Haddad,1990-02-03,07700 900200,,", by=dev)
    with acting_as(dev):
        actions.accept_waiting(first, by=dev, at=NOON)
    again = read(["1,Leila Haddad,1990-02-03,07700 900200,,", "9,Leila Haddad,1990-02-03,07700 900200,3 New Road,RM9 4ZZ"], by=dev)  # fmt: skip
    same, more = again.changes.all()
    assert (same.verdict, same.resident.name, more.repeats) == ("unchanged", "Leila Haddad", same)
    with acting_as(dev):
        actions.undo_changeset(first, by=dev, at=NOON)
    assert not Resident.objects.exists()
    same.refresh_from_db()
    assert same.resident is None


def test_a_row_that_is_somebody_else_is_judged_by_itself(system, dev):
    from datetime import date

    held = known("Kehinde Bello", date(2012, 5, 5), lines="7 Valence Avenue", phone="07700 900301")
    changeset = read(
        ["1,Kehinde Bello,2012-05-05,07700 900301,7 Valence Avenue,RM10 7AB", "2,Kehinde Bello,2012-05-05,07700 900301,7 Valence Avenue,RM10 7AB"],
        by=dev,
    )  # fmt: skip
    second = changeset.changes.get(number=3)
    assert second.repeats_id
    with acting_as(dev):
        second = actions.part_rows(second, by=dev)
    assert second.repeats is None and second.resident == held


def test_a_reference_that_is_taken_stops_nobody(system, dev, monkeypatch, in_pieces):
    """Of thousands of fresh references some belong to somebody already: the row is drawn again."""
    taken = make.resident("Somebody Else").reference
    drawn = iter([taken])
    field = Resident._meta.get_field("reference")
    fresh = field.default
    monkeypatch.setattr(field, "default", lambda: next(drawn, None) or fresh())
    field.__dict__.pop("_get_default", None)
    changeset = read(FIVE, by=dev)
    work_off()
    with acting_as(dev):
        actions.accept_waiting(changeset, by=dev, at=NOON)
    work_off()
    field.__dict__.pop("_get_default", None)
    assert next(drawn, None) is None and Resident.objects.count() == 6


def test_a_row_that_breaks_is_put_back_and_the_others_are_taken_in(system, dev, monkeypatch, in_pieces):
    changeset = read(FIVE, by=dev)
    work_off()
    whole, all_of_them = actions.take_in, actions.take_in_all

    def breaks(taking, **more):
        if taking.change.number == 3:
            raise DataError("nobody thought of this")
        return whole(taking, **more)

    def breaks_at_last(changes, **more):
        done = all_of_them(changes, **more)
        if any(one.number == 3 for one in changes):
            raise DataError("nobody thought of this")
        return done

    monkeypatch.setattr(actions, "take_in", breaks)
    monkeypatch.setattr(actions, "take_in_all", breaks_at_last)
    with acting_as(dev):
        actions.accept_waiting(changeset, by=dev, at=NOON)
    work_off()
    changeset.refresh_from_db()
    (left,) = changeset.changes.filter(state="waiting")
    assert (changeset.status, left.number, left.verdict, left.reason) == ("ready", 3, "conflicting", actions.NOT_NOW)
    assert Resident.objects.count() == 4
