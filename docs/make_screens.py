"""Makes the pictures in docs/screens from a running demonstration borough: .venv/bin/python docs/make_screens.py [PORT] [FOLDER]

Start `./dev up` first, and have what `./dev setup --test` installs, and Chromium. With a folder, every page that it knows goes
there in full length, to be looked at; without one, what a window shows of each role's main page goes to docs/screens.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
WIDTHS = {"": {"width": 1280, "height": 900}, "-narrow": {"width": 375, "height": 812}}
NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


def fill_contact(page: Page) -> None:
    """A call from somebody who is not known, with a need that opens its questions."""
    afresh = page.get_by_role("button", name="Start afresh")
    if afresh.count():
        afresh.click()
    page.check("[name=not_known]")
    page.fill("[name=words]", "My hours were cut and I am two months behind with the rent.")
    page.check("[name=needs][value=debt]")
    page.fill("[name=arrears_pence]", "1,340")
    page.evaluate("document.activeElement.blur(); window.scrollTo(0, 0)")


def first(pattern: str) -> Callable[[Page], None]:
    """Follow the first link of the page that leads there."""

    def follow(page: Page) -> None:
        here = page.get_by_role("main").locator("a")
        hrefs = here.evaluate_all("links => links.map(one => one.getAttribute('href'))")
        found = next((href for href in hrefs if href and re.search(pattern, href)), None)
        if found is None:
            raise LookupError(f"{page.url} has no link to {pattern}")
        page.goto(found)

    return follow


def search(words: str) -> Callable[[Page], None]:
    """Look for somebody."""

    def look(page: Page) -> None:
        page.fill("[name=words]", words)
        page.press("[name=words]", "Enter")
        page.wait_for_selector("#results")

    return look


ONE = r"/CS-[0-9A-Z-]+$"
# Who signs in, the name of their picture, and more pages: a name, where to begin, and what to do there.
Pages = tuple[tuple[str, str, tuple[Callable[[Page], None], ...]], ...]
ROLES: dict[str, Pages] = {
    "finn": (
        ("front-door", "/contacts/new", (fill_contact,)),
        ("front-door-home", "/", ()),
        ("front-door-search", "/find", (search("ahmed"),)),
        ("front-door-resident", "/find", (search("ahmed"), first("^/residents" + ONE))),
        ("front-door-queue", "/triage", ()),
        ("front-door-decide", "/triage", (first("^/triage" + ONE),)),
        ("front-door-promises", "/contacts/promised", ()),
        ("front-door-services", "/services", ()),
        ("front-door-service", "/services", (first("^/services" + ONE),)),
    ),
    "ben": (
        ("caseworker", "/work", ()),
        ("caseworker-home", "/", ()),
        ("caseworker-cases", "/cases", ()),
        ("caseworker-case", "/cases", (first("^/cases" + ONE),)),
        *((f"caseworker-{tab}", "/cases", (first("^/cases" + ONE), first(f"/{tab}$")))
          for tab in ("plan", "notes", "reviews", "people", "housing", "money")),
        ("caseworker-referrals", "/referrals", ()),
        ("caseworker-referral", "/referrals", (first("^/referrals" + ONE),)),
    ),
    "dev": (
        ("manager", "/dashboard", ()),
        ("manager-home", "/", ()),
        ("manager-work", "/work", ()),
        ("manager-allocate", "/allocate", ()),
        ("manager-allocate-one", "/allocate", (first("^/allocate" + ONE),)),
        ("manager-safeguarding", "/safeguarding", ()),
        ("manager-measure", "/measures/ta-households", ()),
        ("manager-measures", "/measures", ()),
        ("manager-published", "/measures/published", ()),
        ("manager-runs", "/runs", ()),
    ),
    "ela": (
        ("partner", "/inbox", ()),
        ("partner-home", "/", ()),
        ("partner-referral", "/inbox", (first("^/inbox" + ONE),)),
    ),
    "gus": (
        ("information-governance", "/trail", ()),
        ("information-governance-home", "/", ()),
        ("information-governance-proof", "/trail/proof", ()),
    ),
    "ada": (
        ("administrator", "/people", ()),
        ("administrator-home", "/", ()),
        ("administrator-teams", "/teams", ()),
        ("administrator-organisations", "/organisations", ()),
        ("administrator-feeds", "/services/feeds", ()),
    ),
}  # fmt: skip


def sign_ins() -> dict[str, tuple[str, str]]:
    """The demonstration's people: short name to address and password."""
    said = subprocess.run(
        [str(ROOT / "dev"), "manage", "demo_signins"], capture_output=True, text=True, check=True
    ).stdout
    return {short: (f"{short}@{host}", word) for short, host, word in re.findall(r"(\w+)@(\S+) / (\S+)", said)}


def take(browser: Browser, site: str, cookies: list, width: str, pages: Pages, folder: Path, *, whole: bool) -> None:
    """Pictures of one person's pages at one width."""
    context = browser.new_context(base_url=site, viewport=WIDTHS[width], locale="en-GB", reduced_motion="reduce")
    context.add_cookies(cookies)
    page = context.new_page()
    page.on("response", lambda one: print(one.status, one.url) if one.status >= 400 else None)
    page.on("console", lambda line: print("console:", page.url, line.text) if line.type == "error" else None)
    for name, start, steps in pages:
        try:
            page.goto(start)
            for step in steps:
                step(page)
        except LookupError as missing:
            print(f"{name}: {missing}")
            continue
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            print(f"{name}{width}: scrolls sideways")
        page.screenshot(path=folder / f"{name}{width}.png", full_page=whole, caret="hide")
    context.close()


def main(port: str = "8000", folder: str = "") -> None:
    """Sign in as each role and take the pictures."""
    where, site = Path(folder or ROOT / "docs" / "screens"), f"http://localhost:{port}"
    where.mkdir(parents=True, exist_ok=True)
    people = sign_ins()
    chromium = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=sandbox)
        for short, pages in ROLES.items():
            desk = browser.new_page(base_url=site)
            desk.goto("/accounts/login/")
            desk.fill("[name=login]", people[short][0])
            desk.fill("[name=password]", people[short][1])
            desk.press("[name=password]", "Enter")
            desk.wait_for_url(f"{site}/")
            for width in WIDTHS:
                shown = pages if folder else pages[:1]
                take(browser, site, desk.context.cookies(), width, shown, where, whole=bool(folder))
            desk.close()
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
