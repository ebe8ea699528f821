"""What every page knows: the council's name, the service's, and whether the data is invented."""

import time

from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from ledger.models import Marker

KNOWN: dict[str, tuple[float, bool]] = {}
"""What this process was told of a database, and until when it holds."""


def council(request: HttpRequest) -> dict[str, object]:
    """The names at the top of the page, and the banner of a demonstration borough."""
    return {
        "council_name": settings.COUNCIL_NAME,
        "service_name": settings.SERVICE_NAME,
        # Lazy: a view that has learnt it in a query of its own puts it into its context, and this one is not asked.
        "demonstration": SimpleLazyObject(is_demonstration),
    }


def is_demonstration() -> bool:
    """Whether the people here are invented. A database that is one stays one; production is asked once a minute."""
    name, now = connection.settings_dict["NAME"], time.monotonic()
    until, said = KNOWN.get(name, (0.0, False))
    if now < until:
        return said
    said = Marker.is_set(Marker.DEMONSTRATION)
    if said or settings.PRODUCTION:
        KNOWN[name] = (now + 60, said)
    return said
