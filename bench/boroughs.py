"""Boroughs of the asked sizes, made once and kept: a second bench finds them again."""

import hashlib
import time
from dataclasses import dataclass, field
from typing import Any

from bench import ground
from community_solutions.local import ROOT
from community_solutions.up import Child

SEED = 2017
MADE_BY = ("desk/borough", "desk/management/commands/make_borough.py", "bench/subjects.py")


@dataclass
class Borough:
    """One borough: its database, and how processes reach it."""

    residents: int
    years: int
    env: dict[str, str] = field(repr=False)
    port: int = 0
    cast: dict[str, Any] = field(default_factory=dict, repr=False)
    web: Child | None = None
    made_in: float = 0.0

    @property
    def name(self) -> str:
        """Its database."""
        return name_of(self.residents, self.years)


def name_of(residents: int, years: int) -> str:
    """The database of a borough."""
    return f"bench_{residents}_{years}y"


def digest(*places: str) -> str:
    """A name for the state of these files and folders."""
    total = hashlib.sha256()
    for place in places:
        path = ROOT / place
        for one in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            total.update(f"{one.relative_to(ROOT)}\n".encode() + one.read_bytes())
    return total.hexdigest()[:16]


def generator() -> str:
    """A name for the code that decides what a borough holds."""
    return digest(*MADE_BY)


def schema() -> str:
    """A name for the state of the tables and of the reference data."""
    places = [*ROOT.glob("*/migrations"), *ROOT.glob("*/reference_data.py"), ROOT / "ledger" / "grants.py"]
    return digest(*sorted(str(path.relative_to(ROOT)) for path in places))


def ready(residents: int, years: int, *, fresh: bool = False, keep: bool = False) -> Borough:
    """The borough of this size, made where it is missing, half made, or made by another generator (unless `keep`)."""
    name, want = name_of(residents, years), generator()
    there, _, tables = ground.mark(name).partition(" ")
    if there and there != want and keep:
        ground.say(f"{name} was made by an earlier generator; it is kept, as asked")
    made_in = 0.0
    if fresh or not there or (there != want and not keep):
        made_in, there = make(residents, years), want
    borough = Borough(residents, years, ground.database(name), made_in=made_in)
    if not made_in and tables != schema():
        ground.command(borough.env, "migrate", "--verbosity", 0)
        ground.command(borough.env, "seed", "--verbosity", 0)
    ground.set_mark(name, f"{there} {schema()}")
    return borough


def make(residents: int, years: int) -> float:
    """Make the borough and its special subjects. Returns the seconds that it took."""
    name = name_of(residents, years)
    ground.say(f"making a borough of {residents:,} residents over {years} years ({name})")
    began = time.monotonic()
    ground.drop(name)
    env = ground.database(name)
    ground.command(env, "migrate", "--verbosity", 0)
    ground.command(env, "make_borough", "--residents", residents, "--years", years, "--seed", SEED)
    made = ground.inside(env, "bench.subjects", "prepare")
    ground.say(f"special subjects: {made}")
    with ground.operator(name) as cursor:
        cursor.execute("VACUUM (ANALYZE)")
        cursor.execute("CHECKPOINT")
    took = time.monotonic() - began
    ground.say(f"made in {took:.0f} s, {ground.megabytes(name):,.0f} MB")
    return round(took, 1)
