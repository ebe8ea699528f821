"""Builders: rows as the verbs would leave them, nothing random. Call them inside `system` or `acting_as_system`."""

from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from accounts.models import Organisation, Role, Team, User
from accounts.reference_data import give_office_hours
from cases.models import Case, CaseMember, ClosureReason
from intake.models import Contact, ContactNeed, Need
from referrals.models import Referral
from residents.models import AccessGrant, Agreement, Birth, Household, Membership, Resident
from triage.models import Decision
from triage.tiers import Tier

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)  # an ordinary Wednesday
TODAY = NOON.date()
_number = count(1)


def organisation(name: str = "", **fields: Any) -> Organisation:
    """A partner."""
    return Organisation.objects.create(name=name or f"Partner {next(_number)}", **fields)


def council() -> Organisation:
    """The council; always the same one."""
    return Organisation.objects.get_or_create(name="Anytown Council", kind=Organisation.Kind.COUNCIL)[0]


def team(name: str = "Family help") -> Team:
    """A council team with office hours; the same one for the same name."""
    found, new = Team.objects.get_or_create(organisation=council(), name=name)
    if new:
        give_office_hours(found)
    return found


def user(
    name: str, role: Role, *, organisation: Organisation | None = None, teams: list[Team] | None = None, **fields: Any
) -> User:
    """Someone who signs in; their e-mail address comes from their name."""
    person = User.objects.create_user(
        f"{name.lower().replace(' ', '.')}@example.org",
        name=name,
        role=role,
        organisation=organisation or council(),
        **fields,
    )
    person.teams.set(teams or [])
    return person


def resident(name: str = "Amina Okafor", *, born_on: date | None = date(1984, 5, 17), **fields: Any) -> Resident:
    """Someone whom we help."""
    return Resident.objects.create(
        name=name, born_on=born_on, birth=Birth.FULL if born_on else Birth.UNKNOWN, **{"created_at": NOON, **fields}
    )


def restricted_resident(name: str = "Rosa Hidden", *, named: list[User] | None = None, **fields: Any) -> Resident:
    """A resident whom only the named people may open."""
    person = resident(name, restricted=True, **fields)
    for user in named or []:
        AccessGrant.objects.create(resident=person, user=user, reason="Named", since=NOON - timedelta(days=30))
    return person


def household(*members: Resident, since: date = date(2020, 1, 1)) -> Household:
    """People who live together; of one new resident if none is given."""
    home = Household.objects.create(created_at=NOON)
    for person in members or (resident(),):
        Membership.objects.create(household=home, resident=person, since=since)
    return home


def need(code: str = "rent_arrears") -> Need:
    """A need of the reference list, or one made for the test."""
    return Need.objects.get_or_create(
        code=code,
        defaults={"label": code.replace("_", " ").capitalize(), "headline": "money", "since": date(2017, 10, 1)},
    )[0]


def contact(resident: Resident | None = None, *, needs: list[str] | None = None, **fields: Any) -> Contact:
    """One approach to the front door, logged and not yet decided."""
    at = fields.pop("received_at", NOON)
    row = Contact.objects.create(
        **{
            "resident": resident,
            "channel": Contact.Channel.PHONE_IN,
            "received_at": at,
            "logged_at": at,
            "words": "I am behind with the rent and I do not know what to do.",
            "basis": Contact.Basis.PRIVACY_NOTICE,
            **fields,
        }
    )
    for place, code in enumerate(needs or [], 1):
        ContactNeed.objects.create(contact=row, need=need(code), place=place)
    return row


def decision(
    contact: Contact, *, tier: Tier = Tier.SUPPORT, household: Household | None = None, **fields: Any
) -> Decision:
    """A decision on a contact, as suggested."""
    at = fields.pop("made_at", contact.received_at + timedelta(hours=1))
    return Decision.objects.create(
        **{
            "contact": contact,
            "resident": contact.resident,
            "household": household,
            "made_at": at,
            "suggested_tier": tier,
            "chosen_tier": tier,
            "rule_set_version": "test",
            "needs_case": tier >= Tier.SUPPORT,
            **fields,
        }
    )


def outcomes_met() -> ClosureReason:
    """The commonest reason for closing."""
    return ClosureReason.objects.get_or_create(
        code="outcomes_met", defaults={"label": "Outcomes met", "since": date(2017, 10, 1)}
    )[0]


def case(*, lead: User, household: Household | None = None, **fields: Any) -> Case:
    """An open household case with its contact and decision behind it."""
    home = household or globals()["household"]()
    people = list(Resident.objects.filter(memberships__household=home, memberships__until=None))
    tier = fields.pop("tier", Tier.SUPPORT)
    opened_at = fields.pop("opened_at", NOON)
    choice = fields.pop("decision", None) or decision(
        contact(people[0], received_at=opened_at), tier=tier, household=home, made_at=opened_at
    )
    row = Case.objects.create(
        **{
            "household": home,
            "decision": choice,
            "tier": tier,
            "team": lead.teams.first() or team(),
            "lead": lead,
            "opened_at": opened_at,
            "review_due_on": (opened_at + timedelta(weeks=6)).date(),
            **fields,
        }
    )
    Decision.objects.filter(pk=choice.pk).update(needs_case=False)
    for person in people:
        CaseMember.objects.create(case=row, resident=person, since=opened_at.date())
    return row


def agreement(resident: Resident, organisation: Organisation, **fields: Any) -> Agreement:
    """What a resident agreed that we share with an organisation."""
    return Agreement.objects.create(
        **{
            "resident": resident,
            "organisation": organisation,
            "purpose": "Help with food",
            "shared": "Name, safe contact, need",
            "basis": Agreement.Basis.AGREED,
            "recorded_at": NOON,
            "since": TODAY,
            **fields,
        }
    )


def referral(
    case: Case | None = None, *, to: Organisation, resident: Resident | None = None, **fields: Any
) -> Referral:
    """A referral that was sent and not yet answered, with its agreement."""
    person = resident or case.members.first().resident  # type: ignore[union-attr]
    return Referral.objects.create(
        **{
            "resident": person,
            "case": case,
            "organisation": to,
            "agreement": agreement(person, to),
            "status": Referral.Status.SENT,
            "reason": "No food until Friday",
            "shared_name": person.name,
            "shared_need": "Food for a family of four",
            "made_at": NOON,
            "sent_at": NOON,
            "answer_due_at": NOON + timedelta(days=7),
            **fields,
        }
    )
