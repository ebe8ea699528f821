"""Take in a folder of CSV files in the shape of the Standard Safeguarding Dataset. `docs/import.md` says how."""

import re
from pathlib import Path

from django.core.management import BaseCommand, CommandError

from desk.importing.review import review_people
from desk.importing.run import Busy, Report, import_folder
from intake.extract.files import ENCODINGS, Unusable

SHOWN = 20
WIDTH = 30


class Command(BaseCommand):
    """A verdict for each row, all or nothing for each file; run it again and it goes on where it stopped."""

    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path, help="holds person.csv and the files beside it")
        parser.add_argument("--check", action="store_true", help="say what would be taken and refused; write nothing")
        parser.add_argument(
            "--review", action="store_true", help="make a changeset of the people for a manager to look at, and stop"
        )
        parser.add_argument("--reviewed", action="store_true", help="take in nobody whom a manager has not taken in")
        parser.add_argument(
            "--source", default="", help="a name for the other system, always the same; else the folder's"
        )
        parser.add_argument("--encoding", choices=ENCODINGS, default="utf-8", help="how the files are written")

    def handle(self, *args, folder, check, **options):
        if not folder.is_dir():
            raise CommandError(f"There is no folder {folder}.")
        source = options["source"] or folder.absolute().name
        if not re.fullmatch(r"[\w .-]{1,60}", source):
            raise CommandError("--source must be 1 to 60 letters, digits, spaces, dots or hyphens.")
        if options["review"]:
            self.review(folder, source, options["encoding"])
            return
        self.lively = self.stdout.isatty() and options["verbosity"] > 0
        bad = 0
        try:
            for report in import_folder(
                folder,
                source=source,
                check=check,
                reviewed=options["reviewed"],
                encoding=options["encoding"],
                tick=self.tick,
            ):
                self.say(report, check)
                bad += bool(report.unusable)
        except (Unusable, Busy) as wrong:
            raise CommandError(str(wrong)) from wrong
        if bad:
            raise CommandError(f"{bad} of the files could not be used; nothing of them was taken.")
        if check:
            self.stdout.write("Checked only: nothing was written.")

    def review(self, folder: Path, source: str, encoding: str) -> None:
        """Where managers find the people of the extract."""
        try:
            made = review_people(folder, source=source, encoding=encoding)
        except Unusable as wrong:
            raise CommandError(str(wrong)) from wrong
        self.stdout.write(f"{made.to_do:,} people wait under Files of people as {made.reference}.")

    def tick(self, file: str, done: int, of: int) -> None:
        """A bar on a terminal; in a log nothing, as each file says its own line."""
        if self.lively:
            full = WIDTH * done // of if of else WIDTH
            self.stdout.write(f"\r{file} [{'#' * full}{'.' * (WIDTH - full)}] {done:,} of {of:,}", ending="")
            self.stdout.flush()

    def say(self, report: Report, check: bool) -> None:
        """One line for a file, and the first refused rows."""
        if self.lively:
            self.stdout.write("\r" + " " * 78 + "\r", ending="")
        if report.unusable:
            self.stdout.write(f"{report.file}: refused, {report.unusable}.")
            return
        if report.done_before:
            self.stdout.write(f"{report.file}: done before the import was broken off.")
            return
        taken = "can be taken" if check else "taken"
        self.stdout.write(
            f"{report.file}: {report.rows:,} rows = {report.taken:,} {taken} + {report.unchanged:,} unchanged"
            f" + {len(report.refused):,} refused."
        )
        for row, why in report.refused if check else report.refused[:SHOWN]:
            self.stdout.write(f"  row {row.number} refused: {why}.")
        if not check and len(report.refused) > SHOWN:
            self.stdout.write(f"  … and {len(report.refused) - SHOWN:,} more.")
        if report.refusals_at:
            self.stdout.write(f"  The refused rows, each with its reason: {report.refusals_at}")
