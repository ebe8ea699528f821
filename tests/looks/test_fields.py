"""Fields that refuse in words: dates in three boxes, dates half known, text of every script."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from ledger.fields import GovDateField, PartialDate, PartialDateField, text_field

BIRTH = {"name": "Date of birth", "label": "Date of birth"}


def refusal(field, value) -> tuple[str, set[int]]:
    with pytest.raises(ValidationError) as error:
        field.clean(value)
    return error.value.messages[0], getattr(field, "at_fault", set())


def said(field, value) -> str:
    """What is said about an answer; nothing if it is taken."""
    try:
        field.clean(value)
    except ValidationError as error:
        return str(error.messages[0])
    return ""


@pytest.mark.parametrize(
    ("typed", "words", "boxes"),
    [
        (["", "", ""], "Enter date of birth", {0, 1, 2}),
        (["31", "", ""], "Date of birth must include a month and year", {1, 2}),
        (["", "3", "1980"], "Date of birth must include a day", {0}),
        (["31", "3", "80"], "Year must include 4 numbers", {2}),
        (["31", "2", "1980"], "Date of birth must be a real date", {0}),
        (["1", "13", "1980"], "Date of birth must be a real date", {1}),
        (["0", "1", "1980"], "Date of birth must be a real date", {0}),
        (["x", "y", "z"], "Date of birth must be a real date", {0, 1, 2}),
        (["29", "2", "2025"], "Date of birth must be a real date", {0}),
        (["1", "1", "0198"], "Date of birth must be a real date", {2}),
        (["1", "1", "9999"], "Date of birth must be a real date", {2}),
        (["٣", "٣", "1980"], "Date of birth must be a real date", {0, 1}),
        (["1" * 5000, "1", "1980"], "Date of birth must be a real date", {0}),
    ],
)
def test_a_whole_date_is_refused_in_words_at_the_right_box(typed, words, boxes):
    assert refusal(GovDateField(**BIRTH), typed) == (words, boxes)


@pytest.mark.parametrize("month", ["3", "03", "mar", "Mar", "March", "march", "Mar."])
def test_a_month_may_be_a_word(month):
    assert GovDateField(**BIRTH).clean([" 31 ", month, "1980"]) == date(1980, 3, 31)


def test_today_is_neither_too_early_nor_too_late():
    today = timezone.localdate()
    boxes = [str(today.day), str(today.month), str(today.year)]
    assert GovDateField(past=True).clean(boxes) == GovDateField(future=True).clean(boxes) == today
    later, before = today + timedelta(days=1), today - timedelta(days=1)
    assert (
        refusal(GovDateField(past=True), [later.day, later.month, later.year])[0] == "Date must be today or in the past"
    )
    assert (
        refusal(GovDateField(future=True), [before.day, before.month, before.year])[0]
        == "Date must be today or in the future"
    )


def test_a_date_that_is_not_needed_may_be_empty():
    assert GovDateField(required=False).clean(["", "", ""]) is None
    assert GovDateField(required=False).clean(None) is None


@pytest.mark.parametrize(
    ("typed", "known", "words"),
    [
        (["31", "3", "1980"], "full", "31 March 1980"),
        (["", "3", "1980"], "month", "March 1980"),
        (["", "", "1980"], "year", "1980"),
    ],
)
def test_a_date_may_be_half_known(typed, known, words):
    partial = PartialDateField(**BIRTH).clean(typed)
    assert (partial.precision, str(partial)) == (known, words)
    assert PartialDate.of(partial.first, partial.precision) == partial
    assert partial.first <= partial.last


def test_a_half_known_date_says_what_is_missing():
    field = PartialDateField(**BIRTH, past=True)
    assert refusal(field, ["31", "3", ""]) == ("Date of birth must include a year", {2})
    assert refusal(field, ["31", "", "1980"]) == ("Date of birth must include a month when it has a day", {1})
    assert refusal(field, ["", "13", "1980"]) == ("Date of birth must be a real date", {1})
    year = str(timezone.localdate().year)
    assert field.clean(["", "", year]).precision == "year"  # this year has begun
    assert refusal(field, ["", "", str(int(year) + 1)])[0] == "Date of birth must be today or in the past"


def test_nothing_known_is_an_answer_where_it_may_be():
    nothing = PartialDateField(**BIRTH, required=False).clean(["", "", ""])
    assert nothing == PartialDate() and not nothing and str(nothing) == "Not known" and nothing.first is None


@given(st.dates(date(1900, 1, 1), date(2020, 12, 31)), st.sampled_from(["full", "month", "year"]))
def test_a_half_known_date_holds_the_day_that_it_hides(day, precision):
    partial = PartialDate.of(day, precision)
    assert partial.precision == precision
    assert partial.first <= day <= partial.last


@given(st.lists(st.text(max_size=6), min_size=3, max_size=3))
def test_no_date_typed_by_anyone_breaks_the_page(typed):
    for field in (GovDateField(required=False), PartialDateField(required=False)):
        message = said(field, typed)
        assert not message or message[0].isupper()


@pytest.mark.parametrize(
    "words", ["Zoë", "محمد الأحمد", "🧑🏽‍🦽 in a wheelchair", "O’Neill–Smith", "李小龍", "\u200fשלום\u200f"]
)
def test_every_script_is_kept_as_it_was_typed(words):
    assert text_field("Name").clean(words) == words


def test_text_is_refused_in_words():
    field = text_field("Full name", max_length=200)
    assert refusal(field, "")[0] == "Enter full name"
    assert refusal(field, "a" * 10_000)[0] == "Full name must be 200 characters or fewer"
    assert (
        refusal(text_field("Words", rows=5, max_length=4000), "a" * 4001)[0]
        == "Words must be 4,000 characters or fewer"
    )
    for hidden in ("\x00", "\x07", "\x1b", "\ud800"):
        assert refusal(field, f"a{hidden}b")[0] == "Full name must not include hidden control characters"
    assert refusal(field, "two\nlines")[0] == "Full name must not include hidden control characters"
    assert refusal(text_field("UPRN"), "")[0] == "Enter UPRN"


def test_a_line_break_counts_as_one_character():
    assert text_field("Words", rows=5, max_length=3).clean("a\r\nb") == "a\nb"


@given(st.text(max_size=300))
def test_any_text_is_either_kept_or_refused_in_words(words):
    field = text_field("Words", rows=3, max_length=200, required=False)
    if message := said(field, words):
        assert message.startswith("Words must")
    else:
        kept = field.clean(words)
        assert kept == words.replace("\r\n", "\n").replace("\r", "\n").strip()
        kept.encode()
