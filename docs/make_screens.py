"""Makes the pictures in docs/screens: ./dev screens [NAME …] [--folder FOLDER] [--site ADDRESS]

Starts the service on a fresh small borough of its own, signs in as each role, and takes every main page at 1,280 and 375 pixels.
Everybody in them is invented. With names (front-door-home, or front-door for all that begin so) only those are taken.
"""

import argparse
import base64
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
WIDTHS = {"": {"width": 1280, "height": 900}, "-narrow": {"width": 375, "height": 812}}
TALLEST, RESIDENTS, PATIENCE = 2400, 5000, 300
SHRINK = (ROOT / "docs" / "shrink.js").read_text(encoding="utf-8").partition("async (picture)")
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


def to_merge(page: Page) -> None:
    """From two records side by side to the page that would make them one."""
    hrefs = page.get_by_role("main").locator("a").evaluate_all("links => links.map(one => one.getAttribute('href'))")
    people = list(dict.fromkeys(href for href in hrefs if href and re.search("^/residents/CS-[0-9A-Z-]+$", href)))
    if len(people) < 2:
        raise LookupError(f"{page.url} names no two records")
    page.goto(f"{people[0]}/same/{people[1].rpartition('/')[2]}")


ONE = r"/CS-[0-9A-Z-]+([?#].*)?$"
# Who signs in, the name of their picture, and more pages: a name, where to begin, and what to do there.
Pages = tuple[tuple[str, str, tuple[Callable[[Page], None], ...]], ...]
ROLES: dict[str, Pages] = {
    "finn": (
        ("front-door", "/contacts/new", (fill_contact,)),
        ("front-door-home", "/", ()),
        ("front-door-search", "/find", (search("ahmed"),)),
        ("front-door-resident", "/find", (search("ahmed"), first("^/residents" + ONE))),
        ("front-door-household", "/find", (search("begum"), first("^/residents" + ONE), first("^/households/CS"))),
        ("front-door-family", "/find", (search("begum"), first("^/residents" + ONE), first("/relationships$"))),
        ("front-door-register", "/residents/new", ()),
        ("front-door-queue", "/triage", ()),
        ("front-door-decide", "/triage", (first("^/triage" + ONE),)),
        ("front-door-promises", "/contacts/promised", ()),
        ("front-door-services", "/services", ()),
        ("front-door-service", "/services", (first("^/services" + ONE),)),
        ("front-door-help", "/help/triage", ()),
        ("front-door-shortcuts", "/shortcuts", ()),
        ("front-door-go", "/go", ()),
    ),
    "ben": (
        ("caseworker", "/work", ()),
        ("caseworker-home", "/", ()),
        ("caseworker-cases", "/cases", ()),
        ("caseworker-case", "/cases", (first("^/cases" + ONE),)),
        *((f"caseworker-{tab}", "/cases", (first("^/cases" + ONE), first(f"/{tab}([?#].*)?$")))
          for tab in ("plan", "notes", "story", "reviews", "people", "housing", "money")),
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
        ("manager-imports", "/imports/people", ()),
        ("manager-pairs", "/residents/pairs", ()),
        ("manager-pair", "/residents/pairs", (first(r"^/residents/pairs/\d+"),)),
        ("manager-merge", "/residents/pairs", (first(r"^/residents/pairs/\d+"), to_merge)),
        ("manager-restricted", "/restricted-records", ()),
        ("manager-warning", "/find", (search("ahmed"), first("^/residents" + ONE), first("/warnings$"), first("/warnings/new"))),
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
        ("administrator-not-found", "/nowhere", ()),
    ),
    "": (("everybody-sign-in", "/accounts/login/", ()), ("everybody-help", "/help", ()),
         ("everybody-accessibility", "/accessibility", ())),
}  # fmt: skip


