"""Addresses: looked up, chosen or typed, put right, ended, and who else is known there."""

import json
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import StringIO
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.urls import reverse

from ledger.models import AuditEvent
from ledger.versions import StaleVersion
from residents import actions, postcodes
from residents.lookup import Found, LookupFailed, look_up
from residents.models import Address, PostcodeWard, ResidentAddress
from residents.places import addresses_at, read_choice, ward_of
from residents.reference_data import seed_wards
from tests import make

POSTCODE = "IG11 7XX"


@pytest.fixture
def amina(finn):
    return make.resident()


class OsPlaces(BaseHTTPRequestHandler):
    """Speaks as OS Places does: key in the header, DPA rows, an error object otherwise."""

    asked: list[tuple[str, str]] = []

    def do_GET(self):
        where = urlsplit(self.path)
        postcode = parse_qs(where.query).get("postcode", [""])[0]
        self.asked.append((where.path, parse_qs(where.query).get("dataset", [""])[0]))
        status, body = 200, {"header": {"totalresults": 0, "format": "JSON", "dataset": "DPA"}}
        if self.headers.get("key") != "right":
            status, body = 401, {"error": {"statuscode": 401, "message": "Invalid API Key"}}
        elif postcode == POSTCODE:
            row = {
                "UPRN": "000012345678",
                "ADDRESS": f"FLAT 2, 12A, ST MARY'S ROAD, BARKING, {POSTCODE}",
                "POSTCODE": POSTCODE,
            }
            body |= {"results": [{"DPA": row}, {"LPI": {"UPRN": "1"}}]}
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *words):
        """Says nothing."""


@pytest.fixture
def os_places(settings):
    server = HTTPServer(("127.0.0.1", 0), OsPlaces)
    Thread(target=server.serve_forever, daemon=True).start()
    settings.ADDRESS_LOOKUP, settings.OS_PLACES_KEY, settings.ADDRESS_LOOKUP_SECONDS = "os_places", "right", 2
    settings.OS_PLACES_ADDRESS = f"http://127.0.0.1:{server.server_port}/search/places/v1"
    yield settings
    server.shutdown()
    server.server_close()


def test_os_places_is_asked_as_it_wants(os_places):
    assert look_up(POSTCODE) == [Found("Flat 2, 12A, St Mary's Road, Barking", POSTCODE, "12345678")]
    assert OsPlaces.asked[-1] == ("/search/places/v1/postcode", "DPA")
    assert look_up("RM10 7AB") == []


def test_a_look_up_that_fails_says_nothing_of_what_was_asked(os_places, caplog):
    os_places.OS_PLACES_KEY = "wrong"
    with pytest.raises(LookupFailed) as refused:
        look_up(POSTCODE)
    os_places.OS_PLACES_ADDRESS = "http://127.0.0.1:1/"
    with pytest.raises(LookupFailed) as gone:
        look_up(POSTCODE)
    assert not str(refused.value) and not str(gone.value) and gone.value.__cause__ is None
    assert POSTCODE not in caplog.text and "wrong" not in caplog.text


def test_a_postcode_lists_what_the_reader_may_know_and_what_is_looked_up(amina, ben, os_places):
    actions.move_to(amina, lines="1 Quiet Row", postcode=POSTCODE, by=ben)
    actions.move_to(make.resident("B Ade"), lines="Refuge", postcode=POSTCODE, confidential=True, by=ben)
    actions.move_to(make.restricted_resident(), lines="3 Quiet Row", postcode=POSTCODE, by=None)
    found, answered = addresses_at(POSTCODE, by=ben)
    assert [one.lines for one in found] == ["1 Quiet Row", "Flat 2, 12A, St Mary's Road, Barking"] and answered
    assert read_choice(found[1].value) == found[1] and read_choice("forged") is None
    os_places.OS_PLACES_ADDRESS = "http://127.0.0.1:1/"
    assert addresses_at(POSTCODE, by=ben)[1] is False


def test_the_form_lists_then_saves_and_by_hand_always_works(amina, finn, sign_in, os_places):
    seed_wards()
    PostcodeWard.objects.create(postcode=POSTCODE, ward=(ward := postcodes.Ward.objects.first()))
    page, rest = reverse("residents:address", args=[amina.reference]), {"tenure": "private"}
    listed = sign_in(finn).post(page, {"postcode": "ig117xx", **rest})
    (choice,) = listed.context["form"].known
    assert "Which of these?" in listed.content.decode() and listed.status_code == 200
    forged = sign_in(finn).post(page, {"postcode": POSTCODE, "place": "forged", **rest})
    assert forged.status_code == 200 and not amina.addresses.exists()
    assert sign_in(finn).post(page, {"postcode": POSTCODE, "place": choice.value, **rest}).status_code == 302
    row = amina.addresses.get(until=None)
    assert (row.address.uprn, row.address.ward, row.address.postcode) == ("12345678", ward, POSTCODE)
    os_places.OS_PLACES_ADDRESS = "http://127.0.0.1:1/"
    assert "does not answer" in sign_in(finn).post(page, {"postcode": "RM10 7AB", **rest}).content.decode()
    typed = {"postcode": "RM10 7AB", "lines": "9 Far Lane", **rest}
    assert sign_in(finn).post(page, typed).status_code == 302
    assert str(amina.addresses.get(until=None).address) == "9 Far Lane, RM10 7AB"


