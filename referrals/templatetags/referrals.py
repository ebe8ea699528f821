"""Referrals on the pages of lower rooms: {% referrals_of_resident resident %}, {% referrals_for_case case %}; one query each."""

from typing import Any

from django import template
from django.template.context import Context
from django.utils import timezone

from cases.models import Case
from referrals import pages
from referrals.models import Referral
from residents.models import Resident

register = template.Library()
MOST = 25


@register.inclusion_tag("referrals/_referrals.html", takes_context=True)
def referrals_of_resident(context: Context, resident: Resident) -> dict[str, Any]:
    """A resident's referrals, the last first, as the reader may see them."""
    return _shown(context, {"resident": resident}, f"?resident={resident.reference}")


@register.inclusion_tag("referrals/_referrals.html", takes_context=True)
def referrals_for_case(context: Context, case: Case) -> dict[str, Any]:
    """The referrals made from a case, the last first, as the reader may see them."""
    return _shown(context, {"case": case}, f"?case={case.reference}")


def _shown(context: Context, about: dict[str, Any], query: str) -> dict[str, Any]:
    rows = Referral.objects.visible_to(context["request"].user).filter(**about)
    rows = rows.select_related("organisation", "service").order_by("-made_at", "-pk")[:MOST]
    at = timezone.now()
    back_first = sorted(rows, key=lambda row: not row.returned)
    return {"rows": [pages.row_of(row, at) for row in back_first], "new": query}
