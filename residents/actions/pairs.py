"""Records that may be of one person: found after each new record and each night, weighed, and decided by people. Nothing merges by itself."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from ledger import trail
from ledger.moves import advance
from ledger.outbox import enqueue
from residents.comparing import Facts, Levels
from residents.keys import number_of
from residents.likely import facts_of_people, pairs_of, scale, share_words
from residents.likeness import RARE, Likeness, said
from residents.models import LikelyPair, MatchRun, NameShare, Relationship, Resident, ShownBefore
from residents.names import words_of
from residents.pairing import MOST_NAMED, MOST_TOGETHER, NEAR, OF_THESE, TOGETHER, pair_numbers, pairs_in
from residents.weights import BOROUGH, SUGGEST

ONE_AT_A_TIME = 7_305_411  # the number of the lock under which keys are written and compared
MOST_AFTER_ONE = 500
BATCH = 5000
# Whose facts changed since: the verbs tell their story, an import makes people, and some have never been compared.
_CHANGED = """
SELECT r.id FROM residents_resident r WHERE r.created_at >= %(since)s
  OR (r.merged_into_id IS NULL AND NOT EXISTS (SELECT 1 FROM residents_pairkey k WHERE k.resident_id = r.id))
UNION SELECT pgh_obj_id FROM residents_residenthistory WHERE pgh_created_at >= %(since)s
UNION SELECT resident_id FROM residents_chronologyentry WHERE written_at >= %(since)s AND kind = ANY (%(kinds)s)
"""
TELLING = [f"residents.{kind}" for kind in ("Resident", "Phone", "EmailAddress", "ResidentAddress", "Household")]

Found = dict[tuple[int, int], Likeness]


# --- looking ------------------------------------------------------------------------------------------------------


def look_soon(resident: Resident, since: str = "") -> None:
    """Have a new record compared with all others once it is committed: of two that are begun at the same moment one sees the other.

    `since`: what has happened to a record that is not new, so that it is compared again.
    """
    key = "-".join(filter(None, ("pairs", str(resident.pk), since)))
    enqueue("residents.look_for_pairs", key=key, resident_id=resident.pk)


@transaction.atomic
def look_for_pairs(people: Iterable[int]) -> int:
    """Write the keys of these residents and compare them with everybody. Returns how many pairs wait. Acts as the system."""
    people = list(people)
    _one_at_a_time()
    _write_keys(people)
    found, _ = _near(people, MOST_AFTER_ONE)
    return _keep(_without_related(found), timezone.now(), people)


def find_pairs(*, whole: bool = False, at: datetime | None = None) -> MatchRun:
    """Compare everybody whose facts changed since the last run (`whole`: everybody) with everybody. Acts as the system.

    A new version of the weights makes the run a whole one.
    """
    at = at or timezone.now()
    last = MatchRun.objects.exclude(ended_at=None).first()
    whole = whole or last is None or last.weights != BOROUGH.version
    run = MatchRun.objects.create(began_at=at, whole=whole, weights=BOROUGH.version)
    since = last.began_at - timedelta(hours=1) if last and not whole else datetime.min.replace(tzinfo=at.tzinfo)
    _one_at_a_time()
    people = _all_people() if whole else _changed(since)
    for start in range(0, len(people), BATCH):
        _write_keys(people[start : start + BATCH])
    if whole:
        _count_names()
    found, weighed = _everywhere() if whole else _near(people, MOST_TOGETHER)
    found = _without_related(found)
    _keep(found, at, None if whole else people)
    _reconsider(found, at, None if whole else set(people))
    run.ended_at, run.people, run.weighed, run.found = timezone.now(), len(people), weighed, len(found)
    run.save(update_fields=["ended_at", "people", "weighed", "found"])
    return run


def _one_at_a_time() -> None:
    """Wait for whoever writes keys now: two who look at once would see neither's."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])


def _all_people() -> list[int]:
    return list(Resident.objects.filter(merged_into=None).order_by("pk").values_list("pk", flat=True))


def _changed(since: datetime) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(_CHANGED, {"since": since, "kinds": TELLING})
        return sorted(row[0] for row in cursor.fetchall())


