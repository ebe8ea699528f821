"""Addresses of a postcode from outside: none by default, OS Places where it is configured. Typing by hand always works.

The key travels in a header and the postcode to that one service; neither is ever logged. Nothing is retried and nobody waits
longer than the time-out.
"""

import http.client
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings

MOST = 100  # what the service gives in one answer
MOST_BYTES = 1_000_000


@dataclass(frozen=True)
class Found:
    """An address as somebody else knows it."""

    lines: str
    postcode: str
    uprn: str = ""


class LookupFailed(Exception):
    """The service did not answer, or not in a way that can be read."""


def look_up(postcode: str) -> list[Found]:
    """The addresses of a postcode by the configured service. Raises LookupFailed; a service that is off finds nothing."""
    return _SERVICES[settings.ADDRESS_LOOKUP](postcode)


def _nothing(postcode: str) -> list[Found]:
    return []


def _os_places(postcode: str) -> list[Found]:
    """One request to OS Places: `/postcode`, data set DPA, the key in a header."""
    where = urlsplit(settings.OS_PLACES_ADDRESS)
    kind = http.client.HTTPSConnection if where.scheme == "https" else http.client.HTTPConnection
    connection = kind(where.netloc, timeout=settings.ADDRESS_LOOKUP_SECONDS)
    asked = urlencode({"postcode": postcode, "dataset": "DPA", "maxresults": MOST})
    try:
        connection.request(
            "GET",
            f"{where.path.rstrip('/')}/postcode?{asked}",
            headers={"key": settings.OS_PLACES_KEY, "Accept": "application/json"},
        )
        answer = connection.getresponse()
        body = answer.read(MOST_BYTES)
        if answer.status != http.client.OK:
            raise LookupFailed
        return [one for row in json.loads(body).get("results") or [] if (one := _read(row.get("DPA") or {}))]
    except (OSError, http.client.HTTPException, ValueError, AttributeError):
        # Without the cause: its words can hold the address that was asked for.
        raise LookupFailed from None
    finally:
        connection.close()


def _read(row: dict[str, Any]) -> Found | None:
    """A delivery point as we write it: the lines without the postcode, in ordinary letters."""
    postcode, lines = str(row.get("POSTCODE", "")), str(row.get("ADDRESS", ""))
    lines = lines.removesuffix(postcode).rstrip(", ")
    uprn = str(row.get("UPRN", "")).lstrip("0")
    if not lines or not uprn.isdecimal():
        return None
    return Found(_in_ordinary_letters(lines)[:300], postcode, uprn[:12])


def _in_ordinary_letters(lines: str) -> str:
    """FLAT 2, 12A ST MARY'S ROAD as Flat 2, 12A St Mary's Road."""
    words = lines.split(" ")
    return " ".join(one if any(letter.isdigit() for letter in one) else one.capitalize() for one in words)


_SERVICES = {"local": _nothing, "os_places": _os_places}
