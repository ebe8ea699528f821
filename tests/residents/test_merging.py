"""Two records of one person become one, and two again: nothing is lost, nothing stays behind, and it comes back row for row."""

from datetime import timedelta
from random import Random

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from accounts.models import Role
from ledger.merges import Derived, OneOnly, Paired
from residents import actions
from residents.likely import pairs_of
from residents.merging import safer
from residents.merging.actions import merge_residents, undo_merge
from residents.merging.relations import relations
from residents.merging.since import is_followed
from residents.models import LikelyPair, Resident
from tests import make
from tests.graphs import MAKERS, Graph, everything

OFTEN = settings(
    max_examples=4, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate], derandomize=True
)
SELVES = {
    "residents.Resident.merged_into",
    "residents.Merge.survivor",
    "residents.Merge.other",
    "residents.Merge.stands_in",
}


def merge(survivor, other, *, by, keep=None, **more):
    """Merge what stands in the database now."""
    one, two = Resident.objects.get(pk=survivor.pk), Resident.objects.get(pk=other.pk)
    given = {"keep": keep or {}, "why": "Same passport", "at": make.NOON, **more}
    return merge_residents(one, other=two, seen=one.version, other_seen=two.version, by=by, **given)


def alike(before, after):
    """Which tables differ, and how: a failure that can be read."""
    return {name: list(_differing(rows, after[name])) for name, rows in before.items() if rows != after[name]}


def _differing(before, after):
    if isinstance(before, set):
        return [("gone", before - after), ("new", after - before)]
    keys = before.keys() | after.keys()
    return [(before.get(key), after.get(key)) for key in keys if before.get(key) != after.get(key)]


def test_every_way_to_a_person_has_a_maker():
    known = {f"{one.label}.{one.name}" for one in relations() if not isinstance(one.rule, Derived)} - SELVES

    assert known == set(MAKERS), "Add the new relation to tests/graphs.py"


@OFTEN
@given(seed=st.integers(0, 10**6))
def test_merging_and_undoing_gives_identical_rows(system, seed):
    with transaction.atomic():
        graph = Graph(Random(seed), 3)
        a, b, c = graph.people
        before = everything()
        first = merge(
            a,
            b,
            by=graph.managers[0],
            keep=graph.one(
                [{"household": "survivor"}, {"name": "other", "home": "other", "birth": "other", "household": "other"}]
            ),
        )
        between = everything()
        second = merge(*graph.one([(a, c), (c, a)]), by=graph.managers[0])
        nothing_points_at_pointers()
        undo_merge(second, why="Two people", by=graph.managers[0], at=make.NOON)
        assert not alike(between, everything())
        undo_merge(first, why="Two people", by=graph.managers[0], at=make.NOON)
        assert not alike(before, everything())
        transaction.set_rollback(True)


def nothing_points_at_pointers():
    """No row is left behind but characteristics, of which each record keeps one, and what was said of the same two people twice."""
    pointers = Resident.objects.exclude(merged_into=None)
    for relation in relations():
        if is_followed(relation) and not isinstance(relation.rule, OneOnly | Paired):
            assert not relation.model._base_manager.filter(**{f"{relation.name}__in": pointers}).exists(), relation
        if relation.label == "residents.Resident":
            assert not pointers.filter(merged_into__in=pointers).exists()


def _said_of_two(rows, relation, pointers):
    """What is said of two people who stand, whichever of two equal rows says so."""
    if isinstance(rows, set):
        return rows
    aside = {"id", "version", "per_mille", "levels", "found_at", "weighed_at", "weights"}
    both = (relation.column, relation.rule.other)
    stand = [row for row in rows.values() if not pointers & {row[name] for name in both}]
    if relation.rule.either_way:
        aside |= {*both}
        stand = [{**row, "both": frozenset(row[name] for name in both)} for row in stand]
    return {frozenset((name, value) for name, value in row.items() if name not in aside) for row in stand}


