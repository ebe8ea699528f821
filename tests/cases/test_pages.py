"""The pages: who sees which case, what is refused in words and keeps what was typed, and that lists cost the same at any length."""

import re
import uuid
from datetime import timedelta

import pytest
from django.template import Context, Template
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from cases import actions
from cases.models import Case, CasePerson, IncomeGain, Note, Placement, PlanAction, PlanNeed, Review
from ledger.models import AuditEvent
from tests import make
from tests.make import NOON
from triage.models import Decision
from triage.tiers import Tier

OF_CASE = [
    "case", "plan", "add_need", "notes", "reviews", "people", "add_member", "add_agency", "name_person",
    "housing", "money", "step_up", "close", "check",
]  # fmt: skip
OF_MANAGER = ["reallocate", "step_down"]


def now():
    return timezone.now()


@pytest.fixture
def case(ben):
    return make.case(lead=ben, opened_at=now() - timedelta(days=10))


@pytest.fixture
def full(case, ben):
    """A case on which everything has happened once."""
    at = now()
    need = actions.add_need(case, need=make.need(), goal="Rent paid", baseline=2, by=ben, at=at)
    action = actions.add_action(need, what="Ring the landlord", due_on=at.date(), owner=ben, by=ben, at=at)
    note = actions.write_note(case, kind="visit", text="All at home", happened_at=at, child_seen=True, by=ben, at=at)
    actions.add_addendum(note, text="Not the uncle", by=ben, at=at)
    stay = actions.start_placement(case, kind="bed_and_breakfast", starts_on=at.date(), by=ben, at=at)
    person = case.members.first().resident
    gain = actions.claim_gain(
        person, case=case, kind="pip", weekly_after_pence=7265, claimed_on=at.date(), by=ben, at=at
    )
    agency = actions.add_agency(case, organisation=make.organisation("A School"), part="Attendance", by=ben, at=at)
    actions.hold_review(case, outcome="continue", progress=True, summary="Moving", by=ben, at=at)
    return {"case": case, "need": need, "action": action, "note": note, "stay": stay, "gain": gain, "agency": agency}


def url(name, *args):
    return reverse(f"cases:{name}", args=args)


def post(client, where, **data):
    return client.post(where, {"once": str(uuid.uuid4()), **data})


def parts(full):
    """The pages of single rows, with their references."""
    found = [(name, full["need"].reference) for name in ("need", "progress", "close_need", "add_action")]
    found += [(name, full["action"].reference) for name in ("action", "finish_action", "drop_action")]
    found += [("addendum", full["note"].reference), ("gain", full["gain"].reference)]
    found += [(name, full["stay"].reference) for name in ("move_placement", "end_placement")]
    return [*found, ("refuse_gain", full["gain"].reference), ("end_member", full["case"].members.first().pk)]


def test_the_lead_opens_every_page_of_a_case(sign_in, ben, full):
    client = sign_in(ben)
    pages = [(name, full["case"].reference) for name in OF_CASE] + parts(full)
    for name, reference in pages:
        answer = client.get(url(name, reference))
        assert answer.status_code == 200, name
        assert len(re.findall("<h1", answer.content.decode())) == 1, name
        assert "style=" not in answer.content.decode().split("<main")[1], name


def test_the_manager_opens_theirs_too(sign_in, dev, full):
    client = sign_in(dev)
    for name in OF_CASE + OF_MANAGER:
        assert client.get(url(name, full["case"].reference)).status_code == 200, name


def test_a_caseworker_of_another_team_finds_nothing(sign_in, cath, full):
    client = sign_in(cath)
    for name, reference in [(name, full["case"].reference) for name in OF_CASE] + parts(full):
        if name in ("gain", "refuse_gain"):
            assert client.get(url(name, reference)).status_code == 404, name
        assert client.get(url(name, reference)).status_code == 404, name
        assert client.post(url(name, reference), {}).status_code in (404, 405), name
    for name in ("reopen_need", "reopen_action", "end_agency"):
        key = {"reopen_need": "need", "reopen_action": "action", "end_agency": "agency"}[name]
        row = full[key]
        assert client.post(url(name, getattr(row, "reference", row.pk)), {}).status_code == 404, name
    assert full["case"].reference not in client.get(url("cases") + "?whose=all").content.decode()


