"""Every published code of the Standard Safeguarding Dataset is one of ours, or on the list of exclusions with its reason."""

import csv
import re
from collections import defaultdict
from pathlib import Path

import pytest

from cases.reference_data import REASONS
from intake.extract import codes
from intake.models import Contact
from intake.needs import NEED_CODES
from triage.models import SafeguardingEpisode
from triage.tiers import Tier

ROOT = Path(__file__).resolve().parents[2]
OWN = ROOT / "tests" / "data" / "ssd_codes.csv"


def own_codes() -> dict[str, set[str]]:
    """The codes alone, kept with the tests."""
    found: dict[str, set[str]] = defaultdict(set)
    with OWN.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found[row["list"]].add(row["code"])
    return found


def published_codes() -> dict[str, set[str]]:
    """The lists as published, beside the checkout; else the codes that are kept with the tests."""
    folder = next((one / "shared" / "data" / "ssd" for one in ROOT.parents if (one / "shared/data/ssd").is_dir()), None)
    if folder is None:
        return own_codes()
    lists = [path for path in folder.glob("*.yml") if not path.name.startswith("ssd_")]
    return {path.stem: set(codes_in(path.read_text(encoding="utf-8"))) for path in lists}


def codes_in(text: str) -> list[str]:
    """The values of a list. Read by line, as two of the published files are not whole YAML."""
    return [found.strip("\"'") for found in re.findall(r"^- value:\s*(.+?)\s*$", text, re.MULTILINE)]


@pytest.mark.parametrize("name", sorted(own_codes()))
def test_every_published_code_is_ours_or_left_out_with_a_reason(name):
    published = published_codes()[name]
    assert published
    _, ours = codes.LISTS[name]
    for code in published:
        found = codes.find(ours, code)
        assert found is not None, f"{name} {code} is not mapped"
        assert found.label
        assert bool(found.value) != bool(found.why)


def test_the_kept_codes_are_those_published():
    assert published_codes() == own_codes()


def test_every_value_is_one_of_ours():
    wanted = {
        "who was speaking": set(Contact.Speaking.values),
        "need": NEED_CODES,
        "reason for closing": {code for code, _, _ in REASONS},
        "gender": {"man", "woman", "self_described"},
        "outcome of a safeguarding episode": set(SafeguardingEpisode.Outcome.values),
        "outcome and tier": {f"{outcome}:{tier}" for outcome in Contact.Outcome.values for tier in Tier.values},
    }
    for name, (kind, ours) in codes.LISTS.items():
        for code, one in ours.items():
            assert one.left_out or kind not in wanted or one.value in wanted[kind], f"{name} {code}"


def test_a_code_is_found_however_it_is_written():
    assert codes.find(codes.SOURCES, " 1a ") is codes.SOURCES["1A"]
    assert codes.find(codes.GENDERS, "01") is codes.GENDERS["1"]
    assert codes.find(codes.GENDERS, "00") is codes.GENDERS["0"]
    assert codes.find(codes.SOURCES, "10") is codes.SOURCES["10"]
    assert codes.find(codes.SOURCES, "1") is None


def test_the_page_shows_the_mapping_as_it_is():
    page = (ROOT / "docs" / "import.md").read_text(encoding="utf-8")
    written = page.partition("<!-- from the code -->\n")[2].partition("<!-- end -->")[0]
    assert written == codes.tables(), "Write the tables into docs/import.md: intake.extract.codes.tables()."
