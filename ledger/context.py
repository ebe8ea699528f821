"""What every page knows: the council's name, the service's, and whether the data is invented."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from ledger.models import Marker


def council(request: HttpRequest) -> dict[str, object]:
    """The names at the top of the page, and the banner of a demonstration borough."""
    return {
        "council_name": settings.COUNCIL_NAME,
        "service_name": settings.SERVICE_NAME,
        # Lazy: a view that has learnt it in a query of its own puts it into its context, and this one is not asked.
        "demonstration": SimpleLazyObject(lambda: Marker.is_set(Marker.DEMONSTRATION)),
    }
