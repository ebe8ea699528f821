"""What stands in the menu for each role. Pages are named by their URL names, in the order in which the work uses them."""

from django.http import HttpRequest
from django.urls import reverse

from accounts.models import Role
from desk.help_pages import topic_for

MENU: dict[str, tuple[tuple[str, str], ...]] = {
    Role.FRONT_DOOR: (
        ("Log a contact", "triage:log"),
        ("Find a resident", "residents:find"),
        ("Triage", "triage:queue"),
        ("Promises", "intake:promised"),
        ("Referrals", "referrals:mine"),
        ("Services", "directory:services"),
    ),
    Role.CASEWORKER: (
        ("My work", "desk:work"),
        ("Find a resident", "residents:find"),
        ("Cases", "cases:cases"),
        ("Referrals", "referrals:mine"),
        ("Triage", "triage:queue"),
        ("Services", "directory:services"),
    ),
    Role.MANAGER: (
        ("My work", "desk:work"),
        ("Allocate", "cases:awaiting"),
        ("Triage", "triage:queue"),
        ("Safeguarding", "triage:safeguarding"),
        ("Cases", "cases:cases"),
        ("Find a resident", "residents:find"),
        ("Dashboard", "reporting:dashboard"),
    ),
    Role.PARTNER: (("Inbox", "referrals:inbox"), ("Services", "directory:services")),
    Role.GOVERNANCE: (
        ("Who saw what", "accounts:trail"),
        ("Is the trail whole?", "accounts:trail_proof"),
        ("Measures", "reporting:measures"),
    ),
    Role.ADMINISTRATOR: (
        ("People", "accounts:people"),
        ("Teams", "accounts:teams"),
        ("Organisations", "accounts:organisations"),
        ("Service feeds", "directory:feeds"),
        ("Imports", "intake:imports"),
    ),
}


# Pages that lie elsewhere than the entry that leads to them.
ALSO = {
    "/residents": "residents:find",
    "/imports/people": "residents:find",
    "/contacts/new": "triage:log",
    "/contacts": "triage:queue",
    "/measures": "reporting:dashboard",
    "/runs": "reporting:dashboard",
}


def navigation(request: HttpRequest) -> dict[str, object]:
    """The menu of whoever is signed in, with the page they are on marked, and the help for that page."""
    user = getattr(request, "user", None)
    topic = topic_for(request.resolver_match)
    if user is None or not user.is_authenticated:
        return {"navigation": [], "help_topic": topic}
    items = [{"text": text, "href": reverse(name)} for text, name in MENU[user.role]]
    here = _here([item["href"] for item in items], request.path)
    marked = [{**item, "active": item["href"] == here, "exact": item["href"] == request.path} for item in items]
    return {"navigation": marked, "help_topic": topic}


def _here(offered: list[str], path: str) -> str | None:
    """The entry of the menu under which a page lies: the longest address that leads there."""
    leads = [(len(href), href) for href in offered if _leads(href, path)]
    for prefix, name in ALSO.items():
        if _leads(prefix, path) and (href := reverse(name)) in offered:
            leads.append((len(prefix), href))
    return max(leads, default=(0, None))[1]


def _leads(href: str, path: str) -> bool:
    """Whether the page lies under the menu's entry."""
    return path == href or path.startswith(href.rstrip("/") + "/")
