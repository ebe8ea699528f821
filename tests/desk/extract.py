"""An extract in the published shape, invented: 2,000 people, two years of contacts, and every kind of bad row."""

import csv
import json
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

FORENAMES = [
    "Amina",
    "Bilal",
    "Chidi",
    "Dorota",
    "Efua",
    "Farid",
    "Grace",
    "Hanna",
    "Imran",
    "Jola",
    "Kofi",
    "Lena",
    "Musa",
    "Nadia",
    "Olu",
    "Petra",
    "Rafi",
    "Sana",
    "Tunde",
    "Zofia",
]
SURNAMES = [
    "Adeyemi",
    "Begum",
    "Costa",
    "Dumitru",
    "Eze",
    "Farrell",
    "Ghani",
    "Hussain",
    "Iqbal",
    "Jankowski",
    "Khan",
    "Lewis",
    "Mensah",
    "Nowak",
    "Okoro",
    "Patel",
]
STREETS = ("Heathway", "Ripple Road", "Longbridge Road", "Becontree Avenue", "Whalebone Lane")
SOURCES = [
    "1A",
    "1B",
    "1C",
    "1D",
    "2A",
    "2B",
    "3A",
    "3B",
    "3C",
    "3D",
    "3E",
    "3F",
    "4",
    "5A",
    "5B",
    "5C",
    "5D",
    "6",
    "7",
    "8",
    "9",
    "10",
]
ETHNICITIES = ["WBRI", "BAFR", "ABAN", "APKN", "BCRB", "WOTH", "MOTH", "REFU", "NOBT"]
PERSON = [
    "pers_person_id",
    "pers_forename",
    "pers_surname",
    "pers_sex",
    "pers_gender",
    "pers_ethnicity",
    "pers_dob",
    "pers_common_child_id",
    "pers_legacy_id",
    "pers_expected_dob",
    "pers_death_date",
]
ADDRESS = [
    "addr_table_id",
    "addr_address_json",
    "addr_person_id",
    "addr_address_type",
    "addr_address_start_date",
    "addr_address_end_date",
    "addr_address_postcode",
]
CONTACTS = [
    "cont_contact_id",
    "cont_person_id",
    "cont_contact_date",
    "cont_contact_source_code",
    "cont_contact_source_desc",
    "cont_contact_outcome_json",
]
EPISODES = [
    "earl_episode_id",
    "earl_person_id",
    "earl_episode_start_date",
    "earl_episode_end_date",
    "earl_episode_reason",
    "earl_episode_end_reason",
    "earl_episode_organisation",
    "earl_episode_worker_id",
]
INVOLVEMENTS = [
    "invo_involvements_id",
    "invo_professional_id",
    "invo_professional_role_id",
    "invo_professional_team",
    "invo_involvement_start_date",
    "invo_involvement_end_date",
    "invo_worker_change_reason",
    "invo_person_id",
]
PROFESSIONALS = ["prof_professional_id", "prof_staff_id", "prof_professional_name", "prof_professional_job_title"]
COLUMNS = {
    "person": PERSON,
    "address": ADDRESS,
    "contacts": CONTACTS,
    "early_help_episodes": EPISODES,
    "involvements": INVOLVEMENTS,
    "professionals": PROFESSIONALS,
}
FLAGS = [
    "NEW_REFERRAL_FLAG",
    "EXISTING_REFERRAL_FLAG",
    "CP_ENQUIRY_FLAG",
    "NFA_FLAG",
    "NON_AGENCY_ADOPTION_FLAG",
    "PRIVATE_FOSTERING_FLAG",
    "ADVICE_FLAG",
    "MISSING_FLAG",
    "OLA_CP_FLAG",
    "OTHER_OUTCOMES_EXIST_FLAG",
]
TODAY = date(2026, 11, 20)
DST_NIGHTS = (
    "2025-03-30 00:30:00", "2025-03-30 01:30:00", "2025-03-30 23:59:59", "2025-10-26 01:30:00", "2025-10-26 00:00:00",
    "2026-03-29 01:00:00", "2026-03-29 23:30:00", "2026-10-25 01:59:59", "2025-03-31 23:30:00", "2025-10-31 23:59:00",
)  # fmt: skip


def outcome(*flags: str) -> str:
    """The outcome field as the standard writes it: every flag, whether set or not."""
    return json.dumps({flag: "Y" if flag in flags else "N" for flag in FLAGS})


