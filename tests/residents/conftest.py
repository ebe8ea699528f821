"""A family, for the tests of households and of the wall."""

from datetime import date

import pytest

from ledger.acting import acting_as
from residents import actions
from residents.models import Involvement
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


@pytest.fixture
def wall(family, ben, cath, finn):
    """Ben works with Vera, who named Paul to him. Cath and Finn do not; all four still live together."""
    Involvement.objects.create(
        resident=family["vera"], kind="lead", user=ben, what="Leads their case", since=make.TODAY
    )
    with acting_as(ben):
        row = actions.add_relationship(family["vera"], other=family["paul"], side="alleged_perpetrator", by=ben)
        actions.add_relationship(family["vera"], other=family["paul"], side="former_partner", by=ben)
    return {**family, "row": row}


@pytest.fixture
def parted(wall, ben):
    """Vera went with Lee to an address of her own; Kim lives in both. What must not be said where Paul is the one it is about."""
    home, vera = wall["home"], wall["vera"]
    part = {one.resident_id: one for one in home.memberships.all()}
    moving, both = [part[vera.pk], part[wall["lee"].pk]], [part[wall["kim"].pk]]
    actions.move_to(wall["paul"], lines="1 Old Lane", postcode="RM8 1AA", since=date(2020, 1, 1), by=ben)
    actions.move_to(vera, lines="1 Old Lane", postcode="RM8 1AA", since=date(2020, 1, 1), by=ben)
    new = actions.separate_household(home, on=date(2026, 2, 1), moving=moving, both=both, by=ben)
    for person in (vera, wall["lee"], wall["kim"]):
        actions.move_to(person, lines="12 Hidden Row", postcode="RM10 7AB", since=date(2026, 2, 1), by=ben)
    actions.add_phone(vera, number="07700 900321", by=ben)
    return {
        **wall,
        "new": new,
        "never": ("Vera", vera.reference, new.reference, "Hidden Row", "RM10", "900321", "lleged"),
    }
