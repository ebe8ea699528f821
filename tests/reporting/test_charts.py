"""Every point is where it should be: the pictures are read back and measured against their own scales."""

import itertools
import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting import charts, svg
from reporting.measures import find_measure
from reporting.wording import change_from

WORDS = {"title": "A title", "desc": "What it shows", "uid": "a"}
figures = st.one_of(st.none(), st.integers(0, 100_000))
LABELS = [f"M{number}" for number in range(60)]


def read(picture: str) -> ElementTree.Element:
    return ElementTree.fromstring(str(picture))


def marked(root: ElementTree.Element, tag: str, kind: str) -> list[ElementTree.Element]:
    """Marks of a kind: those that say so themselves, and those of a group that says it for them."""
    named = [one for one in root.iter() if one.get("class") == f"app-chart__{kind}"]
    return [one for top in named for one in (top if top.tag == "g" else [top]) if one.tag == tag]


def at(element: ElementTree.Element, *names: str) -> list[float]:
    return [float(element.get(name, "nan")) for name in names]


def strokes(root: ElementTree.Element, kind: str) -> list[tuple[float, float]]:
    """Where each straight line of a kind begins."""
    paths = "".join(one.get("d") or "" for one in marked(root, "path", kind))
    return [(float(x), float(y)) for x, y in re.findall(r"M([-\d.]+),([-\d.]+)[HVL]", paths)]


def scale(root: ElementTree.Element):
    """What a height means, learnt from the numbers written beside the grid."""
    heights, texts = [y for _, y in strokes(root, "grid")], marked(root, "text", "tick")
    y0, y1 = heights[0], heights[-1]
    low, high = (float((texts[index].text or "").replace(",", "")) for index in (0, -1))
    return lambda value: y0 + (y1 - y0) * (value - low) / (high - low)


def line_points(root: ElementTree.Element) -> list[tuple[float, float]]:
    """Every point of the line, in order, lone ones included."""
    points = []
    for group in root:
        for one in group:
            if group.get("class") == "app-chart__line":
                points += [tuple(map(float, pair.split(","))) for pair in (one.get("d") or "")[1:].split("L")]
            elif group.get("class") == "app-chart__lone":
                points.append(tuple(at(one, "cx", "cy")))
    return points


@given(values=st.lists(figures, min_size=1, max_size=48), baseline=figures, target=figures)
def test_every_point_of_a_line_is_at_its_month_and_height(values, baseline, target):
    root = read(charts.line_chart(LABELS[: len(values)], values, baseline=baseline, target=target, **WORDS))
    known = [(index, value) for index, value in enumerate(values) if value is not None]
    if not known:
        assert "No figures to show yet" in "".join(root.itertext())
        return
    y = scale(root)
    points = line_points(root)
    assert len(points) == len(known)
    for (index, value), (x, height) in zip(known, points, strict=True):
        assert x == pytest.approx(66 + 562 * index / max(1, len(values) - 1), abs=0.11)
        assert height == pytest.approx(y(value), abs=0.25)
    for kind, value in (("baseline", baseline), ("target", target)):
        drawn = strokes(root, kind)
        assert len(drawn) == (value is not None)
        if value is not None:
            assert drawn[0][1] == pytest.approx(y(value), abs=0.25)


@given(values=st.lists(figures, min_size=1, max_size=48))
def test_a_figure_that_may_not_be_shown_breaks_the_line_and_is_marked(values):
    root = read(charts.line_chart(LABELS[: len(values)], values, **WORDS))
    if any(value is not None for value in values):
        assert len(marked(root, "circle", "gap")) == values.count(None)
        shape = "".join("." if value is None else "x" for value in values)
        runs = re.findall(r"x+", shape)
        assert len(marked(root, "path", "line")) == sum(len(run) > 1 for run in runs)
        assert len(marked(root, "circle", "lone")) == sum(len(run) == 1 for run in runs)


BOX = re.compile(r"M([-\d.]+),([-\d.]+)h([\d.]+)v([\d.]+)h-[\d.]+z")


def by_tier(root: ElementTree.Element) -> dict[int, ElementTree.Element]:
    """The boxes of each tier, told by their colour."""
    return {svg.TIERS.index(one.get("fill") or ""): one for one in marked(root, "path", "part")}


def parts_in(row: list[int | None]) -> list[int]:
    return [value for value in row if value]


