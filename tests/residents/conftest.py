"""A family, for the tests of households and of the wall."""

from datetime import date

import pytest

from tests import make


@pytest.fixture
def family(system):
    """Vera and Paul, with their children Kim and Lee, in one household."""
    people = [
        make.resident("Vera Lund", born_on=date(1988, 1, 1)),
        make.resident("Paul Lund", born_on=date(1985, 1, 1)),
        make.resident("Kim Lund", born_on=date(2014, 1, 1)),
        make.resident("Lee Lund", born_on=date(2017, 1, 1)),
    ]
    home = make.household(*people)
    return {"home": home, **dict(zip(("vera", "paul", "kim", "lee"), people, strict=True))}
