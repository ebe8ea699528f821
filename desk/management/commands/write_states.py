"""Write docs/states.md from the moves in the code."""

from django.conf import settings
from django.core.management import BaseCommand

from desk.states import document


class Command(BaseCommand):
    """Write the page."""

    help = __doc__
    requires_system_checks = []

    def handle(self, *args, **options):
        (settings.BASE_DIR / "docs" / "states.md").write_text(document(), encoding="utf-8")
