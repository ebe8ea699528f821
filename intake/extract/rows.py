"""What one row of each table says, as plain values of ours. Raises Refused, in words, where it cannot be so. Pure functions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError

from intake.extract import codes
from intake.extract.tables import ADDRESS, CONTACTS, EARLY_HELP, INVOLVEMENTS, PERSON, PROFESSIONALS
from intake.extract.values import LONDON, Refused, code, day, moment, needed_id, parts_of, text
from residents.written import read_nhs_number, read_postcode, read_uprn

MOST_NAME = 200
OLDEST = 130
NO_FIXED_ABODE = "ZZ99 3VZ"
HIDDEN = ("confidential", "refuge", "restricted", "withheld")
YES = frozenset({"y", "yes", "1", "true", "t"})
NO = frozenset({"", "n", "no", "0", "false", "f"})


@dataclass(frozen=True, slots=True)
class Professional:
    """Somebody who works with people; nobody gets a sign-in from this."""

    name: str
    role: str


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody whom we help."""

    name: str
    born_on: date | None
    expected_on: date | None
    died_on: date | None
    nhs_number: str
    gender: str
    ethnicity: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody lives or lived; without lines they have no fixed abode."""

    person: str
    lines: str
    postcode: str
    uprn: str
    confidential: bool
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class Work:
    """Somebody works or worked with a person; `episode` says that it is early help, and `ended` why it ended."""

    person: str
    worker: str
    who: str
    what: str
    since: date
    until: date | None
    episode: bool = False
    ended: str = ""


@dataclass(frozen=True, slots=True)
class Approach:
    """A contact; without an outcome it waits for a decision."""

    person: str
    received_at: datetime
    speaking: str
    source: str
    described: str
    outcome: str
    tier: int
    decided: str


def read_professional(row: dict[str, str], today: date) -> Professional:
    """One row of professionals."""
    name = text(row, "prof_professional_name", most=150, name="name")
    if not name:
        raise Refused("the name is empty")
    return Professional(name, text(row, "prof_professional_job_title", most=100, name="job title"))


def read_person(row: dict[str, str], today: date) -> Person:
    """One row of person."""
    forename = text(row, "pers_forename", most=MOST_NAME, name="forename")
    surname = text(row, "pers_surname", most=MOST_NAME, name="surname")
    born_on, expected_on = (
        day(row, "pers_dob", "date of birth"),
        day(row, "pers_expected_dob", "expected date of birth"),
    )
    name = " ".join(filter(None, (forename, surname)))
    if not forename and expected_on and born_on is None:
        name = " ".join(filter(None, ("Unborn baby", surname)))
    if not name:
        raise Refused("the name is empty: neither forename nor surname")
    if len(name) > MOST_NAME:
        raise Refused(f"the name has {len(name):,} characters: the most is {MOST_NAME}")
    died_on = day(row, "pers_death_date", "date of death")
    _refuse_impossible_life(born_on, died_on, today)
    sex, gender = code(row, "pers_sex", codes.SEXES, "sex"), _gender(row)
    ethnicity = code(row, "pers_ethnicity", codes.ETHNICITIES, "ethnicity")
    return Person(
        name=name,
        born_on=born_on,
        expected_on=None if born_on else expected_on,
        died_on=died_on,
        nhs_number=_read(read_nhs_number, text(row, "pers_common_child_id", most=40, name="NHS number"), "NHS number"),
        gender=(gender and gender.value) or (sex and sex.value) or "",
        ethnicity=ethnicity.value if ethnicity else "",
    )


def _refuse_impossible_life(born_on: date | None, died_on: date | None, today: date) -> None:
    if born_on and born_on > today:
        raise Refused("the date of birth is in the future: a child not yet born has an expected date of birth")
    if born_on and today.year - born_on.year > OLDEST and died_on is None:
        raise Refused(f"the date of birth is more than {OLDEST} years ago and there is no date of death")
    if died_on and died_on > today:
        raise Refused("the date of death is in the future")
    if born_on and died_on and died_on < born_on:
        raise Refused("the date of death is before the date of birth")


def _gender(row: dict[str, str]) -> codes.Ours | None:
    """10 to 99 are each council's own codes under 9."""
    written = text(row, "pers_gender", most=20, name="gender")
    if len(written) == 2 and written.isascii() and written.isdigit() and written[0] != "0":
        return codes.GENDERS["9"]
    return code(row, "pers_gender", codes.GENDERS, "gender")


def read_place(row: dict[str, str], today: date) -> Place:
    """One row of address."""
    person = needed_id(row, "addr_person_id", "person id")
    parts = parts_of(row, "addr_address_json", "address")
    postcode = text(row, "addr_address_postcode", most=20, name="postcode") or parts.get("POSTCODE", "")
    postcode = _read(read_postcode, postcode, "postcode")
    kind = text(row, "addr_address_type", most=100, name="address type").lower()
    since, until = _span(row, "addr_address_start_date", "addr_address_end_date", today)
    nowhere = postcode == NO_FIXED_ABODE or "no fixed" in kind
    lines = "" if nowhere else _lines(parts)
    if not lines and not nowhere:
        raise Refused("the address is empty: no house, building or street in its JSON")
    uprn = _read(read_uprn, parts.get("UPRN", ""), "UPRN")
    hidden = any(word in kind for word in HIDDEN)
    return Place(person, lines, "" if nowhere else postcode, "" if nowhere else uprn, hidden, since, until)


