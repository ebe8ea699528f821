"""Extracts of another system: nothing lost, nothing twice, nothing half, and every refusal in words."""

import csv
import hashlib
import time
from collections import Counter
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random

import psycopg2
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.models import User
from desk.importing import run as importing
from desk.importing.run import import_folder
from intake.changesets import actions
from intake.models import Changeset, Contact, ImportedRecord, ImportRun
from ledger.acting import acting_as
from reporting.models import TouchedMonth
from residents.models import Characteristics, ChronologyEntry, Involvement, Resident, ResidentAddress
from residents.search import find
from tests import make
from tests.desk import extract
from triage.assessing import assess_contact
from triage.models import Decision, FiredRule, TriageItem
from triage.rules.assess import snapshot
from triage.tiers import Tier

pytestmark = pytest.mark.django_db


def take(folder: Path, **options):
    return {report.file: report for report in import_folder(folder, source="Liquidlogic", **options)}


def counts() -> dict[str, int]:
    tables = connection.introspection.table_names()
    found = {}
    with connection.cursor() as cursor:
        for table in sorted(tables):
            if not table.startswith(("auth_", "django_", "pg")):
                cursor.execute(f'SELECT count(*) FROM "{table}"')
                found[table] = cursor.fetchone()[0]
    return found


def small(tmp_path: Path, people: int = 30) -> Path:
    return extract.write_folder(tmp_path / "small", extract.good_rows(people))


def test_two_thousand_people_and_every_kind_of_bad_row(system, tmp_path):
    rows = extract.with_bad_rows(extract.good_rows())
    folder = extract.write_folder(tmp_path / "extract", rows)
    began = time.monotonic()
    reports = take(folder)
    took = time.monotonic() - began
    print({name: (r.rows, r.taken, r.unchanged, len(r.refused)) for name, r in reports.items()}, f"{took:.1f} s")
    assert took < 60
    bad = Counter(table for table, _, _ in extract.BAD.values())
    for name, table in rows.items():
        report = reports[f"{name}.csv"]
        assert report.rows == len(table) == report.taken + report.unchanged + len(report.refused)
        assert len(report.refused) == bad[name], [why for _, why in report.refused]
        assert ImportedRecord.objects.filter(table=name).count() == report.taken
    assert Resident.objects.count() == 2000
    assert ResidentAddress.objects.count() == reports["address.csv"].taken
    assert Contact.objects.filter(channel="imported").count() == reports["contacts.csv"].taken
    assert Decision.objects.count() + TriageItem.objects.count() == Contact.objects.count()
    assert not User.objects.exists()
    _reasons_are_on_disk(folder)
    _second_run_changes_nothing(folder, rows, bad)


def _reasons_are_on_disk(folder: Path) -> None:
    said = {}
    for path in (folder / "refused").iterdir():
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                said.setdefault(path.stem, []).append(row)
    for kind, (table, row, reason) in extract.BAD.items():
        key = extract.COLUMNS[table][0]
        found = [one for one in said[table] if one[key] == row.get(key, "") and reason in one["reason"]]
        assert len(found) == 1, kind
        assert int(found[0]["row"]) > 1


def _second_run_changes_nothing(folder: Path, rows: dict, bad: Counter) -> None:
    before = counts()
    again = take(folder)
    for name, table in rows.items():
        report = again[f"{name}.csv"]
        assert (report.taken, report.unchanged) == (0, len(table) - bad[name])
    after = counts()
    assert after.pop("intake_importrun") == before.pop("intake_importrun") + 6
    assert after == before


def test_check_writes_nothing_and_says_what_the_import_will(system, tmp_path):
    folder = extract.write_folder(tmp_path / "extract", extract.with_bad_rows(extract.good_rows(40)))
    before, files = counts(), sorted(folder.rglob("*"))
    checked = take(folder, check=True)
    assert counts() == before
    assert sorted(folder.rglob("*")) == files
    taken = take(folder)
    for name, report in taken.items():
        same = checked[name]
        assert (same.rows, same.taken, same.unchanged) == (report.rows, report.taken, report.unchanged)
        assert [(row.number, why) for row, why in same.refused] == [(row.number, why) for row, why in report.refused]


