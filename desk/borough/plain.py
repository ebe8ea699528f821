"""Rows as plain objects: what a model calls and knows of itself, without the descriptors through which Django reads each field."""

from functools import cache
from typing import Any

from django.db import models


@cache
def plain(model: type[models.Model]) -> Any:
    """A class with the methods and names of a model. Its objects hold links as they are, and nothing is ever loaded."""
    held = {name for field in model._meta.concrete_fields for name in (field.name, field.attname)}
    body: dict[str, Any] = {"pk": property(lambda row: row.id)}
    for base in reversed(model.__mro__):
        if base not in (object, models.Model):
            body |= {
                name: value for name, value in vars(base).items() if name not in held and name not in _OF_THE_CLASS
            }
    return type(model.__name__, (), body)


_OF_THE_CLASS = {
    "__dict__",
    "__weakref__",
    "__slots__",
    "__init__",
    "__new__",
    "__eq__",
    "__hash__",
    "__class_getitem__",
}
