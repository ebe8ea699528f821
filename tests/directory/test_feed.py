"""The directory is filled from a feed: real ones, faulty ones, the same one twice."""

import json
from pathlib import Path
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Organisation
from directory import actions, feed
from directory.feed_rules import faults_of
from directory.models import FeedRun, Service, ServicePlace
from tests import make

REAL = Path(__file__).resolve().parents[3] / "shared" / "data" / "oruk"
PUBLISHED = [folder for folder in (REAL, *(p / "shared/data/oruk" for p in REAL.parents)) if folder.is_dir()]


def uid(number: int) -> str:
    return str(UUID(int=number, version=4))


def service(number: int = 1, **changes) -> dict:
    """A service in the shape of the profile, invented."""
    said = {
        "id": uid(number),
        "name": f"Lantern Meals {number}",
        "description": "A hot meal and company.",
        "url": "https://lantern.example/meals",
        "email": "meals@lantern.example",
        "status": "active",
        "minimum_age": 18,
        "maximum_age": 99,
        "assured_date": "2026-01-31",
        "last_modified": "2026-02-01T09:30:00Z",
        "organization": {"id": uid(9000), "name": "Lantern House", "description": "A charity"},
        "schedules": [
            {
                "id": uid(800 + number),
                "freq": "WEEKLY",
                "byday": "MO,WE",
                "opens_at": "10:00:00",
                "closes_at": "14:00:00",
            }
        ],
        "service_at_locations": [
            {
                "id": uid(700 + number),
                "location": {
                    "id": uid(600 + number),
                    "location_type": "physical",
                    "name": "Lantern Hall",
                    "latitude": 51.53,
                    "longitude": 0.08,
                    "addresses": [
                        {
                            "id": uid(300 + number),
                            "address_1": "1 Old Road",
                            "city": "Anytown",
                            "state_province": "Anyshire",
                            "postal_code": "ZZ1 1AA",
                            "country": "GB",
                            "address_type": "physical",
                        }
                    ],
                },
            }
        ],
        "attributes": [
            {
                "id": uid(500 + number),
                "taxonomy_term": {
                    "id": uid(400),
                    "name": "Food",
                    "description": "Something to eat",
                    "taxonomy": "esdNeed",
                    "term": "12",
                },
            }
        ],
    }
    return {key: value for key, value in {**said, **changes}.items() if value is not ...}


def write(folder: Path, *services, name: str = "service_list.json", **page) -> Path:
    whole = {"page_number": 1, "total_pages": 1, "contents": list(services), **page}
    (folder / name).write_text(json.dumps(whole), encoding="utf-8")
    return folder


def take(folder: Path, name: str = "test") -> FeedRun:
    return actions.take_feed(feed.read(folder), feed=name, source="folder", by=None, at=make.NOON)


pytestmark = pytest.mark.usefixtures("system")


def test_a_service_is_taken_with_its_place_hours_terms_and_organisation(tmp_path):
    run = take(write(tmp_path, service()))
    found = Service.objects.get()
    assert (run.taken, run.refused) == (1, 0)
    assert found.organisation.name == "Lantern House"
    assert not found.organisation.active and not found.accepts_referrals, "a feed does not make anyone a partner"
    assert found.places.get().postcode == "ZZ1 1AA"
    assert found.times.get().days == "MO,WE"
    assert found.terms.get().code == "esdNeed:12"


def test_the_same_feed_twice_changes_nothing(tmp_path):
    take(write(tmp_path, service(), service(2)))
    before = list(Service.objects.values_list("pk", "reference")), list(ServicePlace.objects.values_list("pk"))
    run = take(tmp_path)
    assert (run.taken, run.unchanged, run.withdrawn) == (0, 2, 0)
    assert before == (
        list(Service.objects.values_list("pk", "reference")),
        list(ServicePlace.objects.values_list("pk")),
    )
    assert Organisation.objects.filter(name="Lantern House").count() == 1