def test_decisions_are_those_that_the_rules_would_suggest_one_by_one(system, tmp_path):
    take(small(tmp_path, 80))
    for decision in Decision.objects.select_related("contact__resident", "contact__household"):
        fresh = assess_contact(decision.contact)
        assert decision.answers["assessment"] == snapshot(fresh)
        assert (decision.suggested_tier, decision.due_at) == (fresh.suggested_tier, fresh.due_at)
        assert {row.number for row in FiredRule.objects.filter(decision=decision)} == set(fresh.numbers)
        assert decision.made_by is None and not decision.needs_case
        assert decision.chosen_tier >= fresh.suggested_tier or decision.reason
        assert decision.household or decision.chosen_tier < Tier.SUPPORT
    for item in TriageItem.objects.select_related("contact__resident", "contact__household"):
        fresh = assess_contact(item.contact)
        assert (item.suggested_tier, item.due_at, item.rules) == (
            fresh.suggested_tier,
            fresh.due_at,
            " ".join(fresh.numbers),
        )
        assert item.status == "waiting" and item.contact.status == "waiting"
    assert "R17" in {row.number for row in FiredRule.objects.all()}, "a social worker is part of what triage knows"


def test_nights_on_which_the_clocks_change(system, tmp_path):
    take(small(tmp_path))
    at = {
        row.their_id: Contact.objects.get(pk=row.our_id).received_at
        for row in ImportedRecord.objects.filter(table="contacts", their_id__startswith="DST")
    }
    assert at["DST0"] == datetime(2025, 3, 30, 0, 30, tzinfo=UTC)
    assert at["DST1"] == datetime(2025, 3, 30, 1, 30, tzinfo=UTC), "an hour that there was not counts as the next"
    assert at["DST3"] == datetime(2025, 10, 26, 0, 30, tzinfo=UTC), "of two such hours the first"
    assert at["DST8"] == datetime(2025, 3, 31, 22, 30, tzinfo=UTC), "still March in London"
    assert at["DST9"] == datetime(2025, 10, 31, 23, 59, tzinfo=UTC)


def test_an_import_that_was_killed_goes_on_where_it_stopped(system, tmp_path, monkeypatch):
    folder = small(tmp_path)
    whole = importing.KINDS["address"]
    real = whole.make

    def killed(job, fresh):
        real(job, fresh)
        raise KeyboardInterrupt

    monkeypatch.setitem(importing.KINDS, "address", importing.Kind(whole.label, killed, *_rest(whole)))
    with pytest.raises(KeyboardInterrupt):
        take(folder)
    assert Resident.objects.count() == 30 and not ResidentAddress.objects.exists(), "nothing of half a file"
    assert ImportRun.objects.get(file="address.csv").state == "running"
    monkeypatch.setitem(importing.KINDS, "address", whole)
    reports = take(folder)
    assert reports["person.csv"].done_before and reports["professionals.csv"].done_before
    assert reports["address.csv"].taken == reports["address.csv"].rows
    assert reports["involvements.csv"].taken == reports["involvements.csv"].rows
    assert set(ImportRun.objects.values_list("state", flat=True)) == {"done"}
    assert ImportRun.objects.count() == 6
    assert Resident.objects.count() == 30


def _rest(kind):
    return kind.present, kind.may_change, kind.change


def test_a_kill_between_two_files(system, tmp_path):
    folder = small(tmp_path)
    for report in import_folder(folder, source="Liquidlogic"):
        if report.file == "person.csv":
            break
    reports = take(folder)
    assert [report.file for report in reports.values() if report.done_before] == ["professionals.csv", "person.csv"]
    assert sum(report.taken for report in reports.values()) > 0 and Contact.objects.exists()


