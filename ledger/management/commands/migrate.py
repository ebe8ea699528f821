"""Django's migrate, followed by what every migration needs: grants, the signing key, this month's partition of the trail."""

from django.core.management.commands import migrate

from ledger.grants import apply_grants
from ledger.sealing import make_partitions


class Command(migrate.Command):
    """Migrate, then grant."""

    def handle(self, *args, **options):
        super().handle(*args, **options)
        if not (options.get("plan") or options.get("check_unapplied") or options.get("prune")) and not options.get(
            "app_label"
        ):
            make_partitions()
            apply_grants()
