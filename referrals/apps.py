"""Registration of the referrals room."""

from importlib import import_module

from django.apps import AppConfig


class ReferralsConfig(AppConfig):
    """Handing over, and hearing back."""

    name = "referrals"

    def ready(self) -> None:
        """Publish our permission to close a case. Models exist only now, so the modules are named, not imported above."""
        checks = import_module("cases.actions.checks").CLOSURE_CHECKS
        ours = import_module("referrals.closing").unanswered_referrals
        if ours not in checks:
            checks.append(ours)