def test_a_changed_row_changes_ours_unless_somebody_here_was_first(system, tmp_path):
    rows = extract.good_rows(10)
    folder = extract.write_folder(tmp_path / "extract", rows)
    take(folder)
    theirs, ours = of("person", "P1"), of("person", "P2")
    Resident.objects.filter(pk=ours).update(name="As they give it")
    rows["person"][1]["pers_surname"] = "Married-Now"
    rows["person"][2]["pers_surname"] = "Married-Now"
    extract.write_folder(folder, rows)
    report = take(folder)["person.csv"]
    assert (report.taken, report.unchanged, len(report.refused)) == (1, 8, 1)
    assert "changed here since the import" in report.refused[0][1]
    assert Resident.objects.get(pk=theirs).name.endswith("Married-Now")
    assert Resident.objects.get(pk=ours).name == "As they give it"
    assert take(folder)["person.csv"].unchanged == 9


def of(table: str, key: str) -> int:
    return ImportedRecord.objects.get(table=table, their_id=key).our_id


def test_an_outcome_that_comes_later_decides_the_contact_and_another_decides_it_again(system, tmp_path):
    rows = {"person": [extract.person("P1", "Ada", "Late", "2010-01-01")]}
    rows["contacts"] = [extract.contact("C1", "P1", "2026-11-02 10:00:00", "2A", "")]
    folder = extract.write_folder(tmp_path / "extract", rows)
    take(folder)
    contact = Contact.objects.get()
    assert contact.triage_item.status == "waiting"
    for said, tier in (("EH Referral", Tier.SUPPORT), ("CIN Referral", Tier.INTERVENTION)):
        rows["contacts"][0]["cont_contact_outcome_json"] = said
        extract.write_folder(folder, rows)
        assert take(folder)["contacts.csv"].taken == 1
        contact = Contact.objects.get()
        assert contact.status == "decided" and contact.triage_item.status == "decided"
        latest = contact.decisions.order_by("-made_at", "-id").first()
        assert latest.chosen_tier == tier and latest.household == contact.household
    assert latest.previous.chosen_tier == Tier.SUPPORT
    rows["contacts"][0]["cont_contact_outcome_json"] = ""
    extract.write_folder(folder, rows)
    assert "taken back" in take(folder)["contacts.csv"].refused[0][1]


def test_a_contact_that_somebody_has_taken_is_theirs(system, tmp_path, ben):
    rows = {"person": [extract.person("P1", "Ada", "Late", "2010-01-01")]}
    rows["contacts"] = [extract.contact("C1", "P1", "2026-11-02 10:00:00", "2A", "")]
    folder = extract.write_folder(tmp_path / "extract", rows)
    take(folder)
    TriageItem.objects.update(status="claimed", claimed_by=ben, claimed_at=make.NOON)
    rows["contacts"][0]["cont_contact_outcome_json"] = "EH Referral"
    extract.write_folder(folder, rows)
    assert "changed here" in take(folder)["contacts.csv"].refused[0][1]
    assert not Decision.objects.exists()


def test_twins_and_namesakes_stay_apart_and_nobody_is_merged(system, tmp_path, finn):
    here = make.resident("Amina Okafor", born_on=date(2010, 5, 1))
    hidden = make.restricted_resident("Amina Okafor", born_on=date(2010, 5, 1))
    people = [extract.person(f"P{n}", "Amina", "Okafor", "2010-05-01") for n in range(2)]
    report = take(extract.write_folder(tmp_path / "extract", {"person": people}))["person.csv"]
    assert (report.taken, report.refused) == (2, [])
    assert Resident.objects.filter(name="Amina Okafor").count() == 4
    assert not here.chronology.exists()
    assert hidden.chronology.filter(verb="notice_twin").count() == 2, "those who look after her are told"
    with acting_as(finn):
        assert len(find("Amina Okafor", by=finn)) == 2, "those that the import made; the hidden one is not found"


