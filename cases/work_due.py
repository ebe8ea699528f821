"""What somebody must do, derived from facts: nothing here is stored, ticked off or forgotten.

Each question names the columns that it wants: to ask for all of them took half of the page's time.
`work_for` runs at most five queries for front door and caseworkers, six for managers."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Case as Choice
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Greatest

from accounts.models import Role, User
from accounts.working_time import at_local, local_day
from cases.households import child_was_told_of, eldest, has_child
from cases.models import Case, CaseMember, IncomeGain, Note, Placement, PlanAction
from cases.nights import MOST_NIGHTS, WARN_NIGHTS, bed_and_breakfast_since, leave_by, nights_between
from intake.models import Contact
from ledger.among import Among
from ledger.composed import Composed
from ledger.said import said_ago, said_span
from residents.models import Household
from triage.models import Decision, TriageItem
from triage.tiers import Tier

AHEAD = timedelta(days=7)
SILENT_DAYS = 28
GAIN_DAYS = 30
ALLOCATE_DAYS = 2
SUPERVISE_DAYS = {Tier.SUPPORT: 42, Tier.INTERVENTION: 28}
MOST = 50  # of one kind: more cannot be worked through in a day, and a heap is shown as one line anyway
READ = MOST + 10  # so many are read: some that stand behind a wall may fall away, and there are still more than fifty
MOST_CASES = 300
DAY_ENDS = time(17)


@dataclass(frozen=True, slots=True)
class WorkItem:
    """One thing to do: by when, what, why, and where (a URL name and its reference).

    With `many` it stands for so many of a kind, on the page that lists them.
    """

    due: datetime
    what: str
    why: str
    link: str
    reference: str
    late: bool
    kind: str
    about: str = ""
    many: int = 0


def work_for(user: User, at: datetime, *, briefly: bool = False) -> list[WorkItem]:
    """Everything that a person must do now or within a week, soonest first; `briefly` without what has weeks of time.

    Runs one to six queries. Of what a team shares, those that have waited longest.
    """
    found = list(triage_items(user, at))
    if user.role in (Role.CASEWORKER, Role.MANAGER):
        found += [*cases_due(user, at), *actions_due(user, at), *bed_and_breakfast(user, at)]
        if not (briefly and user.role == Role.MANAGER):
            found += gains_unconfirmed(user, at)
    if user.role == Role.MANAGER:
        found += allocations(user, at)
    return sorted(found, key=lambda item: (item.due, item.what, item.reference))


def end_of(day: date) -> datetime:
    """The moment at which a day's work is due: five in the afternoon, London."""
    return at_local(day, DAY_ENDS)


def item(
    due: datetime, at: datetime, what: str, why: str, link: str, reference: str, kind: str, about: str = ""
) -> WorkItem:
    """A work item that knows whether it is late."""
    return WorkItem(due, what, why, link, reference, due < at, kind, about or "")


def _of_teams(user: User) -> Q:
    """Cases of a manager's teams, by index."""
    return Q(Among("team_id", user.teams.order_by().values("pk")))


def with_facts(cases: QuerySet[Case], *, news_for: User | None = None) -> QuerySet[Case]:
    """Cases with what the household is called, the last note and the newest contact. Still one query.

    With `news_for` the newest contact is looked for only where that person leads the case.
    """
    newest = newest_contact()
    return cases.select_related("lead").annotate(
        called=eldest(),
        last_note_at=last_note(),
        contact_at=Choice(When(lead=news_for, then=newest)) if news_for else newest,
    )


def newest_contact() -> Greatest:
    """When the household of a case, or somebody on it, came to the front door last; as an annotation of cases."""
    # The contact that led to the case came before it opened, so it is never news and need not be left out.
    others = Contact.objects.order_by("-logged_at").values("logged_at")
    members = CaseMember.objects.filter(case=OuterRef(OuterRef("pk"))).values("resident")
    # Two look-ups, each by its index: with OR between them the database reads every contact for every case.
    return Greatest(
        Subquery(others.filter(household=OuterRef("household"))[:1]), Subquery(others.filter(resident__in=members)[:1])
    )


