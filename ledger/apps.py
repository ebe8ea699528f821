"""The ledger's registration."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """The lowest room: it imports no other."""

    name = "ledger"
    verbose_name = "Ledger"