def test_people_become_what_the_extract_says(system, tmp_path):
    people = [
        extract.person("P1", "Zoë", "Nowak", "15/03/2011", pers_gender="02", pers_ethnicity="chne", pers_sex="F"),
        extract.person("P2", "", "Iqbal", "", pers_expected_dob="2027-01-10"),
        extract.person("P3", "مريم", "😀", "2001-02-03 00:00:00", pers_common_child_id="943 476 5919"),
        extract.person("P4", "=cmd()", "O'Brien", "1990-01-01", pers_death_date="2020-01-01", pers_gender="34"),
        extract.person("P5", "SSD_PH", "Only", "NULL", pers_sex="M"),
    ]
    assert take(extract.write_folder(tmp_path / "e", {"person": people}))["person.csv"].taken == 5
    zoe, unborn, maryam, brien, only = (Resident.objects.get(pk=of("person", f"P{n}")) for n in range(1, 6))
    assert (zoe.name, zoe.born_on, zoe.birth) == ("Zoë Nowak", date(2011, 3, 15), "full")
    assert (zoe.characteristics.gender, zoe.characteristics.ethnicity) == ("woman", "CHNE")
    assert (unborn.name, unborn.born_on) == ("Unborn baby Iqbal", None)
    assert unborn.chronology.get().detail == "Birth expected on 10/01/2027"
    assert (maryam.name, maryam.nhs_number) == ("مريم 😀", "9434765919")
    assert (brien.died_on, brien.characteristics.gender) == (date(2020, 1, 1), "self_described")
    assert (only.name, only.birth) == ("Only", "unknown")
    assert Characteristics.objects.count() == 3


def test_places_are_kept_safe(system, tmp_path, finn):
    rows = {"person": [extract.person("P1", "Amina", "Okafor", "2010-05-01")]}
    rows["address"] = [
        extract.address("A1", "P1", Random(1), since=date(2020, 1, 1), until="2021-01-01"),
        extract.address("A2", "P1", Random(2), since=date(2021, 1, 1), addr_address_type="Refuge (confidential)"),
        extract.address("A3", "P1", Random(3), since=date(2019, 1, 1), addr_address_postcode="ZZ993VZ"),
    ]
    assert take(extract.write_folder(tmp_path / "e", rows))["address.csv"].refused == []
    first, refuge, nowhere = (ResidentAddress.objects.get(pk=of("address", f"A{n}")) for n in (1, 2, 3))
    assert (first.until, first.confidential) == (date(2021, 1, 1), False)
    assert refuge.confidential and nowhere.kind == "nfa" and nowhere.address is None
    with acting_as(finn):
        assert find(first.address.postcode, by=finn)
        assert not find(refuge.address.postcode, by=finn), "a refuge is not found by its postcode"


