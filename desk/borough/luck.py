"""Chance, drawn cheaply: the same seed draws the same, and tens of millions of draws take half as long."""

from collections.abc import Sequence
from random import Random
from typing import Any


class Luck(Random):
    """Draws one of a sequence or a whole number by one multiplication. What is off by 2^-53 matters to no borough."""

    def choice(self, seq: Sequence[Any]) -> Any:
        """One of a sequence."""
        return seq[int(self.random() * len(seq))]

    def randint(self, a: int, b: int) -> int:
        """A whole number from a to b."""
        return a + int(self.random() * (b - a + 1)) if a != b else a
