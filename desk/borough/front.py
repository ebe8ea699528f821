"""At the front door: who comes, what is written down, what the rules say, and what is decided."""

from collections import deque
from datetime import datetime, timedelta
from math import cos, pi

from accounts.models import User
from accounts.working_time import is_working_day, local_day
from desk.borough import casework, handing, words
from desk.borough.arriving import WARNINGS, arrive, warn
from desk.borough.clock import moment, office, soon
from desk.borough.people import Family
from desk.borough.themes import BY_KEY, CHASING, NO, THEMES, Theme, in_their_words
from desk.borough.verbs import intake, triage
from desk.borough.world import Story, World, picked, picker
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
A_DAY = 1.95
"""Contacts on a working day for each 1,000 residents."""
NOT_ASKED = ("The line was poor", "A child was listening", "They had to go", "Message only, no conversation")

__all__ = ["doors_open"]


def doors_open(world: World, waiting: list[Family]) -> Story:
    """Day after day people come: households that are new to us on their day, others again."""
    at = yield world.start
    day, number = local_day(at), sum(len(family.people) for family in world.families)
    protected = [family for family in waiting if family.restricted]
    others = [family for family in waiting if not family.restricted]
    world.random.shuffle(others)
    new = deque([*protected, *others])
    all_new, days = len(new), max((world.end - world.start).days - 10, 1)
    while day <= local_day(world.end):
        expected = A_DAY * number / 1000 * _season(day.timetuple().tm_yday) * (1 if is_working_day(day) else 0.06)
        due = int(all_new * min(1.0, ((day - local_day(world.start)).days + 1) / days)) - (all_new - len(new))
        due = due if is_working_day(day) else 0
        for turn in range(max(due, _about(world, expected))):
            if turn >= due and not world.known:
                break
            family = new.popleft() if turn < due else world.someone_known()
            received = moment(day, int(world.random.triangular(8 * 60, 20 * 60, 11 * 60)))
            if received >= at:
                world.spawn(received, contact(world, family, received))
        day += timedelta(days=1)
        at = yield moment(day, 60)


def _season(day_of_year: int) -> float:
    """More in winter than in August."""
    return 1 + 0.12 * cos(2 * pi * (day_of_year - 15) / 365)


def _about(world: World, expected: float) -> int:
    whole = int(expected)
    return whole + world.chance(expected - whole) + world.random.choice((-1, 0, 0, 1)) * (whole > 1)


def _theme(world: World, family: Family, at: datetime) -> Theme:
    """What they come with: often the same again, else by season and trend."""
    if family.restricted:
        return BY_KEY["debts"]
    if family.last_theme and world.chance(0.22) and family.last_theme not in ("homeless", "child_harm"):
        return BY_KEY[family.last_theme]
    winter = cos(2 * pi * (at.timetuple().tm_yday - 15) / 365)
    way = world.way(at)
    shares = [(one.key, one.share * (1 + one.trend * way) * max(0.2, 1 + one.winter * winter)) for one in THEMES]
    while True:
        theme = BY_KEY[picker(shares)(world.random)]
        if theme.family and not family.has_children:
            continue
        if theme.key in ("homeless", "notice") and (family.placed or family.busy):
            continue
        if theme.key == "homeless" and len(family.people) > 6:
            continue
        return theme


# --- one contact -------------------------------------------------------------------------------------------------


