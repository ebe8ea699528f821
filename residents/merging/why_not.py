"""What forbids that two records are made one, in words; nothing of it tells a reader what they may not know."""

from dataclasses import dataclass

from accounts.models import User
from ledger.gathered import gather
from residents.likely import pairs_of
from residents.merging.since import Happened
from residents.models import LikelyPair, Relationship, Resident

ASK = "These two records cannot be made one here. Ask the duty manager."
ASK_UNDO = "Something was written since that you may not read, so you cannot say whom it is about. Ask the duty manager to undo this."
HARMS = "One of these records is of somebody who is alleged to harm the person of the other. If that is a mistake, put the relationship right first."
RELATED = "These two are related on record ({kind}), so they are two people. If that is a mistake, put the relationship right first."
BOTH_WAYS = "One of these records says of somebody what the other says the other way round ({kind}). Put the relationships right first."
# Where it matters who is who; two people stand in such a relationship one way only.
DIRECTED = [kind for kind, (one, other) in Relationship.SAID.items() if one != other]


@dataclass
class Known:
    """What is on record of two people together: open relationships of either, and their pair."""

    ties: list[Relationship]
    pair: LikelyPair | None

    @property
    def said_same(self) -> str:
        """What somebody noted who said that the two are one person."""
        return self.pair.note if self.pair and self.pair.status == LikelyPair.Status.SAME else ""


def known_of(survivor: Resident, other: Resident) -> Known:
    """The same for these two. Ask as the system; nothing of it may be shown unfiltered. Runs one query."""
    ties = Relationship.objects.of([survivor.pk, other.pk]).filter(until=None).order_by("pk")
    pairs = pairs_of(survivor, other).only("status", "note", "decided_at", "decided_by__name")
    found = gather(survivor, ties=ties, pairs=pairs)
    return Known(found["ties"], next(iter(found["pairs"]), None))


def why_not(known: Known, survivor: Resident, other: Resident, by: User) -> str:
    """Why these two may not be merged by this person; nothing where they may. Runs a query where a relationship forbids it."""
    stops, words = _danger(known.ties, {survivor.pk, other.pk})
    if stops:
        return words if _all_known(stops, by) else ASK
    if known.pair and known.pair.status == LikelyPair.Status.APART:
        return _said_apart(known.pair)
    return ""


def hidden_since(happened: Happened, by: User) -> bool:
    """Whether something has happened since a merge that whoever would undo it may not know. Runs a query where there is a relationship."""
    label = Relationship._meta.label
    keys = {one.row.pk for one in happened.added if one.relation.label == label}
    keys |= {one.pk for one in happened.changed if one.model is Relationship}
    return bool(keys) and not _all_known(sorted(keys), by)


def _all_known(keys: list[int], by: User) -> bool:
    return Relationship.objects.visible_to(by).filter(pk__in=keys).count() == len(set(keys))


def _danger(rows: list[Relationship], both: set[int]) -> tuple[list[int], str]:
    """Relationships that a merge would break: between the two, or with a third, the one way and the other."""
    between = [row for row in rows if {row.first_id, row.second_id} == both]
    if between:
        words = (
            HARMS
            if any(row.sensitive for row in between)
            else RELATED.format(kind=between[0].get_kind_display().lower())
        )
        return [row.pk for row in between], words
    directed = [row for row in rows if row.kind in DIRECTED]
    from_others = {
        (row.kind, row.first_id): row for row in directed if row.second_id in both and row.first_id not in both
    }
    for row in directed:
        if row.first_id in both and (turned := from_others.get((row.kind, row.second_id))):
            return [row.pk, turned.pk], BOTH_WAYS.format(kind=row.get_kind_display().lower())
    return [], ""


def _said_apart(pair: LikelyPair) -> str:
    day = pair.decided_at and f"{pair.decided_at.day} {pair.decided_at:%B %Y}"
    who = f"{pair.decided_by.name} said" if pair.decided_by else "It was said"
    return f"{who} on {day} that these are not the same person: {pair.note}. Take that back first, where the two stand side by side."
