"""Moves are data: each model with a status lists MOVES, and `advance` is the only way to change a status.

The button (`case.can("close")`) and the enforcement read the same table.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models, transaction

from ledger import trail
from ledger.acting import Person
from ledger.sheaf import Sheaf


@dataclass(frozen=True)
class Move:
    """One permitted change of status."""

    sources: frozenset[str]
    target: str


def move(sources: Iterable[str], target: str) -> Move:
    """A permitted change: from any of `sources` to `target`."""
    return Move(frozenset(map(str, sources)), str(target))


class InvalidMove(ValidationError):
    """The record is no longer in a status from which this can be done."""


class Moving(models.Model):
    """A model with a `status` and a table of MOVES."""

    MOVES: dict[str, Move] = {}

    class Meta:
        abstract = True

    def can(self, verb: str) -> bool:
        """Whether the verb is permitted from the present status."""
        return str(self.status) in self.MOVES[verb].sources  # type: ignore[attr-defined]


Subject = TypeVar("Subject", bound=Moving)


@transaction.atomic
def advance(subject: Subject, verb: str, *, by: Person | None, about: Iterable[str] = (), **changes: Any) -> Subject:
    """Make a move: lock the row, check it, save the named fields, write the trail, return the fresh object.

    Raises InvalidMove if the record has moved on since the page was opened. `about` holds references of the people
    that the record concerns.
    """
    fresh = type(subject)._default_manager.select_for_update(of=("self",)).get(pk=subject.pk)
    names = _moved(fresh, verb, changes)
    fresh.save(update_fields=names)
    trail.record(verb, fresh, by=by, about=about, fields=names)
    return fresh


def advance_new(subject: Moving, verb: str, *, into: Sheaf, by: Person | None, about: Iterable[str] = ()) -> None:
    """The same for a record that the sheaf adds: nobody else can have moved it, so it is neither locked nor read again."""
    names = _moved(subject, verb, {})
    into.change(subject, names)
    into.record(verb, subject, by=by, about=about, fields=names)


def _moved(subject: Moving, verb: str, changes: dict[str, Any]) -> list[str]:
    """Make the move on the object in hand; the names of the fields that it changed."""
    if not subject.can(verb):
        status = subject.get_status_display().lower()  # type: ignore[attr-defined]
        raise InvalidMove(f"This {subject._meta.verbose_name} is now {status}, so that can no longer be done.")
    subject.status = subject.MOVES[verb].target  # type: ignore[attr-defined]
    for name, value in changes.items():
        setattr(subject, name, value)
    names = ["status", *changes]
    if hasattr(subject, "version"):
        subject.version += 1
        names.append("version")
    return names