@given(rows=st.lists(st.lists(figures, min_size=5, max_size=5), min_size=1, max_size=24))
def test_the_parts_of_each_bar_stand_on_each_other(rows):
    names = ["Access", "Universal", "Triage", "Support", "Intervention"]
    root = read(charts.stacked_bars(LABELS[: len(rows)], rows, names, **WORDS))
    if not any(parts_in(row) for row in rows):
        assert "No figures to show yet" in "".join(root.itertext())
        return
    y, width = scale(root), (760 - 124 - 66) / len(rows)
    boxes = {part: iter(BOX.findall(one.get("d") or "")) for part, one in by_tier(root).items()}
    for number, row in enumerate(rows):
        base = 0
        for part, value in enumerate(row):
            if not value:
                continue
            left, top, wide, height = map(float, next(boxes[part]))
            assert left == pytest.approx(66 + width * (number + 0.12), abs=0.11)
            assert wide == pytest.approx(width * 0.76, abs=0.11)
            assert top == pytest.approx(y(base + value), abs=0.25)
            assert top + height == pytest.approx(y(base), abs=0.35)
            base += value
    assert all(next(left, None) is None for left in boxes.values())
    assert len(marked(root, "text", "gap")) == sum(None in row for row in rows)


flow_lists = st.dictionaries(
    st.tuples(st.integers(0, 4), st.integers(0, 4)), st.one_of(st.none(), st.integers(0, 5_000)), max_size=25
)


@given(flows=flow_lists)
def test_what_leaves_each_tier_is_what_its_bars_say(flows):
    names = ["Access", "Universal", "Triage", "Support", "Intervention"]
    root = read(charts.tier_movement(names, [(a, b, count) for (a, b), count in flows.items()], **WORDS))
    shown = {pair: count for pair, count in flows.items() if count}
    if not shown:
        assert "No figures to show yet" in "".join(root.itertext())
        return
    bars = marked(root, "rect", "tier")
    heights = [at(bar, "y", "height") for bar in bars]
    outs = [sum(count for (start, _), count in shown.items() if start == tier) for tier in range(5)]
    ins = [sum(count for (_, end), count in shown.items() if end == tier) for tier in range(5)]
    unit = sum(height for _, height in heights[:5]) / sum(outs)
    for (_, height), count in zip(heights, outs + ins, strict=True):
        assert height == pytest.approx(count * unit, abs=0.3)
    flows = [*marked(root, "path", "flow"), *marked(root, "path", "stay")]
    assert len(flows) == len(shown)
    drawn = {one.findtext("title"): one for one in flows}
    for (start, end), count in shown.items():
        path = drawn[f"{names[start]} to {names[end]}: {count:,}"].get("d") or ""
        left_top, thick = float(re.match(r"M[\d.]+,([\d.]+)", path)[1]), float(re.search(r"v([\d.]+)", path)[1])
        left_bottom = left_top + thick
        bar_top, bar_height = heights[start]
        assert bar_top - 0.2 <= left_top <= left_bottom <= bar_top + bar_height + 0.3
        assert left_bottom - left_top == pytest.approx(count * unit, abs=0.3)


@given(
    series=st.dictionaries(
        st.sampled_from(["Abbey", "Alibon", "Becontree", "Gascoigne", "Thames"]),
        st.lists(figures, min_size=12, max_size=12),
        max_size=5,
    )
)
def test_small_pictures_share_one_scale(series):
    root = read(charts.small_multiples(LABELS[:12], series, **WORDS))
    known = [value for values in series.values() for value in values if value is not None]
    if not known:
        assert "No figures to show yet" in "".join(root.itertext())
        return
    ticks = [(text.text or "").replace(",", "") for text in marked(root, "text", "tick")]
    assert len(set(map(tuple, zip(*[iter(ticks)] * 3, strict=True)))) == 1
    low, half, high = map(float, ticks[:3])
    assert (low, half) == (0, high / 2)
    assert high >= max(known)
    assert len(line_points(root)) == len(known)
    for (_, y), value in zip(line_points(root), known, strict=True):
        heights = [height for _, height in strokes(root, "grid")]
        assert any(
            abs(y - (bottom + (top - bottom) * value / high)) < 0.25
            for bottom, top in zip(heights[::3], heights[2::3], strict=True)
        )


@given(low=st.integers(-1000, 10**6), more=st.integers(0, 10**6))
def test_ticks_are_round_cover_the_figures_and_halve_cleanly(low, more):
    ticks = svg.nice_ticks(low, low + more)
    steps = {round(after - before, 6) for before, after in itertools.pairwise(ticks)}
    assert len(steps) == 1
    assert f"{steps.pop():g}".rstrip("0").split("e")[0] in {"1", "2", "5"}
    assert ticks[0] <= low <= low + more <= ticks[-1]
    assert 2 <= len(ticks) <= 8
    top = svg.halving_top(more)
    assert top >= more and (top / 2).is_integer()


