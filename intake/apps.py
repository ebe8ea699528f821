"""Registration of the intake room."""

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    """Who came to the door."""

    name = "intake"
