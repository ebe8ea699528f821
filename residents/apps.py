"""Registration of the residents room."""

from importlib import import_module

from django.apps import AppConfig


class ResidentsConfig(AppConfig):
    """Who we help."""

    name = "residents"

    def ready(self) -> None:
        """Let every migrate see to it that everybody is found by the present keys."""
        steps, rebuild = import_module("ledger.after_migrate").STEPS, import_module("residents.search_rebuild")
        if rebuild.after_migrate not in steps:
            steps.append(rebuild.after_migrate)
