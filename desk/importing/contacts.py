"""Rows of contacts: what was decided there is kept as decided, what was not waits for triage like any other contact."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from accounts.working_time import local_day
from desk.importing.job import Candidate, Job, Kind, digest, same_person
from intake.extract.rows import Approach
from intake.extract.values import Refused
from intake.models import Contact
from ledger import trail
from ledger.moves import advance
from ledger.references import draw_unused
from residents import chronology
from residents.models import ChronologyEntry, Household, Involvement, Membership, Resident
from triage.actions import reassess_contact
from triage.imported import Settled, settle_imported
from triage.tiers import Tier

ADULT_AT = 18
FIELDS = ("received_at", "speaking", "speaker_organisation", "words")


def make_contacts(job: Job, fresh: Sequence[Candidate]) -> list[int]:
    """Contacts in the order in which they were received, each decided or queued."""
    people = job.residents(one.value.person for one in fresh)
    homes = Homes(people.values())
    made: dict[str, Contact] = {}
    settled: list[Settled] = []
    for one in sorted(fresh, key=lambda one: (one.value.received_at, one.row.number)):
        said, resident = one.value, people[one.value.person]
        tier = Tier(said.tier) if said.outcome else None
        home = homes.on(resident, local_day(said.received_at), create=tier is not None and tier >= Tier.SUPPORT)
        made[one.key] = _contact(job, said, resident, home)
        settled.append(Settled(made[one.key], tier))
    homes.save(job)
    draw_unused(list(made.values()))
    Contact.objects.bulk_create(made.values(), batch_size=500)
    lines = [
        chronology.line(
            contact.resident,
            "record_contact",
            "Contact: imported from another system",
            subject=contact,
            at=contact.received_at,
            household=contact.household,
            written_at=job.now,
        )
        for contact in made.values()
        if contact.resident
    ]
    ChronologyEntry.objects.bulk_create(lines, batch_size=1000)
    trail.record_many(("record_contact", contact, contact.about()) for contact in made.values())
    settle_imported(settled, alone=homes.alone(), at=job.now)
    return [made[one.key].pk for one in fresh]


def _contact(job: Job, said: Approach, resident: Resident, home: Household | None) -> Contact:
    return Contact(
        resident=resident,
        household=home,
        channel=Contact.Channel.IMPORTED,
        status=Contact.Status.DECIDED if said.outcome else Contact.Status.WAITING,
        outcome=said.outcome,
        received_at=said.received_at,
        logged_at=job.now,
        speaking=said.speaking,
        speaker_organisation=_organisation(said),
        words=_words(job, said),
        basis=Contact.Basis.LATER,
        version=2,  # written down, then decided or queued
    )


def _organisation(said: Approach) -> str:
    return said.source if said.speaking == Contact.Speaking.PROFESSIONAL else ""


def _words(job: Job, said: Approach) -> str:
    """Plainly nobody's own words."""
    parts = [f"Imported from {job.source}. The person's own words were not in the extract.", f"Who: {said.source}."]
    if said.described:
        parts.append(f"Described there as: {said.described}.")
    parts.append(f"Outcome there: {said.decided}." if said.decided else "No outcome was recorded there.")
    return " ".join(parts)


