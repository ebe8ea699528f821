"""What the templates in templates/gds need so that crispy forms give GOV.UK Frontend 6.6's markup."""

from copy import copy
from functools import cache

from crispy_forms.utils import render_crispy_form
from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Size
from django import forms, template
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.template.context import Context

register = template.Library()

# The class of each kind of widget, and the class that marks it as at fault.
CLASSES = (
    (forms.CheckboxInput, "govuk-checkboxes__input", ""),
    (forms.Textarea, "govuk-textarea", "govuk-textarea--error"),
    (forms.FileInput, "govuk-file-upload", "govuk-file-upload--error"),
    (forms.Select, "govuk-select", "govuk-select--error"),
    (forms.widgets.Input, "govuk-input", "govuk-input--error"),
)
KINDS = (
    ("checkboxes", forms.CheckboxSelectMultiple),
    ("radios", forms.RadioSelect),
    ("multi", forms.MultiWidget),
    ("checkbox", forms.CheckboxInput),
    ("password", forms.PasswordInput),
    ("file", forms.FileInput),
)
PASSWORD = (("spellcheck", "false"), ("autocapitalize", "none"), ("autocomplete", "current-password"))


@register.filter
def widget_kind(field: BoundField) -> str:
    """Which of the design system's components shows the field."""
    return next((name for name, kind in KINDS if isinstance(field.field.widget, kind)), "input")


@register.filter
def character_limit(field: BoundField) -> int | None:
    """The limit to count down to, for long text only: a one-line answer says it in its error message."""
    return getattr(field.field, "max_length", None) if isinstance(field.field.widget, forms.Textarea) else None


@register.filter
def described_by(field: BoundField) -> str:
    """The ids of the hint and of each error, in the order in which they should be read out."""
    hint = [f"{field.auto_id}_hint"] if field.help_text else []
    return " ".join(hint + [f"{field.auto_id}_{number}_error" for number, _ in enumerate(field.errors, 1)])


@register.filter
def is_chosen(field: BoundField, value: object) -> bool:
    """Whether a radio or checkbox with this value is ticked."""
    chosen = field.value()
    if isinstance(chosen, list | tuple | set):
        return str(value) in {str(one) for one in chosen}
    return chosen is not None and str(value) == str(chosen)


def _parts_at_fault(field: BoundField) -> set[int]:
    """Which boxes of a many-boxed field carry the error; all of them when none says so."""
    parts = getattr(field.field, "fields", ())
    named = getattr(field.field, "at_fault", None) or {
        index for index, part in enumerate(parts) if getattr(part.widget, "errors", None)
    }
    return set(named) or set(range(len(parts)))


@register.filter
def plain_errors(field: BoundField) -> list[str]:
    """A field's errors, with Django's stock sentences said the way GOV.UK says them."""
    errors = getattr(field.form, "_errors", None) or {}
    found = errors.get(field.name)
    return [_said_plainly(field, error) for error in found.as_data()] if found is not None else []


def _said_plainly(field: BoundField, error: ValidationError) -> str:
    stock = _stock_messages(type(field.field)).get(error.code or "")
    if stock is None or str(error.message) != stock:
        return " ".join(error.messages)
    label = str(field.label)
    inside = label if label[:2].isupper() else label[:1].lower() + label[1:]
    chosen = widget_kind(field) in ("radios", "checkboxes", "checkbox") or isinstance(field.field.widget, forms.Select)
    numeric = isinstance(field.field, forms.IntegerField)
    inside = "an answer" if label.endswith("?") else inside
    sentences = {
        "required": f"Select {inside}" if chosen else f"Enter {inside}",
        "invalid_choice": "Select an answer from the list",
        "invalid": f"{label} must be a {'whole number' if type(field.field) is forms.IntegerField else 'number'}"
        if numeric
        else "",
    }
    return sentences.get(error.code or "") or " ".join(error.messages)


@cache
def _stock_messages(kind: type[forms.Field]) -> dict[str, str]:
    """What Django itself says, by code: a form that has its own words keeps them."""
    stock: dict[str, str] = {}
    for one in reversed(kind.__mro__):
        stock.update({code: str(words) for code, words in getattr(one, "default_error_messages", {}).items()})
    return stock


