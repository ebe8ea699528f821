"""What other rooms' pages show of decisions and answers."""

from typing import Any

from django import template
from django.forms import BaseForm
from django.utils.safestring import SafeString

from intake.models import Contact
from triage.models import Decision
from triage.questions import WORDS, said_in_words
from triage.sheet import further_questions, is_touched, more_needs, row
from triage.tiers import Tier

register = template.Library()


@register.filter
def tier_name(number: int) -> str:
    """What a tier is called."""
    return str(Tier(number).label)


@register.inclusion_tag("triage/_decisions.html", takes_context=True)
def decisions_of_contact(context: template.Context, contact: Contact) -> dict[str, Any]:
    """What was decided on a contact, the latest first. Runs one query."""
    rows = Decision.objects.visible_to(context["user"]).filter(contact=contact).select_related("made_by", "contact")
    return {"decisions": list(rows)}


@register.inclusion_tag("triage/_answers.html")
def answers_of_contact(contact: Contact) -> dict[str, Any]:
    """The questions and answers of a contact, in the order in which they are asked. Runs one query."""
    place = {key: number for number, key in enumerate(WORDS)}
    rows = sorted(contact.answers.all(), key=lambda row: place.get(row.question, len(place)))
    return {
        "answers": [
            {"question": WORDS.get(row.question, row.question), "said": said_in_words(row), "why": row.why}
            for row in rows
        ]
    }


@register.inclusion_tag("triage/_row.html")
def field_row(form: BaseForm, name: str, kind: str = "", label: str = "", few: int = 0) -> dict[str, Any]:
    """One field of a long form, in the lean markup; `kind` adds a class, answers after the first `few` fold on a phone."""
    found = row(form, name) | {"more": kind, "few": few}
    if few:
        found["rest"] = found["options"][few:]
        found["open"] = any(chosen for _, _, chosen in found["rest"])
        found["options"] = found["options"][:few]
    return {"row": found | {"label": label} if label else found}


@register.simple_tag(name="further_questions")
def show_further_questions(form: BaseForm) -> SafeString:
    """The further questions of a contact, folded away until one of them matters."""
    return further_questions(form)


@register.simple_tag(name="more_needs")
def show_more_needs(form: BaseForm) -> SafeString:
    """The needs that are not among the most used."""
    return more_needs(form)


@register.simple_tag
def touched(form: BaseForm, names: str) -> bool:
    """Whether one of these fields (names with spaces between) was filled in or is at fault: then its fold is open."""
    return is_touched(form, names.split())
