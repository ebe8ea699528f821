"""The part of a form that folds away."""

from typing import Any

from crispy_forms.layout import LayoutObject
from django.forms import BaseForm
from django.template.loader import render_to_string
from django.utils.safestring import SafeString


class Fold(LayoutObject):
    """Fields that stay folded away until they are wanted; open where something in them is filled in or at fault."""

    def __init__(self, summary: str, *fields: Any, hint: str = "", wanted_by: list[str] | None = None) -> None:
        self.summary, self.fields, self.hint, self.wanted_by = summary, list(fields), hint, wanted_by or []

    def render(self, form: BaseForm, context: Any, template_pack: str = "gds", **kwargs: Any) -> SafeString:
        """The part as <details>, which needs no script."""
        inside = self.get_rendered_fields(form, context, template_pack, **kwargs)
        names = [pointer.name for pointer in self.get_field_names()]
        is_open = any(name in form.errors for name in names) or any(_filled(form, name) for name in names)
        values = {"summary": self.summary, "inside": SafeString(inside), "open": is_open, "hint": self.hint}
        values["wanted_by"] = " ".join(self.wanted_by)
        return SafeString(render_to_string("triage/_fold.html", values))


def _filled(form: BaseForm, name: str) -> bool:
    """Whether a field holds something that it does not hold on an empty form."""
    value = form[name].value()
    if isinstance(value, list | tuple):
        value = [one for one in value if one]
    return bool(value) and value != form.fields[name].initial