def last_note() -> Subquery:
    """When the newest note of a case was written; as an annotation of cases."""
    return _last(Note.objects.filter(case=OuterRef("pk")))


def cases_due(user: User, at: datetime) -> Iterator[WorkItem]:
    """Reviews, news of the household, silence, supervision, and checks after closing. Runs one query."""
    today, soon = days_of(at)
    for case in CASES.rows(user, at):
        own = case.lead_id == user.pk
        if case.status == Case.Status.CLOSED:
            why = "Six months after closing: has it lasted?"
            due_at, reference = end_of(case.check_on), case.reference
            yield item(due_at, at, "Check after closing", why, "cases:check", reference, "check", case.called)
            continue
        yield from _open_case_due(case, own, at, today, soon)
        if user.role == Role.MANAGER:
            yield from _supervision_due(case, own, at)


def _cases(user: User, at: datetime) -> QuerySet[Case]:
    soon = local_day(at + AHEAD)
    due = Q(status=Case.Status.OPEN, lead=user) | Q(
        status=Case.Status.CLOSED, lead=user, check_on__lte=soon, checked_at=None
    )
    if user.role == Role.MANAGER:
        due |= Q(_of_teams(user), status=Case.Status.OPEN) & _overdue(at)
    # Not by a join: the planner then compares every member of staff with every case.
    lead_name = Subquery(User.objects.filter(pk=OuterRef("lead")).values("name"))
    found = with_facts(Case.objects.visible_to(user).filter(due), news_for=user).select_related(None)
    found = found.annotate(supervised_at=_last(_supervision()), lead_name=lead_name)
    found = found.only("reference", "status", "tier", "lead", "opened_at", "review_due_on", "check_on")
    return found.order_by("review_due_on", "pk")[:MOST_CASES]


def _supervision() -> QuerySet[Note]:
    return Note.objects.filter(case=OuterRef("pk"), kind=Note.Kind.SUPERVISION)


def _last(notes: QuerySet[Note]) -> Subquery:
    """When the newest of these notes was written: the first by an index, for a maximum reads them all."""
    return Subquery(notes.order_by("-written_at").values("written_at")[:1])


def _overdue(at: datetime) -> Q:
    """Open cases of a team that its manager must look at: review late, nothing written for weeks, or no supervision."""
    silent_since = at - timedelta(days=SILENT_DAYS - 1)
    written = Exists(Note.objects.filter(case=OuterRef("pk"), written_at__gt=silent_since))
    late = Q(review_due_on__lt=local_day(at)) | (Q(opened_at__lte=silent_since) & ~written)
    for tier, days in SUPERVISE_DAYS.items():
        since = at - timedelta(days=days)
        late |= Q(tier=tier, opened_at__lte=since) & ~Exists(_supervision().filter(written_at__gt=since))
    return late


def _supervision_due(case: Case, own: bool, at: datetime) -> Iterator[WorkItem]:
    """A case that nobody has talked through with its lead: monthly at Intervention, six-weekly at Support."""
    last = case.supervised_at or case.opened_at
    due = end_of(local_day(last) + timedelta(days=SUPERVISE_DAYS[Tier(case.tier)]))
    if due < at and not own:
        seen = "none since it opened" if case.supervised_at is None else f"the last was on {last.day} {last:%B}"
        why = f"Led by {case.lead_name}; {seen}"
        yield item(due, at, "Supervision", why, "cases:notes", case.reference, "supervision", case.called)


