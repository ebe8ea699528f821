"""Send a CSV of people to the managers: it is compared with whom we know, and nothing changes before one of them says so."""

import re
from pathlib import Path

from django.core.management import BaseCommand, CommandError

from intake.changesets import actions
from intake.changesets.columns import guess, wrong_with
from intake.changesets.reading import MOST_BYTES, read_sheet
from intake.extract.files import ENCODINGS, Unusable
from ledger.acting import acting_as_system


class Command(BaseCommand):
    """Prints counts and a reference, and nobody's name."""

    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--source", required=True, help="a name for the other system, always the same")
        parser.add_argument("--encoding", choices=ENCODINGS, default="utf-8", help="how the file is written")

    def handle(self, *args, file, source, encoding, **options):
        if not re.fullmatch(r"[\w .-]{1,60}", source):
            raise CommandError("--source must be 1 to 60 letters, digits, spaces, dots or hyphens.")
        if not file.is_file():
            raise CommandError(f"There is no file {file}.")
        try:
            with file.open("rb") as opened:
                sheet = read_sheet(opened.read(MOST_BYTES + 1), encoding)
        except Unusable as why:
            raise CommandError(f"The file cannot be used: {why}") from why
        mapping = guess(sheet.headings)
        with acting_as_system("system:import"):
            made = actions.begin_changeset(sheet, source=source, file=file.name, by=None)
            if not wrong_with(mapping):
                actions.choose_columns(made, mapping=mapping, by=None)
        self.stdout.write(f"{len(sheet.rows):,} people wait under Files of people as {made.reference}.")
        if wrong_with(mapping):
            self.stdout.write("A manager must say there what the columns hold.")