def _write_keys(people: list[int]) -> None:
    """Write the keys of these people afresh; a record that was merged into another has none."""
    rows = [(key, pk) for pk, facts in facts_of_people(people) for key in pair_numbers(facts)]
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM residents_pairkey WHERE resident_id = ANY (%s)", [people])
        cursor.execute(
            "INSERT INTO residents_pairkey (key, resident_id) SELECT * FROM unnest(%s::int[], %s::bigint[])",
            [[key for key, _ in rows], [pk for _, pk in rows]],
        )


def _count_names() -> None:
    """Count how many people bear each word of a name; the rare ones are left out, and nought stands for everybody."""
    counts: dict[int, int] = {}
    whole = 0
    for name in Resident.objects.filter(restricted=False).values_list("name", flat=True).iterator(BATCH):
        whole += 1
        for word in set(words_of(name)):
            number = number_of(word)
            counts[number] = counts.get(number, 0) + 1
    NameShare.objects.all().delete()
    rows = [NameShare(word=word, people=people) for word, people in counts.items() if people > RARE and word]
    NameShare.objects.bulk_create([NameShare(word=0, people=whole), *rows], batch_size=BATCH)


def _near(people: list[int], together: int) -> tuple[Found, int]:
    named = together if together > MOST_TOGETHER else MOST_NAMED
    wanted, pairs = set(people), set()
    with connection.cursor() as cursor:
        cursor.execute(OF_THESE, {"people": people})
        keys = [key for (key,) in cursor.fetchall()]
        cursor.execute(NEAR, {"keys": keys, "together": together, "named": named})
        for (met,) in cursor.fetchall():
            pairs |= {tuple(sorted((one, other))) for one in wanted.intersection(met) for other in met if one != other}
    known = dict(facts_of_people({pk for pair in pairs for pk in pair}))
    return _weigh(pairs, known), len(pairs)


def _everywhere() -> tuple[Found, int]:
    with connection.cursor() as cursor:
        cursor.execute(TOGETHER, {"together": MOST_TOGETHER, "named": MOST_NAMED})
        pairs = pairs_in(cursor)
    known = dict(facts_of_people({pk for pair in pairs for pk in pair}))
    return _weigh(pairs, known), len(pairs)


def _weigh(pairs: Iterable[tuple[int, int]], known: dict[int, Facts]) -> Found:
    """Those of the pairs that are likely enough to be looked at."""
    by = scale(share_words(known.values()) if len(known) < BATCH else None)
    return {
        (one, other): by.weigh(known[one], known[other])
        for one, other in pairs
        if one in known and other in known and by.chance(known[one], known[other]) >= SUGGEST
    }


def _without_related(found: Found) -> Found:
    """Nobody is their own parent, partner or alleged perpetrator: who is related on record, now or before, is two people."""
    people = {pk for pair in found for pk in pair}
    rows = Relationship.objects.filter(mistaken=False, first__in=people, second__in=people)
    related = {tuple(sorted(pair)) for pair in rows.values_list("first", "second")}
    return {pair: likeness for pair, likeness in found.items() if pair not in related}


def _keep(found: Found, at: datetime, people: list[int] | None) -> int:
    """Write the pairs that are found; what people decided stands, and what they left unsure comes back when its facts are others."""
    rows = LikelyPair.objects.all()
    if people is not None:
        rows = rows.filter(Q(one__in=people) | Q(other__in=people))
    there = {(row.one_id, row.other_id): row for row in rows}
    fresh = [
        LikelyPair(one_id=one, other_id=other, **_values(likeness), found_at=at, weighed_at=at)
        for (one, other), likeness in sorted(found.items(), key=lambda each: each[0])
        if (one, other) not in there
    ]
    LikelyPair.objects.bulk_create(fresh, batch_size=BATCH, ignore_conflicts=True)
    for pair, likeness in found.items():
        row = there.get(pair)
        if row is None or row.status in (LikelyPair.Status.APART, LikelyPair.Status.SAME):
            continue
        changed = row.levels != _values(likeness)["levels"]
        if changed or row.weights != BOROUGH.version:
            LikelyPair.objects.filter(pk=row.pk).update(**_values(likeness), weighed_at=at)
        if row.status == LikelyPair.Status.FADED or (row.status == LikelyPair.Status.UNSURE and changed):
            advance(row, "bring_back", by=None, about=row.about())
    return len(fresh)


