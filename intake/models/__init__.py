"""What is true of who came to the door, and of what came from other systems."""

from intake.models.changesets import CarriedOut, Changeset, ProposedChange, QuarantinedMatch
from intake.models.contacts import (
    Answer,
    Contact,
    ContactNeed,
    ContactQuerySet,
    ImportedRecord,
    ImportRun,
    Need,
    OfContactQuerySet,
)

__all__ = [
    "Answer",
    "CarriedOut",
    "Changeset",
    "Contact",
    "ContactNeed",
    "ContactQuerySet",
    "ImportRun",
    "ImportedRecord",
    "Need",
    "OfContactQuerySet",
    "ProposedChange",
    "QuarantinedMatch",
]
