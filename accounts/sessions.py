"""What surrounds a signed-in request: the idle time-out that keeps typed work, and the acting context of the database."""

import time
from collections.abc import Callable
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import logout
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from accounts.access import where_typed
from ledger import acting, drafts, trail
from ledger.models import Draft

Answer = Callable[[HttpRequest], HttpResponse]


def end_idle_session(get_response: Answer) -> Answer:
    """Sign out after 30 idle minutes. A form sent too late is kept as a draft and offered again after sign-in."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return get_response(request)
        now, seen = int(time.time()), request.session.get("seen")
        if seen is not None and now - seen > settings.SESSION_IDLE_SECONDS:
            _keep_typed(request)
            return time_out(request, back=request.get_full_path() if request.method == "GET" else where_typed(request))
        if seen is None or now - seen >= 60:  # one write a minute at most
            request.session["seen"] = now
        return get_response(request)

    return middleware


def time_out(request: HttpRequest, *, back: str) -> HttpResponse:
    """Sign out, and lead to a page that says how many forms are kept and where the person goes on after signing in."""
    with acting.acting_as(request.user):
        mine = Draft.objects.visible_to(request.user)
        kept = mine.filter(saved_at__gte=request.user.last_login or timezone.now()).count()
    logout(request)
    return redirect(f"{reverse('account_login')}?{urlencode({'next': back, 'timeout': 1, 'kept': kept})}")


def _keep_typed(request: HttpRequest) -> None:
    """Save a late form as a draft, if it is one that has drafts."""
    if request.method != "POST" or not (form := request.POST.get("draft")):
        return
    form, _, subject = form.partition("/")
    with acting.acting_as(request.user):
        try:
            drafts.save_draft(
                form[:60],
                by=request.user,
                path=where_typed(request),
                data=drafts.fields_of(request.POST),
                subject=subject[:60],
            )
        except ValidationError:
            pass  # more than a draft may hold: nothing to keep it in


def act_as_user(get_response: Answer) -> Answer:
    """Tell the database who asks, and write a refusal into the trail after the view's transaction has gone."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            with acting.acting(None):
                return get_response(request)
        with acting.acting(acting.as_person(request.user)):
            response = get_response(request)
            if response.status_code in {403, 404} and (found := request.resolver_match):
                with acting.acting_as(request.user):
                    wanted = str(found.kwargs.get("reference", ""))[:60]
                    trail.record("ask", kind=found.view_name[:60], reference=wanted, outcome="refused")
            return response

    return middleware