@given(wanted=st.lists(st.floats(0, 400), max_size=8))
def test_labels_never_cover_each_other_and_keep_their_order(wanted):
    places = svg.spread(wanted, 19)
    ordered = sorted(places)
    assert all(below - above >= 19 - 1e-6 for above, below in itertools.pairwise(ordered))
    for (one, place), (other, beyond) in zip(
        sorted(zip(wanted, places, strict=True)), sorted(zip(wanted, places, strict=True))[1:], strict=False
    ):
        assert one == other or place < beyond


def test_words_are_escaped_and_nothing_needs_a_style_or_a_script():
    nasty = '<script>alert(1)</script>" onload="x'
    pictures = [
        charts.line_chart(
            [nasty, "b"], [1, 2], title=nasty, desc=nasty, uid=nasty, notes=[charts.Note(nasty, nasty)], target=2
        ),
        charts.stacked_bars([nasty], [[1, 2]], [nasty, "b"], title=nasty, desc=nasty, uid="b"),
        charts.tier_movement([nasty, "b"], [(0, 1, 3)], title=nasty, desc=nasty, uid="c"),
        charts.small_multiples([nasty, "b"], {nasty: [1, 2]}, title=nasty, desc=nasty, uid="d"),
    ]
    for picture in pictures:
        root = read(picture)
        assert root.get("role") == "img"
        assert root.findtext("title") == nasty
        assert {one.tag for one in root.iter()} <= {
            "svg",
            "title",
            "desc",
            "g",
            "text",
            "path",
            "rect",
            "circle",
        }
        assert not [name for one in root.iter() for name in one.attrib if name == "style" or name.startswith("on")]


def test_a_dated_note_is_marked_and_one_outside_the_months_is_left_out():
    root = read(
        charts.line_chart(
            LABELS[:24],
            list(range(24)),
            notes=[charts.Note("M6", "Service opened"), charts.Note("Z", "Never")],
            **WORDS,
        )
    )
    assert [x for x, _ in strokes(root, "note")] == [pytest.approx(66 + 562 * 6 / 23, abs=0.1)]
    assert "Never" not in "".join(root.itertext())


def test_a_scale_that_does_not_start_at_zero_says_so():
    assert "The scale starts at 1,600" in charts.line_chart(LABELS[:2], [1990, 1620], **WORDS)
    assert "The scale starts" not in charts.line_chart(LABELS[:2], [1700, 1620], from_zero=True, **WORDS)


def test_figures_are_written_in_their_own_unit():
    assert "£1,000" in charts.line_chart(LABELS[:2], [100, 1000], show=charts.money, **WORDS)
    assert "17%" in charts.line_chart(LABELS[:2], [0.2, 0.17], show=charts.share, smallest=0.01, **WORDS)


def test_a_figure_never_rises_or_falls_to_what_is_written_alike():
    contacts, resolved = find_measure("contacts"), find_measure("first-contact-resolution")
    assert change_from(contacts, 413, 385) == "Down from 413" and change_from(contacts, 43, 43) == "The same as 43"
    assert change_from(resolved, 0.851, 0.846) == "About the same as 85%"
    assert change_from(resolved, 0.844, 0.846) == "Up from 84%"


def test_a_spark_line_leaves_gaps_and_never_draws_nought_for_them():
    spark = str(charts.spark_line([5, None, 5, 8, None]))
    assert 'd="M6 30h0M66 30l30-24"' in spark and '<circle cx="96" cy="6"' in spark
    assert charts.spark_line([None, 3]) == "" and charts.spark_line([]) == ""


def test_a_smaller_picture_says_the_same_with_fewer_words_under_the_pointer():
    rows, tiers = [[5, None, 4, 3, 2]] * 12, ["Access", "Universal", "Triage", "Support", "Intervention"]
    for draw in (
        lambda **more: charts.line_chart(LABELS[:12], [3, None, *range(10)], **WORDS, **more),
        lambda **more: charts.stacked_bars(LABELS[:12], rows, tiers, **WORDS, **more),
        lambda **more: charts.tier_movement(tiers, [(0, 1, 9), (3, 2, 4)], **WORDS, **more),
    ):
        whole, small = read(draw()), read(draw(size=(560, 300), tips=False))
        for one in ("path", "text"):
            assert len(list(small.iter(one))) <= len(list(whole.iter(one)))
        assert [one.text for one in small.iter("title")] == ["A title"]
        assert small.findtext("desc") == "What it shows"
        places = [float(one.get(name) or 0) for one in small.iter() for name in ("x", "cx")]
        assert small.get("viewBox") == "0 0 560 300" and 0 <= min(places) <= max(places) <= 560