@pytest.mark.parametrize("who", ["finn", "ela", "gus", "ada"])
def test_others_may_not_ask(sign_in, request, who, full):
    client = sign_in(request.getfixturevalue(who))
    for name in ("case", "notes", "close"):
        assert client.get(url(name, full["case"].reference)).status_code == 403
    assert client.get(url("cases")).status_code == 403
    assert client.get(url("awaiting")).status_code == 403


def test_a_caseworker_does_not_allocate_or_step_down(sign_in, ben, case):
    client = sign_in(ben)
    for where in (url("awaiting"), url("step_down", case.reference), url("reallocate", case.reference)):
        assert client.get(where).status_code == 403


def test_a_restricted_case_shows_to_lead_manager_and_named_only(sign_in, ben, dev, cath):
    rosa = make.restricted_resident(named=[ben, dev])
    case = make.case(lead=ben, household=make.household(rosa), restricted=True)
    mate = make.user("Lin Chow", Role.CASEWORKER, teams=[make.team()])
    where = url("case", case.reference)
    assert sign_in(ben).get(where).status_code == 200
    assert sign_in(dev).get(where).status_code == 200
    missing = sign_in(mate).get(url("case", "CS-0000-000"))
    hidden = sign_in(mate).get(where)
    assert hidden.status_code == missing.status_code == 404
    assert sign_in(cath).get(where).status_code == 404
    actions.name_person(case, user=cath, reason="Money advice", by=dev, at=now())
    assert sign_in(cath).get(where).status_code == 200
    assert "Rosa Hidden" in sign_in(cath).get(where).content.decode()


def test_a_manager_without_a_grant_still_opens_a_restricted_case_of_the_team(sign_in, ben, dev):
    rosa = make.restricted_resident(named=[ben])
    case = make.case(lead=ben, household=make.household(rosa), restricted=True)
    for name in OF_CASE + OF_MANAGER:
        answer = sign_in(dev).get(url(name, case.reference))
        assert answer.status_code == 200 and "Rosa" not in answer.content.decode(), name
    kept = post(sign_in(dev), url("step_up", case.reference), tier="5", reason="He came back")
    assert kept.status_code == 302


def test_a_note_is_written_once_however_often_the_form_is_sent(sign_in, ben, case):
    client, key = sign_in(ben), str(uuid.uuid4())
    sent = {"kind": "call", "text": "Rang, no answer", "once": key}
    for _ in range(5):
        assert client.post(url("notes", case.reference), sent).status_code == 302
    assert Note.objects.count() == 1


def test_a_note_with_a_day_and_a_time(sign_in, ben, case):
    day = timezone.localtime() - timedelta(days=2)
    sent = {"kind": "visit", "text": "Seen", "day_0": day.day, "day_1": day.month, "day_2": day.year, "clock": "9:15am"}
    assert post(sign_in(ben), url("notes", case.reference), **sent).status_code == 302
    happened = timezone.localtime(Note.objects.get().happened_at)
    assert (happened.date(), happened.hour, happened.minute) == (day.date(), 9, 15)


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"kind": "call", "text": ""}, "Enter what happened"),
        ({"text": "x"}, "Select the kind of note"),
        ({"kind": "supervision", "text": "x"}, "Select an answer from the list"),
        ({"kind": "call", "text": "a\x00b"}, "hidden control characters"),
        ({"kind": "call", "text": "x" * 20_001}, "20,000 characters or fewer"),
        ({"kind": "call", "text": "x", "day_0": "31", "day_1": "2", "day_2": "2026"}, "must be a real date"),
        ({"kind": "call", "text": "x", "day_0": "1", "day_1": "1", "day_2": "2999"}, "must be a real date"),
        ({"kind": "call", "text": "x", "clock": "half past"}, "Enter a time"),
    ],
)
def test_a_bad_note_is_refused_in_words_and_kept(sign_in, ben, case, sent, words):
    answer = post(sign_in(ben), url("notes", case.reference), **sent)
    page = answer.content.decode()
    assert answer.status_code == 200 and words in page and "There is a problem" in page
    assert not Note.objects.exists()
    if len(sent.get("text", "")) in (1, 20_001):
        assert sent["text"] in page


