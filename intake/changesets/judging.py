"""The verdict on each row: whom it may be about among those we know and among the rows before it. Acts as the system."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q

from intake.changesets.differing import Held, differences, held_by
from intake.changesets.facts import BY_HAND, compared, too_little
from intake.models import Changeset, ImportedRecord, ProposedChange, QuarantinedMatch
from residents.comparing import Facts
from residents.dates import swapped
from residents.likely import facts_of_people, meetings, scale, share_words
from residents.likeness import Likeness, Scale
from residents.models import Resident
from residents.pairing import pair_numbers
from residents.weights import SHOW

SURE = 0.9
"""From here on a row is matched by itself, where nobody else comes near."""
WARY = 0.2
"""From here on a row that may be about somebody restricted is kept apart: far below where a pair is suggested."""
MOST_SHOWN, MOST_IN_FILE = 5, 30
Verdict, State = ProposedChange.Verdict, ProposedChange.State


@dataclass(slots=True)
class Met:
    """Whom a row may be about: restricted or not, the likeliest first."""

    open: list[tuple[Resident, Likeness]] = field(default_factory=list)
    closed: list[tuple[Resident, Likeness]] = field(default_factory=list)


def who_fits(facts: Sequence[Facts], known: Sequence[int | None] | None = None) -> list[Met]:
    """For each of these, the residents who may be meant. `known`: whom the source's own number meant before, each or None."""
    known = known or [None] * len(facts)
    asked = [
        {*met, *near, *([pk] if pk else [])}
        for met, near, pk in zip(meetings(facts), _restricted_near(facts), known, strict=True)
    ]
    everybody = {pk for ids in asked for pk in ids}
    people = {
        one.pk: one.merged_into or one
        for one in Resident.objects.filter(pk__in=everybody).select_related("merged_into")
    }
    theirs = dict(facts_of_people({one.pk for one in people.values()}))
    weigh = scale(share_words(facts)) if everybody else None
    return [_met(one, ids, people, theirs, weigh) for one, ids in zip(facts, asked, strict=True)]


def _met(facts: Facts, ids: Iterable[int], people: dict, theirs: dict, weigh: Scale | None) -> Met:  # type: ignore[type-arg]
    met = Met()
    # Of a record that was merged into another, the one that stands.
    for person in {people[pk].pk: people[pk] for pk in ids}.values():
        found = weigh.weigh(facts, theirs[person.pk])  # type: ignore[union-attr]
        if person.restricted and found.chance >= WARY:
            met.closed.append((person, found))
        elif not person.restricted and found.chance >= SHOW:
            met.open.append((person, found))
    for side in (met.open, met.closed):
        side.sort(key=_likeliest)
    return met


def _likeliest(pair: tuple[Resident, Likeness]) -> tuple[float, int, int]:
    """Where two are as likely the one with whom more is the very same comes first."""
    person, found = pair
    return -round(found.chance, 3), -found.levels.count("same"), person.pk


def _restricted_near(facts: Sequence[Facts]) -> list[set[int]]:
    """For each the restricted people of that day of birth, number or address: there are few, and their keys may be a moment old.

    Runs three queries, however many are asked for.
    """
    wanted = [_marks(one) for one in facts]
    by_kind: dict[str, set[Any]] = defaultdict(set)
    for kind, value in set().union(*wanted):
        by_kind[kind].add(value)
    of: dict[tuple[str, Any], set[int]] = defaultdict(set)
    hidden = Resident.objects.filter(restricted=True)
    rows = hidden.filter(Q(born_on__in=by_kind["born"]) | Q(nhs_number__in=by_kind["nhs"]))
    for pk, born, nhs in rows.values_list("pk", "born_on", "nhs_number"):
        of["born", born].add(pk)
        of["nhs", nhs].add(pk)
    for kind, way in (("phone", "phones__number"), ("email", "emails__address")):
        for pk, value in hidden.filter(**{f"{way}__in": by_kind[kind]}).values_list("pk", way):
            of[kind, value].add(pk)
    return [set().union(*(of[mark] for mark in marks if mark in of)) for marks in wanted]


def _marks(facts: Facts) -> set[tuple[str, Any]]:
    """By what somebody restricted may be near these facts: (kind, value)."""
    marks: set[tuple[str, Any]] = {("phone", one) for one in facts.phones} | {("email", one) for one in facts.emails}
    if facts.nhs:
        marks.add(("nhs", facts.nhs))
    if len(facts.born) == 8:
        born = date(int(facts.born[:4]), int(facts.born[4:6]), int(facts.born[6:]))
        marks |= {("born", one) for one in (born, swapped(born)) if one}
    return marks


# --- a file -------------------------------------------------------------------------------------------------------


