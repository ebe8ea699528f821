"""What a value of a field is called, looked up once: `get_…_display` builds the whole list each time."""

from functools import cache

from django.db import models


def label(row: models.Model, field: str) -> str:
    """What stands in headings for the value of a field."""
    value = row.__dict__[field]
    return _labels(type(row), field).get(value, str(value))


@cache
def _labels(model: type[models.Model], field: str) -> dict:
    return {value: str(words) for value, words in model._meta.get_field(field).flatchoices}
