"""What every form carries so that nothing is done twice, and the way back to a list as it was."""

from urllib.parse import urlencode
from uuid import uuid4

from django import template
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from ledger.requests import came_from, list_shown

register = template.Library()


@register.simple_tag(takes_context=True)
def once_key(context: Context) -> SafeString:
    """The hidden key of one intention to act: fresh on a new page, the same when the form comes back with errors."""
    request = getattr(context, "request", None) or context.get("request")
    posted = request.POST.get("once", "") if request is not None and request.method == "POST" else ""
    return format_html('<input type="hidden" name="once" value="{}">', posted[:64] or uuid4())


@register.simple_tag(takes_context=True)
def way_back(context: Context, href: str) -> str:
    """The address of a list, with the filters that it had if the person came straight from it."""
    request = getattr(context, "request", None) or context.get("request")
    before = came_from(request) if request is not None else None
    return f"{href}?{before.query}" if before and before.query and before.path == href else href


@register.simple_tag(takes_context=True)
def sent_to(context: Context, action: str | None) -> str:
    """Where a form goes: what its page says, else the page itself, which learns from which list somebody came."""
    request = getattr(context, "request", None) or context.get("request")
    if action or request is None or request.GET:
        return action or ""
    came = list_shown(request)
    return f"?{urlencode(came)}" if came else ""
