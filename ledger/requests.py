"""What every answer carries: a request id for the logs, and headers that keep pages out of caches and other sites."""

import re
import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from ledger.trail import request_id

Answer = Callable[[HttpRequest], HttpResponse]
_SAFE_ID = re.compile(r"[A-Za-z0-9-]{8,36}")


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


def guard_headers(get_response: Answer) -> Answer:
    """Nothing about people stays in a browser's or proxy's cache."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()")
        return response

    return middleware
