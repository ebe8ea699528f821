"""A council's own name, colours and logo: two councils, and what is refused at the start."""

import re
from pathlib import Path

import pytest
from django.conf import settings as site
from django.core.exceptions import ImproperlyConfigured
from django.template.loader import render_to_string

from ledger.clothes import NEEDED, PAPER, clothes_from, contrast

ANY = clothes_from({})
CRESTHAM = {"COUNCIL_NAME": "Crestham Borough Council", "COUNCIL_COLOUR": "#5b2a86"}
MARSHPORT = {"COUNCIL_NAME": "City of Marshport", "COUNCIL_COLOUR": "#003366", "COUNCIL_LINK_COLOUR": "#00557F"}
DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 40"><path d="M0 0h120v40H0z" fill="#036"/></svg>'


def variables(css: str) -> dict[str, str]:
    return dict(re.findall(r"(--[\w-]+):\s*(#[0-9a-f]{6})", css))


@pytest.mark.parametrize("given", [CRESTHAM, MARSHPORT], ids=["one colour", "two colours"])
def test_a_council_wears_its_own_colours_on_every_page(client, db, settings, given):
    settings.COUNCIL = wears = clothes_from(given)
    settings.COUNCIL_NAME = wears.name

    page = client.get("/accounts/login/").content.decode()
    style = client.get(f"/council/{wears.digest}.css")

    assert given["COUNCIL_NAME"] in page and f'href="/council/{wears.digest}.css"' in page
    assert given["COUNCIL_COLOUR"] in page  # the colour of the browser's own bar
    assert style["Content-Type"].startswith("text/css") and "immutable" in style["Cache-Control"]
    worn = variables(style.content.decode())
    assert worn["--app-header"] == given["COUNCIL_COLOUR"]
    assert worn["--govuk-link-colour"] == given.get("COUNCIL_LINK_COLOUR", given["COUNCIL_COLOUR"]).lower()
    for link in ("--govuk-link-colour", "--govuk-link-hover-colour"):
        assert contrast(worn[link], worn["--app-wash"]) >= NEEDED
    for page in ("400.html", "403_csrf.html", "429.html", "500.html", "503.html"):
        assert f"/council/{wears.digest}.css" in render_to_string(page)


def test_the_style_sheet_costs_no_query(client, db, settings, django_assert_num_queries):
    settings.COUNCIL = wears = clothes_from(CRESTHAM)
    with django_assert_num_queries(0):
        assert client.get(f"/council/{wears.digest}.css").status_code == 200
        assert client.get("/council/0123456789abcdef.css")["Cache-Control"] == "no-cache"


def test_the_colours_that_the_service_comes_with_can_be_read():
    ours = variables(Path(site.BASE_DIR / "static/site/app.css").read_text())
    for words in ("--govuk-link-colour", "--govuk-link-hover-colour", "--govuk-link-visited-colour", "--app-quiet"):
        assert contrast(ours[words], ours["--app-wash"]) >= NEEDED, words
    assert contrast(ours["--app-header"], PAPER) >= NEEDED
    assert not ANY.css


def test_contrast_is_that_of_the_guidelines():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.005)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"COUNCIL_COLOUR": "#ffcc00"}, r"COUNCIL_COLOUR #ffcc00 has a contrast of 1\.\d+:1 .*must reach 4\.5:1"),
        ({"COUNCIL_COLOUR": "#777777"}, r"contrast of 4\.47:1"),
        ({"COUNCIL_LINK_COLOUR": "#767676"}, r"COUNCIL_LINK_COLOUR #767676 .* pale background"),
        ({"COUNCIL_COLOUR": "green"}, "COUNCIL_COLOUR must be a colour such as"),
        ({"COUNCIL_COLOUR": "#12345"}, "six hexadecimal digits"),
        ({"COUNCIL_COLOUR": "#123456;} body{"}, "COUNCIL_COLOUR must be a colour"),
        ({"COUNCIL_NAME": "x" * 61}, "COUNCIL_NAME must be at most 60"),
        ({"COUNCIL_NAME": "Any\ntown"}, "on one line"),
        ({"COUNCIL_LOGO": "/nowhere/logo.svg"}, "COUNCIL_LOGO: .* cannot be read"),
    ],
)
def test_nonsense_and_too_little_contrast_stop_the_start(given, words):
    with pytest.raises(ImproperlyConfigured, match=words):
        clothes_from(given)


def test_a_logo_takes_the_place_of_the_name_and_keeps_it_for_those_who_listen(client, db, settings, tmp_path):
    (tmp_path / "logo.svg").write_text(DRAWING)
    settings.COUNCIL = wears = clothes_from({"COUNCIL_NAME": "Marshport", "COUNCIL_LOGO": str(tmp_path / "logo.svg")})
    settings.COUNCIL_NAME = wears.name

    page = client.get("/accounts/login/").content.decode()
    picture = client.get(f"/council/{wears.logo.file}")

    assert f'src="/council/{wears.logo.file}" alt="Marshport" width="120" height="40"' in page
    assert picture["Content-Type"] == "image/svg+xml" and "immutable" in picture["Cache-Control"]
    assert "default-src 'none'" in picture["Content-Security-Policy"] and "script-src" not in str(picture.headers)


def test_a_png_is_measured(tmp_path):
    head = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + (300).to_bytes(4) + (100).to_bytes(4)
    (tmp_path / "logo.png").write_bytes(head)
    logo = clothes_from({"COUNCIL_LOGO": str(tmp_path / "logo.png")}).logo
    assert (logo.kind, logo.width, logo.height) == ("image/png", 120, 40)


@pytest.mark.parametrize(
    "drawing",
    [
        DRAWING.replace("<path", "<script>alert(1)</script><path"),
        DRAWING.replace("<path", '<path onclick="x()"'),
        DRAWING.replace("<path", '<image href="https://elsewhere.example/x.png"/><path'),
        DRAWING.replace(' viewBox="0 0 120 40"', ""),
        DRAWING.replace("0 0 120 40", "0 0 1200 40"),
        "<!DOCTYPE svg>" + DRAWING,
        "GIF89a",
        "x" * 100_001,
    ],
    ids=["script", "handler", "elsewhere", "no size", "too wide", "doctype", "a GIF", "too large"],
)
def test_a_logo_that_could_do_more_than_draw_is_refused(tmp_path, drawing):
    (tmp_path / "logo.svg").write_text(drawing)
    with pytest.raises(ImproperlyConfigured, match="COUNCIL_LOGO: .*logo.svg"):
        clothes_from({"COUNCIL_LOGO": str(tmp_path / "logo.svg")})
