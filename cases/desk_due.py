"""What lies on a desk beside casework: promises to callers, records that may be of one person, files of people. Nothing is stored here.

Pairs and files are nobody's own and have no day by which they must be done: each is told as one line, however many there are.
"""

from collections.abc import Iterator
from datetime import datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User
from accounts.working_time import local_day
from cases.work_due import AHEAD, WorkItem, days_of, end_of, item
from intake.models import Changeset, Contact, ProposedChange
from ledger.among import Among
from ledger.composed import Composed
from ledger.gathered import built, gathered
from residents.models import LikelyPair

COUNTED = 30
"""So many pairs, or files, are counted: the home page would pay for each more, and “more than 30” says as much."""


def work_for(user: User, at: datetime) -> list[WorkItem]:
    """What the person promised, pairs of records of whom they may open both, and for a manager files that wait. Runs one query."""
    for row in DESK.rows(user, at):
        return [
            *_promised(built(Contact, row.promised or []), at),
            *_heap(len(row.pairs or []), at, "residents:pairs", "pair", "Each pair may be one person, recorded twice"),
            *_heap(len(row.files or []), at, "intake:changesets", "file", "You decide what becomes of each person"),
        ]
    return []


def _promised(rows: list[Contact], at: datetime) -> Iterator[WorkItem]:
    for contact in rows:
        what = contact.next_step or "Call back as promised"
        who = (contact.reference, "promise", str(contact.resident or contact.person_named or ""))
        yield item(contact.next_step_by, at, what, "You promised it", "intake:contact", *who)


def _heap(many: int, at: datetime, link: str, kind: str, why: str) -> Iterator[WorkItem]:
    """One line for all of them, never late: nobody is waiting for it by a day."""
    if many:
        yield WorkItem(end_of(local_day(at + AHEAD)), "", why, link, "", False, kind, many=many)


def _desk(user: User, at: datetime) -> QuerySet[User]:
    asked = {
        "promised": gathered(_promises(user, at)),
        "pairs": ArraySubquery(_pairs(user).values("pk")),
        "files": ArraySubquery(_files(user).values("pk")[: COUNTED + 1]),
    }
    return User.objects.filter(pk=user.pk).only("pk").annotate(**asked)


def _promises(user: User, at: datetime) -> QuerySet[Contact]:
    due = Contact.objects.visible_to(user).filter(logged_by=user, next_step_by__lte=at + AHEAD, next_step_done_at=None)
    names = ("reference", "next_step", "next_step_by", "person_named", "resident__name", "resident__preferred_name")
    return due.exclude(status=Contact.Status.WITHDRAWN).only(*names)


def _pairs(user: User) -> QuerySet[LikelyPair]:
    """The likeliest. Which they are, an index and row-level security say; then each is asked for as ever.

    In one question the planner takes the few that it expects for all there are, and reads every pair and every resident.
    """
    first = LikelyPair.objects.waiting().order_by("-per_mille", "id").values("pk")[: COUNTED + 1]
    return LikelyPair.objects.visible_to(user).filter(Among("id", first))


def _files(user: User) -> QuerySet[Changeset]:
    """Those whose columns nobody has chosen, and those with rows that nobody has decided."""
    State, Status = ProposedChange.State, Changeset.Status
    rows = ProposedChange.objects.visible_to(user).filter(changeset=OuterRef("pk"), state=State.WAITING)
    return Changeset.objects.visible_to(user).filter(Q(status=Status.COLUMNS) | Q(Exists(rows), status=Status.READY))


DESK = Composed(_desk, days=days_of)
