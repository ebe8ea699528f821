"""Says on each answer how many queries it took: sessions and people included, the statement that opens a transaction not."""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse

HEADER = "X-Bench-Queries"


def count_queries(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware, outermost."""

    def counted(request: HttpRequest) -> HttpResponse:
        seen = 0

        def one(execute: Callable[..., Any], *arguments: Any) -> Any:
            nonlocal seen
            seen += 1
            return execute(*arguments)

        with connection.execute_wrapper(one):
            response = get_response(request)
        response[HEADER] = str(seen)
        return response

    return counted
