"""Work that was going on when the borough began to use this system: cases taken over, some in temporary accommodation."""

from datetime import timedelta

from accounts.working_time import local_day
from desk.borough.casework import Work
from desk.borough.clock import office
from desk.borough.people import Family
from desk.borough.themes import BY_KEY
from desk.borough.verbs import cases, intake, triage
from desk.borough.world import Story, World
from triage.tiers import Tier

PLACED = 0.0088
"""Households in temporary accommodation at the start for each resident of the borough on record."""
CASES = 0.014
WORDS = "Taken over from the former system: the household was being worked with and goes on."


def go_on(world: World, families: list[Family]) -> None:
    """Open, in the first days, the cases that were open before."""
    people = sum(len(family.people) for family in world.families)
    homes = [family for family in families if family.home]
    placed, others = int(people * PLACED) + 1, int(people * CASES) + 1
    for number, family in enumerate(homes[: placed + others]):
        at = office(world.random, world.start, days=(8, 24))
        world.spawn(at, _taken_over(world, family, placed=number < placed))


def _taken_over(world: World, family: Family, *, placed: bool) -> Story:
    at = yield world.start
    if family.household is None or family.speaker.resident is None or family.busy:
        return
    random, book = world.random, world.book
    theme = BY_KEY["homeless" if placed else "debts"]
    team = theme.team
    manager, lead = world.manager_of(team), world.lead_for(team)
    answers = {
        "safe_now": "yes",
        "sleep_tonight": "yes",
        "child_at_home": "no",
        "hurt_or_controlled": "no",
        "needs_essentials": "no",
        "agreement": "yes",
    }
    if family.has_children:
        answers |= {"child_at_home": "yes", "child_worry": "no"}
    if not placed:
        answers |= theme.answers
    contact = intake.record_contact(
        book,
        family.speaker.resident,
        channel="phone_out",
        received_at=at - timedelta(minutes=20),
        words=WORDS,
        basis="privacy_notice",
        needs=[world.needs[theme.needs[0]]],
        answers=answers,
        team=world.team_of(manager),
        by=manager,
        at=at,
    )
    found = triage.judged(book, contact)[1]
    tier = max(Tier.SUPPORT, found.suggested_tier)
    decision = triage.decide_tier(
        book,
        contact,
        tier=tier,
        outcome="to_triage",
        reason="Work goes on",
        by=manager,
        at=at,
        team=world.team_of(manager),
    )
    family.busy = True
    world.load[lead.id] += 1
    case = cases.open_case(book, decision, lead=lead, team=world.staff.teams[team], by=manager, at=at)
    first = local_day(at) - timedelta(days=random.randint(10, 380))
    yield from Work(world, family, theme, case, lead, manager).taken_over(at, first, placed=placed)