def _values(likeness: Likeness) -> dict[str, object]:
    levels = " ".join(f"{fact}:{level}" for fact, level in likeness.levels._asdict().items() if level != "none")
    return {"per_mille": round(likeness.chance * 1000), "levels": levels, "weights": BOROUGH.version}


def _reconsider(found: Found, at: datetime, people: set[int] | None) -> None:
    """Pairs that wait and were not found again need not be looked at: their facts have changed, or they are related on record."""
    waiting = LikelyPair.objects.filter(status__in=[LikelyPair.Status.OPEN, LikelyPair.Status.UNSURE])
    rows = [
        row
        for row in waiting.select_related("one", "other")
        if (row.one_id, row.other_id) not in found
        and (people is None or row.one_id in people or row.other_id in people)
    ]
    known = dict(facts_of_people({pk for row in rows for pk in (row.one_id, row.other_id)}))
    by = scale(share_words(known.values()))
    # What stays with a merged record waits for its merge to be undone.
    rows = [row for row in rows if row.one_id in known and row.other_id in known]
    likely = {(row.one_id, row.other_id): by.weigh(known[row.one_id], known[row.other_id]) for row in rows}
    still = _without_related(likely)
    for row in rows:
        pair = (row.one_id, row.other_id)
        if pair not in still or likely[pair].chance < SUGGEST:
            LikelyPair.objects.filter(pk=row.pk).update(**_values(likely[pair]), weighed_at=at)
            advance(row, "let_fade", by=None, about=row.about())


def said_of(pair: LikelyPair) -> tuple[list[str], list[str]]:
    """What agrees and what does not, as it was when the pair was weighed."""
    known = dict(part.split(":") for part in pair.levels.split())
    return said(Levels(*(known.get(fact, "none") for fact in Levels._fields)))


# --- deciding -----------------------------------------------------------------------------------------------------


@transaction.atomic
def record_shown(resident: Resident, *, shown: Iterable[Resident], by: User | None, at: datetime) -> int:
    """Record that somebody was shown these records and began a new one all the same. Returns how many."""
    rows = [ShownBefore(begun=resident, shown=one, by=by, at=at) for one in shown]
    ShownBefore.objects.bulk_create(rows, ignore_conflicts=True)
    if rows:
        about = [resident.reference, *(row.shown.reference for row in rows)]
        trail.record("begin_all_the_same", resident, by=by, about=about, why=f"{len(rows)} shown")
    return len(rows)


@transaction.atomic
def call_same(pair: LikelyPair, *, note: str = "", by: User, at: datetime) -> LikelyPair:
    """Say that two records are of one person: they can be merged then. Raises InvalidMove."""
    return advance(pair, "call_same", by=by, about=pair.about(), decided_by=by, decided_at=at, note=note.strip())


@transaction.atomic
def keep_apart(pair: LikelyPair, *, note: str = "", by: User, at: datetime) -> LikelyPair:
    """Say that two records are of different people: never suggested again. Raises InvalidMove; ValidationError without a reason."""
    if not note.strip():
        raise ValidationError({"note": "Say how you know that they are not the same person"})
    return advance(pair, "keep_apart", by=by, about=pair.about(), decided_by=by, decided_at=at, note=note.strip())


@transaction.atomic
def leave_unsure(pair: LikelyPair, *, note: str = "", by: User, at: datetime) -> LikelyPair:
    """Say that it cannot be told yet: the pair comes back with the next new fact about either. Raises InvalidMove."""
    return advance(pair, "leave_unsure", by=by, about=pair.about(), decided_by=by, decided_at=at, note=note.strip())


@transaction.atomic
def are_two(resident: Resident, *, other: Resident, by: User | None) -> None:
    """Let a pair fade that waits still: the two are related on record, so they are not one person."""
    waiting = [LikelyPair.Status.OPEN, LikelyPair.Status.UNSURE]
    for pair in pairs_of(resident, other).filter(status__in=waiting).select_related("one", "other"):
        advance(pair, "let_fade", by=by, about=pair.about())


@transaction.atomic
def think_again(pair: LikelyPair, *, by: User) -> LikelyPair:
    """Take a decision back: the pair waits again. Raises InvalidMove."""
    return advance(pair, "think_again", by=by, about=pair.about(), decided_by=None, decided_at=None, note="")
