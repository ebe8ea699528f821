"""What is true of the invented households and stands in no table: who was about to tip over, why, and what helped by how much.

An analysis of the borough's rows can be marked against it; see `docs/borough.md`.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from accounts.working_time import local_day
from cases.models import IncomeGain
from desk.borough import front, handing
from desk.borough.clock import office
from desk.borough.people import Family
from desk.borough.themes import BY_KEY
from desk.borough.world import Story, World
from intake.models import Contact

# --- what is planted ----------------------------------------------------------------------------------------------

BEGIN_A_YEAR = 0.05
"""Of the households, so many begin to slide in a year (at most once each)."""
DAYS_TO_TIP = (110, 250)
"""From the first sign to the day on which they tip over, unless they do not."""
RISK_UNHELPED = {False: 0.45, True: 0.70}
"""Of those that slide and get no help that works: light and heavy burden."""
OFFERED = {False: 0.35, True: 0.65}
"""How often whoever hears the first sign refers them to what is right for their root cause. Those in more need get more
help, so that a plain comparison of helped and unhelped makes help look weaker than it is."""
HELP = {"case": 0.50, "right_service": 0.60, "income": 0.80, "other_service": 1.00}
"""By what the risk is multiplied: a case open in the time, a partner's service that fits the root cause and began in it,
an income gain confirmed in it, any other partner's service (a food parcel, say), which changes nothing."""
HEAVY = 1.2
"""A household's trouble above this is a heavy burden; those in more trouble come more often."""

ROOTS = (("money", 34), ("housing", 22), ("family", 18), ("mind", 16), ("safety", 10))
SIGNS = {
    "money": ("one_debt", "benefits", "essentials"), "housing": ("housing_poor", "benefits"), "family": ("child_worry", "essentials"),
    "mind": ("lonely", "mental_health"), "safety": ("lonely", "online"),
}  # fmt: skip
CRISIS = {
    "money": "notice",
    "housing": "homeless",
    "family": "child_harm",
    "mind": "despair",
    "safety": "domestic_abuse",
}
RIGHT = {
    "money": ("debt", "Lantern Debt Advice"),
    "housing": ("debt", "Lantern Debt Advice"),
    "family": ("parenting", "Open Hands Family Support"),
    "mind": ("adult_mental_health", "Eastside Mind and Body"),
    "safety": ("da_victim", "Riverside Women's Centre"),
}
"""The need and the partner that fit a root cause."""

COLUMNS = (
    "household", "resident", "root", "burden", "first_sign_on", "tips_on", "risk_unhelped", "help", "risk", "tipped", "crisis_contact", "recorded_twice",
)  # fmt: skip


@dataclass(slots=True)
class Slide:
    """One household on its way towards a crisis, and what became of it. `tipped` is None while nobody can know yet."""

    first_sign: datetime
    tips: datetime
    unhelped: float
    help: list[str] = field(default_factory=list)
    risk: float = 0.0
    tipped: bool | None = None
    crisis: Contact | None = None


def plant(world: World, families: list[Family]) -> None:
    """Give each household its root cause, and some the day on which they begin to slide."""
    random = world.random
    names, shares = [name for name, _ in ROOTS], [share for _, share in ROOTS]
    for family in families:
        family.root = random.choices(names, shares)[0]
        if family.root == "family" and not family.has_children:
            family.root = "money"
        days = random.expovariate(BEGIN_A_YEAR / 365.25)
        first = world.start + timedelta(days=30 + days)
        if first < world.end:
            world.spawn(office(random, first), slide(world, family))


