"""References that people read aloud: CS-7F3K-92X. Random, never sequential, with a check character.

Six characters of an alphabet without 0 O 1 I L U, then one that catches every single wrong character and every swap.
Seven hundred million of them: beside two million rows one draw in 360 is taken already, so whoever draws may have to draw again.
"""

import re
import secrets
from collections.abc import Callable, Sequence
from random import Random
from typing import Any, TypeVar

from django.db import IntegrityError, models, transaction

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
DRAWS = 4
Made = TypeVar("Made")
_KEY = re.compile(r"_reference_(key|[0-9a-f]{8}_uniq)$")
_SHAPE = re.compile(rf"^CS-?([{ALPHABET}]{{4}})-?([{ALPHABET}]{{3}})$")


def _check(body: str) -> str | None:
    """The check character: a weighted sum modulo 31. A sum of 30 has no character, so that body is not used."""
    total = sum((place + 2) * ALPHABET.index(letter) for place, letter in enumerate(body)) % 31
    return None if total == 30 else ALPHABET[total]


def new_reference(random: Random | None = None) -> str:
    """A fresh reference; a seeded `random` makes it repeatable for the demonstration borough."""
    choice: Callable[[str], str] = random.choice if random else secrets.choice
    while True:
        if found := with_check("".join(choice(ALPHABET) for _ in range(6))):
            return found


def with_check(body: str) -> str | None:
    """The reference of six characters, or None for those that are not used."""
    check = _check(body)
    return check and f"CS-{body[:4]}-{body[4:]}{check}"


def read_reference(text: str) -> str | None:
    """The reference that someone typed, in its written form, or None if it is not one (or one character is wrong)."""
    found = _SHAPE.match(re.sub(r"\s", "", text).upper())
    if not found:
        return None
    body = found[1] + found[2]
    return f"CS-{found[1]}-{found[2]}" if _check(body[:-1]) == body[-1] else None


def is_taken(clash: IntegrityError) -> bool:
    """Whether a row was refused because its fresh reference belongs to another."""
    told = getattr(clash.__cause__, "diag", None)
    return bool(_KEY.search((told and told.constraint_name) or ""))


def afresh(work: Callable[[], Made]) -> Made:
    """Do a piece of work in a transaction of its own, all of it again where it drew a reference that was taken."""
    for draw in range(1, DRAWS + 1):
        try:
            with transaction.atomic():
                return work()
        except IntegrityError as clash:
            if draw == DRAWS or not is_taken(clash):
                raise
    raise AssertionError("a draw ends or raises")


def draw_unused(rows: Sequence[Any]) -> None:
    """Draw again for each of these unsaved rows whose reference belongs to another: of thousands in one insert, some do.

    Whoever writes beside this may still take one in between: the whole insert is then refused, with nothing lost.
    """
    waiting, gone = list(rows), set()
    while waiting:
        drawn = {row.reference for row in waiting}
        gone |= set(type(rows[0])._base_manager.filter(reference__in=drawn).values_list("reference", flat=True))
        clashing = []
        for row in waiting:
            if row.reference in gone:
                clashing.append(row)
            gone.add(row.reference)
        for row in clashing:
            row.reference = new_reference()
        waiting = clashing


_FIXED = {"max_length": 12, "unique": True, "editable": False, "default": new_reference}


class ReferenceField(models.CharField):
    """A unique reference, made when the row is. A history table keeps many rows of one reference: `unique=False` there."""

    def __init__(self, **options: object) -> None:
        super().__init__(**{**_FIXED, **options})

    def deconstruct(self) -> tuple:
        name, path, args, options = super().deconstruct()
        for fixed, usual in _FIXED.items():
            if options.get(fixed) == usual:
                del options[fixed]
        if not self.unique:
            options["unique"] = False  # Django leaves its own default out, ours is the other one
        return name, path, args, options