class File:
    """The earlier rows of one file that these may be about: the same person may stand in it twice.

    Of a long file only those rows are held whose keys these share, whatever its length.
    """

    def __init__(self, changeset: Changeset, fresh: Sequence[ProposedChange], facts: Sequence[Facts]) -> None:
        self.changeset = changeset
        self.keys = {change.number: pair_numbers(one) for change, one in zip(fresh, facts, strict=True)}
        self.by_key: dict[int, list[int]] = defaultdict(list)
        self.by_id: dict[str, ProposedChange] = {}
        self.rows: dict[int, ProposedChange] = {}
        wanted, near = set().union(*self.keys.values()), set()
        read = changeset.changes.exclude(verdict__in=[Verdict.UNREAD, Verdict.REFUSED])
        for number, keys in read.filter(repeats=None).order_by("number").values_list("number", "keys").iterator():
            for key in wanted.intersection(keys):
                self.by_key[key].append(number)
                near.add(number)
        self.rows = {row.number: row for row in changeset.changes.filter(number__in=near)}
        ids = {one.their_id for one in fresh if one.their_id}
        for row in read.filter(their_id__in=ids).order_by("number"):
            self.by_id.setdefault(row.their_id, row)

    def add(self, change: ProposedChange) -> None:
        """Remember a row, and by what it is met."""
        if change.their_id:
            self.by_id.setdefault(change.their_id, change)
        if change.repeats_id is None and (change.verdict != Verdict.UNCHANGED or change.resident_id):
            change.keys = sorted(self.keys[change.number])
            self.rows[change.number] = change
            for key in change.keys:
                self.by_key[key].append(change.number)

    def same_as(self, change: ProposedChange, facts: Facts, weigh: Scale) -> ProposedChange | None:
        """The earlier row about the same person. Twins, father and son, and people of one home stay apart."""
        near = {number for key in self.keys[change.number] for number in self.by_key.get(key, ())[:MOST_IN_FILE]}
        found = [(weigh.chance(facts, compared(self.rows[number].facts)), -number) for number in near]
        best = max(found, default=(0.0, 0))
        return self.rows[-best[1]] if best[0] >= SURE else None


def judge_rows(changeset: Changeset, changes: Sequence[ProposedChange]) -> None:
    """Give each row its verdict and save it. The rows have their facts, or are refused already."""
    fresh = [one for one in changes if one.verdict != Verdict.REFUSED]
    links = _links(changeset, fresh)
    before = _before(changeset, fresh)
    facts = [compared(one.facts) for one in fresh]
    file = File(changeset, fresh, facts)
    known = [links[one.their_id].our_id if one.their_id in links else None for one in fresh]
    met = who_fits(facts, known)
    held = held_by({pair[0].pk for one in met for pair in one.open})
    weigh = scale(share_words(facts)) if fresh else None
    kept: list[QuarantinedMatch] = []
    for change, theirs, fits, pk in zip(fresh, facts, met, known, strict=True):
        kept += _judge(file, change, theirs, fits, pk, held, before.get(_key(change)), weigh)  # type: ignore[arg-type]
        if change.verdict != Verdict.REFUSED:
            file.add(change)
    ProposedChange.objects.bulk_update(
        changes,
        [
            "their_id",
            "checksum",
            "cells",
            "facts",
            "verdict",
            "state",
            "reason",
            "resident",
            "candidates",
            "repeats",
            "keys",
        ],
        batch_size=500,
    )
    QuarantinedMatch.objects.bulk_create(kept, batch_size=500)


def _judge(
    file: File,
    change: ProposedChange,
    facts: Facts,
    met: Met,
    pk: int | None,
    held: dict[int, Held],
    before: ProposedChange | None,
    weigh: Scale,
) -> list[QuarantinedMatch]:
    if met.closed or change.facts.get("closed") or too_little(change.facts):
        refuse(change, BY_HAND)
        return quarantined(change, met)
    if before is not None:
        _leave(change, before)
        return []
    earlier = file.by_id.get(change.their_id) if change.their_id else None
    if earlier is not None and earlier.checksum == change.checksum:
        change.repeats, change.verdict, change.state = earlier, Verdict.UNCHANGED, State.LEFT
        change.reason = f"Says the same as row {earlier.number}"
        return []
    if earlier is not None:
        refuse(change, f"Its number was used on row {earlier.number} already, and says something else there")
        return []
    change.repeats = file.same_as(change, facts, weigh)
    if change.repeats is not None:
        change.verdict, change.reason = Verdict.MATCHED, f"The same person as row {change.repeats.number}"
        return []
    _weigh_up(change, met, pk, held)
    return []


