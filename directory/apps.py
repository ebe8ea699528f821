"""Registration of the directory room."""

from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    """What help exists."""

    name = "directory"
