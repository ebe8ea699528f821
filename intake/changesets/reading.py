"""A file as somebody sends it becomes rows of text, or is refused whole in words. Pure functions; nothing is kept of what is refused."""

import csv
import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass

from intake.extract.files import ENCODINGS, Unusable

MOST_BYTES, MOST_ROWS, MOST_COLUMNS, MOST_CELL = 5_000_000, 20_000, 60, 1_000
_PACKED = (b"PK\x03\x04", b"\x1f\x8b", b"BZh", b"7z\xbc\xaf", b"\xfd7zXZ", b"Rar!", b"\xd0\xcf\x11\xe0")
_OTHER = ((b"%PDF", "a PDF"), (b"<", "a web page or XML"), (b"{", "JSON"), (b"[", "JSON"))


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file that can be used: its headings, and its rows by their number (the heading is 1)."""

    checksum: str
    headings: list[str]
    rows: list[tuple[int, list[str]]]


def read_sheet(written: bytes, encoding: str = "utf-8") -> Sheet:
    """Every row of the file. Raises Unusable, in words that follow “The file cannot be used:”."""
    if len(written) > MOST_BYTES:
        raise Unusable(f"it is larger than {MOST_BYTES // 1_000_000} MB. Split it into several files")
    if not written.strip(b"\0 \t\r\n"):
        raise Unusable("it is empty")
    if written.startswith(_PACKED):
        raise Unusable("it is a workbook or a packed file. Save the sheet as CSV UTF-8")
    for mark, what in _OTHER:
        if written.lstrip().startswith(mark):
            raise Unusable(f"it is {what}, not CSV")
    body = _decode(written, encoding)
    if "\0" in body:
        line = body[: body.index("\0")].count("\n") + 1
        raise Unusable(f"line {line} contains null characters, so it is not a text file that we can trust")
    records = _records(body)
    headings = [" ".join(cell.split())[:80] for cell in (records[0][1] if records else [])]
    _check_headings(headings)
    rows = [(number, cells) for number, cells in records[1:] if any(cell.strip() for cell in cells)]
    if not rows:
        raise Unusable("it has a heading and no rows")
    for number, cells in rows:
        if len(cells) > len(headings) and any(cell.strip() for cell in cells[len(headings) :]):
            raise Unusable(f"row {number} has {len(cells):,} columns where the heading has {len(headings)}")
    return Sheet(hashlib.sha256(written).hexdigest(), headings, [(n, c[: len(headings)]) for n, c in rows])


def _decode(written: bytes, encoding: str) -> str:
    if encoding not in ENCODINGS:
        raise Unusable("it is written in a way that we do not know")
    if encoding == "utf-8" and written[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise Unusable("it was saved as “Unicode text”. Save it as CSV UTF-8, or choose that it is UTF-16")
    try:
        return written.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except UnicodeDecodeError as wrong:
        line = written[: wrong.start].count(b"\n") + 1
        raise Unusable(
            f"line {line} is not {encoding.upper()}. Save it as CSV UTF-8, or choose how it was written"
        ) from None


def _records(body: str) -> list[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(body, newline=""), strict=True)
    records: list[tuple[int, list[str]]] = []
    try:
        for number, cells in enumerate(reader, 1):
            if len(records) > MOST_ROWS:
                raise Unusable(f"it has more than {MOST_ROWS:,} rows. Split it into several files")
            if long := next((cell for cell in cells if len(cell) > MOST_CELL), None):
                raise Unusable(f"row {number} has a cell of {len(long):,} characters: the most is {MOST_CELL:,}")
            records.append((number, cells))
    except csv.Error:
        where = f"after row {records[-1][0]}" if records else "in the heading"
        raise Unusable(f"{where} quotation marks do not match: it is cut off, or is not CSV") from None
    return records


def _check_headings(headings: Sequence[str]) -> None:
    if len(headings) > MOST_COLUMNS:
        raise Unusable(f"it has {len(headings):,} columns: the most is {MOST_COLUMNS}")
    if len(headings) == 1 and any(mark in headings[0] for mark in ";\t|"):
        raise Unusable("its columns are not separated by commas")
    if not any(headings):
        raise Unusable("its first row is empty: the first row must say what each column holds")