def test_early_help_and_those_who_work_with_somebody(system, tmp_path):
    rows = extract.good_rows(5)
    folder = extract.write_folder(tmp_path / "e", rows)
    take(folder)
    episode = Involvement.objects.get(pk=of("early_help_episodes", "E0"))
    assert episode.kind == "imported" and "Children's Centre" in episode.who and episode.until is None
    assert ChronologyEntry.objects.get(resident=episode.resident, verb="begin_episode").kind == "residents.Involvement"
    rows["early_help_episodes"][0] |= {"earl_episode_end_date": "2026-01-05", "earl_episode_end_reason": "RC2"}
    rows["professionals"][0]["prof_professional_name"] = "New Name"
    extract.write_folder(folder, rows)
    reports = take(folder)
    assert reports["early_help_episodes.csv"].taken == 1
    episode.refresh_from_db()
    assert (episode.until, episode.who) == (date(2026, 1, 5), "New Name, Children's Centre")
    assert ChronologyEntry.objects.get(resident=episode.resident, verb="end_episode").detail == "Died"
    (folder / "professionals.csv").unlink()
    reports = take(folder)
    assert reports["early_help_episodes.csv"].taken == 0, "names stay where professionals are missing"
    assert not User.objects.exists()


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (b"", "empty"),
        (b"\xff\xfep\x00e\x00", "UTF-16"),
        ("pers_person_id,pers_forename,pers_surname,pers_dob\nP1,Zo\u00eb,N,2001-01-01\n".encode("cp1252"), "line 2"),
        (b"pers_person_id,pers_forename,pers_dob\nP1,A,2001-01-01\n", "lacks pers_surname"),
        (b"pers_person_id,pers_forename,pers_surname,pers_dob,PERS_DOB\n", "twice: pers_dob"),
        (b"pers_person_id;pers_forename;pers_surname;pers_dob\n", "commas"),
        (b'pers_person_id,pers_forename,pers_surname,pers_dob\nP1,"A,N,2001-01-01\n', "quotation marks"),
        (b"pers_person_id,pers_forename,pers_surname,pers_dob\nP1,A,N,2001-01-01\nP2,B", "breaks off"),
        (b"pers_person_id,pers_forename,pers_surname,pers_dob\nP1," + b"x" * 200_000 + b",N,2001-01-01\n", "131,072"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_whole(system, tmp_path, written, said):
    (tmp_path / "person.csv").write_bytes(written)
    with pytest.raises(CommandError, match="nothing that depends on it"):
        call_command("import_extract", tmp_path, source="Mosaic", verbosity=0)
    run = ImportRun.objects.get()
    assert run.state == "refused" and said in run.reason
    assert not Resident.objects.exists()


def test_a_file_that_changes_while_it_is_read(system, tmp_path, monkeypatch):
    folder = small(tmp_path)
    real = importing.files.checksum_of
    monkeypatch.setattr(
        importing.files,
        "checksum_of",
        lambda path: hashlib.sha256(b"grown").hexdigest() if path.name == "address.csv" else real(path),
    )
    reports = take(folder)
    assert "changed while it was read" in reports["address.csv"].unusable
    assert not ResidentAddress.objects.exists() and Contact.objects.exists()


def test_names_of_files_encodings_and_what_is_missing(system, tmp_path):
    rows = [extract.person("P1", "Zoë", "Nowak", "2001-01-01")]
    path = extract.write_table(tmp_path, "person", rows, file="SSD_Person.CSV")
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert take(tmp_path)["SSD_Person.CSV"].taken == 1
    path.write_bytes(path.read_text(encoding="utf-8-sig").encode("cp1252"))
    assert take(tmp_path, encoding="cp1252")["SSD_Person.CSV"].unchanged == 1
    path.unlink()
    with pytest.raises(CommandError, match="no person.csv"):
        call_command("import_extract", tmp_path, source="Mosaic", verbosity=0)
    with pytest.raises(CommandError, match="There is no folder"):
        call_command("import_extract", tmp_path / "nowhere", verbosity=0)


def test_a_spreadsheet_runs_nothing_that_was_refused(system, tmp_path):
    folder = extract.write_folder(
        tmp_path / "e", {"person": [extract.person("P1", '=HYPERLINK("x")', "N", "2031-01-01")]}
    )
    take(folder)
    body = (folder / "refused" / "person.csv").read_text(encoding="utf-8-sig")
    assert "'=HYPERLINK" in body
    extract.write_folder(folder, {"person": [extract.person("P1", "Right", "Now", "2001-01-01")]})
    take(folder)
    assert not (folder / "refused" / "person.csv").exists(), "the list of an earlier run goes"


def test_the_command_says_what_it_did_and_the_page_shows_it(system, tmp_path, ada, sign_in, capsys):
    call_command("import_extract", small(tmp_path), source="Liquidlogic")
    said = capsys.readouterr().out
    assert "person.csv: 30 rows = 30 taken + 0 unchanged + 0 refused." in said
    page = sign_in(ada).get("/imports").content.decode()
    assert "person.csv" in page and "Liquidlogic" in page and "Done" in page


def test_figures_hear_of_imported_contacts(system, tmp_path, as_owner):
    take(small(tmp_path))
    months = set(TouchedMonth.objects.values_list("month", flat=True))
    assert date(2025, 3, 1) in months and date(2025, 10, 1) in months


def test_one_import_at_a_time(system, tmp_path):
    folder = small(tmp_path, 3)
    with closing(psycopg2.connect(**connection.get_connection_params())) as other:
        other.cursor().execute("SELECT pg_advisory_lock(%s)", [importing.ONE_AT_A_TIME])
        with pytest.raises(CommandError, match="Another import is running"):
            call_command("import_extract", folder, verbosity=0)
        other.cursor().execute(
            "SELECT pg_advisory_unlock(%s)", [importing.ONE_AT_A_TIME]
        )  # closing alone takes a moment
    given_up = import_folder(folder, source="Liquidlogic")
    next(given_up)
    given_up.close()
    assert take(folder)["person.csv"].taken == 3, "the lock goes with an import that was given up"


def test_of_somebody_in_a_household_with_a_case_the_whole_record_is_asked(system, tmp_path, ben):
    rows = {"person": [extract.person("P1", "Ada", "Late", "2010-01-01")]}
    folder = extract.write_folder(tmp_path / "e", rows)
    take(folder)
    ada = Resident.objects.get()
    home = make.household(ada, make.resident("Her Brother", born_on=date(2015, 1, 1)))
    make.case(lead=ben, household=home)
    for person in (ada, *Resident.objects.exclude(pk=ada.pk)):
        Involvement.objects.create(resident=person, kind="lead", user=ben, what="Case", since=date(2026, 3, 4))
    rows["contacts"] = [extract.contact("C1", "P1", "2026-10-02 10:00:00", "2A", "CIN Referral")]
    assert take(extract.write_folder(folder, rows))["contacts.csv"].taken == 1
    decision = Decision.objects.get(contact__channel="imported")
    assert decision.household == home
    assert decision.answers["facts"]["household_ages"] == [11] and decision.answers["facts"]["open_tier"] == 4
    assert decision.answers["assessment"] == snapshot(assess_contact(decision.contact))


def test_messages_never_hold_a_name(system, tmp_path, capsys):
    hidden = make.restricted_resident("Rosa Hidden", born_on=date(1990, 1, 1))
    rows = {"person": [extract.person("P1", "Rosa", "Hidden", "1990-01-01")]}
    folder = extract.write_folder(tmp_path / "e", rows)
    call_command("import_extract", folder, source="Liquidlogic")
    Resident.objects.filter(pk=of("person", "P1")).update(restricted=True, name="Rosa Known-Otherwise")
    rows["person"][0]["pers_surname"] = "Elsewhere"
    call_command("import_extract", extract.write_folder(folder, rows), source="Liquidlogic")
    said = capsys.readouterr()
    for word in ("Rosa", "Hidden", "Otherwise", "restricted", hidden.reference):
        assert word not in said.out + said.err


def test_people_of_an_extract_are_looked_at_before_the_rest_is_taken_in(system, dev, tmp_path):
    folder = small(tmp_path, 8)
    call_command("import_extract", str(folder), source="Liquidlogic", review=True, verbosity=0)
    changeset = Changeset.objects.get()
    assert (changeset.table, changeset.status, changeset.changes.count()) == ("person", "ready", 8)
    first = changeset.changes.filter(state="waiting").first()
    with acting_as(dev):
        actions.reject_change(first, reason="Not ours", by=dev, at=make.NOON)
        actions.accept_waiting(changeset, by=dev, at=make.NOON)
    taken_in = changeset.changes.filter(state="accepted").count()
    assert taken_in >= 4
    report = take(folder, reviewed=True)["person.csv"]
    assert (report.taken, report.unchanged) == (0, taken_in)
    assert len(report.refused) == 8 - taken_in and "Files of people" in report.refused[0][1]
    assert ResidentAddress.objects.exists()
