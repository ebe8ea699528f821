"""Stock crispy-forms-gds: the same fields as one of our forms, as its documentation lays them out. Times itself."""

import json
import sys
import time

import django
from django.conf import settings

settings.configure(
    INSTALLED_APPS=["django.forms", "crispy_forms", "crispy_forms_gds"],
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
    CRISPY_ALLOWED_TEMPLATE_PACKS=["gds"],
    CRISPY_TEMPLATE_PACK="gds",
    SECRET_KEY="only for the bench",
    ROOT_URLCONF="bench.peer.urls_of_none",
    USE_TZ=True,
    LANGUAGE_CODE="en-gb",
)
django.setup()

from crispy_forms.utils import render_crispy_form  # noqa: E402
from crispy_forms_gds.fields import DateInputField  # noqa: E402
from crispy_forms_gds.helper import FormHelper  # noqa: E402
from crispy_forms_gds.layout import Field, Layout, Submit  # noqa: E402
from django import forms  # noqa: E402


def field_of(spec: dict) -> forms.Field:
    """A field of the described kind."""
    words = {"label": spec["label"], "help_text": spec["help"], "required": False}
    kind, choices = spec["kind"], [tuple(choice) for choice in spec["choices"]]
    if kind == "radios":
        return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **words)
    if kind == "select":
        return forms.ChoiceField(choices=choices, **words)
    if kind == "checkboxes":
        return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **words)
    if kind == "checkbox":
        return forms.BooleanField(**words)
    if kind == "textarea":
        return forms.CharField(widget=forms.Textarea, **words)
    return DateInputField(**words) if kind == "date" else forms.CharField(**words)


LAID_OUT = {"radios": Field.radios, "select": Field.select, "checkboxes": Field.checkboxes, "textarea": Field.textarea}


class Form(forms.Form):
    """A form of the fields that came on standard input."""

    def __init__(self, *args, specs: list[dict], **options) -> None:
        super().__init__(*args, **options)
        for spec in specs:
            self.fields[spec["name"]] = field_of(spec)
        self.helper = FormHelper()
        parts = [LAID_OUT.get(spec["kind"], lambda name: name)(spec["name"]) for spec in specs]
        self.helper.layout = Layout(*parts, Submit("submit", "Save"))


def main() -> None:
    """Render so many times, fresh or filled in; print the milliseconds of processor time of each."""
    asked = json.load(sys.stdin)
    taken = []
    for number in range(asked["times"] + asked["warm"]):
        began = time.process_time()
        data = (asked["data"],) if asked["filled"] else ()
        html = render_crispy_form(Form(*data, specs=asked["specs"]))
        if number >= asked["warm"]:
            taken.append((time.process_time() - began) * 1000)
    print(json.dumps({"ms": taken, "kb": len(html) / 1000}))


if __name__ == "__main__":
    main()