def good_rows(people: int = 2000) -> dict[str, list[dict[str, str]]]:
    """Rows of every table that can all be taken. The same ones each time."""
    random = Random(2)
    rows: dict[str, list[dict[str, str]]] = {name: [] for name in COLUMNS}
    rows["professionals"] = [
        {
            "prof_professional_id": f"W{number}",
            "prof_professional_name": f"{random.choice(FORENAMES)} {random.choice(SURNAMES)}",
            "prof_professional_job_title": random.choice(("Social Worker", "Keyworker", "GP")),
        }
        for number in range(40)
    ]
    for number in range(people):
        _one_person(random, number, rows)
    for number, at in enumerate(DST_NIGHTS):
        rows["contacts"].append(
            contact(f"DST{number}", f"P{number}", at, "2A", outcome("NFA_FLAG" if number % 2 else "NEW_REFERRAL_FLAG"))
        )
    return rows


def _one_person(random: Random, number: int, rows: dict[str, list[dict[str, str]]]) -> None:
    key = f"P{number}"
    born = TODAY - timedelta(days=random.randint(30, 365 * 30))
    rows["person"].append(
        person(
            key,
            random.choice(FORENAMES),
            random.choice(SURNAMES),
            born,
            pers_sex=random.choice("MFU"),
            pers_gender=random.choice(("01", "02", "09", "00", "")),
            pers_ethnicity=random.choice(ETHNICITIES),
        )
    )
    for place in range(random.choice((1, 1, 1, 2))):
        rows["address"].append(address(f"A{number}.{place}", key, random, since=born + timedelta(days=20 * place)))
    for each in range(random.choice((0, 1, 1, 2))):
        at = datetime(2024, 11, 1) + timedelta(minutes=random.randint(0, 60 * 24 * 730))
        said = random.choice(
            (
                outcome("NFA_FLAG"), outcome("ADVICE_FLAG"), outcome("NEW_REFERRAL_FLAG"), "EH Referral", "CIN Referral",
                "No Further Action", outcome(), "",
            )
        )  # fmt: skip
        rows["contacts"].append(
            contact(f"C{number}.{each}", key, f"{at:%Y-%m-%d %H:%M:%S}", random.choice(SOURCES), said)
        )
    if number % 5 == 0:
        since = date(2025, 1, 6) + timedelta(days=number % 300)
        rows["early_help_episodes"].append(
            {
                "earl_episode_id": f"E{number}",
                "earl_person_id": key,
                "earl_episode_start_date": f"{since}",
                "earl_episode_end_date": f"{since + timedelta(days=90)}" if number % 2 else "",
                "earl_episode_reason": random.choice(("N4", "Parenting", "N1")),
                "earl_episode_end_reason": "RC7" if number % 2 else "",
                "earl_episode_organisation": "Children's Centre",
                "earl_episode_worker_id": f"W{number % 40}",
            }
        )
    if number % 4 == 0:
        rows["involvements"].append(
            {
                "invo_involvements_id": f"I{number}",
                "invo_professional_id": f"W{number % 40}",
                "invo_professional_role_id": random.choice(("Allocated Social Worker", "Early Help Worker")),
                "invo_professional_team": "Assessment East",
                "invo_involvement_start_date": f"{date(2025, 2, 3) + timedelta(days=number % 200)}",
                "invo_worker_change_reason": "MANAGE",
                "invo_person_id": key,
            }
        )


def person(key: str, forename: str, surname: str, born: date | str | None, **more: str) -> dict[str, str]:
    """One row of person."""
    return {
        "pers_person_id": key,
        "pers_forename": forename,
        "pers_surname": surname,
        "pers_dob": f"{born or ''}",
        **more,
    }


def address(key: str, whose: str, random: Random, *, since: date, until: str = "", **more: str) -> dict[str, str]:
    """One row of address, with every part of its JSON."""
    parts = dict.fromkeys(("ROOM", "FLOOR", "FLAT", "BUILDING", "EASTING", "NORTHING"), "")
    parts |= {"HOUSE": str(random.randint(1, 300)), "STREET": random.choice(STREETS), "TOWN": "Dagenham"}
    return {
        "addr_table_id": key,
        "addr_address_json": json.dumps(parts | {"UPRN": str(random.randint(10**8, 10**9))}),
        "addr_person_id": whose,
        "addr_address_type": "Home",
        "addr_address_start_date": f"{since} 00:00:00",
        "addr_address_end_date": until,
        "addr_address_postcode": f"RM{random.randint(8, 10)}{random.randint(1, 9)}AB",
        **more,
    }


def contact(key: str, whose: str, at: str, source: str, said: str, **more: str) -> dict[str, str]:
    """One row of contacts."""
    return {
        "cont_contact_id": key,
        "cont_person_id": whose,
        "cont_contact_date": at,
        "cont_contact_source_code": source,
        "cont_contact_outcome_json": said,
        **more,
    }


