"""Keys that open pages: which, for whom, and how they are said. A person can switch them off for themselves."""

from functools import cache

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from accounts.models import User
from desk.navigation import MENU
from desk.places import may_ask

# By page; a letter after g is the first of the page's name where it is free among the pages of one role.
KEYS = {
    "desk:go": "gg",
    "residents:find": "/",
    "triage:log": "n",
    "desk:home": "gh",
    "desk:work": "gw",
    "triage:queue": "gt",
    "intake:promised": "gp",
    "cases:cases": "gc",
    "cases:awaiting": "ga",
    "triage:safeguarding": "gs",
    "referrals:mine": "gr",
    "referrals:inbox": "gi",
    "reporting:dashboard": "gd",
    "reporting:measures": "gm",
    "accounts:trail": "gl",
    "accounts:trail_proof": "gk",
    "accounts:people": "gp",
    "accounts:teams": "gt",
    "accounts:organisations": "go",
    "directory:services": "gv",
    "directory:feeds": "gf",
    "intake:imports": "gi",
    "desk:shortcuts": "?",
}
NAMES = {
    "desk:go": "Go to a page or a reference",
    "residents:find": "Find a resident",
    "triage:log": "Log a contact",
    "desk:home": "Home",
    "desk:shortcuts": "This list",
}


@cache
def shortcuts_for(role: str) -> tuple[tuple[str, str, str], ...]:
    """Keys, name and address of each page that has keys and that the role may ask for."""
    names = NAMES | {page: text for text, page in MENU[role]}
    return tuple(
        (keys, names[page], reverse(page)) for page, keys in KEYS.items() if page in names and may_ask(role, page)
    )


def as_attribute(user: User) -> str:
    """The keys as the page hands them to its script; nothing where the person has switched them off."""
    return ";".join(f"{keys}|{href}" for keys, _, href in shortcuts_for(user.role)) if user.shortcuts else ""


def in_words(user: User) -> list[dict[str, object]]:
    """The list for people: each key by itself, as it is printed on the keyboard."""
    return [{"keys": list(keys), "text": text, "href": href} for keys, text, href in shortcuts_for(user.role)]


def at_hand(request: HttpRequest) -> dict[str, object]:
    """What every page of somebody signed in hands to its scripts: their keys, and how long it may be left alone."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    # The session notes a visit once a minute at most, so it may end up to a minute before the page would think.
    return {"shortcut_keys": as_attribute(user), "idle_seconds": max(settings.SESSION_IDLE_SECONDS - 60, 0)}
