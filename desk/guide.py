"""The first steps of each role: a quiet panel on the home page, ticked from what the person has really done."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from accounts.models import Organisation, Role, Team, User
from accounts.working_time import local_day
from cases.models import Case, Note, PlanAction
from desk.home import unfinished, unfinished_in_words
from desk.models import GuidePutAway
from intake.models import Contact
from ledger.gathered import GatheredOnce
from ledger.models import Marker
from referrals.models import Referral
from triage.models import Decision

Asked = Callable[[], "QuerySet"]


@dataclass(frozen=True)
class Step:
    """One thing to do on a first day; `done` asks whether it has been, where that costs one look into an index.

    What hangs on cases is asked of those that they lead: of everybody's the database would read every case for its policy.
    """

    text: str
    page: str
    why: str
    done: Asked | None = None
    args: tuple[str, ...] = ()


_ME = OuterRef("pk")
_REFER = "A refusal or silence comes back to you. Nothing leaves without the resident’s agreement."
STEPS: dict[str, tuple[Step, ...]] = {
    Role.FRONT_DOOR: (
        Step(
            "Log a contact",
            "triage:log",
            "One page for the whole call. It saves as you type.",
            lambda: Contact.objects.filter(logged_by=_ME),
        ),
        Step(
            "Decide a contact in triage",
            "triage:queue",
            "The rules suggest a tier and say why. You decide.",
            lambda: Decision.objects.filter(made_by=_ME),
        ),
        Step("Refer somebody to a partner", "referrals:mine", _REFER, lambda: Referral.objects.filter(made_by=_ME)),
        Step("Read how triage works", "desk:help_topic", "Tiers, clocks, and what a hard stop is.", args=("triage",)),
    ),
    Role.CASEWORKER: (
        Step("Look at your work", "desk:work", "What is late and what is due, from the records. Nothing to tick off."),
        Step(
            "Write a note on a case",
            "cases:cases",
            "It joins the household’s story by itself.",
            lambda: Note.objects.filter(by=_ME, case__lead=_ME),
        ),
        Step(
            "Agree an action in a plan",
            "cases:cases",
            "Who does what by when. It comes up in My work when it is due.",
            lambda: PlanAction.objects.filter(case__lead=_ME),
        ),
        Step("Refer somebody to a partner", "referrals:mine", _REFER, lambda: Referral.objects.filter(made_by=_ME)),
    ),
    Role.MANAGER: (
        Step(
            "Give a case to a lead",
            "cases:awaiting",
            "You see how much each person carries before you choose.",
            lambda: Case.objects.filter(opened_by=_ME),
        ),
        Step("See what waits in triage", "triage:queue", "Hard stops and what is past its time stand first."),
        Step("Look at your team’s work", "desk:work", "Cases that nobody has written about, reviews, allocations."),
        Step("Read the dashboard", "reporting:dashboard", "Each figure says what it counts and what to mind."),
    ),
    Role.PARTNER: (
        Step(
            "Answer a referral",
            "referrals:inbox",
            "Accept or decline. The person who referred hears at once.",
            lambda: Referral.objects.filter(
                ~Q(status__in=Referral.UNANSWERED), organisation=OuterRef("organisation_id")
            ),
        ),
        Step("See how your services are listed", "directory:services", "Tell the council what is out of date."),
        Step(
            "Read what is shared with you", "desk:help_topic", "Only what the resident agreed to.", args=("partners",)
        ),
    ),
    Role.GOVERNANCE: (
        Step("See who opened a record", "accounts:trail", "By reference, by person, by what was done."),
        Step("Check that the trail is whole", "accounts:trail_proof", "Each minute is sealed: a gap would show."),
        Step("Read what is counted, and how", "reporting:measures", "Small numbers are never shown."),
    ),
    Role.ADMINISTRATOR: (
        Step(
            "Add the people who will sign in",
            "accounts:add_user",
            "They choose their own password by email.",
            lambda: User.objects.exclude(role=Role.ADMINISTRATOR),
        ),
        Step(
            "Set when each team is open",
            "accounts:teams",
            "Clocks run in these hours only.",
            lambda: Team.objects.filter(active=True, openings__isnull=False),
        ),
        Step(
            "Add your partners",
            "accounts:organisations",
            "With an email address they can be referred to.",
            lambda: Organisation.objects.filter(kind=Organisation.Kind.PARTNER).exclude(email=""),
        ),
        Step("Bring in a directory of services", "directory:feeds", "An Open Referral UK feed, kept up to date."),
    ),
}


def beginning(user: User, at: datetime) -> dict[str, Any]:
    """For the home page: the person's first steps (none once they are put away), whether all is invented, and what they have typed and
    not sent. Runs one query.
    """
    found = BEGINNING.rows(user.pk, user, at)
    shown = [
        {
            "text": step.text,
            "why": step.why,
            "href": reverse(step.page, args=step.args),
            "done": found.get(f"step_{number}", False),
        }
        for number, step in enumerate(STEPS.get(user.role, ()))
    ]
    return {
        "steps": [] if found["put_away"] else shown,
        "demonstration": found["demonstration"],
        "drafts": unfinished_in_words(found["drafts"], at),
    }


def _asked(user: User, at: datetime, key: int) -> dict[str, QuerySet[Any] | Exists]:
    return {
        **{f"step_{number}": Exists(step.done()) for number, step in enumerate(STEPS.get(user.role, ())) if step.done},
        "put_away": Exists(GuidePutAway.objects.filter(user=_ME)),
        "demonstration": Exists(Marker.objects.filter(name=Marker.DEMONSTRATION)),
        "drafts": unfinished(user, at),
    }


BEGINNING = GatheredOnce(User, _asked, days=local_day)


def is_put_away(user: User) -> bool:
    """Whether the person has put the first steps away. Runs one query."""
    return GuidePutAway.objects.filter(user=user).exists()
