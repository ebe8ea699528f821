"""What one row says of a person, as plain values that are kept with the row. Raises Refused in words. Pure functions."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from intake.extract.rows import Person
from intake.extract.values import Refused, day, text
from ledger.fields import PartialDate
from residents.comparing import Facts, facts_of
from residents.written import read_nhs_number, read_phone, read_postcode, read_uprn

# The one sentence for everything that a person must decide by hand; it never says which of the reasons it was.
BY_HAND = "This row cannot be taken in from a file. Ask the duty manager."
FORMULA = ("=", "+", "-", "@")
YES = frozenset({"y", "yes", "1", "true", "t", "x"})
OLDEST = 130
_YEAR = re.compile(r"(18|19|20)\d\d")
_MONTH = re.compile(r"(\d{1,2})/((?:18|19|20)\d\d)|((?:18|19|20)\d\d)-(\d{1,2})")
Said = dict[str, str]


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A row that another reader has read, or refused."""

    number: int
    facts: Said
    checksum: str
    refused: str = ""


def read_row(cells: Sequence[str], mapping: Sequence[str], today: date) -> Said:
    """The facts of one row by the chosen columns. Raises Refused."""
    row: dict[str, str] = {}
    for cell, meant in zip(cells, mapping, strict=False):
        row[meant] = ", ".join(filter(None, (row.get(meant, ""), cell.strip(" ,")))) if meant == "lines" else cell
    name = text(row, "name", most=200, name="name") or " ".join(
        filter(None, (text(row, part, most=200, name="name") for part in ("forename", "surname")))
    )
    if not name:
        raise Refused("There is no name")
    if len(name) > 200 or not any(one.isalpha() for one in name):
        raise Refused("The name is not one")
    if any((row.get(part) or "").strip().startswith(FORMULA) for part in ("name", "forename", "surname", "lines")):
        raise Refused("A cell begins like a formula of a spreadsheet: take the sign away")
    born = _birth(row, today)
    died = day(row, "died", "date of death")
    first = born.first
    if died and (died > today or (first and died < first)):
        raise Refused("The date of death cannot be")
    phone, email = text(row, "phone", most=40, name="phone number"), text(row, "email", most=200, name="email address")
    said = {
        "their_id": text(row, "their_id", most=60, name="their number"),
        "name": name,
        "born": first.isoformat() if first else "",
        "birth": born.precision if first else "",
        "died": died.isoformat() if died else "",
        "phone": _read("phone number", read_phone, phone) if phone else "",
        "email": _read("email address", _email, email) if email else "",
        "lines": text(row, "lines", most=300, name="address"),
        "postcode": _read("postcode", read_postcode, text(row, "postcode", most=20, name="postcode")),
        "uprn": _read("UPRN", read_uprn, text(row, "uprn", most=20, name="UPRN")),
        "nhs_number": _read("NHS number", read_nhs_number, text(row, "nhs_number", most=20, name="NHS number")),
        "closed": "yes" if (row.get("closed") or "").strip().casefold() in YES else "",
    }
    return {key: value for key, value in said.items() if value}


def of_extract(person: Person, their_id: str) -> Said:
    """The same of a row of `person.csv` that the extract's own reader has read."""
    said = {
        "their_id": their_id,
        "name": person.name,
        "born": person.born_on.isoformat() if person.born_on else "",
        "birth": "full" if person.born_on else "",
        "died": person.died_on.isoformat() if person.died_on else "",
        "nhs_number": person.nhs_number,
        "gender": person.gender,
        "ethnicity": person.ethnicity,
        "expected": person.expected_on.isoformat() if person.expected_on else "",
    }
    return {key: value for key, value in said.items() if value}


def too_little(said: Said) -> bool:
    """Whether nothing but a name is known, by which nobody can be told from others."""
    return not any(said.get(key) for key in ("born", "phone", "email", "lines", "postcode", "nhs_number", "expected"))


def birth_in(said: Said) -> PartialDate:
    """The date of birth as far as the row knows it."""
    return PartialDate.of(date.fromisoformat(said["born"]), said["birth"]) if said.get("born") else PartialDate()


def compared(said: Said) -> Facts:
    """The facts as the matching weighs them."""
    place = (said.get("lines", ""), said.get("postcode", ""))
    return facts_of(
        name=said["name"],
        born=birth_in(said).first,
        birth=said.get("birth", "full"),
        places=[place] if any(place) else [],
        phones=[said["phone"]] if said.get("phone") else [],
        emails=[said["email"]] if said.get("email") else [],
        nhs=said.get("nhs_number", ""),
    )


def _birth(row: dict[str, str], today: date) -> PartialDate:
    written = text(row, "born", most=40, name="date of birth")
    if _YEAR.fullmatch(written):
        found = PartialDate(int(written))
    elif part := _MONTH.fullmatch(written):
        month, year = int(part[1] or part[4]), int(part[2] or part[3])
        if not 1 <= month <= 12:
            raise Refused(f"date of birth “{written}” is a date that does not exist")
        found = PartialDate(year, month)
    else:
        found = PartialDate.of(day(row, "born", "date of birth"))
    if found and (found.first > today or found.first.year < today.year - OLDEST):  # type: ignore[operator, union-attr]
        raise Refused("The date of birth lies in the future or too far back")
    return found


def _read(name: str, reader: Callable[[str], str], written: str) -> str:
    try:
        return reader(written)
    except ValidationError:
        raise Refused(f"The {name} “{written[:40]}” is not one") from None


def _email(written: str) -> str:
    validate_email(written)
    return written
