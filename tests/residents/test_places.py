"""Addresses: looked up, chosen or typed, put right, ended, and who else is known there."""

import json
import time
from contextlib import suppress
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
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
    """Speaks as OS Places does: `/postcode`, the key in a header, DPA rows, and an error object otherwise."""

    asked: list[tuple[str, dict[str, list[str]]]] = []
    trouble = ""

    def do_GET(self):
        where = urlsplit(self.path)
        self.asked.append((where.path, parse_qs(where.query)))
        if self.trouble == "silent":
            time.sleep(0.6)
        status, body = self.answer(where.path, parse_qs(where.query).get("postcode", [""])[0])
        text = b"<html>" if self.trouble == "garbled" else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        with suppress(OSError):  # whoever asked has gone
            for piece in (text[n : n + 1] for n in range(len(text))) if self.trouble == "slow" else (text,):
                self.wfile.write(piece)
                self.wfile.flush()
                time.sleep(0.05 if self.trouble == "slow" else 0)

    def answer(self, path, postcode):
        if self.headers.get("key") != "k3y-of-ours":
            return 401, {"fault": {"faultstring": "Invalid ApiKey"}}
        if self.trouble.isdecimal():
            return int(self.trouble), {"error": {"statuscode": int(self.trouble), "message": f"{postcode} refused"}}
        if path != "/search/places/v1/postcode":
            return 404, {"error": {"statuscode": 404, "message": "Resource not found"}}
        body = {"header": {"query": f"postcode={postcode}", "totalresults": 0, "format": "JSON", "dataset": "DPA"}}
        if postcode == POSTCODE:
            row = {"UPRN": "000012345678", "ADDRESS": f"FLAT 2, 12A, ST MARY'S ROAD, BARKING, {POSTCODE}", "POSTCODE": POSTCODE}  # fmt: skip
            body |= {"results": [{"DPA": row}, {"LPI": {"UPRN": "1"}}]}
        return 200, body

    def log_message(self, *words):
        """Says nothing."""


@pytest.fixture
def os_places(settings, monkeypatch):
    server = ThreadingHTTPServer(("127.0.0.1", 0), OsPlaces)
    Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setattr(OsPlaces, "trouble", "")
    settings.ADDRESS_LOOKUP, settings.OS_PLACES_KEY, settings.ADDRESS_LOOKUP_SECONDS = "os_places", "k3y-of-ours", 2
    settings.OS_PLACES_ADDRESS = f"http://127.0.0.1:{server.server_port}/search/places/v1"
    yield settings
    server.shutdown()
    server.server_close()


def test_os_places_is_asked_as_it_wants(os_places):
    assert look_up(POSTCODE) == [Found("Flat 2, 12A, St Mary's Road, Barking", POSTCODE, "12345678")]
    path, asked = OsPlaces.asked[-1]
    assert path == "/search/places/v1/postcode"
    assert asked == {"postcode": [POSTCODE], "dataset": ["DPA"], "maxresults": ["100"]}, "the key is in no address"
    assert look_up("RM10 7AB") == []


@pytest.mark.parametrize(
    ("trouble", "key", "why"),
    [
        ("", "k3y-of-others", "the key was refused"),
        ("403", "k3y-of-ours", "no right to this service"),
        ("429", "k3y-of-ours", "more was asked than the plan allows"),
        ("503", "k3y-of-ours", "it answered 503"),
        ("silent", "k3y-of-ours", "did not answer in time"),
        ("slow", "k3y-of-ours", "did not answer in time"),
        ("garbled", "k3y-of-ours", "cannot be read"),
        ("gone", "k3y-of-ours", "cannot be reached"),
    ],
)
def test_a_look_up_that_fails_tells_the_operator_why_and_nobody_what_was_asked(os_places, caplog, monkeypatch, trouble, key, why):  # fmt: skip
    monkeypatch.setattr(OsPlaces, "trouble", trouble)
    os_places.OS_PLACES_KEY, os_places.ADDRESS_LOOKUP_SECONDS = key, 0.3
    if trouble == "gone":
        os_places.OS_PLACES_ADDRESS = "http://127.0.0.1:1/"
    began = time.monotonic()
    with pytest.raises(LookupFailed, match=why) as failed:
        look_up(POSTCODE)
    assert time.monotonic() - began < 1
    assert failed.value.__cause__ is None and why in caplog.text
    assert POSTCODE not in caplog.text and POSTCODE.replace(" ", "+") not in caplog.text and key not in caplog.text


def test_a_postcode_that_does_not_exist_is_no_trouble(os_places, monkeypatch):
    monkeypatch.setattr(OsPlaces, "trouble", "400")
    assert look_up(POSTCODE) == []


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
    ours = sign_in(finn).post(page, {"postcode": POSTCODE, **rest}).content.decode()
    assert "St Mary" in ours
    assert "only the addresses on our own records" in ours
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
    for nonsense in ("x-1", "00000001999999999-5", "0-1", "9999999-1", "--"):
        assert sign_in(finn).get(f"{page}?after={nonsense}").status_code == 200
