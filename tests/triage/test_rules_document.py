"""docs/triage-rules.md shows the rules as they are."""

from pathlib import Path

import pytest

from triage.rules import DEFAULTS, RULES
from triage.rules.words import document

PAGE = Path(__file__).parents[2] / "docs" / "triage-rules.md"


def test_the_page_matches_the_code():
    text = PAGE.read_text(encoding="utf-8")
    written = text.partition("<!-- from the code -->\n")[2].partition("<!-- end -->")[0]
    assert written == document(), "Write the new tables into docs/triage-rules.md: triage.rules.words.document()."


@pytest.mark.parametrize("rule", [*RULES, *DEFAULTS], ids=lambda rule: rule.number)
def test_every_rule_speaks_in_sentences(rule):
    assert rule.route.endswith(".")
    assert not rule.title.endswith(".")
    assert rule.source
    assert "|" not in rule.title + rule.route + rule.source
