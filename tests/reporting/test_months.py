"""Months as measures ask for them."""

from datetime import date

from reporting.months import stretches


def test_months_that_lie_together_are_asked_for_together():
    old, near, late = [date(2017, 3, 1)], [date(2021, 11, 1), date(2022, 12, 1)], [date(2026, 10, 1), date(2026, 11, 1)]
    assert stretches([*late, *near, *old]) == [old, near, late]
    assert stretches([date(2023, 1, 1), date(2021, 11, 1)]) == [[date(2021, 11, 1)], [date(2023, 1, 1)]]
    assert stretches([]) == []