def _open_case_due(case: Case, own: bool, at: datetime, today: date, soon: date) -> Iterator[WorkItem]:
    led = "You lead this case" if own else f"Led by {case.lead_name}"
    if case.review_due_on <= (soon if own else today - timedelta(days=1)):
        what = "Review the plan" if own else "Review overdue in your team"
        yield item(end_of(case.review_due_on), at, what, led, "cases:reviews", case.reference, "review", case.called)
    last = case.last_note_at or case.opened_at
    if own and case.contact_at and case.contact_at > last:
        why = "They came to the front door, and no note has been written since"
        yield item(
            case.contact_at, at, "Read the new contact", why, "cases:case", case.reference, "contact", case.called
        )
    silent = local_day(last) + timedelta(days=SILENT_DAYS)
    if silent <= today:
        what = "Write a note" if own else "No note in your team"
        why = f"{led}; nothing written for {said_span((today - local_day(last)).days)}"
        yield item(end_of(silent), at, what, why, "cases:notes", case.reference, "silent", case.called)


def actions_due(user: User, at: datetime) -> Iterator[WorkItem]:
    """Own actions due within a week, and overdue ones of agencies and households on cases that the person leads."""
    for action in ACTIONS.rows(user, at):
        who = action.owner_organisation or action.owner_name
        why = "An action of yours on the plan" if action.owner_id else f"Chase: {who} was to do this"
        yield item(
            end_of(action.due_on), at, action.what, why, "cases:plan", action.case.reference, "action", action.called
        )


def _actions(user: User, at: datetime) -> QuerySet[PlanAction]:
    own = Q(owner=user, due_on__lte=local_day(at + AHEAD))
    led = Case.objects.open().filter(lead=user).order_by().values("pk")
    chase = Q(Among("case_id", led), owner=None, due_on__lt=local_day(at))
    found = PlanAction.objects.visible_to(user).filter(
        own | chase, status=PlanAction.Status.OPEN, case__status=Case.Status.OPEN
    )
    found = found.select_related("case", "owner_organisation").annotate(called=eldest("case"))
    return found.only("what", "due_on", "owner", "owner_name", "owner_organisation__name", "case__reference")


def bed_and_breakfast(user: User, at: datetime) -> Iterator[WorkItem]:
    """Households with a child or a pregnancy that near six weeks in bed and breakfast."""
    today, stays = local_day(at), {}
    for stay in STAYS.rows(user, at):
        stays.setdefault(stay.household_id, []).append(stay)
    for chain in stays.values():
        first, last = bed_and_breakfast_since(chain), chain[-1]
        if first is None or not (last.young or last.told) or (nights := nights_between(first, today)) < WARN_NIGHTS:
            continue
        what = "Move on from bed and breakfast"
        why = f"{nights} nights, with a child or pregnancy; the limit is {MOST_NIGHTS}"
        yield item(end_of(leave_by(first)), at, what, why, "cases:housing", last.case.reference, "bnb", last.called)


def _stays(user: User, at: datetime) -> QuerySet[Placement]:
    cases = Case.objects.visible_to(user).open().order_by().values("pk")
    theirs = Q(Among("case_id", cases.filter(lead=user)))
    if user.role == Role.MANAGER:
        theirs |= Q(Among("case_id", cases.filter(team__in=user.teams.values("pk"))))
    # Else no run goes on: of the stays of all their cases only those of households that are there now are read.
    there = Placement.objects.filter(theirs, kind=Placement.Kind.BED_AND_BREAKFAST, ends_on=None)
    return (
        Placement.objects.filter(theirs, Among("household_id", there.order_by().values("household")))
        .annotate(called=eldest("case"), young=has_child(local_day(at), "case"), told=child_was_told_of("case"))
        .select_related("case")
        .only("household", "kind", "starts_on", "ends_on", "case__reference")
        .order_by("starts_on")
    )


def gains_unconfirmed(user: User, at: datetime) -> Iterator[WorkItem]:
    """Income claimed more than 30 days ago of which nobody has recorded the answer."""
    for gain in GAINS.rows(user, at):
        due = end_of(gain.claimed_on + timedelta(days=GAIN_DAYS))
        where = ("cases:money", gain.case.reference) if gain.case else ("cases:gain", gain.reference)
        why = f"{gain.get_kind_display()}, claimed {said_ago(gain.claimed_on, local_day(at))}"
        yield item(due, at, "Confirm an income gain", why, *where, "gain", gain.resident.name)