def contact(
    world: World,
    family: Family,
    received: datetime,
    theme: Theme | None = None,
    *,
    until: str = "",
    by: User | None = None,
) -> Story:
    """One approach to the front door, from the first word to the decision and what follows.

    `until` stops it where it stands today: queued, claimed or decided.
    """
    at = yield received
    random, book = world.random, world.book
    theme = theme or _theme(world, family, at)
    by = by or world.officer()
    channel = picked(random, theme.channels)
    live = channel in ("phone_in", "walk_in", "webchat")
    if live or channel == "web":
        at = yield soon(random, received, (4, 11) if live else (20, 240))
        received = at - timedelta(minutes=random.randint(3, 9)) if live else received
    else:
        at = yield office(random, received, days=(0, 1))
    if family.household is None:
        arrive(world, family, by)
    elif family.speaker.resident and not family.restricted:
        world.read(by, family.speaker.resident, family.speaker.resident)
    nameless = theme.key == "information" and world.chance(0.3)
    row = write_contact(world, family, theme, channel, received, by, at, nameless=nameless)
    family.last_theme = theme.key
    if theme.key in ("domestic_abuse", "despair", "adult_at_risk") and world.chance(0.25):
        kind = {"domestic_abuse": "disclosure", "despair": "self"}.get(theme.key, "adult_at_risk")
        assert kind in WARNINGS
        world.spawn(office(random, at, days=(0, 3)), _warned(world, family, kind))
    found = triage.judged(book, row)[1]
    if not until and found.suggested_tier <= Tier.UNIVERSAL and (theme.light or world.chance(0.5)):
        yield from _decided_at_once(world, family, theme, row, found.suggested_tier, by, at)
    else:
        yield from _through_the_queue(world, family, theme, row, by, at, until)


def _warned(world: World, family: Family, kind: str) -> Story:
    at = yield world.book.now
    warn(world, family, kind, at)


def write_contact(world: World, family: Family, theme: Theme, channel: str, received: datetime, by: User, at: datetime, *, nameless: bool) -> Contact:  # fmt: skip
    """One approach of the family about a theme, with its needs and what was said."""
    random = world.random
    professional = channel in ("police", "partner", "duty_to_refer") or (theme.family and channel == "email")
    codes = [theme.needs[0], *(code for code in theme.needs[1:] if world.chance(0.75))]
    codes += [code for code in theme.more_needs if world.chance(0.22)]
    chasing = bool(family.last_theme == theme.key and world.chance(0.45))
    said = words_of(world, theme, chasing=chasing)
    demand = "not_coded"
    if world.chance(0.75):
        demand = random.choice(("chasing", "chasing", "repeated", "unclear")) if chasing else "value"
        if demand == "value" and theme.key == "information" and world.chance(0.3):
            demand = random.choice(("online", "wrong_place", "unclear"))
    more = {}
    if professional:
        who, place = random.choice(
            (
                ("School", "safeguarding lead"),
                ("Police", "officer"),
                ("Health", "health visitor"),
                ("GP", "practice nurse"),
            )
        )
        more = {
            "speaking": "professional",
            "speaker_organisation": who,
            "speaker_relationship": place,
            "speaker_reply_to": f"{place.replace(' ', '.')}@{who.lower()}.example",
        }
    elif theme.key in ("adult_care", "young_carer") or world.chance(0.06):
        more = {
            "speaking": "on_behalf",
            "speaker_relationship": "Daughter" if world.chance(0.5) else "Son",
            "consent_to_act": True,
        }
    event = random.choice(theme.events)
    if event:
        more |= {"life_event": event, "life_event_on": local_day(received) - timedelta(days=random.randint(1, 60))}
    pure = theme.key == "information"
    resident = None if nameless else family.speaker.resident
    return intake.record_contact(
        world.book,
        resident,
        channel=channel,
        received_at=received,
        words=said,
        basis="safeguarding"
        if theme.key in ("child_harm", "adult_at_risk")
        else random.choices(("privacy_notice", "later"), (9, 1))[0],
        needs=[world.needs[code] for code in dict.fromkeys(codes)],
        answers=_answers(world, family, theme, received, pure=pure),
        team=world.team_of(by),
        by=by,
        at=at,
        person_named="",
        transactional=pure,
        demand=demand,
        **more,
    )


def words_of(world: World, theme: Theme, *, chasing: bool) -> str:
    """Their own words; of somebody who comes again about the same, often a question where we are."""
    return world.random.choice(CHASING) if chasing else in_their_words(world.random, theme)


