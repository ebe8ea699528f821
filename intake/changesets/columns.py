"""What the columns of a file of people may hold, in plain words, and which one a heading probably means. Pure functions."""

import re
from collections.abc import Sequence

LEFT_OUT = ""
MEANINGS = (
    (LEFT_OUT, "Leave it out"),
    ("their_id", "Their own number for the person"),
    ("name", "Full name"),
    ("forename", "First names"),
    ("surname", "Family name"),
    ("born", "Date of birth"),
    ("died", "Date of death"),
    ("phone", "Phone number"),
    ("email", "Email address"),
    ("lines", "Address, or one line of it"),
    ("postcode", "Postcode"),
    ("uprn", "UPRN"),
    ("nhs_number", "NHS number"),
    ("closed", "Must be kept restricted (yes or no)"),
)
ONCE = frozenset(dict(MEANINGS)) - {LEFT_OUT, "lines"}
_GUESSES = (
    ("their_id", r"(person|client|customer|service_?user|resident|case|own|their)?_?(id|ref|reference|number|no)|pers_person_id|id"),
    ("forename", r"(first|fore|given|christian)_?names?|pers_forename"),
    ("surname", r"(sur|last|family)_?names?|pers_surname"),
    ("name", r"(full_?|person_?|client_?)?name"),
    ("born", r"dob|(date_?of_?)?birth(_?date|day)?|born(_?on)?|pers_dob"),
    ("died", r"(date_?of_?)?death(_?date)?|died(_?on)?|pers_death_date"),
    ("phone", r"(tele)?phone(_?(number|no))?|mobile(_?(phone|number|no))?|tel(_?no)?|contact_?number"),
    ("email", r"e_?mail(_?address)?"),
    ("lines", r"(home_?)?address(_?line)?(_?\d)?|street|town|city|house(_?(number|name))?"),
    ("postcode", r"post_?code|zip(_?code)?"),
    ("uprn", r"uprn"),
    ("nhs_number", r"nhs(_?(number|no))?"),
    ("closed", r"restricted|confidential|sensitive|shielded|closed"),
)  # fmt: skip


def guess(headings: Sequence[str]) -> list[str]:
    """What each heading probably means; what may stand once goes to the first that fits."""
    found: list[str] = []
    for heading in headings:
        folded = re.sub(r"[^a-z0-9]+", "_", heading.casefold()).strip("_")
        meant = next((key for key, pattern in _GUESSES if re.fullmatch(pattern, folded)), LEFT_OUT)
        found.append(LEFT_OUT if meant in ONCE and meant in found else meant)
    return found


def wrong_with(mapping: Sequence[str]) -> list[str]:
    """What must be mended in a choice of columns before the file can be read, in words."""
    words = dict(MEANINGS)
    twice = sorted({one for one in mapping if one in ONCE and mapping.count(one) > 1})
    wrong = [f"Choose “{words[one]}” for one column only" for one in twice]
    if "name" not in mapping and "surname" not in mapping:
        wrong.append("Choose which column holds the name: full name, or first names and family name")
    if "name" in mapping and ("surname" in mapping or "forename" in mapping):
        wrong.append("Choose either full name, or first names and family name, not both")
    return wrong
