"""Settings, addresses, the queue and the local runtime. No app imports this package."""

from community_solutions.celery import app as celery_app

__all__ = ["celery_app"]
