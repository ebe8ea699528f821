"""What the accessibility statement and the privacy page say is what the code does."""

import json
import re
from pathlib import Path

import axe_playwright_python
from django.conf import settings

from tests import chromium

ROOT = Path(settings.BASE_DIR)
ACCESSIBILITY = (ROOT / "templates/pages/accessibility.html").read_text()
PRIVACY = (ROOT / "templates/pages/privacy.html").read_text()


def test_the_statement_names_the_versions_that_are_used():
    axe = next(Path(axe_playwright_python.__file__).parent.rglob("axe*.js")).read_text()[:300]
    assert f"axe-core {re.search(r'axe v([0-9.]+)', axe)[1]}," in ACCESSIBILITY
    locked = json.loads((ROOT / "frontend/package-lock.json").read_text())["packages"]
    for package, name in (("govuk-frontend", "GOV.UK Frontend"), ("@ministryofjustice/frontend", "MoJ Frontend")):
        assert f"{name} {locked[f'node_modules/{package}']['version']}" in ACCESSIBILITY


def test_the_statement_names_every_exemption_and_every_standard():
    assert list(chromium.KNOWN) == ["aria-allowed-attr"] and "4.1.2" in ACCESSIBILITY
    assert {"wcag2aa", "wcag21aa", "wcag22aa", "best-practice"} <= set(chromium.STANDARDS)
    assert f"After {settings.SESSION_IDLE_SECONDS // 60} minutes" in ACCESSIBILITY


def test_the_privacy_page_counts_the_cookies(client, db, sign_in, finn):
    desk = sign_in(finn)
    desk.get("/contacts/new")
    desk.post("/guide")
    assert set(desk.cookies) == {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, "messages"}
    assert "three cookies" in PRIVACY and not any(cookie["domain"] for cookie in desk.cookies.values())
