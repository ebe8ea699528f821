"""Handing somebody to a partner, and hearing back: accepted, waiting, declined, silent, done."""

from datetime import datetime, timedelta

from accounts.models import User
from accounts.working_time import add_months, local_day
from cases.models import Case
from desk.borough import words
from desk.borough.clock import office
from desk.borough.people import Family
from desk.borough.staff import PARTNERS
from desk.borough.verbs import referrals, residents
from desk.borough.world import Story, World
from intake.models import Contact
from referrals.models import Referral
from residents.models import Agreement
from triage.models import Decision

NOT_ANSWERED_YET = timedelta(days=7)
SHARED = "Name, safe contact, need, risks and access needs"


def refer(
    world: World,
    family: Family,
    code: str,
    by: User,
    at: datetime,
    *,
    contact: Contact | None = None,
    case: Case | None = None,
    decision: Decision | None = None,
    fate: str = "",
) -> Story:
    """Ask for agreement, send, and follow it to its end; what comes back is dealt with or waits.

    `fate` stops it where it stands today: new, declined or silent.
    """
    book, random = world.book, world.random
    fitting = [service for service, needs in world.staff.services if code in needs]
    resident = family.speaker.resident
    if not fitting or resident is None or resident.restricted or (decision and not decision.may_send):
        return
    service = random.choice(fitting)
    agreement = _agreement(world, family, service.organisation, by, at)
    referral = referrals.draft_referral(
        book,
        resident,
        organisation=service.organisation,
        service=service,
        reason=words.REASONS.get(code, words.REASONS[""]),
        goal="Manages without us in this" if world.chance(0.5) else "",
        contact=contact,
        case=case,
        by=by,
        at=at,
    )
    referrals.send_referral(book, referral, agreement=agreement, by=by, at=at)
    family.referrals.append(referral)
    if fate != "new":
        world.spawn(at, _answered(world, referral, by, fate))
    return
    yield at


def _agreement(world: World, family: Family, organisation, by: User, at: datetime) -> Agreement:
    resident = family.speaker.resident
    assert resident is not None
    today = local_day(at)
    for one in world.book.of["agreements", resident.id]:
        if one.organisation_id == organisation.id and not one.withdrawn_at and (not one.until or one.until >= today):
            return one
    return residents.record_agreement(
        world.book,
        resident,
        organisation=organisation,
        purpose=f"So that {organisation.name} can help",
        shared=SHARED,
        basis=Agreement.Basis.AGREED,
        since=today,
        until=add_months(today, 12),
        by=by,
        at=at,
    )


def _answered(world: World, referral: Referral, by: User, fate: str) -> Story:
    """The partner's side of it."""
    at = yield world.book.now
    book, random = world.book, world.random
    partner = world.staff.partners[referral.organisation_id]
    if referral.organisation.name == PARTNERS[0][0] and world.end - at < NOT_ANSWERED_YET:
        return  # something waits in the inbox of whoever looks at the demonstration
    if fate == "silent" or (not fate and world.chance(0.09)):
        yield from _silent(world, referral, by, at, fate)
        return
    at = yield office(random, at, days=(0, 2))
    world.read(partner, referral, referral.resident)
    referrals.receive(book, referral, by=partner, at=at)
    if world.chance(0.25):
        at = yield office(random, at, days=(0, 1))
        referrals.send_message(book, referral, text=words.say(random, words.MESSAGES), by=partner, at=at)
        at = yield office(random, at, days=(0, 2))
        referrals.send_message(book, referral, text=random.choice(words.REPLIES), by=by, at=at)
    at = yield office(random, at, days=(0, 5))
    if fate == "declined" or world.chance(0.17):
        yield from _declined(world, referral, partner, by, at, fate)
        return
    if world.chance(0.15):
        until = local_day(at) + timedelta(days=random.randint(10, 50))
        referrals.put_on_waiting_list(book, referral, until=until, by=partner, at=at)
        at = yield office(random, at, days=(10, 50))
    referrals.accept(book, referral, by=partner, at=at)
    at = yield office(random, at, days=(1, 10))
    referrals.start(book, referral, by=partner, at=at)
    at = yield office(random, at, days=(14, 80))
    outcome = random.choices(("met", "partly_met", "not_engaged", "stepped_back"), (58, 22, 16, 4))[0]
    referrals.complete(book, referral, outcome=outcome, text=words.OUTCOMES[outcome], by=partner, at=at)
    if outcome == "stepped_back":
        at = yield office(random, at, days=(1, 6))
        referrals.settle_return(book, referral, text="Spoke with the resident and took it up ourselves", by=by, at=at)


def _silent(world: World, referral: Referral, by: User, at: datetime, fate: str) -> Story:
    """Five working days without a word bring it back."""
    assert referral.answer_due_at is not None
    at = yield referral.answer_due_at + timedelta(minutes=5)
    referrals.mark_unanswered(world.book, referral, at=at)
    if fate:
        return
    at = yield office(world.random, at, days=(1, 9))
    referrals.withdraw_referral(world.book, referral, reason="Refer them somewhere else", by=by, at=at)


def _declined(world: World, referral: Referral, partner: User, by: User, at: datetime, fate: str) -> Story:
    """It comes back to the referrer as a task."""
    reason = world.random.choice(list(words.DECLINES))
    referrals.decline(world.book, referral, reason=reason, text=words.DECLINES[reason], by=partner, at=at)
    if fate:
        return
    at = yield office(world.random, at, days=(1, 8))
    how = world.random.choice(("Refer them somewhere else", "Nothing more is needed: they have found help"))
    referrals.settle_return(world.book, referral, text=how, by=by, at=at)