def test_a_service_that_vanishes_is_inactive_not_gone_and_comes_back(tmp_path):
    take(write(tmp_path, service(), service(2)))
    assert take(write(tmp_path, service())).withdrawn == 1
    assert Service.objects.get(feed_id=uid(2)).status == "inactive"
    assert take(write(tmp_path, service(), service(2))).taken == 1
    assert Service.objects.get(feed_id=uid(2)).status == "active"


def test_another_feed_withdraws_nothing_of_this_one(tmp_path):
    take(write(tmp_path, service()), "one")
    assert take(write(tmp_path, service(2)), "two").withdrawn == 0


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"id": ...}, "“id” is missing"),
        ({"id": "7"}, "id: is not a valid uuid"),
        ({"name": ...}, "“name” is missing"),
        ({"name": "  "}, "name: must not be empty"),
        ({"name": 7}, "name: must be text"),
        ({"name": "n" * 10_000}, "name: is longer than 250"),
        ({"name": "a\x00b"}, "characters that cannot be stored"),
        ({"name": "\ud800"}, "characters that cannot be stored"),
        ({"status": "open"}, "status: must be one of"),
        ({"minimum_age": "twelve"}, "minimum_age: must be a number"),
        ({"minimum_age": True}, "minimum_age: must be a number"),
        ({"minimum_age": -1}, "minimum_age: must be at least 0"),
        ({"minimum_age": 60, "maximum_age": 20}, "must not be above maximum_age"),
        ({"url": "javascript:alert(1)"}, "url: must begin with http"),
        ({"url": "not a link"}, "url: "),
        ({"email": "nobody"}, "email: is not a valid email"),
        ({"last_modified": "yesterday"}, "last_modified: is not a valid date-time"),
        ({"last_modified": "2026-02-30T09:30:00Z"}, "last_modified: is not a valid date-time"),
        ({"assured_date": "31/01/2026"}, "assured_date: is not a valid date"),
        ({"schedules": {}}, "schedules: must be a list"),
        ({"schedules": [{"id": uid(1), "opens_at": "25:00"}]}, "opens_at: is not a valid clock"),
        ({"organization": {"name": "No id"}}, "organization: “id” is missing"),
        ({"organization": ...}, "organization: is missing"),
        ({"organization": None}, "organization: must be a group of fields"),
    ],
)
def test_a_bad_service_is_refused_with_the_reason_and_the_good_one_is_taken(tmp_path, changes, said):
    run = take(write(tmp_path, service(1, **changes), service(2)))
    assert (run.taken, run.refused) == (1, 1)
    assert said in "; ".join(run.reasons[0]["why"])
    assert Service.objects.get().feed_id == uid(2)


@pytest.mark.parametrize("record", [7, "text", None, [], [[]], True])
def test_what_is_not_a_service_at_all_is_refused(tmp_path, record):
    run = take(write(tmp_path, record, service(2)))
    assert (run.taken, run.refused) == (1, 1)


def test_a_known_service_that_turns_bad_keeps_its_last_good_state(tmp_path):
    take(write(tmp_path, service(), service(2)))
    run = take(write(tmp_path, service(1, status="perhaps"), service(2)))
    assert (run.refused, run.withdrawn) == (1, 0)
    assert Service.objects.get(feed_id=uid(1)).status == "active"


def test_the_fullest_of_several_records_is_taken(tmp_path):
    thin = {"id": uid(1), "name": "Lantern Meals 1", "status": "active"}
    run = take(write(tmp_path, thin, service(), thin))
    assert (run.taken, run.repeated, run.refused) == (1, 2, 0)
    assert Service.objects.get().places.count() == 1


