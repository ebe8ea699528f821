"""What people do, asked of the product over HTTP: a step for each action of the plan."""

from collections.abc import Callable
from itertools import cycle
from typing import Any
from urllib.parse import urlencode

from bench import bare, ground
from bench.boroughs import Borough
from bench.client import Answer, Browser, Unexpected
from bench.figures import Measured

NOTE = "Called about the appointment on Thursday. They have the letter and will bring it. Nothing else has changed."
CONTACT = {
    "words": "I am two months behind with the rent and the landlord has written. I do not know what to do.",
    "needs": ["debt"],
    "all_five": "on",
    "basis": "privacy_notice",
    "outcome": "to_triage",
    "channel": "phone_in",
    "speaking": "self",
    "arrears": ["rent"],
}
FINDER = ("food", "debt", "parenting", "english", "job", "garden")
Step = Callable[[], Answer | float]


class Steps:
    """Everything that can be asked of one borough's server, as the person who does it."""

    def __init__(self, borough: Borough) -> None:
        self.borough, cast = borough, borough.cast
        self.people = {name: Browser(borough.port, key) for name, key in cast["sessions"].items()}
        self.anyone = Browser(borough.port)
        self.residents, self.searches = cycle(cast["residents"]), cycle(cast["searches"])
        self.waiting, self.floors = cycle(cast["waiting"] or [""]), cycle(cast["floor"])
        self.finds = cycle(FINDER)
        self.sheets: list[bare.Sheet] = []
        self._line = ground.connect(borough.name)
        self.finder_is_public = True

    def all(self) -> dict[str, Step]:
        """By the key of the action."""
        cast, ask = self.borough.cast, self._page
        return {
            "home": ask("worker", "/"),
            "home_manager": ask("manager", "/"),
            "search": lambda: self.people["front"].post("/find", {"words": next(self.searches)}),
            "resident": lambda: self.people["front"].get(f"/residents/{next(self.residents)}"),
            "contact_page": lambda: self.people["front"].get(f"/contacts/new?resident={next(self.residents)}"),
            "contact_save": self._save_contact,
            "insert": self._insert,
            "queue": ask("front", "/triage"),
            "triage": lambda: self.people["front"].get(f"/triage/{next(self.waiting)}"),
            "my_work": ask("worker", "/work"),
            "case": ask("worker", f"/cases/{cast['long_case']}"),
            "case_notes": ask("worker", f"/cases/{cast['long_case']}/notes"),
            "note_save": self._save_note,
            "inbox": ask("partner", "/inbox"),
            "team": ask("manager", "/cases"),
            "allocate": ask("manager", "/allocate"),
            "dashboard": ask("manager", "/dashboard"),
            "finder": self._find_service,
            "csv": ask("manager", "/dashboard.csv"),
            "referrals_csv": ask("partner", "/inbox/referrals.csv"),
        }

    def floor(self) -> Answer:
        """Five rows by key."""
        return self.people["manager"].get(f"/bench/floor?{urlencode(next(self.floors))}")

    def _page(self, who: str, path: str) -> Step:
        return lambda: self.people[who].get(path)

    def _save_contact(self) -> Answer:
        fields = {**CONTACT, "resident": next(self.residents)}
        return self.people["front"].post("/contacts/new", fields, expect=302)

    def _save_note(self) -> Answer:
        fields = {"kind": "call", "text": NOTE}
        return self.people["worker"].post(f"/cases/{self.borough.cast['note_case']}/notes", fields, expect=302)

    def _find_service(self) -> Answer:
        """Anybody may look for a service; where that is for staff only, staff look."""
        path = f"/services?{urlencode({'words': next(self.finds)})}"
        if self.finder_is_public:
            try:
                return self.anyone.get(path)
            except Unexpected:
                self.finder_is_public = False
        return self.people["front"].get(path)

    def _insert(self) -> float:
        """Save one contact to learn its rows, the first time; then write such rows by plain SQL."""
        if not self.sheets:
            cursor = self._line.cursor()
            before = bare.highest(cursor)
            self._save_contact()
            self.sheets = bare.written_since(cursor, before)
            ground.say(f"a saved contact is {bare.told(self.sheets)} ({self.borough.name})")
        with self._line.cursor() as cursor:
            return bare.insert_again(cursor, self.sheets)


def measure(steps: list[Steps], measured: Measured, *, times: int) -> None:
    """One round: each action in turn, at every size in turn, with a floor beside each."""
    actions = [(one.borough.residents, one, one.all()) for one in steps]
    for key in actions[0][2]:
        for size, _, can in actions:
            attempt(measured, key, size, can[key], warm=True)
        for _ in range(times):
            for size, one, can in actions:
                attempt(measured, "floor", size, one.floor)
                attempt(measured, key, size, can[key])


def attempt(measured: Measured, key: str, size: int, step: Step, *, warm: bool = False) -> None:
    """Do one step and keep what it took; an answer that is not what it should be is a failure of the action."""
    seen: Any = measured[key, size]
    if seen.failed:
        return
    try:
        answer = step()
    except Unexpected as wrong:
        seen.failed, seen.ms = str(wrong), []
        ground.say(f"{key} at {size:,} failed: {wrong}")
        return
    if warm:
        return
    if isinstance(answer, float):
        seen.add(answer)
    else:
        seen.add(answer.ms, queries=answer.queries, kb=answer.kb)
