"""Registration of the cases room."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """The work."""

    name = "cases"
