"""Inside a borough: our contact form, as the body of its own page. Times itself, and says which fields it has."""

import json
import sys
import time
from collections.abc import Callable
from typing import Any

from django import forms
from django.http import QueryDict
from django.template import Context
from django.template.loader import get_template
from django.template.loader_tags import BlockNode
from django.test import RequestFactory

import bench.begun  # noqa: F401
from accounts.models import Role, User
from intake.answers import SCREENING_KEYS
from ledger.acting import acting_as_system
from ledger.fields import GovDateField
from triage.forms import ContactForm
from triage.views.front_door import OTHER_WAYS

KINDS = (
    ("date", GovDateField, None),
    ("radios", None, forms.RadioSelect),
    ("checkboxes", None, forms.CheckboxSelectMultiple),
    ("select", None, forms.Select),
    ("checkbox", None, forms.CheckboxInput),
    ("textarea", None, forms.Textarea),
)


def specs_of(form: forms.Form, most: int) -> list[dict[str, Any]]:
    """The fields of a form in plain words: name, label, kind, choices."""
    found = []
    for name, field in list(form.fields.items())[:most]:
        kind = next(
            (
                word
                for word, of, widget in KINDS
                if (of and isinstance(field, of)) or (widget and isinstance(field.widget, widget))
            ),
            "text",
        )
        choices = [(str(value), str(label)) for value, label in getattr(field, "choices", [])]
        found.append(
            {
                "name": name,
                "label": str(field.label or name),
                "help": str(field.help_text),
                "kind": kind,
                "choices": choices,
            }
        )
    return found


def body_of(page: str) -> Callable[[dict[str, Any]], str]:
    """Renders what stands between the page's header and footer: the form and what belongs to it, from the real template."""
    template = get_template(page).template
    block = next(one for one in template.nodelist.get_nodes_by_type(BlockNode) if one.name == "content")

    def render(values: dict[str, Any]) -> str:
        context = Context(values)
        with context.render_context.push_state(template), context.bind_template(template):
            return block.render(context)

    return render


def main() -> None:
    """`specs`, or render so many times: fresh or filled in."""
    with acting_as_system("system:bench"):
        if sys.argv[1] == "specs":
            print(json.dumps(specs_of(ContactForm(), 1_000)))
            return
        asked = json.load(sys.stdin)
        request = RequestFactory().get("/contacts/new")
        request.user, request.session = User.objects.filter(role=Role.FRONT_DOOR).first(), {}
        data = QueryDict("&".join(f"{name}={value}" for name, value in asked["data"].items()))
        body = body_of("triage/contact_log.html")
        plain = {
            "request": request,
            "user": request.user,
            "five": SCREENING_KEYS,
            "other_ways": OTHER_WAYS,
            "draft_name": "contact",
        }
        taken, html = [], ""
        for number in range(asked["times"] + asked["warm"]):
            began = time.process_time()
            form = ContactForm(data) if asked["filled"] else ContactForm()
            html = body(plain | {"form": form, "fresh": not asked["filled"]})
            if number >= asked["warm"]:
                taken.append((time.process_time() - began) * 1000)
    print(json.dumps({"ms": taken, "kb": len(html) / 1000}))


if __name__ == "__main__":
    main()
