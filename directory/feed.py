"""Reads an Open Referral UK feed from a file or a folder of files: which services it holds, and why some cannot be taken."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, time
from pathlib import Path
from typing import Any

from django.utils.dateparse import parse_datetime
from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError

from directory.feed_rules import faults_of, formats
from directory.models import WEEKDAYS

MOST_BYTES = 50_000_000


class FeedFault(Exception):
    """The feed as a whole cannot be read; the message says why."""


@dataclass
class Reading:
    """What was found: the fullest record of each service, and what was refused, by file and place."""

    services: dict[str, dict[str, Any]] = field(default_factory=dict)
    refused: list[dict[str, Any]] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    records: int = 0
    repeated: int = 0
    pages: set[int] = field(default_factory=set)
    pages_told: int = 0
    unreadable: bool = False

    @property
    def whole(self) -> bool:
        """Whether every page is here, so that a service that is not in it has gone."""
        return not self.unreadable and bool(self.pages) and self.pages >= set(range(1, self.pages_told + 1))

    def refuse(self, file: str, place: int | None, service_id: str, name: str, why: list[str]) -> None:
        """Remember a record (or, without a place, a whole file) that cannot be taken."""
        told = {"file": file, "place": place, "id": _storable(service_id), "name": _storable(name[:120]), "why": why}
        self.refused.append(told)


def _storable(text: str) -> str:
    """The text without what no database can store."""
    return text.encode("utf-8", "replace").decode().replace("\x00", "")


def read(path: Path, published: Draft202012Validator | None = None) -> Reading:
    """Read a file, or the service files of a folder. Raises FeedFault if there is nothing to read."""
    reading = Reading()
    for file in _files(path):
        try:
            page = _load(file)
        except FeedFault as fault:
            reading.refuse(file.name, None, "", "", [str(fault)])
            reading.unreadable = True
            continue
        for place, record in enumerate(_records(page, reading), 1):
            _judge(reading, file.name, place, record, published)
    return reading


def published_rules(path: Path) -> Draft202012Validator:
    """The published profile's own rules for a service, from a file or the folder that holds service.json."""
    file = path / "service.json" if path.is_dir() else path
    try:
        rules = json.loads(file.read_text(encoding="utf-8"))
        Draft202012Validator.check_schema(rules)
    except (OSError, ValueError, SchemaError) as fault:
        raise FeedFault(f"The schema {file.name} cannot be read ({type(fault).__name__}).") from fault
    return Draft202012Validator(rules, format_checker=formats)


def _files(path: Path) -> list[Path]:
    """The files to read. A folder may also hold organisations, taxonomies and places, which are read through services."""
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise FeedFault(f"There is no file or folder “{path}”.")
    every = sorted(path.glob("*.json"))
    named = [file for file in every if file.name.startswith("service") and "at_location" not in file.name]
    if not every:
        raise FeedFault(f"The folder “{path}” holds no .json files.")
    return named or every


def _load(file: Path) -> Any:
    if file.stat().st_size > MOST_BYTES:
        raise FeedFault(f"The file is larger than {MOST_BYTES // 1_000_000} MB.")
    try:
        return json.loads(file.read_text(encoding="utf-8-sig"), parse_constant=_no_constant)
    except UnicodeDecodeError as fault:
        raise FeedFault("The file is not UTF-8 text.") from fault
    except RecursionError as fault:
        raise FeedFault("The file is nested too deeply.") from fault
    except json.JSONDecodeError as fault:
        raise FeedFault(f"The file is cut short or is not JSON (line {fault.lineno}).") from fault
    except ValueError as fault:
        raise FeedFault("The file holds a number that is not one.") from fault


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _records(page: Any, reading: Reading) -> Iterator[Any]:
    """The services of a page, a bare list, or one full service."""
    if isinstance(page, dict) and "contents" in page:
        contents = page["contents"]
        number, told = (page.get(key, 1) for key in ("page_number", "total_pages"))
        reading.pages.add(number if isinstance(number, int) else 1)
        reading.pages_told = max(reading.pages_told, min(told, 100_000) if isinstance(told, int) else 1)
        yield from contents if isinstance(contents, list) else [contents]
    elif isinstance(page, list):
        reading.pages.add(1)
        yield from page
    else:
        yield page  # one service says nothing of the others


