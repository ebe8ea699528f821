"""Fill the directory from an Open Referral UK feed that lies in a file or a folder."""

from pathlib import Path

from django.core.management import BaseCommand, CommandError
from django.utils import timezone

from directory import actions, feed
from ledger.acting import acting_as_system

SHOWN = 20


class Command(BaseCommand):
    """Read services, say what is wrong with each bad one, and take the good ones."""

    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("path", type=Path, help="a .json file, or a folder of them")
        parser.add_argument("--check", action="store_true", help="say what would be refused; write nothing")
        parser.add_argument("--feed", default="", help="the feed's name, if not that of the folder")
        parser.add_argument("--schema", type=Path, help="also hold each service against this published schema")

    def handle(self, *args, path, check, **options):
        name = (options["feed"] or (path if path.is_dir() else path.absolute().parent).name)[:60]
        try:
            published = feed.published_rules(options["schema"]) if options["schema"] else None
            reading = feed.read(path, published)
        except feed.FeedFault as fault:
            raise CommandError(str(fault)) from fault
        refused = reading.refused
        if check:
            good = f"{len(reading.services)} services can be taken"
        else:
            with acting_as_system("system:feed"):
                run = actions.take_feed(reading, feed=name, source=path.name, by=None, at=timezone.now())
            refused = run.reasons
            good = f"{run.taken} services taken, {run.unchanged} unchanged, {run.withdrawn} marked inactive"
        for one in refused[:SHOWN]:
            where = f"{one['file']} {one['place'] or ''}".strip()
            self.stdout.write(f"refused {where} {one['id'] or '(no id)'}: {'; '.join(one['why'])}")
        if len(refused) > SHOWN:
            self.stdout.write(f"… and {len(refused) - SHOWN} more; all are listed at /services/feeds")
        self.stdout.write(
            f"{name}: {reading.records} records read, {good}, {reading.repeated} said more than once, {len(refused)} refused."
        )
        if not reading.whole and not check:
            self.stdout.write("The feed is not whole, so nothing was marked inactive.")
