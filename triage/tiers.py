"""The five tiers. Their order means something, so they are numbers."""

from django.db.models import IntegerChoices


class Tier(IntegerChoices):
    """How much help, from a single answer to statutory work."""

    ACCESS = 1, "Access"
    UNIVERSAL = 2, "Universal"
    TRIAGE = 3, "Triage"
    SUPPORT = 4, "Support"
    INTERVENTION = 5, "Intervention"