class Homes:
    """Households of the people of one import. A household of one is begun only where Support or Intervention was decided."""

    def __init__(self, people: Iterable[Resident]) -> None:
        ids = [person.pk for person in people]
        self.members: dict[int, list[Membership]] = defaultdict(list)
        rows = Membership.objects.filter(resident__in=ids).select_related("household").order_by("since", "pk")
        for row in rows:
            self.members[row.resident_id].append(row)
        together = Membership.objects.filter(household__in={row.household_id for row in rows})
        self.shared = set(together.exclude(resident__in=ids).values_list("household_id", flat=True))
        by_home: dict[int, set[int]] = defaultdict(set)
        for row in rows:
            by_home[row.household_id].add(row.resident_id)
        self.shared |= {home for home, living in by_home.items() if len(living) > 1}
        self.ids = ids
        self.begun: list[Membership] = []

    def on(self, person: Resident, day: date, *, create: bool) -> Household | None:
        """Where they lived on a day; with `create` also where they lived next, or a household begun on that day."""
        known = self.members[person.pk]
        here = [row for row in known if row.since <= day and (row.until is None or row.until >= day)]
        if here:
            return here[-1].household
        if not create:
            return None
        later = [row for row in known if row.until is None]
        if later:
            return later[0].household
        age = person.age_on(day)
        part = Membership.Part.CHILD if age is not None and age < ADULT_AT else Membership.Part.ADULT
        begun = Membership(household=Household(), resident=person, part=part, since=day)
        known.append(begun)
        self.begun.append(begun)
        return begun.household

    def save(self, job: Job) -> None:
        """Write the households that were begun, with their stories."""
        for row in self.begun:
            row.household.created_at = job.now
        draw_unused([row.household for row in self.begun])
        Household.objects.bulk_create([row.household for row in self.begun], batch_size=1000)
        for row in self.begun:
            row.household = row.household  # takes on the number that it was given just now
        Membership.objects.bulk_create(self.begun, batch_size=1000)
        lines = [
            chronology.line(
                row.resident,
                "start_household",
                "Household begun",
                subject=row.household,
                at=job.now,
                household=row.household,
                written_at=job.now,
            )
            for row in self.begun
        ]
        ChronologyEntry.objects.bulk_create(lines, batch_size=1000)
        trail.record_many(("start_household", row.household, [row.resident.reference]) for row in self.begun)

    def alone(self) -> dict[int, list[Involvement]]:
        """People who share no household, with who works with them: the rules need ask the record nothing more of these."""
        lone = {pk for pk in self.ids if not any(row.household_id in self.shared for row in self.members[pk])}
        found: dict[int, list[Involvement]] = {pk: [] for pk in lone}
        for row in Involvement.objects.filter(resident__in=lone):
            found[row.resident_id].append(row)
        return found


def contacts_now(ids: Sequence[int]) -> dict[int, str]:
    """What the import wrote of each contact, as it stands; a contact that somebody has taken from the queue is changed."""
    rows = Contact.objects.filter(pk__in=ids).select_related("triage_item")
    return {row.pk: _digest(row) for row in rows}


def _digest(contact: Contact) -> str:
    item = getattr(contact, "triage_item", None)
    taken = (item.status, item.claimed_by_id) if item else ()
    kept = [getattr(contact, name) for name in FIELDS]
    return digest(contact.resident_id, contact.status, contact.outcome, contact.version, *kept, taken)


def may_change_contact(job: Job, one: Candidate) -> None:
    """A contact stays with its person, and what was decided is not undecided by a file."""
    contact = _found(one)
    same_person(contact.resident_id or 0, job, one.value.person)
    if contact.outcome and not one.value.outcome:
        raise Refused("its outcome was taken back there after it was decided: decide it again here")


def change_contact(job: Job, one: Candidate) -> None:
    """Bring a contact up to date: an outcome that came later decides it, another outcome decides it again."""
    contact, said = _found(one), one.value
    fresh = _contact(job, said, contact.resident, contact.household)  # type: ignore[arg-type]
    decides = bool(said.outcome) and (contact.outcome, contact.received_at) != (said.outcome, said.received_at)
    changed = [name for name in FIELDS if getattr(contact, name) != getattr(fresh, name)]
    for name in changed:
        setattr(contact, name, getattr(fresh, name))
    contact.version += 1
    contact.save(update_fields=[*changed, "version"])
    trail.record("correct_contact", contact, about=contact.about(), fields=changed)
    if not decides:
        reassess_contact(contact, by=None, at=job.now)  # type: ignore[arg-type]
        return
    homes, tier = Homes([contact.resident]), Tier(said.tier)  # type: ignore[list-item]
    day = local_day(contact.received_at)
    home = contact.household or homes.on(contact.resident, day, create=tier >= Tier.SUPPORT)  # type: ignore[arg-type]
    homes.save(job)
    contact = advance(contact, "decide", by=None, about=contact.about(), outcome=said.outcome, household=home)
    if (item := getattr(contact, "triage_item", None)) and item.can("settle"):
        advance(item, "settle", by=None, about=contact.about())
    latest = contact.decisions.order_by("-made_at", "-id").first()
    settle_imported([Settled(contact, tier, latest)], alone={}, at=job.now)


def _found(one: Candidate) -> Contact:
    contact = Contact.objects.select_related("resident", "household").filter(pk=one.known.our_id).first()  # type: ignore[union-attr]
    if contact is None:
        raise Refused("what it became here is not there any more")
    return contact


CONTACTS = Kind(Contact._meta.label, make_contacts, contacts_now, may_change_contact, change_contact)
