"""What is to be done after each migrate, once tables, grants and the signing key are there: rooms above put their steps in.

A step brings derived rows up to date; it looks first whether there is anything to do, and may be run again at any time.
"""

from collections.abc import Callable

STEPS: list[Callable[[Callable[[str], None]], None]] = []
"""Each is given a function that tells the operator a line."""