@register.simple_tag(takes_context=True)
def govuk_widget(context: Context, field: BoundField) -> str:
    """Render a field's input with the class, the error class and the aria-describedby of its kind."""
    widget = field.field.widget
    parts = getattr(widget, "widgets", None)
    at_fault = _parts_at_fault(field) if field.errors else set()
    limit = context.get("max_characters") or context.get("max_words") or character_limit(field)
    for index, one in enumerate(parts or [widget]):
        base, error = next(((base, error) for kind, base, error in CLASSES if isinstance(one, kind)), ("", ""))
        classes = [base, *one.attrs.get("class", "").split()]
        if field.errors and error and (parts is None or index in at_fault):
            classes.append(error)
        if limit and parts is None:
            classes.append("govuk-js-character-count")
        _dress(one, classes)
        one.attrs["class"] = " ".join(dict.fromkeys(name for name in classes if name))
        if parts is not None:
            one.attrs.setdefault("inputmode", "numeric")
    described = described_by(field)
    if limit:
        described = f"{field.auto_id}-info {described}".strip()
    if parts is None and described:
        widget.attrs["aria-describedby"] = described
    return str(field)


def _dress(widget: forms.Widget, classes: list[str]) -> None:
    """What a kind of widget needs beyond its class."""
    widget.attrs.pop("maxlength", None)  # pasted text is kept and counted, never cut
    widget.attrs.pop("placeholder", None)  # it vanishes as one types, and is too pale to read
    if isinstance(widget, forms.NumberInput):
        widget.input_type = "text"  # no spinners: a wheel turned by accident must not change a number
        widget.attrs.setdefault("inputmode", "numeric")
    if isinstance(widget, forms.Textarea):
        widget.attrs.pop("cols", None)
        widget.attrs.setdefault("rows", "5")
    if isinstance(widget, forms.Textarea | forms.TextInput):
        widget.attrs.setdefault("dir", "auto")  # names and words may be in a right-to-left script
    if isinstance(widget, forms.PasswordInput):
        classes += ["govuk-password-input__input", "govuk-js-password-input-input"]
        widget.attrs.pop("dir", None)
        for name, value in PASSWORD:
            widget.attrs.setdefault(name, value)
    if isinstance(widget, forms.CheckboxInput):
        widget.attrs.setdefault("value", "on")


@register.filter
def summary_errors(field: BoundField) -> list[tuple[str, str]]:
    """(id to move focus to, message): an error of a date goes to the box at fault, which can take focus."""
    if getattr(field.field, "fields", None):
        target = f"{field.auto_id}_{min(_parts_at_fault(field), default=0)}"
    else:
        target = field.auto_id
    return [(target, message) for message in plain_errors(field)]


@register.filter
def first_input(field: BoundField) -> str:
    """The id of the first input of a field: where the link of an error about the whole form leads."""
    return f"{field.auto_id}_0" if getattr(field.field, "fields", None) else field.auto_id


@register.inclusion_tag("gds/layout/error_summary.html")
def error_summary(form: forms.BaseForm | None) -> dict[str, object]:
    """The list of everything that is wrong with a form, at the top of the page; nothing when all is well."""
    return {"form": form, "shown": bool(form is not None and getattr(form, "errors", None))}


@register.simple_tag(takes_context=True)
def form_fields(context: Context, form: forms.BaseForm) -> str:
    """Render a form's fields, hidden ones included, by its crispy helper; never the <form> tag or the buttons."""
    helper = copy(getattr(form, "helper", None) or _plain_helper())
    if helper.layout is None:
        helper.layout = helper.build_default_layout(form)
    helper.form_tag = False
    helper.disable_csrf = True
    helper.render_hidden_fields = True
    return render_crispy_form(form, helper=helper, context=context.flatten())


def _plain_helper() -> FormHelper:
    """For a form that says nothing about its layout: every field, with labels in bold."""
    helper = FormHelper()
    helper.label_size = Size.SMALL
    helper.legend_size = Size.SMALL
    return helper
