"""The front page of each role, and my work."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Role
from cases.work_due import WorkItem
from desk import work
from ledger import acting, drafts
from tests import make

CAST = ["finn", "ben", "dev", "ela", "gus", "ada"]


@pytest.mark.parametrize("name", CAST)
def test_each_role_begins_its_day_on_a_page_whose_doors_open(name, request, sign_in):
    person = request.getfixturevalue(name)
    client = sign_in(person)
    page = client.get("/")
    assert page.status_code == 200
    for tile in page.context["tiles"]:
        assert client.get(tile.href).status_code == 200, tile
    for item in page.context["navigation"]:
        assert client.get(item["href"]).status_code == 200, item


def test_what_was_begun_is_offered_again_on_another_desk(finn, sign_in):
    with acting.acting_as(finn):
        drafts.save_draft("contact", by=finn, path="/contacts/new", data={"words": ["Behind with the rent"]})
    page = sign_in(finn).get("/").content.decode()
    assert "Begun and not sent" in page and 'href="/contacts/new"' in page and "Behind with the rent" not in page


def test_my_work_puts_what_is_late_first(ben, sign_in):
    case = make.case(lead=ben, review_due_on=timezone.localdate() - timedelta(days=3))
    page = sign_in(ben).get("/work").content.decode()
    assert f"/cases/{case.reference}" in page and "late" in page
    assert page.index("Late") < page.index(case.reference)


def test_nothing_to_do_is_said(ben, sign_in):
    assert "Nothing waits for you" in sign_in(ben).get("/work").content.decode()


def test_the_front_page_costs_the_same_with_one_thing_to_do_and_with_thirty(
    dev, ben, sign_in, django_assert_max_num_queries
):
    client = sign_in(dev)
    for number in range(30):
        make.case(
            lead=ben, household=make.household(make.resident(f"Person {number}")), review_due_on=timezone.localdate()
        )
    with django_assert_max_num_queries(30):
        client.get("/")


@pytest.mark.parametrize(
    ("gap", "said"),
    [
        (timedelta(minutes=30), "in 30 minutes"),
        (timedelta(minutes=1), "in 1 minute"),
        (timedelta(hours=5), "in 5 hours"),
        (timedelta(days=2, hours=3), "in 2 days"),
        (-timedelta(hours=1), "1 hour late"),
        (-timedelta(days=3), "3 days late"),
    ],
)
def test_time_left_is_said_in_words(gap, said):
    assert work.when(make.NOON + gap, make.NOON) == said


def test_days_are_named_as_people_name_them():
    at = make.NOON

    def item(due):
        return WorkItem(due, "Review", "", "desk:work", "", due < at, "x")

    found = work.by_day(
        [item(at - timedelta(days=1)), item(at), item(at + timedelta(days=1)), item(at + timedelta(days=2))], at
    )
    assert [group["heading"] for group in found] == ["Late", "Today", "Tomorrow", "Friday 6 March"]


def test_a_partner_has_no_work_list(ela, sign_in):
    assert ela.role == Role.PARTNER and sign_in(ela).get("/work").status_code == 403
