"""Unknown is not safe: what every screen is told that wants to reach somebody."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from ledger.acting import acting_as
from referrals.actions import make_answer_link
from residents import actions
from residents.models import EmailAddress, Involvement, Phone, ResidentAddress, Warning
from residents.reach import Channel, Purpose, may_send, ways_to_reach, ways_to_reach_all
from tests import make
from triage.models import TriageItem

TODAY = make.TODAY
NUMBER = "+447700900123"


@pytest.fixture
def amina(finn):
    return make.resident()


def phone(person, **fields):
    return Phone.objects.create(resident=person, number=NUMBER, since=TODAY, **fields)


def warn(person, kind):
    later = timezone.localdate() + timedelta(days=30)
    return Warning.objects.create(
        resident=person, kind=kind, text="x", added_at=make.NOON, review_on=later, status="agreed"
    )


def test_what_nobody_has_marked_is_not_safe(amina, ben):
    phone(amina)
    EmailAddress.objects.create(resident=amina, address="a@example.org", since=TODAY)
    actions.move_to(amina, lines="1 High Street", by=ben)
    reach = ways_to_reach(amina)

    assert reach.ways == () and "Do not ring or write: ask a manager" in reach.words
    for channel in Channel.values:
        assert not may_send(amina, channel, Purpose.ANSWER).allowed
    Involvement.objects.create(resident=amina, kind="lead", user=ben, what="Leads", since=TODAY)
    assert "ask Ben Osei, who leads" in ways_to_reach(amina).words
    assert "Ask Ben Osei" in may_send(amina, Channel.CALL, Purpose.ANSWER).because


def test_a_way_is_safe_for_what_it_is_marked_for_and_while_it_is_theirs(amina, finn):
    number = phone(amina, safe_to_text=True, safe_to_leave_message=True, note="After 6pm")
    assert may_send(amina, Channel.TEXT, Purpose.AUTOMATIC).to == NUMBER
    assert not may_send(amina, Channel.CALL, Purpose.ANSWER).allowed
    (way,) = ways_to_reach(amina).ways
    assert (way.words, way.note) == ("07700 900123: text, leave a message", "After 6pm")
    actions.end_phone(number, by=finn)
    assert not may_send(amina, Channel.TEXT, Purpose.ANSWER).allowed


@pytest.mark.parametrize("kind", ["disclosure", "marac", "order"])
def test_nothing_leaves_by_itself_where_someone_near_is_a_danger(amina, kind):
    phone(amina, safe_to_call=True, safe_to_text=True)
    warn(amina, kind)

    assert (
        may_send(amina, Channel.TEXT, Purpose.ANSWER).allowed and "read the record first" in ways_to_reach(amina).mind
    )
    verdict = may_send(amina, Channel.TEXT, Purpose.AUTOMATIC)
    assert not verdict.allowed and "nothing is sent by itself" in verdict.because


def test_nothing_goes_to_the_dead_or_by_itself_to_the_restricted(amina, dev):
    phone(amina, safe_to_text=True)
    rosa = make.restricted_resident(named=[dev])
    phone(rosa, safe_to_text=True)
    with acting_as(dev):
        assert may_send(rosa, Channel.TEXT, Purpose.ANSWER).allowed
        assert not may_send(rosa, Channel.TEXT, Purpose.AUTOMATIC).allowed
    amina.died_on = TODAY
    assert not may_send(amina, Channel.TEXT, Purpose.ANSWER).allowed


def test_post_is_for_marked_addresses_and_partners_get_none(amina, finn):
    home = actions.move_to(amina, lines="1 High Street", postcode="RM10 7AB", safe_to_post=True, by=finn)
    assert may_send(amina, Channel.POST, Purpose.AUTOMATIC).to == "1 High Street, RM10 7AB"
    assert not ways_to_reach(amina, purpose=Purpose.SHARE).ways
    ResidentAddress.objects.filter(pk=home.pk).update(confidential=True)
    assert "1 High Street" not in ways_to_reach(amina).ways[0].words
    assert not may_send(amina, Channel.POST, Purpose.AUTOMATIC).allowed


def test_many_are_asked_for_in_two_questions(amina, finn, django_assert_num_queries):
    people = [amina, make.resident("Bola Ade")]
    for person in people:
        phone(person, safe_to_call=True)
    with django_assert_num_queries(2):
        found = ways_to_reach_all(people)
    assert {key: len(reach.ways) for key, reach in found.items()} == {one.pk: 1 for one in people}
    with django_assert_num_queries(2):
        assert ways_to_reach(amina) == found[amina.pk]


def test_promises_say_the_safe_way_or_not_to_ring(amina, finn, sign_in):
    soon = timezone.now() + timedelta(hours=4)
    make.contact(amina, next_step="Ring back", next_step_by=soon, logged_by=finn)
    unknown = make.contact(
        person_named="Caller",
        next_step="Ring back",
        next_step_by=soon,
        logged_by=finn,
        safe_contact="Her sister's phone",
    )
    page = sign_in(finn).get(reverse("intake:promised")).content.decode()
    assert "No safe way to reach them is recorded" in page and "Her sister" in page
    phone(amina, safe_to_call=True, note="Mornings only")
    page = sign_in(finn).get(reverse("intake:promised")).content.decode()
    assert "07700 900123: call" in page and "Mornings only" in page and "No safe way" not in page
    assert "Her sister" in sign_in(finn).get(reverse("intake:contact", args=[unknown.reference])).content.decode()


# --- every screen and file from which somebody is reached -----------------------------------------------------------


@pytest.fixture
def shared(amina, ben, ela):
    """Amina has a safe number and another that her partner answers; a referral was sent while both counted as safe."""
    phone(amina, safe_to_call=True, safe_to_text=True)
    other = Phone.objects.create(resident=amina, number="+447700900999", since=TODAY, safe_to_call=True)
    now = timezone.now()
    asked = {"made_by": ben, "made_at": now, "sent_at": now, "answer_due_at": now + timedelta(days=7)}
    words = "07700 900123: call, text\n07700 900999: call"
    referral = make.referral(to=ela.organisation, resident=amina, status="accepted", answered_at=now, shared_contact=words, **asked)  # fmt: skip
    make.contact(amina, next_step="Ring back", next_step_by=now + timedelta(hours=4), logged_by=ben)
    return referral, other


def screens(amina, referral, finn, ela, sign_in, client):
    """Whatever says how to reach her, by whom it is read."""
    contact = amina.contacts.get()
    now = timezone.now()
    TriageItem.objects.create(contact=contact, suggested_tier=2, urgency="green", rule_set_version="1", queued_at=now, due_at=now)  # fmt: skip
    link = make_answer_link(referral, notice="n", sent_to="in@partner.example", at=now)
    ours = [reverse("intake:promised"), *(reverse(page, args=[contact.reference]) for page in ("intake:contact", "triage:logged", "triage:item"))]  # fmt: skip
    theirs = [reverse("referrals:received", args=[referral.reference]), reverse("referrals:export")]
    pages = {path: sign_in(finn).get(path).content.decode() for path in ours}
    pages |= {path: sign_in(ela).get(path).content.decode() for path in theirs}
    return pages | {"link": client.get(reverse("referrals:answer", args=[link])).content.decode()}


def test_no_screen_gives_a_number_that_is_not_safe_now(shared, amina, finn, ela, sign_in, client):
    referral, other = shared
    Phone.objects.filter(pk=other.pk).update(safe_to_call=False)
    Phone.objects.exclude(pk=other.pk).update(safe_to_text=False)
    for path, page in screens(amina, referral, finn, ela, sign_in, client).items():
        assert "900999" not in page, path
        assert "07700 900123: call" in page and "call, text" not in page, path
    referral.refresh_from_db()
    assert "900999" in referral.shared_contact, "what was shared then is still known to us"


def test_no_screen_gives_any_number_once_none_is_safe(shared, amina, finn, ela, sign_in, client):
    referral, _ = shared
    Phone.objects.update(until=TODAY)
    for path, page in screens(amina, referral, finn, ela, sign_in, client).items():
        assert "07700" not in page, path
        assert "Do not ring or write" in page or "Ask the council before you try" in page, path


def test_a_danger_is_said_wherever_a_worker_would_ring(shared, amina, finn, ela, sign_in, client):
    referral, _ = shared
    warn(amina, "disclosure")
    pages = screens(amina, referral, finn, ela, sign_in, client)
    assert sum("read the record first" in page for page in pages.values()) == 4
