"""Inside a borough: one busy hour of everybody's work, by the verbs themselves. Some of it is about months long gone."""

import json
import sys
from datetime import timedelta
from functools import partial
from random import Random

from django.core.exceptions import ValidationError
from django.utils import timezone

import bench.begun  # noqa: F401
from accounts.models import Role, User
from accounts.working_time import local_day
from bench.subjects import WORDS, some
from cases import actions as case_actions
from cases.models import Case, Note
from cases.work_due import awaiting_allocation
from intake.models import Contact, Need
from ledger.acting import acting_as_system
from ledger.references import afresh
from referrals import actions as referral_actions
from referrals.models import Referral
from residents.models import Resident
from triage import actions as triage
from triage.models import TriageItem
from triage.tiers import Tier

# A tenth of a working day of a borough of 220,000 with 2,000,000 contacts in ten years, doubled: an hour on a Monday.
FULL = 220_000
AN_HOUR = {"contacts": 160, "decisions": 80, "cases": 10, "notes": 240, "answers": 30}
LATE_DAYS = (1, 1, 1, 2, 9, 40, 100)


def work(residents: int) -> dict[str, int]:
    """Do an hour's work, as much as fits a borough of this size. Returns how often each thing was done."""
    random = Random()
    wanted = {name: max(3, round(count * residents / FULL)) for name, count in AN_HOUR.items()}
    manager = User.objects.filter(role=Role.MANAGER, is_active=True, duty_manager=True).order_by("pk").first()
    front = list(User.objects.filter(role=Role.FRONT_DOOR, is_active=True)[:20])
    return {
        "contacts": _contacts(wanted["contacts"], front, random),
        "decisions": _decisions(wanted["decisions"], manager),
        "cases": _cases(wanted["cases"]),
        "notes": _notes(wanted["notes"], random),
        "answers": _answers(wanted["answers"]),
    }


def _contacts(count: int, front: list[User], random: Random) -> int:
    people = some(Resident.objects.filter(restricted=False), random, count)
    needs = list(Need.objects.filter(until=None).values_list("code", flat=True))
    for number, person in enumerate(people):
        now = timezone.now()
        late = timedelta(days=random.choice(LATE_DAYS)) if number % 12 == 0 else timedelta(minutes=random.randrange(50))
        by = random.choice(front)
        log = partial(
            triage.log_contact,
            person,
            channel=Contact.Channel.PHONE_IN,
            received_at=now - late,
            words=WORDS,
            basis=Contact.Basis.PRIVACY_NOTICE,
            needs=random.sample(needs, 2),
            answers={"safe_now": "yes"},
            outcome=Contact.Outcome.TO_TRIAGE if number % 2 else Contact.Outcome.ADVICE,
            by=by,
            at=now,
        )
        afresh(log)
    return len(people)


def _decisions(count: int, manager: User) -> int:
    done = 0
    items = TriageItem.objects.filter(status=TriageItem.Status.WAITING).order_by("-queued_at").select_related("contact")
    for item in list(items[: count * 2]):
        tier = Tier.SUPPORT if item.suggested_tier <= Tier.SUPPORT else Tier.INTERVENTION
        try:
            decide = partial(triage.decide_tier, item.contact, tier=tier, outcome=Contact.Outcome.REFERRED, by=manager)
            afresh(partial(decide, at=timezone.now()))
        except ValidationError:
            continue
        done += 1
        if done == count:
            break
    return done


def _cases(count: int) -> int:
    done = 0
    for manager in User.objects.filter(role=Role.MANAGER, is_active=True):
        team = manager.teams.first()
        leads = list(team.members.filter(role=Role.CASEWORKER, is_active=True)) if team else []
        for decision in list(awaiting_allocation(manager).order_by("-made_at")[:count]) if leads else []:
            try:
                lead = leads[done % len(leads)]
                afresh(partial(case_actions.open_case, decision, lead=lead, team=team, by=manager, at=timezone.now()))
            except ValidationError:
                continue
            done += 1
            if done == count:
                return done
    return done


def _notes(count: int, random: Random) -> int:
    cases = some(Case.objects.open().filter(restricted=False).select_related("lead"), random, count) or []
    for number in range(count if cases else 0):
        case, now = cases[number % len(cases)], timezone.now()
        call = Note.Kind.CALL
        afresh(partial(case_actions.write_note, case, kind=call, text=WORDS, happened_at=now, by=case.lead, at=now))
    return count if cases else 0


def _answers(count: int) -> int:
    sent = Referral.objects.filter(status=Referral.Status.SENT).order_by("-sent_at")
    rows = list(sent.select_related("organisation")[:count])
    for referral in rows:
        by = User.objects.filter(organisation=referral.organisation, is_active=True).first()
        referral_actions.accept(referral, by=by, at=timezone.now(), **({} if by else {"who": "By telephone"}))
    return len(rows)


def main() -> None:
    """Work for an hour; print what was done."""
    with acting_as_system("system:bench"):
        done = work(int(sys.argv[1]))
    print(json.dumps(done | {"day": local_day(timezone.now()).isoformat()}))


if __name__ == "__main__":
    main()
