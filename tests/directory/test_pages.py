"""Finding a service, and what an administrator says of it."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from directory import actions
from directory.models import FeedRun, Service, ServiceTerm, ServiceTime
from tests import make


def offer(name="Hot meals", **fields) -> Service:
    organisation = fields.pop("organisation", None) or make.organisation()
    return Service.objects.create(organisation=organisation, name=name, **fields)


def test_words_need_age_and_hours_narrow_the_list(sign_in, finn):
    meals = offer(minimum_age=18, description="A lunch club")
    ServiceTerm.objects.create(service=meals, code="esdNeed:12", name="Food")
    offer("Youth boxing", minimum_age=8, maximum_age=17)
    offer("Closed shop", status="inactive")
    browser = sign_in(finn)

    def names(query):
        return [one.name for one in browser.get(f"/services?{query}").context["services"]]

    assert names("") == ["Hot meals", "Youth boxing"]
    assert names("words=lunch+hot") == names("term=esdNeed:12") == names("age=40") == ["Hot meals"]
    assert names("words=food") == ["Hot meals"]
    assert names("referable=on") == []


@pytest.mark.parametrize("query", ["age=x", "age=-1", "age=999999999999", "term=none", "words=" + "w" * 500, "after=x"])
def test_nonsense_in_the_address_is_told_not_feared(sign_in, finn, query):
    offer()
    assert sign_in(finn).get(f"/services?{query}").status_code == 200


def test_open_now_reads_the_weekly_hours(system):
    meals = offer()
    ServiceTime.objects.create(service=meals, days="MO,WE", opens_at="10:00", closes_at="14:00")
    assert Service.objects.open_at(make.NOON).get() == meals  # a Wednesday
    assert not Service.objects.open_at(make.NOON.replace(hour=15)).exists()
    assert not Service.objects.open_at(make.NOON.replace(day=5)).exists()
    ServiceTime.objects.update(until="2025-12-31")
    assert not Service.objects.open_at(make.NOON).exists()


def test_pages_of_25_each_service_once_and_the_same_cost(sign_in, finn):
    organisation = make.organisation()
    offer("Service 00", organisation=organisation)
    browser = sign_in(finn)
    browser.get("/services")
    with CaptureQueriesContext(connection) as one:
        browser.get("/services")
    for number in range(1, 30):
        offer(f"Service {number:02}", organisation=organisation)
    with CaptureQueriesContext(connection) as many:
        first = browser.get("/services")
    assert len(many) == len(one)
    second = browser.get("/services" + first.context["older"])
    names = [one.name for page in (first, second) for one in page.context["services"]]
    assert names == [f"Service {number:02}" for number in range(30)]
    assert second.context["older"] == ""


def test_what_a_feed_says_is_shown_as_text(sign_in, finn):
    found = offer(name="<svg onload=alert(1)>", description="<script>x</script>", alert="<b>")
    page = sign_in(finn).get(f"/services/{found.reference}").content.decode()
    assert "<svg onload" not in page and "<script>x" not in page


def test_an_administrator_says_who_takes_referrals(sign_in, ada):
    found = offer(organisation=make.organisation(active=False))
    browser = sign_in(ada)
    page = browser.post(f"/services/{found.reference}/referrals", {"accepts": "yes", "email": ""})
    assert "Enter an email address" in page.content.decode()
    assert not Service.objects.referable().exists()
    browser.post(f"/services/{found.reference}/referrals", {"accepts": "yes", "email": "in@partner.example"})
    found = Service.objects.referable().get()
    assert found.organisation.email == "in@partner.example"
    browser.post(f"/services/{found.reference}/referrals", {"accepts": "no", "email": "in@partner.example"})
    assert not Service.objects.referable().exists()


def test_nobody_else_may(sign_in, finn):
    found = offer()
    assert sign_in(finn).post(f"/services/{found.reference}/referrals", {"accepts": "yes"}).status_code == 403


def test_a_service_without_anyone_to_tell_is_refused(ada):
    with pytest.raises(ValidationError, match="email"):
        actions.set_referable(offer(), accepts=True, by=ada)


def test_runs_and_reasons_are_on_screen(sign_in, ada):
    why = [{"file": "a.json", "place": 3, "id": "7", "name": "Meals", "why": ["id: is not a valid uuid"]}]
    run = FeedRun.objects.create(feed="borough", source="feed", started_at=make.NOON, refused=1, reasons=why)
    assert "borough" in sign_in(ada).get("/services/feeds").content.decode()
    assert "is not a valid uuid" in sign_in(ada).get(f"/services/feeds/{run.reference}").content.decode()