@pytest.mark.parametrize("text", ["Ω 👨‍👩‍👧 emoji", "مرحبا بالعالم", "<script>alert(1)</script>", "' OR 1=1 --"])
def test_a_note_takes_every_script_and_shows_it_as_typed(sign_in, ben, case, text):
    client = sign_in(ben)
    assert post(client, url("notes", case.reference), kind="call", text=text).status_code == 302
    assert Note.objects.get().text == text
    page = client.get(url("notes", case.reference)).content.decode()
    assert "<script>alert" not in page


def test_a_draft_comes_back_and_goes_with_the_note(sign_in, ben, case):
    client, where, key = sign_in(ben), url("notes", case.reference), f"note/{case.reference}"
    assert post(client, where, kind="call", text="Half a sentence", save_draft="1", draft=key).status_code == 302
    page = client.get(where).content.decode()
    assert "Half a sentence" in page and "There is a problem" not in page
    assert not Note.objects.exists()
    assert post(client, where, kind="call", text="Half a sentence, done", draft=key).status_code == 302
    assert "Half a sentence</textarea>" not in client.get(where).content.decode()


def test_two_people_revise_a_goal_and_see_both_texts(sign_in, ben, dev, full):
    need, where = full["need"], url("need", full["need"].reference)
    assert post(sign_in(dev), where, version=need.version, goal="Rent paid by June").status_code == 302
    answer = post(sign_in(ben), where, version=need.version, goal="Rent paid by July")
    page = answer.content.decode()
    assert "Someone else changed this" in page and "Rent paid by June" in page and "Rent paid by July" in page
    version = re.search(r'name="version" value="(\d+)"', page)[1]
    assert post(sign_in(ben), where, version=version, goal="Rent paid by July").status_code == 302
    assert PlanNeed.objects.get(pk=need.pk).goal == "Rent paid by July"


def test_two_people_change_an_action_and_see_both(sign_in, ben, full):
    action, client = full["action"], sign_in(ben)
    soon = timezone.localdate() + timedelta(days=3)
    day = {"due_on_0": soon.day, "due_on_1": soon.month, "due_on_2": soon.year}
    where = url("action", action.reference)
    assert post(client, where, version=1, what="Write to the landlord", **day).status_code == 302
    page = post(client, where, version=1, what="Visit the landlord", **day).content.decode()
    assert "Write to the landlord" in page and "Visit the landlord" in page


def test_finishing_from_the_plan_takes_one_press(sign_in, ben, full):
    client = sign_in(ben)
    assert post(client, url("finish_action", full["action"].reference)).status_code == 302
    assert PlanAction.objects.get(pk=full["action"].pk).status == "done"
    again = post(client, url("finish_action", full["action"].reference))
    assert "is now done" in again.content.decode()
    assert post(client, url("reopen_action", full["action"].reference)).status_code == 302
    assert PlanAction.objects.get(pk=full["action"].pk).status == "open"


def test_a_manager_allocates_from_the_page(sign_in, ben, dev):
    home = make.household()
    person = home.memberships.first().resident
    decision = make.decision(make.contact(person), household=home)
    client = sign_in(dev)
    assert decision.reference in client.get(url("awaiting")).content.decode()
    where = url("allocate_one", decision.reference)
    assert client.get(where).status_code == 200
    answer = post(client, where, lead=ben.pk, team=make.team().pk)
    assert (
        answer.status_code == 302 and answer["Location"] == url("case", Case.objects.get().reference) + "?list=allocate"
    )
    assert client.get(where).status_code == 404
    second = make.decision(make.contact(person), household=home, tier=Tier.INTERVENTION)
    assert "open case already" in client.get(url("allocate_one", second.reference)).content.decode()
    opened = post(client, url("allocate_one", second.reference))
    assert opened["Location"].endswith("?list=allocate")
    assert (
        '<a class="govuk-back-link govuk-!-margin-top-0" href="/allocate">'
        in client.get(opened["Location"]).content.decode()
    )
    assert Case.objects.get().tier == Tier.INTERVENTION
    assert not Decision.objects.awaiting_allocation().exists()


