"""Fill an empty database with the demonstration borough: invented people and everything that would have happened to them."""

import gc
import secrets
import sys
import time
from datetime import date, datetime
from datetime import time as time_of_day
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from accounts.working_time import at_local
from desk.borough.book import Book
from desk.borough.make import invent
from intake.models import Contact
from ledger.acting import acting_as_system
from ledger.models import Marker
from ledger.sealing import make_partitions
from reporting.actions import recompute
from reporting.models import Run, TouchedMonth
from residents.models import Resident

WIDTH = 30


class Command(BaseCommand):
    """Make the borough."""

    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--residents", type=int, default=5_000, help="how many people (default 5000)")
        parser.add_argument("--months", type=int, default=36, help="how long they live through (default 36)")
        parser.add_argument("--years", type=int, help="the same in years")
        parser.add_argument("--seed", type=int, default=2017, help="another number makes another borough")
        parser.add_argument("--until", type=date.fromisoformat, help="the day on which it ends (default today)")
        parser.add_argument("--again", action="store_true", help="make it anew (not possible yet)")

    def handle(self, *, residents, months, years, seed, until, again, **options):
        refuse(again=again)
        months = years * 12 if years else months
        if not (1 <= residents <= 1_000_000 and 1 <= months <= 240):
            raise CommandError("Give 1 to 1,000,000 residents and 1 to 240 months.")
        end = moment_of(until)
        began = time.monotonic()
        call_command("seed", verbosity=0)
        with transaction.atomic():
            make_partitions(months_back=months + 1)
            password = secrets.token_urlsafe(9)
            book = in_one_go(residents=residents, months=months, seed=seed, end=end, password=password, told=self.told)
            total, done = book.count(), 0
            for rows in book.write():
                done += rows
                self.told("writing rows", done / total)
            Marker.objects.create(name=Marker.DEMONSTRATION, value=password)
        self.figures()
        people = len(book.rows(Resident))
        self.finish(f"The borough is there: {people:,} residents, {total:,} rows, {time.monotonic() - began:.0f} s.")

    def figures(self) -> None:
        """Compute every figure once, so that the dashboard has something to show at the first look."""
        self.told("computing figures", 0.0)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # so that the first look is planned for tables that are full
        run = recompute()
        if run is not None and run.state == Run.State.DONE:
            with acting_as_system("system:borough"):
                TouchedMonth.objects.all().delete()
        self.told("computing figures", 1.0)

    def told(self, what: str, share: float) -> None:
        """A bar on a terminal, a line for each tenth elsewhere."""
        if sys.stdout.isatty():
            bar = "█" * int(share * WIDTH)
            self.stdout.write(f"\r{what:<22} {bar:<{WIDTH}} {share:4.0%}", ending="")
            self.stdout.flush()
            return
        step = (what, int(share * 4))
        if step != getattr(self, "_step", None):
            self._step = step
            self.stdout.write(f"{what}: {share:.0%}")

    def finish(self, words: str) -> None:
        """The last line."""
        if sys.stdout.isatty():
            self.stdout.write("")
        self.stdout.write(words)


def in_one_go(**what: Any) -> Book:
    """Invent without the collector of rubbish, which would look at millions of rows that all stay."""
    gc.disable()
    try:
        return invent(**what)
    finally:
        gc.enable()


def refuse(*, again: bool) -> None:
    """Say no to production, to real people, and to a second borough in one database."""
    if settings.PRODUCTION:
        raise CommandError("This is production (CS_PRODUCTION): invented people have no business here.")
    filled = Resident.objects.exists() or Contact.objects.exists()
    if filled and not Marker.is_set(Marker.DEMONSTRATION):
        raise CommandError("This database holds people who may be real. The borough goes into an empty database only.")
    if again:
        raise CommandError("A borough cannot be made anew in place yet. Use ./dev reset, then ./dev up.")
    if filled:
        raise CommandError("The borough is here already. To begin anew: ./dev reset, then ./dev up.")


def moment_of(until: date | None) -> datetime:
    """Now, or the afternoon of a day in the past."""
    now = timezone.now().replace(second=0, microsecond=0)
    if until is None:
        return now
    return min(now, at_local(until, time_of_day(16, 30)))
