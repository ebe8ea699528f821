"""How people are shown: the identity bar of every page about someone, phone numbers, links of the chronology."""

from typing import Any

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from residents.identity import identity_of, said_age
from residents.models import ChronologyEntry, Resident
from residents.written import say_phone

register = template.Library()
# Where each kind of record is read; a link appears as soon as the room has the page.
PAGES = {
    "intake.Contact": "intake:contact",
    "triage.SafeguardingEpisode": "triage:episode",
    "cases.Case": "cases:case",
    "referrals.Referral": "referrals:referral",
}


@register.simple_tag
def resident_identity(resident: Resident) -> dict[str, Any]:
    """Name, reference, birth, age, warnings and facts. Runs one query unless warnings were prefetched."""
    return identity_of(resident, timezone.localdate())


@register.filter
def phone(number: str) -> str:
    """07700 900123."""
    return say_phone(number)


@register.filter
def age_today(resident: Resident) -> str:
    """42; nothing where the year of birth is not known."""
    return said_age(resident, timezone.localdate())


@register.simple_tag
def record_address(entry: ChronologyEntry) -> str:
    """Where the record that an entry tells of can be read; nothing where it has no page."""
    if not entry.reference or entry.kind not in PAGES:
        return ""
    try:
        return reverse(PAGES[entry.kind], args=[entry.reference])
    except NoReverseMatch:
        return ""
