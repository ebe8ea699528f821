"""GOV.UK components and the formats of dates and times, for templates: {% govuk "summary-list" rows=rows %}."""

import re
from datetime import date, datetime, time
from functools import cache
from typing import Any

from django import template
from django.conf import settings
from django.middleware.csrf import get_token
from django.template.context import Context
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from jinja2 import ChainableUndefined, Environment, PackageLoader, PrefixLoader

from ledger.clothes import Clothes
from ledger.trail import request_id

register = template.Library()


@cache
def _environment() -> Environment:
    loader = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    return Environment(
        loader=loader, autoescape=True, undefined=ChainableUndefined, trim_blocks=True, lstrip_blocks=True
    )


@cache
def _macro(name: str) -> Any:
    module = _environment().get_template(f"govuk_frontend_jinja/components/{name}/macro.html").module
    return getattr(module, "govuk" + "".join(word.capitalize() for word in name.split("-")))


@register.simple_tag
def govuk(name: str, **params: Any) -> SafeString:
    """Render a GOV.UK component by its own documented parameters; `text` is escaped, `html` must already be safe."""
    return mark_safe(_macro(name)(params))


@register.simple_tag(takes_context=True)
def csrf_field(context: Context) -> SafeString:
    """The hidden CSRF input, also inside a partial that is included with `only` (where csrf_token is empty)."""
    request = getattr(context, "request", None) or context.get("request")
    if request is None:
        return SafeString("")
    return format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', get_token(request))


@register.simple_tag
def council_name() -> str:
    """The council's name from the settings: for the error pages that are rendered without a request."""
    return getattr(settings, "COUNCIL_NAME", "") or "Council"


@register.simple_tag
def clothes() -> Clothes:
    """The council's colours and logo from the settings, with or without a request."""
    return settings.COUNCIL


@register.simple_tag
def request_number() -> str:
    """The number under which the logs know this request."""
    return request_id.get()


def _clock(value: datetime | time) -> str:
    hour = value.hour % 12 or 12
    half = "am" if value.hour < 12 else "pm"
    if value.minute == 0:
        return {0: "midnight", 12: "midday"}.get(value.hour, f"{hour}{half}")
    return f"{hour}:{value.minute:02d}{half}"


def _local(value: datetime) -> datetime:
    return timezone.localtime(value) if timezone.is_aware(value) else value


@register.filter
def day(value: date | datetime | None) -> str:
    """31 March 1980."""
    if not isinstance(value, date):
        return ""
    local = _local(value) if isinstance(value, datetime) else value
    return f"{local.day} {local:%B %Y}"


@register.filter
def short_day(value: date | datetime | None) -> str:
    """31 Mar 1980: for tables."""
    if not isinstance(value, date):
        return ""
    local = _local(value) if isinstance(value, datetime) else value
    return f"{local.day} {local:%b %Y}"


@register.filter
def clock(value: datetime | time | None) -> str:
    """2:30pm, 9am, midday, midnight, in local time."""
    if isinstance(value, datetime):
        return _clock(_local(value))
    return _clock(value) if isinstance(value, time) else ""


@register.filter
def moment(value: datetime | None) -> str:
    """31 March 2026 at 2:30pm, in local time."""
    return f"{day(value)} at {clock(value)}" if isinstance(value, datetime) else ""


@register.filter
def day_and_clock(value: datetime | None) -> str:
    """Thu 19, 2:30pm: where the month stands above."""
    return f"{_local(value):%a} {_local(value).day}, {clock(value)}" if isinstance(value, datetime) else ""


@register.filter
def iso(value: date | datetime | None) -> str:
    """For the datetime attribute of <time>."""
    return value.isoformat() if isinstance(value, date) else ""


@register.filter
def pounds(pence: int | None) -> str:
    """£1,234 or £1,234.50 from whole pence."""
    if pence is None:
        return ""
    sign, amount = ("-" if pence < 0 else ""), abs(pence)
    whole, rest = divmod(amount, 100)
    return f"{sign}£{whole:,}" + (f".{rest:02d}" if rest else "")


@register.filter
def anchor(value: object) -> str:
    """Lower-case words with hyphens, safe as an id."""
    return re.sub(r"[^a-z0-9]+", "-", str(value).lower()).strip("-") or "item"
