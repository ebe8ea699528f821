"""The page behind a link: no account, one referral, and any link that does not work looks like any other."""

import hashlib
import re
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Exists
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.access import public
from ledger import acting, trail
from ledger.requests import address_of, where_from
from referrals import actions, sharing
from referrals.actions.links import hash_of
from referrals.forms import AnswerForm, CompleteForm, MessageForm
from referrals.models import AnswerLink, Referral
from referrals.views.partner import give_answer, page_context

_SHAPE = re.compile(r"[A-Za-z0-9_-]{43}")
MOST_WRONG, WRONG_SECONDS = 30, 600
_FIND = "SELECT link_id, referral_id, organisation_id FROM acting.referral_by_link(%s)"


@public(methods=("GET", "POST"))
def answer(request: HttpRequest, secret: str) -> HttpResponse:
    """Read what was shared, and answer. Reading writes nothing but the trail."""
    if _guesses(request) > MOST_WRONG:
        return render(request, "429.html", status=429)
    found = _find(secret)
    if found is None:
        _count_guess(request)
        return _no_longer(request)
    link_id, referral_id, organisation_id = found
    with acting.acting(acting.by_link(referral_id, organisation_id)):
        unused = AnswerLink.objects.filter(pk=link_id, used_at=None)
        rows = Referral.objects.select_related("organisation", "service").filter(Exists(unused), pk=referral_id)
        referral = rows.first()
        if referral is None or referral.status not in Referral.LIVE:
            return _no_longer(request)
        if sharing.hide_withdrawn([referral]):
            return _no_longer(request)
        if request.method == "POST":
            return _answer(request, referral)
        trail.opened(referral, about=referral.about(), where=where_from(request))
        return _page(request, referral)


@public()
def thanks(request: HttpRequest) -> HttpResponse:
    """The answer has arrived."""
    return render(request, "referrals/answer_done.html")


def _answer(request: HttpRequest, referral: Referral) -> HttpResponse:
    """Do what the form asks; what it lacks is told on the same page, with what was typed."""
    forms: dict[str, tuple[str, Any, Callable[..., Any]]] = {
        "answer": ("answer_form", AnswerForm(request.POST, by_link=True), give_answer),
        "complete": ("complete_form", CompleteForm(request.POST), _complete),
        "message": ("message_form", MessageForm(request.POST), _message),
        "start": ("", None, _start),
    }
    name, form, act = forms.get(request.POST.get("do", ""), forms["answer"])
    if form is None or form.is_valid():
        try:
            act(referral, form, by=None, at=timezone.now())
        except ValidationError as refusal:
            return _page(request, Referral.objects.get(pk=referral.pk), refusal=refusal.messages)
        messages.success(request, "The council has your answer.")
        return redirect("referrals:answered")
    return _page(request, referral, **{name: form})


def _complete(referral: Referral, form: CompleteForm, **by: Any) -> None:
    actions.complete(referral, **form.cleaned_data, **by)


def _message(referral: Referral, form: MessageForm, **by: Any) -> None:
    actions.send_message(referral, **form.cleaned_data, **by)


def _start(referral: Referral, form: None, **by: Any) -> None:
    actions.start(referral, **by)


def _page(request: HttpRequest, referral: Referral, **more: Any) -> HttpResponse:
    context = page_context(referral, by_link=True, **more)
    # How to reach somebody is needed by those who take them on, not to decide whether to.
    context["may_reach"] = referral.status in (Referral.Status.ACCEPTED, Referral.Status.IN_PROGRESS)
    return render(request, "referrals/answer_page.html", context)


def _find(secret: str) -> tuple[int, int, int] | None:
    if not _SHAPE.fullmatch(secret):
        return None
    with connection.cursor() as cursor:
        cursor.execute(_FIND, [hash_of(secret)])
        return cursor.fetchone()


def _no_longer(request: HttpRequest) -> HttpResponse:
    """Expired, used, taken back or nonsense: the same page. Rendered, not raised, so that the count of guesses is kept."""
    return render(request, "referrals/answer_gone.html", status=404)


def _guess_key(request: HttpRequest) -> str:
    address = hashlib.sha256(address_of(request).encode()).hexdigest()
    return f"wrong-answer-links:{address[:32]}"


def _guesses(request: HttpRequest) -> int:
    return cache.get(_guess_key(request), 0)


def _count_guess(request: HttpRequest) -> None:
    """Gently: thirty wrong links in ten minutes from one address, then it must wait."""
    cache.set(_guess_key(request), _guesses(request) + 1, WRONG_SECONDS)
