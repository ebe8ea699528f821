"""A client that asks one thing after the other, as a person's browser does without its pictures."""

import http.client
import time
import uuid
from dataclasses import dataclass, field
from urllib.parse import urlencode

from bench.counting import HEADER

SECRET = "b" * 32  # the token of the form and that of the cookie are the same: we are no stranger's page
PATIENCE = 120
KEPT_WORDS = 300


class Unexpected(Exception):
    """An answer that is not what the action should give."""


@dataclass
class Answer:
    """What came back, and how long it took to the last byte."""

    status: int
    body: bytes
    ms: float
    queries: int | None = None
    location: str = ""

    @property
    def kb(self) -> float:
        """Thousand bytes, not compressed."""
        return len(self.body) / 1000


@dataclass
class Browser:
    """One person at one server. The connection is kept where the server keeps it (gunicorn's sync workers do not)."""

    port: int
    session: str = ""
    session_name: str = "sessionid"
    _line: http.client.HTTPConnection | None = field(default=None, repr=False)

    def get(self, path: str, expect: int = 200) -> Answer:
        """Ask for a page."""
        return self._ask("GET", path, None, expect)

    def post(self, path: str, form: dict[str, object], expect: int = 200) -> Answer:
        """Send a form, with its token and a key of its own."""
        fields = {"csrfmiddlewaretoken": SECRET, "once": str(uuid.uuid4()), **form}
        return self._ask("POST", path, urlencode(fields, doseq=True), expect)

    def _ask(self, verb: str, path: str, body: str | None, expect: int) -> Answer:
        self._line = self._line or http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        headers = {"Cookie": f"{self.session_name}={self.session}; csrftoken={SECRET}"}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        began = time.perf_counter()
        try:
            self._line.request(verb, path, body, headers)
            got = self._line.getresponse()
            content = got.read()
        except (OSError, http.client.HTTPException) as trouble:
            self._line = None
            raise Unexpected(f"{verb} {path.partition('?')[0]}: {type(trouble).__name__}") from None
        ms = (time.perf_counter() - began) * 1000
        counted, location = got.getheader(HEADER), got.getheader("Location") or ""
        if got.status != expect or "/accounts/login" in location:
            words = f"{verb} {path.partition('?')[0]} answered {got.status} {location}, not {expect}"
            raise Unexpected(words[:KEPT_WORDS])
        return Answer(got.status, content, ms, int(counted) if counted else None, location)