def _judge(reading: Reading, file: str, place: int, record: Any, published: Draft202012Validator | None) -> None:
    """Take the record, or refuse it with the reason. The fullest of several records of one service is taken."""
    reading.records += 1
    known = record if isinstance(record, dict) else {}
    service_id = str(known.get("id", ""))[:60].lower()
    if service_id:
        reading.seen.add(service_id)
    if why := faults_of(record, published):
        reading.refuse(file, place, service_id, str(known.get("name", "")), why)
        return
    earlier = reading.services.get(service_id)
    if earlier is not None:
        reading.repeated += 1
        if _fullness(earlier) >= _fullness(record):
            return
    reading.services[service_id] = {**record, "_file": file, "_place": place}


def _fullness(record: dict[str, Any]) -> tuple[bool, int]:
    return "organization" in record, len(json.dumps({k: v for k, v in record.items() if k[0] != "_"}))


def digest(record: dict[str, Any]) -> str:
    """A fingerprint of what the feed says of a service."""
    said = {key: value for key, value in record.items() if not key.startswith("_")}
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def columns(record: dict[str, Any]) -> dict[str, Any]:
    """The service's own columns."""
    areas = [area["name"] for area in record.get("service_areas", []) if area.get("name")]
    costs = [_cost(option) for option in record.get("cost_options", [])]
    changed = parse_datetime(record["last_modified"]) if "last_modified" in record else None
    return {
        "name": record["name"].strip(),
        "alternate_name": record.get("alternate_name", ""),
        "description": record.get("description", "").strip(),
        "url": record.get("url", ""),
        "email": record.get("email", ""),
        "phone": _phone(record),
        "status": record["status"],
        "fees": "\n".join(filter(None, [record.get("fees", ""), *costs])),
        "alert": record.get("alert", ""),
        "eligibility": "\n".join(areas),
        "minimum_age": _age(record.get("minimum_age")),
        "maximum_age": _age(record.get("maximum_age")),
        "assured_on": _day(record.get("assured_date")),
        "changed_at": changed,
    }


def places(record: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Where the service can be met. A position that is not on the earth is left out, the place is kept."""
    for here in record.get("service_at_locations", []):
        place = here.get("location") or {}
        address: dict[str, Any] = next(iter(place.get("addresses", [])), {})
        north, east = place.get("latitude"), place.get("longitude")
        spot = (
            (north, east) if north is not None and east is not None and abs(north) <= 90 and abs(east) <= 180 else None
        )
        lines = [address.get(part, "").strip() for part in ("address_1", "address_2", "city")]
        yield {
            "feed_id": place.get("id", here["id"]),
            "name": place.get("name", ""),
            "lines": ", ".join(filter(None, lines))[:500],
            "postcode": address.get("postal_code", "").strip()[:10],
            "latitude": round(spot[0], 6) if spot else None,
            "longitude": round(spot[1], 6) if spot else None,
        }


def times(record: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """When it is open. Only a weekly pattern gives days: others are told by their description."""
    for hours in record.get("schedules", []):
        days = [day.strip().upper() for day in hours.get("byday", "").split(",") if day.strip()]
        weekly = hours.get("freq", "WEEKLY") == "WEEKLY" and all(day in WEEKDAYS for day in days)
        yield {
            "days": ",".join(days) if weekly else "",
            "opens_at": _clock(hours.get("opens_at")),
            "closes_at": _clock(hours.get("closes_at")),
            "since": _day(hours.get("valid_from")),
            "until": _day(hours.get("valid_to")),
            "description": hours.get("description", ""),
        }


def terms(record: dict[str, Any]) -> dict[str, str]:
    """Names of taxonomy terms by their CURIE."""
    found = {}
    for one in record.get("attributes", []):
        if term := one.get("taxonomy_term"):
            code = term.get("code") or f"{term.get('taxonomy', 'term')}:{term.get('term') or term['id']}"
            found[code[:120]] = term["name"]
    return found


def _cost(option: dict[str, Any]) -> str:
    amount = option.get("amount")
    words = (
        f"{amount:g} {option.get('currency', '')} {option.get('amount_description', '')}" if amount is not None else ""
    )
    return ": ".join(filter(None, [option.get("option", ""), " ".join(words.split())]))


def _phone(record: dict[str, Any]) -> str:
    phones = list(record.get("phones", []))
    for contact in record.get("contacts", []):
        phones += contact.get("phones", [])
    return phones[0]["number"] if phones else ""


def _age(value: float | None) -> int | None:
    return int(value) if value is not None else None


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def _clock(value: str | None) -> time | None:
    return time.fromisoformat(value).replace(tzinfo=None) if value else None
