"""Help that belongs to the page, and the first steps of each role."""

import pytest
from django.urls import resolve, reverse

from accounts.models import Role
from desk import guide, help_pages
from desk.navigation import ALSO, MENU
from tests import make
from tests.house.answers import our_pages

NO_HELP = {"desk"}  # the home page and help itself


def test_every_page_of_every_room_has_its_help():
    without = []
    for name in our_pages():
        found = help_pages.topic_for(type("Match", (), {"view_name": name, "namespace": name.partition(":")[0]}))
        if found is None and name.partition(":")[0] not in NO_HELP:
            without.append(name)
    assert not without


@pytest.mark.parametrize("topic", help_pages.TOPICS, ids=lambda topic: topic.key)
def test_every_page_of_help_is_there_for_everybody(client, db, topic):
    page = client.get(reverse("desk:help_topic", args=[topic.key])).content.decode()
    assert f'<h1 class="govuk-heading-l">{topic.title}</h1>' in page
    assert page.index("<main") and len(page) < 60_000


def test_the_footer_leads_to_the_help_of_the_page(sign_in, finn, ela):
    assert 'href="/help/triage">Help with this page' in sign_in(finn).get("/triage").content.decode()
    assert 'href="/help/partners">Help with this page' in sign_in(ela).get("/inbox").content.decode()
    page = sign_in(finn).get("/help").content.decode()
    assert page.index("/help/triage") < page.index("/help/administration")


def test_the_menu_marks_where_one_is(sign_in, ben, dev):
    page = sign_in(ben).get(f"/residents/{make.resident().reference}").content.decode()
    assert 'href="/find" aria-current="true"' in page
    page = sign_in(dev).get("/measures").content.decode()
    assert 'href="/dashboard" aria-current="true"' in page
    assert 'href="/work" aria-current="page"' in sign_in(ben).get("/work").content.decode()
    assert all(
        reverse(name) in {reverse(entry) for menu in MENU.values() for _, entry in menu} for name in ALSO.values()
    )


@pytest.mark.parametrize("role", Role.values)
def test_every_role_has_steps_that_lead_to_pages_of_its_own(role):
    steps = guide.STEPS[role]
    assert 3 <= len(steps) <= 4
    for step in steps:
        access = resolve(reverse(step.page, args=step.args)).func.access
        assert access["public"] or role in access["roles"], step.text


def test_steps_are_ticked_by_what_was_done_and_cost_one_query(finn, system, django_assert_num_queries):
    assert not any(step["done"] for step in guide.beginning(finn, make.NOON)["steps"])
    make.contact(logged_by=finn)
    with django_assert_num_queries(1):
        done = [step["text"] for step in guide.beginning(finn, make.NOON)["steps"] if step["done"]]
    assert done == ["Log a contact"]


def test_the_first_steps_go_when_asked_for_oneself_only_and_come_back_from_help(sign_in, finn, ben):
    desk = sign_in(finn)
    assert "First steps" in desk.get("/").content.decode()
    assert desk.post("/guide").headers["Location"] == "/"
    desk.post("/guide")  # twice changes nothing
    assert "First steps" not in desk.get("/").content.decode()
    assert "First steps" in sign_in(ben).get("/").content.decode()
    desk = sign_in(finn)
    assert "on my home page again" in desk.get("/help").content.decode()
    desk.post("/guide/back")
    assert "First steps" in desk.get("/").content.decode()
    assert "on my home page again" not in desk.get("/help").content.decode()
