"""What pages of lower rooms show of cases."""

from typing import Any

from django import template
from django.db.models import Exists, OuterRef, Q
from django.template.context import Context

from cases.models import Case, CaseMember
from residents.models import Household, Resident

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


@register.inclusion_tag("cases/_cases_for_resident.html", takes_context=True)
def cases_for_household(context: Context, household: Household) -> dict[str, Any]:
    """The cases of a household, and of those who live there now, that the reader may open. Runs one query."""
    user = context["request"].user
    living = household.memberships.filter(until=None).values("resident")
    theirs = Exists(CaseMember.objects.visible_to(user).filter(case=OuterRef("pk"), until=None, resident__in=living))
    found = Case.objects.visible_to(user).filter(Q(household=household) | theirs).select_related("lead")
    return {"cases": sorted(found, key=lambda case: (case.status != Case.Status.OPEN, -case.opened_at.timestamp()))}
