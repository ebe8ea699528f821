"""Registration of the desk room."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """What I do next."""

    name = "desk"
