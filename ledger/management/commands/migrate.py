"""Django's migrate, followed by what every migration needs: grants, the signing key, this month's partition of the trail."""

from django.conf import settings
from django.core.management import CommandError
from django.core.management.commands import migrate
from django.db import connection

from ledger.after_migrate import STEPS
from ledger.grants import apply_grants
from ledger.models import Marker
from ledger.sealing import make_partitions


class Command(migrate.Command):
    """Migrate, grant, then let each room bring its derived rows up to date."""

    def handle(self, *args, **options):
        refuse_invented_people()
        super().handle(*args, **options)
        if not (options.get("plan") or options.get("check_unapplied") or options.get("prune")) and not options.get(
            "app_label"
        ):
            make_partitions()
            apply_grants()
            for step in STEPS:
                step(self.stdout.write)


def refuse_invented_people() -> None:
    """Production does not start on a demonstration: its sign-ins stand on screens and in pictures."""
    if not settings.PRODUCTION or Marker._meta.db_table not in connection.introspection.table_names():
        return
    if Marker.is_set(Marker.DEMONSTRATION):
        raise CommandError("This database holds the demonstration borough. Production needs a database of its own.")
