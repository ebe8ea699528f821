"""Which pages a role may ask for. Every view carries `roles` or `public`; a test compares the whole with access_matrix.csv."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, QueryDict
from django.shortcuts import redirect

from accounts.models import Role, User
from ledger import drafts, once, trail
from ledger.requests import came_from, list_shown, room_of, where_from

View = Callable[..., HttpResponse]
GET_POST = ("GET", "POST")


class StaffRequest(HttpRequest):
    """A request whose user has signed in."""

    user: User


class Elsewhere(Exception):
    """The record that was asked for stands under another reference now; `words` say so to whoever asked."""

    def __init__(self, former: str, reference: str, words: str) -> None:
        super().__init__()
        self.former, self.reference, self.words = former, reference, words


def roles(*allowed: Role, methods: tuple[str, ...] = GET_POST) -> Callable[[View], View]:
    """Only people with one of these roles may ask for the page; the rest get 403."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: StaffRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.user.role not in allowed:
                raise PermissionDenied
            return _answer(view, request, methods, *args, **kwargs)

        guarded.access = {"roles": frozenset(allowed), "public": False, "methods": methods}  # type: ignore[attr-defined]
        return guarded

    return decorate


def public(*, methods: tuple[str, ...] = ("GET",)) -> Callable[[View], View]:
    """Anyone may ask for the page, signed in or not."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            return _answer(view, request, methods, *args, **kwargs)

        guarded.access = {"roles": frozenset(), "public": True, "methods": methods}  # type: ignore[attr-defined]
        return login_not_required(guarded)

    return decorate


def _answer(view: View, request: HttpRequest, methods: tuple[str, ...], *args: Any, **kwargs: Any) -> HttpResponse:
    """Refuse other methods; answer a form that was sent before with the place that it led to then."""
    if request.method not in methods and not (request.method == "HEAD" and "GET" in methods):
        return HttpResponseNotAllowed(methods)
    if request.method != "POST":
        try:
            return view(request, *args, **kwargs)
        except Elsewhere as found:
            return _see_there(request, found)
    if earlier := once.first_location(request):
        # The browser may have thrown the first answer away with what it said: a double click does.
        messages.success(request, "You sent this twice. It was done once.")
        return redirect(earlier)
    form, _, subject = request.POST.get("draft", "").partition("/")
    if form and "save_draft" in request.POST:
        return _come_back_later(request, form, subject)
    try:
        response = view(request, *args, **kwargs)
    except Elsewhere as found:
        return _see_there(request, found)
    done = 300 <= response.status_code < 400
    if done:
        response.headers["Location"] = _with_the_way_back(response.headers["Location"], request)
    once.remember(request, response.get("Location", "") if done else "")
    if done and form and request.user.is_authenticated:
        drafts.discard_draft(form, by=request.user, subject=subject)
    return response


def _see_there(request: HttpRequest, found: Elsewhere) -> HttpResponse:
    """The same page of the record that stands; what was typed there, or is kept as a draft, goes along."""
    path = request.path.replace(found.former, found.reference)
    if request.user.is_authenticated:
        form, _, subject = request.POST.get("draft", "").partition("/")
        typed = drafts.fields_of(request.POST)
        if form and typed:
            drafts.save_draft(form[:60], by=request.user, path=request.path, data=typed, subject=subject[:60])
        drafts.readdress(found.former, to=found.reference, by=request.user)
    if request.method == "POST":
        once.remember(request, path)
    messages.info(request, found.words)
    return redirect(path)


def _with_the_way_back(location: str, request: HttpRequest) -> str:
    """Where a form leads to a record of the room that it stands in, its address still says from which list somebody came."""
    place = urlsplit(location)
    deeper = "/" in place.path.strip("/") or place.path == came_from(request).path  # a list has filters of its own
    if place.netloc or not deeper or room_of(place.path) != room_of(request.path):
        return location
    asked = QueryDict(place.query)
    kept = {name: value for name, value in list_shown(request).items() if name not in asked}
    query = "&".join(filter(None, (place.query, urlencode(kept))))
    return place._replace(query=query).geturl()


def where_typed(request: HttpRequest) -> str:
    """The page on which a form was typed: where its draft is to be offered again."""
    return came_from(request).path or request.path


def _come_back_later(request: HttpRequest, form: str, subject: str) -> HttpResponse:
    """The button for those without JavaScript: keep what was typed, and go home."""
    try:
        drafts.save_draft(
            form[:60], by=request.user, path=request.path, data=drafts.fields_of(request.POST), subject=subject[:60]
        )
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, "Saved. Find it on your home page when you come back.")
    return redirect("/")


def open_record(queryset: models.QuerySet[Any], request: StaffRequest, **lookup: Any) -> Any:
    """The one record that the person may see, or 404; writes in the trail that it was opened, and from where.

    `queryset` comes from `visible_to`. A model may say which people a record is about by `about()`.
    """
    record = queryset.filter(**lookup).first()
    if record is None:
        raise Http404
    about = getattr(record, "about", None)  # an organisation has a text of that name
    trail.opened(record, about=about() if callable(about) else (), by=request.user, where=where_from(request))
    return record
