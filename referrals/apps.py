"""Registration of the referrals room."""

from django.apps import AppConfig


class ReferralsConfig(AppConfig):
    """Handing over, and hearing back."""

    name = "referrals"
