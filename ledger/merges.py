"""What becomes of a row when the record that it points at turns out to be another one's: declared on the model that owns it.

A model says `ON_MERGE = {"resident": Moves()}` for each of its keys (and for each text or number that names a record without
being a key). A key without a rule stops every merge and fails the build. See docs/merging.md.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import migrations


@dataclass(frozen=True)
class Rule:
    """What becomes of a row. `asked`: whoever undoes a merge says whose the rows are that were written since; if not, they stay."""

    why: str = ""
    asked: bool = field(default=True, kw_only=True)


@dataclass(frozen=True)
class Moves(Rule):
    """The row goes to the record that stays. `through`: a function of the database, where nobody may change the table."""

    through: str = ""


@dataclass(frozen=True)
class OneOpen(Moves):
    """Goes over; where both have an open row of the same kind, the oldest stays open and the other ends on the day it began.

    `same`: what makes two rows equal. `agree`: what equal rows say of a field becomes one by this function, which must not care
    for the order (the safer of two answers, all notes); `with_ended`: rows that ended by themselves have their say, too.
    `restricts`: keys to records that become restricted with the person.
    """

    same: tuple[str, ...] = ()
    begins: str = "since"
    ends: str = "until"
    agree: Mapping[str, Callable[[Any, Any], Any]] = field(default_factory=dict)
    with_ended: bool = True
    restricts: tuple[str, ...] = ()


@dataclass(frozen=True)
class OneOnly(Rule):
    """One row for each record: goes over, or fills what the other one left empty in `fills` and stays where it was."""

    fills: tuple[str, ...] = ()


@dataclass(frozen=True)
class Paired(Rule):
    """A row about two people: goes over, unless it would join a person with themselves or say again what is said already.

    `other`: the key of the other person. `same`: what else makes two rows equal. `ordered`: the lower key stands in this column first.
    `either_way`: who stands first does not make two rows different. `wins`: given two equal rows (as dicts of columns), the values
    that the one that is kept takes on; it must not care for the order.
    """

    other: str = ""
    same: tuple[str, ...] = ()
    ordered: tuple[str, ...] = ()
    either_way: bool = False
    wins: Callable[[Mapping[str, Any], Mapping[str, Any]], Mapping[str, Any]] | None = None


@dataclass(frozen=True)
class NamesByKind(Moves):
    """A number that is no key: it means a record of the model whose label stands in the column `kind`."""

    kind: str = "kind"


@dataclass(frozen=True)
class Stays(Rule):
    """The row keeps saying what it said; `why` tells how it is found."""


@dataclass(frozen=True)
class Derived(Rule):
    """Worked out from the rest, and afterwards worked out again."""


def both(one: bool, other: bool) -> bool:
    """Safe only if both say so."""
    return one and other


def earlier(one: Any, other: Any) -> Any:
    """The earlier of two days."""
    return min(one, other)


def all_said(most: int) -> Callable[[str, str], str]:
    """Every note once, in an order that does not depend on which came first."""

    def joined(one: str, other: str) -> str:
        said = {part.strip() for note in (one, other) for part in note.split(";") if part.strip()}
        return "; ".join(sorted(said))[:most]

    return joined


def follow(table: str, column: str = "resident_id") -> migrations.RunSQL:
    """A row that is written about a record which has just become another's goes to that other one, whoever writes it.

    Also in the moment of the merge: the trigger waits for it.
    """
    usual = column == "resident_id"
    name, given = ("follow_merge", "") if usual else (f"follow_merge_{column}", f"'{column}'")
    return migrations.RunSQL(
        f"CREATE TRIGGER {name} BEFORE INSERT OR UPDATE OF {column} ON {table} FOR EACH ROW"
        f" WHEN (NEW.{column} IS NOT NULL) EXECUTE FUNCTION acting.follow_merge({given})",
        f"DROP TRIGGER IF EXISTS {name} ON {table}",
    )
