"""Addresses of a postcode from outside: none by default, OS Places where it is configured. Typing by hand always works.

The key travels in a header and the postcode to that one service; neither is ever logged, only why no answer came. Nothing is
retried and nobody waits longer than the time-out.
"""

import http.client
import json
import logging
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings

MOST = 100  # what the service gives in one answer
MOST_BYTES = 1_000_000
A_PIECE = 65_536
# What an operator reads in the log. A person reads only that no answer came: what to do is the same.
REFUSED = {
    401: "the key was refused",
    403: "the key has no right to this service",
    429: "more was asked than the plan allows",
}
log = logging.getLogger("community_solutions.addresses")


@dataclass(frozen=True)
class Found:
    """An address as somebody else knows it."""

    lines: str
    postcode: str
    uprn: str = ""


class LookupFailed(Exception):
    """The service did not answer, or not in a way that can be read. Its words say why, and nothing of what was asked."""


def look_up(postcode: str) -> list[Found]:
    """The addresses of a postcode by the configured service. Raises LookupFailed; a service that is off finds nothing."""
    return _SERVICES[settings.ADDRESS_LOOKUP](postcode)


def _nothing(postcode: str) -> list[Found]:
    return []


def _os_places(postcode: str) -> list[Found]:
    """One request to OS Places: `/postcode`, data set DPA, the key in a header."""
    where = urlsplit(settings.OS_PLACES_ADDRESS)
    kind = http.client.HTTPSConnection if where.scheme == "https" else http.client.HTTPConnection
    until = time.monotonic() + settings.ADDRESS_LOOKUP_SECONDS
    connection = kind(where.netloc, timeout=settings.ADDRESS_LOOKUP_SECONDS)
    asked = urlencode({"postcode": postcode, "dataset": "DPA", "maxresults": MOST})
    headers = {"key": settings.OS_PLACES_KEY, "Accept": "application/json"}
    try:
        connection.request("GET", f"{where.path.rstrip('/')}/postcode?{asked}", headers=headers)
        answer = connection.getresponse()
        if answer.status == http.client.BAD_REQUEST:  # so it says that there is no such postcode
            return []
        if answer.status != http.client.OK:
            raise _failed(REFUSED.get(answer.status, f"it answered {answer.status}"))
        rows = json.loads(_body(answer, until)).get("results") or []
        return [one for row in rows if (one := _read(row.get("DPA") or {}))]
    except TimeoutError:
        raise _failed("it did not answer in time") from None
    except (OSError, http.client.HTTPException) as fault:
        raise _failed(f"it cannot be reached ({type(fault).__name__})") from None
    except (ValueError, AttributeError, TypeError):
        raise _failed("its answer cannot be read") from None
    finally:
        connection.close()


def _body(answer: http.client.HTTPResponse, until: float) -> bytes:
    """The whole answer. Raises TimeoutError where it trickles in for longer than the time-out, ValueError where it is too long."""
    body = b""
    while piece := answer.read1(A_PIECE):
        body += piece
        if time.monotonic() > until:
            raise TimeoutError
        if len(body) > MOST_BYTES:
            raise ValueError
    return body


def _failed(why: str) -> LookupFailed:
    """Without the cause: its words can hold the address that was asked for."""
    log.warning("The address look-up failed: %s.", why)
    return LookupFailed(why)


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
