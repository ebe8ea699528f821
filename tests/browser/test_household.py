"""A household separates: who goes where, the same in words, two pictures afterwards, and undone again. By keys, at two widths, with axe."""

from datetime import date
from types import SimpleNamespace

import pytest
from django.utils import timezone

from accounts.models import Role
from ledger.acting import acting_as_system
from residents import actions
from residents.models import Household
from tests import make
from tests.browser.conftest import PASSWORD
from tests.chromium import faults

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _django_db_marker():
    """The mark asks for the test database; `committed` does what a transaction does elsewhere."""


@pytest.fixture
def cast(site) -> SimpleNamespace:
    """Ben, and Vera and Paul with two children and a grandmother in Leeds."""
    with acting_as_system("system:test"):
        ben = make.user("Ben Osei", Role.CASEWORKER, teams=[make.team("Family help")], password=PASSWORD)
        vera, paul, kim, lee = (
            make.resident(f"{name} Lund", born_on=date(born, 1, 1))
            for name, born in (("Vera", 1988), ("Paul", 1985), ("Kim", 2014), ("Lee", 2017))
        )
        home = make.household(vera, paul, kim, lee)
        for child in (kim, lee):
            for parent in (vera, paul):
                actions.add_relationship(child, other=parent, side="parent", by=ben)
        actions.add_relationship(vera, other=paul, side="former_partner", by=ben)
        actions.add_person_who_matters(vera, name="Nan Lund", relation="parent", lives="Leeds", by=ben)
        parts = {one.resident_id: one.pk for one in home.memberships.all()}
    return SimpleNamespace(ben=ben, home=home, vera=vera, kim=kim, part={"vera": parts[vera.pk], "kim": parts[kim.pk]})


def test_ben_writes_down_that_vera_and_paul_separate(cast, desk):
    ben = desk(cast.ben).sign_in()
    page = ben.page
    page.wait_for_load_state()
    page.goto(f"/residents/{cast.vera.reference}")
    ben.link("The household, its picture and story")
    ben.sees("former partner of Paul Lund")
    assert faults(page) == []

    ben.link("They separate")
    today = timezone.localdate()
    for box, value in enumerate((today.day, today.month, today.year)):
        ben.type(f"on_{box}", str(value))
    ben.choose(f"m{cast.part['vera']}", "move")
    ben.choose(f"m{cast.part['kim']}", "both")
    assert faults(page) == []
    ben.press("Continue")
    ben.sees("Vera Lund lives in a new household from")
    ben.sees("Kim Lund lives in both households from")
    ben.sees("Paul Lund and Lee Lund stay in this household.")
    ben.press("Yes, change it")
    ben.sees("The new household has begun.")
    ben.sees("What to do next")
    ben.sees("lives in two households")

    assert faults(page) == []
    page.set_viewport_size({"width": 320, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    with acting_as_system("system:test"):
        lives = Household.objects.filter(memberships__resident=cast.kim, memberships__until=None)
        assert set(lives) == {cast.home, lives.exclude(pk=cast.home.pk).get()}

    page.set_viewport_size({"width": 1280, "height": 900})
    ben.link("Undo the separation")
    ben.sees("as if nobody had left it")
    assert faults(page) == []
    ben.press("Yes, undo it")
    ben.sees("The separation is undone.")
    with acting_as_system("system:test"):
        assert cast.home.memberships.filter(until=None).count() == 4
