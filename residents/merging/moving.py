"""How the rows that point at one resident come to point at another, by the rule of each relation."""

from collections import defaultdict
from collections.abc import Iterable
from functools import reduce
from typing import Any

from django.db.models import Q

from ledger.merges import Derived, Moves, OneOnly, OneOpen, Paired, Stays
from residents.merging.journal import Changes, Journal
from residents.merging.relations import Relation

Row = dict[str, Any]


def move_rows(
    relation: Relation, source: int, target: int, journal: Journal, *, only: Iterable[int] | None = None
) -> int:
    """Let the rows of one relation (or `only` these) go from one resident to another. Returns how many went."""
    rule = relation.rule
    if isinstance(rule, Stays | Derived):
        return 0
    if isinstance(rule, Paired):
        return _move_pairs(relation, rule, source, target, journal, only)
    if isinstance(rule, OneOnly) and relation.rows(target).exists():
        return _fill(relation, rule, source, target, journal)
    moving = relation.rows(source) if only is None else relation.rows(source).filter(pk__in=only)
    keys = list(moving.values_list("pk", flat=True))
    changes: dict[int, Row] = {key: {relation.column: target} for key in keys}
    if isinstance(rule, OneOpen) and keys:
        # What ends comes first, or two would be open for a moment.
        ended, agreed = _one_open(relation, rule, keys, target)
        journal.change(relation.model, {key: changes.pop(key, {}) | change for key, change in ended.items()})
        changes |= {key: changes.get(key, {}) | change for key, change in agreed.items()}
    function = rule.through if isinstance(rule, Moves) else ""
    journal.change(relation.model, changes, through=(function, source, target) if function else None)
    return len(keys)


def _one_open(relation: Relation, rule: OneOpen, keys: list[int], target: int) -> tuple[Changes, Changes]:
    """Of equal open rows the oldest stays so. Gives what ends, and what all of them say from now on.

    A row that a merge has ended stands for no time at all, by which a later merge knows it again.
    """
    columns = ("pk", *rule.same, rule.begins, rule.ends, *rule.agree)
    coming: dict[tuple, list[Row]] = defaultdict(list)
    there: dict[tuple, list[Row]] = defaultdict(list)
    for row in relation.model._base_manager.filter(pk__in=keys).values(*columns):
        coming[tuple(row[name] for name in rule.same)].append(row)
    for row in relation.rows(target).values(*columns):
        there[tuple(row[name] for name in rule.same)].append(row)
    ended: dict[int, Row] = {}
    agreed: dict[int, Row] = {}
    for same in coming.keys() & there.keys():
        rows = [*coming[same], *there[same]]
        still = sorted((row for row in rows if row[rule.ends] is None), key=lambda row: (row[rule.begins], row["pk"]))
        if not still:
            continue
        ended |= {row["pk"]: {rule.ends: row[rule.begins]} for row in still[1:]}
        heard = rows if rule.with_ended else [row for row in rows if row[rule.ends] in (None, row[rule.begins])]
        said = {name: reduce(one, (row[name] for row in heard)) for name, one in rule.agree.items()}
        if said:
            agreed |= {row["pk"]: said for row in heard}
    return ended, agreed


def _fill(relation: Relation, rule: OneOnly, source: int, target: int, journal: Journal) -> int:
    """The row that is there takes what it lacks from the one that comes, which stays with the record that it described."""
    theirs = relation.rows(source).values().first()
    mine = relation.rows(target).values().first()
    if theirs is None or mine is None:
        return 0
    lacking = {name: theirs[name] for name in rule.fills if mine[name] in ("", None) and theirs[name] not in ("", None)}
    journal.change(relation.model, {mine["id"]: lacking})
    return 1


def _move_pairs(
    relation: Relation, rule: Paired, source: int, target: int, journal: Journal, only: Iterable[int] | None
) -> int:
    """Rows about two people: one that would join a person with themselves, or say again what is said already, stays."""
    moved = 0
    mine = relation.rows(source) if only is None else relation.rows(source).filter(pk__in=only)
    for row in mine.values():
        other = row[rule.other]
        if other == target:
            continue
        wanted = {relation.column: target}
        if rule.ordered and (target < other) != (relation.column == rule.ordered[0]):
            wanted = {relation.column: other, rule.other: target}
        pair = {relation.column: row[relation.column], rule.other: other} | wanted
        alike = Q(**pair)
        if rule.either_way:
            alike |= Q(**{relation.column: pair[rule.other], rule.other: pair[relation.column]})
        twins = relation.model._base_manager.filter(alike, **{name: row[name] for name in rule.same})
        twin = twins.values().first()
        if twin is None:
            moved += journal.change(relation.model, {row["id"]: wanted})
        elif rule.wins:
            journal.change(relation.model, {twin["id"]: rule.wins(twin, row)})
    return moved