def _lines(parts: dict[str, str]) -> str:
    """The address in one line, without its postcode."""
    flat = parts.get("FLAT", "")
    house = " ".join(filter(None, (parts.get("HOUSE", ""), parts.get("STREET", ""))))
    inside = [
        _labelled("Room", parts.get("ROOM", "")),
        _labelled("Floor", parts.get("FLOOR", "")),
        _labelled("Flat", flat),
        parts.get("BUILDING", ""),
        house,
    ]
    if not any(inside):
        return ""
    lines = ", ".join(filter(None, (*inside, parts.get("TOWN", ""))))
    if len(lines) > 300:
        raise Refused(f"the address has {len(lines):,} characters: the most is 300")
    return lines


def _labelled(label: str, value: str) -> str:
    """Flat 2 for 2; what says more than a number stays as it is."""
    return f"{label} {value}" if value and len(value) <= 4 and value[0].isdigit() else value


def read_involvement(row: dict[str, str], today: date) -> Work:
    """One row of involvements."""
    person = needed_id(row, "invo_person_id", "person id")
    role = text(row, "invo_professional_role_id", most=100, name="role")
    team = text(row, "invo_professional_team", most=90, name="team")
    since, until = _span(row, "invo_involvement_start_date", "invo_involvement_end_date", today)
    code(row, "invo_worker_change_reason", codes.CHANGES_OF_WORKER, "reason for change of worker")
    worker = text(row, "invo_professional_id", most=60, name="professional id")
    if not (worker or role or team):
        raise Refused("it says neither who works with the person nor in which role or team")
    return Work(person, worker, "", ", ".join(filter(None, (role, team))), since, until)


def read_episode(row: dict[str, str], today: date) -> Work:
    """One row of early help episodes."""
    person = needed_id(row, "earl_person_id", "person id")
    reason = codes.said(codes.PRIMARY_NEEDS, text(row, "earl_episode_reason", most=150, name="reason"))
    ended = codes.said(codes.CLOSURES, text(row, "earl_episode_end_reason", most=300, name="end reason"))
    organisation = text(row, "earl_episode_organisation", most=100, name="organisation")
    since, until = _span(row, "earl_episode_start_date", "earl_episode_end_date", today)
    worker = text(row, "earl_episode_worker_id", most=60, name="worker id")
    what = "Early help episode" + (f": {reason}" if reason else "")
    return Work(person, worker, organisation, what, since, until, episode=True, ended=ended)


def read_approach(row: dict[str, str], today: date) -> Approach:
    """One row of contacts."""
    person = needed_id(row, "cont_person_id", "person id")
    received_at = moment(row, "cont_contact_date", "date of contact")
    if received_at is None:
        raise Refused("there is no date of contact")
    on = received_at.astimezone(LONDON).date()
    if on > today:
        raise Refused("the date of contact is in the future")
    if on.year < 1980:
        raise Refused("the date of contact is before 1980")
    source = code(row, "cont_contact_source_code", codes.SOURCES, "source code") or codes.SOURCES["10"]
    outcome, tier, decided = _outcome(row)
    described = text(row, "cont_contact_source_desc", most=300, name="source description")
    return Approach(person, received_at, source.value, source.label, described, outcome, tier, decided)


def _outcome(row: dict[str, str]) -> tuple[str, int, str]:
    """Our outcome, our tier, and the outcome in words; nothing where no outcome is recorded. Of several flags the highest counts."""
    column = "cont_contact_outcome_json" if "cont_contact_outcome_json" in row else "cont_contact_outcome"
    written = (row.get(column) or "").strip()
    found = [] if written.startswith(("{", "[", '"')) else [code(row, column, codes.OUTCOMES, "outcome")]
    if not found:
        found = [_flag(key, value) for key, value in parts_of(row, column, "outcome").items()]
    best = max((ours for ours in found if ours and not ours.left_out), key=lambda ours: ours.value[-1], default=None)
    if best is None:
        return "", 0, ""
    outcome, _, tier = best.value.partition(":")
    return outcome, int(tier), best.label.rpartition(": ")[0]


def _flag(key: str, value: str) -> codes.Ours | None:
    ours = codes.FLAGS.get(key)
    if ours is None:
        raise Refused(f"outcome has a flag that is not published: {key[:40]}")
    if value.casefold() not in YES | NO:
        raise Refused(f"outcome says neither yes nor no to {key}: “{value[:20]}”")
    return ours if value.casefold() in YES else None


def _span(row: dict[str, str], start: str, end: str, today: date) -> tuple[date, date | None]:
    since, until = day(row, start, "start date"), day(row, end, "end date")
    if since is None:
        raise Refused(f"there is no start date ({start} is empty)")
    if since > today:
        raise Refused("the start date is in the future")
    if until and until < since:
        raise Refused("the end date is before the start date")
    return since, until


def _read(reader: Callable[[str], str], written: str, name: str) -> str:
    try:
        return reader(written)
    except ValidationError:
        raise Refused(f"{name} “{written[:40]}” is not a valid {name}") from None


READERS: dict[str, Callable[[dict[str, str], date], Professional | Person | Place | Work | Approach]] = {
    PROFESSIONALS.name: read_professional,
    PERSON.name: read_person,
    ADDRESS.name: read_place,
    INVOLVEMENTS.name: read_involvement,
    EARLY_HELP.name: read_episode,
    CONTACTS.name: read_approach,
}
