"""Inside a borough: the people and records that the bench asks for, and keys and sessions to ask with.

`prepare`, once: a caseworker with 30 cases, a case with 200 notes, a partner with 2,000 referrals. `cast`, at each run.
"""

import json
import sys
from functools import partial
from importlib import import_module
from random import Random
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db.models import Count, Q
from django.utils import timezone

import bench.begun  # noqa: F401
from accounts.models import Organisation, Role, Team, User
from cases import actions as case_actions
from cases.models import Case, Note
from intake.models import Contact
from ledger.acting import acting_as_system
from ledger.models import Marker
from ledger.references import afresh
from referrals.models import Referral
from residents.models import Agreement, Resident, ResidentAddress
from triage.models import TriageItem

CASES, NOTES, REFERRALS = 30, 200, 2_000
MARKER = "bench"
PARTNER = "Bench Community Kitchen"
ADDRESS = "partner@bench.example"
SAMPLE = 400
WORDS = (
    "Visited at home. Talked about the rent and the letter from the landlord; agreed to call the benefits line together on "
    "Thursday. The children were at school. Next step: bring the tenancy papers."
)


def prepare() -> dict[str, Any]:
    """Give the borough its special subjects, through the verbs themselves where there are few, in bulk where there are many."""
    worker, manager = _team()
    _thirty_cases(worker, manager)
    long = _two_hundred_notes(worker)
    kept = {"worker": worker.pk, "manager": manager.pk, "case": long.pk}
    Marker.objects.update_or_create(name=MARKER, defaults={"value": json.dumps(kept)})
    return {"cases": _open(worker).count(), "notes": long.notes.count(), "referrals": _partner()}


def _team() -> tuple[User, User]:
    """The caseworker with the most cases, and their manager."""
    led = Count("cases_led", filter=Q(cases_led__status=Case.Status.OPEN))
    managed = User.objects.filter(role=Role.MANAGER, is_active=True).values("teams")
    people = User.objects.filter(role=Role.CASEWORKER, is_active=True, teams__in=managed).distinct()
    worker = people.annotate(carried=led).order_by("-carried", "pk").first()
    manager = (
        User.objects.filter(role=Role.MANAGER, is_active=True, teams__in=worker.teams.all()).order_by("pk").first()
    )
    return worker, manager


def _open(worker: User):
    return Case.objects.open().filter(lead=worker)


def _thirty_cases(worker: User, manager: User) -> None:
    """Pass cases of other teams' people on to the worker, or theirs to a colleague, until there are 30."""
    team = Team.objects.filter(members=worker).filter(members=manager).first()
    now, words = timezone.now(), {"reason": "Evens out the caseloads of the team", "by": manager}
    held = _open(worker).count()
    others = Case.objects.open().filter(restricted=False).exclude(lead=worker)
    near = list(others.filter(team=team).order_by("pk")[: max(0, CASES - held)])
    near += list(others.exclude(team=team).order_by("pk")[: max(0, CASES - held - len(near))])
    for case in near:
        case_actions.reallocate(case, lead=worker, team=team, at=now, **words)
    colleague = team.members.filter(role=Role.CASEWORKER, is_active=True).exclude(pk=worker.pk).first() or manager
    for case in list(_open(worker).order_by("pk")[CASES:]):
        case_actions.reallocate(case, lead=colleague, team=team, at=now, **words)


def _two_hundred_notes(worker: User) -> Case:
    """Write notes on the worker's longest case until there are 200."""
    noted = _open(worker).filter(restricted=False).annotate(written=Count("notes")).filter(written__lte=NOTES)
    case = noted.order_by("-written", "pk").first()
    count, now = case.notes.count(), timezone.now()
    span = now - case.opened_at
    for number in range(count, NOTES):
        at = case.opened_at + span * (number + 1) / (NOTES + 1)
        note = {"kind": Note.Kind.values[0], "text": WORDS, "happened_at": at, "by": worker, "at": now}
        afresh(
            partial(case_actions.write_note, case, **note)
        )  # among millions of references, one of 200 fresh ones is likely to be taken
    return case


def _partner() -> int:
    """A partner of its own, to whom the newest 2,000 referrals are said to have gone."""
    partner = Organisation.objects.get_or_create(name=PARTNER, defaults={"email": ADDRESS})[0]
    if not User.objects.filter(email=ADDRESS).exists():
        User.objects.create_user(ADDRESS, name="Bea Marlow", role=Role.PARTNER, organisation=partner)
    sent = Referral.objects.exclude(status__in=Referral.UNSENT).filter(resident__restricted=False)
    chosen = list(sent.order_by("-sent_at", "-pk").values_list("pk", "agreement_id")[:REFERRALS])
    Agreement.objects.filter(pk__in=[agreement for _, agreement in chosen]).update(organisation=partner)
    return Referral.objects.filter(pk__in=[pk for pk, _ in chosen]).update(organisation=partner, service=None)


# --- at each run -------------------------------------------------------------------------------------------------