def test_one_page_of_several_withdraws_nothing_but_all_pages_do(tmp_path):
    take(write(tmp_path, service(), service(2), service(3)))
    assert take(write(tmp_path, service(), total_pages=2)).withdrawn == 0
    write(tmp_path, service(2), name="service_list_2.json", page_number=2, total_pages=2)
    assert take(tmp_path).withdrawn == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'{"contents": [{"id": "1', "cut short or is not JSON"),
        (b"", "cut short or is not JSON"),
        (b"<html>", "cut short or is not JSON"),
        (b"\xff\xfe\x00", "not UTF-8"),
        (b"[" * 200_000, "nested too deeply"),
        (b'{"contents": [NaN]}', "a number that is not one"),
        (b'{"contents": [' + b"9" * 5000 + b"]}", "a number that is not one"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_and_withdraws_nothing(tmp_path, content, said):
    take(write(tmp_path, service(), service(2)))
    write(tmp_path, service(2))
    (tmp_path / "service_bad.json").write_bytes(content)
    run = take(tmp_path)
    assert said in run.reasons[0]["why"][0]
    assert run.withdrawn == 0 and Service.objects.filter(status="active").count() == 2


def test_a_huge_file_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr(feed, "MOST_BYTES", 1000)
    run = take(write(tmp_path, *(service(n) for n in range(1, 5))))
    assert "larger than" in run.reasons[0]["why"][0]


def test_nothing_is_half_saved(tmp_path, monkeypatch):
    monkeypatch.setattr(feed, "terms", lambda record: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        take(write(tmp_path, service()))
    assert not Service.objects.exists() and not Organisation.objects.filter(name="Lantern House").exists()


def test_an_impossible_position_is_left_out_and_the_place_kept(tmp_path):
    one = service()
    one["service_at_locations"][0]["location"] |= {"latitude": 100, "longitude": 101}
    take(write(tmp_path, one))
    place = ServicePlace.objects.get()
    assert (place.latitude, place.postcode) == (None, "ZZ1 1AA")


def test_the_command_checks_without_writing_and_then_takes(tmp_path, capsys):
    write(tmp_path, service(), service(2, id="x"))
    call_command("import_services", tmp_path, check=True)
    assert "2 records read, 1 services can be taken" in capsys.readouterr().out
    assert not FeedRun.objects.exists()
    call_command("import_services", tmp_path)
    out = capsys.readouterr().out
    assert "1 services taken" in out and "id: is not a valid uuid" in out
    assert FeedRun.objects.get().feed == tmp_path.name[:60]


def test_the_command_says_what_it_cannot_find(tmp_path):
    with pytest.raises(CommandError, match="no file or folder"):
        call_command("import_services", tmp_path / "nothing")
    with pytest.raises(CommandError, match="no .json files"):
        call_command("import_services", tmp_path)
    with pytest.raises(CommandError, match="schema"):
        call_command("import_services", write(tmp_path, service()), schema=tmp_path / "none.json")


def test_a_stricter_schema_refuses_too(tmp_path):
    rules = tmp_path / "rules.json"
    rules.write_text(json.dumps({"type": "object", "required": ["assurer_email"]}))
    assert faults_of(service(), feed.published_rules(rules)) == ["service: “assurer_email” is missing"]


def test_a_feed_of_the_published_shape_is_read_in_full():
    """On the published sample where this machine has it; on our own feed of the same shape everywhere else."""
    if not PUBLISHED:
        assert faults_of(service()) == []
        return
    rules = feed.published_rules(PUBLISHED[0] / "schema")
    reading = feed.read(PUBLISHED[0] / "sample_feed", rules)
    run = actions.take_feed(reading, feed="sample", source="sample_feed", by=None, at=make.NOON)
    assert reading.records == run.taken + run.repeated + run.refused > 100
    assert (run.taken, run.refused) == (1, 0)
    assert Service.objects.get().times.get().days == "TH,FR"


def test_our_own_services_fit_the_published_schema():
    if PUBLISHED:
        rules = feed.published_rules(PUBLISHED[0] / "schema")
        assert [fault.message for fault in rules.iter_errors(service())] == []
    assert faults_of(service()) == []