def _gains(user: User, at: datetime) -> QuerySet[IncomeGain]:
    before = local_day(at) - timedelta(days=GAIN_DAYS)
    led = Q(Among("case_id", Case.objects.filter(lead=user).order_by().values("pk")))
    claimed = IncomeGain.objects.visible_to(user).filter(
        led | Q(case=None, recorded_by=user), status=IncomeGain.Status.CLAIMED, claimed_on__lt=before
    )
    names = ("reference", "kind", "claimed_on", "case__reference", "resident__name")
    return claimed.select_related("case", "resident").only(*names)


def triage_items(user: User, at: datetime) -> Iterator[WorkItem]:
    """Contacts that the person has taken from the queue; for a manager also hard stops that nobody has. Runs one query."""
    for row in ITEMS.rows(user, at):
        about, urgency = str(row.contact.resident or row.contact.person_named or ""), row.get_urgency_display()
        what, why, kind = "Decide a contact", f"You took it from the queue: {urgency}", "triage"
        if row.status == TriageItem.Status.WAITING:
            what, why, kind = "Hard stop waiting in triage", f"{urgency}, and nobody has taken it", "hard_stop"
        yield item(row.due_at, at, what, why, "triage:item", row.reference, kind, about)


def _items(user: User, at: datetime) -> QuerySet[TriageItem]:
    waiting = Q(claimed_by=user, status=TriageItem.Status.CLAIMED)
    if user.role == Role.MANAGER:
        waiting |= Q(hard_stop=True, status=TriageItem.Status.WAITING)
    found = TriageItem.objects.visible_to(user).filter(waiting).select_related("contact", "contact__resident")
    names = ("status", "urgency", "due_at", "contact__reference", "contact__person_named")
    names += ("contact__resident__name", "contact__resident__preferred_name")
    return found.only(*names).order_by("due_at", "pk")[:READ]


def awaiting_allocation(user: User) -> QuerySet[Decision]:
    """Decisions for Support or Intervention that nobody leads yet, oldest first."""
    return (
        Decision.objects.visible_to(user)
        .awaiting_allocation()
        .filter(household__in=Household.objects.visible_to(user))
        .order_by("made_at", "pk")
    )


def longest_waiting(user: User, most: int) -> QuerySet[Decision]:
    """The first of them. Which they are, an index and row-level security say; then each is asked for as ever.

    In one question the planner takes the few that it expects for all there are, and reads every resident for each.
    """
    first = Decision.objects.awaiting_allocation().order_by("made_at", "pk").values("pk")[:most]
    return awaiting_allocation(user).filter(Among("id", first))


def allocations(user: User, at: datetime) -> Iterator[WorkItem]:
    """Decisions that wait for a lead, the oldest of them."""
    for decision in WAITING.rows(user, at):
        decided = local_day(decision.made_at)
        due = end_of(decided + timedelta(days=ALLOCATE_DAYS))
        why = f"{decision.get_chosen_tier_display()}, decided {said_ago(decided, local_day(at))}"
        about = str(decision.resident or "")
        yield item(due, at, "Allocate a case", why, "cases:allocate_one", decision.reference, "allocate", about)


def _waiting(user: User, at: datetime) -> QuerySet[Decision]:
    found = longest_waiting(user, READ).select_related("resident")
    return found.only("reference", "made_at", "chosen_tier", "resident__name", "resident__preferred_name")


# --- composed once ------------------------------------------------------------------------------------------------


def days_of(at: datetime) -> tuple[date, date]:
    """The days that the questions are about: today, and a week from now."""
    return local_day(at), local_day(at + AHEAD)


CASES, ACTIONS, STAYS, GAINS, ITEMS, WAITING = (
    Composed(make, days=days_of) for make in (_cases, _actions, _stays, _gains, _items, _waiting)
)
