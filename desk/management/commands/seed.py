"""Reference data: the council, wards, needs, closure reasons. Repeatable; changes nothing that is right already."""

from django.conf import settings
from django.core.management import BaseCommand
from django.db import transaction

from accounts.reference_data import seed_council
from cases.reference_data import seed_closure_reasons
from intake.reference_data import seed_needs
from reporting.reference_data import seed_annotations
from residents.reference_data import seed_wards


class Command(BaseCommand):
    """Seed the reference data of every room."""

    help = __doc__

    @transaction.atomic
    def handle(self, *args, **options):
        seed_council(settings.COUNCIL_NAME)
        counts = {
            "wards": seed_wards(),
            "needs": seed_needs(),
            "closure reasons": seed_closure_reasons(),
            "chart notes": seed_annotations(),
        }
        if options["verbosity"] > 0:
            self.stdout.write(
                "Reference data: " + ", ".join(f"{number} {name}" for name, number in counts.items()) + "."
            )
