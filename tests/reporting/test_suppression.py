"""Nothing that is hidden can be worked out from what is shown."""

from dataclasses import replace
from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.measures import MEASURES, Parts, Unit, find_measure
from reporting.models import Reading
from reporting.suppression import SMALLEST_BASE, Way, figures

MONTH = date(2026, 3, 1)
small = st.integers(0, 30)
ways = st.sampled_from(Way)


def of(key, **cells):
    """Readings of one month: whole=…, and slices by name."""
    return [
        Reading(
            measure=key,
            month=MONTH,
            slice="" if name == "whole" else name,
            numerator=value[0] if isinstance(value, tuple) else value,
            denominator=value[1] if isinstance(value, tuple) else None,
        )
        for name, value in cells.items()
    ]


def shown(key, way=Way.SCREEN, **cells):
    return {one.slice or "whole": one.numerator for one in figures(find_measure(key), of(key, **cells), way)}


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"whole": 4}, {"whole": None}),
        ({"whole": 0}, {"whole": 0}),
        ({"whole": 5}, {"whole": 5}),
        ({"whole": 43, "1": 3, "2": 40}, {"whole": 43, "1": None, "2": None}),
        ({"whole": 63, "1": 3, "2": 40, "3": 20}, {"whole": 63, "1": None, "2": 40, "3": None}),
        ({"whole": 6, "1": 3, "2": 3}, {"whole": 6, "1": None, "2": None}),
        ({"whole": 5, "1": 1, "2": 4}, {"whole": None, "1": None, "2": None}),
        ({"whole": 40, "1": 0, "2": 40}, {"whole": 40, "1": 0, "2": 40}),
    ],
)
def test_counts(cells, expected):
    assert shown("tier-mix", **cells) == expected


@pytest.mark.parametrize(
    ("whole", "seen"), [((6, 19), False), ((4, 60), False), ((57, 60), False), ((10, 60), True), ((0, 60), True)]
)
def test_a_percentage_needs_twenty_and_neither_side_small(whole, seen):
    assert (shown("repeat-contact", whole=whole)["whole"] is not None) is seen


def test_money_and_times_need_enough_people_behind_them():
    assert shown("income-gained", whole=(90_000, 4))["whole"] is None
    cells = {"whole": (90_000, 9), "yearly": (60_000, 8), "one-off": (30_000, 2)}
    assert shown("income-gained", **cells) == {"whole": 90_000, "yearly": None, "one-off": None}
    assert shown("time-to-triage", whole=(60, 4), p90=(90, 4)) == {"whole": None, "p90": None}


def test_a_net_figure_does_not_give_away_its_parts():
    assert shown("net-step-ups", whole=-9, up=3, down=12) == {"whole": -9, "up": None, "down": None}
    assert shown("net-step-ups", whole=3, up=3, down=0) == {"whole": None, "up": None, "down": 0}
    assert shown("net-step-ups", whole=3, up=12, down=9) == {"whole": 3, "up": 12, "down": 9}


@given(st.lists(small, min_size=1, max_size=5), ways)
def test_a_hidden_count_might_be_small_or_not(parts, way):
    names = [str(number) for number in range(1, len(parts) + 1)]
    cells = {"whole": sum(parts)} | {name: value for name, value in zip(names, parts, strict=True) if value}
    seen = shown("tier-mix", way, **cells)
    for name, value in cells.items():
        if 0 < value < way:
            assert seen[name] is None
    hidden = [name for name in cells if name != "whole" and seen[name] is None]
    if seen["whole"] is None:
        assert all(seen[name] is None for name in cells if name != "whole"), "what is shown would bound the whole"
        return
    if not hidden:
        return
    # Whoever knows the rule knows: hidden parts are at least one each, and add up to what is left.
    left = seen["whole"] - sum(value for name, value in seen.items() if name != "whole" and value is not None)
    possible = {name: set() for name in hidden}
    for guess in product(range(1, left + 1), repeat=len(hidden)) if len(hidden) < 4 else ():
        if sum(guess) == left:
            for name, value in zip(hidden, guess, strict=True):
                possible[name].add(value)
    if len(hidden) < 4:
        assert all(min(found) < way <= max(found) for found in possible.values()), (cells, seen)


@given(st.lists(st.tuples(small, small), min_size=1, max_size=3), ways)
def test_hidden_shares_cannot_be_worked_out(parts, way):
    cells = {"whole": (sum(a for a, _ in parts), sum(a + b for a, b in parts))}
    cells |= {name: (a, a + b) for name, (a, b) in zip(("red", "amber", "green"), parts, strict=False) if a + b}
    seen = shown("triage-in-clock", way, **cells)
    for name, (top, base) in cells.items():
        if 0 < top < way or 0 < base - top < way or 0 < base < SMALLEST_BASE:
            assert seen[name] is None
    hidden = [name for name in cells if name != "whole" and seen[name] is None]
    if seen["whole"] is not None and hidden:
        tops, bases = (sum(cells[name][side] for name in hidden) for side in (0, 1))
        assert len(hidden) > 1
        assert tops == 0 or tops >= way
        assert bases - tops == 0 or bases - tops >= way


@given(st.lists(small, min_size=1, max_size=5))
def test_an_export_shows_nothing_that_the_screen_hides(parts):
    cells = {"whole": sum(parts)} | {str(number): value for number, value in enumerate(parts, 1) if value}
    screen, export = shown("tier-mix", Way.SCREEN, **cells), shown("tier-mix", Way.EXPORT, **cells)
    assert all(export[name] is None for name, value in screen.items() if value is None)


def test_every_measure_says_how_its_slices_make_the_whole():
    for measure in MEASURES:
        if measure.slices or measure.of_staff:
            assert measure.parts is not Parts.NONE or measure.unit is Unit.MINUTES, measure.key


def test_an_unsliced_measure_is_hidden_by_itself():
    bare = replace(find_measure("contacts"), slices={}, parts=Parts.NONE)
    assert [one.hidden for one in figures(bare, of("contacts", whole=2))] == [True]
