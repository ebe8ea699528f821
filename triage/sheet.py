"""Fields of a long form as plain rows for hand-written templates: a fraction of what a form library takes to render.

What is the same for everybody and holds nothing that was typed is rendered once and kept.
"""

from functools import cache, lru_cache
from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from ledger.fields import PARTS
from ledger.templatetags.govuk_forms import is_chosen, plain_errors
from triage.indicators import Group
from triage.questions import ASKED, further_fields, wanted_by

WIDTHS = {"day": 2, "month": 2, "year": 4}


def row(form: forms.BaseForm, name: str) -> dict[str, Any]:
    """One field with everything that a template wants to know of it."""
    bound = form[name]
    field, errors = bound.field, plain_errors(bound)
    hint = [f"id_{name}_hint"] if field.help_text else []
    found: dict[str, Any] = {
        "name": name,
        "kind": _kind(field),
        "label": field.label,
        "hint": field.help_text,
        "errors": errors,
        "described": " ".join([*hint, *(f"id_{name}_{n}_error" for n, _ in enumerate(errors, 1))]),
    }
    if isinstance(field, forms.ChoiceField):
        found["options"] = [(value, label, is_chosen(bound, value)) for value, label in field.choices]
    elif found["kind"] == "day":
        values = bound.value() or [None, None, None]
        values = values if isinstance(values, list) else field.widget.decompress(values)
        found["boxes"] = [
            (part, part.capitalize(), WIDTHS[part], "" if value is None else value)
            for part, value in zip(PARTS, values, strict=True)
        ]
    else:
        value = bound.value()
        found["value"] = "" if value is None else value
    if found["kind"] == "words":
        found["rows"] = field.widget.attrs.get("rows", "3")
        found["autofocus"] = "autofocus" in field.widget.attrs
    return found


def is_touched(form: forms.BaseForm, names: list[str]) -> bool:
    """Whether anything in these fields was filled in or is at fault."""
    errors = form.errors if form.is_bound else {}
    return any(name in errors or _filled(form, name) for name in names)


def further_questions(form: forms.BaseForm) -> SafeString:
    """The further questions, folded away by the part of life that they belong to."""
    if not is_touched(form, [item.key for item in ASKED]):
        return _untouched_questions()
    return _questions(form)


def more_needs(form: Any) -> SafeString:
    """The needs that are not among the most used, under their headlines."""
    names = tuple((name, label, tuple(rows)) for name, label, rows in form.headlines)
    chosen = {value for name, _, _ in names for value in (form[name].value() or [])}
    errors = [error for name, _, _ in names for error in plain_errors(form[name])]
    if chosen or errors:
        return _needs(names, frozenset(chosen), tuple(errors))
    return _untouched_needs(names)


@cache
def _untouched_questions() -> SafeString:
    empty = forms.Form()
    empty.fields.update(further_fields())
    return _questions(empty)


def _questions(form: forms.BaseForm) -> SafeString:
    groups = []
    for group in Group:
        names = [item.key for item in ASKED if item.group == group]
        if names:
            rows = [row(form, name) for name in names]
            rows = [{**one, "more": "app-ask--row" if one["kind"] == "choice" else ""} for one in rows]
            groups.append(
                {
                    "title": group.label,
                    "rows": rows,
                    "wanted_by": " ".join(wanted_by(group)),
                    "open": is_touched(form, names),
                }
            )
    return render_to_string("triage/_further.html", {"groups": groups, "open": any(one["open"] for one in groups)})


@lru_cache(maxsize=8)
def _untouched_needs(names: tuple[Any, ...]) -> SafeString:
    return _needs(names, frozenset(), ())


def _needs(names: tuple[Any, ...], chosen: frozenset[str], errors: tuple[str, ...]) -> SafeString:
    parts = [(name, label, [(code, words, code in chosen) for code, words in rows]) for name, label, rows in names]
    return render_to_string("triage/_more_needs.html", {"parts": parts, "open": chosen or errors, "errors": errors})


def _kind(field: forms.Field) -> str:
    if isinstance(field, forms.MultipleChoiceField):
        return "ticks"
    if isinstance(field, forms.ChoiceField):
        return "choice" if isinstance(field.widget, forms.RadioSelect) else "list"
    if isinstance(field, forms.BooleanField):
        return "tick"
    if isinstance(field, forms.MultiValueField):
        return "day"
    return "words" if isinstance(field.widget, forms.Textarea) else "line"


def _filled(form: forms.BaseForm, name: str) -> bool:
    value = form[name].value()
    if isinstance(value, list | tuple):
        return any(value)
    return bool(value) and value != form.fields[name].initial
