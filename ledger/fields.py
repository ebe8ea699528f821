"""Form fields that speak GOV.UK's words: text that is refused kindly, dates in three boxes, dates half known."""

import re
import unicodedata
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NoReturn

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
PARTS = ("day", "month", "year")
# A year typed with a slip (3024, 0198) is a mistake, not a date of ours.
FIRST_YEAR = 1850


def _lower_first(words: str) -> str:
    """'Date of birth' inside a sentence; 'UPRN' and 'NHS number' stay as they are."""
    return words if words[:2].isupper() else words[:1].lower() + words[1:]


def _article(words: str) -> str:
    return "an" if words[:1].lower() in "aeiou" else "a"


class WordsField(forms.CharField):
    """Text as typed, emoji and right-to-left scripts included; refuses control characters and too much, in words."""

    def __init__(self, *, name: str, max_length: int, multiline: bool = False, **kwargs: Any) -> None:
        self.name, self.multiline = name, multiline
        messages = {"required": f"Enter {_lower_first(name)}", **kwargs.pop("error_messages", {})}
        super().__init__(error_messages=messages, **kwargs)
        # Ours, so that one sentence is said: Django's own validators speak of null characters and of counts.
        self.validators = [
            one for one in self.validators if one.__class__.__name__ != "ProhibitNullCharactersValidator"
        ]
        self.max_length = max_length

    def to_python(self, value: Any) -> str:
        """Browsers send line breaks as two characters: they count as one."""
        return super().to_python("" if value is None else str(value).replace("\r\n", "\n").replace("\r", "\n"))

    def validate(self, value: str) -> None:
        super().validate(value)
        allowed = "\n\t" if self.multiline else ""
        if any(unicodedata.category(one) in ("Cc", "Cs") and one not in allowed for one in value):
            raise ValidationError(f"{self.name} must not include hidden control characters", code="control")
        if self.max_length is not None and len(value) > self.max_length:
            raise ValidationError(f"{self.name} must be {self.max_length:,} characters or fewer", code="max_length")


def text_field(
    label: str, *, max_length: int = 200, name: str = "", rows: int = 0, required: bool = True, **kwargs: Any
) -> WordsField:
    """A line of text, or `rows` lines; `name` is what the error messages call it where the label is a question."""
    widget = kwargs.pop("widget", None) or (forms.Textarea(attrs={"rows": str(rows)}) if rows else forms.TextInput())
    return WordsField(
        label=label,
        name=name or label,
        max_length=max_length,
        multiline=bool(rows),
        required=required,
        widget=widget,
        **kwargs,
    )


@dataclass(frozen=True)
class PartialDate:
    """A date of which only the year, or the year and month, or nothing may be known."""

    year: int | None = None
    month: int | None = None
    day: int | None = None

    @property
    def precision(self) -> str:
        """full, month, year or unknown."""
        if self.year is None:
            return "unknown"
        if self.month is None:
            return "year"
        return "month" if self.day is None else "full"

    @property
    def first(self) -> date | None:
        """The earliest day that it can be."""
        return date(self.year, self.month or 1, self.day or 1) if self.year is not None else None

    @property
    def last(self) -> date | None:
        """The latest day that it can be."""
        if self.year is None:
            return None
        month = self.month or 12
        return date(self.year, month, self.day or monthrange(self.year, month)[1])

    @classmethod
    def of(cls, value: date | None, precision: str = "full") -> "PartialDate":
        """From a stored day and what is known of it."""
        if value is None or precision == "unknown":
            return cls()
        month = value.month if precision in ("full", "month") else None
        return cls(value.year, month, value.day if precision == "full" else None)

    def __str__(self) -> str:
        first = self.first
        if first is None:
            return "Not known"
        return {"full": f"{first.day} {first:%B %Y}", "month": f"{first:%B %Y}"}.get(self.precision, str(self.year))

    def __bool__(self) -> bool:
        return self.year is not None


class DateWidget(forms.MultiWidget):
    """Three boxes, each with its own label, that keep what was typed."""

    template_name = "gds/widgets/date.html"

    def __init__(self, attrs: dict[str, Any] | None = None, *, autocomplete: str = "") -> None:
        widgets = []
        for part, width in zip(PARTS, (2, 2, 4), strict=True):
            box = {"class": f"govuk-input govuk-date-input__input govuk-input--width-{width}", "inputmode": "numeric"}
            if autocomplete:
                box["autocomplete"] = f"{autocomplete}-{part}"
            widgets.append(forms.TextInput(attrs=box))
        super().__init__(widgets, attrs)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        for part, box in zip(PARTS, context["widget"]["subwidgets"], strict=True):
            box["box_label"] = part.capitalize()
        return context

    def decompress(self, value: Any) -> list[int | None]:
        if isinstance(value, PartialDate | date):
            return [value.day, value.month, value.year]
        return [None, None, None]


