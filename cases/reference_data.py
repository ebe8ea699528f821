"""Why cases are closed. Own list, after the reasons that councils record."""

from datetime import date

from cases.models import ClosureReason

SINCE = date(2017, 10, 1)
REASONS = (
    ("outcomes_met", "Outcomes met", False),
    ("partly_met", "Partly met, the household is content", False),
    ("stepped_down", "Stepped down to a named service", False),
    ("statutory", "Taken over by a statutory service", False),
    ("moved", "Moved to another authority", False),
    ("agreement_withdrawn", "Agreement withdrawn", True),
    ("disengaged", "Lost touch after repeated attempts", True),
    ("died", "Died", True),
    ("duplicate", "Opened twice", True),
)


def seed_closure_reasons() -> int:
    """Make or mend the list. Repeatable; returns how many there are."""
    for code, label, needs_manager in REASONS:
        ClosureReason.objects.update_or_create(
            code=code, defaults={"label": label, "needs_manager": needs_manager, "since": SINCE}
        )
    return len(REASONS)
