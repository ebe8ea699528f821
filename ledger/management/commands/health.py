"""Whether this installation is well: for the health checks of containers and for whoever looks after it."""

import json
import urllib.request

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from ledger.health import PARTS, report

WEB = "http://127.0.0.1:8000/healthz"


class Command(BaseCommand):
    """Say how the named parts are; end with 1 where one of them is not well."""

    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("parts", nargs="*", help=f"any of {', '.join(PARTS)}, web; all but web if none is named")
        parser.add_argument("--web", default=WEB, help=f"where the web process listens (default {WEB})")

    def handle(self, *args, parts, web, **options):
        if unknown := set(parts) - {*PARTS, "web"}:
            raise CommandError(f"There is no part {', '.join(sorted(unknown))}.")
        inside = [part for part in parts if part != "web"]
        well, said = report(*inside) if inside or not parts else (True, {})
        if "web" in parts:
            fine, said["web"] = ask_web(web)
            well = well and fine
        if not well:
            raise CommandError(json.dumps(said))
        self.stdout.write(json.dumps(said))


def ask_web(address: str) -> tuple[bool, str]:
    """Ask the web process as the proxy would."""
    host = next((name.lstrip(".") for name in settings.ALLOWED_HOSTS), "localhost")
    question = urllib.request.Request(address, headers={"Host": host, "X-Forwarded-Proto": "https"})
    try:
        with urllib.request.urlopen(question, timeout=5) as answer:
            return answer.status == 200, "ok"
    except OSError as fault:
        return False, type(fault).__name__
