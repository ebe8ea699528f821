"""The pen that charts are drawn with: marks as attributes only (the security policy refuses styles), and round scales."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from html import escape
from itertools import groupby
from math import ceil, floor, log10

from django.utils.safestring import SafeString

Show = Callable[[float], str]

INK, GREY, GRID, PAPER = "#0b0c0c", "#505a5f", "#b1b4b6", "#ffffff"
LINE, TARGET, OUTLINE = "#12436d", "#801650", "#5f7d99"
# From light help to heavy: sequential, readable in grey print, and never the only sign.
TIERS = ("#dbe7f3", "#a3c6e6", "#5694ca", "#1f5f99", "#0f2f4f")
TEXT = 16
SAME, LIGHTER, HEAVIER = "#a3c6e6", "#1f5f99", "#801650"


@dataclass
class Svg:
    """Collects the marks of one picture. Neighbours that look alike are one path, or say once how they look."""

    width: int
    height: int
    title: str
    desc: str
    uid: str
    tips: bool = True
    """Whether a pointer brings up the words of a mark."""
    narrow: bool = False
    """Whether it is drawn for a phone: as wide as one leaves room for, its words as large there as on paper."""
    marks: list[tuple[str, str]] = field(default_factory=list)

    def lines(
        self,
        ends: Sequence[tuple[float, float, float, float]],
        *,
        colour: str = GRID,
        width: float = 1,
        dash: str = "",
        kind: str = "",
    ) -> None:
        """Straight lines from (x, y) to (x, y) that look alike."""
        wide = "" if width == 1 else f' stroke-width="{_n(width)}"'
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        steps = "".join(_stroke(*one) for one in ends)
        self._mark(f'<path{_kind(kind)} d="{steps}" stroke="{colour}"{wide}{dashes}/>')

    def text(
        self,
        x: float,
        y: float,
        words: str,
        *,
        size: int = TEXT,
        anchor: str = "start",
        colour: str = INK,
        bold: bool = False,
        kind: str = "",
    ) -> None:
        weight = ' font-weight="700"' if bold else ""
        points = "" if size == TEXT else f' font-size="{size}"'
        aligned = "" if anchor == "start" else f' text-anchor="{anchor}"'
        # The white edge that keeps words readable over lines is in the style sheet.
        look = f'{_kind(kind)}{points}{aligned} fill="{colour}"{weight}'
        self._mark(f'<text x="{_n(x)}" y="{_n(y)}">{escape(words)}</text>', look)

    def path(self, points: Sequence[tuple[float, float]], *, width: float = 3) -> None:
        steps = "L".join(f"{_n(x)},{_n(y)}" for x, y in points)
        self._mark(f'<path d="M{steps}"/>', f'{_kind("line")} fill="none" stroke="{LINE}" stroke-width="{_n(width)}"')

    def dot(
        self, x: float, y: float, *, radius: float = 5, hollow: bool = False, tip: str = "", kind: str = ""
    ) -> None:
        fill = f'fill="{PAPER}" stroke="{GREY}" stroke-width="1.5"' if hollow else f'fill="{LINE}"'
        mark = f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(radius)}"{self._end("circle", tip)}'
        self._mark(mark, f"{_kind(kind)} {fill}")

    def boxes(
        self,
        places: Sequence[tuple[float, float, float, float]],
        *,
        fill: str,
        stroke: str = "",
        kind: str = "",
    ) -> None:
        """Boxes (x, y, width, height) that look alike. The white edge of a part is in the style sheet."""
        edge = f' stroke="{stroke}"' if stroke else ""
        steps = "".join(f"M{_n(x)},{_n(y)}h{_n(wide)}v{_n(high)}h{_n(-wide)}z" for x, y, wide, high in places)
        self._mark(f'<path{_kind(kind)} d="{steps}" fill="{fill}"{edge}/>')

    def bar(self, x: float, y: float, width: float, height: float, *, fill: str, tip: str, kind: str) -> None:
        mark = (
            f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(max(height, 0))}"{self._end("rect", tip)}'
        )
        self._mark(mark, f'{_kind(kind)} fill="{fill}"')

    def band(self, x0: float, y0: float, x1: float, y1: float, height: float, *, fill: str, tip: str) -> None:
        """A flow from the left bar to the right one, `height` thick all the way."""
        across, half, down = _n(x1 - x0), _n((x1 - x0) / 2), y1 - y0
        there = f"c{half},0 {half},{_n(down)} {across},{_n(down)}"
        back = f"c-{half},0 -{half},{_n(-down)} -{across},{_n(-down)}"
        kind = "stay" if fill == SAME else "flow"  # how much shines through is in the style sheet
        mark = f'<path d="M{_n(x0)},{_n(y0)}{there}v{_n(height)}{back}z"{self._end("path", tip)}'
        self._mark(mark, f'{_kind(kind)} fill="{fill}"')

    def _end(self, mark: str, tip: str) -> str:
        """The end of a mark, with the words that a pointer brings up."""
        return f"><title>{escape(tip)}</title></{mark}>" if tip and self.tips else "/>"

    def _mark(self, mark: str, look: str = "") -> None:
        self.marks.append((look, mark))

    def done(self) -> SafeString:
        uid = escape(self.uid)
        drawn = ""
        for look, alike in groupby(self.marks, key=lambda one: one[0]):
            marks = "".join(mark for _, mark in alike)
            drawn += f"<g{look}>{marks}</g>" if look else marks
        kind = "app-chart__svg app-chart--small" if self.narrow else "app-chart__svg"
        return SafeString(
            f'<svg class="{kind}" viewBox="0 0 {self.width} {self.height}" role="img" '
            f'aria-labelledby="{uid}-t {uid}-d"><title id="{uid}-t">{escape(self.title)}</title>'
            f'<desc id="{uid}-d">{escape(self.desc)}</desc>{drawn}</svg>'
        )


def breadth(words: str, size: int = TEXT) -> float:
    """How wide words are at the most, by the breadth of a figure; letters are narrower but for a few."""
    return size * (0.56 * len(words) + 0.4 * words.count("%"))


def _stroke(x1: float, y1: float, x2: float, y2: float) -> str:
    if y1 == y2:
        return f"M{_n(x1)},{_n(y1)}H{_n(x2)}"
    return f"M{_n(x1)},{_n(y1)}V{_n(y2)}" if x1 == x2 else f"M{_n(x1)},{_n(y1)}L{_n(x2)},{_n(y2)}"


def _kind(name: str) -> str:
    return f' class="app-chart__{name}"' if name else ""


def _n(number: float) -> str:
    return f"{round(number, 1) + 0:.1f}".removesuffix(".0")


def whole(value: float) -> str:
    """1,234."""
    return f"{value:,.0f}"


def share(value: float) -> str:
    """0.17 as 17%."""
    return f"{value * 100:.0f}%"


def money(value: float) -> str:
    """Whole pounds: £1,234."""
    return f"£{value:,.0f}"


def nice_ticks(low: float, high: float, *, most: int = 5, smallest: float = 1) -> list[float]:
    """Round steps of 1, 2 or 5 that cover low to high; none smaller than `smallest` (0.01 for a share)."""
    span = max(high - low, smallest)
    raw = max(span / most, smallest)
    power = 10 ** floor(log10(raw) + 1e-9)
    step = next(times * power for times in (1, 2, 5, 10) if raw <= times * power * (1 + 1e-9))
    first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
    if last <= first:
        last = first + 1
    return [round(count * step, 10) for count in range(first, last + 1)]


def halving_top(high: float, *, smallest: float = 1) -> float:
    """The end of a scale that begins at 0 and whose half is as round as itself: 2, 4, 6, 8, 10, 12, 16, 20, 40, 60, 80, 100 …"""
    power = smallest
    while high > 10 * power * (1 + 1e-9):
        power *= 10
    tops = (1, 1.2, 1.6, 2, 4, 6, 8, 10) if power > smallest else (2, 4, 6, 8, 10)
    return round(next(times * power for times in tops if high <= times * power * (1 + 1e-9)), 10)


def cut(words: str, room: float, size: int = TEXT) -> str:
    """As many of the words as there is room for."""
    longest = max(2, int(room / breadth("0", size)))
    return words if len(words) <= longest else words[: longest - 1].rstrip() + "…"


def spread(wanted: Sequence[float], apart: float) -> list[float]:
    """Places for labels near where they want to be, in the same order, none closer than `apart`."""
    order = sorted(range(len(wanted)), key=lambda index: wanted[index])
    groups: list[tuple[float, list[int]]] = []
    for index in order:
        groups.append((wanted[index], [index]))
        while len(groups) > 1:
            (above, first), (below, second) = groups[-2:]
            if below - above >= apart * (len(first) + len(second)) / 2:
                break
            merged = first + second
            groups[-2:] = [(sum(wanted[one] for one in merged) / len(merged), merged)]
    places = [0.0] * len(wanted)
    for middle, members in groups:
        start = middle - apart * (len(members) - 1) / 2
        for count, index in enumerate(members):
            places[index] = start + apart * count
    return places
