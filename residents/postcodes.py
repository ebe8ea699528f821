"""The local file of postcodes and wards, in the shape of the ONS Postcode Directory; only the borough's own wards are kept."""

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.core.exceptions import ValidationError

from residents.models import PostcodeWard, Ward
from residents.written import read_postcode

INVENTED = Path(__file__).parent / "data" / "postcodes.csv"
BATCH = 5_000
# The directory's own names over the years: `pcds` and `osward`, and since 2024 `wd24cd` and the like.
POSTCODE_COLUMNS = ("pcds", "pcd8", "pcd2", "pcd7", "pcd", "postcode")
ENDED = "doterm"


def load(lines: Iterable[str]) -> tuple[int, int]:
    """Keep the ward of each postcode that lies in a ward of ours. Returns how many were kept and left out. Repeatable."""
    wards = dict(Ward.objects.filter(until=None).values_list("code", "pk"))
    kept, left = 0, 0
    batch: dict[str, PostcodeWard] = {}
    for postcode, code in read(lines):
        if code not in wards:
            left += 1
            continue
        batch[postcode] = PostcodeWard(postcode=postcode, ward_id=wards[code])
        if len(batch) == BATCH:
            kept += _keep(batch)
    return kept + _keep(batch), left


def _keep(batch: dict[str, PostcodeWard]) -> int:
    """Write a batch and empty it."""
    number = len(batch)
    PostcodeWard.objects.bulk_create(
        batch.values(), update_conflicts=True, unique_fields=["postcode"], update_fields=["ward"]
    )
    batch.clear()
    return number


def read(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Postcode and ward code of each row that is in use. Raises ValidationError where the columns are not there."""
    rows = csv.DictReader(lines)
    names = {name.strip().lstrip("\ufeff").lower(): name for name in rows.fieldnames or []}
    postcode = next((names[one] for one in POSTCODE_COLUMNS if one in names), None)
    ward = next((names[one] for one in names if one in {"osward", "ward"} or _is_ward(one)), None)
    if not postcode or not ward:
        raise ValidationError(
            "The file needs a column of postcodes (pcds) and one of ward codes (osward, or wd24cd and the like)."
        )
    for row in rows:
        if row.get(names.get(ENDED, ENDED)):
            continue
        try:
            yield read_postcode(row[postcode] or ""), (row[ward] or "").strip()
        except ValidationError:
            continue


def _is_ward(name: str) -> bool:
    """wd24cd: the ward's code by the boundaries of that year."""
    return len(name) == 6 and name.startswith("wd") and name.endswith("cd") and name[2:4].isdecimal()
