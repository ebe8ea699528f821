"""Make the first administrator of a new installation and print the link by which they choose a password. No password is made here."""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import BaseCommand, CommandError
from django.core.validators import validate_email
from django.urls import reverse

from accounts.models import Organisation, Role, User
from ledger import trail
from ledger.acting import acting_as_system


class Command(BaseCommand):
    """Invite an administrator. The link works once, for 24 hours; asked again, it makes a fresh one."""

    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--email", required=True, help="their work address, with which they sign in")
        parser.add_argument("--name", required=True, help="their name, as colleagues know them")
        parser.add_argument(
            "--besides", action="store_true", help="although there is an administrator already, who may have left"
        )

    def handle(self, *args, email, name, besides, **options):
        with acting_as_system("system:install"):
            person = invite(email.strip().lower(), name.strip(), besides=besides)
        link = settings.PUBLIC_ADDRESS + way_in(person)
        self.stdout.write(
            f"Give this link to {person.name} and to nobody else. It works once, within 24 hours:\n{link}"
        )


def invite(email: str, name: str, *, besides: bool) -> User:
    """The administrator with this address, made where there is none. Refuses where another one is at work already."""
    try:
        validate_email(email)
    except ValidationError:
        raise CommandError("That is not an e-mail address.") from None
    there = User.objects.filter(email=email).first()
    if there and (there.role != Role.ADMINISTRATOR or not there.is_active):
        raise CommandError("Somebody has an account with this address, and it is not an administrator’s that is open.")
    others = User.objects.filter(role=Role.ADMINISTRATOR, is_active=True, last_login__isnull=False)
    if not besides and others.exists():
        raise CommandError(
            "There is an administrator already: they add people on their page “People”. If nobody can sign in: --besides."
        )
    council = Organisation.objects.filter(kind=Organisation.Kind.COUNCIL).first()
    if council is None:
        raise CommandError("The reference data is missing. First: manage.py seed")
    if there is None:
        there = User.objects.create_user(email, name=name, role=Role.ADMINISTRATOR, organisation=council)
    trail.record("invite_administrator", there)
    return there


def way_in(person: User) -> str:
    """The address of the page on which a password is chosen; the link dies with its first use."""
    words = {"uidb36": user_pk_to_url_str(person), "key": default_token_generator.make_token(person)}
    return reverse("account_reset_password_from_key", kwargs=words)