def preferred(survivor, other, ranks):
    """The same choice whatever the order: of each field the greatest value, of homes that of the record named first."""
    keep = {}
    for name, (_, columns) in safer.FIELDS.items():
        mine, theirs = safer.values(survivor, columns), safer.values(other, columns)
        keep[name] = "other" if [str(one or "") for one in theirs] > [str(one or "") for one in mine] else "survivor"
    for name, (_, kinds) in safer.PLACES.items():
        best = {
            person.pk: max(
                (
                    ranks[row["pk"]]
                    for row in safer.places_of(person.pk)
                    if row["kind"] in kinds and row["until"] is None
                ),
                default=-1,
            )
            for person in (survivor, other)
        }
        keep[name] = "other" if best[other.pk] > best[survivor.pk] else "survivor"
    return keep


@settings(OFTEN, max_examples=2)
@given(seed=st.integers(0, 10**6))
def test_the_order_of_merges_does_not_matter(system, seed):
    ends = []
    with transaction.atomic():
        graph = Graph(Random(seed), 3)
        a, b, c = graph.people
        ranks = {row["pk"]: number for number, row in enumerate(r for p in graph.people for r in safer.places_of(p.pk))}
        for order in ([(a, b), (a, c)], [(a, c), (a, b)], [(b, c), (a, b)], [(c, b), (a, c)]):
            with transaction.atomic():
                for survivor, other in order:
                    one, two = Resident.objects.get(pk=survivor.pk), Resident.objects.get(pk=other.pk)
                    merge(one, two, by=graph.managers[0], keep=preferred(one, two, ranks))
                ends.append(everything())
                transaction.set_rollback(True)
        transaction.set_rollback(True)
    pointers = {b.pk, c.pk}
    for end in ends:
        for key, row in end["residents.Resident"].items():
            row.pop("version")
            if key in pointers:  # what a pointer itself says is of no more account
                end["residents.Resident"][key] = {"merged_into_id": row["merged_into_id"]}
        for relation in relations():
            if isinstance(relation.rule, Paired):
                end[relation.label] = _said_of_two(end[relation.label], relation, pointers)
        for row in end["cases.Case"].values():
            row.pop("version")
        traits = end["residents.Characteristics"]
        end["residents.Characteristics"] = {
            key: {**row, "id": None} for key, row in traits.items() if row["resident_id"] not in pointers
        }
        end["residents.Characteristics"] = list(end["residents.Characteristics"].values())

    for end in ends[1:]:
        assert not {
            name: _differing(rows, end[name]) if isinstance(rows, dict) else (rows, end[name])
            for name, rows in ends[0].items()
            if rows != end[name]
        }


def stands(person):
    """The record in which somebody stands now."""
    row = Resident.objects.get(pk=person.pk)
    return row.merged_into or row


def never_suggested_again(told):
    """Of everybody who was told apart the records that stand now are told apart, too."""
    for pair in told:
        one, other = sorted({stands(person).pk for person in pair})
        assert LikelyPair.objects.get(one=one, other=other).status == LikelyPair.Status.APART, (pair, one, other)
    for row in LikelyPair.objects.waiting():
        assert not told & {frozenset((row.one, row.other))}


@settings(OFTEN, max_examples=2)
@given(seed=st.integers(0, 10**6))
def test_whoever_is_told_apart_never_comes_back(system, seed):
    with transaction.atomic():
        random = Random(seed)
        dev = make.user("Manager", Role.MANAGER, teams=[make.team()])
        people = [make.resident("Amina Okafor") for _ in range(4)]
        for person in people:
            actions.add_phone(person, number="07700 900123", by=None)
        told, merges = set(), []
        for step in range(9):
            actions.find_pairs(whole=True)
            never_suggested_again(told)
            here = [person for person in people if stands(person) == person]
            one, other = random.sample(here, 2) if len(here) > 1 else (None, None)
            match random.choice(["apart", "merge", "merge", "undo"]):
                case "apart" if one:
                    pair = pairs_of(one, other).get()
                    if pair.can("keep_apart"):
                        actions.keep_apart(pair, note="Spoke to both", by=dev, at=make.NOON)
                    told.add(frozenset((one, other)))
                case "merge" if one:
                    if pairs_of(one, other).get().status == LikelyPair.Status.APART:
                        with pytest.raises(ValidationError, match="not the same person"), transaction.atomic():
                            merge(one, other, by=dev)
                    else:
                        merges.append(merge(one, other, by=dev))
                case "undo" if merges:
                    last = merges.pop()
                    undo_merge(last, why="Two people", by=dev, at=make.NOON + timedelta(minutes=step))
                    told.add(frozenset((last.survivor, last.other)))
        transaction.set_rollback(True)
