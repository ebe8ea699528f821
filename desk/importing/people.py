"""Rows of person become residents; rows of professionals are only read: nobody gets a sign-in from a file."""

from collections.abc import Sequence

from desk.importing.job import Candidate, Job, Kind, digest
from intake.extract.rows import Person
from ledger import trail
from ledger.fields import PartialDate
from ledger.references import draw_unused
from residents import chronology
from residents.actions import change_details
from residents.actions.people import tell_restricted_twins
from residents.models import Birth, Characteristics, ChronologyEntry, Resident
from residents.search import rebuild_keys


def make_people(job: Job, fresh: Sequence[Candidate]) -> list[int]:
    """A record for each, and nobody is taken for somebody who is here already: two of one name and birth stay two."""
    people = [_resident(job, one.value) for one in fresh]
    draw_unused(people)
    Resident.objects.bulk_create(people, batch_size=1000)
    pairs = list(zip(people, (one.value for one in fresh), strict=True))
    Characteristics.objects.bulk_create(
        [
            Characteristics(resident=person, gender=said.gender, ethnicity=said.ethnicity)
            for person, said in pairs
            if said.gender or said.ethnicity
        ],
        batch_size=1000,
    )
    ChronologyEntry.objects.bulk_create(
        [
            chronology.line(
                person,
                "register_resident",
                f"Record begun, imported from {job.source}",
                subject=person,
                at=job.now,
                written_at=job.now,
                detail=f"Birth expected on {said.expected_on:%d/%m/%Y}" if said.expected_on else "",
            )
            for person, said in pairs
        ],
        batch_size=1000,
    )
    rebuild_keys(Resident.objects.filter(pk__in=[person.pk for person in people]))
    trail.record_many(("register_resident", person, [person.reference]) for person in people)
    tell_restricted_twins(people, at=job.now)
    return [person.pk for person in people]


def _resident(job: Job, said: Person) -> Resident:
    return Resident(
        name=said.name,
        born_on=said.born_on,
        birth=Birth.FULL if said.born_on else Birth.UNKNOWN,
        died_on=said.died_on,
        nhs_number=said.nhs_number,
        created_at=job.now,
    )


def people_now(ids: Sequence[int]) -> dict[int, str]:
    """What the import wrote of each resident, as it stands."""
    rows = Resident.objects.filter(pk__in=ids).select_related("characteristics")
    return {person.pk: _digest(person) for person in rows}


def _digest(person: Resident) -> str:
    traits = getattr(person, "characteristics", None)
    equality = (traits.gender, traits.ethnicity) if traits else ("", "")
    return digest(person.name, person.born_on, person.birth, person.died_on, person.nhs_number, *equality)


def may_change_person(job: Job, one: Candidate) -> None:
    """Who somebody is may change."""


def change_person(job: Job, one: Candidate) -> None:
    """Bring a resident up to date with the extract."""
    said: Person = one.value
    resident = Resident.objects.get(pk=one.known.our_id)  # type: ignore[union-attr]
    change_details(
        resident,
        seen=resident.version,
        by=None,
        at=job.now,
        name=said.name,
        born=PartialDate.of(said.born_on, "full") if said.born_on else PartialDate(),
        died_on=said.died_on,
        nhs_number=said.nhs_number,
    )
    traits, new = Characteristics.objects.get_or_create(
        resident=resident, defaults={"gender": said.gender, "ethnicity": said.ethnicity}
    )
    if not new and (traits.gender, traits.ethnicity) != (said.gender, said.ethnicity):
        traits.gender, traits.ethnicity = said.gender, said.ethnicity
        traits.save(update_fields=["gender", "ethnicity"])


def make_professionals(job: Job, fresh: Sequence[Candidate]) -> list[int]:
    """Nothing of ours: their names stand where they work with somebody."""
    return [0] * len(fresh)


def professionals_now(ids: Sequence[int]) -> dict[int, str]:
    """There is nothing here that somebody could have changed."""
    return dict.fromkeys(ids, "")


def change_professional(job: Job, one: Candidate) -> None:
    """The name changes where it stands, when those rows are read."""


PEOPLE = Kind(Resident._meta.label, make_people, people_now, may_change_person, change_person)
PROFESSIONALS = Kind("", make_professionals, professionals_now, may_change_person, change_professional)
