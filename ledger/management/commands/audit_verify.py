"""Check that the trail is whole: every block, the chain, the signatures, and the seals outside the database."""

from django.core.management import BaseCommand, CommandError

from ledger.acting import acting_as_system
from ledger.models import AuditSeal
from ledger.sealing import verify


class Command(BaseCommand):
    """Say what is wrong with the trail, or that it is whole."""

    help = __doc__

    def handle(self, *args, **options):
        with acting_as_system("system:verify"):
            wrong = verify()
            last = AuditSeal.objects.last()
        if wrong:
            raise CommandError("The trail is not whole:\n" + "\n".join(wrong))
        self.stdout.write(
            f"The trail is whole: {last.total if last else 0} entries under {last.number if last else 0} seals."
        )
