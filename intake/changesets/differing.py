"""What a row says beside what we hold of one person: the same, more, or something else."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import BooleanField, ExpressionWrapper, Prefetch, Q, QuerySet

from intake.changesets.facts import Said, birth_in
from ledger.fields import PartialDate
from residents.comparing import alike
from residents.matching import home_of
from residents.models import Birth, Resident, ResidentAddress, kept_back
from residents.names import words_of
from residents.sides import contact_points
from residents.written import say_phone


@dataclass(frozen=True, slots=True)
class Held:
    """What we hold of one resident, of that which a file may say."""

    name: str
    born: PartialDate
    estimated: bool
    died: date | None
    nhs_number: str
    phones: frozenset[str]
    emails: frozenset[str]
    lines: str
    postcode: str
    confidential: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One field: what the file says, what we hold, and what that means."""

    field: str
    label: str
    theirs: str
    ours: str
    adds: bool = False
    differs: bool = False
    note: str = ""


def held_by(people: Iterable[int]) -> dict[int, Held]:
    """What we hold of these residents, under the rights of whoever acts. Runs four queries."""
    return {person.pk: held(person) for person in to_compare(people)}


def to_compare(people: Iterable[int]) -> QuerySet[Resident]:
    """These residents with what `held` asks of them; numbers by which somebody behind a wall would be found are left out."""
    keys = list(people)
    kept = ExpressionWrapper(Q(pk__in=kept_back("place", keys)), output_field=BooleanField())
    return Resident.objects.filter(pk__in=keys).prefetch_related(
        *contact_points(keys),
        Prefetch("addresses", ResidentAddress.objects.select_related("address").annotate(kept_back=kept)),
    )


def held(person: Resident) -> Held:
    """What we hold of one resident of `to_compare`."""
    home = home_of(person)
    hidden = any((one.confidential or one.kept_back) and one.until is None for one in person.addresses.all())
    place = home.address if home and home.address and not hidden else None
    return Held(
        person.name,
        PartialDate.of(person.born_on, "full" if person.birth == Birth.ESTIMATED else person.birth),
        person.birth == Birth.ESTIMATED,
        person.died_on,
        person.nhs_number,
        frozenset(one.number for one in person.phones.all() if one.until is None),
        frozenset(one.address.casefold() for one in person.emails.all() if one.until is None),
        place.lines if place else "",
        place.postcode if place else "",
        hidden,
    )


def differences(said: Said, ours: Held | None) -> list[Line]:
    """Each field of the row beside ours; without a record of ours all of it is new."""
    return [line for line in (_name(said, ours), _born(said, ours), _died(said, ours), _nhs(said, ours), *_reach(said, ours), _home(said, ours)) if line]  # fmt: skip


def _line(field: str, label: str, theirs: str, ours: str, *, same: bool) -> Line | None:
    if not theirs:
        return None
    return Line(field, label, theirs, ours, adds=not ours, differs=bool(ours) and not same)


def _name(said: Said, ours: Held | None) -> Line | None:
    mine = ours.name if ours else ""
    return _line("name", "Name", said["name"], mine, same=words_of(mine) == words_of(said["name"]))


def _born(said: Said, ours: Held | None) -> Line | None:
    theirs = birth_in(said)
    mine = ours.born if ours else PartialDate()
    words = str(mine) + (" (estimated)" if ours and ours.estimated else "")
    line = _line(
        "born", "Date of birth", str(theirs) if theirs else "", words if mine else "", same=_part_of(theirs, mine)
    )
    if line and line.differs and _part_of(mine, theirs) and ours and not ours.estimated:
        return Line("born", line.label, line.theirs, line.ours, adds=True)
    return line


def _part_of(less: PartialDate, more: PartialDate) -> bool:
    """Whether one date says nothing that the other does not."""
    pairs = ((less.year, more.year), (less.month, more.month), (less.day, more.day))
    return all(one is None or one == other for one, other in pairs)


def _died(said: Said, ours: Held | None) -> Line | None:
    theirs = date.fromisoformat(said["died"]) if said.get("died") else None
    mine = ours.died if ours else None
    words = [f"{one.day} {one:%B %Y}" if one else "" for one in (theirs, mine)]
    line = _line("died", "Date of death", *words, same=theirs == mine)
    # Nobody is recorded as dead by a heap: it is always looked at.
    return Line("died", line.label, line.theirs, line.ours, differs=True) if line and line.adds and ours else line


def _nhs(said: Said, ours: Held | None) -> Line | None:
    theirs, mine = said.get("nhs_number", ""), ours.nhs_number if ours else ""
    return _line("nhs_number", "NHS number", theirs, mine, same=theirs == mine)


def _reach(said: Said, ours: Held | None) -> list[Line]:
    """Numbers and addresses for messages: one more never takes the place of another."""
    phones, emails = (ours.phones, ours.emails) if ours else (frozenset(), frozenset())
    found = []
    for field, label, theirs, mine in (
        ("phone", "Phone number", said.get("phone", ""), phones),
        ("email", "Email address", said.get("email", ""), emails),
    ):
        if not theirs:
            continue
        shown = say_phone(theirs) if field == "phone" else theirs
        present = ", ".join(sorted(map(say_phone, mine) if field == "phone" else mine))
        adds = theirs.casefold() not in mine
        note = "Added beside ours" if adds and mine else ""
        found.append(Line(field, label, shown, present, adds=adds, note=note))
    return found


def _home(said: Said, ours: Held | None) -> Line | None:
    theirs = ", ".join(filter(None, (said.get("lines", ""), said.get("postcode", ""))))
    if not said.get("lines"):
        return None
    if ours and ours.confidential:
        return Line("home", "Address", theirs, "", note="Ours must not be told and stays. Change it on the record")
    mine = ", ".join(filter(None, (ours.lines, ours.postcode))) if ours else ""
    same = bool(ours) and _same_place(said, ours)  # type: ignore[arg-type]
    return _line("home", "Address", theirs, mine, same=same)


def _same_place(said: Said, ours: Held) -> bool:
    theirs, mine = words_of(said["lines"]), words_of(ours.lines)
    if said.get("postcode") and ours.postcode and said["postcode"] != ours.postcode:
        return False
    return theirs == mine or (bool(said.get("postcode")) and theirs[:2] == mine[:2] and alike("".join(theirs[:3]), "".join(mine[:3])) != "other")  # fmt: skip


def taken(lines: Iterable[Line], take: Collection[str]) -> set[str]:
    """Of which fields the file's word is taken: all that adds, and of the rest what was chosen."""
    return {line.field for line in lines if line.adds or (line.differs and line.field in take)}
