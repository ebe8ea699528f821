"""Registration of the residents room."""

from django.apps import AppConfig


class ResidentsConfig(AppConfig):
    """Who we help."""

    name = "residents"
