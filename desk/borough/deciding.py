"""How contacts are decided in the borough: at once, or through the queue; what follows from it."""

from datetime import datetime, timedelta

from accounts.models import User
from desk.borough import handing, words
from desk.borough.allocating import allocated
from desk.borough.clock import office, soon
from desk.borough.people import Family
from desk.borough.themes import NO, Theme
from desk.borough.verbs import intake, triage
from desk.borough.world import Story, World
from intake.models import Answer, Contact
from ledger.moves import Moving
from triage.models import Decision, TriageItem
from triage.tiers import Tier

SAFE = {
    "safe_now": "yes",
    "sleep_tonight": "yes",
    "child_at_home": NO,
    "hurt_or_controlled": NO,
    "needs_essentials": NO,
}
HIGH = ("assessment", "enquiry", "care", "adult_enquiry", "specialist")


def decided_at_once(
    world: World, family: Family, theme: Theme, row: Contact, tier: Tier, by: User, at: datetime
) -> Story:
    """Light touch: told, shown the way or referred while they are still there."""
    refer = row.resident is not None and tier == Tier.UNIVERSAL and world.chance(0.52)
    outcome = "referred" if refer else world.random.choice(("resolved", "resolved", "advice", "signposted"))
    promise = _promise(world, at) if world.chance(0.12) else {}
    decision = triage.decide_tier(
        world.book, row, tier=tier, outcome=outcome, by=by, at=at, team=world.team_of(by), **promise
    )
    if promise:
        world.spawn(promise["next_step_by"], _kept(world, row, by))
    if refer:
        yield from handing.refer(world, family, theme.needs[0], by, at, contact=row, decision=decision)


def _promise(world: World, at: datetime) -> dict:
    step = world.random.choice(("Ring back with the answer", "Send the form", "Ring back when the colleague is in"))
    due = office(world.random, at, days=(0, 2))
    return {
        "next_step": step,
        "next_step_by": due,
        "next_step_how": world.random.choice(("By phone", "By text", "By email")),
    }


def _kept(world: World, row: Contact, by: User) -> Story:
    """Most promises are kept in time, some late, and those of today partly not yet."""
    at = yield world.book.now
    late = world.chance(0.12)
    at = yield office(world.random, at, days=(1, 4)) if late else max(at - timedelta(minutes=5), world.book.now)
    intake.keep_promise(world.book, row, by=by, at=at)


def through_the_queue(
    world: World, family: Family, theme: Theme, row: Contact, by: User, at: datetime, until: str
) -> Story:
    """Queued with what the rules suggest; claimed; asked what was not asked; decided."""
    book, random = world.book, world.random
    item = triage.queue_contact(book, row, by=by, at=at)
    if until == "queued":
        return
    if item.suggested_tier < Tier.SUPPORT and world.chance(0.03) and not until:
        at = yield office(random, at, days=(0, 2))
        outcome = random.choice(("withdrawn", "abandoned"))
        intake.withdraw_contact(book, row, outcome=outcome, by=by, at=at)
        triage.withdraw_from_queue(book, row, item, by=by, at=at)
        return
    decider = _decider(world, theme, item)
    at = yield _when(world, item, at)
    triage.claim(book, item, by=decider, at=at)
    if until == "claimed":
        return
    if row.resident and decider is not by:
        world.read(decider, row.resident, row.resident)
    at = yield soon(random, at, (6, 35))
    if "R38" in item.rules.split() and world.chance(0.7):
        _ask_again(world, row, item, decider, at)
    decision = _judge(world, family, theme, row, item, decider, at)
    if until == "decided":
        return
    yield from _what_follows(world, family, theme, row, decision, at)


def _decider(world: World, theme: Theme, item: TriageItem) -> User:
    if item.hard_stop and theme.team == "Safeguarding hub":
        return world.manager_of("Safeguarding hub")
    return world.officer()


def _when(world: World, item: TriageItem, at: datetime) -> datetime:
    """Most are taken well within their clock; a few run over it."""
    left = (item.due_at - at).total_seconds() / 60
    if item.urgency == "red":
        return soon(world.random, at, (4, 45) if left < 240 else (10, 100))
    share = world.random.betavariate(2, 4) if world.chance(0.93 - 0.05 * (1 - world.way(at))) else 1.3
    return soon(world.random, at, (0, 15)) + timedelta(minutes=int(max(left, 30) * share)) if left < 300 else office(
        world.random, at + timedelta(minutes=int(left * share)), soonest=at
    )  # fmt: skip


def _ask_again(world: World, row: Contact, item: TriageItem, by: User, at: datetime) -> None:
    """Ring back and ask what was not asked."""
    for answer in list(world.book.of["answers", row.id]):
        if (
            answer.said in (Answer.Said.NOT_ASKED, Answer.Said.DECLINED, Answer.Said.UNKNOWN)
            and answer.question in SAFE
        ):
            said = SAFE[answer.question]
            intake.correct_answer(world.book, answer, said=said, by=by, at=at)
    triage.questions_answered(world.book, row, item, by=by, at=at)


