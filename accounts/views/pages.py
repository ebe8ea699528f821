"""Pages without people: health, accessibility, privacy, and what is shown when something goes wrong."""

import sys

from django.db import InterfaceError, OperationalError, transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from accounts.access import public
from ledger import health


@public()
def healthz(request: HttpRequest) -> HttpResponse:
    """Whether this process answers. Runs no query."""
    return HttpResponse("ok", content_type="text/plain")


@public()
@transaction.non_atomic_requests
def readyz(request: HttpRequest) -> HttpResponse:
    """Whether database, queue, outbox and clock are well; 503 where one is not. Runs four queries."""
    well, said = health.report()
    return JsonResponse({"ready": well, **said}, status=200 if well else 503)


@public()
def accessibility(request: HttpRequest) -> HttpResponse:
    """How far the pages can be used by everyone."""
    return render(request, "pages/accessibility.html")


@public()
def privacy(request: HttpRequest) -> HttpResponse:
    """What is recorded, and why."""
    return render(request, "pages/privacy.html")


@public(methods=("GET", "POST"))
def nowhere(request: HttpRequest) -> HttpResponse:
    """A page that a library would offer and we do not."""
    raise Http404


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose token has gone: usually a page left open overnight."""
    return HttpResponse(render_to_string("403_csrf.html", request=request), status=403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Something in the request cannot be read."""
    return render(request, "400.html", status=400)


def not_permitted(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The page is for another role."""
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """There is no such page, or none that the person may see: both look the same."""
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Something broke, or the database is away. Uses neither the database nor the context."""
    if isinstance(sys.exc_info()[1], (OperationalError, InterfaceError)):
        return HttpResponse(render_to_string("503.html"), status=503, headers={"Retry-After": "60"})
    return HttpResponse(render_to_string("500.html"), status=500)
