"""Registration of the reporting room."""

from django.apps import AppConfig


class ReportingConfig(AppConfig):
    """What changed."""

    name = "reporting"
