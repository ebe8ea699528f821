"""Pictures of figures: pure functions that give SVG with words in it, which needs no script and no styles.

Every picture has a title and a description, direct labels instead of a key, and a table beside it (reporting/_chart.html).
A figure that may not be shown is None: it is a gap in the picture, never a zero.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from math import ceil

from django.utils.html import format_html
from django.utils.safestring import SafeString

from reporting.shown import Chart, Note, drawn
from reporting.svg import (
    GREY,
    HEAVIER,
    INK,
    LIGHTER,
    LINE,
    OUTLINE,
    SAME,
    TARGET,
    TEXT,
    TIERS,
    Show,
    Svg,
    breadth,
    cut,
    halving_top,
    money,
    nice_ticks,
    share,
    spread,
    whole,
)

__all__ = [
    "Chart",
    "Note",
    "drawn",
    "line_chart",
    "money",
    "share",
    "small_multiples",
    "spark_line",
    "stacked_bars",
    "tier_movement",
    "whole",
]
NARROW = 330  # as wide as a phone leaves room for: words are as large there as they are drawn


def _pen(size: tuple[int, int] | None, height: int, title: str, desc: str, uid: str, tips: bool) -> Svg:
    """A pen for this size, or for a phone where there is none."""
    return Svg(*(size or (NARROW, height)), title, desc, uid, tips, narrow=size is None)


def _nothing(svg: Svg) -> SafeString:
    svg.height = 80
    svg.text(svg.width / 2, 45, "No figures to show yet", anchor="middle", colour=GREY)
    return svg.done()


def _draw_scale(
    svg: Svg, ticks: Sequence[tuple[float, str]], left: float, right: float, *, size: int = TEXT, gap: float = 8
) -> None:
    """The lines across at round figures, and the figures beside them."""
    svg.lines([(left, y, right, y) for y, _ in ticks], kind="grid")
    for y, words in ticks:
        svg.text(left - gap, y + 5, words, size=size, anchor="end", colour=GREY, kind="tick")


def _beside(ticks: Sequence[float], show: Show) -> float:
    """Where the plot begins, beside the longest figure of its scale."""
    return max(breadth(show(tick)) for tick in ticks) + 12


def _runs(points: Sequence[tuple[float, float] | None]) -> list[list[tuple[float, float]]]:
    """The unbroken stretches between gaps."""
    runs: list[list[tuple[float, float]]] = [[]]
    for point in points:
        if point is None:
            runs.append([])
        else:
            runs[-1].append(point)
    return [run for run in runs if run]


def _draw_runs(svg: Svg, points: Sequence[tuple[float, float] | None], *, width: float = 3) -> None:
    for run in _runs(points):
        if len(run) > 1:
            svg.path(run, width=width)
        else:
            svg.dot(*run[0], radius=width, kind="lone")


def line_chart(
    labels: Sequence[str],
    values: Sequence[float | None],
    *,
    title: str,
    desc: str,
    uid: str,
    baseline: float | None = None,
    target: float | None = None,
    notes: Sequence[Note] = (),
    show: Show = whole,
    smallest: float = 1,
    from_zero: bool = False,
    size: tuple[int, int] | None = (760, 400),
    tips: bool = True,
) -> SafeString:
    """One figure over time, with where it began, where it should go, and what happened on the way."""
    svg = _pen(size, 250, title, desc, uid, tips)
    known = [value for value in values if value is not None]
    if not known:
        return _nothing(svg)
    ends = [value for value in (*known, baseline, target) if value is not None]
    ticks = nice_ticks(0 if from_zero else min(ends), max(ends), smallest=smallest)
    low, high = ticks[0], ticks[-1]
    left, right, top, bottom = 66.0, svg.width - 132.0, 30.0, svg.height - 60.0
    each = max(1, ceil(len(labels) / (svg.width // 125)))
    if _beside(ticks, show) > left + 12:  # hundreds of thousands of pounds
        left, right = _beside(ticks, show), right - 30
    if svg.narrow:  # the names of the two lines go below
        left, right = max(_beside(ticks, show), breadth(labels[0]) / 2), svg.width - 14 - breadth(show(known[-1]))
        each = max(1, ceil(len(labels) / max(1, (right - left) // 80)))
        svg.height += 24 * ((baseline is not None) + (target is not None))

    def x(index: int) -> float:
        return left + (right - left) * index / max(1, len(values) - 1)

    def y(value: float) -> float:
        return bottom - (bottom - top) * (value - low) / (high - low)

    _draw_scale(svg, [(y(tick), show(tick)) for tick in ticks], left, right)
    named = range(0, len(labels), each)
    svg.lines([(x(index), bottom, x(index), bottom + 6) for index in named], colour=GREY)
    for index in named:
        svg.text(x(index), bottom + 24, labels[index], anchor="middle", colour=GREY)
    if low != 0:
        svg.text(left, svg.height - 8, f"The scale starts at {show(low)}", size=15, colour=GREY)
    _draw_notes(svg, labels, notes, x, top, bottom, (left + right) / 2)
    points = [None if value is None else (x(index), y(value)) for index, value in enumerate(values)]
    _draw_runs(svg, points)
    for index, point in enumerate(points):
        if point is None:
            svg.dot(x(index), bottom, radius=4, hollow=True, tip=f"{labels[index]}: not shown", kind="gap")
    last, value_now = max(index for index, value in enumerate(values) if value is not None), known[-1]
    svg.dot(x(last), y(value_now), kind="last")
    marks: list[tuple[float, str, str, bool]] = [(y(value_now), show(value_now), LINE, True)]
    below = bottom + 26
    for value, name, dash, colour in ((baseline, "Baseline", "2 4", GREY), (target, "Target", "8 4", TARGET)):
        if value is not None:
            svg.lines([(left, y(value), right, y(value))], colour=colour, width=2, dash=dash, kind=name.lower())
            if svg.narrow:
                below += 24
                svg.lines([(left, below - 5, left + 30, below - 5)], colour=colour, width=2, dash=dash)
                svg.text(left + 38, below, f"{name} {show(value)}", colour=colour)
            else:
                marks.append((y(value), f"{name} {show(value)}", colour, False))
    for place, (_, words, colour, bold) in zip(spread([mark[0] for mark in marks], 19), marks, strict=True):
        svg.text(right + 12, place + 5, words, colour=colour, bold=bold)
    return svg.done()


def spark_line(values: Sequence[float | None]) -> str:
    """The shape of a few months, the size of a word. It says nothing that the words beside it do not: hidden from readers."""
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return ""
    low, span = min(known), (max(known) - min(known)) or 1
    points = [
        None if value is None else (round(6 + 120 * at / (len(values) - 1)), round(30 - 24 * (value - low) / span))
        for at, value in enumerate(values)
    ]
    steps = ""
    for run in _runs(points):
        moves = [f"{after[0] - x} {after[1] - y}" for (x, y), after in pairwise(run)]
        steps += f"M{run[0][0]} {run[0][1]}" + ("l" + " ".join(moves).replace(" -", "-") if moves else "h0")
    x, y = [point for point in points if point][-1]
    return format_html(
        '<svg class="app-spark" viewBox="0 0 132 36" aria-hidden="true"><path d="{}"/><circle cx="{}" cy="{}" r="4"/></svg>',
        steps,
        x,
        y,
    )


def _draw_notes(
    svg: Svg,
    labels: Sequence[str],
    notes: Sequence[Note],
    x: Callable[[int], float],
    top: float,
    bottom: float,
    middle: float,
) -> None:
    """Dated marks; each next one writes a line lower, so that neighbours do not cover each other."""
    places = {label: index for index, label in enumerate(labels)}
    shown = [note for note in notes if note.at in places]
    for row, note in enumerate(sorted(shown, key=lambda one: places[one.at])):
        at = x(places[note.at])
        svg.lines([(at, top - 10, at, bottom)], colour=INK, dash="1 3", kind="note")
        anchor, shift = ("start", 6) if at <= middle else ("end", -6)
        said = cut(note.words, (svg.width - at if at <= middle else at - x(0)) - 6, 15) if svg.narrow else note.words
        svg.text(at + shift, top + 2 + 19 * (row % 3), said, size=15, anchor=anchor)


def stacked_bars(
    labels: Sequence[str],
    rows: Sequence[Sequence[float | None]],
    series: Sequence[str],
    *,
    title: str,
    desc: str,
    uid: str,
    show: Show = whole,
    smallest: float = 1,
    size: tuple[int, int] | None = (760, 380),
    tips: bool = True,
) -> SafeString:
    """One bar for each label, its parts stacked from light help at the bottom to heavy on top."""
    svg = _pen(size, 260, title, desc, uid, tips)
    totals = [sum(part or 0 for part in row) for row in rows]
    if not rows or max(totals) <= 0:
        return _nothing(svg)
    ticks = nice_ticks(0, max(totals), smallest=smallest)
    left, right, top, bottom = 66.0, svg.width - 124.0, 20.0, svg.height - 44.0
    each = max(1, ceil(len(rows) / (svg.width // 108)))
    if svg.narrow:
        left, right = _beside(ticks, show), svg.width - 10 - max(breadth(name, 15) for name in series)
        each = max(1, ceil(len(rows) / 2))
    step = (right - left) / len(rows)

    def y(value: float) -> float:
        return bottom - (bottom - top) * value / ticks[-1]

    _draw_scale(svg, [(y(tick), show(tick)) for tick in ticks], left, right)
    parts: dict[int, list[tuple[float, float, float, float]]] = {}
    edges, gaps = [], []
    for index, row in enumerate(rows):
        bar = left + index * step + step * 0.12
        base = 0.0
        for part, value in enumerate(row):
            if value:
                parts.setdefault(part, []).append((bar, y(base + value), step * 0.76, y(base) - y(base + value)))
                base += value
        if base:
            edges.append((bar, y(base), step * 0.76, bottom - y(base)))
        if any(value is None for value in row):
            gaps.append((bar + step * 0.38, y(base) - 6))
    for part, places in sorted(parts.items()):
        svg.boxes(places, fill=TIERS[part % len(TIERS)], kind="part")
    svg.boxes(edges, fill="none", stroke=OUTLINE)
    for place in gaps:
        svg.text(*place, "*", anchor="middle", kind="gap")
    for index in range(0, len(labels), each):
        svg.text(left + (index + 0.5) * step, bottom + 24, labels[index], anchor="middle", colour=GREY, size=15)
    _name_parts(svg, rows[-1], series, y, right + 10)
    return svg.done()


def _name_parts(
    svg: Svg, row: Sequence[float | None], series: Sequence[str], y: Callable[[float], float], x: float
) -> None:
    """The names of the parts beside the last bar."""
    base, wanted, names = 0.0, [], []
    for part, value in enumerate(row):
        if value:
            wanted.append(y(base + value / 2))
            names.append(series[part])
            base += value
    for place, name in zip(spread(wanted, 19), names, strict=True):
        svg.text(x, place + 5, name)


def tier_movement(
    names: Sequence[str],
    flows: Sequence[tuple[int, int, int | None]],
    *,
    title: str,
    desc: str,
    uid: str,
    before: str = "12 months ago",
    after: str = "Now",
    size: tuple[int, int] | None = (760, 440),
    tips: bool = True,
) -> SafeString:
    """How many went from each tier to each; blue to lighter help, plum to heavier. A flow of None is left out."""
    svg = _pen(size, 440, title, desc, uid, tips)
    shown = sorted((start, end, count) for start, end, count in flows if count)
    outs = [sum(count for start, _, count in shown if start == index) for index in range(len(names))]
    ins = [sum(count for _, end, count in shown if end == index) for index in range(len(names))]
    if not sum(outs):
        return _nothing(svg)
    gap, thick, top, left, right, apart = 16.0, 16.0, 34.0, 160.0, svg.width - 160.0, 19
    if svg.narrow:  # the figure below the name: half as wide
        gap, thick, left, right, apart = 38.0, 12.0, 100.0, svg.width - 100.0, 38
        top += 12
    scale = (svg.height - top - apart / 2 - 4 - gap * (len(names) - 1)) / sum(outs)
    starts, ends = _stack(outs, scale, gap, top), _stack(ins, scale, gap, top)
    leave, arrive = list(starts), list(ends)
    bands: dict[str, list[tuple[float, float, float, str]]] = {SAME: [], LIGHTER: [], HEAVIER: []}
    for start, end, count in shown:
        height = count * scale
        fill = SAME if start == end else (HEAVIER if end > start else LIGHTER)
        bands[fill].append((leave[start], arrive[end], height, f"{names[start]} to {names[end]}: {count:,}"))
        leave[start] += height
        arrive[end] += height
    for fill, alike in bands.items():
        for begins, ends_at, height, tip in alike:
            svg.band(left + thick, begins, right - thick, ends_at, height, fill=fill, tip=tip)
    for x, words_x, anchor, sizes, places in (
        (left, left - 8, "end", outs, starts),
        (right - thick, right + 8, "start", ins, ends),
    ):
        labels = spread([place + count * scale / 2 for place, count in zip(places, sizes, strict=True)], apart)
        for name, count, place in zip(names, sizes, places, strict=True):
            svg.bar(x, place, thick, count * scale, fill=LINE, tip=f"{name}: {count:,}", kind="tier")
        for name, count, label in zip(names, sizes, labels, strict=True):
            if svg.narrow:
                svg.text(words_x, label - 3, name, anchor=anchor)
                svg.text(words_x, label + 15, f"{count:,}", anchor=anchor, bold=True)
            else:
                svg.text(words_x, label + 5, f"{name} {count:,}", anchor=anchor)
    svg.text(0 if svg.narrow else left + thick, 18, before, anchor="start" if svg.narrow else "end", bold=True)
    svg.text(svg.width if svg.narrow else right - thick, 18, after, anchor="end" if svg.narrow else "start", bold=True)
    return svg.done()


def _stack(sizes: Sequence[int], scale: float, gap: float, top: float) -> list[float]:
    """Where each bar begins, from the top down."""
    places = []
    for size in sizes:
        places.append(top)
        top += size * scale + gap
    return places


def small_multiples(
    labels: Sequence[str],
    series: Mapping[str, Sequence[float | None]],
    *,
    title: str,
    desc: str,
    uid: str,
    show: Show = whole,
    smallest: float = 1,
    columns: int = 3,
) -> SafeString:
    """The same small line for each name (a ward, a team), all on one scale from zero so that they can be compared."""
    cell_width, cell_height = 760 / columns, 170
    svg = Svg(760, max(1, ceil(len(series) / columns)) * cell_height + 10, title, desc, uid)
    known = [value for values in series.values() for value in values if value is not None]
    if not known:
        return _nothing(svg)
    high = halving_top(max(known), smallest=smallest)
    for number, (name, values) in enumerate(series.items()):
        left, top = (number % columns) * cell_width + 44, (number // columns) * cell_height + 34.0
        right, bottom = left + cell_width - 100, top + cell_height - 66
        svg.text(left, top - 14, name, bold=True)
        ticks = [(bottom - (bottom - top) * tick / high, show(tick)) for tick in (0, high / 2, high)]
        _draw_scale(svg, ticks, left, right, size=14, gap=6)
        wide = (right - left) / max(1, len(values) - 1)
        points = [
            None if one is None else (left + wide * at, bottom - (bottom - top) * one / high)
            for at, one in enumerate(values)
        ]
        _draw_runs(svg, points, width=2.5)
        if seen := [
            (point, value)
            for point, value in zip(points, values, strict=True)
            if point is not None and value is not None
        ]:
            (x, y), value = seen[-1]
            svg.text(x + 6, y + 5, show(value), bold=True, colour=LINE)
        if any(value is None for value in values):
            svg.text(left, bottom + 36, "Gaps are not shown", size=13, colour=GREY, kind="gap")
        if labels:
            svg.text(left, bottom + 20, labels[0], size=14, colour=GREY)
            svg.text(right, bottom + 20, labels[-1], size=14, anchor="end", colour=GREY)
    return svg.done()
