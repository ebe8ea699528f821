"""Print one sign-in for each role of the demonstration borough."""

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from accounts.models import User
from desk.borough.staff import CAST, DOMAIN
from ledger.models import Marker


class Command(BaseCommand):
    """Who may sign in here, and how; silent where the people are real."""

    help = __doc__

    def handle(self, *args, **options):
        if settings.PRODUCTION:
            raise CommandError("This is production (CS_PRODUCTION): there are no demonstration sign-ins.")
        marker = Marker.objects.filter(name=Marker.DEMONSTRATION).first()
        if marker is None or not marker.value:
            return
        people = {user.email: user for user in User.objects.filter(email__in=[f"{one}@{DOMAIN}" for one, _, _ in CAST])}
        for short, _, role in CAST:
            if user := people.get(f"{short}@{DOMAIN}"):
                self.stdout.write(f"{role.label}: {user.email} / {marker.value}")