def write_table(folder: Path, name: str, rows: list[dict[str, str]], *, file: str = "") -> Path:
    """One file; a row may bring cells that are too many under the key None."""
    path = folder / (file or f"{name}.csv")
    with path.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(COLUMNS[name])
        for row in rows:
            writer.writerow([*(row.get(column, "") for column in COLUMNS[name]), *row.get("more cells", [])])
    return path


def write_folder(folder: Path, rows: dict[str, list[dict[str, str]]]) -> Path:
    """Every file that has rows."""
    folder.mkdir(exist_ok=True)
    for name, table in rows.items():
        write_table(folder, name, table)
    return folder


# Kind of bad row -> table, the row, a part of the reason.
BAD: dict[str, tuple[str, dict, str]] = {
    "no id": ("person", person("", "No", "Id", "2001-01-01"), "there is no person id"),
    "the same id twice": ("person", person("P0", "Again", "Here", "2001-01-01"), "was used on row 2 already"),
    "a day that does not exist": ("person", person("B1", "Bad", "Day", "2001-02-30"), "does not exist"),
    "words for a date": ("person", person("B2", "Bad", "Words", "last spring"), "is not a date"),
    "born in the future": ("person", person("B3", "Bad", "Future", "2031-01-01"), "in the future"),
    "died before birth": (
        "person",
        person("B4", "Bad", "Order", "2001-01-01", pers_death_date="1999-01-01"),
        "before the date of birth",
    ),
    "a code that is not published": (
        "person",
        person("B5", "Bad", "Code", "2001-01-01", pers_ethnicity="MARTIAN"),
        "not a code of the published list",
    ),
    "a name of 10,000 characters": ("person", person("B6", "x" * 10_000, "Long", "2001-01-01"), "10,000 characters"),
    "a null character": ("person", person("B7", "Nu\0ll", "Byte", "2001-01-01"), "null character"),
    "a control character": ("person", person("B8", "Be\x07ll", "Rings", "2001-01-01"), "control characters"),
    "no name": ("person", person("B9", "", "", "2001-01-01"), "the name is empty"),
    "an NHS number that cannot be": (
        "person",
        person("B10", "Bad", "Number", "2001-01-01", pers_common_child_id="1234567890"),
        "NHS number",
    ),
    "too many cells": (
        "person",
        {**person("B11", "Bad", "Shape", "2001-01-01"), "more cells": ["one more"]},
        "columns",
    ),
    "an address of nobody": ("address", address("BA1", "NOBODY", Random(1), since=date(2020, 1, 1)), "is not known"),
    "an address that ends before it starts": (
        "address",
        address("BA2", "P1", Random(1), since=date(2020, 1, 1), until="2019-01-01"),
        "the end date is before the start date",
    ),
    "an address that is not JSON": (
        "address",
        address("BA3", "P1", Random(1), since=date(2020, 1, 1), addr_address_json="{HOUSE: 1"),
        "not JSON",
    ),
    "JSON within JSON": (
        "address",
        address("BA4", "P1", Random(1), since=date(2020, 1, 1), addr_address_json="[" * 3000),
        "not JSON",
    ),
    "a postcode that cannot be": (
        "address",
        address("BA5", "P1", Random(1), since=date(2020, 1, 1), addr_address_postcode="NOT A CODE"),
        "postcode",
    ),
    "a contact in the future": ("contacts", contact("BC1", "P1", "2031-01-01", "2A", ""), "in the future"),
    "a source that is not published": ("contacts", contact("BC2", "P1", "2026-01-01", "77", ""), "source code"),
    "an outcome that is not published": ("contacts", contact("BC3", "P1", "2026-01-01", "2A", "Sent home"), "outcome"),
    "a contact of somebody refused": ("contacts", contact("BC4", "B9", "2026-01-01", "2A", ""), "is not known"),
    "a contact without a date": ("contacts", contact("BC5", "P1", "", "2A", ""), "no date of contact"),
    "an episode by nobody known": (
        "early_help_episodes",
        {
            "earl_episode_id": "BE1",
            "earl_person_id": "P1",
            "earl_episode_start_date": "2025-01-01",
            "earl_episode_worker_id": "NOBODY",
        },
        "professional",
    ),
    "an involvement that says nothing": (
        "involvements",
        {"invo_involvements_id": "BI1", "invo_person_id": "P1", "invo_involvement_start_date": "2025-01-01"},
        "says neither",
    ),
    "a professional without a name": ("professionals", {"prof_professional_id": "BW1"}, "the name is empty"),
}


def with_bad_rows(rows: dict[str, list[dict[str, str]]]) -> dict[str, list[dict[str, str]]]:
    """The same with one bad row of each kind at the end of its table."""
    mixed = {name: list(table) for name, table in rows.items()}
    for table, row, _ in BAD.values():
        mixed[table].append(row)
    return mixed
