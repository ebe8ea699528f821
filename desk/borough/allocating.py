"""How decisions find a lead in the borough."""

from datetime import datetime

from desk.borough.arriving import restrict
from desk.borough.casework import Work
from desk.borough.clock import office
from desk.borough.people import Family
from desk.borough.themes import Theme
from desk.borough.verbs import cases
from desk.borough.world import Story, World
from triage.models import Decision
from triage.tiers import Tier


def allocated(world: World, family: Family, theme: Theme, decision: Decision, at: datetime) -> Story:
    """A manager gives the decision to a lead, or joins it to work that goes on."""
    random = world.random
    team = theme.team
    if decision.chosen_tier == Tier.SUPPORT and team in ("Safeguarding hub", "Adult intake"):
        team = "Family help" if family.has_children else "Homes and money"
    manager = world.manager_of(team)
    urgent = theme.key == "homeless"
    at = yield office(random, at, days=(0, 1) if urgent else (0, 5))
    if family.household is None or decision.household is None:
        return
    if case := world.open_case(family):
        cases.join_case(world.book, decision, case, by=manager, at=at)
        return
    if family.busy:
        at = yield office(random, at, days=(1, 2))
        if case := world.open_case(family):
            cases.join_case(world.book, decision, case, by=manager, at=at)
            return
    lead = world.lead_for(team)
    if family.restricted:
        restrict(world, family, lead, at)
    family.busy = True
    world.load[lead.id] += 1
    case = cases.open_case(world.book, decision, lead=lead, team=world.staff.teams[team], by=manager, at=at)
    yield from Work(world, family, theme, case, lead, manager).run(at)
