"""What an administrator may do: organisations, teams with their hours, people who sign in."""

from collections.abc import Iterable
from datetime import time
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import Organisation, Role, Team, TeamOpening, User
from accounts.reference_data import give_office_hours
from ledger import trail
from ledger.versions import save_changes


def _check(role: str, organisation: Organisation, teams: Iterable[Team]) -> None:
    """A partner works for a partner, everyone else for the council and in its teams."""
    council = organisation.kind == Organisation.Kind.COUNCIL
    if (role == Role.PARTNER) == council:
        raise ValidationError(
            "A partner’s people have the role Partner, and the council’s people have one of the others."
        )
    if any(team.organisation_id != organisation.pk for team in teams):
        raise ValidationError("Choose teams of their own organisation.")


@transaction.atomic
def add_user(
    *,
    email: str,
    name: str,
    role: str,
    organisation: Organisation,
    teams: Iterable[Team] = (),
    duty_manager: bool = False,
    by: User,
) -> User:
    """Make an account without a password: the person sets one through the link that "forgotten password" sends."""
    teams = list(teams)
    _check(role, organisation, teams)
    if User.objects.filter(email=email.lower()).exists():
        raise ValidationError({"email": "Somebody has an account with this email address already."})
    user = User.objects.create_user(email, name=name, role=role, organisation=organisation, duty_manager=duty_manager)
    user.teams.set(teams)
    trail.record("add_user", user, by=by)
    return user


@transaction.atomic
def change_user(
    user: User,
    *,
    seen: int,
    name: str,
    role: str,
    organisation: Organisation,
    teams: Iterable[Team],
    duty_manager: bool,
    by: User,
) -> User:
    """Change what someone may do; it bites at their next click. Raises StaleVersion."""
    teams = list(teams)
    _check(role, organisation, teams)
    if user.pk == by.pk and role != user.role:
        raise ValidationError("You cannot change your own role. Ask another administrator.")
    changes: dict[str, Any] = {"name": name, "role": role, "organisation": organisation, "duty_manager": duty_manager}
    fresh = save_changes(user, seen=seen, by=by, verb="change_user", **changes)
    fresh.teams.set(teams)
    return fresh


@transaction.atomic
def set_shortcuts(user: User, *, on: bool, by: User) -> User:
    """Switch the keyboard shortcuts of a person on or off. Not a change of the account: nobody's open form grows stale."""
    fresh = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    fresh.shortcuts = on
    fresh.save(update_fields=["shortcuts"])
    trail.record("set_shortcuts", fresh, by=by, fields=["shortcuts"])
    return fresh


@transaction.atomic
def end_account(user: User, *, seen: int, by: User) -> User:
    """Close an account: nobody signs in with it again, and the sessions that are open end at their next click."""
    if user.pk == by.pk:
        raise ValidationError("You cannot close your own account. Ask another administrator.")
    return save_changes(user, seen=seen, by=by, verb="end_account", is_active=False)


@transaction.atomic
def reopen_account(user: User, *, seen: int, by: User) -> User:
    """Let someone sign in again."""
    return save_changes(user, seen=seen, by=by, verb="reopen_account", is_active=True)


@transaction.atomic
def add_organisation(*, name: str, email: str, phone: str = "", by: User) -> Organisation:
    """Add a partner."""
    if Organisation.objects.filter(name__iexact=name).exists():
        raise ValidationError({"name": "There is an organisation with this name already."})
    organisation = Organisation.objects.create(name=name, email=email, phone=phone)
    trail.record("add_organisation", organisation, by=by)
    return organisation


@transaction.atomic
def change_organisation(
    organisation: Organisation, *, seen: int, name: str, email: str, phone: str, active: bool, by: User
) -> Organisation:
    """Change how a partner is reached, or stop new referrals to it. Raises StaleVersion."""
    changes: dict[str, Any] = {"name": name, "email": email, "phone": phone, "active": active}
    return save_changes(organisation, seen=seen, by=by, verb="change_organisation", **changes)


@transaction.atomic
def add_team(*, name: str, by: User) -> Team:
    """Add a team of the council, open in office hours until someone says otherwise."""
    council = Organisation.objects.get(kind=Organisation.Kind.COUNCIL)
    if Team.objects.filter(organisation=council, name__iexact=name).exists():
        raise ValidationError({"name": "There is a team with this name already."})
    team = Team.objects.create(organisation=council, name=name)
    give_office_hours(team)
    trail.record("add_team", team, by=by)
    return team


@transaction.atomic
def set_opening(team: Team, *, hours: dict[int, tuple[time, time]], by: User) -> Team:
    """Say when a team is open, by weekday (0 is Monday); its working-time clocks follow from now on."""
    if any(closes <= opens for opens, closes in hours.values()):
        raise ValidationError("A team closes after it opens.")
    team = Team.objects.select_for_update().get(pk=team.pk)
    team.openings.all().delete()
    TeamOpening.objects.bulk_create(
        TeamOpening(team=team, weekday=day, opens_at=opens, closes_at=closes)
        for day, (opens, closes) in sorted(hours.items())
    )
    trail.record("set_opening", team, by=by)
    return team
