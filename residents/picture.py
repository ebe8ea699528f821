"""The household as a picture, like a genogram: a row for each generation, lines for parents and couples, and the same in words.

Pure functions. The marks carry classes only: colours are the style sheet's (static/site/family.css), and no colour says anything alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from html import escape
from itertools import pairwise

from django.utils.safestring import SafeString

from residents.models import Relationship

Kind = Relationship.Kind
WIDE, HIGH, GAP, BETWEEN, EDGE = 176, 64, 28, 64, 16
MOST, LETTERS = 30, 19
COUPLES = (Kind.PARTNER, Kind.FORMER)
DOWN = {Kind.PARENT: 1, Kind.GUARDIAN: 1, Kind.GRANDPARENT: 2}
NAMES = {-2: "Great-grandparents", -1: "Grandparents", 0: "Parents and other adults", 1: "Children", 2: "Grandchildren"}


@dataclass(frozen=True)
class Someone:
    """A person in the picture. `key` is one's own; `generation` a guess for whom no relationship says more; `here`: lives in this household."""

    key: str
    name: str
    facts: str
    here: bool = True
    generation: int = 0
    born: str = ""
    href: str = ""


@dataclass(frozen=True)
class Tie:
    """What `first` is to `second`, both by key: a kind of Relationship."""

    kind: str
    first: str
    second: str


@dataclass
class Picture:
    """The drawing, and what it says in words: generations with each person's line."""

    svg: SafeString
    generations: list[dict]
    left_out: int = 0


def picture_of(people: Iterable[Someone], ties: Iterable[Tie], *, title: str) -> Picture:
    """Draw them. An alleged perpetrator is never joined to a victim by a line: the paper may reach either."""
    everyone = list(people)
    known = {one.key: one for one in everyone[:MOST]}
    joined = [
        one for one in dict.fromkeys(ties) if one.first in known and one.second in known and one.kind != Kind.ALLEGED
    ]
    rows = _in_rows(known, joined)
    places = _placed(rows, joined)
    drawing = _Drawing(places, rows)
    for tie in joined:
        drawing.join(tie)
    drawing.descend(joined)
    for row in rows.values():
        for one in row:
            drawing.put(one)
    words = [
        {"name": NAMES.get(level, "Others"), "people": [_in_words(one, joined, known) for one in row]}
        for level, row in rows.items()
    ]
    return Picture(drawing.done(title, words), words, max(len(everyone) - MOST, 0))


def _in_rows(known: dict[str, Someone], ties: list[Tie]) -> dict[int, list[Someone]]:
    """Who stands in which generation, the eldest first; partners side by side."""
    steps: dict[str, list[tuple[str, int]]] = {key: [] for key in known}
    for tie in ties:
        if tie.kind in DOWN or tie.kind in COUPLES or tie.kind == Kind.SIBLING:
            down = DOWN.get(Kind(tie.kind), 0)
            steps[tie.first].append((tie.second, down))
            steps[tie.second].append((tie.first, -down))
    level: dict[str, int] = {}
    for start in sorted(known.values(), key=lambda one: (not one.here, abs(one.generation))):
        waiting = [] if start.key in level else [(start.key, start.generation)]
        while waiting:
            key, here = waiting.pop(0)
            if key not in level:
                level[key] = max(-2, min(here, 2))
                waiting += [(other, level[key] + by) for other, by in steps[key]]
    rows: dict[int, list[Someone]] = {}
    for number in sorted(set(level.values())):
        row = sorted(
            (one for one in known.values() if level[one.key] == number), key=lambda one: (not one.here, one.born or "9")
        )
        rows[number] = _couples_together(row, ties)
    return rows


def _couples_together(row: list[Someone], ties: list[Tie]) -> list[Someone]:
    """The same people; after each comes who is, or was, their partner."""
    found: dict[str, Someone] = {}
    by_key = {one.key: one for one in row}
    for one in row:
        found.setdefault(one.key, one)
        for tie in sorted((tie for tie in ties if tie.kind in COUPLES), key=lambda tie: tie.kind != Kind.PARTNER):
            other = {tie.first: tie.second, tie.second: tie.first}.get(one.key)
            if other in by_key and other not in found:
                found[other] = by_key[other]
    return list(found.values())