class _ThreeBoxes(forms.MultiValueField):
    """Reads three boxes and remembers in `at_fault` which of them carry the error."""

    widget = DateWidget

    def __init__(self, *, name: str = "Date", past: bool = False, future: bool = False, **kwargs: Any) -> None:
        self.name, self.past, self.future = name, past, future
        self.at_fault: set[int] = set()
        messages = {"required": f"Enter {_lower_first(name)}", **kwargs.pop("error_messages", {})}
        boxes = tuple(forms.CharField(required=False) for _ in PARTS)
        super().__init__(fields=boxes, require_all_fields=False, error_messages=messages, **kwargs)

    def _typed(self, value: Sequence[Any] | None) -> list[str]:
        """What is in the boxes; a month may be typed as a word."""
        self.at_fault = set()
        typed = [str(part if part is not None else "").strip() for part in (value or ("", "", ""))]
        word = typed[1].lower().rstrip(".")
        number = next((n for n, month in enumerate(MONTHS, 1) if len(word) >= 3 and word.startswith(month)), None)
        return [typed[0], str(number) if number else typed[1], typed[2]]

    def _read(self, typed: list[str]) -> date:
        """The day in three filled boxes, or the error that says which box to mend."""
        shapes = (r"\d{1,2}", r"\d{1,2}", r"\d{4}")
        pairs = enumerate(zip(typed, shapes, strict=True))
        bad = [index for index, (part, shape) in pairs if not re.fullmatch(shape, part, re.ASCII)]
        if bad == [2]:
            self._refuse("Year must include 4 numbers", bad)
        try:
            found = date(int(typed[2]), int(typed[1]), int(typed[0])) if not bad else None
        except ValueError:
            found = None
        if found is None:
            self._refuse(f"{self.name} must be a real date", bad or self._out_of_range(typed))
        if not FIRST_YEAR <= found.year <= timezone.localdate().year + 100:
            self._refuse(f"{self.name} must be a real date", [2])
        return found

    @staticmethod
    def _out_of_range(typed: list[str]) -> list[int]:
        if not 1 <= int(typed[1]) <= 12:
            return [1]
        return [0]

    def _check_side(self, first: date, last: date) -> None:
        """Refuse a day on the wrong side of today; of a half-known date, only when all of it is."""
        today = timezone.localdate()
        if self.past and first > today:
            self._refuse(f"{self.name} must be today or in the past", [0, 1, 2])
        if self.future and last < today:
            self._refuse(f"{self.name} must be today or in the future", [0, 1, 2])

    def _refuse(self, message: str, boxes: list[int]) -> NoReturn:
        self.at_fault = set(boxes)
        raise ValidationError(message, code="invalid")

    def compress(self, data_list: Sequence[Any]) -> Any:
        return data_list


class GovDateField(_ThreeBoxes):
    """A whole date: gives a `date` or None. `past` and `future` both let today through."""

    def clean(self, value: Sequence[Any] | None) -> date | None:
        typed = self._typed(value)
        if not any(typed):
            if self.required:
                self.at_fault = {0, 1, 2}
                raise ValidationError(self.error_messages["required"], code="required")
            return None
        missing = [index for index, part in enumerate(typed) if not part]
        if missing:
            names = " and ".join(PARTS[index] for index in missing)
            self._refuse(f"{self.name} must include {_article(names)} {names}", missing)
        found = self._read(typed)
        self._check_side(found, found)
        return found


class PartialDateField(_ThreeBoxes):
    """A date of which the day, or the day and month, may be left out: always gives a `PartialDate`."""

    def clean(self, value: Sequence[Any] | None) -> PartialDate:
        day, month, year = typed = self._typed(value)
        if not any(typed):
            if self.required:
                self.at_fault = {0, 1, 2}
                raise ValidationError(self.error_messages["required"], code="required")
            return PartialDate()
        if not year:
            self._refuse(f"{self.name} must include a year", [2])
        if day and not month:
            self._refuse(f"{self.name} must include a month when it has a day", [1])
        found = self._read([day or "1", month or "1", year])
        partial = PartialDate(found.year, found.month if month else None, found.day if day else None)
        self._check_side(partial.first or found, partial.last or found)
        return partial

    def has_changed(self, initial: Any, data: Any) -> bool:
        before = initial if isinstance(initial, PartialDate) else PartialDate.of(initial)
        try:
            return before != self.clean(data)
        except ValidationError:
            return True
