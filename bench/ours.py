"""Inside a borough: our contact form, rendered as its page does. Times itself, and says which fields it has."""

import json
import sys
import time
from typing import Any

from django import forms
from django.http import QueryDict
from django.template.loader import render_to_string
from django.test import RequestFactory

import bench.begun  # noqa: F401
from accounts.models import Role, User
from ledger.acting import acting_as_system
from ledger.fields import GovDateField
from triage.forms import ContactForm

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
        plain = {
            "request": request,
            "user": request.user,
            "csrf_token": "x" * 64,
        }  # the page's own parts are not the form's
        taken, html = [], ""
        for number in range(asked["times"] + asked["warm"]):
            began = time.process_time()
            form = ContactForm(data) if asked["filled"] else ContactForm()
            context = {"form": form, "submit": "Save the contact", "person": None, "fresh": not asked["filled"]} | plain
            html = render_to_string("_parts/form.html", context)
            if number >= asked["warm"]:
                taken.append((time.process_time() - began) * 1000)
    print(json.dumps({"ms": taken, "kb": len(html) / 1000}))


if __name__ == "__main__":
    main()
