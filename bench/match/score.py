"""How good weighed pairs are against the truth: precision, recall and F1 at every threshold. Pure but for reading files."""

import csv
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

HIGH = 0.99


@dataclass(frozen=True)
class Score:
    """One method on one register."""

    best: float
    high: float  # recall where the precision is at least 0.99
    shipped: float  # F1 at the threshold that it ships with
    precision: float
    recall: float
    met: float  # recall of everything that was weighed and kept


def f1(precision: float, recall: float) -> float:
    """Both in one figure."""
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def score(rows: Path, pairs: Path, *, threshold: float) -> Score:
    """Score one file of pairs (one, other, chance, weight; one line a pair) of one file of rows."""
    with rows.open(newline="") as file:
        truth = [(row["person"], row.get("side", "")) for row in csv.DictReader(file)]
    two_lists = len({side for _, side in truth}) > 1
    whole = _true_pairs(truth, two_lists)
    weighed = []
    with pairs.open(newline="") as file:
        lines = csv.reader(file)
        next(lines)
        for one, other, chance, weight in lines:
            mine, theirs = truth[int(one)], truth[int(other)]
            if not two_lists or mine[1] != theirs[1]:
                weighed.append((float(weight), float(chance), mine[0] == theirs[0]))
    weighed.sort(key=lambda pair: -pair[0])
    return _scored(weighed, whole, threshold)


def _true_pairs(truth: list[tuple[str, str]], two_lists: bool) -> int:
    if not two_lists:
        return sum(count * (count - 1) // 2 for count in Counter(person for person, _ in truth).values())
    sides = Counter(truth)
    return sum(sides[person, "0"] * sides[person, "1"] for person in {person for person, _ in truth})


def _scored(weighed: list[tuple[float, float, bool]], whole: int, threshold: float) -> Score:
    found, best, high = 0, 0.0, 0.0
    for place, (weight, _, true) in enumerate(weighed, 1):
        found += true
        if place < len(weighed) and weighed[place][0] == weight:
            continue  # no threshold lies between equal weights
        precision, recall = found / place, found / whole
        best = max(best, f1(precision, recall))
        high = max(high, recall) if precision >= HIGH else high
    chosen = [true for _, chance, true in weighed if chance >= threshold]
    precision, recall = sum(chosen) / max(len(chosen), 1), sum(chosen) / whole
    return Score(best, high, f1(precision, recall), precision, recall, found / whole)