def _judge(
    world: World, family: Family, theme: Theme, row: Contact, item: TriageItem, by: User, at: datetime
) -> Decision:
    """Mostly as suggested; now and then higher, and lower with a reason where that is allowed."""
    random = world.random
    found = triage.judged(world.book, row)[1]  # asked again: something may have happened since it was queued
    suggested, tier, lower, reason = found.suggested_tier, found.suggested_tier, "", ""
    case = world.open_case(family)
    if case and tier < case.tier:
        tier = Tier(case.tier) if world.chance(0.3) else tier
    elif world.chance(0.04) and tier < Tier.INTERVENTION:
        tier, reason = Tier(tier + 1), random.choice(words.HIGHER)
    elif world.chance(0.06) and tier > Tier.ACCESS and not found.hard_stop:
        lower = random.choice(list(words.LOWER))
        tier, reason = Tier(tier - 1), words.LOWER[lower]
    if tier >= Tier.SUPPORT and row.resident is None:
        tier, lower, reason = suggested, "", ""
    joined = bool(case and tier <= case.tier)
    outcome = "joined" if joined else _outcome(world, tier, theme)
    return triage.decide_tier(
        world.book, row, tier=tier, outcome=outcome, lower_reason=lower, reason=reason, item=item, by=by, at=at, team=world.team_of(by)
    )  # fmt: skip


def _outcome(world: World, tier: Tier, theme: Theme) -> str:
    if tier >= Tier.TRIAGE:
        return "to_statutory" if tier == Tier.INTERVENTION else "to_triage"
    return world.random.choice(("resolved", "advice", "signposted"))


# --- what follows ------------------------------------------------------------------------------------------------


def _what_follows(world: World, family: Family, theme: Theme, row: Contact, decision: Decision, at: datetime) -> Story:
    """The safeguarding hub, a second look, a referral, or a case."""
    random = world.random
    for episode in world.book.of["episodes", row.id]:
        world.spawn(at, _hub(world, episode))
    if decision.needs_case:
        yield from allocated(world, family, theme, decision, at)
    elif decision.chosen_tier == Tier.TRIAGE and not world.book.of["episodes", row.id] and world.chance(0.85):
        at = yield office(random, at, days=(1, 8))
        by = world.manager_of("Adult intake") if theme.team == "Adult intake" else world.officer()
        tier = random.choices((Tier.ACCESS, Tier.UNIVERSAL, Tier.SUPPORT), (26, 55, 19))[0]
        if row.resident is None:
            tier = min(tier, Tier.UNIVERSAL)
        yield from _second_look(world, family, theme, row, decision, by, tier, at)
    elif decision.chosen_tier == Tier.UNIVERSAL and row.resident and world.chance(0.6):
        by = decision.made_by
        assert by is not None
        yield from handing.refer(world, family, theme.needs[0], by, at, contact=row, decision=decision)


def _second_look(world: World, family: Family, theme: Theme, row: Contact, previous: Decision, by: User, tier: Tier, at: datetime) -> Story:  # fmt: skip
    """A second decision on the same contact, after asking around."""
    found = triage.judged(world.book, row)[1]
    stop = found.hard_stop_tier
    if stop and tier < stop and not by.duty_manager:
        return
    lower = tier < found.suggested_tier
    reason = "Asked around: school, surgery and the household. This is what is needed now."
    case = world.open_case(family)
    outcome = "joined" if case and tier >= Tier.SUPPORT else _outcome(world, tier, theme)
    decision = triage.decide_tier(
        world.book,
        row,
        tier=tier,
        outcome=outcome,
        lower_reason="other" if lower else "",
        reason=reason if lower else "",
        previous=previous,
        by=by,
        at=at,
        team=world.team_of(by),
    )
    if decision.needs_case:
        yield from allocated(world, family, theme, decision, at)


def _hub(world: World, episode: Moving) -> Story:
    """A passage through the safeguarding hub. Over the years fewer end in high-intensity services."""
    at = yield world.book.now
    random = world.random
    at = yield office(random, at, days=(0, 3))
    high = world.chance(0.36 - 0.13 * world.way(at))
    if high:
        outcome = (
            random.choice(("adult_enquiry", "specialist"))
            if episode.for_adult
            else random.choices(HIGH[:3], (60, 32, 8))[0]
        )  # type: ignore[attr-defined]
    elif episode.for_adult:  # type: ignore[attr-defined]
        outcome = random.choice(("no_action", "community", "community"))
    else:
        outcome = random.choices(("no_action", "community", "early_help", "da_service", "nrpf"), (22, 28, 34, 14, 2))[0]
    by = world.manager_of("Safeguarding hub")
    world.read(by, episode)
    triage.complete_episode(world.book, episode, outcome=outcome, rationale=words.RATIONALES[outcome], by=by, at=at)  # type: ignore[arg-type]
