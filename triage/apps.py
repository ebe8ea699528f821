"""Registration of the triage room."""

from django.apps import AppConfig


class TriageConfig(AppConfig):
    """How much help."""

    name = "triage"
