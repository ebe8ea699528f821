"""Figures as CSV: suppressed as exports are, and safe to open in a spreadsheet."""

import csv
from collections.abc import Iterable, Iterator
from io import StringIO

from django.http import HttpResponse

from reporting.boards import Board
from reporting.measures import Measure
from reporting.suppression import Figure

HEAD = ("measure", "label", "month", "part", "numerator", "denominator", "unit", "note")
_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def safe_cell(value: object) -> object:
    """Text that a spreadsheet would take for a formula gets an apostrophe before it; numbers stay numbers."""
    if isinstance(value, str) and value.lstrip(" ").startswith(_STARTS):
        return f"'{value}"
    return value


def rows(boards: Iterable[Board]) -> Iterator[list[object]]:
    """A line for each figure of each board."""
    for board in boards:
        for month in board.months:
            if board.at(month) is None:
                continue
            for name in ("", *board.slices):
                figure = board.at(month, name)
                if figure is not None:
                    yield _line(board, figure, name)


def _line(board: Board, figure: Figure, name: str) -> list[object]:
    measure: Measure = board.measure
    notes = ["not shown: small number"] if figure.hidden else []
    notes += ["restated"] if figure.restated else []
    notes += [] if measure.settled(figure.month, board.now) else ["so far"]
    part = board.names.get(name, "Someone else") if name else "All"
    top = "" if figure.numerator is None else figure.numerator
    of = "" if figure.denominator is None else figure.denominator
    return [measure.key, measure.label, f"{figure.month:%Y-%m}", part, top, of, measure.unit.value, "; ".join(notes)]


def as_csv(boards: Iterable[Board]) -> str:
    """The text of the file."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(HEAD)
    writer.writerows([safe_cell(cell) for cell in row] for row in rows(boards))
    return out.getvalue()


def csv_answer(text: str, filename: str) -> HttpResponse:
    """The file, as an attachment."""
    answer = HttpResponse(text, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{filename}"'
    return answer
