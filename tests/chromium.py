"""One Chromium for all tests that need eyes: the machine's own, driven without Node."""

import atexit
import os
import shutil
from functools import cache

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
HELP = "no Chromium: sudo apt-get install -y --no-install-recommends chromium fonts-liberation (or set CHROMIUM to its path)"
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# The design system keeps aria-expanded on radios that reveal a question (its issue 979), and axe does not allow it.
KNOWN = {"aria-allowed-attr": 'type="radio"'}


@cache
def browser() -> Browser:
    """Start Chromium once. Skips without one; on a machine for checks (CI) that is a failure, never a quiet skip."""
    names = [os.environ.get("CHROMIUM"), "chromium", "chromium-browser", "google-chrome-stable", "google-chrome"]
    path = next((found for name in names if name and (found := shutil.which(name))), None)
    if path is None:
        pytest.fail(HELP) if os.environ.get("CI") else pytest.skip(HELP)
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright's own loop runs in this thread
    playwright = sync_playwright().start()
    atexit.register(playwright.stop)
    return playwright.chromium.launch(
        executable_path=path, args=FLAGS + (["--no-sandbox"] if os.geteuid() == 0 else [])
    )


def troubles(page: Page) -> list[str]:
    """Collects what goes wrong on a page from now on: script errors and everything that the security policy refuses."""
    found: list[str] = []
    page.on("console", lambda message: found.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


def faults(page: Page) -> list[tuple[str, list[str]]]:
    """What axe finds, without the one exemption that is named above."""
    options = {"runOnly": {"type": "tag", "values": STANDARDS}, "resultTypes": ["violations"]}
    found = []
    page.evaluate(Axe().axe_script)
    # What passed stays in the browser: 50 kB for each page to be written there and read here.
    for violation in page.evaluate("options => axe.run(options).then(results => results.violations)", options):
        exempt = KNOWN.get(violation["id"])
        nodes = [node["html"] for node in violation["nodes"] if not (exempt and exempt in node["html"])]
        if nodes:
            found.append((violation["id"], nodes))
    return found
