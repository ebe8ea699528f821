"""The product's own matching on one file of plain rows: its keys, its blocking in PostgreSQL, its weights. Writes weighed pairs.

A process of its own, so that its time and memory are its own; the keys and the weighing are shared out over the cores.
"""

import argparse
import csv
import gc
import json
import multiprocessing
import os
import resource
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

from bench import ground
from residents.comparing import Facts, facts_of
from residents.keys import number_of
from residents.likeness import Scale, share_by
from residents.pairing import MOST_NAMED, MOST_TOGETHER, TOGETHER, pair_numbers, pairs_in
from residents.weights import BOROUGH, STRANGERS, Weights

BEGAN = time.monotonic()
LEAST = 0.001  # as the yardstick: pairs below are not written
CORES = os.cpu_count() or 1
DATABASE = "bench_match"
people: list[Facts] = []  # filled before the processes part, so that each has all of them
scale: Scale


def borough(row: dict[str, str]) -> Facts:
    """A row of the invented register, as the product would hold it: one name, one number, one place."""
    return facts_of(
        name=f"{row['given']} {row['family']}",
        born=date.fromisoformat(row["born"]) if row["born"] else None,
        places=[(row["lines"], row["postcode"])] if row["lines"] or row["postcode"] else (),
        phones=(row["phone"],) if row["phone"] else (),
        emails=(row["email"],) if row["email"] else (),
        nhs=row["nhs"],
    )


def febrl(row: dict[str, str]) -> Facts:
    """A row of FEBRL; a date that is none is not known."""
    try:
        born = date.fromisoformat(f"{row['born'][:4]}-{row['born'][4:6]}-{row['born'][6:]}")
    except ValueError:
        born = None
    lines = f"{row['house']} {row['street']}, {row['area']}, {row['suburb']}"
    return facts_of(name=f"{row['given']} {row['family']}", born=born, places=[(lines, row["postcode"])])


WAYS = {"borough": (borough, BOROUGH, False), "febrl": (febrl, STRANGERS, True)}


def main() -> None:
    """Read, block, weigh, write."""
    parser = argparse.ArgumentParser()
    parser.add_argument("way", choices=WAYS)
    parser.add_argument("rows")
    parser.add_argument("pairs")
    asked = parser.parse_args()
    gc.disable()  # nothing here is thrown away before the end
    read, weights, strangers = WAYS[asked.way]
    laps = [("begin", time.monotonic() - BEGAN)]
    with Path(asked.rows).open(newline="") as file:
        people.extend(map(read, csv.DictReader(file)))
    laps.append(("facts", time.monotonic() - BEGAN))
    with closing(ground.connect(DATABASE)) as line, line.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS residents_pairkey")
        cursor.execute("CREATE UNLOGGED TABLE residents_pairkey (key integer NOT NULL, resident_id bigint NOT NULL)")
        copied = _shared(_write_keys, [(part, strangers) for part in range(CORES)])
        laps.append(("keys", time.monotonic() - BEGAN))
        cursor.execute("ANALYZE residents_pairkey")
        cursor.execute(
            "SET max_parallel_workers_per_gather = 0"
        )  # so that one process of PostgreSQL does it all, and is timed
        together = (200, 40) if strangers else (MOST_TOGETHER, MOST_NAMED)
        cursor.execute(TOGETHER, {"together": together[0], "named": together[1]})
        pairs = list(pairs_in(cursor))
        database = sum(copied) + _database_seconds(cursor)
    laps.append((f"pairs {len(pairs)}", time.monotonic() - BEGAN))
    _prepare(weights)
    step = -(-len(pairs) // CORES)
    parts = _shared(_weigh, [(pairs[start : start + step],) for start in range(0, len(pairs), step)])
    laps.append(("weighed", time.monotonic() - BEGAN))
    with Path(asked.pairs).open("w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["one", "other", "chance", "weight"])
        out.writerows((one, other, chance, odds) for part in parts for one, other, chance, odds in part)
    print(json.dumps(_cost(database) | {"laps": laps, "database": database}))


def _prepare(weights: Weights) -> None:
    """Count the names, as each whole matching does."""
    global scale
    counts: Counter[int] = Counter()
    for facts in people:
        counts.update({number_of(word) for word in facts.names[0]})
    scale = Scale(weights, share_by(counts, len(people)))


def _shared(work, parts: list[tuple]) -> list:  # type: ignore[no-untyped-def]
    """Do each part in a process that begins with what this one knows."""
    with multiprocessing.get_context("fork").Pool(CORES) as pool:
        return pool.starmap(work, parts)


def _write_keys(part: int, strangers: bool) -> float:
    text = StringIO()
    for number in range(part, len(people), CORES):
        text.write("".join(f"{key}\t{number}\n" for key in pair_numbers(people[number], strangers=strangers)))
    text.seek(0)
    with closing(ground.connect(DATABASE)) as line, line.cursor() as cursor:
        cursor.copy_expert("COPY residents_pairkey FROM STDIN", text)
        return _database_seconds(cursor)


def _database_seconds(cursor: Any) -> float:
    """How long the process of PostgreSQL behind this line has worked so far, where the machine can say it."""
    cursor.execute("SELECT pg_backend_pid()")
    with suppress(OSError):
        parts = Path(f"/proc/{cursor.fetchone()[0]}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(parts[11]) + int(parts[12])) / os.sysconf("SC_CLK_TCK")
    return 0.0


def _weigh(pairs: list[tuple[int, int]]) -> list[tuple[int, int, float, float]]:
    return list(_weighed(pairs))


def _weighed(pairs: list[tuple[int, int]]) -> Iterator[tuple[int, int, float, float]]:
    for one, other in pairs:
        chance, odds = scale.chance_and_odds(people[one], people[other])
        if chance >= LEAST:
            yield one, other, chance, odds


def _cost(database: float) -> dict[str, float]:
    """Wall; CPU of this process, its children and the database; peak of the first and the largest child, without the database."""
    mine, theirs = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = database + mine.ru_utime + mine.ru_stime + theirs.ru_utime + theirs.ru_stime
    return {"wall": time.monotonic() - BEGAN, "cpu": cpu, "peak": (mine.ru_maxrss + theirs.ru_maxrss) / 1024}


if __name__ == "__main__":
    main()