def _placed(rows: dict[int, list[Someone]], ties: list[Tie]) -> dict[str, tuple[float, float]]:
    """Where the left upper corner of each box lies: rows in the middle above each other, children under their parents."""
    _parents_over_children(rows, ties)
    widest = max((len(row) for row in rows.values()), default=0)
    places: dict[str, tuple[float, float]] = {}
    for number, (level, row) in enumerate(rows.items()):
        under = {one.key: _above(one.key, ties, places) for one in row}
        if all(value is not None for value in under.values()):
            row.sort(key=lambda one: under[one.key] or 0)
        left = EDGE + (widest - len(row)) * (WIDE + GAP) / 2
        for place, one in enumerate(row):
            places[one.key] = (left + place * (WIDE + GAP), EDGE + number * (HIGH + BETWEEN))
        rows[level] = row
    return places


def _parents_over_children(rows: dict[int, list[Someone]], ties: list[Tie]) -> None:
    """Each row in the order of the children below it, so that fewer lines cross; who has none there stays behind the one before."""
    levels = sorted(rows)
    for level, below in reversed(list(pairwise(levels))):
        index = {one.key: place for place, one in enumerate(rows[below])}
        order: dict[str, float] = {}
        last = -1.0
        for one in rows[level]:
            own = [
                index[tie.second] for tie in ties if tie.first == one.key and tie.kind in DOWN and tie.second in index
            ]
            last = order[one.key] = sum(own) / len(own) if own else last
        rows[level].sort(key=lambda one: order[one.key])


def _above(key: str, ties: list[Tie], places: dict[str, tuple[float, float]]) -> float | None:
    """The middle of somebody's parents in the rows above."""
    found = [places[tie.first][0] for tie in ties if tie.second == key and tie.kind in DOWN and tie.first in places]
    return sum(found) / len(found) if found else None


