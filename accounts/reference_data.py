"""The council itself, which every database has."""

from datetime import time

from accounts.models import Organisation, Team, TeamOpening

OPENS, CLOSES = time(9), time(17)


def seed_council(name: str) -> Organisation:
    """The council as an organisation, with its front door. Repeatable."""
    council = Organisation.objects.filter(kind=Organisation.Kind.COUNCIL).first()
    if council is None:
        council = Organisation.objects.create(name=name, kind=Organisation.Kind.COUNCIL)
    if not council.teams.exists():
        give_office_hours(Team.objects.create(organisation=council, name="Front door"))
    return council


def give_office_hours(team: Team) -> None:
    """Monday to Friday, nine to five."""
    TeamOpening.objects.bulk_create(
        TeamOpening(team=team, weekday=day, opens_at=OPENS, closes_at=CLOSES) for day in range(5)
    )
