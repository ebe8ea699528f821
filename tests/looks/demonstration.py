"""A form with every kind of field and the pages that show every pattern, for the tests of looks."""

from datetime import UTC, date, datetime

from crispy_forms_gds.choices import Choice
from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import ConditionalQuestion, ConditionalRadios, Field, Fixed, Fluid, Layout, Size
from django import forms
from django.template import Context, engines
from django.test import RequestFactory

from ledger.fields import GovDateField, PartialDateField, text_field
from reporting import charts


class EveryField(forms.Form):
    """One of each."""

    version = forms.CharField(widget=forms.HiddenInput, required=False)
    name = text_field("Full name", help_text="As they give it", error_messages={"required": "Enter their full name"})
    born = PartialDateField(label="Date of birth", name="Date of birth", past=True, help_text="For example, 31 3 1980")
    seen = GovDateField(label="When did you see them?", name="The day you saw them", past=True, required=False)
    how = forms.ChoiceField(
        label="How should we contact them?",
        widget=forms.RadioSelect,
        choices=[
            Choice("email", "Email"),
            Choice("phone", "Phone", hint="Mobile or landline", divider="or"),
            Choice("none", "Do not contact"),
        ],
        error_messages={"required": "Select how we should contact them"},
    )
    email = forms.EmailField(label="Email address", required=False)
    needs = forms.MultipleChoiceField(
        label="What do they need help with?",
        help_text="Select all that apply",
        widget=forms.CheckboxSelectMultiple,
        choices=[
            Choice("h", "Housing"),
            Choice("d", "Debt", divider="or"),
            Choice("n", "None of these", exclusive=True),
        ],
    )
    ward = forms.ChoiceField(label="Ward", choices=[("", "Choose a ward"), ("a", "Abbey"), ("b", "Becontree")])
    people = forms.IntegerField(label="Number of people", required=False)
    notes = text_field("Notes", rows=4, max_length=100, required=False)
    document = forms.FileField(label="Document", required=False)
    secret = forms.CharField(label="Password", widget=forms.PasswordInput, required=False)
    agree = forms.BooleanField(label="They agree", error_messages={"required": "Confirm that they agree"})

    helper = FormHelper()
    helper.layout = Layout(
        Field.text("name", field_width=Fluid.TWO_THIRDS, label_size=Size.SMALL),
        Field("born", context={"legend_size": Size.for_legend("m")}),
        "seen",
        ConditionalRadios("how", ConditionalQuestion("Email", Field.text("email")), "Phone", "Do not contact"),
        Field.checkboxes("needs", legend_size=Size.MEDIUM),
        "ward",
        Field.text("people", field_width=Fixed.TWO),
        "notes",
        "document",
        "secret",
        "agree",
    )


class Person:
    """Someone who is signed in, without a database."""

    is_authenticated = True

    def __str__(self) -> str:
        return "Ben Osei"


LABELS = ["Jan 2026", "Feb 2026", "Mar 2026", "Apr 2026"]
TIERS = ["Access", "Universal", "Triage", "Support", "Intervention"]
WORDS = {"title": "A picture", "desc": "What it shows"}
NAVIGATION = [
    {"text": "Today", "href": "/", "active": True},
    {"text": "Triage queue", "href": "/triage/", "active": False},
    {"text": "Cases", "href": "/cases/", "active": False},
]


def a_chart(uid: str, svg: str) -> charts.Chart:
    return charts.Chart(
        uid, f"Chart {uid}", "It falls.", svg, ["Month", "People"], [["Jan 2026", "12"]], note="Gaps are under 5."
    )


