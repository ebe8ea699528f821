"""What a verb of a referral leaves behind besides its own row: the chronology, who is involved, and news for the partner.

A partner (or whoever answers by a link) may not touch a resident's record: this part is done as the system.
"""

from datetime import datetime

from accounts.models import User
from accounts.working_time import local_day
from ledger.acting import acting_as_system
from ledger.outbox import enqueue
from referrals.models import Referral
from residents import chronology
from residents.models import Involvement, Resident

SYSTEM = "system:referrals"


def tell(
    referral: Referral, verb: str, heading: str, *, by: User | None, at: datetime, significant: bool = False
) -> None:
    """Write the verb into the resident's story; the heading names the partner, never what anyone wrote."""
    with acting_as_system(SYSTEM):
        resident = Resident.objects.get(pk=referral.resident_id)
        chronology.add(resident, verb, heading, subject=referral, by=by, at=at, significant=significant)


def begin_involvement(referral: Referral, at: datetime) -> None:
    """From now on the partner works with the resident."""
    Involvement.objects.create(
        resident_id=referral.resident_id,
        kind=Involvement.Kind.PARTNER,
        organisation=referral.organisation,
        what=(referral.service.name if referral.service else "Referral")[:200],
        reference=referral.reference,
        since=local_day(at),
    )


def end_involvement(referral: Referral, at: datetime) -> None:
    """The partner's part is over."""
    with acting_as_system(SYSTEM):
        ours = Involvement.objects.filter(reference=referral.reference, kind=Involvement.Kind.PARTNER, until=None)
        ours.update(until=local_day(at))


def tell_partner(referral: Referral, *, news: str, number: int | None = None) -> None:
    """Have the partner told, once for each piece of news, after this transaction."""
    key = ":".join(["referrals.tell_partner", referral.reference, news, *([str(number)] if number else [])])
    enqueue("referrals.tell_partner", key=key, referral_id=referral.pk, notice=key, news=news)
