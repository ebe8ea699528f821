"""The list of needs, from the table that the rules read."""

from datetime import date

from intake.models import Need
from intake.needs import NEEDS

SINCE = date(2017, 10, 1)


def seed_needs() -> int:
    """Make or mend the list of needs. Repeatable; returns how many there are."""
    for need in NEEDS:
        Need.objects.update_or_create(
            code=need.code, defaults={"label": need.label, "headline": need.headline, "since": SINCE}
        )
    return len(NEEDS)
