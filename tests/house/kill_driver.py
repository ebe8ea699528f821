"""Runs the verbs of the kill test, one transaction each, and says after each how it went: `done 7`, `undone 8`, `failed 9`."""

import os
import sys
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "community_solutions.settings")
django.setup()

from django.db import transaction  # noqa: E402

from intake.models import Contact  # noqa: E402
from ledger import trail  # noqa: E402
from ledger.acting import acting_as_system  # noqa: E402
from ledger.outbox import enqueue  # noqa: E402
from tests.make import NOON  # noqa: E402


class ChangedMyMind(Exception):
    """Rolls a verb back."""


def verb(number: int, *, undone: bool) -> None:
    """A contact, its entry in the trail and its effect, or none of the three."""
    with acting_as_system("system:test"), transaction.atomic():
        contact = Contact.objects.create(
            channel="phone_in", received_at=NOON, logged_at=NOON, words="Killed", basis="privacy_notice"
        )
        trail.record("record_contact", contact)
        enqueue("test.effect", key=f"kill:{number}", number=number)
        if undone:
            raise ChangedMyMind


def main() -> None:
    """Every tenth verb is rolled back."""
    for number in range(int(sys.argv[1])):
        undone = number % 10 == 9
        try:
            verb(number, undone=undone)
        except ChangedMyMind:
            said = "undone"
        except Exception as failure:
            said = f"failed {type(failure).__name__}"
        else:
            said = "done"
        print(said, number, flush=True)
        time.sleep(0.03)


if __name__ == "__main__":
    main()
