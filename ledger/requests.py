"""What every answer carries: a request id for the logs, and headers that keep pages out of caches and other sites.

Also the council's style sheet and logo, which are files in all but name and cost no query.
"""

import re
import uuid
from collections.abc import Callable, Iterable
from contextlib import suppress
from ipaddress import ip_address
from urllib.parse import SplitResult, urlencode, urlsplit

from django.conf import settings
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import resolve
from django.utils.cache import patch_vary_headers
from django.utils.text import compress_string

from ledger import references
from ledger.trail import request_id

Answer = Callable[[HttpRequest], HttpResponse]
WAY_BACK = ("list", "show", "queue")  # what the address of a record says of the list that somebody came from
_SAFE_ID = re.compile(r"[A-Za-z0-9-]{8,36}")


def came_from(request: HttpRequest) -> SplitResult:
    """The page of this site on which somebody was before; an empty address where it was another site's, or nobody says."""
    try:
        before = urlsplit(request.headers.get("Referer", ""))
    except ValueError:  # anybody may send what is no address
        return urlsplit("")
    return before if before.netloc == request.get_host() else urlsplit("")


def address_of(request: HttpRequest) -> str:
    """The network address that somebody asks from, as the proxy in front says it where there is one; empty for what is none."""
    said = request.META.get("REMOTE_ADDR", "")
    if getattr(settings, "ALLAUTH_TRUSTED_PROXY_COUNT", 0):
        said = request.headers.get("X-Forwarded-For", "").rpartition(",")[2]
    with suppress(ValueError):
        return str(ip_address(said.strip()))
    return ""


def where_from(request: HttpRequest) -> list[str]:
    """For the trail: the page from which somebody came, by its name so that no reference is in it, and their network address."""
    found = [f"at:{address}"] if (address := address_of(request)) else []
    if before := came_from(request).path:
        with suppress(Http404):
            found.append(f"from:{resolve(before).view_name}"[:60])
    return found


def list_shown(request: HttpRequest) -> dict[str, str]:
    """What the address says of the list that somebody came from; if it says nothing, that of the page before in the room."""
    before = came_from(request)
    said = [request.GET, QueryDict(before.query if room_of(before.path) == room_of(request.path) else "")]
    found = ({name: asked[name] for name in WAY_BACK if asked.get(name)} for asked in said)
    return next(filter(None, found), {})


def list_filters(request: HttpRequest, names: Iterable[str]) -> str:
    """The filters of the list from which somebody came, as the list's own address wants them; only these names get through."""
    asked = QueryDict(list_shown(request).get("list", ""))
    kept = {name: asked[name] for name in names if asked.get(name)}
    return f"?{urlencode(kept)}" if kept else ""


def room_of(path: str) -> str:
    """The first word of an address: what is `/cases` or begins with `/cases/` belongs together."""
    return path.strip("/").partition("/")[0]


def name_request(get_response: Answer) -> Answer:
    """Give each request an id, or keep the proxy's if it is a plain one."""

    def middleware(request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-Id", "")
        token = request_id.set(given if _SAFE_ID.fullmatch(given) else str(uuid.uuid4()))
        try:
            response = get_response(request)
            response["X-Request-Id"] = request_id.get()
            return response
        finally:
            request_id.reset(token)

    return middleware


# Whoever wants to read a page from its length must have it sent many times, with words of his own in it. He can make a
# browser ask from another site only, and such an answer is never compressed: decision 17.
ASKED_HERE = {"same-origin", "none"}
LEAST_COMPRESSED, MOST_PADDING = 1_000, 100


def compress_pages(get_response: Answer) -> Answer:
    """Compress a page for who asked for it on this site or by its address; for every other site it goes as it is."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.streaming or not response.get("Content-Type", "").startswith("text/html"):
            return response
        patch_vary_headers(response, ("Accept-Encoding", "Sec-Fetch-Site"))
        wanted = "gzip" in request.headers.get("Accept-Encoding", "")
        if wanted and request.headers.get("Sec-Fetch-Site") in ASKED_HERE and len(response.content) >= LEAST_COMPRESSED:
            response.content = compress_string(response.content, max_random_bytes=MOST_PADDING)
            response.headers["Content-Encoding"] = "gzip"
            response.headers["Content-Length"] = str(len(response.content))
        return response

    return middleware


def draw_again(get_response: Answer) -> Answer:
    """Do what was asked once more where it drew a reference that was taken: its transaction has left nothing behind."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    def once_more(request: HttpRequest, trouble: Exception) -> HttpResponse | None:
        match = request.resolver_match
        if match is None or not isinstance(trouble, IntegrityError) or not references.is_taken(trouble):
            return None
        for file in request.FILES.values():
            file.seek(0)
        return references.afresh(lambda: match.func(request, *match.args, **match.kwargs))

    middleware.process_exception = once_more  # type: ignore[attr-defined]
    return middleware


def guard_headers(get_response: Answer) -> Answer:
    """Nothing about people stays in a browser's or proxy's cache."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()")
        return response

    return middleware


CLOTHES = "/council/"
# A drawing may colour itself, and nothing else, should somebody open it by its address.
_PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"


def serve_clothes(get_response: Answer) -> Answer:
    """Answer for the council's style sheet and logo: by their digest for ever, by an older one with today's for now."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(CLOTHES) or request.method not in {"GET", "HEAD"}:
            return get_response(request)
        wears, wanted = settings.COUNCIL, request.path_info.removeprefix(CLOTHES)
        if wears.css and wanted.endswith(".css"):
            response = HttpResponse(wears.css, content_type="text/css; charset=utf-8")
            fresh = wanted == f"{wears.digest}.css"
        elif wears.logo and wanted.endswith((".png", ".svg")):
            response = HttpResponse(wears.logo.data, content_type=wears.logo.kind)
            response["Content-Security-Policy"] = _PICTURE_POLICY
            fresh = wanted == wears.logo.file
        else:
            return get_response(request)
        response["Cache-Control"] = "public, max-age=31536000, immutable" if fresh else "no-cache"
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        return response

    return middleware
