"""The product's settings with two additions: the floor's address, and a header that says what a page cost.

Only the bench names this module. It refuses to be production, and the image for production does not hold it.
"""

from django.core.exceptions import ImproperlyConfigured

from community_solutions.settings import *  # noqa: F403
from community_solutions.settings import MIDDLEWARE as _MIDDLEWARE
from community_solutions.settings import PRODUCTION as _PRODUCTION

if _PRODUCTION:
    raise ImproperlyConfigured("The bench has no business in production (CS_PRODUCTION).")
ROOT_URLCONF = "bench.urls"
MIDDLEWARE = ["bench.counting.count_queries", *_MIDDLEWARE]