def context() -> dict[str, object]:
    """What the pages below show."""
    return {
        "facts": [{"label": "Lead", "value": "Ben Osei"}],
        "warnings": [{"text": "Do not call: not safe"}, {"text": "Interpreter: Somali", "colour": "blue"}],
        "actions": [{"text": "Add a note", "href": "#"}, {"text": "More", "href": "#", "secondary": True}],
        "tabs": [{"text": "Plan", "href": "#", "count": 3}, {"text": "Chronology", "href": "#", "active": True}],
        "entries": [
            {
                "heading": "Referral accepted",
                "by": "Ela Novak",
                "when": datetime(2026, 7, 2, 9, 5, tzinfo=UTC),
                "text": "First parcel on Thursday.",
                "link": {"href": "#", "text": "See the referral"},
                "tag": {"text": "Accepted", "colour": "green"},
            },
            {"heading": "Moved", "when": date(2026, 9, 1), "text": "Nightly paid"},
        ],
        "rows": [{"key": {"text": "Ward"}, "value": {"text": "<b>Abbey</b>"}}],
        "charts": [
            a_chart(
                "line",
                charts.line_chart(
                    LABELS,
                    [9, None, 7, 6],
                    uid="line",
                    target=6,
                    baseline=9,
                    notes=[charts.Note("Feb 2026", "Opened")],
                    **WORDS,
                ),
            ),
            a_chart("bars", charts.stacked_bars(LABELS, [[5, 4, 3, 2, 1]] * 4, TIERS, uid="bars", **WORDS)),
            a_chart("moves", charts.tier_movement(TIERS, [(0, 1, 9), (3, 2, 4), (4, 4, 7)], uid="moves", **WORDS)),
            a_chart(
                "wards",
                charts.small_multiples(
                    LABELS, {"Abbey": [1, 2, 3, 4], "Thames": [4, 3, None, 1]}, uid="wards", **WORDS
                ),
            ),
        ],
    }


PAGES = {
    "form": """{% block content %}<h1 class="govuk-heading-l">Make a referral</h1>
      {% include "_parts/form.html" with submit="Save and continue" later=True draft="demo" draft_url="/drafts/save" cancel="/" %}{% endblock %}""",
    "home": """{% block layout %}full{% endblock %}{% block content %}<div class="app-title"><h1 class="govuk-heading-l">Today</h1></div>
      {% include "_parts/notification.html" with text="Note saved" kind="success" only %}<h2 class="govuk-heading-m">What now?</h2>
      {% include "_parts/empty.html" with heading="No new cases" text="They appear here." href="/" action="See all" only %}{% endblock %}""",
    "case": """{% block before_main %}{% include "_parts/back_link.html" with href="/" only %}{% endblock %}
      {% block page_header %}{% include "_parts/identity_bar.html" with name="Amina Okafor" reference="CS-7F3K-92" born="31 March 1980" age=46 facts=facts warnings=warnings actions=actions only %}
      {% include "_parts/sub_navigation.html" with items=tabs label="Case" only %}{% endblock %}
      {% block content %}<h1 class="govuk-heading-l">Chronology</h1>{% include "_parts/timeline.html" with entries=entries only %}
      {% include "_parts/pagination.html" with newer="?a" older="?b" only %}{% govuk "summary-list" rows=rows %}{% endblock %}""",
    "list": """{% block layout %}full{% endblock %}{% block content %}<h1 class="govuk-heading-l">Queue</h1>
      {% include "_parts/tag.html" with text="Waiting" colour="yellow" only %}{% endblock %}""",
    "confirm": """{% block content %}{% include "_parts/confirm.html" with heading="Close this case?" warning_text="You cannot open it again." submit="Close" cancel="/" warning=True only %}{% endblock %}""",
    "figures": """{% block layout %}full{% endblock %}{% block content %}<h1 class="govuk-heading-l">What changed</h1>
      {% for chart in charts %}{% include "reporting/_chart.html" with chart=chart only %}{% endfor %}{% endblock %}""",
}


def render(page: str, **extra: object) -> str:
    """A page as HTML, signed in as Ben, without a database."""
    request = extra.pop("request", None) or RequestFactory().get("/")
    source = '{% extends "base.html" %}{% load govuk %}{% block title %}Page{% endblock %}' + PAGES[page]
    shared = {
        "council_name": "Anytown Council",
        "service_name": "Community Solutions",
        "demonstration": True,
        "navigation": NAVIGATION,
    }
    if page == "form":
        extra.setdefault("form", EveryField(initial={"version": 3}))
    template = engines["django"].from_string(source).template
    known = Context({**shared, "user": Person(), "request": request, **context(), **extra})
    known.request = request  # as on a real page, but without the context processors, which need a database
    return template.render(known)
