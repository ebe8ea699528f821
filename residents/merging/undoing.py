"""Puts rows back as the journal of a merge has them, from the last change to the first."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db import IntegrityError, models, transaction

from ledger.merges import Moves, OneOpen
from residents.merging.journal import Journal, model_of, real, write
from residents.merging.moving import move_rows
from residents.merging.relations import Relation, relations
from residents.merging.since import Happened
from residents.models import Merge, MergedRow

OTHER, RESTORE = "other", "restore"


def put_back(merge: Merge, happened: Happened, choices: Mapping[str, str]) -> None:
    """Restore every row, and let those that were added since go where the choices say."""
    going = happened.going({key for key, choice in choices.items() if choice == OTHER})
    restore = {key for key, choice in choices.items() if choice == RESTORE}
    found = relations()
    for model, rows in _stretches(list(merge.rows.order_by("-pk"))):
        _restore(model, rows, restore, [one for one in found if one.model is model], merge)
    for relation in found:
        keys = [one.row.pk for one in going if one.relation == relation]
        if keys:
            move_rows(relation, merge.survivor_id, merge.other_id, Journal(None), only=keys)


def _stretches(rows: list[MergedRow]) -> Iterator[tuple[type[models.Model], list[MergedRow]]]:
    """Entries of one model that follow each other, each row once: what one statement may restore."""
    stretch: list[MergedRow] = []
    for row in rows:
        if stretch and (row.model != stretch[0].model or any(row.row == one.row for one in stretch)):
            yield model_of(stretch[0]), stretch
            stretch = []
        stretch.append(row)
    if stretch:
        yield model_of(stretch[0]), stretch


def _restore(
    model: type[models.Model], rows: list[MergedRow], restore: set[str], found: list[Relation], merge: Merge
) -> None:
    columns = sorted({column for row in rows for column in row.before})
    now = {
        one["pk"]: one for one in model._base_manager.filter(pk__in=[row.row for row in rows]).values("pk", *columns)
    }
    # A row may be gone since: a separation that was a mistake takes its household's rows away.
    due = {
        row.row: _before(model, row, now[row.row], f"{row.model}:{row.row}" in restore)
        for row in rows
        if row.row in now
    }
    due = {key: wanted for key, wanted in due.items() if wanted}
    function = next((one.rule.through for one in found if isinstance(one.rule, Moves) and one.rule.through), "")
    if function:
        write(model, due, through=(function, merge.survivor_id, merge.other_id))
        return
    try:
        with transaction.atomic():
            write(model, due)
    except IntegrityError:
        _one_by_one(model, due, found)


def _before(model: type[models.Model], row: MergedRow, now: Mapping[str, Any], restore: bool) -> dict[str, Any]:
    """What a row said before, but for what somebody has changed since and wants to keep."""
    wanted = {}
    for column, value in row.before.items():
        as_left = real(model, column, row.after[column])
        if now[column] == as_left or (restore and column != "version"):
            wanted[column] = real(model, column, value)
    return wanted


def _one_by_one(model: type[models.Model], due: Mapping[int, Mapping[str, Any]], found: list[Relation]) -> None:
    """Where an equal row was opened meanwhile, the one of before stays ended."""
    ends = {one.rule.ends for one in found if isinstance(one.rule, OneOpen)}
    for key, wanted in due.items():
        try:
            with transaction.atomic():
                write(model, {key: wanted})
        except IntegrityError:
            write(model, {key: {column: value for column, value in wanted.items() if column not in ends}})
