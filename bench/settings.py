"""The product's settings with two additions: the floor's address, and a header that says what a page cost.

Only the bench names this module. It refuses to be production, and the image for production does not hold it.
"""

import bench.not_production  # noqa: F401
from community_solutions.settings import *  # noqa: F403
from community_solutions.settings import MIDDLEWARE as _MIDDLEWARE

ROOT_URLCONF = "bench.urls"
MIDDLEWARE = ["bench.counting.count_queries", *_MIDDLEWARE]
