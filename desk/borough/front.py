"""At the front door: who comes, what is written down, what the rules say, and what is decided."""

from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta
from math import cos, pi
from random import Random

from accounts.models import User
from accounts.working_time import is_working_day, local_day
from desk.borough.arriving import WARNINGS, arrive, warn
from desk.borough.clock import moment, office, soon
from desk.borough.deciding import SAFE, decided_at_once, through_the_queue
from desk.borough.people import Family
from desk.borough.themes import BY_KEY, CHASING, NO, THEMES, Theme, in_their_words
from desk.borough.verbs import intake, triage
from desk.borough.world import Story, World, picked, picker
from intake.models import Contact
from triage.tiers import Tier

A_DAY = 3.35
"""Contacts on a working day for each 1,000 residents."""
OWN = {
    "money": ("benefits", "essentials", "one_debt", "debts"), "housing": ("housing_poor", "notice", "homeless"),
    "family": ("child_worry", "family_help", "early_years"), "mind": ("lonely", "mental_health", "despair"),
    "safety": ("domestic_abuse", "lonely"),
}  # fmt: skip
MORE_OF_THEIRS = 2.0
"""How much more often a household comes with what belongs to its root cause."""
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
    pick = _shares(world, family.root, at)
    while True:
        theme = BY_KEY[pick(world.random)]
        if theme.family and not family.has_children:
            continue
        if theme.key in ("homeless", "notice") and (family.placed or family.busy):
            continue
        if theme.key == "homeless" and len(family.people) > 6:
            continue
        return theme


def _shares(world: World, root: str, at: datetime) -> Callable[[Random], str]:
    """How often each theme comes in a month, for those with one root cause."""
    month = (root, at.year, at.month)
    if month not in world.shares:
        winter, way, own = cos(2 * pi * (at.timetuple().tm_yday - 15) / 365), world.way(at), OWN.get(root, ())
        world.shares[month] = picker(
            [
                (one.key, one.share * (1 + one.trend * way) * max(0.2, 1 + one.winter * winter) * (MORE_OF_THEIRS if one.key in own else 1))
                for one in THEMES
            ]
        )  # fmt: skip
    return world.shares[month]


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
    elif family.speaker.resident and not family.restricted and world.chance(0.35):
        world.read(by, family.speaker.resident, family.speaker.resident)
    nameless = theme.key == "information" and world.chance(0.4)
    row = write_contact(world, family, theme, channel, received, by, at, nameless=nameless)
    family.last_theme = theme.key
    if theme.key in ("domestic_abuse", "despair", "adult_at_risk") and world.chance(0.25):
        kind = {"domestic_abuse": "disclosure", "despair": "self"}.get(theme.key, "adult_at_risk")
        assert kind in WARNINGS
        world.spawn(office(random, at, days=(0, 3)), _warned(world, family, kind))
    found = triage.judged(book, row)[1]
    if not until and found.suggested_tier <= Tier.UNIVERSAL and (theme.light or world.chance(0.5)):
        yield from decided_at_once(world, family, theme, row, found.suggested_tier, by, at)
    else:
        yield from through_the_queue(world, family, theme, row, by, at, until)


def _warned(world: World, family: Family, kind: str) -> Story:
    at = yield world.book.now
    warn(world, family, kind, at)


def write_contact(world: World, family: Family, theme: Theme, channel: str, received: datetime, by: User, at: datetime, *, nameless: bool) -> Contact:  # fmt: skip
    """One approach of the family about a theme, with its needs and what was said."""
    random = world.random
    professional = channel in ("police", "partner", "duty_to_refer") or (theme.family and channel == "email")
    codes = [theme.needs[0], *(code for code in theme.needs[1:] if world.chance(0.75))]
    codes += [code for code in theme.more_needs if world.chance(0.22)]
    pure = world.chance(theme.simple)
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
        return {}  # a simple enquiry, to which screening does not apply
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
