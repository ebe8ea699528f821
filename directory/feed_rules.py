"""What we ask of a service in an Open Referral UK feed before we take it: the fields that we use, their types and formats.

Written from the facts of the published profile; `import_services --schema` also holds each service against that profile itself.
"""

from collections.abc import Iterable
from datetime import time
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError as Fault

MOST_REASONS = 5
_TYPES = {
    "string": "text",
    "number": "a number",
    "integer": "a whole number",
    "array": "a list",
    "object": "a group of fields",
}


def _text(most: int, **more: Any) -> dict[str, Any]:
    return {"type": "string", "maxLength": most, **more}


UUID = {"type": "string", "format": "uuid"}
WEB = "^[Hh][Tt][Tt][Pp][Ss]?://"
LINK = _text(500, format="uri", pattern=WEB)
EMAIL = _text(254, format="email")
DATE = {"type": "string", "format": "date"}
CLOCK = {"type": "string", "format": "clock"}
AGE = {"type": "number", "minimum": 0, "maximum": 150}


def _group(required: Iterable[str] = (), **fields: Any) -> dict[str, Any]:
    return {"type": "object", "required": list(required), "properties": fields}


def _list(**of: Any) -> dict[str, Any]:
    return {"type": "array", "maxItems": 500, "items": of}


PHONES = _list(**_group(["number"], number=_text(40)))
TERM = _group(["id", "name"], id=UUID, name=_text(250), taxonomy=_text(250), term=_text(250), code=_text(120))
PLACE = _group(
    ["id", "location_type"],
    id=UUID,
    location_type={"enum": ["physical", "postal", "virtual"]},
    name=_text(250),
    latitude={"type": "number"},
    longitude={"type": "number"},
    addresses=_list(
        **_group(
            ["address_1", "postal_code"],
            address_1=_text(250),
            address_2=_text(250),
            city=_text(120),
            postal_code=_text(20),
        )
    ),
)
TIME = _group(
    ["id"],
    id=UUID,
    valid_from=DATE,
    valid_to=DATE,
    freq={"enum": ["WEEKLY", "MONTHLY"]},
    byday=_text(60),
    description=_text(5000),
    opens_at=CLOCK,
    closes_at=CLOCK,
)
SERVICE = _group(
    ["id", "name", "status"],
    id=UUID,
    name=_text(250, minLength=1, pattern=r"\S"),
    alternate_name=_text(250),
    description=_text(20_000),
    url=LINK,
    email=EMAIL,
    status={"enum": ["active", "inactive", "defunct", "temporarily closed"]},
    fees=_text(5000),
    alert=_text(5000),
    minimum_age=AGE,
    maximum_age=AGE,
    assured_date=DATE,
    last_modified={"type": "string", "format": "date-time"},
    organization_id=UUID,
    organization=_group(
        ["id", "name"],
        id=UUID,
        name=_text(200, minLength=1, pattern=r"\S"),
        email=EMAIL,
        website=LINK,
        description=_text(20_000),
    ),
    phones=PHONES,
    contacts=_list(**_group(phones=PHONES)),
    schedules=_list(**TIME),
    service_areas=_list(**_group(["id"], id=UUID, name=_text(5000))),
    cost_options=_list(
        **_group(option=_text(1000), amount={"type": "number"}, amount_description=_text(1000), currency=_text(3))
    ),
    service_at_locations=_list(**_group(["id"], id=UUID, location=PLACE)),
    attributes=_list(**_group(["id"], id=UUID, taxonomy_term=TERM)),
)
formats = FormatChecker()


@formats.checks("clock", raises=ValueError)
def _is_clock(value: object) -> bool:
    """10:00, 10:00:00, with or without a zone."""
    if isinstance(value, str):
        time.fromisoformat(value)
    return True


_ours = Draft202012Validator(SERVICE, format_checker=formats)


def faults_of(service: Any, published: Draft202012Validator | None = None) -> list[str]:
    """Why the service cannot be taken, in words; empty if it can."""
    if not isinstance(service, dict):
        return ["This is not a service: it must be a group of fields."]
    if place := _unwritable(service):
        return [f"{place}: holds characters that cannot be stored"]
    found = list(_ours.iter_errors(service))
    if published is not None and not found:
        found = list(published.iter_errors(service))
    reasons = sorted({_in_words(fault) for fault in found})[:MOST_REASONS]
    low, high = service.get("minimum_age"), service.get("maximum_age")
    if not reasons and low is not None and high is not None and low > high:
        reasons.append("minimum_age: must not be above maximum_age")
    return reasons


def _unwritable(value: Any, path: str = "service") -> str:
    """Where a text holds a null character or half of a pair, which no database can store."""
    if isinstance(value, str):
        return path if "\x00" in value or any("\ud800" <= one <= "\udfff" for one in value) else ""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return next((place for key, one in pairs if (place := _unwritable(one, str(key)))), "")


def _in_words(fault: Fault) -> str:
    """One fault as a sentence that the keeper of the feed can act on; it quotes no value at length."""
    place = ".".join(str(part) for part in fault.absolute_path) or "service"
    wanted = fault.validator_value
    match fault.validator:
        case "required":
            missing = next((name for name in wanted if name not in fault.instance), "")
            return f"{place}: “{missing}” is missing"
        case "type":
            names = [wanted] if isinstance(wanted, str) else wanted
            return f"{place}: must be {' or '.join(_TYPES.get(name, name) for name in names)}"
        case "format":
            return f"{place}: is not a valid {wanted}"
        case "enum":
            return f"{place}: must be one of {', '.join(str(one) for one in wanted)}"
        case "maxLength" | "maxItems":
            return f"{place}: is longer than {wanted:,}"
        case "minimum" | "maximum":
            return f"{place}: must be {'at least' if fault.validator == 'minimum' else 'at most'} {wanted}"
        case "pattern":
            return f"{place}: must begin with http:// or https://" if wanted == WEB else f"{place}: must not be empty"
        case _:
            return f"{place}: does not fit the profile ({fault.validator})"
