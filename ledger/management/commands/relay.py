"""The relay: sends what the outbox holds, until it is stopped."""

import logging
import signal
import threading
from datetime import timedelta

from django.core.management import BaseCommand
from django.db import connection

from ledger.outbox import SEND_AGAIN_AFTER, relay_once

log = logging.getLogger("community_solutions.relay")


class Command(BaseCommand):
    """Send jobs from the outbox to the queue."""

    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--pause", type=float, default=0.3, help="seconds to wait when nothing waits")
        parser.add_argument(
            "--again-after",
            type=float,
            default=SEND_AGAIN_AFTER.total_seconds(),
            help="seconds after which what was sent and is not done is sent again",
        )

    def handle(self, *args, pause: float, again_after: float, **options):
        stop = threading.Event()
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, lambda *_: stop.set())
        while not stop.is_set():
            try:
                sent = relay_once(again_after=timedelta(seconds=again_after))
            except Exception as failure:  # a dead broker or database: wait and go on, for nothing is lost
                log.warning("relay waits: %s", type(failure).__name__)
                connection.close()
                stop.wait(1)
            else:
                stop.wait(0 if sent else pause)
