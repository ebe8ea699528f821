"""The screening and further questions as form fields, and what was filled in as answers."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from intake.actions import Given
from intake.answers import SCREENING, SCREENING_KEYS
from intake.answers import Answer as Answered
from intake.models import Answer
from intake.needs import NEED_BY_CODE, Headline
from ledger.fields import GovDateField, text_field
from triage.facts import ARREARS
from triage.indicators import INDICATORS, AnswerKind, Group, Indicator

FROM_THE_RECORD = frozenset(
    {"neglect_contacts_12_months", "same_need_contacts_90_days", "closed_from_tier", "closed_on", "open_tier"}
)
"""What the record counts itself: nobody is asked."""
ASKED: tuple[Indicator, ...] = tuple(one for one in INDICATORS if one.key not in FROM_THE_RECORD)
WORDS: dict[str, str] = {item.key: item.question for item in SCREENING} | {
    item.key: item.question for item in INDICATORS
}
WANTS: dict[Headline, tuple[Group, ...]] = {
    Headline.EDUCATION: (Group.WORK_AND_SCHOOL, Group.CHILD),
    Headline.EARLY_YEARS: (Group.CHILD,),
    Headline.HEALTH: (Group.DANGER, Group.ADULT),
    Headline.SUBSTANCES: (Group.DANGER,),
    Headline.FAMILY: (Group.CHILD,),
    Headline.SAFE: (Group.DANGER, Group.CHILD, Group.ADULT),
    Headline.CRIME: (Group.DANGER, Group.CHILD),
    Headline.DOMESTIC_ABUSE: (Group.DANGER, Group.DOMESTIC_ABUSE, Group.CHILD),
    Headline.HOME: (Group.HOME, Group.MONEY),
    Headline.MONEY: (Group.MONEY, Group.HOME),
}
FIVE = [
    ("yes", "Yes"),
    ("no", "No"),
    ("not_asked", "Not asked"),
    ("declined", "Would not say"),
    ("unknown", "Does not know"),
]
FURTHER = [("yes", "Yes"), ("no", "No"), ("declined", "Would not say"), ("unknown", "Not known")]


class PoundsField(forms.CharField):
    """An amount as people write it, £1,250 or 1250.50: gives whole pence or None."""

    def clean(self, value: Any) -> int | None:
        text = re.sub(r"[£,\s]", "", super().clean(value) or "")
        if not text:
            return None
        if not re.fullmatch(r"\d{1,8}(\.\d{1,2})?", text, re.ASCII):
            raise ValidationError("Enter an amount in pounds, like 1250 or 1250.50")
        return int(Decimal(text) * 100)


@cache
def screening_fields() -> dict[str, forms.Field]:
    """The five questions that everybody is asked. Every form has the same objects, so nothing may write into them."""
    return {
        item.key: forms.ChoiceField(label=item.question, choices=FIVE, widget=forms.RadioSelect, required=False)
        for item in SCREENING
    }


@cache
def further_fields() -> dict[str, forms.Field]:
    """One field for each further question; the same objects for every form, as above: to make them took a tenth of a save."""
    return {item.key: _field(item) for item in ASKED}


def wanted_by(group: Group) -> list[str]:
    """The needs that make a group of questions worth asking: a page opens it when one of them is ticked."""
    return [code for code, need in NEED_BY_CODE.items() if group in WANTS.get(need.headline, ())]


def answers_in(cleaned: Mapping[str, Any], *, why: str = "") -> dict[str, Given]:
    """What was filled in, as answers; an empty field is no answer. `why` goes with every question that was not asked."""
    answers = {}
    for key in (*SCREENING_KEYS, *(item.key for item in ASKED)):
        value = cleaned.get(key)
        if value in (None, "", []):
            continue
        if isinstance(value, date):
            answers[key] = Given(Answer.Said.VALUE, value.isoformat())
        elif isinstance(value, list):
            answers[key] = Given(Answer.Said.VALUE, " ".join(value))
        elif isinstance(value, str):
            answers[key] = Given(value, why=why if value == Answered.NOT_ASKED else "")
        else:
            answers[key] = Given(Answer.Said.VALUE, str(value))
    return answers


def as_initial(answer: Answer) -> Any:
    """A stored answer as the value of its field."""
    kind = next((item.kind for item in ASKED if item.key == answer.question), AnswerKind.YES_NO)
    if answer.said != Answer.Said.VALUE:
        return answer.said
    if kind == AnswerKind.PENCE:
        return f"{int(answer.value) / 100:.2f}".removesuffix(".00")
    if kind == AnswerKind.DAY:
        return date.fromisoformat(answer.value)
    return answer.value.split() if kind == AnswerKind.ARREARS else answer.value


def said_in_words(answer: Answer) -> str:
    """An answer as a page shows it."""
    if answer.said != Answer.Said.VALUE:
        return answer.get_said_display()
    value = as_initial(answer)
    if isinstance(value, date):
        return f"{value.day} {value:%B %Y}"
    if isinstance(value, list):
        return ", ".join(str(ARREARS.get(one, one)) for one in value).capitalize()
    kind = next((item.kind for item in ASKED if item.key == answer.question), AnswerKind.COUNT)
    if kind == AnswerKind.PENCE:
        return f"£{int(answer.value) / 100:,.2f}".removesuffix(".00")
    return f"{value}%" if kind == AnswerKind.PERCENT else str(value)


def _field(item: Indicator) -> forms.Field:
    words: dict[str, Any] = {"label": item.question, "help_text": item.hint, "required": False}
    if item.kind == AnswerKind.COUNT:
        most = 24 if item.key == "dash_score" else 1000
        return forms.IntegerField(min_value=0, max_value=most, **words)
    if item.kind == AnswerKind.PENCE:
        return PoundsField(**words)
    if item.kind == AnswerKind.PERCENT:
        return forms.DecimalField(min_value=0, max_value=100, max_digits=5, decimal_places=2, **words)
    if item.kind == AnswerKind.DAY:
        return GovDateField(name="The date", **words)
    if item.kind == AnswerKind.ARREARS:
        choices = [(key, text.capitalize()) for key, text in ARREARS.items()]
        return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **words)
    return forms.ChoiceField(choices=FURTHER, widget=forms.RadioSelect, **words)


def why_field() -> forms.Field:
    """Why a screening question was not asked."""
    return text_field(
        "If you did not ask one of them, why?",
        name="The reason",
        max_length=200,
        required=False,
        help_text="For example: they were not alone, or somebody else was speaking for them.",
    )
