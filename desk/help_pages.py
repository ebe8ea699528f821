"""Help: one page for each room, and which of them belongs to the page that somebody is on."""

from dataclasses import dataclass

from django.urls import ResolverMatch

from accounts.models import STAFF, Role


@dataclass(frozen=True)
class Topic:
    """A page of help: templates/desk/help_<key>.html, who needs it first, and the pages that it explains."""

    key: str
    title: str
    about: str
    roles: tuple[str, ...]
    pages: tuple[str, ...]  # a room, or one of its pages; the page counts for more


_COUNCIL_WORK = (*STAFF,)
TOPICS = (
    Topic(
        "triage",
        "Contacts and triage",
        "Log a contact, keep promises, decide how much help, act on harm",
        _COUNCIL_WORK,
        ("triage", "intake"),
    ),
    Topic(
        "residents",
        "Residents",
        "Find somebody, keep their record true, warnings, agreements, restriction",
        _COUNCIL_WORK,
        ("residents",),
    ),
    Topic(
        "cases",
        "Cases and my work",
        "Give a case a lead, notes, plan, reviews, step up and down, close",
        _COUNCIL_WORK,
        ("cases", "desk:work"),
    ),
    Topic(
        "referrals",
        "Referrals",
        "Hand somebody to a partner and hear back",
        _COUNCIL_WORK,
        ("referrals",),
    ),
    Topic("services", "Services", "What help there is, and where the list comes from", Role.values, ("directory",)),
    Topic(
        "reporting",
        "Dashboard and measures",
        "What each figure counts, why some are not shown, publishing a month",
        (Role.MANAGER, Role.GOVERNANCE),
        ("reporting",),
    ),
    Topic(
        "partners",
        "For partners",
        "The inbox, answering by a link, what is shared with you",
        (Role.PARTNER,),
        tuple(
            f"referrals:{page}"
            for page in (
                "inbox", "received", "receive", "reply", "start", "complete", "write", "export", "answer", "answered"
            )
        ),
    ),
    Topic(
        "information-governance",
        "Information governance",
        "Who saw what, whether the trail is whole, what residents may ask for",
        (Role.GOVERNANCE,),
        ("accounts:trail", "accounts:trail_proof"),
    ),
    Topic(
        "administration",
        "Administration",
        "People, teams and their hours, organisations, feeds and imports",
        (Role.ADMINISTRATOR,),
        ("accounts", "directory:feeds", "directory:feed", "intake:imports"),
    ),
    Topic("account", "Signing in and your account", "Passwords, the second step, time-outs, drafts", Role.values, ()),
    Topic("residents-of-the-council", "If you live here", "How to ask for help, and your rights over your record", (), ()),
)  # fmt: skip
BY_KEY = {topic.key: topic for topic in TOPICS}
_BY_PAGE = {page: topic for topic in TOPICS for page in topic.pages}


def topic_for(match: ResolverMatch | None) -> Topic | None:
    """The help that belongs to a page, if there is one."""
    if match is None:
        return None
    if match.view_name.startswith(("account_", "mfa_")):
        return BY_KEY["account"]
    return _BY_PAGE.get(match.view_name) or _BY_PAGE.get(match.namespace)


def topics_for(role: str) -> tuple[list[Topic], list[Topic]]:
    """What somebody of this role needs first, and the rest."""
    first = [topic for topic in TOPICS if role in topic.roles]
    return first, [topic for topic in TOPICS if topic not in first]
