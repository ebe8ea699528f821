"""What each side sees of a referral, and what a page lets them do."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from directory.models import Service
from ledger.acting import acting, acting_as, as_person, by_link
from referrals import actions
from referrals.actions.links import hash_of
from referrals.models import AnswerLink, Referral, ReferralMessage
from residents.models import Agreement, Phone, Resident
from tests import make

Status = Referral.Status


@pytest.fixture
def harbour(ela):
    ela.organisation.email = "in@harbour.example"
    ela.organisation.save(update_fields=["email"])
    return ela.organisation


@pytest.fixture
def amina(system):
    return make.resident("Amina Okafor")


def refer(to, resident, **fields) -> Referral:
    now = timezone.now()
    return make.referral(
        to=to, resident=resident, **{"made_at": now, "sent_at": now, "answer_due_at": now + timedelta(days=7), **fields}
    )


def link_to(referral, **fields) -> str:
    secret = actions.make_answer_link(referral, notice="test", sent_to="in@harbour.example", at=timezone.now())
    AnswerLink.objects.filter(secret_hash=hash_of(secret)).update(**fields) if fields else None
    return f"/answer/{secret}"


# --- those who refer ----------------------------------------------------------------------------------------------


def test_a_referral_from_the_first_word_to_the_partner(sign_in, ben, harbour, amina):
    service = Service.objects.create(organisation=harbour, name="Weekly bag", accepts_referrals=True)
    browser = sign_in(ben)
    form = browser.get(f"/referrals/new?resident={amina.reference}&service={service.reference}")
    assert form.context["form"].initial["taker"] == f"s:{service.reference}"
    asked = {"taker": f"s:{service.reference}", "reason": "No food until Friday", "goal": "", "risks": ""}
    page = browser.post(f"/referrals/new?resident={amina.reference}", asked, follow=True)
    referral = Referral.objects.get()
    assert "Nothing: there is no agreement" in page.content.decode()
    refused = browser.post(f"/referrals/{referral.reference}/send")
    assert "Record an agreement first" in refused.content.decode()
    agreed = {"purpose": "Food", "shared": ["name", "need"], "basis": "agreed"}
    page = browser.post(f"/referrals/{referral.reference}/agreement", agreed, follow=True).content.decode()
    assert Agreement.objects.get().shared == "Name, what they need"
    assert "This is all they see" in page and "Send to Harbour Food Bank" in page
    browser.post(f"/referrals/{referral.reference}/send")
    referral.refresh_from_db()
    assert (referral.status, referral.shared_name) == (Status.SENT, "Amina Okafor")


def test_a_form_with_faults_keeps_what_was_typed(sign_in, ben, harbour, amina):
    words = "No food 🍞 " + "x" * 2000
    page = sign_in(ben).post(f"/referrals/new?resident={amina.reference}", {"taker": "", "reason": words})
    text = page.content.decode()
    assert "Select a service or an organisation" in text and "1,000 characters or fewer" in text
    assert "🍞" in text and not Referral.objects.exists()


@pytest.mark.parametrize("reason", ["a\x00b", "‮txet", "😀" * 1000])
def test_strange_words_are_refused_or_kept_whole(sign_in, ben, harbour, amina, reason):
    asked = {"taker": f"o:{harbour.reference}", "reason": reason}
    answer = sign_in(ben).post(f"/referrals/new?resident={amina.reference}", asked)
    assert answer.status_code == (200 if "\x00" in reason else 302)
    assert all(one.reason == reason for one in Referral.objects.all())


@pytest.mark.parametrize("query", ["resident=CS-2222-22C", "resident=nonsense", "case=x", "contact=x", "again=x"])
def test_nobody_is_referred_by_a_wrong_reference(sign_in, ben, query):
    assert sign_in(ben).get(f"/referrals/new?{query}").status_code == 404


def test_a_restricted_resident_looks_missing(sign_in, cath, harbour):
    rosa = make.restricted_resident()
    referral = refer(harbour, rosa)
    assert sign_in(cath).get(f"/referrals/new?resident={rosa.reference}").status_code == 404
    assert sign_in(cath).get(f"/referrals/{referral.reference}").status_code == 404


def test_two_people_change_a_draft_and_nothing_typed_is_lost(sign_in, ben, harbour, amina):
    draft = actions.draft_referral(amina, organisation=harbour, service=None, reason="First", by=ben, at=timezone.now())
    actions.change_draft(draft, seen=1, organisation=harbour, service=None, reason="Theirs", by=ben)
    asked = {"taker": f"o:{harbour.reference}", "reason": "Mine", "version": "1"}
    page = sign_in(ben).post(f"/referrals/{draft.reference}/change", asked).content.decode()
    assert "Someone else changed this" in page and "Theirs" in page and "Mine" in page


def test_what_came_back_stands_first_and_leads_to_a_new_one(sign_in, ben, harbour, amina):
    back = refer(harbour, amina, made_by=ben, status=Status.DECLINED, answered_at=timezone.now(), decline_reason="risk")
    refer(harbour, amina, made_by=ben)
    browser = sign_in(ben)
    page = browser.get("/referrals").content.decode()
    assert page.index("Came back to you") < page.index("Waiting for an answer")
    done = browser.post(f"/referrals/{back.reference}/settle", {"how": "elsewhere", "text": ""})
    assert done["Location"] == f"/referrals/new?again={back.reference}"
    assert browser.get(done["Location"]).context["form"].initial["reason"] == back.reason
    assert "Came back to you" not in browser.get("/referrals").content.decode()


def test_the_list_costs_the_same_with_one_and_with_thirty_and_pages_hold_25(sign_in, ben, harbour, amina):
    refer(harbour, amina, made_by=ben)
    browser = sign_in(ben)
    browser.get("/referrals")
    with CaptureQueriesContext(connection) as one:
        browser.get("/referrals")
    for _ in range(29):
        refer(harbour, make.resident(), made_by=ben)
    with CaptureQueriesContext(connection) as many:
        browser.get("/referrals")
    assert len(one) == len(many)
    first = browser.get("/referrals?show=unanswered").context["sections"][0]["page"]
    second = browser.get(f"/referrals?show=unanswered&after={first.older}").context["sections"][0]["page"]
    assert len(first.rows) == 25 and len({row.referral.pk for row in first.rows + second.rows}) == 30


def test_taking_back_and_writing_need_words(sign_in, ben, harbour, amina):
    referral = refer(harbour, amina, made_by=ben)
    browser = sign_in(ben)
    assert "Enter why you take it back" in browser.post(f"/referrals/{referral.reference}/withdraw").content.decode()
    assert "Enter your message" in browser.post(f"/referrals/{referral.reference}/message").content.decode()
    browser.post(f"/referrals/{referral.reference}/message", {"text": "Ring twice"})
    assert ReferralMessage.objects.get().from_partner is False
    browser.post(f"/referrals/{referral.reference}/withdraw", {"reason": "Moved away"})
    referral.refresh_from_db()
    assert referral.status == Status.WITHDRAWN


# --- the partner --------------------------------------------------------------------------------------------------

SECRETS = {"preferred_name": "SECRETNICK", "language": "SECRETTONGUE", "communication_needs": "SECRETNEED"}


def test_a_partner_sees_what_was_shared_and_nothing_else(sign_in, ela, ben, harbour):
    person = make.resident("Amina SECRETNAME", **SECRETS)
    case = make.case(lead=ben, household=make.household(person))
    referral = refer(
        harbour, person, case=case, made_by=ben, reason="SECRETREASON", shared_name="Amina O.", shared_need="Food"
    )
    agreement = referral.agreement
    agreement.purpose = "SECRETPURPOSE"
    agreement.save(update_fields=["purpose"])
    browser = sign_in(ela)
    for address in ("/inbox", f"/inbox/{referral.reference}", "/inbox/referrals.csv"):
        page = browser.get(address).content.decode()
        assert "SECRET" not in page and person.reference not in page and case.reference not in page
        assert "Amina O." in page


def test_only_their_own_organisations(sign_in, ela, harbour, amina):
    theirs = refer(make.organisation("Another"), amina, shared_name="Somebody else")
    draft = refer(harbour, amina, status=Status.DRAFT, sent_at=None, shared_name="Not yet")
    browser = sign_in(ela)
    assert "Somebody else" not in browser.get("/inbox").content.decode()
    for referral in (theirs, draft):
        assert browser.get(f"/inbox/{referral.reference}").status_code == 404
        assert browser.post(f"/inbox/{referral.reference}/answer", {"answer": "accept"}).status_code == 404
        assert referral.reference not in browser.get("/inbox/referrals.csv").content.decode()


def test_the_database_alone_keeps_partners_apart(ela, harbour, amina):
    mine = refer(harbour, amina)
    theirs = refer(make.organisation("Another"), amina)
    draft = refer(harbour, amina, status=Status.DRAFT, sent_at=None)
    with acting_as(ela):
        assert set(Referral.objects.values_list("pk", flat=True)) == {mine.pk}
        assert Referral.objects.filter(pk__in=[theirs.pk, draft.pk]).update(goal="x") == 0
        assert not Resident.objects.exists() and not Agreement.objects.exists() and not AnswerLink.objects.exists()


@pytest.mark.parametrize(
    ("posted", "status"),
    [
        ({"answer": "accept"}, Status.ACCEPTED),
        ({"answer": "wait", "until_0": "1", "until_1": "6", "until_2": "2027"}, Status.WAITING),
        ({"answer": "decline", "reason": "capacity", "alternative": "Lantern House"}, Status.DECLINED),
    ],
)
def test_a_partner_answers_with_one_form(sign_in, ela, harbour, amina, posted, status):
    referral = refer(harbour, amina)
    answer = sign_in(ela).post(f"/inbox/{referral.reference}/answer", posted)
    assert answer.status_code == 302
    referral.refresh_from_db()
    assert referral.status == status


@pytest.mark.parametrize(
    ("posted", "said"),
    [
        ({}, "Select your answer"),
        ({"answer": "wait"}, "Enter the day by which"),
        ({"answer": "wait", "until_0": "31", "until_1": "2", "until_2": "2027"}, "must be a real date"),
        ({"answer": "decline"}, "Select why you cannot"),
        ({"answer": "decline", "reason": "capacity", "text": "w" * 600}, "500 characters or fewer"),
    ],
)
def test_an_answer_with_faults_is_told_in_words(sign_in, ela, harbour, amina, posted, said):
    referral = refer(harbour, amina)
    page = sign_in(ela).post(f"/inbox/{referral.reference}/answer", posted)
    assert said in page.content.decode()
    referral.refresh_from_db()
    assert referral.status == Status.SENT


def test_an_answer_to_one_that_was_taken_back_is_told(sign_in, ela, harbour, amina):
    referral = refer(harbour, amina, status=Status.WITHDRAWN)
    page = sign_in(ela).post(f"/inbox/{referral.reference}/answer", {"answer": "accept"})
    assert "is now withdrawn by us" in page.content.decode()


def test_reading_changes_nothing_but_the_trail(sign_in, ela, ben, harbour, amina):
    referral = refer(harbour, amina, made_by=ben)
    before = Referral.objects.values().get()
    sign_in(ela).get(f"/inbox/{referral.reference}")
    assert Referral.objects.values().get() == before
    page = sign_in(ben).get(f"/referrals/{referral.reference}").content.decode()
    assert "has opened it once." in page


def test_from_arrival_to_outcome(sign_in, ela, harbour, amina):
    referral = refer(harbour, amina)
    browser, at = sign_in(ela), f"/inbox/{referral.reference}"
    browser.post(f"{at}/receive")
    browser.post(f"{at}/answer", {"answer": "accept"})
    browser.post(f"{at}/start")
    browser.post(f"{at}/message", {"text": "We met"})
    assert "Select what came of it" in browser.post(f"{at}/complete", {}).content.decode()
    browser.post(f"{at}/complete", {"outcome": "met", "text": "Fed"})
    referral.refresh_from_db()
    assert (referral.status, referral.outcome) == (Status.COMPLETED, "met")
    assert "Need met".lower() in browser.get(f"{at}").content.decode()


def test_after_an_answer_the_inbox_is_the_one_that_somebody_came_from(sign_in, ela, ben):
    referral = make.referral(make.case(lead=ben), to=ela.organisation)
    at, browser = f"/inbox/{referral.reference}", sign_in(ela)
    came = {"HTTP_REFERER": f"http://testserver{at}?show=going&after=x"}
    answer = browser.post(f"{at}/answer", {"answer": "accept"}, **came)
    assert answer["Location"] == f"{at}?show=going"
    assert '<a href="/inbox?show=going" class="govuk-back-link">' in browser.get(answer["Location"]).content.decode()
    elsewhere = {"HTTP_REFERER": f"http://elsewhere.example{at}?show=going"}
    assert browser.post(f"{at}/start", **elsewhere)["Location"] == at


def test_the_inbox_pages_by_25_at_the_same_cost_the_most_pressing_first(sign_in, ela, harbour):
    now = timezone.now()
    browser = sign_in(ela)
    refer(harbour, make.resident(), answer_due_at=now + timedelta(days=40))
    browser.get("/inbox")
    with CaptureQueriesContext(connection) as one:
        browser.get("/inbox")
    for day in range(29):
        refer(harbour, make.resident(), answer_due_at=now + timedelta(days=day // 2 - 1))
    with CaptureQueriesContext(connection) as many:
        first = browser.get("/inbox")
    assert len(one) == len(many)
    second = browser.get(f"/inbox?after={first.context['page'].older}")
    dues = [row.referral.answer_due_at for page in (first, second) for row in page.context["page"].rows]
    assert len(dues) == 30 and dues == sorted(dues)
    assert "late" in first.content.decode()


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@x", "\t=1", " =1", "\r=1"])
def test_no_cell_of_the_file_runs_in_a_spreadsheet(sign_in, ela, harbour, amina, name, as_owner):
    refer(harbour, amina, shared_name=name)
    text = sign_in(ela).get("/inbox/referrals.csv").content.decode("utf-8-sig")
    assert f'"\'{name}"' in text
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SELECT person_id, about FROM ledger_auditevent WHERE verb = 'export'")
        assert cursor.fetchall() == [(ela.pk, [amina.reference])]


def test_taking_back_the_agreement_stops_what_was_not_yet_read(sign_in, client, ela, harbour, amina):
    referral = refer(harbour, amina, shared_contact="+447700900001: call")
    ReferralMessage.objects.create(referral=referral, at=timezone.now(), from_partner=False, text="She lives above")
    address = link_to(referral)
    Agreement.objects.update(withdrawn_at=timezone.now())
    assert client.get(address).status_code == 404
    browser = sign_in(ela)
    for page in ("/inbox", f"/inbox/{referral.reference}", "/inbox/referrals.csv"):
        text = browser.get(page).content.decode()
        assert "Amina" not in text and "+44" not in text and "family of four" not in text and "above" not in text
    referral.refresh_from_db()
    assert referral.shared_name == "Amina Okafor", "what was shared then is still known to us"


# --- the link -----------------------------------------------------------------------------------------------------


def test_a_link_needs_no_account_and_shows_the_contact_once_they_accept(client, harbour, amina):
    Phone.objects.create(resident=amina, number="+447700900001", since=make.TODAY, safe_to_call=True)
    referral = refer(harbour, amina, shared_contact="07700 900001: call")
    address = link_to(referral)
    page = client.get(address).content.decode()
    assert "Amina Okafor" in page and "07700 900001" not in page
    assert client.post(address, {"do": "answer", "answer": "accept", "who": "Jo"})["Location"] == "/answer/thanks"
    referral.refresh_from_db()
    assert referral.status == Status.ACCEPTED and ReferralMessage.objects.get().who == "Jo"
    assert "07700 900001: call" in client.get(address).content.decode()
    client.post(address, {"do": "start"})
    client.post(address, {"do": "complete", "outcome": "met"})
    referral.refresh_from_db()
    assert referral.status == Status.COMPLETED
    assert client.get(address).status_code == 404, "used"


def test_a_link_asks_who_answers(client, harbour, amina):
    page = client.post(link_to(refer(harbour, amina)), {"do": "answer", "answer": "accept"})
    assert "Enter your name" in page.content.decode()


def test_every_link_that_does_not_work_looks_the_same(client, harbour, amina, ben):
    hour = timedelta(hours=1)
    now = timezone.now()
    pages = [client.get("/answer/nonsense"), client.get("/answer/" + "A" * 43), client.get("/answer/" + "é" * 43)]
    for fields in ({"expires_at": now - hour}, {"revoked_at": now}, {"used_at": now}):
        referral = refer(harbour, amina)
        secret = actions.make_answer_link(referral, notice=str(fields), sent_to="a@b.example", at=now)
        AnswerLink.objects.filter(secret_hash=hash_of(secret)).update(**fields)
        pages += [client.get(f"/answer/{secret}"), client.post(f"/answer/{secret}", {"do": "start"})]
    gone = refer(harbour, amina)
    secret = actions.make_answer_link(gone, notice="gone", sent_to="a@b.example", at=now)
    actions.withdraw_referral(gone, reason="Moved", by=ben, at=now)
    pages.append(client.get(f"/answer/{secret}"))
    assert {page.status_code for page in pages} == {404}
    # That a form was sent is marked in the page; whether the link was ever one is not.
    assert len({page.content.replace(b" data-posted", b"") for page in pages}) == 1
    assert "This link no longer works" in pages[0].content.decode()


def test_a_link_opens_its_one_referral_in_the_database_too(harbour, amina):
    mine, other = refer(harbour, amina), refer(harbour, amina)
    ReferralMessage.objects.create(referral=other, at=timezone.now(), from_partner=True, text="x")
    with acting(by_link(mine.pk, harbour.pk)):
        assert set(Referral.objects.values_list("pk", flat=True)) == {mine.pk}
        assert not ReferralMessage.objects.exists() and not Resident.objects.exists()
        assert Referral.objects.filter(pk=other.pk).update(goal="x") == 0


def test_no_context_reaches_nothing(harbour, amina):
    refer(harbour, amina)
    with acting(None):
        assert not Referral.objects.exists()


def test_the_secret_is_kept_nowhere(client, harbour, amina, as_owner):
    address = link_to(refer(harbour, amina))
    client.get(address)
    assert 'name="once"' not in client.get(address).content.decode(), "it would keep the path"
    client.post(address, {"do": "answer", "answer": "accept", "who": "Jo"})
    secret = address.rpartition("/")[2]
    assert len(secret) == 43
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT count(*) FROM "{table}" t WHERE t::text LIKE %s', [f"%{secret}%"])
            assert cursor.fetchone() == (0,), table


def test_a_new_link_ends_the_one_before(harbour, amina, client):
    referral = refer(harbour, amina)
    first = actions.make_answer_link(referral, notice="one", sent_to="a@b.example", at=timezone.now())
    second = actions.make_answer_link(referral, notice="two", sent_to="a@b.example", at=timezone.now())
    assert (client.get(f"/answer/{first}").status_code, client.get(f"/answer/{second}").status_code) == (404, 200)


def test_guessing_is_slowed(client, db):
    answers = [client.get(f"/answer/{number:043}").status_code for number in range(33)]
    assert answers[0] == 404 and answers[-1] == 429


def test_a_forged_form_is_refused(harbour, amina):
    from django.test import Client

    browser = Client(enforce_csrf_checks=True)
    assert browser.post(link_to(refer(harbour, amina)), {"do": "answer", "answer": "accept"}).status_code == 403


# --- on the pages of lower rooms ----------------------------------------------------------------------------------


@pytest.mark.parametrize("tag", ["referrals_of_resident", "referrals_for_case"])
def test_the_tags_run_one_query(rf, ben, harbour, tag):
    from django.template import Context, Template

    case = make.case(lead=ben)
    person = case.members.get().resident
    for _ in range(3):
        make.referral(case, to=harbour)
    request = rf.get("/")
    request.user = ben
    thing = person if tag == "referrals_of_resident" else case
    template = Template("{% load referrals %}{% " + tag + " thing %}")
    with acting(as_person(ben)), CaptureQueriesContext(connection) as queries:
        text = template.render(Context({"request": request, "thing": thing}))
    assert len([one for one in queries if "referrals_referral" in one["sql"]]) == 1
    assert len(re.findall("Harbour Food Bank", text)) == 3
