"""Two shapes that a long form needs: a part that folds away, and a heading between parts."""

from typing import Any

from crispy_forms.layout import LayoutObject
from django.forms import BaseForm
from django.template.loader import render_to_string
from django.utils.html import format_html
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


class Heading(LayoutObject):
    """A heading between the parts of a form, with a line under it if that helps."""

    def __init__(self, text: str, hint: str = "") -> None:
        self.text, self.hint = text, hint
        self.fields: list[Any] = []

    def render(self, form: BaseForm, context: Any, template_pack: str = "gds", **kwargs: Any) -> SafeString:
        """The heading."""
        hint = format_html('<p class="govuk-hint">{}</p>', self.hint) if self.hint else ""
        return format_html('<h2 class="govuk-heading-m">{}</h2>{}', self.text, hint)


class Part(LayoutObject):
    """A partial template that reads the page's own context, for what is no field."""

    def __init__(self, template: str) -> None:
        self.template = template
        self.fields: list[Any] = []

    def render(self, form: BaseForm, context: Any, template_pack: str = "gds", **kwargs: Any) -> SafeString:
        """The partial."""
        values = context.flatten() if hasattr(context, "flatten") else dict(context)
        return SafeString(render_to_string(self.template, values | {"form": form}))


def _filled(form: BaseForm, name: str) -> bool:
    """Whether a field holds something that it does not hold on an empty form."""
    value = form[name].value()
    if isinstance(value, list | tuple):
        value = [one for one in value if one]
    return bool(value) and value != form.fields[name].initial
