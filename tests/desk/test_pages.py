"""The front page of each role, and my work."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Role, User
from cases.work_due import MOST, READ, WorkItem
from desk import home, next_step, work
from ledger import acting, drafts
from ledger.said import said_day, said_due, said_span, said_time_left
from tests import make

CAST = ["finn", "ben", "dev", "ela", "gus", "ada"]


@pytest.mark.parametrize("name", CAST)
def test_each_role_begins_its_day_on_a_page_whose_doors_open(name, request, sign_in):
    person = request.getfixturevalue(name)
    client = sign_in(person)
    page = client.get("/")
    assert page.status_code == 200
    assert client.get(page.context["first"].href).status_code == 200
    for tile in page.context["tiles"]:
        assert client.get(tile.href).status_code == 200, tile
    for item in page.context["navigation"]:
        assert client.get(item["href"]).status_code == 200, item


def due(kind, hours, link="cases:reviews", who="Amina Okafor"):
    at = make.NOON + timedelta(hours=hours)
    return WorkItem(at, kind, "", link, "CS-2222-222", hours < 0, kind, who)


LATE, LATER, STOP = due("review", -80), due("action", 30), due("hard_stop", -1, "triage:item")
LEADS = [due("allocate", -30), due("allocate", 5)]
WAITING = WorkItem(make.NOON, "", "Why", "residents:pairs", "", False, "pair", many=12)
NOTHING = [home.Tile(0, "", "/")] * 3


@pytest.mark.parametrize(
    ("role", "items", "tiles", "text", "href", "why"),
    [
        ("caseworker", [LATER, LATE], [], "Hold the review", "/cases/CS-2222-222/reviews", "review, 3 days late"),
        ("caseworker", [WAITING], [], "Look at your cases", "/cases", "Nothing is due this week"),
        ("caseworker", [], [], "Look at your cases", "/cases", "Nothing is due this week"),
        ("front_door", [STOP, LATE], [], "Take the contact", "/triage/CS-2222-222", "1 hour late"),
        ("front_door", [LATE], [], "Log a contact", "/contacts/new", ""),
        ("manager", [STOP, *LEADS], [], "Take the contact", "/triage/CS-2222-222", "1 hour late"),
        ("manager", [LATE, *LEADS], [], "Choose a lead", "/allocate", "2 decisions wait for a lead, the first 1 day late"),
        ("manager", [LATER, LATE], [], "Hold the review", "/cases/CS-2222-222/reviews", "3 days late"),
        ("manager", [LATER, WAITING], [], "Open the plan", "/cases/CS-2222-222/reviews", "action"),
        ("manager", [WAITING], [], "Compare records", "/residents/pairs", "12 pairs of records to compare"),
        ("manager", [], [], "Open the dashboard", "/dashboard", "Nothing waits for you"),
        ("partner", [], [home.Tile(3, "", ""), home.Tile(1, "", ""), home.Tile(2, "", "")], "Answer the referrals",
         "/inbox", "3 referrals wait for your answer, 1 of them late."),
        ("partner", [], [*NOTHING[:2], home.Tile(2, "", "")], "See what is going on", "/inbox?show=going", "answered"),
        ("partner", [], NOTHING, "Open the inbox", "/inbox", "Nothing waits"),
        ("information_governance", [], [NOTHING[0], home.Tile(1, "", "/trail?what=refused")] * 2, "Look at what was refused",
         "/trail?what=refused", "1 request was refused in seven days."),
        ("administrator", [], [NOTHING[0], home.Tile(2, "", "/organisations"), NOTHING[0]], "Add the missing email addresses",
         "/organisations", "2 partners have none"),
        ("administrator", [], NOTHING, "Add a person", "/people/new", ""),
    ],
)  # fmt: skip
def test_the_next_step_follows_the_work_as_it_stands(role, items, tiles, text, href, why):
    step = next_step.next_step(User(role=role), items, tiles, make.NOON)
    assert (step.text, step.href) == (text, href) and why in step.why


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


def test_home_and_my_work_cost_at_most_twelve_queries_with_thirty_things_to_do(dev, ben, sign_in):
    client = sign_in(dev)
    for number in range(30):
        make.case(
            lead=ben, household=make.household(make.resident(f"Person {number}")), review_due_on=timezone.localdate()
        )
    client.get("/")  # the first visit notes the time in the session
    for where in ("/", "/work"):
        with CaptureQueriesContext(connection) as captured:
            client.get(where)
        asked = [q["sql"] for q in captured if not q["sql"].startswith(("SAVEPOINT", "RELEASE", "SELECT set_config"))]
        assert len(asked) <= 12, "\n".join(one[:100] for one in asked)


@pytest.mark.parametrize(
    ("gap", "said"),
    [
        (timedelta(minutes=30), "30 minutes left"),
        (timedelta(minutes=1), "1 minute left"),
        (timedelta(hours=5), "5 hours left"),
        (timedelta(days=2, hours=3), "2 days left"),
        (-timedelta(hours=1), "1 hour late"),
        (-timedelta(days=3), "3 days late"),
        (-timedelta(days=611), "20 months late"),
        (-timedelta(days=1500), "4 years late"),
    ],
)
def test_time_left_is_said_in_words(gap, said):
    assert said_time_left(make.NOON + gap, make.NOON) == said


def test_days_and_spans_are_said_as_people_say_them():
    today, day = make.TODAY, timedelta(days=1)
    said = [said_day(today + number * day, today) for number in (-1, 0, 1)]
    assert said == ["Yesterday", "Today", "Tomorrow"]
    assert said_day(today - 400 * day, today).endswith(str(today.year - 2 + (today.month > 2)))
    assert [said_span(days) for days in (1, 27, 28, 69, 70, 400, 1200)] == [
        "1 day", "27 days", "4 weeks", "9 weeks", "2 months", "13 months", "3 years",
    ]  # fmt: skip
    assert [said_due(today + number * day, today) for number in (-2, 0, 1, 5)] == [
        "2 days late", "Due today", "Due tomorrow", "5 days left",
    ]  # fmt: skip


def _item(due, kind="review", about="x"):
    return WorkItem(due, "Review", "", "desk:work", "", due < make.NOON, kind, about)


def heap(many, kind="pair"):
    return WorkItem(make.NOON + timedelta(days=7), "", "Why", "residents:pairs", "", False, kind, many=many)


def test_what_has_no_day_comes_last_in_one_line_and_is_never_crowded_out():
    at = make.NOON
    items = [heap(12), *(_item(at + timedelta(days=n), kind) for n, kind in enumerate(("review", "action", "gain")))]
    found = work.by_day(items, at)
    assert found[-1]["heading"] == "When there is time"
    assert [row["heap"] for row in found[-1]["rows"]] == ["12 pairs of records to compare"]
    rows, more = work.first_rows(items, at, 2)
    assert [row["heap"] for row in rows] == ["", "", "12 pairs of records to compare"] and more
    assert work.how_much(items).endswith("3 things are due this week.")
    assert work.how_much([heap(1)]) == "Nothing is due this week."
    assert work.said_many(heap(1)) == "1 pair of records to compare"
    assert work.said_many(heap(31, "file")) == "More than 30 files of people to look at"


def test_a_list_that_was_cut_short_says_so():
    at, day = make.NOON, timedelta(days=1)
    hard_stops = [_item(at - day, "hard_stop") for _ in range(READ)]
    assert work.number_of(hard_stops[:MOST]) == "50" and work.number_of(hard_stops) == "More than 50"
    assert work.how_much([*hard_stops, _item(at + day)]) == "At least 60 things are late."
    reviews = [_item(at - day) for _ in range(READ)]  # a person's own work is read whole
    assert work.how_much(reviews) == "60 things are late."


def test_work_stands_under_late_today_and_this_week():
    at, day = make.NOON, timedelta(days=1)
    found = work.by_day([_item(at + 2 * day), _item(at), _item(at - day)], at)
    assert [group["heading"] for group in found] == ["Late", "Today", "This week"]


def test_a_heap_of_one_kind_is_one_line_and_hides_nothing():
    at, day = make.NOON, timedelta(days=1)
    heap = [_item(at - number * day, "check") for number in range(600, 608)]
    late = work.by_day([*heap, _item(at - day, "hard_stop"), _item(at - day)], at)[0]["rows"]
    assert [row.get("heap") or row["what"] for row in late] == ["Review", "Review", "8 checks after closing"]
    assert late[2]["why"] == "The oldest is 19 months late" and late[2]["href"] == "/work?show=check"


def test_all_of_one_kind_are_listed(ben, sign_in):
    due = timezone.localdate() - timedelta(days=3)
    cases = [make.case(lead=ben, review_due_on=due, opened_at=timezone.now()) for _ in range(5)]
    client = sign_in(ben)
    assert "5 reviews to hold" in client.get("/work").content.decode()
    page = client.get("/work?show=review").content.decode()
    assert all(case.reference in page for case in cases)
    assert client.get("/work?show=nonsense").status_code == 200


def test_a_partner_has_no_work_list(ela, sign_in):
    assert ela.role == Role.PARTNER and sign_in(ela).get("/work").status_code == 403
