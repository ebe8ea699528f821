"""Every partial renders, and no template holds what the security policy refuses."""

import base64
import hashlib
import re
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
from django.template import engines
from django.template.loader import get_template
from django.test import RequestFactory

from tests.looks.demonstration import PAGES, render

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
INLINE = "document.body.className += ' js-enabled' + ('noModule' in HTMLScriptElement.prototype ? ' govuk-frontend-supported' : '');"
ERRORS = ["400", "403", "403_csrf", "404", "429", "500", "503"]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_a_template_holds_nothing_that_the_policy_refuses(path):
    source = re.sub(r"{#.*?#}|{%\s*comment.*?endcomment\s*%}", "", path.read_text(), flags=re.S)
    assert not re.search(r"\sstyle\s*=", source), "a style attribute"
    assert not re.search(r"<[^<>]*\son[a-z]+\s*=", source), "an event handler"
    assert "javascript:" not in source
    assert "<style" not in source
    for attributes, body in re.findall(r"<script([^>]*)>(.*?)</script>", source, flags=re.S):
        assert " src=" in attributes or 'type="application/json"' in attributes or body == INLINE
    assert not re.search(r"<(?:script|link|img)[^>]*(?:src|href)=\"https?:", source), "a file of somebody else"


def test_the_one_inline_script_is_the_one_that_the_policy_allows():
    script = re.search(r"<script>(.*?)</script>", (ROOT / "templates/base.html").read_text())
    assert script and script[1] == INLINE
    digest = base64.b64encode(hashlib.sha256(script[1].encode()).digest()).decode()
    assert digest == "GUQ5ad8JK5KmEWmROf3LZd9ge94daqNvd8xy9YS1iDw="


@pytest.mark.parametrize("page", PAGES)
def test_every_pattern_renders_with_one_heading(page):
    html = render(page)
    assert len(re.findall(r"<h1[ >]", html)) == 1
    assert 'lang="en-GB"' in html and 'href="#main-content"' in html and 'id="main-content"' in html
    assert "{{" not in html and "{%" not in html


def test_every_part_is_shown_by_one_of_the_pages_or_by_the_base():
    used = "".join(PAGES.values()) + "".join(path.read_text() for path in TEMPLATES)
    parts = [path.relative_to(ROOT / "templates") for path in TEMPLATES if path.parent.name == "_parts"]
    assert [part for part in parts if f'"{part}"' not in used] == []


@pytest.mark.parametrize("number", ERRORS)
def test_an_error_page_says_what_to_do_and_has_a_way_on(number):
    html = get_template(f"{number}.html").render({"council_name": "Anytown Council"})
    assert "<h1" in html and 'href="/"' in html


@pytest.mark.parametrize("number", ["400", "403_csrf", "429", "500", "503"])
def test_some_error_pages_need_no_context_and_no_database(number, settings):
    settings.COUNCIL_NAME = "Anytown Council"
    html = get_template(f"{number}.html").render()
    assert "Anytown Council" in html and "</html>" in html


def test_a_name_with_an_arabic_script_stands_apart_from_its_line():
    assert "<bdi>Amina Okafor</bdi>" in render("case")


def test_sign_out_is_a_form_that_is_posted():
    html = render("home")
    assert re.search(
        r'<form method="post" action="[^"]*logout[^"]*"[^>]*>\s*<input type="hidden" name="csrfmiddlewaretoken" value="\w{64}">',
        html,
    )


def test_a_partial_with_only_still_has_its_token_and_key():
    html = render("confirm", request=RequestFactory().get("/"))
    form = html[html.index("<main") :]
    assert re.search(r'name="csrfmiddlewaretoken" value="\w{64}"', form) and 'name="once"' in form


def said(filters: str, value: object) -> str:
    return engines["django"].from_string("{% load govuk %}{{ value|" + filters + " }}").render({"value": value})


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("day", date(1980, 3, 31), "31 March 1980"),
        ("short_day", date(1980, 3, 1), "1 Mar 1980"),
        ("day", None, ""),
        ("clock", datetime(2026, 7, 1, 13, 30, tzinfo=UTC), "2:30pm"),  # British summer time
        ("clock", datetime(2026, 1, 1, 13, 30, tzinfo=UTC), "1:30pm"),
        ("clock", time(9, 0), "9am"),
        ("clock", time(12, 0), "midday"),
        ("clock", time(0, 0), "midnight"),
        ("clock", time(0, 5), "12:05am"),
        ("moment", datetime(2026, 3, 31, 23, 30, tzinfo=UTC), "1 April 2026 at 12:30am"),
        ("pounds", 123400, "£1,234"),
        ("pounds", 123450, "£1,234.50"),
        ("pounds", -5, "-£0.05"),
        ("pounds", None, ""),
        ("anchor", "Homes & money", "homes-money"),
    ],
)
def test_dates_times_and_money_are_said_the_same_way_everywhere(name, value, words):
    assert said(name, value) == words