@contextmanager
def fresh_borough() -> Iterator[tuple[str, dict[str, str]]]:
    """The service over a small borough that was made for this, on a free port; all of it goes afterwards."""
    with tempfile.TemporaryDirectory(prefix="cs-screens-") as home, socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port = str(door.getsockname()[1])
        door.close()
        others = ("DATABASE_", "REDIS_", "COUNCIL_", "CS_PRODUCTION")
        env = {name: value for name, value in os.environ.items() if not name.startswith(others)} | {"CS_HOME": home}
        for line in (["migrate"], ["seed"], ["make_borough", "--residents", str(RESIDENTS)]):
            print("making a borough:", line[0], flush=True)
            subprocess.run([str(ROOT / "dev"), "manage", *line], env=env, check=True, stdout=subprocess.DEVNULL)
        line = [sys.executable, "-m", "community_solutions.up", "--port", port, "--no-borough"]
        with subprocess.Popen(line, cwd=ROOT, env=env, stdout=subprocess.DEVNULL) as service:
            try:
                wait_for(f"http://localhost:{port}", service)
                yield f"http://localhost:{port}", env
            finally:
                service.terminate()
                service.wait(60)


def wait_for(site: str, service: subprocess.Popen[bytes]) -> None:
    """Until the service answers, or stop with a sentence."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and service.poll() is None:
        try:
            urllib.request.urlopen(f"{site}/readyz", timeout=5).close()
            return
        except OSError:
            time.sleep(0.5)
    sys.exit("The service did not start: try ./dev up, which says why.")


def sign_ins(env: dict[str, str]) -> dict[str, tuple[str, str]]:
    """The demonstration's people: short name to address and password."""
    said = subprocess.run(
        [str(ROOT / "dev"), "manage", "demo_signins"], capture_output=True, text=True, check=True, env=env
    ).stdout
    return {short: (f"{short}@{host}", word) for short, host, word in re.findall(r"(\w+)@(\S+) / (\S+)", said)}


def take(browser: Browser, site: str, cookies: list, width: str, pages: Pages, folder: Path) -> None:
    """Pictures of one person's pages at one width, in full length up to a point."""
    context = browser.new_context(base_url=site, viewport=WIDTHS[width], locale="en-GB", reduced_motion="reduce")
    context.add_cookies(cookies)
    page, press = context.new_page(), context.new_page()
    page.set_default_timeout(60_000)
    page.on("response", lambda one: print(one.status, one.url) if one.status >= 500 else None)
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
        tall = min(TALLEST, page.evaluate("document.documentElement.scrollHeight"))
        clip = {"x": 0, "y": 0, "width": WIDTHS[width]["width"], "height": tall}
        shot = page.screenshot(full_page=True, clip=clip, caret="hide")
        small = base64.b64decode(press.evaluate("".join(SHRINK[1:]), base64.b64encode(shot).decode()))
        (folder / f"{name}{width}.png").write_bytes(min(small, shot, key=len))
        print(f"{name}{width}.png: {min(len(small), len(shot)) // 1000} kB", flush=True)
    context.close()


def take_all(site: str, env: dict[str, str], wanted: list[str], folder: Path) -> None:
    """Sign in as each role and take the pictures that are wanted."""
    folder.mkdir(parents=True, exist_ok=True)
    people = sign_ins(env)
    chromium = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=sandbox)
        for short, pages in ROLES.items():
            shown = tuple(page for page in pages if not wanted or page[0].startswith(tuple(wanted)))
            if not shown:
                continue
            desk = browser.new_page(base_url=site)
            if short:
                desk.goto("/accounts/login/")
                desk.fill("[name=login]", people[short][0])
                desk.fill("[name=password]", people[short][1])
                desk.press("[name=password]", "Enter")
                desk.wait_for_url(f"{site}/")
            for width in WIDTHS:
                take(browser, site, desk.context.cookies(), width, shown, folder)
            desk.close()
        browser.close()
    total = sum(path.stat().st_size for path in folder.glob("*.png"))
    print(f"{len(list(folder.glob('*.png')))} pictures in {folder}, {total / 1e6:.1f} MB")


def main() -> None:
    """Take the pictures, of a borough of their own or of a site that runs already."""
    parser = argparse.ArgumentParser(prog="./dev screens", description=main.__doc__)
    parser.add_argument("names", nargs="*", help="only pictures whose names begin so")
    parser.add_argument("--folder", type=Path, default=ROOT / "docs" / "screens")
    parser.add_argument("--site", help="a demonstration that runs already, for example http://localhost:8000")
    asked = parser.parse_args()
    if asked.site:
        take_all(asked.site.rstrip("/"), dict(os.environ), asked.names, asked.folder)
        return
    with fresh_borough() as (site, env):
        take_all(site, env, asked.names, asked.folder)


if __name__ == "__main__":
    main()