def slide(world: World, family: Family) -> Story:
    """The signs, the help or its absence, and on the day the crisis or nothing."""
    at = yield world.start
    random = world.random
    if family.household is None or family.speaker.resident is None:
        return
    heavy = family.trouble > HEAVY
    family.slide = mine = Slide(at, office(random, at, days=DAYS_TO_TIP), RISK_UNHELPED[heavy])
    signs = SIGNS[family.root]
    world.spawn(at, front.contact(world, family, at, BY_KEY[random.choice(signs)]))
    at = yield office(random, at, days=(2, 7))
    if world.chance(OFFERED[heavy]):
        yield from _offer(world, family, at)
    if world.chance(0.6):
        at = yield office(random, at, days=(20, 60))
        world.spawn(at, front.contact(world, family, at, BY_KEY[random.choice(signs)]))
    at = yield mine.tips
    mine.help = helped(world, family, mine.first_sign, at)
    mine.risk = mine.unhelped
    for kind in mine.help:
        mine.risk *= HELP[kind]
    mine.tipped = world.chance(mine.risk)
    if mine.tipped:
        world.spawn(at, _tip(world, family, mine, at))


def helped(world: World, family: Family, since: datetime, until: datetime) -> list[str]:
    """The kinds of help that were there between the first sign and the day: what the rows say, too."""
    found, book, home = set(), world.book, family.household
    for case in book.of["cases", home.id] if home else []:
        if case.opened_at < until and (case.closed_at is None or case.closed_at > since):
            found.add("case")
        for gain in book.of["gains", case.id]:
            if gain.status == IncomeGain.Status.CONFIRMED and local_day(since) <= gain.confirmed_on <= local_day(until):
                found.add("income")
    for referral in family.referrals:
        if referral.started_at and since <= referral.started_at < until:
            right = referral.organisation.name == RIGHT[family.root][1]
            found.add("right_service" if right else "other_service")
    return sorted(found)


def _offer(world: World, family: Family, at: datetime) -> Story:
    """Whoever heard the sign refers them to what is right."""
    resident = family.speaker.resident
    assert resident is not None
    rows = [row for row in world.book.of["contacts", resident.id] if row.status == Contact.Status.DECIDED]
    if rows and rows[-1].logged_by:
        yield from handing.refer(world, family, RIGHT[family.root][0], rows[-1].logged_by, at, contact=rows[-1])


def _tip(world: World, family: Family, mine: Slide, at: datetime) -> Story:
    key = CRISIS[family.root]
    if key == "homeless" and (family.placed or family.busy or len(family.people) > 6):
        key = "notice"
    if key == "notice" and family.placed:
        key = "despair"
    resident = family.speaker.resident
    assert resident is not None
    before = len(world.book.of["contacts", resident.id])
    story = front.contact(world, family, at, BY_KEY[key])
    due = next(story)
    while True:
        at = yield due
        try:
            due = story.send(at)
        except StopIteration:
            due = None
        rows = world.book.of["contacts", resident.id]
        if mine.crisis is None and len(rows) > before:
            mine.crisis = rows[-1]
        if due is None:
            return


def found(world: World) -> list[tuple]:
    """The truth of each household on record, one line each, as `COLUMNS` name it."""
    known = [one for one in world.families if one.household and one.speaker.resident and one.root]
    return [(*_line(family), _twice(family)) for family in known]


def _twice(family: Family) -> str:
    """Both references of whoever was begun a second time by accident."""
    return " ".join(f"{first.reference}+{second.reference}" for first, second in family.again)


def _line(family: Family) -> tuple:
    assert family.household is not None and family.speaker.resident is not None
    burden = "heavy" if family.trouble > HEAVY else "light"
    known = (family.household.id, family.speaker.resident.reference, family.root, burden)
    mine = family.slide
    if mine is None:
        return (*known, "", "", "", "", "", "", "")
    days = (local_day(mine.first_sign).isoformat(), local_day(mine.tips).isoformat())
    if mine.tipped is None:
        return (*known, *days, mine.unhelped, "", "", "", "")
    crisis = mine.crisis.reference if mine.crisis else ""
    told = (" ".join(mine.help), round(mine.risk, 4), "yes" if mine.tipped else "no", crisis)
    return (*known, *days, mine.unhelped, *told)
