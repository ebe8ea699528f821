"""What pages of lower rooms show of cases."""

from typing import Any

from django import template
from django.template.context import Context

from cases.models import Case
from residents.models import Resident

register = template.Library()


@register.inclusion_tag("cases/_cases_for_resident.html", takes_context=True)
def cases_for_resident(context: Context, resident: Resident) -> dict[str, Any]:
    """The cases of a resident that the reader may open, open ones first. Runs one query."""
    user = getattr(context.get("request"), "user", None) or context.get("user")
    found = Case.objects.visible_to(user).filter(members__resident=resident, members__until=None).select_related("lead")
    return {
        "cases": sorted(
            found.distinct(), key=lambda case: (case.status != Case.Status.OPEN, -case.opened_at.timestamp())
        )
    }
