"""What pages show of a measure, made from stored readings only: the card, the picture and the table behind it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from django.db.models import QuerySet

from accounts.models import User
from reporting.charts import line_chart, spark_line, stacked_bars, tier_movement
from reporting.measures import MEASURES, Measure, Parts
from reporting.measures.tiers import ENDS
from reporting.models import Annotation, Reading
from reporting.months import words
from reporting.shown import Chart, Note, drawn
from reporting.suppression import Figure, Way, figures
from reporting.wording import base, change_from, plotted, said, show, smallest

GAPS = (
    "Gaps are figures that are not shown: fewer than five people, a share of fewer than twenty, or a figure that would give "
    "such a one away."
)
PROVISIONAL = "so far"
MOVEMENT = "tier-movement"
STACKED = "tier-mix"
NOTE_LENGTH = 34
USUAL = (760, 400)


@dataclass(frozen=True)
class Board:
    """One measure over some months, suppressed for its way out."""

    measure: Measure
    months: Sequence[date]
    figures: Mapping[tuple[date, str], Figure]
    names: Mapping[str, str]
    now: datetime
    annotations: Sequence[Annotation] = field(default_factory=list)

    def at(self, month: date, name: str = "") -> Figure | None:
        """The figure of a month. In a month that is stored, a slice without a reading is nought."""
        found = self.figures.get((month, name))
        if found is None and name and (month, "") in self.figures:
            return Figure(month, name, 0, None if self.figures[(month, "")].denominator is None else 0)
        return found

    def label(self, month: date) -> str:
        """Mar 2026, with a word where the figure may still change by itself."""
        settled = self.measure.settled(month, self.now)
        return words(month) if settled else f"{words(month)}, {PROVISIONAL}"

    @property
    def latest(self) -> date | None:
        """The last month that is settled and has figures."""
        done = [one for one in self.months if (one, "") in self.figures and self.measure.settled(one, self.now)]
        return done[-1] if done else None

    @property
    def first(self) -> date | None:
        """The first month of the period with a figure that may be shown."""
        return next((one for one in self.months if plotted(self.measure, self.at(one)) is not None), None)

    @property
    def slices(self) -> list[str]:
        """Slices that occur, in the order in which they are defined (people: by name)."""
        seen = {name for _, name in self.figures if name}
        order = list(self.names)
        return sorted(seen, key=lambda name: (order.index(name) if name in order else len(order), name))


def boards(
    measures: Iterable[Measure], months: Sequence[date], *, now: datetime, user: User, way: Way = Way.SCREEN
) -> dict[str, Board]:
    """A board for each measure. Runs two queries, and one more where a measure is about staff."""
    wanted = list(measures)
    readings = Reading.objects.filter(measure__in=[one.key for one in wanted], month__in=months)
    rows: dict[str, list[Reading]] = {}
    for row in readings.only("measure", "month", "slice", "numerator", "denominator", "restated_at"):
        rows.setdefault(row.measure, []).append(row)
    notes = list(Annotation.objects.all())
    return {
        one.key: Board(
            measure=one,
            months=months,
            figures={(row.month, row.slice): row for row in figures(one, rows.get(one.key, []), way)},
            names=_names(one, rows.get(one.key, []), user),
            now=now,
            annotations=[note for note in notes if not note.measures or one.key in note.measures.split()],
        )
        for one in wanted
    }


def _names(measure: Measure, rows: Iterable[Reading], user: User) -> Mapping[str, str]:
    if not measure.of_staff:
        return measure.slices
    ids = {int(row.slice) for row in rows if row.slice.isdigit()}
    people: QuerySet[User] = User.objects.visible_to(user).filter(pk__in=ids).order_by("name")
    return {str(person.pk): person.name for person in people}


@dataclass(frozen=True)
class Line:
    """One measure as a line of the dashboard: the latest settled figure, the way it went, and what it counts."""

    label: str
    href: str
    value: str
    hidden: bool
    when: str
    change: str
    spark: str
    about: str


def line(board: Board, href: str) -> Line:
    """The line of a measure. Runs no query."""
    measure, month = board.measure, board.latest
    figure = board.at(month) if month else None
    value = plotted(measure, figure)
    return Line(
        label=measure.label,
        href=href,
        value="" if value is None else show(measure)(value),
        hidden=figure is not None and figure.hidden,
        when=_when(board, month, figure),
        change=_change(board),
        spark=spark_line([plotted(measure, board.at(one)) for one in _drawn(board)]),
        about=_about(measure),
    )


def _about(measure: Measure) -> str:
    """The definition and what to mind, as they stand beside a figure."""
    return f"{measure.meaning} {measure.good.words}. {measure.caveat}"


def _when(board: Board, month: date | None, figure: Figure | None) -> str:
    if month is None:
        return ""
    of = base(board.measure, figure)
    restated = ", restated" if figure is not None and figure.restated else ""
    return words(month) + restated + (f", {of}" if of else "")


def _change(board: Board) -> str:
    """Down from 36 in Dec 2025; nothing where one end may not be shown."""
    measure, last, first = board.measure, board.latest, board.first
    now = plotted(measure, board.at(last)) if last else None
    if first is None or last is None or now is None or first >= last:
        return ""
    before = plotted(measure, board.at(first))
    if before is None:
        return ""
    return f"{change_from(measure, before, now)} in {words(first)}"


def brief_picture(board: Board, href: str) -> Chart:
    """The chart of a measure for the dashboard: smaller, and without the words that its line there says already.

    A flow has no line: it keeps its words, and its definition. Runs no query.
    """
    chart = replace(picture(board, brief=True), href=href)
    if board.measure.key == MOVEMENT:
        return replace(chart, about=_about(board.measure))
    return replace(chart, finding="")


def picture(board: Board, *, brief: bool = False) -> Chart:
    """The chart of a measure with the table behind it; in `brief` the table has the whole only, and gaps are not explained."""
    if board.measure.key == MOVEMENT:
        return _movement(board, brief)
    if board.measure.key == STACKED:
        return _stacked(board, brief)
    measure, months = board.measure, _drawn(board)
    values = [plotted(measure, board.at(month)) for month in months]
    first = board.first
    svg = drawn(
        line_chart,
        [words(month) for month in months],
        values,
        title=measure.label,
        desc=finding(board),
        uid=measure.key,
        baseline=plotted(measure, board.at(first)) if first else None,
        target=_target(measure),
        notes=[Note(words(note.on.replace(day=1)), _short(note, brief)) for note in board.annotations],
        show=show(measure),
        smallest=smallest(measure),
        size=USUAL,
        brief=brief,
    )
    head, rows = table(board, parts=not brief)
    return Chart(measure.key, measure.label, finding(board), svg, head, rows, _note(board, brief))


def _target(measure: Measure) -> float | None:
    if measure.target is None:
        return None
    return measure.target / 100 if measure.unit == "share" else float(measure.target)


def _short(note: Annotation, brief: bool) -> str:
    longest = NOTE_LENGTH - 10 * brief
    return note.text if len(note.text) <= longest else note.text[: longest - 1].rstrip() + "…"


def _drawn(board: Board) -> list[date]:
    """Months that are settled: one that is half over would look like a fall."""
    return [month for month in board.months if board.measure.settled(month, board.now)]


def _note(board: Board, brief: bool) -> str:
    notes = [f"{note.on.day} {words(note.on)}: {note.text}." for note in board.annotations if _within(board, note)]
    if not brief and any(board.figures[key].hidden for key in board.figures):
        notes.append(GAPS)
    return " ".join(notes)


def _within(board: Board, note: Annotation) -> bool:
    return note.on.replace(day=1) in board.months


def finding(board: Board) -> str:
    """The picture in a sentence."""
    measure, last = board.measure, board.latest
    now = plotted(measure, board.at(last)) if last else None
    if last is None or now is None:
        hidden = last is not None and (one := board.at(last)) is not None and one.hidden
        return "The latest figure is too small to be shown." if hidden else "There are no figures to show yet."
    change = _change(board)
    told = f"{show(measure)(now)} in {words(last)}"
    return f"{told}, {change[0].lower()}{change[1:]}." if change else f"{told}."


def table(board: Board, *, parts: bool = True) -> tuple[list[str], list[list[str]]]:
    """Head and rows: a month a row, the whole first, then the slices."""
    measure = board.measure
    named = [name for name in board.slices if parts and measure.key != MOVEMENT]
    head = ["Month", "All" if named and measure.parts is not Parts.NONE else "Figure"]
    behind = any(board.figures[key].denominator is not None for key in board.figures)
    head += ["Of" if measure.unit == "share" else "From"] if behind else []
    head += [board.names.get(name, "Someone else") for name in named]
    rows = []
    for month in board.months:
        whole = board.at(month)
        cells = [board.label(month), said(measure, whole) if whole else ""]
        if behind:
            cells.append(f"{whole.denominator:,}" if whole and whole.denominator is not None else "")
        rows.append(cells + [said(measure, board.at(month, name)) if whole else "" for name in named])
    return head, rows


def _stacked(board: Board, brief: bool) -> Chart:
    measure, months = board.measure, _drawn(board)
    names = list(measure.slices)
    values = [[plotted(measure, board.at(month, name)) for name in names] for month in months]
    labels = [words(month) for month in months]
    svg = drawn(
        stacked_bars,
        labels,
        values,
        list(measure.slices.values()),
        title=measure.label,
        desc=finding(board),
        uid=measure.key,
        size=USUAL,
        brief=brief,
    )
    head, rows = table(board)
    return Chart(measure.key, measure.label, finding(board), svg, head, rows, _note(board, brief))


def _movement(board: Board, brief: bool) -> Chart:
    """One month's flows: those of the latest settled month."""
    month, ends = board.latest, list(ENDS)
    cells = {name: figure for (at, name), figure in board.figures.items() if at == month and name}
    flows = [(ends.index(name[0]), ends.index(name[2]), figure.numerator) for name, figure in cells.items()]
    moved = sum(count or 0 for start, end, count in flows if start != end and count)
    told = f"{moved:,} households moved in {words(month)}." if month and moved else "There are no movements to show."
    svg = drawn(
        tier_movement,
        list(ENDS.values()),
        flows,
        title=board.measure.label,
        desc=told,
        uid=board.measure.key,
        before=f"Start of {words(month)}" if month else "Before",
        after="End of the month",
        brief=brief,
    )
    rows = [
        [ENDS[start]] + [said(board.measure, cells.get(f"{start}>{end}") or _none(month)) for end in ENDS]
        for start in ENDS
        if month
    ]
    return Chart(
        board.measure.key, board.measure.label, told, svg, ["From, to", *ENDS.values()], rows, _note(board, brief)
    )


def _none(month: date | None) -> Figure | None:
    return Figure(month, "", 0, None) if month else None


def every_board(months: Sequence[date], *, now: datetime, user: User, way: Way = Way.SCREEN) -> dict[str, Board]:
    """A board for each measure there is."""
    return boards(MEASURES, months, now=now, user=user, way=way)
