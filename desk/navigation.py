"""What stands in the menu for each role. Pages are named by their URL names, in the order in which the work uses them."""

from django.http import HttpRequest
from django.urls import reverse

from accounts.models import Role

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


def navigation(request: HttpRequest) -> dict[str, object]:
    """The menu of whoever is signed in, with the page they are on marked."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"navigation": []}
    items = [{"text": text, "href": reverse(name)} for text, name in MENU[user.role]]
    here = max((item["href"] for item in items if _leads(item["href"], request.path)), key=len, default=None)
    return {"navigation": [{**item, "active": item["href"] == here} for item in items]}


def _leads(href: str, path: str) -> bool:
    """Whether the page lies under the menu's entry."""
    return path == href or path.startswith(href.rstrip("/") + "/")
