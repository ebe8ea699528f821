"""Load the wards of postcodes from a file in the shape of the ONS Postcode Directory. Repeatable."""

from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management import BaseCommand, CommandError
from django.db import transaction

from residents.postcodes import INVENTED, load


class Command(BaseCommand):
    """Load the wards of postcodes."""

    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("file", nargs="?", type=Path, help="CSV with postcode (pcds) and ward code (osward)")
        parser.add_argument("--invented", action="store_true", help="The small invented file of the demonstration")

    @transaction.atomic
    def handle(self, *args, **options):
        path = INVENTED if options["invented"] else options["file"]
        if path is None:
            raise CommandError("Name a file, or say --invented.")
        try:
            with path.open(encoding="utf-8-sig", newline="") as lines:
                kept, left = load(lines)
        except (OSError, UnicodeDecodeError) as fault:
            raise CommandError(f"{path} cannot be read: {fault}") from fault
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from refusal
        self.stdout.write(f"{kept} postcodes kept, {left} left out: they lie in no ward of ours.")
