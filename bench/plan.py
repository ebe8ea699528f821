"""What is measured, in the words of the table, and what each figure is held to."""

from dataclasses import dataclass

FAMILIES = ("work", "jobs", "form", "page", "load", "search")
FLOOR, PAGE, WRITE, FILE, INSERT, JOB, PEER = "floor", "page", "write", "file", "insert", "job", "peer"


@dataclass(frozen=True)
class Action:
    """One thing that somebody does, and what kind of thing it is: that decides its limits."""

    key: str
    words: str
    kind: str
    family: str = "work"


ACTIONS = (
    Action("floor", "Floor: signed in, five rows by key, 1 kB", FLOOR),
    Action("home", "Home page of a caseworker", PAGE),
    Action("home_manager", "Home page of a manager", PAGE),
    Action("search", "Search for a resident", PAGE),
    Action("resident", "Open a resident", PAGE),
    Action("contact_page", "New contact page", PAGE),
    Action("contact_save", "Save a contact with triage", WRITE),
    Action("insert", "Bare insert of the same rows", INSERT),
    Action("queue", "Triage queue", PAGE),
    Action("triage", "Triage page of one contact", PAGE),
    Action("my_work", "My work with 30 cases", PAGE),
    Action("case", "Open a case with 200 notes", PAGE),
    Action("case_notes", "Notes of a case with 200", PAGE),
    Action("note_save", "Save a note", WRITE),
    Action("inbox", "Partner inbox with 2,000 referrals", PAGE),
    Action("team", "Team page: a manager's cases", PAGE),
    Action("allocate", "Team page: waiting for a lead", PAGE),
    Action("dashboard", "Dashboard", PAGE),
    Action("finder", "Public finder", PAGE),
    Action("csv", "CSV export of the dashboard", FILE),
    Action("referrals_csv", "CSV export of 2,000 referrals", FILE),
    Action("recompute", "Full recompute of the measures", JOB, "jobs"),
    Action("fold_in", "One hour of new work folded in", JOB, "jobs"),
    Action("peer_create", "django-helpdesk: create", PEER),
    Action("peer_search", "django-helpdesk: search", PEER),
    Action("peer_list", "django-helpdesk: list of 50", PEER),
    Action("peer_open", "django-helpdesk: open with 200 notes", PEER),
    Action("peer_dashboard", "django-helpdesk: dashboard", PEER),
)
ACTION = {one.key: one for one in ACTIONS}

# Times the floor's p95 at the larger size, times the smaller size's p95, queries, bytes of HTML.
PAGE_FLOORS, FLAT, MOST_QUERIES, MOST_KB = 8.0, 1.3, 12, 60.0
DASHBOARD_FLOORS = 3.0
INSERTS = 6.0
JOB_SECONDS = {"recompute": 60.0, "fold_in": 10.0}
FORM_SHARE = 0.55
# Ours (the slowest of these) against the peer's, medians: at most this part of it.
PEERS = {
    "peer_list": (("queue", "team"), 1 / 50),
    "peer_search": (("search",), 1 / 20),
    "peer_open": (("case", "case_notes"), 1 / 15),
    "peer_dashboard": (("dashboard",), 1 / 50),
    "peer_create": (("contact_save",), 1.0),
}
SCORE, FIRST_PAINT_MS = 95, 1_000
LOAD_PEOPLE, LOAD_SECONDS, LOAD_P95_MS, LOAD_MEMORY = 50, 300, 1_000, 1.10