def judge_alone(change: ProposedChange) -> list[QuarantinedMatch]:
    """The verdict on a row that is not about the person of an earlier one. What it gives is to be kept besides; it saves nothing."""
    (met,) = who_fits([compared(change.facts)])
    change.resident, change.repeats = None, None
    if met.closed:
        refuse(change, BY_HAND)
        return quarantined(change, met)
    _weigh_up(change, met, None, held_by({one.pk for one, _ in met.open}))
    return []


def candidates(met: Met) -> list[dict[str, Any]]:
    """Whom a decision may choose from, as the row keeps them."""
    return [
        {"id": one.pk, "chance": round(found.chance, 3), "agrees": found.agrees, "differs": found.differs}
        for one, found in met.open[:MOST_SHOWN]
    ]


def _weigh_up(change: ProposedChange, met: Met, pk: int | None, held: dict[int, Held]) -> None:
    """New, matched, to be decided, or nothing new."""
    change.candidates = candidates(met)
    by_number = next((one for one, _ in met.open if one.pk == pk), None)
    best = met.open[0][1].chance if met.open else 0.0
    second = met.open[1][1].chance if len(met.open) > 1 else 0.0
    if by_number is not None:
        change.resident, change.reason = by_number, "Their number meant this record before"
    elif best >= SURE and second < SURE / 2:
        change.resident, agrees = met.open[0][0], ", ".join(met.open[0][1].agrees).lower()
        change.reason = f"The same person by {agrees}"[:300] if agrees else "The same person"
    elif met.open:
        change.verdict = Verdict.CONFLICTING
        many = len(change.candidates)
        change.reason = "Somebody here may be this person" if many == 1 else f"{many} people here may be this person"
        return
    else:
        change.verdict, change.reason = Verdict.NEW, "Nobody here is like this person"
        return
    lines = differences(change.facts, held[change.resident.pk])
    if any(line.differs for line in lines):
        change.verdict = Verdict.CONFLICTING
        differing = [line.label.lower() for line in lines if line.differs]
        change.reason = f"The same person; {', '.join(differing)} says something else"
    elif any(line.adds for line in lines):
        change.verdict = Verdict.MATCHED
    elif pk is None and change.their_id:
        change.verdict, change.reason = Verdict.MATCHED, f"{change.reason}. Only their number is new"[:300]
    else:
        change.verdict, change.state = Verdict.UNCHANGED, State.LEFT
        change.reason = "We hold all of it already"


def refuse(change: ProposedChange, why: str) -> None:
    """Nothing of the row can be taken in; what it looked like is not kept beside it."""
    change.verdict, change.state, change.reason = Verdict.REFUSED, State.LEFT, why[:300]
    change.candidates, change.resident, change.repeats = [], None, None


def quarantined(change: ProposedChange, met: Met) -> list[QuarantinedMatch]:
    """Whom a refused row fits among restricted people: rows that only those see who may open the record."""
    return [
        QuarantinedMatch(
            change=change,
            resident=one,
            per_mille=round(found.chance * 1000),
            said={"agrees": found.agrees, "differs": found.differs},
        )
        for one, found in met.closed[:MOST_SHOWN]
    ]


# --- the same file again ------------------------------------------------------------------------------------------


def _key(change: ProposedChange) -> tuple[str, str]:
    return change.their_id, change.checksum


def _links(changeset: Changeset, changes: Sequence[ProposedChange]) -> dict[str, ImportedRecord]:
    rows = ImportedRecord.objects.filter(
        source=changeset.source, table=changeset.table, their_id__in=[one.their_id for one in changes if one.their_id]
    )
    return {row.their_id: row for row in rows}


def _before(changeset: Changeset, changes: Sequence[ProposedChange]) -> dict[tuple[str, str], ProposedChange]:
    """Rows of earlier files of the source that say the very same and were taken in, turned down or wait."""
    rows = ProposedChange.objects.filter(
        changeset__source=changeset.source,
        changeset__table=changeset.table,
        changeset__pk__lt=changeset.pk,
        their_id__in=[one.their_id for one in changes],
        state__in=[State.ACCEPTED, State.REJECTED, State.WAITING],
    )
    return {_key(one): one for one in rows.select_related("changeset", "resident").order_by("pk")}


def _leave(change: ProposedChange, before: ProposedChange) -> None:
    """Whom it became is remembered: a later row of this file may be about the same person."""
    became: dict[Any, str] = {
        State.ACCEPTED: "Taken in from", State.REJECTED: "Turned down in", State.WAITING: "Waits already in"
    }  # fmt: skip
    change.verdict, change.state = Verdict.UNCHANGED, State.LEFT
    change.resident = before.resident if before.state == State.ACCEPTED else None
    change.reason = f"{became[before.state]} {before.changeset.reference}, row {before.number}"
