"""The worker of the kill test: the application's own, with one more job, whose effect is a row that nothing keeps unique."""

import os
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "community_solutions.settings")
django.setup()

from django.db import connection  # noqa: E402

from community_solutions.celery import app  # noqa: E402
from ledger.outbox import job  # noqa: E402

__all__ = ["app"]


@job("test.effect")
def effect(number: int) -> None:
    """Write a row, and take long enough to be killed in the middle of it."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO kill_effect (number) VALUES (%s)", [number])
    time.sleep(0.01)
