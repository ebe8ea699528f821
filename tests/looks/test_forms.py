"""Our forms give the markup that GOV.UK Frontend 6.6 documents: facts taken from its components, one by one."""

import re

import pytest
from django import forms
from django.template import engines
from django.test import RequestFactory

from tests.looks.demonstration import EveryField, render


def posted(**data: object) -> EveryField:
    return EveryField(data)


def page(form: forms.Form, **extra: object) -> str:
    return re.sub(r"\s+", " ", render("form", form=form, **extra))


def tag_with(html: str, identity: str) -> str:
    """The opening tag that has this id."""
    found = re.search(rf'<[^<>]*\bid="{re.escape(identity)}"[^<>]*>', html)
    assert found, identity
    return found[0]


EMPTY = page(posted())
FRESH = page(EveryField(initial={"version": 3}))


def test_every_link_of_the_error_summary_reaches_something_that_takes_focus():
    links = re.findall(r'href="#(id_[^"]+)"', EMPTY)
    assert links == ["id_name", "id_born_0", "id_how", "id_needs", "id_ward", "id_agree"]
    for link in links:
        assert tag_with(EMPTY, link).startswith(("<input", "<select", "<textarea"))


def test_the_summary_stands_above_the_heading_and_the_title_begins_with_error():
    assert EMPTY.index("govuk-error-summary") < EMPTY.index("<h1")
    assert "<title>Error: Page – Community Solutions – Anytown Council</title>" in EMPTY
    assert "<title>Page – Community Solutions – Anytown Council</title>" in FRESH
    assert "govuk-error-summary" not in FRESH


def test_an_input_is_described_by_its_hint_and_then_its_error():
    assert 'aria-describedby="id_name_hint id_name_1_error"' in tag_with(EMPTY, "id_name")
    assert 'aria-describedby="id_name_hint"' in tag_with(FRESH, "id_name")
    for identity in ("id_name_hint", "id_name_1_error"):
        assert tag_with(EMPTY, identity)
    assert '<span class="govuk-visually-hidden">Error:</span> Enter their full name' in EMPTY


@pytest.mark.parametrize(
    ("identity", "css"),
    [("id_name", "govuk-input--error"), ("id_ward", "govuk-select--error"), ("id_born_0", "govuk-input--error")],
)
def test_what_is_at_fault_has_the_error_class_of_its_own_kind(identity, css):
    assert css in tag_with(EMPTY, identity)
    assert css not in tag_with(FRESH, identity)


def test_only_the_date_box_at_fault_is_marked_and_linked():
    html = page(posted(born_0="31", born_1="3", born_2="80"))
    assert 'href="#id_born_2"> Year must' in html.replace('">Year', '"> Year')
    assert "govuk-input--error" in tag_with(html, "id_born_2")
    assert "govuk-input--error" not in tag_with(html, "id_born_0")
    assert 'value="31"' in tag_with(html, "id_born_0")


def test_a_date_is_a_group_of_three_labelled_number_boxes():
    fieldset = re.search(r'<fieldset class="govuk-fieldset" role="group"[^>]*>.{0,400}Date of birth', FRESH)
    assert fieldset and 'aria-describedby="id_born_hint"' in fieldset[0]
    for number, label in enumerate(("Day", "Month", "Year")):
        assert f'for="id_born_{number}">{label}</label>' in FRESH
        assert 'inputmode="numeric"' in tag_with(FRESH, f"id_born_{number}")


def test_radios_reveal_a_question_and_the_others_have_hints_and_a_divider():
    assert 'data-aria-controls="conditional_id_how_0"' in tag_with(FRESH, "id_how")
    assert "aria-controls" not in tag_with(FRESH, "id_how_1")
    assert "govuk-radios__conditional--hidden" in tag_with(FRESH, "conditional_id_how_0")
    chosen = page(posted(how="email"))
    assert " checked" in tag_with(chosen, "id_how")
    assert "govuk-radios__conditional--hidden" not in tag_with(chosen, "conditional_id_how_0")
    assert 'aria-describedby="id_how_1_hint"' in tag_with(FRESH, "id_how_1")
    assert '<div class="govuk-radios__divider">or</div>' in FRESH
    assert '<div class="govuk-radios" data-module="govuk-radios">' in FRESH


def test_checkboxes_have_their_module_and_an_answer_that_excludes_the_others():
    assert '<div class="govuk-checkboxes" data-module="govuk-checkboxes">' in FRESH
    assert 'data-behaviour="exclusive"' in tag_with(FRESH, "id_needs_3")
    assert " checked" in tag_with(page(posted(needs=["d"])), "id_needs_2")
    assert " checked" not in tag_with(page(posted(needs=["d"])), "id_needs")


