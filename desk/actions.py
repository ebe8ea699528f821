"""What people may do at their own desk."""

from django.db import transaction

from accounts.models import User
from desk.models import GuidePutAway
from ledger import trail


@transaction.atomic
def put_guide_away(user: User, *, by: User) -> User:
    """Leave the first steps off somebody's home page from now on. Doing it twice changes nothing."""
    _, new = GuidePutAway.objects.get_or_create(user=user)
    if new:
        trail.record("put_guide_away", user, by=by)
    return user


@transaction.atomic
def bring_guide_back(user: User, *, by: User) -> User:
    """Put the first steps on somebody's home page again."""
    gone, _ = GuidePutAway.objects.filter(user=user).delete()
    if gone:
        trail.record("bring_guide_back", user, by=by)
    return user