class _Gap:
    """An answer that was not given, and why."""

    value = ""

    def __init__(self, said: str, why: str) -> None:
        self.said, self.why = said, why


def _answers(world: World, family: Family, theme: Theme, received: datetime, *, pure: bool) -> dict[str, object]:
    """Answers to the screening and to what else was asked; some were not asked."""
    random = world.random
    if pure:
        return dict.fromkeys(SAFE, "not_applicable")
    answers: dict[str, object] = dict(SAFE)
    if family.has_children and theme.key not in ("child_harm",):
        answers |= {"child_at_home": "yes", "child_worry": NO}
    elif family.has_children:
        answers["child_at_home"] = "yes"
    answers |= theme.answers
    if theme.key == "homeless" and not family.has_children and world.chance(0.4):
        answers["priority_need_sign"] = NO
    if theme.key == "domestic_abuse" and world.chance(0.45):
        answers["dash_score"] = str(random.choices((5, 8, 11, 13, 15, 17), (15, 20, 25, 20, 12, 8))[0])
    if theme.key == "adult_at_risk" and world.chance(0.4):
        answers |= {"adult_abuse_or_neglect": NO, "self_neglect_hoarding_fire": "yes"}
    if theme.key == "one_debt":
        answers |= {
            "arrears": random.choice(("rent", "council_tax", "utilities")),
            "arrears_pence": str(random.randint(120, 1900) * 100),
        }
    if theme.key == "debts":
        answers |= {"arrears_pence": str(random.randint(900, 7400) * 100)}
        if world.chance(0.3):
            answers["income_or_job_loss_90_days"] = "yes"
    if theme.key == "notice":
        answers["home_loss_on"] = (local_day(received) + timedelta(days=random.randint(10, 54))).isoformat()
        if world.chance(0.15):
            answers |= {"bailiff_or_possession": "yes"}
    if theme.key == "neet":
        answers["neet_16_18"] = "yes"
    answers["agreement"] = "yes" if world.chance(0.9) else random.choice((NO, "not_asked"))
    if world.chance(0.13):
        gap = random.choice([key for key in SAFE if answers[key] == SAFE[key]] or ["agreement"])
        answers[gap] = _Gap(random.choice(("not_asked", "not_asked", "declined", "unknown")), random.choice(NOT_ASKED))
        if gap == "child_at_home":
            answers.pop("child_worry", None)
    return answers


# --- deciding ----------------------------------------------------------------------------------------------------


def _decided_at_once(
    world: World, family: Family, theme: Theme, row: Contact, tier: Tier, by: User, at: datetime
) -> Story:
    """Light touch: told, shown the way or referred while they are still there."""
    refer = row.resident is not None and tier == Tier.UNIVERSAL and world.chance(0.22)
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


def _through_the_queue(
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
    if row.resident:
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
    for answer in list(world.book.of["answers", row.pk]):
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
    for episode in world.book.of["episodes", row.pk]:
        world.spawn(at, _hub(world, episode))
    if decision.needs_case:
        yield from casework.allocated(world, family, theme, decision, at)
    elif decision.chosen_tier == Tier.TRIAGE and not world.book.of["episodes", row.pk] and world.chance(0.85):
        at = yield office(random, at, days=(1, 8))
        by = world.manager_of("Adult intake") if theme.team == "Adult intake" else world.officer()
        tier = random.choices((Tier.ACCESS, Tier.UNIVERSAL, Tier.SUPPORT), (20, 45, 35))[0]
        if row.resident is None:
            tier = min(tier, Tier.UNIVERSAL)
        yield from _second_look(world, family, theme, row, decision, by, tier, at)
    elif decision.chosen_tier == Tier.UNIVERSAL and row.resident and world.chance(0.3):
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
        yield from casework.allocated(world, family, theme, decision, at)


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
