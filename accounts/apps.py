"""Registration of the accounts room."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Who may act."""

    name = "accounts"
    verbose_name = "Accounts"
