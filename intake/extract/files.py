"""Files of an extract, read whole or refused whole: encoding, heading, quotation marks, the end. And the file of refused rows."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from intake.extract.tables import Table

ENCODINGS = ("utf-8", "cp1252", "utf-16")
MOST_BYTES = 500_000_000
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Unusable(Exception):
    """Nothing of the file can be taken; the message says why."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row as it was written: its number in the file (the heading is 1), its cells, and the cells by column."""

    number: int
    cells: tuple[str, ...]
    columns: tuple[str, ...]

    @property
    def ragged(self) -> bool:
        """Whether it has more or fewer cells than the heading."""
        return len(self.cells) != len(self.columns)

    def by_column(self) -> dict[str, str]:
        """The cells by the name of their column."""
        return dict(zip(self.columns, self.cells, strict=False))


@dataclass(frozen=True, slots=True)
class Extract:
    """A file that can be used."""

    path: Path
    checksum: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def find_file(folder: Path, table: Table) -> Path | None:
    """The table's file in the folder, with or without the prefix ssd_, in any case. Raises Unusable if there are two."""
    names = {f"{table.name}.csv", f"ssd_{table.name}.csv"}
    found = sorted(path for path in folder.iterdir() if path.is_file() and path.name.lower() in names)
    if len(found) > 1:
        raise Unusable(f"there are two files for it: {' and '.join(path.name for path in found)}. Keep one")
    return found[0] if found else None


def checksum_of(path: Path) -> str:
    """The SHA-256 of the file as it is on disk now."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_file(path: Path, table: Table, encoding: str = "utf-8") -> Extract:
    """Every row of the file. Raises Unusable where it cannot be read, is cut off, or lacks a column that is needed."""
    if path.stat().st_size > MOST_BYTES:
        raise Unusable(f"it is larger than {MOST_BYTES // 1_000_000} MB: split the extract into folders")
    written = path.read_bytes()
    if not written.strip():
        raise Unusable("it is empty: not even a heading")
    body = _decode(written, encoding)
    records = _records(body)
    columns = _heading(records[0][1] if records else (), table)
    rows = tuple(Row(number, cells, columns) for number, cells in records[1:] if any(cell.strip() for cell in cells))
    if rows and len(rows[-1].cells) < len(columns) and not body.endswith(("\n", "\r")):
        raise Unusable(f"it breaks off in the middle of row {rows[-1].number}: make the extract again")
    return Extract(path, hashlib.sha256(written).hexdigest(), columns, rows)


def _decode(written: bytes, encoding: str) -> str:
    if encoding == "utf-8" and written[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise Unusable("it was saved as UTF-16 (“Unicode text”): save it as CSV UTF-8, or add --encoding utf-16")
    try:
        return written.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except UnicodeDecodeError as wrong:
        line = written[: wrong.start].count(b"\n") + 1
        if encoding != "utf-8":
            raise Unusable(f"it is not {encoding} (line {line})") from None
        raise Unusable(
            f"line {line} is not UTF-8: save it as CSV UTF-8, or add --encoding cp1252 if an older Excel wrote it"
        ) from None


def _records(body: str) -> list[tuple[int, tuple[str, ...]]]:
    """Rows with the number by which a person finds them: rows are counted, not lines, as a cell may hold several."""
    reader = csv.reader(io.StringIO(body, newline=""), strict=True)
    records: list[tuple[int, tuple[str, ...]]] = []
    try:
        for number, cells in enumerate(reader, 1):
            records.append((number, tuple(cells)))
    except csv.Error as wrong:
        where = f"after row {records[-1][0]}" if records else "in the heading"
        if "field larger" in str(wrong):
            raise Unusable(f"{where} a cell has more than {csv.field_size_limit():,} characters") from None
        raise Unusable(f"{where} quotation marks do not match: it is cut off, or is not CSV") from None
    return records


def _heading(cells: Sequence[str], table: Table) -> tuple[str, ...]:
    columns = tuple(cell.strip().strip("\0").lower() for cell in cells)
    if len(columns) == 1 and any(mark in columns[0] for mark in ";\t|"):
        raise Unusable("its columns are not separated by commas")
    if twice := sorted({name for name in columns if name and columns.count(name) > 1}):
        raise Unusable(f"its heading names a column twice: {', '.join(twice)}")
    if missing := [name for name in table.needed if name not in columns]:
        raise Unusable(f"its heading lacks {', '.join(missing)}")
    return columns


def write_refused(folder: Path, name: str, columns: Sequence[str], refused: Iterable[tuple[Row, str]]) -> Path | None:
    """Write the refused rows with their number and reason, or take away the list of an earlier run. Returns the file."""
    path = folder / "refused" / name
    rows = list(refused)
    if not rows:
        path.unlink(missing_ok=True)
        return None
    path.parent.mkdir(mode=0o700, exist_ok=True)
    part = path.with_suffix(".part")
    with part.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["row", "reason", *columns])
        writer.writerows([row.number, reason, *map(harmless, row.cells)] for row, reason in rows)
    part.chmod(0o600)
    part.replace(path)
    return path


def harmless(cell: str) -> str:
    """A cell that a spreadsheet would take for a formula, with an apostrophe before it; null characters made visible."""
    cell = cell.replace("\0", "\N{SYMBOL FOR NULL}")
    return f"'{cell}" if cell.startswith(FORMULA) else cell