def test_a_case_is_closed_from_its_page_once_nothing_remains(sign_in, ben, full):
    client, where = sign_in(ben), url("close", full["case"].reference)
    assert "1 need is still being worked on" in client.get(where).content.decode()
    met = make.outcomes_met()
    sent = {"reason": met.pk, "summary": "Done", "resident_view": "Good"}
    assert "1 action is still to do" in post(client, where, **sent).content.decode()
    post(client, url("finish_action", full["action"].reference))
    post(client, url("close_need", full["need"].reference), result="met", latest="5", outcome="Paid")
    PlacementDays = {"on_0": "1", "on_1": "1", "on_2": "2020", "because": "settled"}
    assert (
        "after the first night"
        in post(client, url("end_placement", full["stay"].reference), **PlacementDays).content.decode()
    )
    Placement.objects.filter(pk=full["stay"].pk).update(starts_on=timezone.localdate() - timedelta(days=3))
    today = timezone.localdate()
    leave = {"on_0": today.day, "on_1": today.month, "on_2": today.year, "because": "settled"}
    assert post(client, url("end_placement", full["stay"].reference), **leave).status_code == 302
    assert post(client, url("refuse_gain", full["gain"].reference), evidence="Letter").status_code == 302
    assert post(client, where, **sent).status_code == 302
    page = client.get(url("case", full["case"].reference)).content.decode()
    assert "This case is closed" in page and "To be checked on" in page


def test_a_claim_is_confirmed_with_the_amounts_awarded(sign_in, ben, case):
    client, today = sign_in(ben), timezone.localdate()
    day = {"claimed_on_0": today.day, "claimed_on_1": today.month, "claimed_on_2": today.year}
    person = case.members.first().resident
    sent = {"resident": person.pk, "kind": "universal_credit", "before": "£1,000", "after": "1,200.50", "per": "month"}
    assert post(client, url("money", case.reference), **sent, **day).status_code == 302
    gain = IncomeGain.objects.get()
    assert (gain.weekly_before_pence, gain.weekly_after_pence, gain.value_pence) == (23077, 27704, 4627 * 52)
    page = client.get(url("gain", gain.reference)).content.decode()
    assert 'value="277.04"' in page
    day = {"confirmed_on_0": today.day, "confirmed_on_1": today.month, "confirmed_on_2": today.year}
    sent = {"evidence": "Award letter", "before": "230.77", "after": "260.77", "per": "week", "weeks": "26"}
    assert post(client, url("gain", gain.reference), **sent, **day).status_code == 302
    gain.refresh_from_db()
    assert (gain.status, gain.value_pence) == ("confirmed", 3000 * 26)


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"before": "10", "after": "5"}, "must not be less than the amount before"),
        ({"after": "ten"}, "must be an amount in pounds"),
        ({"after": "12.345"}, "must be an amount in pounds"),
        ({"after": "9" * 30}, "£1,000,000 or less"),
        ({}, "Nothing is added"),
        ({"after": "10", "weeks": "53"}, "from 1 to 52"),
        ({"after": "10", "per": "fortnight"}, "Select an answer from the list"),
    ],
)
def test_bad_amounts_are_refused_in_words(sign_in, ben, case, sent, words):
    today = timezone.localdate()
    day = {"claimed_on_0": today.day, "claimed_on_1": today.month, "claimed_on_2": today.year}
    person = case.members.first().resident
    answer = post(sign_in(ben), url("money", case.reference), resident=person.pk, kind="pip", **sent, **day)
    assert answer.status_code == 200 and words in answer.content.decode()
    assert not IncomeGain.objects.exists()


def test_the_second_review_without_progress_asks_for_the_manager(sign_in, ben, dev, case):
    client, where = sign_in(ben), url("reviews", case.reference)
    sent = {"progress": "no", "summary": "Stuck", "outcome": "continue"}
    assert post(client, where, **sent).status_code == 302
    assert "second review in a row" in post(client, where, **sent).content.decode()
    assert post(client, where, **sent, discussed_with=dev.pk, manager_words="Bring in housing").status_code == 302
    assert Review.objects.count() == 2


def test_people_come_and_go(sign_in, ben, cath, case):
    client = sign_in(ben)
    assert post(client, url("name_person", case.reference), user=cath.pk, reason="Money").status_code == 302
    named = CasePerson.objects.get()
    assert post(client, url("end_person", named.pk)).status_code == 302
    harbour = make.organisation("Harbour")
    assert post(client, url("add_agency", case.reference), organisation=harbour.pk, part="Food").status_code == 302
    assert post(client, url("end_agency", case.agencies.get().pk)).status_code == 302
    only = case.members.get()
    assert "only person on the case" in post(client, url("end_member", only.pk), reason="x").content.decode()