def test_long_text_counts_down_and_is_never_cut_by_the_browser():
    group = tag_with(FRESH, "div_id_notes")
    assert 'data-module="govuk-character-count"' in group and 'data-maxlength="100"' in group
    box = tag_with(FRESH, "id_notes")
    assert "govuk-js-character-count" in box and 'aria-describedby="id_notes-info"' in box
    assert " maxlength=" not in FRESH
    assert "You can enter up to 100 characters" in FRESH


def test_numbers_have_no_spinner_and_passwords_can_be_shown():
    assert 'type="text"' in tag_with(FRESH, "id_people") and 'inputmode="numeric"' in tag_with(FRESH, "id_people")
    assert 'data-module="govuk-password-input"' in tag_with(FRESH, "div_id_secret")
    assert "govuk-js-password-input-toggle" in FRESH
    assert 'autocomplete="current-password"' in tag_with(FRESH, "id_secret")


def test_a_form_is_not_checked_by_the_browser_and_its_button_is_pressed_once():
    assert re.search(r'<form method="post" action="" novalidate enctype="multipart/form-data"', FRESH)
    assert " required" not in FRESH
    assert re.search(
        r'<button type="submit" class="govuk-button" data-module="govuk-button" data-prevent-double-click="true">Save',
        FRESH,
    )
    assert 'name="save_draft" value="1"' in FRESH


def test_a_form_carries_its_token_its_key_and_its_version():
    assert re.search(r'name="csrfmiddlewaretoken" value="\w{64}"', FRESH)
    assert re.search(r'name="once" value="[0-9a-f-]{36}"', FRESH)
    assert 'name="version" value="3"' in FRESH
    keys = {re.search(r'name="once" value="([^"]+)"', page(EveryField()))[1] for _ in range(2)}
    assert len(keys) == 2


def test_a_form_that_comes_back_keeps_its_key_and_everything_that_was_typed():
    key = "0b0f2f4f-1111-4222-8333-444455556666"
    request = RequestFactory().post("/", {"once": key})
    html = page(posted(name="Zoë 🌻 محمد", notes="x" * 110), request=request)
    assert f'name="once" value="{key}"' in html
    assert "Zoë 🌻 محمد" in html
    assert "x" * 110 in html
    assert "Notes must be 100 characters or fewer" in html


def test_what_people_type_and_choose_is_escaped():
    class Nasty(forms.Form):
        one = forms.CharField(label="<b>Label</b>", help_text="<i>hint</i>")
        two = forms.ChoiceField(
            label="x", widget=forms.RadioSelect, choices=[('"><script>', "<script>alert(1)</script>")]
        )

    html = page(Nasty({"one": "", "two": '"><script>'}))
    assert "<script>alert" not in html and "<b>Label" not in html and "<i>hint" not in html and '"><script>' not in html


def test_djangos_stock_sentences_are_said_plainly():
    class Stock(forms.Form):
        full_name = forms.CharField()
        ward = forms.ChoiceField(label="A ward", choices=[("a", "Abbey")])
        children = forms.IntegerField(label="Number of children")
        why = forms.CharField(label="Why do you ask?")
        own = forms.CharField(error_messages={"required": "Say who told you"})

    html = page(Stock({"ward": "z", "children": "many"}))
    for sentence in (
        "Enter full name",
        "Enter an answer",
        "Select an answer from the list",
        "Number of children must be a whole number",
        "Say who told you",
    ):
        assert html.count(sentence) == 2, sentence  # in the summary and beside the field
    assert "This field is required" not in html


def test_an_error_about_the_whole_form_is_a_link_to_its_first_question():
    form = posted()
    form.add_error(None, "This contact has been claimed by Finn")
    assert '<li><a href="#id_name">This contact has been claimed by Finn</a></li>' in page(form)


def test_an_error_of_a_hidden_field_is_said_in_the_summary():
    form = posted()
    form.add_error("version", "Someone changed this since you opened it")
    assert "<li>Someone changed this since you opened it</li>" in page(form)


def test_components_by_their_documented_parameters():
    source = '{% load govuk %}{% govuk "tag" text=words classes="govuk-tag--blue" %}'
    html = engines["django"].from_string(source).render({"words": "<Open>"})
    assert '<strong class="govuk-tag govuk-tag--blue">' in html and "&lt;Open&gt;" in html
