"""Fill an empty database with the demonstration borough: invented people and everything that would have happened to them."""

import resource
import secrets
import sys
import time
from datetime import date, datetime
from datetime import time as time_of_day
from pathlib import Path

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from accounts.working_time import at_local
from desk.borough.building import Built, build, worth_while
from desk.borough.make import Plan
from intake.models import Contact
from ledger.acting import acting_as_system
from ledger.models import Marker
from ledger.sealing import make_partitions
from reporting.actions import recompute
from reporting.models import Run, TouchedMonth
from residents.actions import find_pairs
from residents.models import Resident

WIDTH = 30
COUNTED = {
    "contacts": ["intake_contact"],
    "cases": ["cases_case"],
    "notes, reviews, needs, actions, gains and placements": [
        "cases_note", "cases_review", "cases_planneed", "cases_planaction", "cases_incomegain", "cases_placement",
    ],
    "entries of chronologies": ["residents_chronologyentry"],
    "referrals": ["referrals_referral"],
    "placements": ["cases_placement"],
    "entries of the trail": ["ledger_auditevent"],
}  # fmt: skip


class Command(BaseCommand):
    """Make the borough."""

    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--residents", type=int, default=5_000, help="how many people (default 5000)")
        parser.add_argument("--months", type=int, default=36, help="how long they live through (default 36)")
        parser.add_argument("--years", type=int, help="the same in years")
        parser.add_argument("--seed", type=int, default=2017, help="another number makes another borough")
        parser.add_argument("--until", type=date.fromisoformat, help="the day on which it ends (default today)")
        parser.add_argument("--truth", type=Path, help="where to write what is true of each household (default .local)")
        parser.add_argument("--processes", type=int, help="on how many processes (default: one more than cores)")
        parser.add_argument("--again", action="store_true", help="make it anew (not possible yet)")

    def handle(self, *, residents, months, years, seed, until, again, processes, truth, **options):
        refuse(again=again)
        months = years * 12 if years else months
        if not (1 <= residents <= 1_000_000 and 1 <= months <= 240):
            raise CommandError("Give 1 to 1,000,000 residents and 1 to 240 months.")
        self.began = time.monotonic()
        self.phases = {}
        plan = Plan(residents, months, seed, moment_of(until))
        call_command("seed", verbosity=0)
        make_partitions(months_back=months + 1)
        password = secrets.token_urlsafe(9)
        Marker.objects.update_or_create(name=Marker.DEMONSTRATION, defaults={"value": password})
        built = build(plan, password, self.told, processes=processes or worth_while())
        built.write_truth(truth or settings.HOME / "borough_truth.csv")
        self.figures(built.not_analysed)
        if plan.small:
            self.pairs(plan.end)
        self.counted(built)

    def counted(self, built: Built) -> None:
        """The last lines: what there is now, and what it took."""
        for words, names in COUNTED.items():
            self.stdout.write(f"{sum(built.rows[name] for name in names):>12,} {words}")
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_database_size(current_database())")
            self.stdout.write(f"{cursor.fetchone()[0] / 1e9:>12,.1f} GB on disk")
        for what, (begun, ended) in self.phases.items():
            self.stdout.write(f"{ended - begun:>12,.0f} s {what}")
        used = sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        people, total = built.rows[Resident._meta.db_table], sum(built.rows.values())
        took = f"{time.monotonic() - self.began:.0f} s, {used:.0f} s of the processor beside the database's"
        self.finish(f"The borough is there: {people:,} residents, {total:,} rows, {took}.")

    def figures(self, untouched: list[str]) -> None:
        """Compute every figure once, so that the dashboard has something to show at the first look."""
        self.told("computing figures", 0.0)
        with connection.cursor() as cursor:
            # So that the first look is planned for tables that are full.
            cursor.execute("ANALYZE " + ", ".join(untouched))
        run = recompute()
        if run is not None and run.state == Run.State.DONE:
            with acting_as_system("system:borough"):
                TouchedMonth.objects.all().delete()
        self.told("computing figures", 1.0)

    def pairs(self, at: datetime) -> None:
        """Compare everybody, as each night does, so that the queue of likely pairs has something to show at the first look."""
        self.told("comparing people", 0.0)
        with transaction.atomic(), acting_as_system("system:borough"):
            find_pairs(whole=True, at=at)
        self.told("comparing people", 1.0)

    def told(self, what: str, share: float) -> None:
        """A bar on a terminal, a line for each quarter elsewhere; the seconds of each phase for the end."""
        now = time.monotonic() - self.began
        begun, _ = self.phases.get(what, (now, now))
        if what not in self.phases and self.phases and sys.stdout.isatty():
            self.stdout.write("")
        self.phases[what] = (begun, now)
        if sys.stdout.isatty():
            bar = "█" * int(share * WIDTH)
            self.stdout.write(f"\r{what:<22} {bar:<{WIDTH}} {share:4.0%} {now - begun:6.0f} s", ending="")
            self.stdout.flush()
            return
        step = (what, int(share * 4))
        if step != getattr(self, "_step", None):
            self._step = step
            self.stdout.write(f"{what}: {share:.0%}, {now:.0f} s from the start")
            self.stdout.flush()

    def finish(self, words: str) -> None:
        """The last line."""
        if sys.stdout.isatty():
            self.stdout.write("")
        self.stdout.write(words)


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