def cast() -> dict[str, Any]:
    """Sessions of the people who ask, references and words to ask with. Random, the same at each run."""
    random = Random(11)
    kept = json.loads(Marker.objects.get(name=MARKER).value)
    worker, manager = User.objects.get(pk=kept["worker"]), User.objects.get(pk=kept["manager"])
    partner = User.objects.get(email=ADDRESS)
    front = User.objects.filter(role=Role.FRONT_DOOR, is_active=True).order_by("pk").first()
    residents = some(Resident.objects.filter(restricted=False), random)
    long = Case.objects.get(pk=kept["case"])
    mine = _open(worker).filter(restricted=False).exclude(pk=long.pk).order_by("pk")
    return {
        "sessions": {name: sign_in(one) for name, one in
                     {"front": front, "worker": worker, "manager": manager, "partner": partner}.items()},
        "residents": [one.reference for one in residents],
        "searches": _searches(residents, random),
        "waiting": _waiting(),
        "long_case": long.reference,
        "note_case": (mine.first() or long).reference,
        "floor": _floor_keys(manager, random),
        "counts": {"cases": _open(worker).count(), "notes": long.notes.count(),
                   "referrals": Referral.objects.filter(organisation=partner.organisation).count()},
        "crowd": _crowd(worker, manager, partner),
    }  # fmt: skip


def sign_in(user: User) -> str:
    """A session, as a sign-in leaves it."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return session.session_key


def some(rows: Any, random: Random, count: int = SAMPLE) -> list[Any]:
    """Some rows from all over a table, by their keys: no table is read as a whole."""
    highest = rows.model.objects.order_by("-pk").values_list("pk", flat=True).first() or 1
    keys = random.sample(range(1, highest + 1), min(highest, count * 2))
    found = list(rows.filter(pk__in=keys)[:count])
    return found or list(rows[:count])


def _searches(residents: list[Resident], random: Random) -> list[str]:
    """What a phone call brings: a name, mostly with a day of birth or a postcode, sometimes misheard or in part."""
    places = ResidentAddress.objects.filter(
        resident__in=residents, until=None, confidential=False, address__isnull=False
    ).values_list("resident", "address__postcode")
    postcode = dict(places)
    found = []
    for one in residents:
        name, die = one.name, random.random()
        if die < 0.2 and len(name) > 6:  # a letter lost on the line
            cut = random.randrange(1, len(name) - 1)
            name = name[:cut] + name[cut + 1 :]
        elif die < 0.3:
            name = " ".join(word[:3] for word in name.split())
        if one.born_on and random.random() < 0.6:
            name += f" {one.born_on:%d/%m/%Y}"
        elif postcode.get(one.pk):
            name += f" {postcode[one.pk]}"
        found.append(name)
    return found


def _waiting() -> list[str]:
    """Contacts in the queue that everybody may open."""
    items = TriageItem.objects.filter(status__in=["waiting", "claimed"])
    items = items.filter(Q(contact__resident=None) | Q(contact__resident__restricted=False)).order_by("due_at")
    return list(items.values_list("contact__reference", flat=True)[:50])


def _floor_keys(manager: User, random: Random) -> list[dict[str, int]]:
    """Keys of rows that the manager may read, one set for each request."""
    plain = {"resident__restricted": False}
    keys = {
        "resident": [one.pk for one in some(Resident.objects.filter(restricted=False), random)],
        "contact": [one.pk for one in some(Contact.objects.filter(**plain), random)],
        "case": list(Case.objects.visible_to(manager).values_list("pk", flat=True)[:SAMPLE]),
        "referral": [one.pk for one in some(Referral.objects.filter(**plain), random)],
        "organisation": list(Organisation.objects.values_list("pk", flat=True)),
    }
    return [{name: random.choice(found) for name, found in keys.items()} for _ in range(SAMPLE)]


def _crowd(worker: User, manager: User, partner: User) -> list[dict[str, Any]]:
    """Fifty people at work: their sessions, the cases that a caseworker leads, the referrals that a partner has."""
    wanted = {
        Role.FRONT_DOOR: (20, worker),
        Role.CASEWORKER: (20, worker),
        Role.MANAGER: (6, manager),
        Role.PARTNER: (4, partner),
    }
    crowd = []
    for role, (count, spare) in wanted.items():
        people = list(User.objects.filter(role=role, is_active=True).order_by("pk")[:count]) or [spare]
        for one in [people[number % len(people)] for number in range(count)]:
            cases = _open(one).filter(restricted=False).values_list("reference", flat=True)[:10]
            sent = Referral.objects.filter(organisation=one.organisation, status__in=Referral.LIVE)
            received = sent.values_list("reference", flat=True)[:10] if one.role == Role.PARTNER else []
            entry = {"role": one.role, "session": sign_in(one), "cases": list(cases), "received": list(received)}
            crowd.append(entry)
    Random(11).shuffle(crowd)  # so that fewer than fifty are of every role too
    return crowd


def main() -> None:
    """Do what the first word says; print what came of it."""
    with acting_as_system("system:bench"):
        print(json.dumps({"prepare": prepare, "cast": cast}[sys.argv[1]]()))


if __name__ == "__main__":
    main()
