from datetime import date

import pytest

from reporting.measures import MEASURES


@pytest.mark.parametrize("m", MEASURES, ids=lambda m: m.key)
def test_empty(m, system):
    rows = m.readings([date(2026, 1, 1), date(2026, 2, 1)])
    assert len(rows) == 2, rows
