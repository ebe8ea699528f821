"""Two records side by side: what each says, what differs, and in words what goes over. For the pages of merging."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from accounts.models import User
from accounts.working_time import local_day
from ledger.acting import reading_as_system
from ledger.gathered import gather, keep_fetched
from residents.identity import said_birth
from residents.identity import said_place as place_for
from residents.merging import safer
from residents.merging.relations import relations
from residents.merging.since import is_followed
from residents.models import (
    Household,
    Involvement,
    Membership,
    Merge,
    Relationship,
    Resident,
    ResidentAddress,
    behind_the_wall,
    kept_back,
)
from residents.written import say_phone

SYSTEM = "system:merge"
# One and several of what goes over, where the model's own name does not say it well.
WORDS = {
    "residents.Membership": ("place in a household", "places in households"),
    "residents.Phone": ("phone number", "phone numbers"),
    "residents.EmailAddress": ("email address", "email addresses"),
    "residents.ResidentAddress": ("address", "addresses"),
    "residents.AccessGrant": ("named person", "named people"),
    "residents.Characteristics": ("answer about equality", "answers about equality"),
    "residents.ChronologyEntry": ("line of the chronology", "lines of the chronology"),
    "residents.Involvement": ("sign of who works with them", "signs of who works with them"),
    "residents.Agreement": ("agreement to share", "agreements to share"),
    "residents.PersonWhoMatters": ("person who matters", "people who matter"),
    "intake.ProposedChange": ("row of a file of people", "rows of files of people"),
    "intake.QuarantinedMatch": ("row of a file that a manager keeps apart", "rows of files that managers keep apart"),
    "triage.SafeguardingEpisode": ("passage through safeguarding", "passages through safeguarding"),
    "cases.CaseMember": ("place on a case", "places on cases"),
    "cases.PlanNeed": ("goal of a plan", "goals of plans"),
    "cases.IncomeGain": ("income gain", "income gains"),
}


@dataclass
class Line:
    """One thing that both records say something of. `name` is that of the choice, where there is one to make."""

    label: str
    mine: str
    theirs: str
    name: str = ""
    usual: str = "survivor"


def compare(survivor: Resident, other: Resident, by: User) -> tuple[list[Line], tuple[str, str] | None]:
    """Everything that tells two people apart or shows them to be one, differences to choose among first; and with whom each
    lives, where that must be chosen, too. Runs one query.
    """
    mine, theirs, homes = _rows_of(survivor, other, by)
    lines = [
        Line(label, said(survivor, name), said(other, name), name, safer.usual_choice(survivor, other, columns))
        for name, (label, columns) in safer.FIELDS.items()
    ]
    for name, (label, kinds) in safer.PLACES.items():
        here, there = (
            [one for one in rows["places"] if one.kind in kinds and one.until is None] for rows in (mine, theirs)
        )
        usual = "other" if there and not here else "survivor"
        lines.append(Line(label, _places(here), _places(there), name, usual))
    for line in lines:
        line.name = line.name if _is_a_choice(line) else ""
    for label, kind, tell in (
        ("Phone numbers", "phones", lambda one: say_phone(one.number)),
        ("Email addresses", "emails", lambda one: one.address),
        ("Former addresses", "former", said_place),
        ("Worked with by", "involvements", _who),
    ):
        lines.append(Line(label, _several(mine[kind], tell), _several(theirs[kind], tell)))
    lines.append(Line("Record begun", _day(survivor), _day(other)))
    return sorted((line for line in lines if line.mine or line.theirs), key=_differing_first), homes


def _differing_first(line: Line) -> int:
    """First what must be chosen, then what only one of them says, then what both say alike."""
    return 0 if line.name else 1 if line.mine != line.theirs else 2


def _is_a_choice(line: Line) -> bool:
    """An answer against none is no choice: it is kept. Of places the former one is kept beside the present one."""
    return line.mine != line.theirs and bool(line.mine and line.theirs)


def _rows_of(
    survivor: Resident, other: Resident, by: User
) -> tuple[dict[str, list[Any]], dict[str, list[Any]], tuple[str, str] | None]:
    """The rows of each that the page tells of, and their households."""
    asked: dict[str, QuerySet[Any]] = {}
    for side, person in (("mine", survivor), ("theirs", other)):
        places = person.addresses.exclude(pk__in=kept_back("place", [person.pk])).only(
            *("kind", "care_of", "confidential", "since", "until", "address__lines", "address__postcode")
        )
        asked |= {
            f"{side} phones": person.phones.exclude(pk__in=kept_back("phone", [person.pk])),
            f"{side} emails": person.emails.exclude(pk__in=kept_back("email", [person.pk])),
            f"{side} places": places,
            f"{side} involvements": person.involvements.filter(until=None).only(
                *("kind", "who", "what", "organisation__name", "user__name")
            ),
        }
    asked["warnings"] = survivor.warnings.in_force()
    people = [survivor, other]
    asked["living"] = Membership.objects.filter(resident__in=people, until=None).order_by()
    asked["together"] = _together(people, asked["living"], by)
    found = gather(survivor, **{name.replace(" ", "_"): rows for name, rows in asked.items()})
    keep_fetched(survivor, warnings=found["warnings"])  # the identity bar asks for them again
    sides = []
    for side in ("mine", "theirs"):
        rows = {name: found[f"{side}_{name}"] for name in ("phones", "emails", "places", "involvements")}
        sides.append(rows | {"former": [one for one in rows["places"] if one.until]})
    return sides[0], sides[1], _households(people, found["living"], found["together"])


def said(resident: Resident, name: str) -> str:
    """What a record says of one field, in words; nothing where it says nothing."""
    if name == "birth":
        return said_birth(resident)
    value = getattr(resident, name)
    if name == "needs_interpreter":
        return "Needed" if value else ""
    if name == "died_on":
        return f"{value.day} {value:%B %Y}" if value else ""
    return str(value or "")


def said_place(place: ResidentAddress) -> str:
    """An address as a manager may know it."""
    return place_for(place, open_to_reader=True)


def _places(rows: Iterable[Any]) -> str:
    return _several(rows, said_place)


def _several(rows: Iterable[Any], tell: Any) -> str:
    return "; ".join(dict.fromkeys(tell(one) for one in rows))


def _who(one: Involvement) -> str:
    name = one.who or (one.user.name if one.user else "") or (one.organisation.name if one.organisation else "")
    return f"{name} ({one.what})" if name else one.what


def _day(resident: Resident) -> str:
    day = local_day(resident.created_at)
    return f"{day.day} {day:%B %Y}"


def what_goes_over(other: Resident, by: User) -> list[str]:
    """How many rows of each kind go over, in words, those of rooms that the reader may not enter included. Runs one query.

    Relationships are counted as far as the reader may know of them: an alleged perpetrator's record must not tell of any.
    """
    found = [one for one in relations() if is_followed(one)]
    counts = [
        Subquery(
            (Relationship.objects.visible_to(by) if one.model is Relationship else one.model._base_manager)
            .filter(**{one.column: OuterRef("pk")})
            .order_by()
            .values(one.column)
            .annotate(rows=Count("pk"))
            .values("rows")
        )
        for one in found
    ]
    with reading_as_system(SYSTEM):
        numbers = Resident.objects.filter(pk=other.pk).values_list(*counts).get()
    counted: dict[str, int] = {}
    for one, rows in zip(found, numbers, strict=True):
        counted[one.label] = counted.get(one.label, 0) + (rows or 0)
    return [f"{rows:,} {words_for(label, rows)}" for label, rows in counted.items() if rows]


def words_for(label: str, number: int) -> str:
    """What rows of a model are called: one, or several."""
    if label in WORDS:
        return WORDS[label][0 if number == 1 else 1]
    name = next((str(one.model._meta.verbose_name) for one in relations() if one.label == label), label)
    return name if number == 1 else f"{name}s"


def who_may_open(survivor: Resident, other: Resident, by: User) -> list[str]:
    """The names of those who may open the record afterwards, where it is or becomes restricted. Runs one query."""
    if not (survivor.restricted or other.restricted):
        return []
    with reading_as_system(SYSTEM):
        grants = User.objects.filter(
            Q(access_grants__until=None) | Q(access_grants__until__gt=timezone.now()),
            access_grants__resident__in=[survivor.pk, other.pk],
        )
        return sorted({*grants.values_list("name", flat=True), by.name})


def _households(people: list[Resident], living: list[Membership], there: list[Membership]) -> tuple[str, str] | None:
    """With whom each of them lives now, where the records say two different things and the reader may know both.

    Where somebody hidden lives in one of the households, or it leads behind a wall, nothing is asked and both stand.
    """
    mine, theirs = ({row.household_id for row in living if row.resident_id == one.pk} for one in people)
    homes: dict[int, tuple[str, list[str]]] = {}
    for row in there:
        _, names = homes.setdefault(row.household_id, (row.household.reference, []))
        names += [row.resident.name] if row.resident_id not in {one.pk for one in people} else []
    if not mine or not theirs or mine == theirs or homes.keys() != mine | theirs:
        return None
    said = {pk: f"With {', '.join(names)} ({of})" if names else f"Alone ({of})" for pk, (of, names) in homes.items()}
    return "; ".join(said[pk] for pk in sorted(mine)), "; ".join(said[pk] for pk in sorted(theirs))


def _together(people: list[Resident], living: QuerySet[Membership], by: User) -> QuerySet[Membership]:
    """Who lives in the households of both, as the reader may know."""
    seen = Household.objects.visible_to(by).exclude(pk__in=kept_back("home", [one.pk for one in people]))
    rows = Membership.objects.visible_to(by).filter(household__in=seen.filter(pk__in=living.values("household")))
    for one in people:
        rows = rows.exclude(resident__in=behind_the_wall(one.pk))
    return rows.filter(until=None).only("household__reference", "resident__name").order_by("household", "since", "pk")


def working_with(survivor: Resident, other: Resident) -> list[int]:
    """The keys of staff who work with either of them. Runs one query."""
    rows = Involvement.objects.filter(resident__in=[survivor, other], until=None, user__isnull=False)
    return list(rows.values_list("user", flat=True).distinct())


def merges_of(resident: Resident) -> list[Merge]:
    """The merges in which a record took part, newest first, undone ones too; for whoever has opened it. Runs one query."""
    with reading_as_system(SYSTEM):
        part = Q(stands_in=resident) | Q(survivor=resident) | Q(other=resident)
        return list(Merge.objects.filter(part).select_related("survivor", "other", "by", "undone_by"))