@pytest.mark.parametrize(
    "query", ["after=nonsense", "after=2026-01-01_" + "9" * 40, "tier=99", "whose=me&status=x", "late=on", "after=%00"]
)
def test_odd_filters_do_no_harm(sign_in, ben, case, query):
    assert sign_in(ben).get(url("cases") + "?" + query).status_code == 200


@pytest.mark.parametrize(
    "query", ["before=nan", "before=1e400", "before=-1", "before=99999999999999999999", "before=é"]
)
def test_odd_pages_of_the_story_do_no_harm(sign_in, ben, case, query):
    assert sign_in(ben).get(url("case", case.reference) + "?" + query).status_code == 200
    assert sign_in(ben).get(url("notes", case.reference) + "?" + query).status_code == 200


def test_lists_go_on_where_the_page_ends(sign_in, ben):
    for number in range(30):
        make.case(lead=ben, review_due_on=NOON.date() + timedelta(days=number % 3))
    client = sign_in(ben)
    seen, where = [], url("cases")
    while where:
        page = client.get(where).content.decode()
        seen += re.findall(r'<td[^>]*data-label="Household"><a[^>]*href="/cases/(CS-[^"]+)"', page)
        following = re.search(r'href="([^"]+)" rel="next"', page)
        where = following[1].replace("&amp;", "&") if following else ""
    assert len(seen) == len(set(seen)) == 30


def count(client, where):
    from django.db import connection

    client.get(where)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(where).status_code == 200
    return len(captured)


def test_lists_cost_the_same_with_1_and_with_30(sign_in, ben, dev, case):
    def grow(number):
        for _ in range(number):
            one = make.case(lead=ben)
            make.decision(make.contact(make.resident()), household=make.household())
            actions.write_note(case, kind="call", text="x", happened_at=NOON, by=ben, at=now())
            need = actions.add_need(case, need=make.need(), goal="x", baseline=1, by=ben, at=now())
            actions.add_action(need, what="x", due_on=now().date(), owner=ben, by=ben, at=now())
            actions.write_note(one, kind="call", text="x", happened_at=NOON, by=ben, at=now())
            person = case.members.first().resident
            actions.claim_gain(
                person, case=case, kind="pip", weekly_after_pence=1, claimed_on=NOON.date(), by=ben, at=now()
            )

    pages = [
        url("cases"),
        *[url(name, case.reference) for name in ("case", "notes", "plan", "reviews", "people", "housing", "money")],
    ]
    grow(1)
    client = sign_in(ben)
    before = {where: count(client, where) for where in pages}
    few = count(sign_in(dev), url("awaiting"))
    grow(30)
    client = sign_in(ben)
    after = {where: count(client, where) for where in pages}
    assert after == before
    assert count(sign_in(dev), url("awaiting")) == few
    print(sorted(after.values()), few)
    assert max(after.values()) <= 24


def test_a_gain_without_a_case_is_answered_on_its_own_page(sign_in, ben):
    person, client = make.resident(), sign_in(ben)
    gain = actions.claim_gain(person, kind="warm_home", one_off_pence=15000, claimed_on=NOON.date(), by=ben, at=now())
    assert "Warm Home Discount" in client.get(url("gain", gain.reference)).content.decode()
    answer = post(client, url("refuse_gain", gain.reference), evidence="Letter")
    assert answer.status_code == 302 and answer["Location"] == f"/residents/{person.reference}"


def test_reading_a_note_page_is_trailed_with_whom_it_is_about(sign_in, ben, full, as_owner):
    sign_in(ben).get(url("addendum", full["note"].reference))
    with as_owner():
        entry = AuditEvent.objects.filter(verb="open", reference=full["note"].reference).get()
    assert entry.about == full["case"].about() and entry.person_id == ben.pk


def test_the_tag_shows_only_cases_that_the_reader_may_open(rf, case, ben, cath, finn, django_assert_num_queries):
    person = case.members.get().resident
    page = Template("{% load cases %}{% cases_for_resident person %}")
    for user, shown in ((ben, True), (cath, False), (finn, False)):
        request = rf.get("/")
        request.user = user
        with django_assert_num_queries(0 if user == finn else 1):
            html = page.render(Context({"request": request, "person": person}))
        assert (case.reference in html) is shown
