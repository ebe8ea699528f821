"""Times of day and promises as form fields."""

import re
from datetime import datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.working_time import OFFICE_CLOSES, at_local


class ClockField(forms.CharField):
    """A time of day as people write it: 14:30, 2.30pm, 9am. Gives a `time` or None."""

    def clean(self, value: Any) -> time | None:
        text = (super().clean(value) or "").lower().replace(" ", "")
        if not text:
            return None
        found = re.fullmatch(r"(\d{1,2})(?:[:.]?(\d{2}))?(am|pm)?", text, re.ASCII)
        hour, minute = (int(found[1]), int(found[2] or 0)) if found else (99, 0)
        if found and found[3] and 1 <= hour <= 12:
            hour = hour % 12 + (12 if found[3] == "pm" else 0)
        elif found and found[3]:
            hour = 99
        if hour > 23 or minute > 59:
            raise ValidationError("Enter a time, like 2:30pm or 14:30")
        return time(hour, minute)


def read_promise(form: forms.Form, cleaned: dict[str, Any], *, after: datetime | None) -> datetime | None:
    """By when something was promised, or None; a promise needs a day, and a day needs a promise."""
    on, promise = cleaned.get("next_step_on"), cleaned.get("next_step")
    if {"next_step", "next_step_on", "next_step_time"} & set(form.errors):
        return None
    if promise and not on:
        form.add_error("next_step_on", "Enter by which day, so that somebody can keep the promise")
    elif on and not promise:
        form.add_error("next_step", "Enter what was promised")
    elif promise and on:
        by = at_local(on, cleaned.get("next_step_time") or OFFICE_CLOSES)
        if by < (after or timezone.now()):
            form.add_error("next_step_on", "The promise must be for a time to come")
        return by
    return None
