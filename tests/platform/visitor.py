"""A browser without pictures over real HTTP: keeps cookies, fills in the form of a page, follows where it leads."""

import http.client
import re
import ssl
from html.parser import HTMLParser
from urllib.parse import urlencode, urljoin, urlsplit


class Form:
    """A form of a page: where it leads, the names of its fields, and what already stands in them."""

    def __init__(self, action: str) -> None:
        self.action = action
        self.names: set[str] = set()
        self.there: list[tuple[str, str]] = []


class Forms(HTMLParser):
    """The forms of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[Form] = []
        self.select = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        words = {key: value or "" for key, value in attrs}
        name, value = words.get("name", ""), words.get("value", "")
        if tag == "form":
            self.found.append(Form(words.get("action", "")))
        if not self.found or tag not in {"input", "select", "textarea", "option"}:
            return
        form = self.found[-1]
        if tag == "option":
            if "selected" in words:
                form.there.append((self.select, value))
            return
        form.names.add(name)
        self.select = name if tag == "select" else self.select
        if tag == "input" and name and ("checked" in words or words.get("type") not in {"radio", "checkbox", "submit"}):
            form.there.append((name, value))


class Visitor:
    """One person's browser, at the proxy or (as the proxy would ask) at the web process itself."""

    def __init__(self, host: str, port: int, *, proxy: bool) -> None:
        self.host, self.port, self.proxy = host, port, proxy
        self.cookies: dict[str, str] = {}
        self.path = self.text = ""
        self.status = 0
        self.headers: dict[str, str] = {}

    def ask(self, method: str, path: str, fields: list[tuple[str, str]] | None = None, **headers: str) -> "Visitor":
        """One request; redirects are followed."""
        for _ in range(6):
            self._once(method, path, fields, headers)
            if self.status not in {301, 302, 303}:
                return self
            where = urlsplit(urljoin(f"https://{self.host}{path}", self.headers["location"]))
            assert (where.scheme, where.netloc) == ("https", self.host), self.headers["location"]
            method, path, fields = "GET", f"{where.path}?{where.query}".rstrip("?"), None
        raise AssertionError(f"{path} leads round in circles")

    def _once(self, method: str, path: str, fields: list[tuple[str, str]] | None, more: dict[str, str]) -> None:
        if self.proxy:
            trusting = ssl._create_unverified_context()
            line: http.client.HTTPConnection = http.client.HTTPSConnection(
                "127.0.0.1", self.port, timeout=30, context=trusting
            )
            headers = {}
        else:
            line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
            headers = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.7"}
        headers |= {"Host": self.host, "Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        headers |= {"Referer": f"https://{self.host}{path}", "Accept-Encoding": "identity"} | more
        body = None
        if fields is not None:
            body, headers["Content-Type"] = urlencode(fields), "application/x-www-form-urlencoded"
        line.request(method, path, body, headers)
        answer = line.getresponse()
        self.body = answer.read()
        self.text = self.body.decode("utf-8", "replace")
        self.status, self.path = answer.status, path
        self.headers = {key.lower(): value for key, value in answer.getheaders()}
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
            assert "Max-Age=0" in cookie or ("Secure" in cookie and "Path=/" in cookie), name
        line.close()

    def get(self, path: str) -> "Visitor":
        """Open a page."""
        return self.ask("GET", path)

    def send(self, _having: str, **values: str | list[str]) -> "Visitor":
        """Fill in the form that has this field (or leads to this address) and send it."""
        for form in Forms(self.text).found:
            if _having in form.names or (form.action and _having in form.action):
                break
        else:
            raise AssertionError(f"{self.path} ({self.status}) has no form with {_having}:\n{self._words()}")
        fields = [(name, value) for name, value in form.there if name not in values]
        for name, value in values.items():
            fields += [(name, one) for one in ([value] if isinstance(value, str) else value)]
        here = self.path.partition("?")[0]
        return self.ask("POST", urljoin(here, form.action) if form.action else self.path, fields)

    def sees(self, words: str) -> "Visitor":
        """The page says so."""
        assert words in self.text, f"{self.path} ({self.status}) does not say “{words}”:\n{self._words()}"
        return self

    def _words(self) -> str:
        main = self.text.partition("<main")[2].partition("</main>")[0] or self.text
        return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", main))[:1500]