def test_postcodes_are_loaded_from_the_directory_and_give_the_ward(db, system, tmp_path):
    seed_wards()
    code = postcodes.Ward.objects.get(name="Abbey").code
    rows = f"\ufeffPCDS,wd24cd,doterm\nig11 7xx,{code},\nIG11 8AA,E05999999,\nIG11 9AA,{code},202001\nnone,{code},\n"
    file = tmp_path / "onspd.csv"
    file.write_text(rows, encoding="utf-8")
    for _ in range(2):
        said = StringIO()
        call_command("load_postcodes", file, stdout=said)
        assert said.getvalue() == "1 postcodes kept, 1 left out: they lie in no ward of ours.\n"
    assert ward_of(POSTCODE).name == "Abbey" and ward_of("IG11 8AA") is None
    call_command("load_postcodes", "--invented", stdout=said)
    assert PostcodeWard.objects.count() == 39
    file.write_text("a,b\n1,2\n")
    with pytest.raises(CommandError, match="column of postcodes"):
        call_command("load_postcodes", file)


def test_an_address_is_put_right_without_touching_those_who_live_there_too(amina, finn):
    other = make.resident("Bola Ade")
    row = actions.move_to(amina, lines="1 High Stret", postcode=POSTCODE, by=finn)
    shared = actions.move_to(other, lines="1 High Stret", postcode=POSTCODE, by=finn)
    given = {"lines": "1 High Street", "postcode": POSTCODE, "tenure": "owner", "since": date(2020, 1, 1), "by": finn}
    fixed = actions.correct_address(row, seen=amina.version, **given)
    assert (fixed.address.lines, fixed.since, fixed.tenure) == ("1 High Street", date(2020, 1, 1), "owner")
    shared.refresh_from_db()
    assert shared.address.lines == "1 High Stret"
    with pytest.raises(StaleVersion):
        actions.correct_address(row, seen=amina.version, **given)


def test_an_address_ends_once_and_not_before_it_began(amina, finn):
    row = actions.move_to(amina, lines="1 High Street", since=make.TODAY, by=finn)
    with pytest.raises(ValidationError, match="or later"):
        actions.end_address(row, on=make.TODAY - timedelta(days=1), by=finn)
    assert actions.end_address(row, on=make.TODAY, by=finn).until == make.TODAY
    with pytest.raises(ValidationError, match="already"):
        actions.end_address(row, by=finn)


def test_everyone_known_at_an_address_leaves_out_whoever_is_hidden(amina, finn, ben, sign_in, as_owner):
    row = actions.move_to(amina, lines="1 High Street", postcode=POSTCODE, uprn="77", by=finn)
    before, near = make.resident("Bola Ade"), make.resident("Chidi Eze")
    actions.end_address(
        actions.move_to(before, lines="1 High Street", postcode=POSTCODE, uprn="77", since=date(2019, 1, 1), by=finn),
        by=finn,
    )
    actions.move_to(near, lines="1, High St", uprn="77", by=finn)
    actions.move_to(
        make.resident("In Confidence"), lines="1 High Street", postcode=POSTCODE, uprn="77", confidential=True, by=finn
    )
    actions.move_to(make.restricted_resident(), lines="1 High Street", postcode=POSTCODE, uprn="77", by=None)
    page = reverse("residents:others_at_address", args=[amina.reference, row.pk])
    said = sign_in(ben).get(page).content.decode()
    assert all(name in said for name in ("Amina Okafor", "Bola Ade", "Chidi Eze", "1 January 2019"))
    assert "In Confidence" not in said and "Rosa Hidden" not in said
    with as_owner():
        entry = AuditEvent.objects.get(verb="open_address")
    assert sorted(entry.about) == sorted([amina.reference, before.reference, near.reference])
    ResidentAddress.objects.filter(pk=row.pk).update(confidential=True)
    assert sign_in(ben).get(page).status_code == 404


def test_more_than_a_page_is_read_by_place(amina, finn, sign_in):
    row = actions.move_to(amina, lines="A hostel", since=date(2026, 1, 1), by=finn)
    place = Address.objects.get()
    for number in range(30):
        one = make.resident(f"Guest {number}")
        ResidentAddress.objects.create(resident=one, address=place, since=date(2025, 1, 1) + timedelta(days=number))
    page = reverse("residents:others_at_address", args=[amina.reference, row.pk])
    first = sign_in(finn).get(page)
    second = sign_in(finn).get(page + first.context["older"])
    names = [one.resident.name for answer in (first, second) for one in answer.context["people"]]
    assert len(names) == 31 and len(set(names)) == 31 and not second.context["older"]
    assert sign_in(finn).get(page + "?after=x-1").status_code == 200
