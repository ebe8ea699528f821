"""The people of an extract as a changeset that somebody looks at, in place of records at once."""

from pathlib import Path

from django.utils import timezone

from desk.importing.job import digest
from intake.changesets.actions import begin_review
from intake.changesets.facts import ReadRow, of_extract
from intake.extract import files
from intake.extract.files import Row, Unusable
from intake.extract.rows import READERS, Person
from intake.extract.tables import PERSON
from intake.extract.values import Refused, needed_id
from intake.models import Changeset
from ledger.acting import acting_as_system


def review_people(folder: Path, *, source: str, encoding: str = "utf-8") -> Changeset:
    """Make a changeset of the folder's person file. Raises Unusable where there is none that can be used."""
    path = files.find_file(folder, PERSON)
    if path is None:
        raise Unusable(f"there is no {PERSON.name}.csv in the folder")
    extract = files.read_file(path, PERSON, encoding)
    rows = [_read(row) for row in extract.rows]
    with acting_as_system("system:import"):
        return begin_review(rows, source=source, file=path.name, checksum=extract.checksum, table=PERSON.name, by=None)


def _read(row: Row) -> ReadRow:
    try:
        if row.ragged:
            raise Refused(f"it has {len(row.cells)} columns where the heading has {len(row.columns)}")
        cells = row.by_column()
        key = needed_id(cells, PERSON.id, PERSON.what)
        said = READERS[PERSON.name](cells, timezone.localdate())
    except Refused as why:
        return ReadRow(row.number, {}, "", str(why))
    assert isinstance(said, Person)
    return ReadRow(row.number, of_extract(said, key), digest(said))