@dataclass
class _Drawing:
    """Collects the marks."""

    places: dict[str, tuple[float, float]]
    rows: dict[int, list[Someone]]
    marks: list[str] = field(default_factory=list)

    def join(self, tie: Tie) -> None:
        """A line between two of one row: couples, and brothers and sisters whose parents are not in the picture."""
        one, other = sorted((self.places[tie.first], self.places[tie.second]))
        if tie.kind not in (*COUPLES, Kind.SIBLING) or one[1] != other[1]:
            return
        kind, middle = tie.kind.replace("_", "-"), one[1] + HIGH / 2
        if other[0] - one[0] <= WIDE + GAP:
            self.line(kind, f"M{_n(one[0] + WIDE)},{_n(middle)}H{_n(other[0])}")
            if tie.kind == Kind.FORMER:
                cut = (one[0] + WIDE + other[0]) / 2
                self.line("cut", f"M{_n(cut - 5)},{_n(middle + 8)}l6,-16M{_n(cut + 1)},{_n(middle + 8)}l6,-16")
        else:
            top = one[1] - 10
            self.line(kind, f"M{_n(one[0] + WIDE / 2)},{_n(one[1])}V{_n(top)}H{_n(other[0] + WIDE / 2)}V{_n(other[1])}")

    def descend(self, ties: list[Tie]) -> None:
        """From parents down to each child: from between the two where they stand side by side, else from each."""
        parents: dict[str, list[Tie]] = {}
        for tie in ties:
            if tie.kind in DOWN and self.places[tie.first][1] < self.places[tie.second][1]:
                parents.setdefault(tie.second, []).append(tie)
        sets = list(dict.fromkeys(tuple(sorted(tie.first for tie in found)) for found in parents.values()))
        for child, found in parents.items():
            x, y = self.places[child]
            bus = y - 16 - 7 * (sets.index(tuple(sorted(tie.first for tie in found))) % 5)
            for (start, top), kind in self._sources(found):
                self.line(kind, f"M{_n(start)},{_n(top)}V{_n(bus)}H{_n(x + WIDE / 2)}V{_n(y)}")

    def _sources(self, found: list[Tie]) -> list[tuple[tuple[float, float], str]]:
        spots = sorted(self.places[tie.first] for tie in found)
        beside = len(spots) == 2 and spots[0][1] == spots[1][1] and spots[1][0] - spots[0][0] <= WIDE + GAP
        if beside and all(tie.kind == Kind.PARENT for tie in found):
            return [((spots[0][0] + WIDE + GAP / 2, spots[0][1] + HIGH / 2), "parent")]
        return [
            ((self.places[tie.first][0] + WIDE / 2, self.places[tie.first][1] + HIGH), str(tie.kind)) for tie in found
        ]

    def put(self, one: Someone) -> None:
        """The box of a person: a broken edge for who lives elsewhere, which the words say too."""
        x, y = self.places[one.key]
        where = "here" if one.here else "elsewhere"
        self.marks.append(
            f'<rect class="app-family__box app-family__box--{where}" x="{_n(x)}" y="{_n(y)}" width="{WIDE}" height="{HIGH}" rx="4"/>'
            f'<text class="app-family__name" x="{_n(x + WIDE / 2)}" y="{_n(y + 27)}" text-anchor="middle">{escape(_short(one.name))}</text>'
            f'<text class="app-family__facts" x="{_n(x + WIDE / 2)}" y="{_n(y + 48)}" text-anchor="middle">{escape(_short(one.facts, LETTERS + 3))}</text>'
        )

    def line(self, kind: str, path: str) -> None:
        """A line of a kind."""
        self.marks.append(f'<path class="app-family__line app-family__line--{kind}" d="{path}"/>')

    def done(self, title: str, words: list[dict]) -> SafeString:
        """The whole picture, as wide as its widest generation."""
        most = max((len(row) for row in self.rows.values()), default=1)
        width = 2 * EDGE + most * (WIDE + GAP) - GAP
        height = 2 * EDGE + len(self.rows) * (HIGH + BETWEEN) - BETWEEN
        said = "; ".join(f"{one['name']}: {', '.join(person['name'] for person in one['people'])}" for one in words)
        return SafeString(
            f'<svg class="app-family__svg" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_n(width)} {_n(height)}" width="{_n(width)}" '
            f'height="{_n(height)}" role="img" aria-labelledby="family-t family-d" font-family="Arial, sans-serif" font-size="16">'
            f'<title id="family-t">{escape(title)}</title><desc id="family-d">{escape(said)}. The list below says the same.</desc>'
            f"{''.join(self.marks)}</svg>"
        )


def _in_words(one: Someone, ties: list[Tie], known: dict[str, Someone]) -> dict:
    """Their name, and what they are to the others."""
    said: dict[str, list[str]] = {}
    for tie in ties:
        if one.key in (tie.first, tie.second):
            first = tie.first == one.key
            other = known[tie.second if first else tie.first].name
            # What this one is to the other: the label of their own side.
            said.setdefault(Relationship.SAID[Kind(tie.kind)][0 if first else 1], []).append(other)
    lines = [
        f"{what.lower()} of {_listed(names)}"
        for what, names in said.items()
        if what not in ("Cared for by them", "In their guardianship", "Other")
    ]
    lines += [f"cared for by {_listed(names)}" for what, names in said.items() if what == "Cared for by them"]
    lines += [
        f"in the guardianship of {_listed(names)}" for what, names in said.items() if what == "In their guardianship"
    ]
    lines += [f"known to {_listed(names)}" for what, names in said.items() if what == "Other"]
    return {"name": one.name, "facts": one.facts, "here": one.here, "href": one.href, "said": "; ".join(lines)}


def _listed(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _short(words: str, most: int = LETTERS) -> str:
    return words if len(words) <= most else f"{words[: most - 1].rstrip()}…"


def _n(number: float) -> str:
    return f"{round(number, 1):.1f}".removesuffix(".0")
