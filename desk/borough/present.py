"""The present day: what waits in the queue, what was promised for today, what nobody leads yet, what partners have not answered."""

from datetime import datetime, timedelta

from accounts.models import User
from accounts.working_time import is_working_day, local_day
from cases.models import Case
from desk.borough import front, handing
from desk.borough.clock import CLOSES, OPENS, moment, office
from desk.borough.people import Family
from desk.borough.themes import BY_KEY
from desk.borough.verbs import triage
from desk.borough.world import Story, World

# What came, how many working days before the end, and where it stands.
QUEUE = (
    ("child_harm", 0, "queued"), ("homeless", 0, "queued"), ("despair", 0, "queued"), ("domestic_abuse", 1, "queued"),
    ("notice", 3, "queued"), ("debts", 6, "queued"), ("adult_care", 2, "queued"), ("family_help", 1, "queued"),
    ("child_worry", 0, "queued"), ("debts", 1, "queued"), ("essentials", 0, "queued"), ("notice", 0, "queued"),
    ("mental_health", 1, "queued"), ("domestic_abuse", 0, "claimed"), ("debts", 2, "claimed"),
)  # fmt: skip
UNLED = (("debts", 2), ("notice", 1), ("family_help", 2), ("debts", 1), ("family_help", 1))
PROMISES = (
    (1, "Ring back with the answer"),
    (1, "Send the form"),
    (0, "Ring back when the colleague is in"),
    (2, "Ring the landlord"),
)
# To Harbour Food Bank: how many working days before the end, and its fate.
SENT = ((1, "new"), (0, "new"), (3, "new"), (2, "new"), (9, "silent"), (6, "declined"), (8, "declined"))


def wait_today(world: World, *, first: bool) -> None:
    """Let it happen in the last days that something waits. A tiny borough has less of everything.

    What waits for the cast by name, waits in the `first` neighbourhood, where they work.
    """
    some = max(1, min(len(QUEUE), len(world.families) // 12))
    for key, days, until in QUEUE[:some]:
        world.spawn(_ago(world, days), _contact(world, key, until, first=first))
    for key, days in UNLED[: max(1, some // 2)]:
        world.spawn(_ago(world, days), _contact(world, key, "decided", first=first))
    if not first:
        return
    for days, step in PROMISES[: max(1, some // 3)]:
        world.spawn(_ago(world, days), _promised(world, step))
    for place, (days, fate) in enumerate(SENT[: max(2, some)]):
        by = world.staff.cast["ben" if place % 2 else "finn"]
        world.spawn(_ago(world, days), _referred(world, by, fate))


def _ago(world: World, days: int) -> datetime:
    """An office moment so many working days before the end, or on the last working day before it."""
    day = local_day(world.end)
    while not is_working_day(day) or moment(day, OPENS + 60) > world.end:
        day -= timedelta(days=1)
    for _ in range(days):
        day -= timedelta(days=1)
        while not is_working_day(day):
            day -= timedelta(days=1)
    last = CLOSES - 50
    found = moment(day, world.random.randint(OPENS, last))
    return min(found, max(moment(day, OPENS), world.end - timedelta(minutes=40)))


def _someone(world: World, *, children: bool = False) -> Family | None:
    """A household with which nobody works at present."""
    for _ in range(200):
        family = world.someone_known()
        if not family.busy and not family.placed and not family.restricted and (family.has_children or not children):
            return family
    return None


def _contact(world: World, key: str, until: str, *, first: bool) -> Story:
    at = yield world.end
    theme = BY_KEY[key]
    family = _someone(world, children=theme.family) if world.known else None
    if family:
        by = world.staff.cast["finn"] if until == "claimed" and first else None
        story = front.contact(world, family, at, theme, until=until, by=by)
        next(story)
        yield from _after(story, at)


def _after(story: Story, at: datetime) -> Story:
    """Go on with a story that waits for its moment."""
    try:
        due = story.send(at)
        while True:
            due = story.send((yield due))
    except StopIteration:
        return


def _promised(world: World, step: str) -> Story:
    """Decided at once, and something promised for today."""
    at = yield world.end
    family, by = _someone(world) if world.known else None, world.staff.cast["finn"]
    if family is None:
        return
    row = front.write_contact(
        world, family, BY_KEY["benefits"], "phone_in", at - timedelta(minutes=7), by, at, nameless=False
    )
    found = triage.judged(world.book, row)[1]
    if found.hard_stop:
        return
    due = office(world.random, world.end - timedelta(hours=2), soonest=at)
    triage.decide_tier(
        world.book,
        row,
        tier=found.suggested_tier,
        outcome="advice",
        next_step=step,
        next_step_by=due,
        next_step_how="By phone",
        by=by,
        at=at,
        team=world.team_of(by),
    )


def _referred(world: World, by: User, fate: str) -> Story:
    """To the food bank, from the front door or from a case of Ben's."""
    at = yield world.end
    led = [case for case in world.book.rows(Case) if case.lead is by and case.status == "open" and not case.restricted]
    if led:
        case = world.random.choice(led)
        family = world.of_household.get(case.household_id)
        if family and family.speaker.resident:
            yield from handing.refer(world, family, "essentials", by, at, case=case, fate=fate)
    elif world.known and (family := _someone(world)):
        row = front.write_contact(
            world, family, BY_KEY["essentials"], "phone_in", at - timedelta(minutes=5), by, at, nameless=False
        )
        found = triage.judged(world.book, row)[1]
        decision = triage.decide_tier(
            world.book, row, tier=found.suggested_tier, outcome="referred", by=by, at=at, team=world.team_of(by)
        )
        yield from handing.refer(world, family, "essentials", by, at, contact=row, decision=decision, fate=fate)
