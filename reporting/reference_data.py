"""Dated notes that every council's charts need."""

from datetime import date

from reporting.models import Annotation

NOTES = (
    (
        date(2018, 4, 3),
        "Homelessness Reduction Act in force",
        "ta-households ta-placements",
        "Homelessness Reduction Act 2017; the official return changed from P1E to H-CLIC at the same time",
    ),
)


def seed_annotations() -> int:
    """Make or mend the notes. Repeatable; returns how many there are."""
    for on, text, measures, source in NOTES:
        Annotation.objects.update_or_create(on=on, text=text, defaults={"measures": measures, "source": source})
    return len(NOTES)