@pytest.fixture
def sheets() -> dict[str, str]:
    """The design system's style sheets as they were built: for every window, for wide ones, for paper."""
    files = {kind: ROOT / f"static/vendor/govuk-moj{kind}.css" for kind in ("", "-wide", "-print")}
    if not files[""].exists():
        pytest.skip("the design system is not built: ./dev builds it")
    return {kind: file.read_text() for kind, file in files.items()}


def test_the_style_sheet_has_every_override_that_a_page_asks_for(sheets):
    pages = [*TEMPLATES, *(ROOT / "static/site").glob("*.js")]
    asked = {word for page in pages for word in re.findall(r"govuk-!-[a-z0-9-]+", page.read_text())}
    built = {word.replace("\\", "") for word in re.findall(r"govuk-\\!-[a-z0-9-]+", "".join(sheets.values()))}
    assert asked and asked <= built, "frontend/app.scss lacks these"


# The design system gives these no looks of their own: scripts and tests take hold of them, or they stand beside a class that has some.
NO_LOOKS = {
    "govuk-checkboxes",
    "govuk-file-upload--error",
    "govuk-generic-header__container",
    "govuk-grid-column",
    "govuk-heading",
    "govuk-input--width",
    "govuk-js-character-count",
    "govuk-js-password-input-input",
    "govuk-js-password-input-toggle",
    "govuk-js-service-navigation-toggle",
    "govuk-moj",
    "govuk-moj-wide",
    "govuk-password-input",
    "govuk-radios",
    "govuk-table__body",
    "govuk-table__caption--s",
    "govuk-table__head",
    "govuk-table__row",
    "govuk-tag--blue",
    "govuk-template__footer",
    "govuk-template__header",
    "moj-timeline__header",
}


def test_the_style_sheets_have_every_class_of_the_design_system_that_a_page_asks_for(sheets):
    """They are built of the components that our pages use: a page that wants another adds it to frontend/app.scss."""
    pages = [*TEMPLATES, *(ROOT / "static/site").glob("*.js"), *(ROOT / "ledger/templatetags").glob("*.py")]
    asked = {
        word for page in pages for word in re.findall(r"(?:govuk|moj)-[a-z]+(?:(?:__|--?)[a-z0-9]+)*", page.read_text())
    }
    known = {word for sheet in sheets.values() for word in re.findall(r"\.((?:govuk|moj)-[a-z0-9_-]+)", sheet)}
    assert sorted(asked - known - NO_LOOKS) == []


def test_a_phone_waits_for_no_rule_of_wide_windows_or_of_paper(sheets):
    found = {kind: set(re.findall(r"@media ?([^{]+)\{", sheet)) for kind, sheet in sheets.items()}
    assert found["-print"] == {"print"}
    least = {
        one: max(map(float, re.findall(r"min-width: ?([\d.]+)em", one)), default=0)
        for one in found["-wide"] | found[""]
    }
    assert found["-wide"] and all(least[one] >= 40.0625 and "max-" not in one for one in found["-wide"])
    late = [one for one in found[""] if least[one] >= 40.0625 and "max-" not in one]
    assert "print" not in found[""] and all(
        "\ufffd" in one for one in late
    )  # sleights for one old browser stay where they are
    head = (ROOT / "templates/_parts/clothes.html").read_text()
    assert re.search(r"govuk-moj-wide.css' %}\" media=\"\(min-width: 40.0625em\)\"", head)
    assert re.search(r"paper.css' %}\" media=\"print\"", head) and "govuk-moj-print" not in head
    assert '@import url("../vendor/govuk-moj-print.css");' in (ROOT / "static/site/paper.css").read_text()
    assert "@media print" not in (ROOT / "static/site/app.css").read_text()


def test_no_script_is_fetched_before_the_style_sheets():
    """A module is fetched as urgently as a style sheet unless it says otherwise, and on a slow network they share the way."""
    loaded = [one for path in TEMPLATES for one in re.findall(r"<script[^>]* src=[^>]*>", path.read_text())]
    assert len(loaded) > 6
    assert [one for one in loaded if 'type="module" fetchpriority="low"' not in one] == []
