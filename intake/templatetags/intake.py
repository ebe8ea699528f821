"""What other rooms' pages show of contacts."""

from typing import Any

from django import template

from intake.models import Contact
from residents.models import Resident

register = template.Library()
SHOWN = 5


@register.inclusion_tag("intake/_contacts_of_resident.html", takes_context=True)
def contacts_of_resident(context: template.Context, resident: Resident) -> dict[str, Any]:
    """The last five contacts of a resident. Runs one query."""
    rows = Contact.objects.visible_to(context["user"]).filter(resident=resident)[: SHOWN + 1]
    found = list(rows)
    return {"contacts": found[:SHOWN], "more": len(found) > SHOWN, "resident": resident}
